// A plan's text as elements: items, headings, gaps, and the quoted words marked.

import { CodePointText } from "./code-points.js";
import { h } from "./dom.js";
import { gapReason, gapWords } from "./names.js";

/** The id of the element that shows an item. */
export function itemElementId(itemId) {
  return `item-${itemId}`;
}

/** The words between two offsets as paragraphs, those in `marked` ranges as `<mark>`. */
export function paragraphs(text, start, end, marked) {
  const nodes = [];
  let from = start;
  for (const line of text.slice(start, end).split("\n")) {
    const to = from + Array.from(line).length;
    if (line.trim() !== "") nodes.push(h("p", {}, markedWords(text, from, to, marked)));
    from = to + 1;
  }
  return nodes;
}

function markedWords(text, start, end, marked) {
  const nodes = [];
  let from = start;
  for (const range of marked) {
    const first = Math.max(range.start, from);
    const last = Math.min(range.end, end);
    if (last <= first) continue;
    nodes.push(text.slice(from, first), h("mark", { class: range.current ? "current" : null }, text.slice(first, last)));
    from = last;
  }
  nodes.push(text.slice(from, end));
  return nodes.filter((node) => node !== "");
}

/** Ranges in order that do not overlap; where two do, the current one keeps its words. */
export function disjoint(ranges) {
  const kept = [];
  for (const range of [...ranges].sort((one, other) => Number(other.current) - Number(one.current) || one.start - other.start)) {
    if (kept.every((other) => range.end <= other.start || range.start >= other.end)) kept.push(range);
  }
  return kept.sort((one, other) => one.start - other.start);
}

/**
 * The whole plan. `plan` is what `GET /v1/plans/{id}` gives; `marked` are ranges `{start, end, current}`.
 * Whatever the outline leaves out is shown too: nothing of the text is lost.
 */
export function planNodes(plan, marked) {
  const text = new CodePointText(plan.text);
  const ranges = disjoint(marked);
  const nodes = [];
  let from = 0;
  for (const part of parts(plan)) {
    if (part.start < from && part.kind !== "gap") continue;
    nodes.push(...paragraphs(text, from, Math.max(part.start, from), ranges));
    nodes.push(drawPart(part, text, ranges));
    from = Math.max(part.end, from);
  }
  nodes.push(...paragraphs(text, from, text.length, ranges));
  return nodes;
}

function parts(plan) {
  const gaps = (plan.gaps ?? []).flatMap((gap) => {
    const next = plan.outline.find((part) => part.kind === "item" && part.number === String(gap.last + 1));
    const at = gap.position ?? next?.start;
    return at === undefined ? [] : [{ kind: "gap", gap, start: at, end: at }];
  });
  return [...plan.outline, ...gaps].sort((one, other) => one.start - other.start || one.end - other.end);
}

function drawPart(part, text, ranges) {
  if (part.kind === "gap") return h("p", { class: "gap", lang: document.documentElement.lang }, gapWords(part.gap), gapReason(part.gap));
  if (part.kind === "section") {
    const level = Math.min(Math.max(part.level ?? 1, 1), 4) + 2;
    return h(`h${level}`, { class: "plan-heading", id: sectionElementId(part) }, text.slice(part.start, part.end).trim());
  }
  return h("section", { class: "plan-item", id: itemElementId(part.item_id), dataset: { item: part.item_id }, tabindex: "-1" },
    paragraphs(text, part.start, part.end, ranges));
}

/** The id of the element that shows a section's heading. */
export function sectionElementId(section) {
  return `section-${section.start}`;
}

/** Whether a citation's words stand where it says. */
export function quoteStands(plan, { quote, start, end }) {
  return typeof start === "number" && typeof end === "number" && new CodePointText(plan.text).slice(start, end) === quote;
}
