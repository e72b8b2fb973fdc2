// The server's HTTP interface, as the page uses it.

import { readEvents } from "./event-stream.js";

/** An answer of the server that says what went wrong. */
export class ApiError extends Error {
  constructor({ status = 0, code = "", message = "", detail = null, requestId = "", retryAfter = null }) {
    super(message);
    this.name = "ApiError";
    Object.assign(this, { status, code, detail, requestId, retryAfter });
  }

  /** From the object that the server calls `error`. */
  static from(error, status = 0, retryAfter = null) {
    const { code = "", message = "", detail = null, request_id: requestId = "" } = error ?? {};
    return new ApiError({ status, code, message, detail, requestId, retryAfter });
  }
}

/** The server could not be reached, or went away before it had finished. */
export class ConnectionLost extends Error {
  constructor(message = "connection lost") {
    super(message);
    this.name = "ConnectionLost";
  }
}

const plans = new Map();
let listed = null;

async function request(path, { body, signal, method, keepalive = false } = {}) {
  const options = { signal, keepalive, method: method ?? (body === undefined ? "GET" : "POST"), headers: { Accept: "application/json, text/event-stream" } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ConnectionLost(error.message);
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return null;
  }
}

async function failure(response) {
  const body = await readJson(response);
  const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const error = ApiError.from(body?.error, response.status, Number.isNaN(retryAfter) ? null : retryAfter);
  if (!error.requestId) error.requestId = response.headers.get("X-Request-Id") ?? "";
  return error;
}

async function json(path, options) {
  const response = await request(path, options);
  if (!response.ok) throw await failure(response);
  return response.json();
}

/** Whether the server is ready: `{ready, missing, warnings, model}`; a `null` model means quotes only. */
export async function readiness() {
  const response = await request("/readyz");
  const body = await readJson(response);
  return { ready: response.ok, missing: body?.missing ?? [], warnings: body?.warnings ?? [], model: body?.model };
}

/** The records of all plans. Asked once; a failure is not kept. */
export function listPlans() {
  listed ??= json("/v1/plans")
    .then((body) => body.plans)
    .catch((error) => {
      listed = null;
      throw error;
    });
  return listed;
}

/** One plan with text and outline. */
export function getPlan(planId) {
  if (!plans.has(planId)) {
    const loading = json(`/v1/plans/${encodeURIComponent(planId)}`).catch((error) => {
      plans.delete(planId);
      throw error;
    });
    plans.set(planId, loading);
  }
  return plans.get(planId);
}

/** A stored answer. */
export function getAnswer(answerId) {
  return json(`/v1/answers/${encodeURIComponent(answerId)}`);
}

const ofSession = (id, rest = "") => `/v1/sessions/${encodeURIComponent(id)}${rest}`;

/** Conversations, the last used first: `{session_id, title, n_answers, ...}`. */
export async function listSessions(limit, offset) {
  return (await json(`/v1/sessions?limit=${limit}&offset=${offset}`)).sessions;
}

/** Begins a conversation and gives its record. */
export function addSession(title) {
  return json("/v1/sessions", { body: { title } });
}

/** A conversation with its `answers`, oldest first. */
export function getSession(id) {
  return json(ofSession(id));
}

/** Gives a conversation another title. */
export function renameSession(id, title) {
  return json(ofSession(id), { method: "PATCH", body: { title } });
}

/** Deletes a conversation for good; also while the page is being left. */
export async function deleteSession(id) {
  const response = await request(ofSession(id), { method: "DELETE", keepalive: true });
  if (!response.ok && response.status !== 404) throw await failure(response);
}

/** A conversation as a file: `format` is `markdown` or `json`. */
export async function exportSession(id, format) {
  const response = await request(ofSession(id, `/export?format=${format}`));
  if (!response.ok) throw await failure(response);
  return response.text();
}

/** Whether an error is one that the server or the line can cause, and no fault of ours. */
export function isForeseen(error) {
  return error instanceof ApiError || error instanceof ConnectionLost;
}

/** Hits for a question, without any language model, and the other words that were sought: `{hits, terms}`. */
export async function search(question, { filters, k = 20, signal }) {
  const { hits, terms = {} } = await json("/v1/search", { body: { question, filters, k }, signal });
  return { hits, terms: [...new Set(Object.values(terms).flat())] };
}

/** Asks and yields `{type, data}` as they come; throws ConnectionLost where the end is missing. */
export async function* ask(body, signal) {
  const response = await request("/v1/ask", { body: { ...body, stream: true }, signal });
  if (!response.ok) throw await failure(response);
  if (!(response.headers.get("Content-Type") ?? "").startsWith("text/event-stream")) {
    yield { type: "final", data: await response.json() };
    return;
  }
  let ended = false;
  try {
    for await (const { event, data } of readEvents(response)) {
      if (event === "ping") continue;
      ended ||= event === "final" || event === "error";
      yield { type: event, data: JSON.parse(data) };
      if (ended) return;
    }
  } catch (error) {
    if (error.name === "TypeError") throw new ConnectionLost(error.message);
    throw error;
  }
  throw new ConnectionLost("the answer ended before it was complete");
}
