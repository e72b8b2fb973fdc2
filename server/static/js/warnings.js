// Warnings of an answer: the server says them as sentences; those that it is known to say are worded here
// in the reader's language.

import { t } from "./texts.js";

const KNOWN = [
  [/^(\d+) generated sentences? (?:was|were) removed/, "warningRemoved"],
  [/^(\d+) quotes? (?:was|were) dropped/, "warningDropped"],
  [/^this answer could not be kept/, "warningNotKept"],
];

/** A warning as it is shown; one that is not known stays as the server said it. */
export function warningWords(warning) {
  for (const [pattern, key] of KNOWN) {
    const match = pattern.exec(warning);
    if (match) return t(key, match[1] === undefined ? {} : { n: Number(match[1]) });
  }
  return warning;
}
