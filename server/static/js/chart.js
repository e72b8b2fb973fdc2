// Bars drawn by Chartist, each of them a citation. Loaded only where there is a chart to draw.

import { quoteNodes, setCard } from "./quote-card.js";
import { t } from "./texts.js";

const BAR_PX = 38;
const LABEL_SHARE = 0.34;
const LABEL_MOST_PX = 190;
const ROOM_FOR_VALUE = 1.22;

let loaded = null;

function library() {
  loaded ??= import("../vendor/chartist-1.5.0.js").then(() => {
    const { Chartist } = globalThis;
    obeyPolicy(Chartist.Svg.prototype);
    return Chartist;
  }, (error) => {
    loaded = null;
    throw error;
  });
  return loaded;
}

/** Chartist writes style attributes, which the security policy forbids; the same words through the style object are allowed. */
function obeyPolicy(prototype) {
  const { attr } = prototype;
  prototype.attr = function attrWithoutStyle(attributes, namespace) {
    if (typeof attributes === "string" || attributes.style === undefined) return attr.call(this, attributes, namespace);
    const { style, ...others } = attributes;
    this.getNode().style.cssText = style;
    return attr.call(this, others, namespace);
  };
}

/** How wide things are, from how wide the place is. */
function options(element, bars) {
  return {
    horizontalBars: true,
    low: 0,
    high: Math.max(...bars.map((bar) => bar.value)) * ROOM_FOR_VALUE || 1,
    height: `${bars.length * BAR_PX}px`,
    chartPadding: 0,
    axisX: { showLabel: false, showGrid: false, offset: 0 },
    axisY: { showGrid: false, offset: Math.min(element.clientWidth * LABEL_SHARE, LABEL_MOST_PX) },
  };
}

/** Draws the bars of `figures` into `element` and keeps them as wide as it is. */
export async function drawBars(element, figures, { title, find, open }) {
  const { BarChart } = await library();
  const { operation } = figures;
  // Chartist draws the first bar at the bottom.
  const bars = [...figures.bars].reverse();
  const values = bars.map((bar) => bar.value);
  const outstanding = operation === "most" || operation === "least" ? figures.bars[0].value : null;
  const data = { labels: bars.map((bar) => bar.label), series: [values] };
  const chart = new BarChart(element, data, options(element, bars));
  let targets = [];
  chart.on("draw", (drawn) => {
    if (drawn.type !== "bar") return;
    const bar = bars[drawn.index];
    if (bar.value === outstanding) drawn.element.addClass("outstanding");
    drawn.group.append(new drawn.element.constructor("text", { x: drawn.x2 + 8, y: drawn.y2, "dominant-baseline": "central" }, "bar-value").text(bar.shown));
    targets.unshift(target(drawn, bar, find, (citation) => open(citation, {
      // The bars are drawn anew when the reader takes some of their room; the focus comes back to the new one.
      get isConnected() { return element.isConnected; },
      focus() { element.querySelectorAll(".bar-target")[bars.length - 1 - drawn.index].focus(); },
    })));
  });
  chart.on("created", ({ svg }) => {
    svg.attr({ role: "group", "aria-label": title });
    // Last, so that they lie on top, and from top to bottom, as the focus should go.
    for (const each of targets) svg.append(each);
    targets = [];
  });
  let width = element.clientWidth;
  new ResizeObserver(() => {
    if (element.clientWidth === width || element.clientWidth === 0) return;
    width = element.clientWidth;
    const focused = [...element.querySelectorAll(".bar-target")].indexOf(document.activeElement);
    chart.update(data, options(element, bars));
    if (focused >= 0) element.querySelectorAll(".bar-target")[focused].focus();
  }).observe(element);
}

/** What is pointed at and focused: the whole row of a bar. */
function target(drawn, bar, find, open) {
  const wrapped = new drawn.element.constructor("rect", {
    x: drawn.x1,
    y: drawn.y1 - BAR_PX / 2 + 3,
    width: Math.max(drawn.chartRect.x2 - drawn.x1, 1),
    height: BAR_PX - 6,
    rx: 4,
    tabindex: 0,
    role: "button",
    "aria-label": t("barLabel", { label: bar.label, shown: bar.shown, n: bar.citation }),
  }, "bar-target");
  const node = wrapped.getNode();
  const show = () => {
    const citation = find(bar.citation);
    if (citation) open(citation);
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    show();
  });
  setCard(node, () => quoteNodes(find(bar.citation)));
  return wrapped;
}
