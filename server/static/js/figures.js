// Numbers side by side: a chart where they can be compared, and always a table of what was quoted.

import { fill, h } from "./dom.js";
import { inferredMark } from "./inferred.js";
import { planName } from "./names.js";
import { t } from "./texts.js";

const MOST_ADDENDS = 6;

/** Where one of them is sought, it comes first. */
const ORDERS = { most: (one, other) => other.value - one.value, least: (one, other) => one.value - other.value };

function inOrder({ operation, bars }) {
  return ORDERS[operation] ? [...bars].sort(ORDERS[operation]) : bars;
}

/** The numbers of an answer; `find(n)` gives a citation, `makeChip(n)` draws its mark, `open(citation, from)` shows it. */
export class Figures {
  constructor(figures, { find, makeChip, open }) {
    this.figures = { ...figures, bars: inOrder(figures) };
    this.find = find;
    this.makeChip = makeChip;
    this.open = open;
    this.chart = h("div", { class: "chart" });
    this.element = h("figure", { class: "figures" });
    this.draw();
  }

  /** Draws it, in the page's language. */
  draw() {
    const { operation, unit, comparable, bars } = this.figures;
    const drawn = comparable && bars.length > 1;
    const title = t(`figures_${operation}`);
    fill(this.element,
      h("figcaption", { class: "slot-title" }, title, unit ? ` · ${t("figuresUnit", { unit })}` : null),
      drawn ? this.chart : null,
      !comparable && bars.length > 1 ? h("p", { class: "figures-note" }, t("figuresDiffer")) : null,
      this.tableOf(bars, title),
      this.computed());
    if (drawn) this.drawChart(title);
  }

  tableOf(bars, title) {
    return h("table", { class: "row-table figures-table", "aria-label": title },
      h("thead", {}, h("tr", {}, ["columnPlan", "columnFigure", "columnQuote"].map((key) => h("th", { scope: "col" }, t(key))))),
      h("tbody", {}, bars.map((bar) => {
        const citation = this.find(bar.citation);
        return h("tr", {},
          h("th", { scope: "row" }, planName(bar.plan_id, citation), " ", inferredMark(bar.plan_id, citation?.city_source)),
          h("td", { class: "figure-cell" }, bar.shown),
          h("td", {}, h("div", { class: "figure-quote" }, citation ? h("span", { class: "quote two-lines", lang: "zh-CN" }, citation.quote) : null, this.makeChip(bar.citation))));
      })));
  }

  /** What was computed, with all that went into it. */
  computed() {
    const { operation, result, unit, bars } = this.figures;
    if (!result) return null;
    const whole = unit && !result.endsWith(unit) ? result + unit : result;
    const whose = ORDERS[operation] ? `${bars.filter((bar) => bar.value === bars[0].value).map((bar) => bar.label).join(t("listComma"))} ` : "";
    const addends = operation === "sum" && bars.length > 1 && bars.length <= MOST_ADDENDS ? `${bars.map((bar) => bar.shown).join(" + ")} = ` : "";
    return h("p", { class: "figures-result" }, h("span", { class: "label" }, t(`result_${operation}`)), whose, addends, h("strong", {}, whole));
  }

  async drawChart(title) {
    try {
      // The plotting library is only fetched where there is something to plot.
      const { drawBars } = await import("./chart.js");
      await drawBars(this.chart, this.figures, { title, find: this.find, open: this.open });
    } catch (error) {
      if (error.name !== "TypeError") throw error;
      // The script could not be fetched; the table below has it all.
      this.chart.remove();
    }
  }
}
