// Questions to start from, made from what the plans say; another draw each time.

import { getPlan } from "./api.js";
import { button, fill, h } from "./dom.js";
import { allRecords, cityName, recordOf } from "./names.js";
import { currentLanguage, t } from "./texts.js";

const SHOWN = 3;
const SHORTEST = 4;
const LONGEST = 18;
const FORMS = ["suggestEnumerate", "suggestLookup", "suggestSummarise"];

function draw(list) {
  return list[Math.floor(Math.random() * list.length)];
}

/** Titles of a plan that make a question: neither a stub nor a sentence. */
function topics(plan) {
  return plan.outline
    .filter((part) => part.kind === "item")
    .map((part) => (part.title ?? "").replace(/[。.;；::,，]+$/, ""))
    .filter((title) => title.length >= SHORTEST && title.length <= LONGEST && !/[“”"《》\d]/.test(title));
}

/** Some topics, each from another plan: `{planId, title}`. */
async function drawTopics(n) {
  const records = [...allRecords()].sort(() => Math.random() - 0.5);
  const found = [];
  for (const record of records) {
    if (found.length === n) break;
    const titles = topics(await getPlan(record.plan_id));
    if (titles.length > 0) found.push({ planId: record.plan_id, title: draw(titles) });
  }
  return found;
}

function phrase({ planId, title }, form) {
  const { city, year } = recordOf(planId);
  return t(form, { city: cityName(planId, city), year, title });
}

/** Suggested questions under the ask box. */
export class Suggestions {
  constructor(element, ask) {
    this.element = element;
    this.ask = ask;
    this.topics = [];
  }

  /** Draws new topics from the plans. */
  async renew() {
    this.topics = await drawTopics(SHOWN);
    this.draw();
  }

  /** Shows them in the page's language. */
  draw() {
    if (this.topics.length === 0) {
      fill(this.element);
      return;
    }
    const questions = this.topics.map((topic, index) => phrase(topic, FORMS[index % FORMS.length]));
    fill(this.element,
      h("ul", { "aria-label": t("suggestions"), lang: currentLanguage() === "zh" ? "zh-CN" : "en" },
        questions.map((words) => h("li", {}, button({ text: words, class: "suggestion", onClick: () => this.ask(words) })))),
      button({ text: t("otherSuggestions"), class: "text-button", onClick: () => this.renew() }));
  }
}
