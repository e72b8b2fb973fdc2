// Search as you type over all items, without any language model.

import { search } from "./api.js";
import { fill, h } from "./dom.js";
import { itemName, planIdOf, planName } from "./names.js";
import { failureNodes } from "./notices.js";
import { t } from "./texts.js";

const PAUSE_MS = 160;
const HITS = 30;

const SHORTEST = 2;

/**
 * Where the sought words stand in a text: ranges of UTF-16 offsets. A word that is not there as a whole is
 * sought in parts; `terms` are other words for the same, sought as they are.
 */
export function findWords(text, question, terms = []) {
  const lower = text.toLowerCase();
  const words = question.toLowerCase().split(/[\s,，。、;；?？!！]+/).filter((word) => word.length > 1 || /\p{Script=Han}|\d/u.test(word));
  const ranges = words.flatMap((word) => (lower.includes(word) ? placesOf(lower, word) : partsOf(lower, word)));
  for (const term of terms) ranges.push(...placesOf(lower, term.toLowerCase()));
  ranges.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  return ranges.filter((range, index) => index === 0 || range[0] >= Math.max(...ranges.slice(0, index).map(([, end]) => end)));
}

function placesOf(text, word) {
  const places = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) places.push([at, at + word.length]);
  return places;
}

/** The longest parts of a Chinese word, from its beginning on, that the text has. */
function partsOf(text, word) {
  const places = [];
  let from = 0;
  while (from + SHORTEST <= word.length) {
    let to = word.length;
    while (to >= from + SHORTEST && !(/^\p{Script=Han}+$/u.test(word.slice(from, to)) && text.includes(word.slice(from, to)))) to -= 1;
    const found = to >= from + SHORTEST;
    if (found) places.push(...placesOf(text, word.slice(from, to)));
    from = found ? to : from + 1;
  }
  return places;
}

/** A text with the sought words marked. */
export function highlighted(text, question, terms) {
  const nodes = [];
  let from = 0;
  for (const [start, end] of findWords(text, question, terms)) {
    nodes.push(text.slice(from, start), h("mark", {}, text.slice(start, end)));
    from = end;
  }
  nodes.push(text.slice(from));
  return nodes;
}

/** The search field and its hits within `scope`; `open(hit, from)` shows one in the reader. */
export class SearchBox {
  constructor(scope, open) {
    this.scope = scope;
    this.open = open;
    this.abort = null;
    this.timer = 0;
    this.input = h("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", on: { input: () => this.later() } });
    this.label = h("label", { for: "search", class: "unseen" });
    this.found = h("p", { class: "search-found", role: "status" });
    this.hits = h("ul", { class: "sources search-hits" });
    this.failure = h("div", {});
    this.element = h("div", { class: "search" }, this.label, this.input, this.found, this.failure, this.hits);
    this.draw();
  }

  /** Whether something is being sought. */
  get active() {
    return this.input.value.trim() !== "";
  }

  /** Draws its words. */
  draw() {
    this.label.textContent = t("searchLabel");
    this.input.placeholder = t("searchPlaceholder");
    if (this.last) this.show(this.last.found, this.last.question);
  }

  /** Seeks the same words again, in another scope. */
  again() {
    if (this.active) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.abort?.abort();
    this.timer = setTimeout(() => this.run(), PAUSE_MS);
  }

  async run() {
    const question = this.input.value.trim();
    this.last = null;
    fill(this.failure);
    if (!/[\p{L}\p{N}]/u.test(question)) {
      this.clear();
      return;
    }
    this.abort = new AbortController();
    const { signal } = this.abort;
    try {
      this.show(this.scope.isEmpty ? { hits: [], terms: [] } : await search(question, { filters: this.scope.sent(), k: HITS, signal }), question);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.clear();
      fill(this.failure, failureNodes(error, () => this.run()));
    }
  }

  clear() {
    fill(this.hits);
    fill(this.found);
    this.element.dispatchEvent(new CustomEvent("sought", { bubbles: true }));
  }

  show(found, question) {
    const { hits, terms } = found;
    this.last = { found, question };
    fill(this.found, hits.length === 0 ? t("searchNone") : t("searchHits", { n: hits.length }),
      terms.length > 0 ? h("span", { class: "search-terms" }, t("searchTerms"), " ", h("span", { lang: "zh-CN" }, terms.join("、"))) : null);
    fill(this.hits, hits.map((hit) => {
      const planId = planIdOf(hit.item_id);
      const target = { plan_id: planId, item_id: hit.item_id, quote: hit.quote, start: hit.start, end: hit.end };
      return h("li", { class: "source" },
        h("div", { class: "source-head" }, h("button", { type: "button", class: "source-name", on: { click: (event) => this.open(target, event.currentTarget) } },
          h("span", { class: "source-place" }, planName(planId)), h("span", { class: "source-item" }, itemName(hit.item_id)))),
        h("blockquote", { class: "quote", lang: "zh-CN" }, highlighted(hit.quote, question, terms)));
    }));
    this.element.dispatchEvent(new CustomEvent("sought", { bubbles: true }));
  }
}
