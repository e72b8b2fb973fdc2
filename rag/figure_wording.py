"""What code says of figures that it put together, set against each other, or could not."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.plan import Plan
from rag.wording import Lang, plan_name, plan_names


def computed(
    operation: str, terms: tuple[list[tuple[Plan, str]], str, str], language: Lang, lower: bool = False
) -> str:
    """What code computed, with every figure that went in; ``lower`` where some of them are lower bounds.

    Of a difference the larger figure comes first; one that is a sum is given with what was added (60 + 30).
    """
    figures, result, unit = terms
    values = [value for _, value in figures]
    if operation in ("most", "least"):
        winners = plan_names([plan for plan, value in figures if value == result], language)
        listed = [f"{plan_name(plan, language)} {value}" for plan, value in figures]
        if language == "zh":
            word = "最多" if operation == "most" else "最少"
            return f"{word}的是{winners}：{result}{unit}（{'、'.join(listed)}）。"
        return f"The {operation}: {winners} with {result} ({', '.join(listed)})."
    if operation == "difference":
        high, low = values[:2]
        shown = f"{high} - {low.replace('+', '-')} = {result}"
    else:
        shown = f"{' + '.join(values)} = {result}"
    if language == "zh":
        return f"计算：{shown} {unit}{'（按“不少于”的下限计）' if lower else ''}。"
    return f"Computed: {shown}{' (from the lower bounds stated)' if lower else ''}."


def sums_of_sides(sums: Sequence[tuple[Plan, str, str]], language: Lang) -> str:
    """What went into the number of a plan that has several figures; empty where none has."""
    shown = [f"{plan_name(plan, language)} {added} = {total}" for plan, added, total in sums]
    if not shown:
        return ""
    return f"其中{'，'.join(shown)}。" if language == "zh" else f" There {', '.join(shown)}."


def not_computed(why: str, units: Sequence[str], language: Lang) -> str:
    """That figures cannot be put together: they are shares, or their units or what they state differ."""
    listed = "、".join(dict.fromkeys(units))
    if why == "unit":
        if language == "zh":
            return f"单位不同（{listed}），不作合计。"
        return f"The units differ ({listed}), so nothing was computed."
    if why == "share":
        if language == "zh":
            return "这些是占比，不能相加。"
        return "These are shares of different wholes, so they were not added up."
    if language == "zh":
        return "有的是达到的总数，有的是新增的数，口径不同，不作合计。"
    return "Some figures state a total that is reached, others what is added, so nothing was computed."


def lumped(figures: Sequence[tuple[Plan, str]], language: Lang) -> str:
    """That some figures count several kinds of schools together, so that they say nothing of one kind."""
    if language == "zh":
        listed = "、".join(f"{plan_name(plan, language)}的{shown}" for plan, shown in figures)
        return f"{listed}是几类学校合在一起的数，不能单独计算或比较。"
    listed = ", ".join(f"{shown} of {plan_name(plan, language)}" for plan, shown in figures)
    return f"Several kinds of schools are counted together here, so it was left out: {listed}."


def only_figure(plan: Plan, shown: str, language: Lang) -> str:
    """That a single plan gives a figure, so that there is nothing to set it against."""
    where = plan_name(plan, language)
    if language == "zh":
        return f"只在一份要点中找到这样的数字：{where} {shown}。"
    return f"Only one plan was found to give such a figure: {where} with {shown}."


def for_each(each: Sequence[str], language: Lang) -> str:
    """That some of the figures hold for each of something and not for all together."""
    what = "、".join(f"“{word}”" for word in each)
    if language == "zh":
        return f"注意：其中有的数是{what}各自的数，不是合计。"
    return f"Note: some of these figures are for each unit ({what}), not for all together."


def no_figure(plans: Sequence[Plan], language: Lang) -> str:
    """Which plans in scope gave no figure to compute with."""
    names = plan_names(plans, language)
    return (
        f"未在其中找到数字：{names}。"
        if language == "zh"
        else f"No figure was found in the plan of: {names}."
    )


Named = Sequence[tuple[Plan | str, str]]
"""Figures, each with its plan or with the plan's words for what it counts."""


def addends(figures: Named, language: Lang) -> str:
    """What each number of a sum or difference is; empty where names are missing or do not tell them apart."""
    names = [_name(name, language) for name, _ in figures]
    if not all(name for name, _ in figures) or len(set(names)) < len(names):
        return ""
    return ("式中：" if language == "zh" else " Here: ") + _listed(figures, language)


def of_each(figures: Named, language: Lang) -> str:
    """Figures that are asked for one by one."""
    return ("各是：" if language == "zh" else "One by one: ") + _listed(figures, language)


def extreme_part(operation: str, figures: Named, result: str, unit: str, language: Lang) -> str:
    """Which part of something is the largest or the smallest, with all of them."""
    winners = _listed([(name, "") for name, value in figures if value == result], language)
    listed = _listed(figures, language)
    if language == "zh":
        word = "最多" if operation == "most" else "最少"
        return f"{word}的是{winners[:-1]}：{result}{unit}（{listed[:-1]}）。"
    return f"The {operation}: {winners[:-1]} with {result} ({listed[:-1]})."


def _listed(figures: Named, language: Lang) -> str:
    """Names with their values; the plan's own words in quotation marks in an English sentence."""
    joint, stop = ("，", "。") if language == "zh" else (", ", ".")
    pairs = (f"{_name(name, language)} {value}".replace("） ", "）").rstrip() for name, value in figures)
    return joint.join(pairs) + stop


def _name(name: Plan | str, language: Lang) -> str:
    if isinstance(name, str):
        return name if language == "zh" else f"“{name}”"
    return plan_name(name, language)
