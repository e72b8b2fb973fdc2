"""Finds the figures that a question means in the sentences found for it, and makes the bars of a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from corpus.plan import Plan
from rag.amounts import computed_units
from rag.figure_parts import asks_which_builds_more, read_operation
from rag.one_plan_figures import figures_of_one_plan
from rag.quantities import name_alike, not_comparable, read_measured
from rag.records import Bar, Chunk, Figures, Operation
from rag.school_kinds import kinds_asked, kinds_named
from rag.steps import Look, Steps
from rag.tokenise import is_chinese, pairs
from rag.wanted import Wanted, wanted_in
from rag.weighed_figures import (
    MAX_READ,
    Figure,
    candidates,
    counts_built,
    counts_like,
    figures_of,
    is_meant,
    of_schools,
    those_built,
    weigh,
    weigh_parts,
)
from rag.wording import Lang, plan_name

_FEW_PLANS = 3
"""Plans of which the figures are weighed one by one; of more it would take too long."""
_ENOUGH = 2
"""Figures without which there is nothing to compute."""
_MIN_LIKENESS = 0.25
"""A figure counts as meant where its subject is this much like the words that ask for it."""
_OF_LIKEST = 0.5
"""Of several plans, a figure counts as meant where it is this share as like the words as the likest is."""
_OF_NEAREST = 0.8
"""The same of vectors, for questions in English."""
_ASKED_UNIT = 0.2
"""What it is worth that a figure has the unit that the question asks in."""


def find_figures(steps: Steps, look: Look) -> list[Figure]:
    """The figures that the question means: of each plan the best, or of one plan one for each thing named."""
    topic = steps.reading.topic
    if len(steps.plans) == 1:
        return figures_of_one_plan(steps, look)
    figures = _of_each_plan(steps, look, look.keywords if is_chinese(topic) else topic)
    if len(figures) < len(steps.plans) <= _FEW_PLANS:
        return _of_each_by_worth(steps, look)
    return _by_vectors(steps, look) if len(figures) < _ENOUGH and not is_chinese(topic) else figures


def result_of(figures: Sequence[Figure], operation: Operation) -> Decimal:
    """What comes of the figures."""
    values = [figure.quantity.value for figure in figures]
    if operation == "difference":
        return max(values) - min(values)
    if operation == "most":
        return max(values)
    return min(values) if operation == "least" else sum(values, Decimal(0))


def of_each_plan(figures: Sequence[Figure]) -> list[Figure]:
    """What each plan has in all: its figure, or one with the sum of its figures."""
    by_plan: dict[str, list[Figure]] = {}
    for figure in figures:
        by_plan.setdefault(figure.plan.plan_id, []).append(figure)
    return [
        replace(own[0], quantity=replace(own[0].quantity, value=result_of(own, "sum")))
        for own in by_plan.values()
    ]


def make_bars(figures: Sequence[Figure], citations: Sequence[int], language: Lang) -> tuple[Bar, ...]:
    """A bar for each figure, called by its plan, or by what is counted where all are of one plan."""
    one_plan = len({figure.plan.plan_id for figure in figures}) == 1
    bars: list[Bar] = []
    for figure, n in zip(figures, citations, strict=True):
        quantity = figure.quantity
        name = plan_name(figure.plan, language)
        label = quantity.subject.strip() if one_plan else name
        bars.append(Bar(figure.plan.plan_id, label or name, float(quantity.value), quantity.shown, n))
    return tuple(bars)


def list_figures(
    found: Sequence[tuple[Plan, Chunk, int]], topic: str | Wanted, language: Lang
) -> Figures | None:
    """The figures of quotes that answer a "which plans" question, where they count like things in one unit.

    ``found`` has the quotes with their citations, those of a plan in their order. None where fewer than two
    plans have such a figure.
    """
    wanted = Wanted.of_chinese(topic) if isinstance(topic, str) else topic
    citations = {chunk.chunk_id: n for _, chunk, n in found}
    meant = [
        (figure, wanted.likeness(figure.quantity))
        for plan, chunk, _ in found
        for figure in (Figure(plan, chunk, quantity) for quantity in read_measured(chunk.text))
    ]
    figures = _of_one_unit([(figure, likeness) for figure, likeness in meant if likeness > 0])
    if len(figures) < _ENOUGH:
        return None
    comparable = not_comparable([figure.quantity for figure in figures]) is None
    bars = make_bars(figures, [citations[figure.chunk.chunk_id] for figure in figures], language)
    return Figures("list", figures[0].quantity.unit, comparable, bars)


def _of_one_unit(found: Sequence[tuple[Figure, float]]) -> list[Figure]:
    """Of each plan its best figure in the unit that most plans count in, then in which they come nearest."""
    by_unit: dict[str, dict[str, tuple[Figure, float]]] = {}
    for figure, worth in found:
        best = by_unit.setdefault(figure.quantity.counts, {})
        plan_id = figure.plan.plan_id
        if plan_id not in best or worth > best[plan_id][1]:
            best[plan_id] = (figure, worth)
    if not by_unit:
        return []
    chosen = max(by_unit.values(), key=lambda best: (len(best), sum(worth for _, worth in best.values())))
    return [figure for figure, _ in chosen.values()]


def _of_each_plan(steps: Steps, look: Look, keywords: str) -> list[Figure]:
    wanted = wanted_in(steps, keywords)
    units = computed_units(steps.reading.question)
    found = [
        (figure, wanted.likeness(figure.quantity), score)
        for plan in steps.plans
        for figure, score in candidates(steps, look, plan)
    ]
    least = max(_MIN_LIKENESS, _OF_LIKEST * max((likeness for _, likeness, _ in found), default=0.0))
    of_kinds = (
        (one, likeness, score, of_schools(steps.reading.topic, one.quantity))
        for one, likeness, score in found
    )
    meant = [
        (figure, likeness + score + _ASKED_UNIT * (figure.quantity.unit in units))
        for figure, likeness, score, of_kind in of_kinds
        if of_kind >= 0 and (likeness >= least or counts_built(steps.reading.question, figure.quantity))
    ]
    meant = those_built(steps.reading.question, meant)
    alike = _of_one_unit(meant)
    chosen = alike if len(alike) >= _ENOUGH else _best_of_plans(meant)
    asked = kinds_asked(steps.reading.question)
    chosen = [_widest(_of_asked_kind(figure, asked), meant) for figure in chosen]
    question = steps.reading.question
    of_all_kinds = read_operation(question) in ("sum", "list") or asks_which_builds_more(question)
    if len(asked) == 1 or not of_all_kinds:
        return chosen
    return [one for figure in chosen for one in _of_each_kind(steps, figure, asked, wanted)]


def _of_asked_kind(figure: Figure, asked: frozenset[str]) -> Figure:
    """The part of a bare figure (新改扩建193所) that its sentence gives for the kind of schools asked for."""
    whole = figure.quantity
    if kinds_named(whole.subject):
        return figure
    parts = [
        part
        for part in read_measured(figure.chunk.text)
        if kinds_named(part.subject)
        and kinds_named(part.subject) <= asked
        and (part.counts, part.kind) == (whole.counts, whole.kind)
    ]
    return replace(figure, quantity=parts[0]) if len(parts) == 1 else figure


def _widest(figure: Figure, found: Sequence[tuple[Figure, float]]) -> Figure:
    """The plan's largest figure on the same thing: the smaller ones are those of single programmes."""
    own = figure.quantity
    same = [
        other
        for other, _ in found
        if other.plan == figure.plan
        and (other.quantity.counts, other.quantity.is_total) == (own.counts, own.is_total)
        and pairs(other.quantity.subject) == pairs(own.subject)
    ]
    return max(same, key=lambda other: other.quantity.value, default=figure)


