// Addresses within the page, kept after the `#`.

/** The address of an item. */
export function itemAddress(itemId) {
  return `#/items/${encodeURIComponent(itemId)}`;
}

/** What an address means: `{view: "ask" | "plans" | "plan" | "item" | "answer", id}`. */
export function readAddress(hash) {
  const [, view, id = ""] = /^#\/(plans|items|answers)(?:\/(.+))?$/.exec(hash) ?? [];
  if (!view) return { view: "ask" };
  const decoded = decode(id);
  if (view === "plans") return decoded ? { view: "plan", id: decoded } : { view: "plans" };
  if (!decoded) return { view: "ask" };
  return { view: view === "items" ? "item" : "answer", id: decoded };
}

function decode(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    // A broken percent sign in a hand-typed address.
    return id;
  }
}
