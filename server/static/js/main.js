// Puts the page together: what is asked, what is shown, and which address stands for it.

import { ApiError, ask, ConnectionLost, getAnswer } from "./api.js";
import { Browse } from "./browse.js";
import { Composer } from "./composer.js";
import { Conversations } from "./conversations.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { announce, toast } from "./live.js";
import { allRecords, loadNames, planIdOf } from "./names.js";
import { ReadinessNotice } from "./notices.js";
import { startCards } from "./quote-card.js";
import { Reader } from "./reader.js";
import { itemAddress, readAddress } from "./router.js";
import { Sidebar } from "./sidebar.js";
import { Suggestions } from "./suggestions.js";
import { count, fillTexts, onLanguage, t } from "./texts.js";
import { applyEvent, historyOf, newTurn, turnFromAnswer } from "./turn.js";
import { TurnView } from "./turn-view.js";

const NO_FILTERS = { cities: [], years: [], plans: [] };

class Page {
  constructor() {
    this.conversationId = crypto.randomUUID?.() ?? String(Date.now());
    this.views = [];
    this.running = null;
    this.drawing = 0;
    this.conversations = new Conversations();
    this.stage = document.getElementById("stage");
    this.notice = new ReadinessNotice(document.getElementById("notices"));
    this.reader = new Reader(document.getElementById("reader"), {
      onClose: () => this.leaveReader(),
      onShow: (itemId) => window.history.replaceState({ reader: true }, "", itemAddress(itemId)),
    });
    this.composer = new Composer(document.getElementById("composer"), {
      ask: (question, options) => this.ask(question, options),
      stop: () => this.running?.abort.abort(),
    });
    this.suggestions = new Suggestions(document.getElementById("suggestions"), (question) => this.ask(question));
    this.browse = new Browse(document.getElementById("browse"), {
      open: (target, from) => this.openReader(target, [], from),
      askAbout: (planId) => {
        this.composer.toggleFilter("plans", planId, true);
        this.go("#/");
        this.composer.question.focus();
      },
    });
    this.sidebar = new Sidebar(this.conversations, { open: (id) => this.openConversation(id), fresh: () => this.fresh() });
    onLanguage(() => this.redraw());
    window.addEventListener("popstate", () => this.route());
    window.addEventListener("online", () => this.notice.check());
    window.addEventListener("beforeprint", () => {
      for (const fold of document.querySelectorAll(".sources-fold")) fold.open = true;
    });
  }

  async start() {
    for (const element of document.querySelectorAll("[data-icon]")) element.prepend(icon(element.dataset.icon));
    fillTexts(document);
    startCards();
    this.arrange();
    this.notice.check();
    await this.loadPlans();
    this.route();
    this.suggestions.renew().catch(() => this.suggestions.draw());
  }

  async loadPlans() {
    for (;;) {
      try {
        await loadNames();
        this.redraw();
        return;
      } catch (error) {
        if (!(error instanceof ApiError || error instanceof ConnectionLost)) throw error;
        await this.notice.reachable();
        await new Promise((resolve) => setTimeout(resolve, 1500));
      }
    }
  }

  redraw() {
    const records = allRecords();
    const items = records.reduce((sum, record) => sum + record.items, 0);
    document.getElementById("plan-count").textContent = records.length > 0 ? count(records.length) : "";
    document.getElementById("welcome-line").textContent = records.length > 0 ? t("welcomeLine", { plans: count(records.length), items: count(items) }) : "";
    this.composer.draw();
    this.browse.draw();
    this.suggestions.draw();
    for (const view of this.views) view.update();
    this.reader.redraw();
  }

  /** Which of the three faces the main column shows. */
  arrange(face = "ask") {
    const empty = this.views.length === 0;
    document.getElementById("browse").hidden = face !== "plans";
    document.getElementById("conversation").hidden = face === "plans" || empty;
    document.getElementById("welcome").hidden = face === "plans" || !empty;
    document.getElementById("dock").hidden = face === "plans";
    document.getElementById("suggestions").hidden = !empty;
    document.getElementById("main").dataset.face = face === "ask" && empty ? "welcome" : face;
    document.getElementById("go-plans").toggleAttribute("aria-current", face === "plans");
    this.composer.setFollowUp(!empty);
  }

  // Addresses.

  go(hash) {
    if (window.location.hash !== hash) window.history.pushState(null, "", hash);
    this.route();
  }

  route() {
    const { view, id } = readAddress(window.location.hash);
    this.sidebar.show(false);
    if (view === "item" || view === "plan") {
      const target = view === "item" ? { plan_id: planIdOf(id), item_id: id } : { plan_id: id };
      if (view === "plan" && !document.body.classList.contains("reading")) this.arrange(this.views.length > 0 ? "ask" : "plans");
      if (!this.reader.isOpen || this.reader.target.item_id !== target.item_id || this.reader.planId !== target.plan_id) this.reader.open(target);
      return;
    }
    this.reader.close();
    if (view === "answer") this.openAnswer(id);
    this.arrange(view === "plans" ? "plans" : "ask");
    if (view === "plans") this.stage.scrollTop = 0;
  }