def _of_each_kind(steps: Steps, first: Figure, asked: frozenset[str], wanted: Wanted) -> list[Figure]:
    """A figure on what is added, and those of its plan on the other kinds of schools that are asked for.

    The words of these need not be like the question's, which may say 学校 where the plan says 中小学.
    """
    covered = kinds_named(first.quantity.subject) & asked
    figures = [first]
    likest = [
        (wanted.likeness(figure.quantity), figure)
        for figure, _ in (figures_of(steps, first.plan) if covered else ())
        if counts_like(figure, [first]) and figure.quantity.kind == first.quantity.kind == "added"
    ]
    for likeness, other in sorted(likest, key=lambda pair: -pair[0]):
        kinds = kinds_named(other.quantity.subject)
        is_meant_too = likeness > 0 or counts_built(steps.reading.question, other.quantity)
        if is_meant_too and kinds and kinds <= asked - covered:
            figures.append(other)
            covered |= kinds
    return figures


def _best_of_plans(found: Sequence[tuple[Figure, float]]) -> list[Figure]:
    best: dict[str, tuple[Figure, float]] = {}
    for figure, worth in found:
        plan_id = figure.plan.plan_id
        if plan_id not in best or worth > best[plan_id][1]:
            best[plan_id] = (figure, worth)
    return [figure for figure, _ in best.values()]


def _of_each_by_worth(steps: Steps, look: Look) -> list[Figure]:
    """Of each plan the figure that comes nearest to one of the things named, all of them counted alike."""
    named, found = weigh_parts(steps, look)
    best = max((max(one.worths[: len(named)]) for one in found), default=0.0)
    meant = [
        (one.figure, max(one.worths[: len(named)]))
        for one in found
        if any(is_meant(one, place, best, len(named)) for place in range(len(named)))
    ]
    alike = _of_one_unit(meant)
    return alike if len(alike) >= _ENOUGH else _best_of_plans(meant)


def _by_vectors(steps: Steps, look: Look) -> list[Figure]:
    """Of each plan the figure nearest to the question by its vector, where they share no words."""
    encoder = steps.encoder
    wanted = wanted_in(steps, steps.reading.topic)
    worths = [
        (figure, score + wanted.likeness(figure.quantity))
        for plan in steps.plans
        for figure, score in candidates(steps, look, plan)
    ]
    nearest = [figure for figure, _ in sorted(worths, key=lambda pair: -pair[1])[:MAX_READ]]
    if not nearest:
        return []
    texts = [figure.quantity.phrase for figure in nearest]
    vectors = encoder.encode_passages(texts, ["" for _ in texts])
    scores = vectors @ encoder.encode_question(steps.reading.topic)
    near = [
        (figure, float(score))
        for figure, score in zip(nearest, scores, strict=True)
        if score >= _OF_NEAREST * scores.max()
    ]
    return _best_of_plans(near)


def total_and_added(steps: Steps, look: Look) -> list[Figure]:
    """The total that is reached and what is added to it, of the thing that the question names; else none."""
    if len(steps.plans) != 1:
        return []
    found = sorted(weigh(steps, look, [steps.reading.topic]), key=lambda one: -one.worths[0])
    for one in found[:_ENOUGH]:
        figure = one.figure
        pair = [
            other.figure
            for other in found
            if other.figure.chunk.item_id == figure.chunk.item_id
            and other.figure.quantity.is_total != figure.quantity.is_total
            and other.figure.quantity.counts == figure.quantity.counts
            and name_alike(other.figure.quantity, figure.quantity)
        ]
        if pair:
            return sorted([figure, pair[0]], key=lambda one: -one.quantity.value)
    return []
