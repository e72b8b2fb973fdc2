"""Finds the figures that a question means in the sentences found for it, and makes the bars of a chart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from corpus.plan import Plan
from rag.quantities import Quantity, is_measured, not_comparable, read_quantities
from rag.records import Bar, Chunk, Figures, Operation
from rag.steps import Look, Steps
from rag.tokenise import is_chinese
from rag.wording import Lang, plan_name

_PARTS = re.compile(r"[，,、；;：:。?？]|和|与|跟|以及|加上|比|里|\band\b|\bplus\b|\bthan\b", re.IGNORECASE)
_ASKING = re.compile(
    r"一共|总共|合计|加起来|总和|总数|加总|相加|多少|几(?=[所个名人间门项])|目标|两个|最低数|最多|最少|相差|差"
)
_CHECK = re.compile(r"核对|核实|核算|对不对|对得上|是否一致|分项|逐项")
_WANTS_TOTAL = re.compile(r"目标|达到|总数|共有")
_MIN_LIKENESS = 0.25
"""A figure counts as meant where its subject is this much like the words that ask for it."""
_NEAR = 0.8
"""Without common words, figures are taken from sentences that reach this share of the best score …"""
_MAX_READ = 16
"""… and so many of them at the most, for each must be put into a vector."""
_ANSWERS_DIRECTLY = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with the sentence and plan that it stands in."""

    plan: Plan
    chunk: Chunk
    quantity: Quantity


def find_figures(steps: Steps, look: Look) -> list[Figure]:
    """The figures that the question means: of each plan the best, or of one plan one for each thing named."""
    if not is_chinese(look.keywords):
        return _by_vectors(steps, look)
    parts = _parts_of_total(steps, look)
    if parts:
        return parts
    if len(steps.plans) == 1:
        return _of_one_plan(steps, look, look.keywords)
    return _of_each_plan(steps, look, look.keywords)


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


def list_figures(found: Sequence[tuple[Plan, Chunk, int]], topic: str, language: Lang) -> Figures | None:
    """The figures of quotes that answer a "which plans" question, where they count like things in one unit.

    ``found`` has the quotes with their citations, those of a plan in their order. None where fewer than two
    plans have such a figure.
    """
    wanted = pairs(_ASKING.sub("", topic))
    best: dict[str, tuple[float, Figure, int]] = {}
    for plan, chunk, n in found:
        for quantity in filter(is_measured, read_quantities(chunk.text)):
            meant = likeness(wanted, quantity)
            if meant > 0 and (plan.plan_id not in best or meant > best[plan.plan_id][0]):
                best[plan.plan_id] = (meant, Figure(plan, chunk, quantity), n)
    if not best:
        return None
    unit, _ = Counter(figure.quantity.counts for _, figure, _ in best.values()).most_common(1)[0]
    chosen = [(figure, n) for _, figure, n in best.values() if figure.quantity.counts == unit]
    if len(chosen) < 2:
        return None
    figures = [figure for figure, _ in chosen]
    comparable = not_comparable([figure.quantity for figure in figures]) is None
    bars = make_bars(figures, [n for _, n in chosen], language)
    return Figures("list", figures[0].quantity.unit, comparable, bars)


def likeness(wanted: set[str], quantity: Quantity) -> float:
    """Dice's coefficient of two sets of character pairs."""
    subject = pairs(quantity.subject)
    return 2 * len(wanted & subject) / (len(wanted) + len(subject)) if wanted and subject else 0.0


def pairs(text: str) -> set[str]:
    """Every pair of neighbouring Chinese characters: the names of things that are counted are short."""
    runs = re.findall(r"[㐀-鿿]+", text)
    return {run[i : i + 2] for run in runs for i in range(len(run) - 1)}


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
    wanted = pairs(_ASKING.sub("", keywords))
    figures: list[Figure] = []
    for plan in steps.plans:
        best: tuple[float, Figure] | None = None
        for figure, score in _candidates(steps, look, plan):
            total = likeness(wanted, figure.quantity) + score
            if best is None or total > best[0]:
                best = (total, figure)
        if best is not None and likeness(wanted, best[1].quantity) >= _MIN_LIKENESS:
            figures.append(best[1])
    return figures


def _of_one_plan(steps: Steps, look: Look, keywords: str) -> list[Figure]:
    plan = steps.plans[0]
    wants_total = bool(_WANTS_TOTAL.search(keywords))
    figures: list[Figure] = []
    for part in _PARTS.split(keywords):
        if any(character.isdigit() for character in part):
            continue  # a figure that the question brings along says which context is meant, not what to add
        wanted = pairs(_ASKING.sub("", part))
        best: tuple[float, Figure] | None = None
        for figure, score in _candidates(steps, look, plan):
            meant = likeness(wanted, figure.quantity)
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
    near = [pair for plan in steps.plans for pair in _near(_candidates(steps, look, plan))]
    candidates = [figure for figure, _ in sorted(near, key=lambda pair: -pair[1])[:_MAX_READ]]
    if not candidates:
        return []
    texts = [_phrase(figure.quantity) for figure in candidates]
    vectors = encoder.encode_passages(texts, ["" for _ in texts])
    if len(steps.plans) > 1:
        scores = vectors @ encoder.encode_question(steps.reading.topic)
        figures: list[Figure] = []
        for plan in steps.plans:
            own = [i for i, figure in enumerate(candidates) if figure.plan.plan_id == plan.plan_id]
            if own:
                figures.append(candidates[max(own, key=lambda i: float(scores[i]))])
        return figures
    parts = [part.strip() for part in _PARTS.split(steps.reading.topic) if len(part.split()) > 0][-3:]
    chosen: list[int] = []
    for part in parts:
        scores = vectors @ encoder.encode_question(part)
        order = [int(i) for i in np.argsort(-scores, kind="stable") if int(i) not in chosen]
        chosen += order[:1]
    return [candidates[i] for i in chosen[-_ANSWERS_DIRECTLY:]]


def _phrase(quantity: Quantity) -> str:
    return f"{quantity.subject.strip()}{quantity.shown}"


def _near(candidates: Sequence[tuple[Figure, float]]) -> list[tuple[Figure, float]]:
    best = max((score for _, score in candidates), default=0.0)
    return [(figure, score) for figure, score in candidates if score >= _NEAR * best]


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
