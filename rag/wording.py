"""The sentences that code writes itself, in Chinese and English: never a fact of a plan but by quotation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from corpus.plan import Gap, Plan
from rag.places import latin_name
from rag.records import Change, Filters

Lang = Literal["zh", "en"]
_TWO = 2


def plan_name(plan: Plan, language: Lang) -> str:
    """City and year, as ``上海（2023）`` or ``Shanghai (2023)``; the title where the city is unknown."""
    city = (plan.city if language == "zh" else latin_name(plan)) if plan.city else plan.title
    if plan.year is None:
        return city
    return f"{city}（{plan.year}）" if language == "zh" else f"{city} ({plan.year})"


def plan_names(plans: Sequence[Plan], language: Lang) -> str:
    """The names of several plans in one phrase."""
    return ("、" if language == "zh" else ", ").join(plan_name(plan, language) for plan in plans)


def quoted(plan: Plan, number: str, quote: str | Sequence[str], language: Lang) -> str:
    """A quote, or several of one item, with the plan and the item that it stands in."""
    where = plan_name(plan, language)
    quote = quote if isinstance(quote, str) else "”“".join(quote)
    if language == "zh":
        item = "前言" if number == "0" else f"第{number}条"
        return f"{where}{item}：“{quote}”"
    item = "preamble" if number == "0" else f"item {number}"
    return f"{where}, {item}: “{quote}”"


def compare_gap(plan: Plan, language: Lang) -> str:
    """That one of the plans that are put side by side does not say it."""
    where = plan_name(plan, language)
    return f"{where}：未在该要点中找到。" if language == "zh" else f"{where}: not found in this plan."


def gaps_of(plans: Sequence[Plan], language: Lang) -> str:
    """That nothing was found in these plans to one aspect of a comparison."""
    stop = "。" if language == "zh" else "."
    return group_label("no_evidence", language) + plan_names(plans, language) + stop


def plan_label(plan: Plan, language: Lang) -> str:
    """What stands before the words of one plan."""
    return plan_name(plan, language) + ("：" if language == "zh" else ": ")


def labelled(label: str, words: str, language: Lang) -> str:
    """Words under the name of an aspect."""
    return f"{label}：{words}" if language == "zh" else f"{label}: {words}"


def see_also(language: Lang) -> str:
    """What stands before the marks of sentences that are not written out."""
    return "另见" if language == "zh" else "see also "


def figures_of(figures: Sequence[tuple[str, str]], language: Lang) -> str:
    """The like figures of several plans, each behind its plan's name; in English without a Chinese unit."""
    if language == "zh":
        return f"数字：{'，'.join(f'{name}{value}' for name, value in figures)}。"
    bare = [(name, re.sub(r"[㐀-鿿]+$", "", value)) for name, value in figures]
    return f"The figures: {', '.join(f'{name} {value}' for name, value in bare)}."


def main_aspect(language: Lang) -> str:
    """The name of the row of what each plan says best to the question."""
    return "最相关的表述" if language == "zh" else "most to the point"


def shared_rows(plans: Sequence[Plan], aspects: Sequence[str], n_plans: int, language: Lang) -> str:
    """Which aspects were found in which plans, read off the table."""
    if language == "zh":
        what = "、".join(aspects)
        if len(plans) == n_plans:
            return f"各份要点都写到：{what}。"
        return f"只在{plan_names(plans, language)}的要点中找到：{what}。"
    what = "; ".join(aspects)
    if len(plans) == n_plans:
        return f"{'Both' if n_plans == 2 else 'All the'} plans speak of: {what}."
    return f"Found only in the plan{'s' if len(plans) > 1 else ''} of {plan_names(plans, language)}: {what}."


def change_heading(change: Change, earlier: Plan, later: Plan, language: Lang) -> str:
    """What became of some aspects from one year's plan to a later one's; silence is never called an end."""
    old, new = earlier.year, later.year
    if language == "zh":
        words = {
            "kept": f"{old}年和{new}年都有：",
            "new": f"{new}年新写到，在{old}年的要点中未找到：",
            "gone": f"{old}年有，在{new}年的要点中未找到：",
        }
        return words[change]
    words = {
        "kept": f"In both {old} and {new}: ",
        "new": f"New in {new}, not found in the plan of {old}: ",
        "gone": f"In {old}, not found in the plan of {new}: ",
    }
    return words[change]


