// What is said to screen readers, and the short notes at the page's foot.

import { button, h } from "./dom.js";

/** How long a note stays, and what it offers to undo can be undone. */
export const SHOWN_MS = 6000;

/** Says something to screen readers, politely. */
export function announce(words) {
  document.getElementById("live").textContent = words;
}

/** A short note; `action` is `{text, run}` for something that can still be done about it. */
export function toast(words, action) {
  const note = h("div", { class: "toast" }, h("span", {}, words));
  if (action) {
    note.append(button({
      text: action.text,
      class: "quiet-button",
      onClick: () => {
        note.remove();
        action.run();
      },
    }));
  }
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}

/** Copies text and says so. */
export async function copyText(text, done, failed) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    // Without permission or a secure address there is no clipboard.
    toast(failed);
  }
}

/** Hands the reader a file. */
export function download(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), SHOWN_MS);
}
