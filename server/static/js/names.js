// How plans and items are called on the page.

import { listPlans } from "./api.js";
import { h } from "./dom.js";
import { currentLanguage, t } from "./texts.js";

const records = new Map();

/** Loads the records that names are taken from. */
export async function loadNames() {
  for (const record of await listPlans()) records.set(record.plan_id, record);
}

/** The record of a plan, where it is known. */
export function recordOf(planId) {
  return records.get(planId);
}

/** All known records. */
export function allRecords() {
  return [...records.values()];
}

/** The plan that an item belongs to. */
export function planIdOf(itemId) {
  return itemId.split("#", 1)[0];
}

/** A city's name; in English with the pinyin that the plan's id holds. */
export function cityName(planId, city) {
  const name = city || recordOf(planId)?.city || "";
  if (currentLanguage() === "zh") return name || t("cityUnknown");
  const pinyin = /^([a-z]+)-\d{4}/.exec(planId)?.[1];
  if (!pinyin) return name || t("cityUnknown");
  return pinyin[0].toUpperCase() + pinyin.slice(1);
}

/** `上海 · 2023`, from an id and what a citation or verdict says. */
export function planName(planId, { city, year } = {}) {
  const when = year ?? recordOf(planId)?.year ?? t("yearUnknown");
  return t("placeOf", { city: cityName(planId, city), year: when });
}

/** `第11条`, from an item's id (and, where it is known, its printed number). */
export function itemName(itemId, number) {
  const local = itemId.slice(itemId.indexOf("#") + 1);
  if (local === "0") return t("itemZero");
  const [section, item] = local.split(".");
  if (item !== undefined && number !== undefined && number === item) {
    return t("itemNumberIn", { section, number: item });
  }
  return t("itemNumber", { number: local });
}

/** Whether a plan's city is only inferred. */
export function isInferred(planId, citySource) {
  return (citySource ?? recordOf(planId)?.city_source) === "inferred";
}

/** The numbers that a source lacks, as words: `第 28–48 条被来源隐藏`. */
export function gapWords(gap) {
  if (typeof gap === "string") return gap;
  const one = gap.first === gap.last;
  const values = { first: gap.first, last: gap.last, kind: t(`gap_${gap.kind ?? "missing"}`) };
  if (!gap.plan_id) return t(one ? "gapInTextOne" : "gapInText", values);
  return t(one ? "gapLineOne" : "gapLine", { ...values, plan: planName(gap.plan_id, gap) });
}

/** The source's own words for a gap: what stands in quotes in its reason, else all of it. */
export function gapReason(gap) {
  const words = /“(.+)”/.exec(gap.reason ?? "")?.[1] ?? gap.reason;
  return words ? h("span", { class: "gap-reason", lang: "zh-CN" }, words) : null;
}

/** How a filter's value is called. */
export function filterName(kind, value) {
  if (kind === "plans") return planName(value);
  if (kind !== "cities") return String(value);
  const record = allRecords().find((each) => each.city === value);
  return record ? cityName(record.plan_id, value) : value;
}