def also_heading(plan: Plan, language: Lang) -> str:
    """What stands before words of one year's plan of which it is not clear whether the other has them."""
    return f"{plan.year}年另写到：" if language == "zh" else f"Also in {plan.year}: "


def hidden_note(plan: Plan, gap: Gap, language: Lang) -> str:
    """That the source hides items, so that nothing is known about them."""
    where = plan_name(plan, language)
    if language == "zh":
        return f"{where}的第{gap.first}–{gap.last}条在来源中被隐藏，无法核查。"
    return f"Items {gap.first}–{gap.last} of {where} are hidden in the source and could not be checked."


def gap_note(plan: Plan, gap: Gap, language: Lang) -> str:
    """That the source hides, lacks or repeats printed numbers."""
    if gap.kind == "hidden":
        return hidden_note(plan, gap, language)
    where = plan_name(plan, language)
    zh = f"第{gap.first}条" if gap.first == gap.last else f"第{gap.first}–{gap.last}条"
    en = f"item {gap.first}" if gap.first == gap.last else f"items {gap.first}–{gap.last}"
    if gap.kind == "missing":
        return f"{where}的来源中没有{zh}。" if language == "zh" else f"The source of {where} has no {en}."
    return f"{where}的来源中{zh}重复编号。" if language == "zh" else f"The source of {where} repeats {en}."


def outline_of(plan: Plan, n_items: int, language: Lang) -> str:
    """What a plan is called and how many items it has: the head of its overview.

    The title stands in 《》 in English, too: quotation marks are for what is cited. A title with another year
    than the plan's is the page's own.
    """
    hidden = any(gap.kind == "hidden" for gap in plan.gaps)
    other_year = any(year != str(plan.year) for year in re.findall(r"(?:19|20)\d\d", plan.title))
    name = plan_label(plan, language) if plan.city else ""
    if language == "zh":
        remark = "（这是来源页面的标题，年份以正文为准）" if other_year and plan.year else ""
        return f"{name}《{plan.title}》{remark}，{'可见' if hidden else '共'} {n_items} 条。"
    remark = (
        " (the title of the source's page; the year is that of the text)" if other_year and plan.year else ""
    )
    items = f"{n_items} item{'' if n_items == 1 else 's'}"
    return f"{name}《{plan.title}》{remark}, {items}{' visible' if hidden else ''}."


def item_range(numbers: Sequence[str], language: Lang) -> str:
    """Runs of item numbers, as ``第1–7、9条`` or ``items 1–7, 9``."""
    if language == "zh":
        return f"第{'、'.join(numbers)}条"
    several = len(numbers) > 1 or "–" in numbers[0]
    return f"item{'s' if several else ''} {', '.join(numbers)}"


def under_heading(heading: str, items: str, quotes: str, language: Lang) -> str:
    """What stands under a heading: which items, and some of their titles."""
    if language == "zh":
        return f"{heading}（{items}）：{quotes}" if heading else f"{items}：{quotes}"
    return f"{heading} ({items}): {quotes}" if heading else f"{items}: {quotes}"


def below_heading(heading: str, language: Lang) -> str:
    """Behind a quote: the heading that it stands below."""
    words = heading.rstrip("。")
    return f"（标题：{words}）" if language == "zh" else f" (below the heading {words})"


def stands_under(headings: Sequence[str], language: Lang) -> str:
    """In which section the first quote stands, from the outermost heading to its item's own."""
    path = " > ".join(heading.rstrip("。") for heading in headings)
    return f"第一句所在的部分：{path}。" if language == "zh" else f"The first sentence stands under: {path}."


def more_plans(n: int, language: Lang) -> str:
    """That an overview leaves out some of the plans in scope."""
    if language == "zh":
        return f"另有 {n} 份要点未列出；请按城市或年份提问。"
    return f"{n} more plan{'s are' if n > 1 else ' is'} not listed; please ask by city or year."


def coverage_line(checked: int, scope: int, items: int, language: Lang) -> str:
    """What was looked at."""
    if language == "zh":
        return f"已核查 {checked}/{scope} 份要点，{items} 条。"
    return f"Checked {checked}/{scope} plans, {items} items."


