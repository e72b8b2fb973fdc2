// Answers as files and as plain text.

import { withoutMarks } from "./answer-text.js";
import { planName } from "./names.js";
import { citationLine } from "./quote-card.js";
import { t } from "./texts.js";
import { SIGNS } from "./verdict-table.js";

const FORMULA = /^[=+\-@\t\r]/;

/** The verdicts of an answer as rows of words; the first row names the columns. */
export function verdictRows(answer) {
  const quotes = new Map(answer.citations.map((citation) => [citation.n, citation]));
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

/** A whole answer as Markdown: question, words, verdicts, quotes. */
export function answerMarkdown(answer) {
  const parts = [`## ${answer.question}`, answer.answer];
  if (answer.verdicts?.length) parts.push(toMarkdownTable(verdictRows(answer)));
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
