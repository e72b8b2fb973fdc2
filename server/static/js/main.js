// Puts the page together: which of its faces is shown, and which address stands for it.

import { getAnswer, getSession, isForeseen } from "./api.js";
import { Browse } from "./browse.js";
import { Composer } from "./composer.js";
import { Conversations } from "./conversations.js";
import { Dialogue } from "./dialogue.js";
import { icon } from "./icons.js";
import { toast } from "./live.js";
import { allRecords, loadNames, planIdOf } from "./names.js";
import { ReadinessNotice } from "./notices.js";
import { startCards } from "./quote-card.js";
import { Reader } from "./reader.js";
import { itemAddress, readAddress } from "./router.js";
import { Scope } from "./scope.js";
import { Sidebar } from "./sidebar.js";
import { Suggestions } from "./suggestions.js";
import { count, fillTexts, onLanguage, t } from "./texts.js";

const RETRY_MS = 1500;

class Page {
  constructor() {
    this.opening = 0;
    this.stage = document.getElementById("stage");
    this.scope = new Scope();
    this.notice = new ReadinessNotice(document.getElementById("notices"));
    this.conversations = new Conversations(document.body.dataset.keeps === "yes", {
      changed: () => this.sidebar.draw(),
      failed: () => toast(t("conversationFailed")),
    });
    this.reader = new Reader(document.getElementById("reader"), {
      onClose: () => this.leaveReader(),
      onShow: (itemId) => window.history.replaceState({ reader: true }, "", itemAddress(itemId)),
    });
    this.composer = new Composer(document.getElementById("composer"), this.scope, {
      ask: (question, options) => this.dialogue.ask(question, options),
      stop: () => this.dialogue.stop(),
    });
    this.dialogue = this.makeDialogue();
    this.suggestions = new Suggestions(document.getElementById("suggestions"), (question) => this.dialogue.ask(question, this.composer.options()));
    this.browse = new Browse(document.getElementById("browse"), this.scope, {
      open: (target, from) => this.openReader(target, [], from),
      askAbout: (planId) => {
        this.scope.toggle("plans", planId, true);
        this.go(this.dialogue.address);
        this.composer.question.focus();
      },
    });
    this.sidebar = new Sidebar(this.conversations, { fresh: () => this.fresh() });
    this.listen();
  }

  makeDialogue() {
    return new Dialogue(document.getElementById("turns"), {
      begin: (question) => this.conversations.begin(question),
      begun: () => this.readdress(),
      asked: () => {
        this.go(this.dialogue.address);
        this.arrange();
      },
      busy: (on) => this.composer.setBusy(on),
      reachable: () => this.notice.reachable(),
      finished: () => {
        this.sidebar.current = this.dialogue.sessionId;
        this.conversations.load();
      },
      options: () => this.composer.options(),
      open: (target, citations, from) => this.openReader(target, citations, from),
      edit: (words) => this.composer.write(words),
      filter: (kind, value) => {
        this.scope.toggle(kind, value);
        this.composer.question.focus();
      },
    });
  }

  listen() {
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
    this.conversations.load();
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
        if (!isForeseen(error)) throw error;
        await this.notice.reachable();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
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
    this.dialogue.redraw();
    this.reader.redraw();
  }

  /** Which of the three faces the main column shows. */
  arrange(face = "ask") {
    const empty = this.dialogue.isEmpty;
    document.getElementById("browse").hidden = face !== "plans";
    document.getElementById("conversation").hidden = face === "plans" || empty;
    document.getElementById("welcome").hidden = face === "plans" || !empty;
    document.getElementById("dock").hidden = face === "plans";
    document.getElementById("suggestions").hidden = !empty;
    document.getElementById("main").dataset.face = face === "ask" && empty ? "welcome" : face;
    const plansLink = document.getElementById("go-plans");
    if (face === "plans") plansLink.setAttribute("aria-current", "page");
    else plansLink.removeAttribute("aria-current");
    this.composer.setFollowUp(!empty);
    this.sidebar.draw(face === "plans" ? null : this.dialogue.sessionId);
  }

  // Addresses.

  go(hash) {
    if (window.location.hash !== hash) window.history.pushState(null, "", hash);
    this.route();
  }

  /** Puts the conversation's address where there was none yet; an open reader keeps its own. */
  readdress() {
    if (readAddress(window.location.hash).view === "ask") window.history.replaceState(null, "", this.dialogue.address);
  }

  route() {
    const { view, id } = readAddress(window.location.hash);
    this.opening += 1;
    this.sidebar.show(false);
    if (view === "item" || view === "plan") {
      this.showPlan(view === "item" ? { plan_id: planIdOf(id), item_id: id } : { plan_id: id });
      return;
    }
    this.reader.close();
    if (view === "answer") this.openAnswer(id);
    if (view === "conversation") this.openConversation(id);
    // A conversation has an address of its own: without one there is none yet.
    if (view === "ask" && this.dialogue.sessionId !== null) this.dialogue.reset();
    this.arrange(view === "plans" ? "plans" : "ask");
    if (view === "plans") this.stage.scrollTop = 0;
  }

  showPlan(target) {
    if (!target.item_id && !document.body.classList.contains("reading")) this.arrange(this.dialogue.isEmpty ? "plans" : "ask");
    if (!this.reader.isOpen || this.reader.target.item_id !== target.item_id || this.reader.planId !== target.plan_id) this.reader.open(target);
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
      window.history.replaceState(null, "", this.dialogue.isEmpty ? "#/plans" : this.dialogue.address);
      this.route();
    }
  }

  // What is kept.

  fresh() {
    this.dialogue.reset();
    this.go("#/");
    this.composer.question.focus();
  }

  async openAnswer(id) {
    if (this.dialogue.has(id)) return;
    const answer = await this.fetchKept(() => getAnswer(id), "answerGone");
    if (!answer) return;
    this.dialogue.reset(null, [answer]);
    this.arrange();
    toast(t("sharedAnswer"));
  }

  async openConversation(id) {
    if (this.dialogue.sessionId === id) return;
    const session = await this.fetchKept(() => getSession(id), "conversationGone");
    if (!session) return;
    this.dialogue.reset(id, session.answers);
    this.arrange();
    this.stage.scrollTop = 0;
  }

  /** What `get` brings, unless the reader has gone elsewhere meanwhile; says where it is not there. */
  async fetchKept(get, gone) {
    const { opening } = this;
    try {
      const found = await get();
      return opening === this.opening ? found : null;
    } catch (error) {
      if (!isForeseen(error)) throw error;
      if (opening !== this.opening) return null;
      toast(t(error.status === 404 ? gone : "state_offline"));
      this.dialogue.reset();
      this.go("#/");
      return null;
    }
  }
}

new Page().start();
