// Addresses within the page, kept after the `#`.

/** The address of an item. */
export function itemAddress(itemId) {
  return `#/items/${encodeURIComponent(itemId)}`;
}

/** The address of a conversation. */
export function conversationAddress(sessionId) {
  return `#/conversations/${encodeURIComponent(sessionId)}`;
}

const VIEWS = { items: "item", answers: "answer", conversations: "conversation" };

/** What an address means: `{view: "ask" | "plans" | "plan" | "item" | "answer" | "conversation", id}`. */
export function readAddress(hash) {
  const [, view, id = ""] = /^#\/(plans|items|answers|conversations)(?:\/(.+))?$/.exec(hash) ?? [];
  if (!view) return { view: "ask" };
  const decoded = decode(id);
  if (view === "plans") return decoded ? { view: "plan", id: decoded } : { view: "plans" };
  if (!decoded) return { view: "ask" };
  return { view: VIEWS[view], id: decoded };
}

function decode(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    // A broken percent sign in a hand-typed address.
    return id;
  }
}
