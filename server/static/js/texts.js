// The words of the interface, in the language of the reader.

const TABLES = {};
const listeners = new Set();

let language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
let plural = new Intl.PluralRules(language);
await load(language);

/** Fetches the words of a language; the other one stays where it is until it is wanted. */
async function load(wanted) {
  TABLES[wanted] ??= (await import(`./texts-${wanted}.js`)).WORDS;
}

/** The interface's language: `zh` or `en`. */
export function currentLanguage() {
  return language;
}

/** The words for a key; `{name}` is replaced, and `n` chooses a singular form where there is one. */
export function t(key, values = {}) {
  const table = TABLES[language];
  const one = typeof values.n === "number" && plural.select(values.n) === "one" ? table[`${key}_one`] : undefined;
  const words = one ?? table[key];
  if (words === undefined) throw new RangeError(`no interface text ${key}`);
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The words for `prefix_name` where there are some, else `fallback`. */
export function tOr(prefix, name, fallback) {
  const key = `${prefix}_${name}`;
  return key in TABLES[language] ? t(key) : fallback;
}

/** A number as the language writes it. */
export function count(value) {
  return new Intl.NumberFormat(document.documentElement.lang).format(value);
}

/** Switches the language and redraws what listens. */
export async function setLanguage(next) {
  await load(next);
  language = next;
  plural = new Intl.PluralRules(next);
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  fillTexts(document);
  for (const listener of listeners) listener();
}

/** Calls `listener` after each change of language. */
export function onLanguage(listener) {
  listeners.add(listener);
}

/** Puts the words into elements that name theirs with `data-t` and `data-t-label`. */
export function fillTexts(root) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll("[data-t-label]")) {
    const words = t(element.dataset.tLabel);
    element.setAttribute("aria-label", words);
    if (element.matches("button, a")) element.title = words;
  }
}
