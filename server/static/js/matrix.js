// Plans, or the years of one city, side by side: a row for each aspect, a cell for each plan.

import { fill, h } from "./dom.js";
import { inferredMark } from "./inferred.js";
import { itemName, planName } from "./names.js";
import { t } from "./texts.js";

/** What became of an aspect from one year to the next, with its sign. */
export const CHANGES = { new: "＋", kept: "＝", gone: "－" };
const ROOMY = 2;

/** A table of quotes. A cell without any says so: nothing is left to guess. */
export class Matrix {
  /** `find(n)` gives a citation, `makeChip(n)` draws its mark. */
  constructor(table, { find, makeChip }) {
    this.table = table;
    this.find = find;
    this.makeChip = makeChip;
    this.shown = null;
    this.element = h("div", { class: "comparison" });
    this.draw();
  }

  /** Draws it, in the page's language. */
  draw() {
    const { plans, aspects, kind } = this.table;
    const rows = aspects.filter((aspect) => this.shown === null || changesOf(aspect).includes(this.shown));
    fill(this.element,
      kind === "years" ? this.filterRow() : null,
      h("div", { class: plans.length > ROOMY ? "matrix-frame roomy" : "matrix-frame", tabindex: "0", role: "region", "aria-label": t(`table_${kind}`) },
        h("table", { class: "matrix", role: "table", "aria-label": t(`table_${kind}`) },
          h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("th", { scope: "col", role: "columnheader" }, t("columnAspect")), plans.map((planId) => heading(planId)))),
          h("tbody", { role: "rowgroup" }, rows.map((aspect) => this.row(aspect))))));
  }

  filterRow() {
    const counts = Object.keys(CHANGES).map((change) => [change, this.table.aspects.filter((aspect) => changesOf(aspect).includes(change)).length]);
    return h("div", { class: "verdict-filter", role: "group", "aria-label": t("filterChanges") }, counts.filter(([, n]) => n > 0).map(([change, n]) => h("button", {
      type: "button",
      class: "verdict-count",
      dataset: { change },
      "aria-pressed": String(this.shown === change),
      on: { click: () => this.show(this.shown === change ? null : change) },
    }, changeMark(change), " ", h("b", {}, n))));
  }

  show(change) {
    this.shown = change;
    this.draw();
    this.element.querySelector(change === null ? ".verdict-count" : `.verdict-count[data-change="${change}"]`)?.focus();
  }

  row({ name, cells }) {
    return h("tr", { role: "row" },
      h("th", { scope: "row", role: "rowheader", class: "aspect-cell", lang: "zh-CN" }, name),
      cells.map((cell) => this.cell(cell)));
  }

  cell({ plan_id: planId, citations, change, unclear }) {
    const found = citations.map((n) => this.find(n)).filter(Boolean);
    return h("td", { role: "cell", dataset: { plan: planId, change } },
      h("p", { class: "cell-head" }, h("span", { class: "cell-plan" }, planName(planId)), change ? changeMark(change) : null),
      found.length === 0 ? h("p", { class: "cell-empty" }, h("span", { "aria-hidden": "true" }, unclear ? "– " : "○ "), t(unclear ? "cell_unclear" : "verdict_no_evidence")) : null,
      found.map((citation) => h("div", { class: "cell-quote" },
        h("blockquote", { class: "quote", lang: "zh-CN" }, citation.quote),
        h("p", { class: "cell-item" }, itemName(citation.item_id, citation.number), " ", this.makeChip(citation.n)))));
  }
}

function heading(planId) {
  return h("th", { scope: "col", role: "columnheader" }, h("a", { href: `#/plans/${encodeURIComponent(planId)}` }, planName(planId)), " ", inferredMark(planId));
}

function changesOf(aspect) {
  return aspect.cells.map((cell) => cell.change).filter(Boolean);
}

function changeMark(change) {
  return h("span", { class: `change change-${change}` }, h("span", { class: "sign", "aria-hidden": "true" }, CHANGES[change]), " ", t(`change_${change}`));
}
