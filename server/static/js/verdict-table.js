// "Which plans": one row a plan, with a sign for each verdict, so that colour never stands alone.

import { button, fill, h } from "./dom.js";
import { inferredMark } from "./inferred.js";
import { planName } from "./names.js";
import { t } from "./texts.js";

/** Verdicts from the strongest to the weakest, with their signs. */
export const SIGNS = { yes: "●", partial: "◐", undecided: "？", no_evidence: "○" };
const ORDER = Object.keys(SIGNS);

const SORTS = {
  plan: (one, other) => one.plan_id.localeCompare(other.plan_id),
  verdict: (one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict),
  confidence: (one, other) => (other.confidence ?? 0) - (one.confidence ?? 0),
};

/** A sorted, filtered table of verdicts that may still be growing. */
export class VerdictTable {
  /** `quoteOf(verdict)` gives its first citation, `makeChip(n)` draws a mark. */
  constructor({ quoteOf, makeChip }) {
    this.quoteOf = quoteOf;
    this.makeChip = makeChip;
    this.sort = "verdict";
    this.shown = null;
    this.unfolded = false;
    this.verdicts = [];
    this.element = h("div", { class: "verdicts" });
  }

  /** Shows these verdicts. */
  update(verdicts) {
    this.verdicts = verdicts;
    this.draw();
  }

  draw() {
    const found = this.sorted().filter((verdict) => this.shown === null || verdict.verdict === this.shown);
    const folded = this.shown === null ? found.filter((verdict) => verdict.verdict === "no_evidence") : [];
    const open = found.filter((verdict) => !folded.includes(verdict));
    fill(this.element, this.filterRow(), h("table", { class: "row-table verdict-table", role: "table", "aria-label": t("verdicts") },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" },
        this.heading("verdict", "columnVerdict"), this.heading("plan", "columnPlan"),
        h("th", { scope: "col", role: "columnheader" }, t("columnQuote")), this.heading("confidence", "columnConfidence"))),
      h("tbody", { role: "rowgroup" }, open.map((verdict) => this.row(verdict))),
      folded.length > 0 ? this.foldedRows(folded) : null));
  }

  sorted() {
    return [...this.verdicts].sort((one, other) =>
      SORTS[this.sort](one, other) || SORTS.confidence(one, other) || SORTS.plan(one, other));
  }

  filterRow() {
    const counts = ORDER.map((verdict) => [verdict, this.verdicts.filter((each) => each.verdict === verdict).length]);
    const kinds = counts.filter(([, n]) => n > 0);
    return h("div", { class: "verdict-filter", role: "group", "aria-label": t("filterVerdicts") },
      kinds.map(([verdict, n]) => h("button", {
        type: "button",
        class: "verdict-count",
        dataset: { verdict },
        "aria-pressed": String(this.shown === verdict),
        on: { click: () => this.show(this.shown === verdict ? null : verdict) },
      }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[verdict]), ` ${t(`verdict_${verdict}`)} `, h("b", {}, n))));
  }

  show(verdict) {
    this.shown = verdict;
    this.redrawKeepingFocus(verdict === null ? ".verdict-count" : `.verdict-count[data-verdict="${verdict}"]`);
  }

  heading(key, words) {
    const active = this.sort === key;
    return h("th", { scope: "col", role: "columnheader", class: `column-${key}`, "aria-sort": active ? "descending" : null },
      button({
        text: t(words),
        label: t("sortBy", { column: t(words) }),
        class: "sort",
        "data-sort": key,
        onClick: () => {
          this.sort = key;
          this.redrawKeepingFocus(`[data-sort="${key}"]`);
        },
      }));
  }

  redrawKeepingFocus(selector) {
    this.draw();
    this.element.querySelector(selector)?.focus();
  }

  row(verdict) {
    const citation = this.quoteOf(verdict);
    const { verdict: name, confidence } = verdict;
    return h("tr", { role: "row", dataset: { verdict: name, plan: verdict.plan_id } },
      h("td", { role: "cell", class: "verdict-cell" },
        h("span", { class: `sign sign-${name}`, "aria-hidden": "true" }, SIGNS[name]), h("span", {}, t(`verdict_${name}`))),
      h("th", { scope: "row", role: "rowheader", class: "plan-cell" },
        h("a", { href: `#/plans/${encodeURIComponent(verdict.plan_id)}` }, planName(verdict.plan_id, verdict)), " ",
        inferredMark(verdict.plan_id, citation?.city_source)),
      h("td", { role: "cell", class: "quote-cell" }, citation
        ? [h("span", { class: "quote two-lines", lang: "zh-CN" }, citation.quote), (verdict.citations ?? []).map((n) => this.makeChip(n))]
        : h("span", { class: "nothing", "aria-hidden": "true" }, "—")),
      h("td", { role: "cell", class: "confidence-cell" },
        typeof confidence === "number" ? t("percent", { n: Math.round(confidence * 100) }) : ""));
  }

  foldedRows(folded) {
    const toggle = h("tr", { role: "row", class: "folded" }, h("td", { role: "cell", colspan: 4 }, button({
      text: `${SIGNS.no_evidence} ${t("folded", { n: folded.length })}`,
      class: "fold",
      "aria-expanded": String(this.unfolded),
      onClick: () => {
        this.unfolded = !this.unfolded;
        this.redrawKeepingFocus(".fold");
      },
    })));
    return h("tbody", { role: "rowgroup" }, toggle, this.unfolded ? folded.map((verdict) => this.row(verdict)) : null);
  }
}