def found_in_cities(yes: int, scope: int, language: Lang) -> str:
    """How many cities say it in some plan of theirs, before the plans are counted."""
    if language == "zh":
        return f"{scope} 个城市中有 {yes} 个；"
    return f"{yes} of {scope} cit{'y' if scope == 1 else 'ies'}; "


def found_in(yes: int, unsure: int, scope: int, language: Lang) -> str:
    """How many plans say it, and of how many of these that is not sure."""
    if language == "zh":
        doubt = f"（其中 {unsure} 份把握不大）" if unsure else ""
        return f"{scope} 份要点中有 {yes} 份提到{doubt}：" if yes else f"{scope} 份要点中未找到明确的表述。"
    if yes:
        doubt = f" ({unsure} of them not surely)" if unsure else ""
        return f"{yes} of {scope} plan{'' if scope == 1 else 's'} {'says' if yes == 1 else 'say'} so{doubt}:"
    if scope == 1:
        return "The plan was not found to say so."
    return f"None of the {scope} plans was found to say so."


def items_found(n: int, language: Lang) -> str:
    """How many items are on the matter, where that is asked for."""
    return f"找到 {n} 条：" if language == "zh" else f"{n} item{'' if n == 1 else 's'} found:"


def items_in_all(counts: Sequence[tuple[Plan, int]], language: Lang) -> str:
    """How many items each plan has."""
    if language == "zh":
        return "条数：" + "，".join(f"{plan_name(plan, language)}{n}条" for plan, n in counts) + "。"
    return "Items: " + ", ".join(f"{plan_name(plan, language)} {n}" for plan, n in counts) + "."


def more_items(counts: Sequence[tuple[Plan, int]], language: Lang) -> str:
    """Which plan of several has the most items, or of two by how many more it has; ``counts`` most first."""
    (first, most), (_, second) = counts[:2]
    if most == second:
        return "最多的不止一份。" if language == "zh" else "More than one plan has the most."
    if language == "zh":
        more = f"多{most - second}条" if len(counts) == _TWO else "最多"
        return f"{plan_name(first, language)}{more}。"
    more = f"{most - second} more" if len(counts) == _TWO else "the most"
    return f"{plan_name(first, language)} has {more}."


def items_of_unit(plan: Plan, unit: str, n: int, language: Lang) -> str:
    """How many items of a plan name a unit as responsible."""
    where = plan_name(plan, language)
    if language == "zh":
        return f"{where}有 {n} 条的责任单位里写有“{unit}”："
    return f"{n} item{'' if n == 1 else 's'} of {where} name{'s' if n == 1 else ''} “{unit}” as responsible:"


def silent_in(silent: Sequence[Plan], scope: int, language: Lang) -> str:
    """In which plans nothing was found, where it was asked which ones do not say it."""
    names, n = plan_names(silent, language), len(silent)
    if language == "zh":
        return f"{scope} 份要点中有 {n} 份未找到：{names}。" if silent else f"{scope} 份要点都有相关的表述。"
    if silent:
        return f"Nothing on it was found in {n} of {scope} plan{'' if scope == 1 else 's'}: {names}."
    return f"All {scope} plans have something on it."


def group_label(verdict: str, language: Lang) -> str:
    """What stands before the plans of one verdict."""
    labels = {
        "zh": {
            "partial": "部分相关：",
            "undecided": "存疑，请读原文：",
            "no_evidence": "未在该要点中找到：",
        },
        "en": {
            "partial": "In part: ",
            "undecided": "Doubtful, please read the text: ",
            "no_evidence": "Not found in the plan of: ",
        },
    }
    return labels[language][verdict]


def unsure_label(language: Lang) -> str:
    """What stands behind a yes that may well be none."""
    return "（把握不大，请读原文）" if language == "zh" else " (not sure, please read the text)"


def not_held(places: Sequence[str], years: Sequence[int], language: Lang) -> str:
    """That the corpus has no plan of some of the cities or years that were asked for."""
    if language == "zh":
        what = "、".join([*places, *(f"{year}年" for year in years)])
        return f"语料中没有{what}的要点，以下仅就现有要点回答。"
    what = ", ".join([*places, *(str(year) for year in years)])
    return f"The corpus holds no plan for {what}; what follows is from the plans that it holds."


