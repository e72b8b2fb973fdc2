// Answers as files and as plain text.

import { withoutMarks } from "./answer-text.js";
import { planName } from "./names.js";
import { CHANGES } from "./matrix.js";
import { citationLine } from "./quote-card.js";
import { t } from "./texts.js";
import { SIGNS } from "./verdict-table.js";

const FORMULA = /^[=+\-@\t\r]/;

function citationsOf(answer) {
  return new Map(answer.citations.map((citation) => [citation.n, citation]));
}

/** The table of an answer, whichever it has, as rows of words; `null` where it has none. */
export function answerRows(answer) {
  if (answer.verdicts?.length) return verdictRows(answer);
  if (answer.table) return tableRows(answer);
  return answer.figures?.bars.length ? figureRows(answer) : null;
}

/** Plans side by side as rows: an aspect each, a column for each plan. */
export function tableRows(answer) {
  const quotes = citationsOf(answer);
  const { plans, aspects } = answer.table;
  const words = ({ citations, change, unclear }) => {
    const cited = citations.map((n) => quotes.get(n)).filter(Boolean).map((citation) => `${citation.quote} [${citation.item_id}]`);
    const mark = change ? `${CHANGES[change]} ${t(`change_${change}`)} ` : "";
    return mark + (cited.length > 0 ? cited.join(" / ") : t(unclear ? "cell_unclear" : "verdict_no_evidence"));
  };
  return [[t("columnAspect"), ...plans.map((planId) => planName(planId))], ...aspects.map(({ name, cells }) => [name, ...cells.map(words)])];
}

/** Numbers as rows: a plan each. */
export function figureRows(answer) {
  const quotes = citationsOf(answer);
  const { bars } = answer.figures;
  return [["plan_id", t("columnPlan"), t("columnFigure"), t("columnQuote"), "item_id"], ...bars.map((bar) => {
    const citation = quotes.get(bar.citation);
    return [bar.plan_id, planName(bar.plan_id, citation), bar.shown, citation?.quote ?? "", citation?.item_id ?? ""];
  })];
}

/** The verdicts of an answer as rows of words; the first row names the columns. */
export function verdictRows(answer) {
  const quotes = citationsOf(answer);
  const head = ["plan_id", t("columnPlan"), t("columnVerdict"), t("columnConfidence"), t("columnQuote"), "item_id"];
  const rows = answer.verdicts.map((verdict) => {
    const cited = (verdict.citations ?? []).map((n) => quotes.get(n)).filter(Boolean);
    return [
      verdict.plan_id,
      planName(verdict.plan_id, verdict),
      t(`verdict_${verdict.verdict}`),
      verdict.confidence === undefined ? "" : String(verdict.confidence),
      cited.map((citation) => citation.quote).join(" / "),
      cited.map((citation) => citation.item_id).join(" "),
    ];
  });
  return [head, ...rows];
}

/** Rows as CSV that spreadsheet programs open as text, with a byte order mark for their sake. */
export function toCsv(rows) {
  const cell = (value) => {
    // A cell that starts like a formula would be run by the spreadsheet.
    const safe = FORMULA.test(value) ? `'${value}` : value;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Rows as a Markdown table. */
export function toMarkdownTable(rows) {
  const cell = (value) => value.replace(/[\\|<>*_`[\]]/g, "\\$&").replace(/\s*\n\s*/g, " ");
  const line = (row) => `| ${row.map(cell).join(" | ")} |`;
  return [line(rows[0]), `|${" --- |".repeat(rows[0].length)}`, ...rows.slice(1).map(line)].join("\n");
}

/** A whole answer as Markdown: question, words, tables, quotes. */
export function answerMarkdown(answer) {
  const parts = [`## ${answer.question}`, answer.answer];
  if (answer.verdicts?.length) parts.push(toMarkdownTable(verdictRows(answer)));
  if (answer.table) parts.push(toMarkdownTable(tableRows(answer)));
  if (answer.figures?.bars.length) parts.push(toMarkdownTable(figureRows(answer)));
  if (answer.citations.length) parts.push(answer.citations.map(citationLine).map((line) => `- ${line}`).join("\n"));
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

/** A whole answer as plain text, for the clipboard. */
export function answerPlain(answer) {
  const verdicts = (answer.verdicts ?? []).map((verdict) =>
    `${SIGNS[verdict.verdict]} ${planName(verdict.plan_id, verdict)} ${t(`verdict_${verdict.verdict}`)}`);
  return [answer.question, "", answer.answer, "", ...verdicts, ...answer.citations.map(citationLine)].join("\n").trim();
}

/** A short file name from a question. */
export function fileName(question, ending) {
  const words = withoutMarks(question).replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 40).replace(/^-|-$/g, "");
  return `planqa-${words || "answer"}.${ending}`;
}
