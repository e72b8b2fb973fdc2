// The ask box: the question, how to ask it, and in which plans.

import { append, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { announce } from "./live.js";
import { chosenChips, drawKeepingFocus, scopeChoices, scopeFoot } from "./scope.js";
import { onLanguage, t } from "./texts.js";

const MODES = ["auto", "lookup", "enumerate", "compare", "summarise", "count"];
const TALLEST = 240;

/** The form at the page's foot; `scope` is which plans are asked, `actions`: ask(question, options), stop(). */
export class Composer {
  constructor(form, scope, actions) {
    this.form = form;
    this.scope = scope;
    this.actions = actions;
    this.busy = false;
    this.followUp = false;
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
    scope.onChange(() => this.drawScope());
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
    if (this.scope.isEmpty) {
      // Sent as it is, no plan at all would read as no restriction.
      this.toggleScope(true);
      announce(t("scopeNone"));
      return;
    }
    this.question.value = "";
    this.fit();
    this.toggleScope(false);
    this.actions.ask(question, this.options());
  }

  /** How the next question will be asked. */
  options() {
    return { mode: this.mode.value || "auto", filters: this.scope.sent(), generate: !this.quotes.checked };
  }

  /** Puts words into the box, ready to be changed. */
  write(words) {
    this.question.value = words;
    this.fit();
    this.question.focus();
    this.question.setSelectionRange(words.length, words.length);
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

  drawScope() {
    const { scope } = this;
    fill(this.scopeButton, icon("scope"), h("span", {}, scope.pairs.length === 0 ? t("scopeAll") : t("scopeMatching", { n: scope.matching().length })));
    fill(this.chosen, chosenChips(scope));
    if (!this.panel.hidden) drawKeepingFocus(this.panel, scopeChoices(scope, "scope"), scopeFoot(scope));
  }

  fit() {
    this.question.style.height = "auto";
    this.question.style.height = `${Math.min(this.question.scrollHeight, TALLEST)}px`;
  }
}
