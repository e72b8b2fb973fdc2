// The words of an answer: lines, citation marks as chips, claims that lack support marked.

import { h } from "./dom.js";
import { t } from "./texts.js";

const MARK = /\[(\d{1,4})\]/g;
const BULLET = /^\s*[-•*]\s+/;
const CHOICE = /^\s*(?:[-•*]|\d{1,3}[.、)])\s*/;

/** A line as pieces: `{text}` and `{n}` for each mark such as `[12]`. */
export function splitMarks(line) {
  const pieces = [];
  let from = 0;
  for (const match of line.matchAll(MARK)) {
    if (match.index > from) pieces.push({ text: line.slice(from, match.index) });
    pieces.push({ n: Number(match[1]) });
    from = match.index + match[0].length;
  }
  if (from < line.length) pieces.push({ text: line.slice(from) });
  return pieces;
}

/** A text without its marks. */
export function withoutMarks(text) {
  return text.replace(MARK, "").trim();
}

/** The doubtful claims and where they stand in a line that has no marks. */
function doubtfulRanges(plain, claims) {
  return claims.flatMap((claim) => {
    const words = withoutMarks(claim.text);
    const start = words === "" ? -1 : plain.indexOf(words);
    return start < 0 ? [] : [{ start, end: start + words.length, claim }];
  });
}

/** Cuts a text that starts at `offset` of its line where doubtful claims begin and end. */
function cutByRanges(text, offset, ranges) {
  const borders = new Set([0, text.length]);
  for (const { start, end } of ranges) {
    for (const border of [start - offset, end - offset]) {
      if (border > 0 && border < text.length) borders.add(border);
    }
  }
  const sorted = [...borders].sort((one, other) => one - other);
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index];
    const range = ranges.find((each) => each.start <= offset + start && each.end >= offset + end);
    return { text: text.slice(start, end), claim: range?.claim, last: range?.end === offset + end };
  });
}

/** Draws an answer's text and, while it grows, only its changed lines. */
export class AnswerText {
  /** `makeChip(n)` draws a mark; `onChoice(words)`, where given, makes list lines choices. */
  constructor(makeChip) {
    this.makeChip = makeChip;
    this.element = h("div", { class: "words" });
    this.lines = [];
  }

  /** Shows `text`; `claims` are those that lack support. Returns the claims that were not found in it. */
  update(text, { claims = [], onChoice = null } = {}) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    const key = `${claims.length}:${onChoice !== null}:${document.documentElement.lang}`;
    const placed = new Set();
    lines.forEach((line, index) => {
      const ranges = doubtfulRanges(line.replace(MARK, ""), claims);
      for (const { claim } of ranges) placed.add(claim);
      if (this.lines[index]?.line === line && this.lines[index].key === key) return;
      const element = this.draw(line, ranges, onChoice);
      if (this.lines[index]) this.lines[index].element.replaceWith(element);
      else this.element.append(element);
      this.lines[index] = { line, key, element };
    });
    for (const extra of this.lines.splice(lines.length)) extra.element.remove();
    return claims.filter((claim) => !placed.has(claim));
  }

  draw(line, ranges, onChoice) {
    const bullet = BULLET.exec(line);
    const choice = onChoice ? CHOICE.exec(line) : null;
    if (choice) {
      const words = withoutMarks(line.slice(choice[0].length));
      return h("p", { class: "choice-line" }, h("button", { type: "button", class: "choice", on: { click: () => onChoice(words) } }, words));
    }
    const paragraph = h("p", { class: bullet ? "bullet" : null });
    let offset = 0;
    for (const piece of splitMarks(line)) {
      if (piece.n !== undefined) {
        paragraph.append(this.makeChip(piece.n));
        continue;
      }
      const skipped = offset === 0 && bullet ? bullet[0].length : 0;
      for (const part of cutByRanges(piece.text.slice(skipped), offset + skipped, ranges)) paragraph.append(drawPart(part));
      offset += piece.text.length;
    }
    return paragraph;
  }
}

function drawPart({ text, claim, last }) {
  if (!claim) return document.createTextNode(text);
  const words = t(claim.support === "weak" ? "claimWeak" : "claimUnsupported");
  return h("span", { class: `claim claim-${claim.support}` }, text, last ? h("span", { class: "claim-note" }, words) : null);
}
