// Which plans are asked, searched and listed: one choice for the whole page.

import { button, fill, h } from "./dom.js";
import { allRecords, filterName } from "./names.js";
import { t } from "./texts.js";

const KINDS = { cities: "city", years: "year", departments: "department", plans: "plan_id" };
const NAMES = { cities: "scopeCity", years: "scopeYear", departments: "scopeDepartment" };

/** What is chosen of each kind; nothing chosen means no restriction. */
export class Scope {
  constructor() {
    this.chosen = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, []]));
    this.listeners = [];
  }

  /** Calls `listener` after each change. */
  onChange(listener) {
    this.listeners.push(listener);
  }

  /** Chooses or drops a value. */
  toggle(kind, value, on = !this.chosen[kind].includes(value)) {
    const others = this.chosen[kind].filter((each) => each !== value);
    this.chosen[kind] = on ? [...others, value] : others;
    for (const listener of this.listeners) listener();
  }

  /** Drops everything. */
  clear() {
    for (const kind of Object.keys(KINDS)) this.chosen[kind] = [];
    for (const listener of this.listeners) listener();
  }

  /** What is chosen, as pairs of kind and value. */
  get pairs() {
    return Object.entries(this.chosen).flatMap(([kind, values]) => values.map((value) => [kind, value]));
  }

  /** The plans that fit everything chosen. */
  matching() {
    return allRecords().filter((record) => Object.entries(KINDS).every(([kind, field]) => this.chosen[kind].length === 0 || this.chosen[kind].includes(record[field])));
  }

  /** Whether what is chosen leaves no plan at all. */
  get isEmpty() {
    return this.pairs.length > 0 && this.matching().length === 0;
  }

  /** As the server takes it: it knows cities, years and plans; a department is a choice of plans. */
  sent() {
    const { cities, years, departments, plans } = this.chosen;
    return { cities, years, plans: departments.length === 0 ? plans : this.matching().map((record) => record.plan_id) };
  }
}

/** What is chosen as chips; a click drops one. */
export function chosenChips(scope) {
  return scope.pairs.map(([kind, value]) => {
    const name = filterName(kind, value);
    return button({ text: name, iconName: "close", label: t("removeFilter", { name }), class: "tag chosen-filter", onClick: () => scope.toggle(kind, value, false) });
  });
}

/** All that can be chosen, in groups; `prefix` keeps the ids of two such panels apart. */
export function scopeChoices(scope, prefix) {
  return Object.keys(NAMES).map((kind) => choices(scope, kind, prefix));
}

function choices(scope, kind, prefix) {
  const values = [...new Set(allRecords().map((record) => record[KINDS[kind]]).filter((value) => value !== "" && value !== null && value !== undefined))];
  if (values.length === 0) return null;
  values.sort((one, other) => (kind === "years" ? other - one : String(one).localeCompare(String(other), "zh")));
  return h("fieldset", {}, h("legend", {}, t(NAMES[kind])), h("div", { class: "choices" }, values.map((value, index) => {
    const id = `${prefix}-${kind}-${index}`;
    return h("span", { class: "toggle-frame" },
      h("input", { type: "checkbox", id, checked: scope.chosen[kind].includes(value), on: { change: (event) => scope.toggle(kind, value, event.target.checked) } }),
      h("label", { class: "tag toggle", for: id }, filterName(kind, value)));
  })));
}

/** How many plans that leaves, and a way to drop it all. */
export function scopeFoot(scope) {
  const n = scope.matching().length;
  return h("p", { class: "scope-foot", role: "status" }, n === 0 ? t("scopeNone") : t("scopeMatching", { n }),
    scope.pairs.length > 0 ? button({ text: t("clearScope"), class: "text-button", onClick: () => scope.clear() }) : null);
}

/** Draws into `element` and leaves the focus where it was. */
export function drawKeepingFocus(element, ...nodes) {
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  fill(element, ...nodes);
  if (focused) document.getElementById(focused)?.focus();
}
