// Lists of quotes: the first evidence while an answer is made, its citations once it is there.

import { h } from "./dom.js";
import { inferredMark } from "./inferred.js";
import { itemName, planIdOf, planName } from "./names.js";
import { quoteNodes, setCard } from "./quote-card.js";
import { t } from "./texts.js";

const EVIDENCE_SHOWN = 4;

/** A chip for mark `n`; `find()` gives its citation once known, `open(citation)` shows it in the reader. */
export function chip(n, find, open) {
  const element = h("button", {
    type: "button",
    class: "chip",
    dataset: { n },
    on: {
      click: () => {
        const citation = find();
        if (citation) open(citation, element);
      },
    },
  }, n);
  labelChip(element, find());
  return setCard(element, () => quoteNodes(find()));
}

/** Gives a chip its words for screen readers. */
export function labelChip(element, citation) {
  const n = element.dataset.n;
  const words = citation
    ? t("citationChip", { n, plan: planName(citation.plan_id, citation), item: itemName(citation.item_id, citation.number) })
    : t("citationChip", { n, plan: "", item: "" });
  element.setAttribute("aria-label", words.trim());
}

/** The citations of an answer, numbered as its marks are. */
export function citationList(citations, open) {
  return h("ol", { class: "sources" }, citations.map((citation) => {
    const show = (event) => open(citation, event.currentTarget);
    return h("li", { class: "source", dataset: { n: citation.n } },
      h("div", { class: "source-head" },
        h("span", { class: "source-n", "aria-hidden": "true" }, citation.n),
        h("button", { type: "button", class: "source-name", on: { click: show } },
          h("span", { class: "source-place" }, planName(citation.plan_id, citation)),
          h("span", { class: "source-item" }, itemName(citation.item_id, citation.number))),
        inferredMark(citation.plan_id, citation.city_source),
        citation.title ? h("span", { class: "source-title", lang: "zh-CN" }, citation.title) : null),
      h("blockquote", { class: "quote", lang: "zh-CN", on: { click: show } }, citation.quote));
  }));
}

/** The first evidence, before there are words; the rest is folded. */
export function evidenceList(hits, open) {
  const rows = hits.map((hit) => {
    const planId = hit.plan_id ?? planIdOf(hit.item_id);
    const target = { plan_id: planId, item_id: hit.item_id, quote: hit.quote, start: hit.start, end: hit.end };
    return h("li", { class: "source" },
      h("div", { class: "source-head" },
        h("button", { type: "button", class: "source-name", on: { click: (event) => open(target, event.currentTarget) } },
          h("span", { class: "source-place" }, planName(planId, hit)),
          h("span", { class: "source-item" }, itemName(hit.item_id, hit.number))),
        inferredMark(planId)),
      h("blockquote", { class: "quote", lang: "zh-CN" }, hit.quote));
  });
  const rest = rows.slice(EVIDENCE_SHOWN);
  return [
    h("h3", { class: "slot-title" }, t("evidenceFound", { n: hits.length })),
    h("ul", { class: "sources" }, rows.slice(0, EVIDENCE_SHOWN)),
    rest.length > 0
      ? h("details", {}, h("summary", {}, t("evidenceMore", { n: rest.length })), h("ul", { class: "sources" }, rest))
      : null,
  ];
}
