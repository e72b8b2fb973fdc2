// Conversations as the server keeps them.

import { addSession, deleteSession, isForeseen, listSessions, renameSession } from "./api.js";
import { SHOWN_MS } from "./live.js";

const LISTED = 50;
const LONGEST_TITLE = 80;

/** The list of conversations, the last used first. `enabled`: whether this server keeps any. */
export class Conversations {
  /** `changed()` is called whenever the list is another; `failed(error)` where the server did not do as asked. */
  constructor(enabled, { changed, failed }) {
    this.enabled = enabled;
    this.changed = changed;
    this.failed = failed;
    this.records = [];
    this.hasMore = false;
    this.unread = false;
    this.removed = new Map();
    // What was deleted is deleted, even if the page is left before it can no longer be undone.
    window.addEventListener("pagehide", () => [...this.removed.keys()].forEach((id) => this.forget(id)));
  }

  /** The conversations to show: not those that nothing was answered in, nor those just deleted. */
  get list() {
    return this.records.filter((record) => record.n_answers > 0 && !this.removed.has(record.session_id));
  }

  /** The conversation with that id, where it is listed. */
  find(id) {
    return this.records.find((record) => record.session_id === id);
  }

  /** Reads the list anew, as far as it was read before. */
  async load() {
    if (!this.enabled) return;
    await this.read(0, Math.max(LISTED, Math.ceil(this.records.length / LISTED) * LISTED));
  }

  /** Reads on in the list. */
  loadMore() {
    return this.read(this.records.length, LISTED);
  }

  async read(offset, n) {
    try {
      const found = await listSessions(Math.min(n, 200), offset);
      this.records = [...this.records.slice(0, offset), ...found];
      this.hasMore = found.length === Math.min(n, 200);
      this.unread = false;
    } catch (error) {
      if (!isForeseen(error)) throw error;
      this.unread = true;
    }
    this.changed();
  }

  /** Begins a conversation, named after its first question; gives its id, or `null` where it cannot be kept. */
  async begin(question) {
    if (!this.enabled) return null;
    try {
      const words = question.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
      return (await addSession([...words].slice(0, LONGEST_TITLE).join(""))).session_id;
    } catch (error) {
      if (!isForeseen(error)) throw error;
      this.failed(error);
      return null;
    }
  }

  /** Gives a conversation another title. */
  async rename(id, title) {
    const record = this.find(id);
    const wanted = title.trim();
    if (!record || wanted === "" || wanted === record.title) return;
    try {
      Object.assign(record, await renameSession(id, wanted));
    } catch (error) {
      if (!isForeseen(error)) throw error;
      this.failed(error);
    }
    this.changed();
  }

  /** Takes a conversation away, for good after a while; returns a function that brings it back until then. */
  remove(id) {
    this.removed.set(id, setTimeout(() => this.forget(id), SHOWN_MS));
    this.changed();
    return () => {
      clearTimeout(this.removed.get(id));
      this.removed.delete(id);
      this.changed();
    };
  }

  async forget(id) {
    clearTimeout(this.removed.get(id));
    try {
      await deleteSession(id);
      this.records = this.records.filter((record) => record.session_id !== id);
    } catch (error) {
      if (!isForeseen(error)) throw error;
      this.failed(error);
    }
    this.removed.delete(id);
    this.changed();
  }
}
