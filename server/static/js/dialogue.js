// The open conversation: its turns on the page, and the question that is being answered.

import { ApiError, ask, ConnectionLost } from "./api.js";
import { fill } from "./dom.js";
import { announce } from "./live.js";
import { conversationAddress } from "./router.js";
import { t } from "./texts.js";
import { applyEvent, historyOf, newTurn, restart, turnFromAnswer } from "./turn.js";
import { TurnView } from "./turn-view.js";

const NO_FILTERS = { cities: [], years: [], plans: [] };

/** Asks, and shows what comes back. */
export class Dialogue {
  /**
   * `actions`: begin(question) gives the id of a new conversation or null; begun() once there is one;
   * asked() when a question was put; busy(on); reachable() resolves once the server answers;
   * finished(); open, edit, filter as in TurnView; options() is how the next question is asked.
   */
  constructor(element, actions) {
    this.element = element;
    this.actions = actions;
    this.sessionId = null;
    this.views = [];
    this.running = null;
    this.drawing = 0;
  }

  /** Whether nothing was asked yet. */
  get isEmpty() {
    return this.views.length === 0;
  }

  /** The address under which this conversation is found again. */
  get address() {
    return this.sessionId === null ? "#/" : conversationAddress(this.sessionId);
  }

  /** Begins anew, with these answers of a kept conversation or with none. */
  reset(sessionId = null, answers = []) {
    if (this.running) {
      this.stop();
      this.running = null;
      this.actions.busy(false);
    }
    this.sessionId = sessionId;
    this.views = [];
    fill(this.element);
    for (const answer of answers) this.addTurn(turnFromAnswer(answer));
  }

  /** Shows whether an answer is here already. */
  has(answerId) {
    return this.views.some((view) => view.turn.answer?.id === answerId);
  }

  /** Stops the answer that is being made. */
  stop() {
    this.running?.abort();
  }

  /** Draws all turns again, in another language. */
  redraw() {
    for (const view of this.views) view.update();
  }

  addTurn(turn) {
    const { options, open, edit, filter } = this.actions;
    const view = new TurnView(turn, {
      open,
      edit,
      filter,
      ask: (question, more) => this.ask(question, { ...options(), filters: turn.filters, generate: turn.generate, ...more }),
      retry: (failed) => this.retry(failed),
      choose: (words) => this.ask(words, options()),
    });
    for (const other of this.views) other.element.classList.remove("last");
    view.element.classList.add("last");
    this.views.push(view);
    this.element.append(view.element);
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

  /** Asks; `verbatim` leaves out what was said before. */
  async ask(question, { mode = "auto", filters = NO_FILTERS, generate = true, verbatim = false }) {
    if (this.running) return;
    const running = new AbortController();
    this.running = running;
    const turn = newTurn({ question, mode, filters: { ...NO_FILTERS, ...filters }, generate });
    const history = verbatim ? [] : historyOf(this.views.map((view) => view.turn));
    const view = this.addTurn(turn);
    this.actions.asked();
    view.element.scrollIntoView({ block: "start" });
    this.actions.busy(true);
    announce(t("stage_read"));
    await this.begin(question, running.signal);
    if (!running.signal.aborted) {
      await this.receive(view, { question, history, session_id: this.sessionId, mode, filters: turn.filters, language: "auto", generate }, running.signal);
    }
    this.end(view, running);
  }

  async begin(question, signal) {
    if (this.sessionId !== null) return;
    const id = await this.actions.begin(question);
    if (signal.aborted || id === null) return;
    this.sessionId = id;
    this.actions.begun();
  }

  end(view, running) {
    const { turn } = view;
    if (running.signal.aborted) turn.state = "stopped";
    if (this.running !== running) return;
    // The conversation was deleted elsewhere: what is asked next begins another.
    if (turn.error?.code === "not_found") this.sessionId = null;
    this.running = null;
    this.actions.busy(false);
    view.update();
    if (turn.answer === null) announce(t({ stopped: "stopped", lost: "lost" }[turn.state] ?? "error"));
    else announce(`${t(`status_${turn.answer.status}`)}. ${turn.answer.answer}`);
    this.actions.finished();
  }

  /** Takes in the answer; a lost connection is waited for and the question asked once more. */
  async receive(view, body, signal) {
    const { turn } = view;
    for (let attempt = 0; ; attempt += 1) {
      try {
        for await (const { type, data } of ask(body, signal)) {
          if (type === "error") throw ApiError.from(data.error);
          applyEvent(turn, type, data);
          this.later(view);
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        turn.error = error;
        turn.state = error instanceof ConnectionLost ? "lost" : "failed";
        if (turn.state === "failed" || attempt > 0) return;
        turn.state = "reconnecting";
        view.update();
        announce(t("reconnecting"));
        await Promise.race([this.actions.reachable(), new Promise((resolve) => signal.addEventListener("abort", resolve))]);
        if (signal.aborted) return;
        restart(turn);
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
}
