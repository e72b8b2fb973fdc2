// Line drawings of the interface, 24 units wide, drawn in the text's own colour.

const PATHS = {
  menu: ["M4 7h16", "M4 12h16", "M4 17h10"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  pen: ["M4 20h4L19 9l-4-4L4 16v4", "M13.5 6.5l4 4"],
  plans: ["M6 3.5h9l4 4V20.5H6z", "M9.5 11h6", "M9.5 15h6"],
  send: ["M12 19V5", "M6 11l6-6 6 6"],
  stop: ["M7 7h10v10H7z"],
  retry: ["M19 12a7 7 0 1 1-2.2-5.1", "M19 4v4h-4"],
  copy: ["M9 9h10v11H9z", "M5 15V4h10"],
  link: ["M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7", "M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17"],
  down: ["M12 4v11", "M7 11l5 5 5-5", "M5 20h14"],
  left: ["M14.5 5l-7 7 7 7"],
  right: ["M9.5 5l7 7-7 7"],
  outline: ["M5 6h2", "M10 6h9", "M5 12h2", "M10 12h9", "M5 18h2", "M10 18h9"],
  more: ["M6 12h.01", "M12 12h.01", "M18 12h.01"],
  search: ["M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13", "M15.5 15.5L20 20"],
  scope: ["M4 6h16", "M7 12h10", "M10 18h4"],
  print: ["M7 9V4h10v5", "M7 17H4V9h16v8h-3", "M7 14h10v6H7z"],
};

const SVG = "http://www.w3.org/2000/svg";

/** The drawing of that name, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  for (const data of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", data);
    svg.append(path);
  }
  return svg;
}
