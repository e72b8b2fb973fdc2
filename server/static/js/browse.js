// All plans, and search in their items.

import { button, fill, h } from "./dom.js";
import { inferredMark } from "./inferred.js";
import { cityName } from "./names.js";
import { chosenChips, drawKeepingFocus, scopeChoices, scopeFoot } from "./scope.js";
import { SearchBox } from "./search-box.js";
import { t } from "./texts.js";

/** The list of plans within `scope`; `actions`: open(target, from), askAbout(planId). */
export class Browse {
  constructor(element, scope, actions) {
    this.element = element;
    this.scope = scope;
    this.actions = actions;
    this.search = new SearchBox(scope, (hit, from) => actions.open(hit, from));
    this.head = h("div", { class: "browse-head" });
    this.choices = h("div", { class: "browse-choices" });
    this.filters = h("details", { class: "browse-filters", on: { toggle: () => this.drawFilters() } }, h("summary", {}), this.choices);
    this.chosen = h("div", { class: "chosen" });
    this.plans = h("div", { class: "plans" });
    this.search.input.after(this.filters, this.chosen);
    element.append(this.head, this.search.element, this.plans);
    scope.onChange(() => {
      this.drawPlans();
      this.search.again();
    });
    element.addEventListener("sought", () => {
      this.plans.hidden = this.search.active;
    });
  }

  /** Draws the list again. */
  draw() {
    fill(this.head, h("h1", {}, t("allPlans")), h("p", {}, t("browseLead")));
    this.search.draw();
    this.drawPlans();
  }

  drawFilters() {
    fill(this.filters.firstChild, t("filterPlans"));
    if (this.filters.open) drawKeepingFocus(this.choices, scopeChoices(this.scope, "browse"));
  }

  drawPlans() {
    this.drawFilters();
    fill(this.chosen, chosenChips(this.scope), this.scope.pairs.length > 0 ? scopeFoot(this.scope) : null);
    const records = this.scope.matching().sort((one, other) => one.city.localeCompare(other.city, "zh") || (other.year ?? 0) - (one.year ?? 0));
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
