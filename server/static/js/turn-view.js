// One turn on the page: the question, and the card that its answer grows in.

import { answerPlain } from "./answer-export.js";
import { AnswerText } from "./answer-text.js";
import { button, fill, h } from "./dom.js";
import { Figures } from "./figures.js";
import { copyText } from "./live.js";
import { Matrix } from "./matrix.js";
import { allRecords, cityName, filterName, planName } from "./names.js";
import { failureNodes } from "./notices.js";
import { chip, citationList, evidenceList, labelChip } from "./sources.js";
import { currentLanguage, t } from "./texts.js";
import { citationOf, citationsInOrder } from "./turn.js";
import { coverageLine, exportMenu, extras, madeBy, progress } from "./turn-parts.js";
import { VerdictTable } from "./verdict-table.js";

const SLOTS = ["understood", "coverage", "progress", "note", "words", "verdicts", "table", "figures", "evidence", "sources", "extra", "failure", "foot"];
const FOLLOW_UPS = 3;
const MODES = ["auto", "lookup", "enumerate", "compare", "summarise", "count"];

/** Draws a turn; `update()` redraws only the parts that changed. */
export class TurnView {
  /** `actions`: open, ask, edit, retry, filter, choose; see main.js. */
  constructor(turn, actions) {
    this.turn = turn;
    this.actions = actions;
    this.keys = {};
    this.chips = [];
    this.slots = Object.fromEntries(SLOTS.map((name) => [name, h("div", { class: `slot slot-${name}` })]));
    this.text = new AnswerText((n) => this.chip(n));
    this.table = new VerdictTable({
      quoteOf: (verdict) => citationOf(turn, verdict.citations?.[0]),
      makeChip: (n) => this.chip(n),
    });
    this.slots.words.append(this.text.element);
    const titleId = `${turn.id}-question`;
    this.card = h("div", { class: "card" }, Object.values(this.slots));
    this.element = h("article", { class: "turn", id: turn.id, "aria-labelledby": titleId },
      h("h2", { class: "asked", id: titleId }, turn.question), this.card);
    this.update();
  }

  chip(n) {
    const element = chip(n, () => citationOf(this.turn, n), (citation, from) => this.open(citation, from));
    this.chips.push(element);
    return element;
  }

  /** How tables show citations. */
  marks() {
    return { find: (n) => citationOf(this.turn, n), makeChip: (n) => this.chip(n), open: (citation, from) => this.open(citation, from) };
  }

  open(citation, from) {
    const numbered = citation.n === undefined ? [citation] : citationsInOrder(this.turn);
    this.actions.open(citation, numbered, from);
  }

  /** Shows what the turn now holds. */
  update() {
    const { turn } = this;
    const { state, answer } = turn;
    const done = state !== "asking";
    this.card.setAttribute("aria-busy", String(!done));
    this.element.dataset.state = state;
    if (answer) this.element.dataset.status = answer.status;
    this.slot("understood", `${state}|${turn.understood?.question_resolved}`, () => this.understood());
    this.slot("coverage", state, () => (answer ? coverageLine(answer) : null));
    this.slot("progress", done ? state : `${turn.stage}|${turn.queue}|${turn.progress?.done}|${turn.progress?.total}`, () => (done ? null : progress(turn)));
    this.slot("note", state, () => (answer ? this.note(answer) : null));
    this.words();
    this.verdicts();
    this.slot("table", state, () => (answer?.table ? new Matrix(answer.table, this.marks()).element : null));
    this.slot("figures", state, () => (answer?.figures?.bars.length ? new Figures(answer.figures, this.marks()).element : null));
    this.slot("evidence", `${state}|${turn.evidence.length}`, () => this.evidence());
    this.slot("sources", state, () => (answer ? this.sources(answer) : null));
    this.slot("extra", state, () => (answer ? extras(answer) : null));
    this.slot("failure", state, () => this.failure());
    this.slot("foot", state, () => (done ? this.foot() : null));
  }

  slot(name, key, draw) {
    const full = `${key}|${currentLanguage()}`;
    if (this.keys[name] === full) return;
    this.keys[name] = full;
    fill(this.slots[name], draw());
  }

  words() {
    const { turn } = this;
    const claims = (turn.answer?.claims ?? []).filter((claim) => claim.support === "weak" || claim.support === "unsupported");
    const asksBack = turn.answer?.status === "ambiguous";
    const loose = this.text.update(turn.text, { claims, onChoice: asksBack ? (words) => this.actions.choose(words) : null });
    this.text.element.classList.toggle("writing", turn.state === "asking" && turn.text !== "");
    if (loose.length > 0 && this.keys.loose !== currentLanguage()) {
      this.keys.loose = currentLanguage();
      this.slots.words.querySelector(".loose-claims")?.remove();
      this.slots.words.append(h("div", { class: "loose-claims" }, h("h3", {}, t("looseClaims")), h("ul", {}, loose.map((claim) => h("li", {}, claim.text)))));
    }
    this.chips = this.chips.filter((element) => element.isConnected);
    for (const element of this.chips) {
      const citation = citationOf(turn, Number(element.dataset.n));
      labelChip(element, citation);
      element.classList.toggle("chip-pending", !citation);
    }
  }

  verdicts() {
    const { verdicts, citations, state } = this.turn;
    const busy = state === "asking" && this.slots.verdicts.contains(document.activeElement);
    if (busy) return;
    this.slot("verdicts", `${state}|${verdicts.length}|${citations.length}`, () => {
      if (verdicts.length === 0) return null;
      this.table.update(verdicts);
      return this.table.element;
    });
  }