  openReader(target, citations, from) {
    const hash = target.item_id ? itemAddress(target.item_id) : `#/plans/${encodeURIComponent(target.plan_id)}`;
    if (this.reader.isOpen) window.history.replaceState({ reader: true }, "", hash);
    else window.history.pushState({ reader: true }, "", hash);
    this.reader.open(target, citations, from);
  }

  leaveReader() {
    // Opened from the page: one step back. Reached by an address: there is nothing to go back to.
    if (window.history.state?.reader) {
      this.reader.close();
      window.history.back();
    } else {
      window.history.replaceState(null, "", this.views.length > 0 ? "#/" : "#/plans");
      this.route();
    }
  }

  async openAnswer(id) {
    if (this.views.some((view) => view.turn.answer?.id === id)) return;
    try {
      const answer = await getAnswer(id);
      this.fresh();
      this.addTurn(turnFromAnswer(answer));
      this.arrange();
      toast(t("sharedAnswer"));
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof ConnectionLost)) throw error;
      toast(t(error.status === 404 ? "answerGone" : "state_offline"));
      this.go("#/");
    }
  }

  // Conversations.

  fresh() {
    this.running?.abort.abort();
    this.conversationId = crypto.randomUUID?.() ?? String(Date.now());
    this.views = [];
    fill(document.getElementById("turns"));
    this.sidebar.draw(null);
    this.go("#/");
    this.composer.question.focus();
  }

  openConversation(id) {
    const conversation = this.conversations.find(id);
    this.fresh();
    this.conversationId = id;
    for (const { question, mode, filters, generate, answer } of conversation.turns) {
      this.addTurn({ ...turnFromAnswer(answer), question, mode, filters, generate });
    }
    this.sidebar.draw(id);
    this.arrange();
    this.stage.scrollTop = 0;
  }

  addTurn(turn) {
    const view = new TurnView(turn, {
      open: (target, citations, from) => this.openReader(target, citations, from),
      ask: (question, options) => this.ask(question, { ...this.composer.options(), filters: turn.filters, generate: turn.generate, ...options }),
      edit: (words) => this.composer.write(words),
      retry: (failed) => this.retry(failed),
      filter: (kind, value) => {
        this.composer.toggleFilter(kind, value);
        this.composer.question.focus();
      },
      choose: (words) => this.ask(words),
    });
    for (const other of this.views) other.element.classList.remove("last");
    view.element.classList.add("last");
    this.views.push(view);
    document.getElementById("turns").append(view.element);
    return view;
  }

  /** Asks again; a turn that brought no answer makes room for it. */
  retry(turn) {
    if (this.running) return;
    if (turn.answer === null) {
      const view = this.views.find((each) => each.turn === turn);
      this.views = this.views.filter((each) => each !== view);
      view.element.remove();
    }
    this.ask(turn.question, turn);
  }

  // Asking.

  async ask(question, options = this.composer.options()) {
    if (this.running) return;
    const { mode = "auto", filters = NO_FILTERS, generate = true, verbatim = false } = options;
    const turn = newTurn({ question, mode, filters: { ...NO_FILTERS, ...filters }, generate });
    const history = verbatim ? [] : historyOf(this.views.map((view) => view.turn));
    this.go("#/");
    const view = this.addTurn(turn);
    this.arrange();
    view.element.scrollIntoView({ block: "start" });
    this.composer.setBusy(true);
    this.running = { abort: new AbortController() };
    announce(t("stage_read"));
    await this.receive(view, { question, history, session_id: null, mode, filters: turn.filters, language: "auto", generate });
    this.running = null;
    this.composer.setBusy(false);
    view.update();
    this.finished(turn);
  }

  /** Takes in the answer; a lost connection is waited for and the question asked once more. */
  async receive(view, body) {
    const { turn } = view;
    const { signal } = this.running.abort;
    for (let attempt = 0; ; attempt += 1) {
      try {
        for await (const { type, data } of ask(body, signal)) {
          if (type === "error") throw ApiError.from(data.error);
          applyEvent(turn, type, data);
          this.later(view);
        }
        return;
      } catch (error) {
        if (signal.aborted) {
          turn.state = "stopped";
          return;
        }
        turn.error = error;
        turn.state = error instanceof ConnectionLost ? "lost" : "failed";
        if (turn.state === "failed" || attempt > 0) return;
        turn.state = "reconnecting";
        view.update();
        await Promise.race([this.notice.reachable(), new Promise((resolve) => signal.addEventListener("abort", resolve))]);
        if (signal.aborted) {
          turn.state = "stopped";
          return;
        }
        Object.assign(turn, { state: "asking", stage: "read", progress: null, understood: null, evidence: [], verdicts: [], citations: [], text: "", error: null });
        view.update();
      }
    }
  }

  later(view) {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      view.update();
    });
  }

  finished(turn) {
    if (turn.answer === null) {
      announce(t({ stopped: "stopped", lost: "lost" }[turn.state] ?? "error"));
      return;
    }
    announce(`${t(`status_${turn.answer.status}`)}. ${turn.answer.answer}`);
    if (!this.conversations.keep(this.conversationId, this.views.map((view) => view.turn))) toast(t("storageFull"));
    this.sidebar.draw(this.conversationId);
  }
}

new Page().start();