def nothing_left(filters: Filters, known: Sequence[Plan], language: Lang) -> str:
    """That the filters together leave no plan."""
    chosen = [*filters.cities, *(str(year) for year in filters.years), *filters.plans]
    if language == "zh":
        return f"没有同时符合所选条件（{'、'.join(chosen)}）的要点。现有：{plan_names(known, language)}。"
    listed = ", ".join(chosen)
    return f"No plan meets all the filters ({listed}). The corpus holds: {plan_names(known, language)}."


def out_of_corpus(places: Sequence[str], years: Sequence[int], known: Sequence[Plan], language: Lang) -> str:
    """That the corpus holds no plan of the city or year, and what it does hold."""
    have = plan_names(known, language)
    if language == "zh":
        what = "、".join([*places, *(f"{year}年" for year in years)])
        return f"语料中没有{what}的要点。现有：{have}。"
    what = ", ".join([*places, *(str(year) for year in years)])
    return f"The corpus holds no plan for {what}. It holds: {have}."


def not_found(plans: Sequence[Plan], language: Lang) -> str:
    """That the plans in scope were read and do not say it."""
    names = plan_names(plans, language)
    if language == "zh":
        return f"在{names}的要点中未找到这一内容。"
    return f"This was not found in the plan{'s' if len(plans) > 1 else ''} of {names}."


def not_given(plans: Sequence[Plan], language: Lang) -> str:
    """That none of the plans in scope gives the figure that is asked for."""
    names = plan_names(plans, language)
    if language == "zh":
        return f"在{names}的要点中未找到这一内容：都没有给出所问的数字。"
    return f"This was not found in the plans of {names}: none of them gives the figure asked for."


_BEYOND = {
    "outcome": (
        "要点写的是打算做什么，不写后来做成了没有",
        "a plan says what is to be done, not what came of it",
    ),
    "opinion": (
        "要点写的是打算做什么，不写人们怎么看",
        "a plan says what is to be done, not what people think of it",
    ),
    "best": (
        "要点各写各的打算，不比高低",
        "each plan says what is to be done, and none says which is the best",
    ),
}


def not_told_by_plans(kind: str, plans: Sequence[Plan], language: Lang) -> str:
    """That what is asked for is what no plan tells: an outcome, an opinion, the best."""
    chinese, english = _BEYOND[kind]
    if language == "zh":
        return f"在{plan_names(plans, language)}的要点中未找到这一内容：{chinese}。"
    return f"{not_found(plans, language)[:-1]}: {english}."


def nothing_more(plans: Sequence[Plan], language: Lang) -> str:
    """No further sentence belongs to what was asked than those quoted in the answers before."""
    names = plan_names(plans, language)
    if language == "zh":
        return f"除前面已引用的内容外，在{names}的要点中未再找到相关内容。"
    which = "plans" if len(plans) > 1 else "plan"
    return f"Beyond what was quoted before, nothing more was found in the {which} of {names}."


def related(plan: Plan, number: str, quote: str, language: Lang) -> str:
    """The nearest sentence where a plan does not say what is asked, called no more than related."""
    where = quoted(plan, number, quote, language)
    if language == "zh":
        return f"相关但没有回答这一问题的是：{where}"
    return f"Related, but it does not say this: {where}"


def no_such_item(plan: Plan, number: str, language: Lang) -> str:
    """That the plan prints no item with this number."""
    where = plan_name(plan, language)
    if language == "zh":
        return f"在{where}的要点中未找到第{number}条。"
    return f"The plan of {where} has no item {number}."


def model_warning(reason: str, language: Lang) -> str:
    """That the answer stands on quotes alone, and why."""
    if language == "zh":
        return f"未使用语言模型（{reason}），仅给出原文引句。"
    return f"No language model was used ({reason}); the answer is quotes alone."


def read_as(corrections: Sequence[tuple[str, str]], language: Lang) -> str:
    """What words of the question were read as."""
    if language == "zh":
        return "问题中的" + "、".join(f"“{wrong}”按“{right}”" for wrong, right in corrections) + "理解。"
    return (
        "Read in the question: " + ", ".join(f'"{wrong}" as "{right}"' for wrong, right in corrections) + "."
    )