  understood() {
    const { understood, question } = this.turn;
    if (!understood) return null;
    const asUnderstood = understood.question_resolved ?? question;
    const differs = asUnderstood.trim() !== question.trim();
    return [
      h("p", { class: "understood" }, h("span", { class: "label" }, t("understood")), this.filterChips(understood), this.modeChoice(understood)),
      differs ? h("p", { class: "understood-question" },
        h("span", { class: "label" }, t("understoodAs")), h("span", { class: "resolved" }, asUnderstood),
        button({ text: t("correct"), class: "text-button", onClick: () => this.actions.edit(asUnderstood) }),
        button({ text: t("askVerbatim"), class: "text-button", onClick: () => this.actions.ask(question, { verbatim: true }) })) : null,
    ];
  }

  filterChips({ filters_applied: applied, status }) {
    const { cities = [], years = [], plans = [], unknown_cities: noCities = [], unknown_years: noYears = [] } = applied ?? {};
    const unknown = [...noCities, ...noYears].map((name) => h("span", { class: "tag tag-unknown" }, t("unknownFilter", { name })));
    // The plans are named where nothing shorter says which they are.
    const named = cities.length + years.length === 0 && plans.length < allRecords().length;
    const chips = [
      ...cities.map((city) => ["cities", city]),
      ...years.map((year) => ["years", year]),
      ...(named ? plans.map((planId) => ["plans", planId]) : []),
    ];
    if (chips.length + unknown.length === 0) return status === "out_of_corpus" ? null : h("span", { class: "tag" }, t("scopeAll"));
    return [...unknown, ...chips.map(([kind, value]) => {
      const name = filterName(kind, value);
      return button({ text: name, label: t("applyFilter", { name }), class: "tag tag-button", onClick: () => this.actions.filter(kind, value) });
    })];
  }

  modeChoice(understood) {
    return h("select", {
      class: "tag mode-again",
      "aria-label": t("askInMode"),
      on: { change: (event) => this.actions.ask(this.turn.question, { mode: event.target.value }) },
    }, MODES.map((mode) => h("option", { value: mode, selected: mode === understood.mode }, t(`mode_${mode}`))));
  }

  note(answer) {
    const words = { partial: "partialNote", not_found: "notFoundNote", out_of_corpus: "outOfCorpusNote", ambiguous: "ambiguousNote" }[answer.status];
    if (!words) return null;
    return h("div", { class: `note note-${answer.status}` },
      h("p", { class: "note-title" }, t(`status_${answer.status}`)), h("p", {}, t(words)),
      answer.status === "out_of_corpus" ? h("p", { class: "note-plans" }, allRecords().map((record) => button({
        text: planName(record.plan_id), class: "tag tag-button", onClick: () => this.actions.filter("plans", record.plan_id),
      }))) : null);
  }

  evidence() {
    const { turn } = this;
    if (turn.state === "done" || turn.evidence.length === 0) return null;
    return evidenceList(turn.evidence, (hit, from) => this.open(hit, from));
  }

  sources(answer) {
    if (answer.citations.length === 0) return null;
    const list = citationList(citationsInOrder(this.turn), (citation, from) => this.open(citation, from));
    const folded = Boolean(answer.verdicts?.length || answer.table || answer.figures?.bars.length);
    return h("details", { class: "sources-fold", open: !folded },
      h("summary", {}, t("sourcesN", { n: answer.citations.length })), list);
  }

  failure() {
    const { state, error } = this.turn;
    if (state === "stopped") return h("p", { class: "stopped" }, t("stopped"));
    if (state === "reconnecting") return h("p", { class: "stopped", role: "alert" }, t("reconnecting"));
    if (state === "failed" || state === "lost") return failureNodes(error, () => this.actions.retry(this.turn));
    return null;
  }

  foot() {
    const { turn } = this;
    const { answer } = turn;
    const tools = h("div", { class: "tools", role: "group", "aria-label": t("answerActions") });
    const tool = (iconName, label, onClick) => tools.append(button({ iconName, label, class: "icon-button", onClick }));
    if (answer || turn.state === "stopped") tool("retry", t("askAgain"), () => this.actions.retry(turn));
    tool("pen", t("editQuestion"), () => this.actions.edit(turn.question));
    if (answer) {
      tool("copy", t("copy"), () => copyText(answerPlain(answer), t("copied"), t("copyFailed")));
      if (document.body.dataset.keeps === "yes") tool("link", t("share"), () => this.share(answer.id));
      tools.append(...exportMenu(answer));
    }
    return [h("div", { class: "foot" }, h("p", { class: "made-by" }, answer ? madeBy(answer) : ""), tools), answer ? this.followUps() : null];
  }

  /** The same question to other cities, where this answer speaks of one city. */
  followUps() {
    const cities = new Set(this.turn.citations.map((citation) => citation.city));
    if (cities.size !== 1 || this.turn.verdicts.length > 0) return null;
    const others = new Map(allRecords().filter((record) => record.city && !cities.has(record.city)).map((record) => [record.city, record.plan_id]));
    return h("ul", { class: "follow-ups", "aria-label": t("suggestions") }, [...others].slice(0, FOLLOW_UPS).map(([city, planId]) => {
      const words = t("suggestFollow", { city: cityName(planId, city) });
      return h("li", {}, button({ text: words, class: "tag tag-button", onClick: () => this.actions.ask(words) }));
    }));
  }

  share(id) {
    const { origin, pathname } = window.location;
    copyText(`${origin}${pathname}#/answers/${encodeURIComponent(id)}`, t("copied"), t("copyFailed"));
  }
}
