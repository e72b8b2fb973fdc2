"""Answers for sums, differences, the most and the least: code computes and quotes every figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.citations import marks
from rag.draft import Draft
from rag.figure_parts import asks_what_was_before, read_operation
from rag.figures import Figure, find_figures, make_bars, result_of, total_and_added
from rag.lookup import N_HITS
from rag.quantities import not_comparable, show
from rag.records import Claim, Figures
from rag.steps import Steps
from rag.verdicts import VerdictJudge
from rag.wording import computed, for_each, no_figure, not_computed, quoted


@dataclass(frozen=True, slots=True)
class _Shown:
    """What stands in the answer of the figures."""

    lines: list[str]
    claims: list[Claim]
    numbers: list[int]
    """Of each figure its citation."""


def answer_count(steps: Steps, judge: VerdictJudge) -> Draft | None:
    """Compute over figures of the evidence.

    None where there are not two figures that the question means, or all plans are silent on it.
    """
    look = steps.look(N_HITS if len(steps.plans) == 1 else 3, per_plan=True)
    silent = judge.silent_plans(look.scores, steps.reading.plan_ids)
    if all(plan.plan_id in silent for plan in steps.plans):
        return None
    question = steps.reading.question
    before = total_and_added(steps, look) if asks_what_was_before(question) else []
    figures = before or find_figures(steps, look)
    if len(figures) < 2:
        return None
    shown = _show(steps, figures)
    if shown is None:
        return None
    language = steps.reading.language
    operation = "difference" if before else read_operation(question)
    quantities = [figure.quantity for figure in figures]
    why: str | None = None if before else not_comparable(quantities)
    if why is None and operation == "sum" and quantities[0].unit == "%":
        why = "share"
    cited = tuple(dict.fromkeys(shown.numbers))
    lines, claims = shown.lines, shown.claims
    result: str | None = None
    if why is not None:
        lines.append(not_computed(why, [quantity.unit for quantity in quantities], language))
    else:
        result = show(result_of(figures, operation))
        terms = [(figure.plan, show(figure.quantity.value)) for figure in figures]
        lower = operation in ("sum", "difference") and any(q.bound == "at_least" for q in quantities)
        unit = "个百分点" if quantities[0].unit == "%" and operation == "difference" else quantities[0].unit
        text = computed(operation, (terms, result, unit), language, lower)
        claims.append(Claim(text, cited, "verified"))
        lines.insert(0, text + marks(cited))
        each = {quantity.per for quantity in quantities}
        if len(each) > 1:
            lines.append(for_each(sorted(each - {""}), language))
    without = [plan for plan in steps.plans if plan not in [figure.plan for figure in figures]]
    if without:
        lines.append(no_figure(without, language))
    text = "\n".join(lines)
    steps.say(text)
    items = sum(len(plan.items) for plan in steps.plans)
    unit = quantities[0].unit if why != "unit" else ""
    bars = make_bars(figures, shown.numbers, language)
    table = Figures(operation, unit, why is None, bars, result)
    n_plans = len(steps.plans)
    return Draft("answered", text, tuple(dict.fromkeys(claims)), None, n_plans, items, figures=table)


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
