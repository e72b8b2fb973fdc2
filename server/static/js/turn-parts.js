// The small parts of an answer's card: progress, coverage, gaps and warnings, foot, files.

import { answerMarkdown, answerRows, fileName, toCsv } from "./answer-export.js";
import { button, h } from "./dom.js";
import { download } from "./live.js";
import { gapReason, gapWords } from "./names.js";
import { count, t, tOr } from "./texts.js";
import { size } from "./turn.js";
import { warningWords } from "./warnings.js";

/** How far the answer is. */
export function progress(turn) {
  const { stage, queue, progress: judged } = turn;
  let words = tOr("stage", stage, t("stage_working"));
  if (stage === "queued" && typeof queue === "number" && queue > 0) words = t("queuedAt", { n: queue });
  if (stage === "judging" && judged) words = t("judgingProgress", judged);
  return h("div", { class: "progress" },
    h("span", { class: "progress-words" }, words),
    stage === "judging" && judged ? h("progress", { value: judged.done, max: judged.total, "aria-label": words }) : h("span", { class: "pulse", "aria-hidden": "true" }));
}

/** What was looked at. */
export function coverageLine(answer) {
  const { coverage, verdicts } = answer;
  if (!coverage || !size(coverage.plans_in_scope)) return null;
  const said = (word) => (verdicts ?? []).filter((verdict) => verdict.verdict === word).length;
  const parts = [
    t("coverage", { checked: count(size(coverage.plans_checked)), scope: count(size(coverage.plans_in_scope)) }),
    coverage.items_scored ? t("coverageItems", { n: count(size(coverage.items_scored)) }) : null,
    said("yes") > 0 ? t("coverageYes", { n: said("yes") }) : null,
    said("partial") > 0 ? t("coveragePartial", { n: said("partial") }) : null,
    verdicts?.length && said("yes") + said("partial") === 0 ? t("coverageNone") : null,
  ];
  return h("p", { class: "coverage" }, parts.filter(Boolean).map((part) => h("span", {}, part)));
}

/** What the sources lack, and what the reader should know of this answer. */
export function extras(answer) {
  const gaps = answer.coverage?.gaps ?? [];
  const warnings = (answer.warnings ?? []).map(warningWords);
  return [
    gaps.length > 0 ? h("div", { class: "gaps" }, h("h3", { class: "slot-title" }, t("gapsTitle")),
      h("ul", {}, gaps.map((gap) => h("li", {}, gapWords(gap), gapReason(gap)))),
      h("p", {}, t("gapAdvice"))) : null,
    warnings.length > 0 ? h("div", { class: "warnings" }, h("h3", { class: "slot-title" }, t("warnings")),
      h("ul", {}, warnings.map((warning) => h("li", {}, warning)))) : null,
  ];
}

/** Which model worded it, and how long that took. */
export function madeBy(answer) {
  const name = answer.model?.used === false ? "" : answer.model?.name ?? "";
  const total = answer.timings_ms?.total;
  const seconds = typeof total === "number" ? (total / 1000).toFixed(1) : "–";
  return name ? t("foot", { model: name, seconds }) : t("footNoModel", { seconds });
}

/** Buttons that save the answer as a file. */
export function exportMenu(answer) {
  const save = (ending, type, content) => download(fileName(answer.question, ending), type, content);
  const formats = [
    ["exportMarkdown", () => save("md", "text/markdown;charset=utf-8", answerMarkdown(answer))],
    ["exportJson", () => save("json", "application/json", `${JSON.stringify(answer, null, 2)}\n`)],
  ];
  if (answerRows(answer)) formats.unshift(["exportCsv", () => save("csv", "text/csv;charset=utf-8", toCsv(answerRows(answer)))]);
  return formats.map(([words, onClick]) => button({ text: t(words), label: t("exportAs", { format: t(words) }), class: "text-button", onClick }));
}
