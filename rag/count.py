"""Answers for sums, differences, the most and the least: code computes and quotes every figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from corpus.plan import Plan
from rag.citations import marks
from rag.draft import Draft
from rag.lookup import N_HITS
from rag.quantities import Quantity, read_quantities, show
from rag.records import Chunk, Claim
from rag.steps import Look, Steps
from rag.wording import computed, not_comparable, quoted

Operation = Literal["sum", "difference", "most", "least"]

_DIFFERENCE = re.compile(
    r"差|比.{1,16}(?:多|少)|多多少|少多少|\bdifference\b|\bhow many (?:more|fewer)\b", re.I
)
_MOST = re.compile(r"最多|最大|最高|\bthe most\b|\blargest\b", re.I)
_LEAST = re.compile(r"最少|最小|最低的|\bthe (?:least|fewest)\b|\bsmallest\b", re.I)
_PARTS = re.compile(r"[，,、；;：:。?？]|和|与|跟|以及|加上|比|里|\band\b|\bplus\b|\bthan\b")
_ASKING = re.compile(
    r"一共|总共|合计|加起来|总和|总数|加总|相加|多少|几(?=[所个名人间门项])|目标|两个|最低数|最多|最少|相差|差"
)
_WANTS_TOTAL = re.compile(r"目标|达到|总数|共有")
_MIN_LIKENESS = 0.25
"""A figure counts as meant where its subject is this much like the words that ask for it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with the sentence and plan that it stands in."""

    plan: Plan
    chunk: Chunk
    quantity: Quantity


def answer_count(steps: Steps) -> Draft | None:
    """Compute over figures of the evidence; None where there are not two figures that the question means."""
    look = steps.look(N_HITS if len(steps.plans) == 1 else 3, per_plan=True)
    keywords = look.keywords
    figures = (
        _of_one_plan(steps, look, keywords) if len(steps.plans) == 1 else _of_each_plan(steps, look, keywords)
    )
    if len(figures) < 2:
        return None
    operation = _operation(steps.reading.question)
    language = steps.reading.language
    claims: list[Claim] = []
    lines: list[str] = []
    for figure in figures:
        n = steps.book.cite(figure.chunk)
        if n is None:
            return None
        number = figure.chunk.item_id.partition("#")[2]
        text = quoted(figure.plan, number, figure.chunk.text, language)
        claims.append(Claim(text, (n,), "verified"))
        if f"- {text}{marks((n,))}" not in lines:
            lines.append(f"- {text}{marks((n,))}")
    cited = tuple(dict.fromkeys(n for claim in claims for n in claim.citations))
    if len({figure.quantity.unit for figure in figures}) > 1:
        lines.append(not_comparable([figure.quantity.unit for figure in figures], language))
        result = None
    else:
        result = computed(operation, _terms(figures, operation, language), language)
        claims.append(Claim(result, cited, "verified"))
    text = "\n".join([*([result + marks(cited)] if result else []), *lines])
    steps.say(text)
    items = sum(len(plan.items) for plan in steps.plans)
    return Draft("answered", text, tuple(dict.fromkeys(claims)), None, len(steps.plans), items)


def _operation(question: str) -> Operation:
    if _MOST.search(question):
        return "most"
    if _LEAST.search(question):
        return "least"
    return "difference" if _DIFFERENCE.search(question) else "sum"


def _terms(
    figures: Sequence[Figure], operation: Operation, language: Literal["zh", "en"]
) -> tuple[list[tuple[Plan, str]], str, str]:
    """The figures as they are shown, the result, and the unit."""
    values = [figure.quantity.value for figure in figures]
    results: dict[Operation, Decimal] = {
        "sum": sum(values, Decimal(0)),
        "difference": max(values) - min(values),
        "most": max(values),
        "least": min(values),
    }
    shown = [(figure.plan, show(figure.quantity.value)) for figure in figures]
    return shown, show(results[operation]), figures[0].quantity.unit


def _of_each_plan(steps: Steps, look: Look, keywords: str) -> list[Figure]:
    """The best figure of each plan."""
    wanted = _pairs(_ASKING.sub("", keywords))
    figures: list[Figure] = []
    for plan in steps.plans:
        best: tuple[float, Figure] | None = None
        for figure, likeness in _candidates(steps, look, plan):
            score = _likeness(wanted, figure.quantity) + likeness
            if best is None or score > best[0]:
                best = (score, figure)
        if best is not None and _likeness(wanted, best[1].quantity) >= _MIN_LIKENESS:
            figures.append(best[1])
    return figures


def _of_one_plan(steps: Steps, look: Look, keywords: str) -> list[Figure]:
    """The best figure for each thing that the question names."""
    plan = steps.plans[0]
    wants_total = bool(_WANTS_TOTAL.search(keywords))
    figures: list[Figure] = []
    for part in _PARTS.split(keywords):
        if any(character.isdigit() for character in part):
            continue  # a figure that the question brings along says which context is meant, not what to add
        wanted = _pairs(_ASKING.sub("", part))
        best: tuple[float, Figure] | None = None
        for figure, likeness in _candidates(steps, look, plan):
            meant = _likeness(wanted, figure.quantity)
            score = meant + likeness + 0.2 * (figure.quantity.is_total == wants_total)
            if meant >= _MIN_LIKENESS and (best is None or score > best[0]) and figure not in figures:
                best = (score, figure)
        if best is not None:
            figures.append(best[1])
    return figures


def _candidates(steps: Steps, look: Look, plan: Plan) -> list[tuple[Figure, float]]:
    """The figures of the plan's hits, each with its sentence's score."""
    hits = [hit for hit in look.hits if hit.plan_id == plan.plan_id]
    fused = look.scores.fused
    return [
        (Figure(plan, chunk, quantity), float(fused[row]))
        for hit in hits
        for row, chunk in steps.retriever.sentences(hit.item_id)
        for quantity in read_quantities(chunk.text)
    ]


def _likeness(wanted: set[str], quantity: Quantity) -> float:
    """Dice's coefficient of two sets of character pairs."""
    subject = _pairs(quantity.subject)
    return 2 * len(wanted & subject) / (len(wanted) + len(subject)) if wanted and subject else 0.0


def _pairs(text: str) -> set[str]:
    """Every pair of neighbouring Chinese characters: the names of things that are counted are short."""
    runs = re.findall(r"[㐀-鿿]+", text)
    return {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
