// Conversations, kept in this browser only.

const KEY = "planqa.conversations";
const KEPT = 60;

/** The stored conversations, newest first. */
export class Conversations {
  constructor(storage = window.localStorage) {
    this.storage = storage;
    this.list = this.read();
  }

  read() {
    try {
      const list = JSON.parse(this.storage.getItem(KEY) ?? "[]");
      return Array.isArray(list) ? list.filter((each) => typeof each?.id === "string" && Array.isArray(each.turns)) : [];
    } catch {
      // Storage switched off, or something else wrote there: the page works without.
      return [];
    }
  }

  /** The conversation with that id. */
  find(id) {
    return this.list.find((each) => each.id === id);
  }

  /** Keeps the finished turns of a conversation; returns whether there was room for all. */
  keep(id, turns) {
    const kept = turns.filter((turn) => turn.answer !== null).map(({ question, mode, filters, generate, answer }) => ({ question, mode, filters, generate, answer }));
    if (kept.length === 0) return true;
    const old = this.find(id);
    const title = old?.title ?? kept[0].question.slice(0, 80);
    this.list = [{ id, title, changed: Date.now(), turns: kept }, ...this.list.filter((each) => each.id !== id)].slice(0, KEPT);
    return this.write();
  }

  /** Gives a conversation another title. */
  rename(id, title) {
    const conversation = this.find(id);
    if (!conversation || title.trim() === "") return;
    conversation.title = title.trim();
    this.write();
  }

  /** Takes a conversation away and returns a function that brings it back. */
  remove(id) {
    const index = this.list.findIndex((each) => each.id === id);
    const [removed] = this.list.splice(index, 1);
    this.write();
    return () => {
      this.list.splice(index, 0, removed);
      this.write();
    };
  }

  write() {
    const before = this.list.length;
    while (this.list.length > 0) {
      try {
        this.storage.setItem(KEY, JSON.stringify(this.list));
        return this.list.length === before;
      } catch (error) {
        if (error.name !== "QuotaExceededError") return false;
        this.list = this.list.slice(0, -1);
      }
    }
    return false;
  }
}
