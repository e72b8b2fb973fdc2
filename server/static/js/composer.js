// The ask box: the question, how to ask it, and in which plans.

import { append, button, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { allRecords, filterName } from "./names.js";
import { onLanguage, t } from "./texts.js";

const MODES = ["auto", "lookup", "enumerate", "compare", "summarise", "count"];
const KINDS = { cities: "scopeCity", years: "scopeYear", departments: "scopeDepartment", plans: "scopePlan" };
const TALLEST = 240;

/** The form at the page's foot; `actions`: ask(question, options), stop(). */
export class Composer {
  constructor(form, actions) {
    this.form = form;
    this.actions = actions;
    this.busy = false;
    this.followUp = false;
    this.filters = { cities: [], years: [], departments: [], plans: [] };
    this.question = h("textarea", { id: "question", rows: 1, enterkeyhint: "send", autofocus: true });
    this.mode = h("select", { class: "tag mode", id: "mode" });
    this.quotes = h("input", { type: "checkbox", id: "quotes-only" });
    this.quotesLabel = h("label", { class: "tag toggle", for: "quotes-only" });
    this.scopeButton = h("button", { type: "button", class: "tag scope-button", "aria-expanded": "false", "aria-controls": "scope-panel", on: { click: () => this.toggleScope() } });
    this.panel = h("div", { class: "scope-panel", id: "scope-panel", hidden: true });
    this.chosen = h("div", { class: "chosen" });
    this.sendButton = h("button", { type: "submit", class: "send" });
    append(form, [this.panel, this.chosen, h("label", { class: "unseen", for: "question", dataset: { t: "questionLabel" } }), this.question,
      h("div", { class: "composer-row" }, h("div", { class: "composer-options" },
        h("label", { class: "unseen", for: "mode", dataset: { t: "modeLabel" } }), this.mode, this.scopeButton,
        h("span", { class: "toggle-frame" }, this.quotes, this.quotesLabel)), this.sendButton)]);
    this.listen();
    onLanguage(() => this.draw());
    this.draw();
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.question.addEventListener("input", () => this.fit());
    this.question.addEventListener("keydown", (event) => {
      // While an input method composes, Enter chooses characters; 229 is how Safari says so.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      if (!this.busy) this.submit();
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.panel.hidden) this.toggleScope(false);
    });
  }

  submit() {
    if (this.busy) {
      this.actions.stop();
      return;
    }
    const question = this.question.value.trim();
    if (question === "") {
      this.question.focus();
      return;
    }
    this.question.value = "";
    this.fit();
    this.toggleScope(false);
    this.actions.ask(question, this.options());
  }

  /** How the next question will be asked. */
  options() {
    return { mode: this.mode.value || "auto", filters: this.sentFilters(), generate: !this.quotes.checked };
  }

  /** Departments are a choice of plans; the server knows cities, years and plans. */
  sentFilters() {
    const { cities, years, departments, plans } = this.filters;
    if (departments.length === 0) return { cities, years, plans };
    const matching = allRecords().filter((record) => departments.includes(record.department) && (plans.length === 0 || plans.includes(record.plan_id)));
    return { cities, years, plans: matching.map((record) => record.plan_id) };
  }

  /** Puts words into the box, ready to be changed. */
  write(words) {
    this.question.value = words;
    this.fit();
    this.question.focus();
    this.question.setSelectionRange(words.length, words.length);
  }

  /** Chooses or drops a filter. */
  toggleFilter(kind, value, on = !this.filters[kind].includes(value)) {
    const others = this.filters[kind].filter((each) => each !== value);
    this.filters[kind] = on ? [...others, value] : others;
    this.drawScope();
  }

  /** Shows whether a question is being answered. */
  setBusy(busy) {
    this.busy = busy;
    this.drawSend();
  }

  /** Shows whether the next question follows others. */
  setFollowUp(followUp) {
    this.followUp = followUp;
    this.draw();
  }

  draw() {
    this.question.placeholder = t(this.followUp ? "followUpPlaceholder" : "questionPlaceholder");
    this.form.setAttribute("aria-label", t("questionLabel"));
    for (const label of this.form.querySelectorAll("label[data-t]")) label.textContent = t(label.dataset.t);
    const mode = this.mode.value || "auto";
    fill(this.mode, MODES.map((each) => h("option", { value: each, selected: each === mode }, t(`mode_${each}`))));
    fill(this.quotesLabel, t("quotesOnly"));
    this.quotesLabel.title = t("quotesOnlyHint");
    this.drawSend();
    this.drawScope();
    this.fit();
  }

  drawSend() {
    const words = t(this.busy ? "stop" : "send");
    fill(this.sendButton, icon(this.busy ? "stop" : "send"));
    this.sendButton.setAttribute("aria-label", words);
    this.sendButton.title = this.busy ? words : `${words} · ${t("enterHint")}`;
    this.sendButton.classList.toggle("stop", this.busy);
  }

  toggleScope(open = this.panel.hidden) {
    this.panel.hidden = !open;
    this.scopeButton.setAttribute("aria-expanded", String(open));
    if (open) this.drawScope();
  }

  matching() {
    const { cities, years, departments, plans } = this.filters;
    const allows = (chosen, value) => chosen.length === 0 || chosen.includes(value);
    return allRecords().filter((record) => allows(cities, record.city) && allows(years, record.year) && allows(departments, record.department) && allows(plans, record.plan_id));
  }

  drawScope() {
    const chosen = Object.entries(this.filters).flatMap(([kind, values]) => values.map((value) => [kind, value]));
    fill(this.scopeButton, icon("scope"), h("span", {}, chosen.length === 0 ? t("scopeAll") : t("scopeMatching", { n: this.matching().length })));
    fill(this.chosen, chosen.map(([kind, value]) => {
      const name = filterName(kind, value);
      return button({ text: name, iconName: "close", label: t("removeFilter", { name }), class: "tag chosen-filter", onClick: () => this.toggleFilter(kind, value, false) });
    }));
    if (this.panel.hidden) return;
    const focused = document.activeElement?.id;
    fill(this.panel, Object.keys(KINDS).filter((kind) => kind !== "plans").map((kind) => this.choices(kind)), this.panelFoot(chosen.length > 0));
    if (focused) document.getElementById(focused)?.focus();
  }

  choices(kind) {
    const read = { cities: "city", years: "year", departments: "department" }[kind];
    const values = [...new Set(allRecords().map((record) => record[read]).filter((value) => value !== "" && value !== null && value !== undefined))];
    if (values.length === 0) return null;
    values.sort((one, other) => (kind === "years" ? other - one : String(one).localeCompare(String(other), "zh")));
    return h("fieldset", {}, h("legend", {}, t(KINDS[kind])), h("div", { class: "choices" }, values.map((value, index) => {
      const id = `scope-${kind}-${index}`;
      return h("span", { class: "toggle-frame" },
        h("input", { type: "checkbox", id, checked: this.filters[kind].includes(value), on: { change: (event) => this.toggleFilter(kind, value, event.target.checked) } }),
        h("label", { class: "tag toggle", for: id }, filterName(kind, value)));
    })));
  }

  panelFoot(any) {
    const n = this.matching().length;
    return h("p", { class: "scope-foot" }, n === 0 ? t("scopeNone") : t("scopeMatching", { n }),
      any ? button({ text: t("clearScope"), class: "text-button", onClick: () => {
        for (const kind of Object.keys(this.filters)) this.filters[kind] = [];
        this.drawScope();
      } }) : null);
  }

  fit() {
    this.question.style.height = "auto";
    this.question.style.height = `${Math.min(this.question.scrollHeight, TALLEST)}px`;
  }
}
