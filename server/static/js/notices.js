// States that the reader should know of: not ready, no model, offline, failed; each in its own words.

import { ConnectionLost, readiness } from "./api.js";
import { button, fill, h } from "./dom.js";
import { announce, toast } from "./live.js";
import { onLanguage, t, tOr } from "./texts.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;

const BY_STATUS = { 400: "bad_request", 401: "refused", 403: "refused", 404: "not_found", 413: "too_long", 422: "bad_request", 429: "busy", 503: "not_ready" };

const BY_CODE = { busy: "busy", question_too_long: "too_long", too_large: "too_long", index_missing: "not_ready" };

/** Watches whether the server is ready and says so until it is. */
export class ReadinessNotice {
  constructor(element) {
    this.element = element;
    this.state = null;
    this.standing = null;
    this.wait = FIRST_WAIT_MS;
    this.timer = 0;
    this.waiting = [];
    onLanguage(() => this.draw());
  }

  /** Asks the server now, and again until it is ready. */
  async check() {
    clearTimeout(this.timer);
    const before = this.state;
    try {
      const { ready, missing, warnings, model } = await readiness();
      this.state = ready ? null : { missing };
      this.standing = ready ? { noModel: model === null, warnings } : null;
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      this.state = { offline: true };
    }
    this.draw();
    if (!this.state?.offline) for (const resolve of this.waiting.splice(0)) resolve();
    if (this.state === null) this.settled(before);
    else this.again();
  }

  /** Resolves once the server answers again, ready or not. */
  reachable() {
    const settled = new Promise((resolve) => this.waiting.push(resolve));
    this.check();
    return settled;
  }

  settled(before) {
    this.wait = FIRST_WAIT_MS;
    if (before) toast(t("state_back"));
  }

  again() {
    this.timer = setTimeout(() => this.check(), this.wait);
    this.wait = Math.min(this.wait * 1.6, LONGEST_WAIT_MS);
  }

  draw() {
    const words = this.state === null ? standingWords(this.standing) : stateWords(this.state);
    const key = words.join("|");
    if (this.key === key) return;
    this.key = key;
    fill(this.element, words.length > 0 ? h("p", { class: "notice" }, this.state === null ? null : h("span", { class: "pulse", "aria-hidden": "true" }), words.map((line) => h("span", {}, line))) : null);
    if (words.length > 0) announce(words.join(" "));
  }
}

function standingWords(standing) {
  if (standing === null) return [];
  return [...(standing.noModel ? [t("noModelHere")] : []), ...standing.warnings];
}

const KNOWN = {
  index: "index", manifest: "index", encoder: "encoder", embeddings: "encoder",
  model: "model", generator: "model", corpus: "corpus", plans: "corpus",
};

function stateWords(state) {
  if (state.offline) return [t("state_offline")];
  const names = state.missing.map((part) => (typeof part === "string" ? part : part.name ?? ""));
  const known = [...new Set(names.map((name) => KNOWN[name]).filter(Boolean))];
  const others = names.filter((name) => !(name in KNOWN));
  return [
    t("state_starting"),
    ...known.map((name) => t(`state_${name}`)),
    ...(others.length > 0 ? [t("state_other", { names: others.join(", ") })] : []),
  ];
}

/** The card of a failed question. */
export function failureNodes(error, retry) {
  const lost = error instanceof ConnectionLost;
  const words = lost ? t("lost") : tOr("error", kindOf(error), t("error_server"));
  const lines = lost ? [t("lostAdvice")] : [error.message, detailWords(error.detail)];
  if (error.retryAfter) lines.push(t("retryAfter", { n: error.retryAfter }));
  return h("div", { class: "failure", role: "alert" },
    h("p", { class: "note-title" }, words),
    lines.filter(Boolean).map((line) => h("p", { class: "failure-line" }, line)),
    error.requestId ? h("p", { class: "request-id" }, `${t("requestId")} `, h("code", {}, error.requestId)) : null,
    button({ text: t("retry"), iconName: "retry", class: "plain-button", onClick: retry }));
}

function kindOf(error) {
  if (error instanceof SyntaxError) return "unreadable";
  return BY_CODE[error.code] ?? BY_STATUS[error.status] ?? "server";
}

function detailWords(detail) {
  if (detail === null || detail === undefined) return "";
  return typeof detail === "string" ? detail : JSON.stringify(detail);
}
