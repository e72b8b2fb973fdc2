"""Answers for sums, differences, the most and the least: code computes and quotes every figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.plan import Plan
from rag.citations import marks
from rag.draft import Draft
from rag.figure_parts import asks_what_was_before, read_operation
from rag.figure_wording import (
    addends,
    computed,
    extreme_part,
    for_each,
    lumped,
    no_figure,
    not_computed,
    of_each,
    only_figure,
    sums_of_sides,
)
from rag.figures import find_figures, make_bars, of_each_plan, result_of, total_and_added
from rag.lookup import N_HITS
from rag.one_plan_figures import parts_of_total
from rag.quantities import Quantity, are_things, not_comparable, show
from rag.records import Claim, Figures, Operation
from rag.school_kinds import lumps_together
from rag.steps import Steps
from rag.verdicts import VerdictJudge
from rag.weighed_figures import Figure
from rag.wording import Lang, quoted

_WITHOUT_LUMPED: tuple[Operation, ...] = ("most", "least", "list")
"""What may be told of the figures that are left where some count several kinds of schools together."""
_OF_ADDENDS: tuple[Operation, ...] = ("sum", "difference")
_OF_SIDES: tuple[Operation, ...] = ("most", "least", "difference")
_ENOUGH = 2
"""Figures without which there is nothing to compute."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What stands in the answer of the figures."""

    lines: list[str]
    claims: list[Claim]
    numbers: list[int]
    """Of each figure its citation."""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The figures, those of them that are computed with, and what is done with these."""

    figures: list[Figure]
    used: list[Figure]
    apart: list[Figure]
    """Those that count what is asked for together with something else."""
    operation: Operation
    why_not: str | None
    """Why nothing can be computed; None where it can."""


def answer_count(steps: Steps, judge: VerdictJudge) -> Draft | None:
    """Compute over figures of the evidence.

    None where there are not two figures that the question means, or all plans are silent on it. For the most
    or the least of several plans one figure is enough to say that no other plan has one.
    """
    look = steps.look(N_HITS if len(steps.plans) == 1 else 3, per_plan=True)
    silent = judge.silent_plans(look.scores, steps.reading.plan_ids)
    question = steps.reading.question
    parts = parts_of_total(steps, look)
    if all(plan.plan_id in silent for plan in steps.plans) and not parts:
        return None
    before = total_and_added(steps, look) if asks_what_was_before(question) else []
    figures = before or parts or find_figures(steps, look)
    operation: Operation = "difference" if before else read_operation(question)
    alone = len(steps.plans) > 1 and operation in ("most", "least")
    if len(figures) < (1 if alone else _ENOUGH):
        return None
    shown = _show(steps, figures)
    if shown is None:
        return None
    chosen = _choose(figures, operation, question, is_before=bool(before))
    return _write(steps, chosen, shown)


def _choose(figures: list[Figure], operation: Operation, question: str, *, is_before: bool) -> _Chosen:
    """What is computed with: for the most and the least without figures that lump schools together."""
    if is_before:
        return _Chosen(figures, figures, [], operation, None)
    apart = [figure for figure in figures if lumps_together(figure.quantity, question)]
    used = [figure for figure in figures if figure not in apart]
    if apart and (operation not in _WITHOUT_LUMPED or not used):
        return _Chosen(figures, figures, apart, operation, "lumped")
    if operation == "list":
        return _Chosen(figures, used, apart, operation, None if used else "lumped")
    quantities = [figure.quantity for figure in used]
    of_one_plan = _are_of_one_plan(used)
    why: str | None = not_comparable(quantities)
    if why == "unit" and of_one_plan and are_things(quantities):
        why = None  # the things of one plan that the question names
    if why is None and operation == "sum" and quantities[0].unit == "%":
        why = "share"
    return _Chosen(figures, used, apart, operation, why)


def _write(steps: Steps, chosen: _Chosen, shown: _Shown) -> Draft:
    language = steps.reading.language
    figures, lines, claims = chosen.figures, shown.lines, shown.claims
    quantities = [figure.quantity for figure in chosen.used]
    result: str | None = None
    if chosen.why_not is not None and chosen.why_not != "lumped":
        lines.append(not_computed(chosen.why_not, [quantity.unit for quantity in quantities], language))
    elif chosen.why_not is None:
        result = None if chosen.operation == "list" else show(result_of(_sides(chosen), chosen.operation))
        numbers = [n for figure, n in zip(figures, shown.numbers, strict=True) if figure in chosen.used]
        cited = tuple(dict.fromkeys(numbers))
        text = _side_by_side(chosen, language) if result is None else _computed(steps, chosen, result)
        claims.append(Claim(text, cited, "verified"))
        lines.insert(0, text + marks(cited))
        each = {quantity.per for quantity in quantities}
        if len(each) > 1:
            lines.append(for_each(sorted(each - {""}), language))
    if chosen.apart:
        lines.append(
            lumped([(one.plan, _in_words(one.quantity, language)) for one in chosen.apart], language)
        )
    without = [plan for plan in steps.plans if plan not in [figure.plan for figure in figures]]
    if without:
        lines.append(no_figure(without, language))
    text = "\n".join(lines)
    steps.say(text)
    items = sum(len(plan.items) for plan in steps.plans)
    unit = "" if chosen.why_not == "unit" else _unit(quantities)
    bars = make_bars(figures, shown.numbers, language)
    table = Figures(chosen.operation, unit, chosen.why_not is None, bars, result)
    n_plans = len(steps.plans)
    return Draft("answered", text, tuple(dict.fromkeys(claims)), None, n_plans, items, figures=table)


def _sides(chosen: _Chosen) -> list[Figure]:
    """The figures, where plans are measured against each other one for each plan, with all that it has."""
    if chosen.operation not in _OF_SIDES or _are_of_one_plan(chosen.used):
        return chosen.used
    return of_each_plan(chosen.used)


def _sums(chosen: _Chosen) -> dict[str, str]:
    """Of each plan with several figures these as they are added up (60 + 30)."""
    values: dict[str, list[str]] = {}
    for figure in chosen.used:
        values.setdefault(figure.plan.plan_id, []).append(show(figure.quantity.value))
    return {plan_id: " + ".join(own) for plan_id, own in values.items() if len(own) > 1}


def _side_by_side(chosen: _Chosen, language: Lang) -> str:
    """The line of figures that are asked for one by one."""
    values = [_in_words(figure.quantity, language) for figure in chosen.used]
    one_plan = _are_of_one_plan(chosen.figures)
    names = [figure.quantity.thing if one_plan else figure.plan for figure in chosen.used]
    return of_each(list(zip(names, values, strict=True)), language)


def _computed(steps: Steps, chosen: _Chosen, result: str) -> str:
    """The line of the result, with every figure that went in."""
    language, operation = steps.reading.language, chosen.operation
    sides = _sides(chosen)
    quantities = [figure.quantity for figure in sides]
    if len(sides) < _ENOUGH:
        return only_figure(sides[0].plan, _in_words(quantities[0], language), language)
    if operation in ("most", "least") and _are_of_one_plan(sides):
        return extreme_part(operation, _named_figures(sides), result, _unit(quantities), language)
    used = _ends(sides) if operation == "difference" else sides
    sums = {} if sides is chosen.used else _sums(chosen)
    shown = [show(figure.quantity.value) for figure in used]
    terms = [(figure.plan, value) for figure, value in zip(used, shown, strict=True)]
    if operation == "difference":
        terms = [(plan, sums.get(plan.plan_id, value)) for plan, value in terms]
    lower = operation in ("sum", "difference") and any(q.bound == "at_least" for q in quantities)
    unit = "个百分点" if quantities[0].unit == "%" and operation == "difference" else _unit(quantities)
    line = computed(operation, (terms, result, unit), language, lower)
    if operation in _OF_ADDENDS:
        return line + addends(_named_figures(used) if not sums else list(terms), language)
    added = [(plan, sums[plan.plan_id], value) for plan, value in terms if plan.plan_id in sums]
    return line + sums_of_sides(added, language)


def _ends(figures: list[Figure]) -> list[Figure]:
    """The largest and the smallest, which a difference is of."""
    ordered = sorted(figures, key=lambda figure: figure.quantity.value)
    return [ordered[-1], ordered[0]]


def _are_of_one_plan(figures: Sequence[Figure]) -> bool:
    return len({figure.plan.plan_id for figure in figures}) == 1


def _named_figures(figures: Sequence[Figure]) -> list[tuple[Plan | str, str]]:
    """What each figure is called beside the others, its plan's name or what it counts, and its value."""
    if not _are_of_one_plan(figures):
        return [(figure.plan, show(figure.quantity.value)) for figure in figures]
    return [(figure.quantity.thing, show(figure.quantity.value)) for figure in figures]


def _unit(quantities: Sequence[Quantity]) -> str:
    """The unit of them all: the measure word that says most; 个, which counts anything, of unlike things."""
    if not_comparable(quantities) == "unit":
        return "个"
    return next((quantity.unit for quantity in quantities if quantity.unit != "个"), quantities[0].unit)


def _in_words(quantity: Quantity, language: str) -> str:
    share = quantity.unit == "%"
    return quantity.shown if language == "zh" else show(quantity.value) + ("%" if share else "")


def _show(steps: Steps, figures: Sequence[Figure]) -> _Shown | None:
    """Quote the sentence of each figure, each sentence once; None where one does not stand in its plan."""
    shown = _Shown([], [], [])
    for figure in figures:
        n = steps.book.cite(figure.chunk)
        if n is None:
            return None
        shown.numbers.append(n)
        number = figure.chunk.item_id.partition("#")[2]
        text = quoted(figure.plan, number, figure.chunk.text, steps.reading.language)
        shown.claims.append(Claim(text, (n,), "verified"))
        if f"- {text}{marks((n,))}" not in shown.lines:
            shown.lines.append(f"- {text}{marks((n,))}")
    return shown
