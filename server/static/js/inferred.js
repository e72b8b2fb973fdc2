// The mark beside a city that a plan does not name: from which words it was inferred.

import { getPlan } from "./api.js";
import { h } from "./dom.js";
import { isInferred, recordOf } from "./names.js";
import { setCard } from "./quote-card.js";
import { t } from "./texts.js";

async function evidenceOf(planId) {
  const known = recordOf(planId)?.city_evidence;
  if (known) return known;
  try {
    return (await getPlan(planId)).city_evidence ?? [];
  } catch {
    // The mark still says that the city is inferred, only not from what.
    return [];
  }
}

/** The mark beside an inferred city; `null` for a stated one. */
export function inferredMark(planId, citySource) {
  if (!isInferred(planId, citySource)) return null;
  const mark = h("button", { type: "button", class: "inferred" }, t("inferred"));
  return setCard(mark, async () => {
    const words = await evidenceOf(planId);
    if (words.length === 0) return h("p", {}, t("inferredPlain"));
    return [
      h("p", { class: "quote-card-head" }, t("inferredFrom")),
      h("ul", { class: "evidence-words", lang: "zh-CN" }, words.map((word) => h("li", {}, `“${word}”`))),
    ];
  });
}
