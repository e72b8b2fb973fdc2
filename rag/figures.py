"""Finds the figures that a question means in the sentences found for it, and makes the bars of a chart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.plan import Plan
from rag.amounts import asked_amounts
from rag.quantities import Quantity, is_measured, not_comparable, read_quantities
from rag.records import Bar, Chunk, Figures, Operation
from rag.steps import Look, Steps
from rag.tokenise import is_chinese
from rag.wanted import Wanted, wanted_in
from rag.wording import Lang, plan_name

_PARTS = re.compile(r"[，,、；;：:。?？]|和|与|跟|以及|加上|比|里|\band\b|\bplus\b|\bthan\b", re.IGNORECASE)
_CHECK = re.compile(r"核对|核实|核算|对不对|对得上|是否一致|分项|逐项")
_WANTS_TOTAL = re.compile(r"目标|达到|总数|共有")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ENOUGH = 2
"""Figures without which there is nothing to compute."""
_MIN_LIKENESS = 0.25
"""A figure counts as meant where its subject is this much like the words that ask for it."""
_OF_LIKEST = 0.5
"""Of several plans, a figure counts as meant where it is this share as like the words as the likest is."""
_OF_NEAREST = 0.8
"""The same of vectors, for questions in English."""
_MAX_READ = 6
"""Figures that are set beside an English question by their vectors, for each costs a forward pass."""
_ASKED_UNIT = 0.2
"""What it is worth that a figure has the unit that the question asks in."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with the sentence and plan that it stands in."""

    plan: Plan
    chunk: Chunk
    quantity: Quantity


def find_figures(steps: Steps, look: Look) -> list[Figure]:
    """The figures that the question means: of each plan the best, or of one plan one for each thing named."""
    parts = _parts_of_total(steps, look)
    if parts:
        return parts
    topic = steps.reading.topic
    if len(steps.plans) == 1:
        return _of_one_plan(steps, look, look.keywords) if is_chinese(topic) else _by_vectors(steps, look)
    figures = _of_each_plan(steps, look, look.keywords if is_chinese(topic) else topic)
    return _by_vectors(steps, look) if len(figures) < _ENOUGH and not is_chinese(topic) else figures


def result_of(figures: Sequence[Figure], operation: Operation) -> Decimal:
    """What comes of the figures."""
    values = [figure.quantity.value for figure in figures]
    if operation == "difference":
        return max(values) - min(values)
    if operation == "most":
        return max(values)
    return min(values) if operation == "least" else sum(values, Decimal(0))


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
        for figure in (Figure(plan, chunk, q) for q in read_quantities(chunk.text) if is_measured(q))
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


def _parts_of_total(steps: Steps, look: Look) -> list[Figure]:
    """The parts that a sentence gives of a total which the question asks to check (193所,加总核对一下)."""
    if not _CHECK.search(look.keywords):
        return []
    totals = {quantity.value for quantity in read_quantities(look.keywords)}
    for plan in steps.plans:
        figures = [figure for figure, _ in _candidates(steps, look, plan)]
        for start, total in enumerate(figures):
            if total.quantity.value not in totals:
                continue
            parts: list[Figure] = []
            for figure in figures[start + 1 :]:
                if figure.chunk != total.chunk or figure.quantity.counts != total.quantity.counts:
                    break
                parts.append(figure)
                if len(parts) > 1 and result_of(parts, "sum") == total.quantity.value:
                    return parts
    return []


def _of_each_plan(steps: Steps, look: Look, keywords: str) -> list[Figure]:
    wanted = wanted_in(steps, keywords)
    units = asked_amounts(steps.reading.question) or []
    found = [
        (figure, wanted.likeness(figure.quantity), score)
        for plan in steps.plans
        for figure, score in _candidates(steps, look, plan)
    ]
    least = max(_MIN_LIKENESS, _OF_LIKEST * max((likeness for _, likeness, _ in found), default=0.0))
    meant = [
        (figure, likeness + score + _ASKED_UNIT * (figure.quantity.unit in units))
        for figure, likeness, score in found
        if likeness >= least
    ]
    alike = _of_one_unit(meant)
    if len(alike) >= _ENOUGH:
        return alike
    return _best_of_plans(meant)


