// All plans, and search in their items.

import { button, fill, h } from "./dom.js";
import { inferredMark } from "./inferred.js";
import { allRecords, cityName } from "./names.js";
import { SearchBox } from "./search-box.js";
import { t } from "./texts.js";

/** The list of plans; `actions`: open(target, from), askAbout(planId). */
export class Browse {
  constructor(element, actions) {
    this.element = element;
    this.actions = actions;
    this.search = new SearchBox((hit, from) => actions.open(hit, from));
    this.head = h("div", { class: "browse-head" });
    this.plans = h("div", { class: "plans" });
    element.append(this.head, this.search.element, this.plans);
    element.addEventListener("sought", () => {
      this.plans.hidden = this.search.active;
    });
  }

  /** Draws the list again. */
  draw() {
    fill(this.head, h("h1", {}, t("allPlans")), h("p", {}, t("browseLead")));
    this.search.draw();
    const records = [...allRecords()].sort((one, other) => one.city.localeCompare(other.city, "zh") || (other.year ?? 0) - (one.year ?? 0));
    fill(this.plans, h("ul", { class: "plan-list" }, records.map((record) => this.row(record))));
  }

  row(record) {
    const { plan_id: planId, title, city, year, department, items, city_source: source } = record;
    const facts = [department, t("searchHits", { n: items }), source === "inferred" ? null : `${t("columnCitySource")}: ${t(`source_${source}`)}`];
    return h("li", { class: "plan-row" },
      h("p", { class: "plan-place" }, h("span", { class: "plan-city" }, cityName(planId, city)), h("span", { class: "plan-year" }, year ?? t("yearUnknown"))),
      h("div", { class: "plan-about" },
        h("button", { type: "button", class: "plan-open", lang: "zh-CN", on: { click: (event) => this.actions.open({ plan_id: planId }, event.currentTarget) } }, title || planId),
        h("p", { class: "plan-facts" }, facts.filter(Boolean).map((fact) => h("span", {}, fact)), inferredMark(planId, source))),
      button({ text: t("askAbout"), class: "text-button plan-ask", onClick: () => this.actions.askAbout(planId) }));
  }
}