def _best_of_plans(found: Sequence[tuple[Figure, float]]) -> list[Figure]:
    best: dict[str, tuple[Figure, float]] = {}
    for figure, worth in found:
        plan_id = figure.plan.plan_id
        if plan_id not in best or worth > best[plan_id][1]:
            best[plan_id] = (figure, worth)
    return [figure for figure, _ in best.values()]


def _of_one_plan(steps: Steps, look: Look, keywords: str) -> list[Figure]:
    plan = steps.plans[0]
    wants_total = bool(_WANTS_TOTAL.search(keywords))
    candidates = _candidates(steps, look, plan)
    figures: list[Figure] = []
    for part in _PARTS.split(_YEAR.sub("", keywords)):
        if any(character.isdigit() for character in part):
            continue  # a figure that the question brings along says which context is meant, not what to add
        wanted = wanted_in(steps, part)
        best: tuple[float, Figure] | None = None
        for figure, score in candidates:
            meant = wanted.likeness(figure.quantity)
            total = meant + score + 0.2 * (figure.quantity.is_total == wants_total)
            if meant >= _MIN_LIKENESS and (best is None or total > best[0]) and figure not in figures:
                best = (total, figure)
        if best is not None:
            figures.append(best[1])
    return figures


def _by_vectors(steps: Steps, look: Look) -> list[Figure]:
    """The figures nearest to the question by their vectors, where question and plans share no words.

    Of several plans the nearest figure of each; of one plan, for each thing that the question names, the
    nearest in one sentence: what is added up stands together more often than not.
    """
    encoder = steps.encoder
    wanted = wanted_in(steps, steps.reading.topic)
    worths = [
        (figure, score + wanted.likeness(figure.quantity))
        for plan in steps.plans
        for figure, score in _candidates(steps, look, plan)
    ]
    candidates = [figure for figure, _ in sorted(worths, key=lambda pair: -pair[1])[:_MAX_READ]]
    if not candidates:
        return []
    texts = [_phrase(figure.quantity) for figure in candidates]
    vectors = encoder.encode_passages(texts, ["" for _ in texts])
    if len(steps.plans) > 1:
        scores = vectors @ encoder.encode_question(steps.reading.topic)
        near = [
            (figure, float(score))
            for figure, score in zip(candidates, scores, strict=True)
            if score >= _OF_NEAREST * scores.max()
        ]
        return _best_of_plans(near)
    parts = [part.strip() for part in _PARTS.split(steps.reading.topic) if len(part.split()) > 0]
    chosen: list[int] = []
    for part in parts[-_ENOUGH:]:
        scores = vectors @ encoder.encode_question(part)
        # what is added up is counted alike
        order = sorted(
            (i for i in range(len(candidates)) if i not in chosen),
            key=lambda i: (
                not _counts_like(candidates[i], [candidates[j] for j in chosen]),
                -float(scores[i]),
            ),
        )
        chosen += order[:1]
    return [candidates[i] for i in chosen]


def _counts_like(figure: Figure, others: Sequence[Figure]) -> bool:
    return not_comparable([figure.quantity, *(other.quantity for other in others)]) is None


def _phrase(quantity: Quantity) -> str:
    return f"{quantity.subject.strip()}{quantity.shown}"


def _candidates(steps: Steps, look: Look, plan: Plan) -> list[tuple[Figure, float]]:
    """The figures of the plan's hits, each with its sentence's score."""
    hits = [hit for hit in look.hits if hit.plan_id == plan.plan_id]
    fused = look.scores.fused
    return [
        (Figure(plan, chunk, quantity), float(fused[row]))
        for hit in hits
        for row, chunk in steps.retriever.sentences(hit.item_id)
        for quantity in filter(is_measured, read_quantities(chunk.text))
    ]
