"""Figures of the plans, and what each is worth for the things that a question names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.plan import Plan
from rag.amounts import asked_amounts, can_be_meant, computed_units
from rag.figure_parts import asks_which_builds_more, read_parts
from rag.quantities import Quantity, are_things, not_comparable, read_measured
from rag.records import Chunk
from rag.school_kinds import kinds_asked, kinds_named, lumps_together
from rag.steps import Look, Steps
from rag.wanted import wanted_in

_WANTS_TOTAL = re.compile(
    r"目标|达到|总数|共有|到年底|办到|\b(?:reach\w*|targets?|end\s+up|in\s+place)\b", re.IGNORECASE
)
_WANTS_ADDED = re.compile(
    r"新增|新建|新创|再[添创建]|增加|\b(?:extra|additional|new|newly|adds?|added)\b", re.I
)
_PEOPLE = re.compile(r"(?:[小中大]学|初中|高中|中职|高职|高校|幼儿园)(?:学?生|教师|老师|校长|园长)")
_SCHOOL = re.compile(r"[校园]")
_BUILT = re.compile(
    r"新建|[改扩]建|盖|建(?=多少|几|的)|要建(?![设立成好])|\b(?:built|build|rebuilt|newly)\b", re.IGNORECASE
)
MAX_READ = 12
"""Figures that are set beside a question by their vectors, for each costs a forward pass once."""
_OF_WHOLE, _OF_WORDS, _OF_KIND = 0.5, 0.15, 0.1
"""What it is worth beside its vector and its sentence for the thing asked for: its sentence for the whole
question, its words, and stating a total or what is added, as asked. Chosen on 64 development questions."""
_OF_SCHOOLS, _OF_OTHERS, _OF_UNIT = 0.2, 2.0, 0.1
"""The same of counting just the kinds of schools that are asked for, less for others, and of the unit."""
_ANY_MEANT = 1.1
"""Where the best figure is worth less, none is meant: so it is for three of 43 development questions, two of
them added figures on something else, and for 37 of 88 of these questions put to other cities."""

BEHIND_BEST = 0.5
"""A figure that is worth so much less than the best one is not meant."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with the sentence and plan that it stands in."""

    plan: Plan
    chunk: Chunk
    quantity: Quantity


_Found = tuple[Figure, float]
"""A figure and what it is worth."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A figure, and what it is worth for each of the things named."""

    figure: Figure
    worths: tuple[float, ...]


def weigh_parts(steps: Steps, look: Look) -> tuple[tuple[str, ...], list[Weighed]]:
    """The things that the question names, and the figures weighed for these and then for what is left out."""
    reading = steps.reading
    parts = read_parts(reading.rest if reading.rest.strip() else reading.topic)
    named = parts.wanted or (reading.topic,)
    things = [*named, *parts.left_out]
    found = weigh(steps, look, things)
    best = max((max(one.worths[: len(named)]) for one in found), default=0.0)
    if best < _ANY_MEANT:
        return named, []
    units = set(asked_amounts(reading.question) or ())
    weighed = [_with_form(one, things, units) for one in found]
    return named, [_without_others(one, things) for one in weighed] if len(steps.plans) == 1 else weighed


def _with_form(one: Weighed, things: Sequence[str], units: Collection[str]) -> Weighed:
    """A figure weighed by its unit, too, and by the kinds of schools that it counts."""
    quantity = one.figure.quantity
    own = _OF_UNIT * (quantity.unit in units)
    worths = zip(things, one.worths, strict=True)
    return replace(one, worths=tuple(worth + own + of_schools(thing, quantity) for thing, worth in worths))


def _without_others(one: Weighed, things: Sequence[str]) -> Weighed:
    """A figure weighed lower for things that it counts together with other kinds of schools.

    For one plan, which may have a figure of just the thing (小学72所 beside 中小学36所).
    """
    quantity = one.figure.quantity
    pairs = zip(things, one.worths, strict=True)
    worths = (worth - _OF_SCHOOLS * lumps_together(quantity, thing) for thing, worth in pairs)
    return replace(one, worths=tuple(worths))


def weigh(steps: Steps, look: Look, named: Sequence[str]) -> list[Weighed]:
    """The figures of the plans in scope that come nearest to any of the things, of each plan so many."""
    reading = steps.reading
    views = [steps.retriever.score(name, reading.plan_ids, True).views for name in named]
    wanted = [wanted_in(steps, name) for name in named]
    vectors = np.stack([steps.encoder.encode_question(name) for name in named])
    found: list[Weighed] = []
    for plan in steps.plans:
        rough = [
            Weighed(
                figure,
                tuple(
                    float(view[row])
                    + _OF_WORDS * words.likeness(figure.quantity)
                    + _OF_WHOLE * float(look.scores.views[row])
                    for view, words in zip(views, wanted, strict=True)
                ),
            )
            for figure, row in figures_of(steps, plan)
        ]
        nearest = sorted(rough, key=lambda one: -max(one.worths))[: MAX_READ // len(steps.plans) or 1]
        texts = [one.figure.quantity.phrase for one in nearest]
        if not texts:
            continue
        likeness = steps.encoder.encode_passages(texts, ["" for _ in texts]) @ vectors.T
        stated = [_OF_KIND * _is_of_kind(reading.question, one.figure.quantity) for one in nearest]
        found += [
            Weighed(one.figure, tuple(float(a + b) + kind for a, b in zip(one.worths, own, strict=True)))
            for one, own, kind in zip(nearest, likeness, stated, strict=True)
        ]
    return found


def of_schools(thing: str, quantity: Quantity) -> float:
    """What it is worth that a figure counts just the kinds of schools that a thing is, or quite others."""
    thing = _PEOPLE.sub("", thing)
    asked, counted = kinds_named(thing), kinds_named(quantity.subject)
    if not asked or not are_things([quantity]):
        return 0.0
    if counted & asked or asked < kinds_asked(thing):
        return _OF_SCHOOLS * (counted == asked)
    is_other = bool(counted) or (quantity.unit != "所" and not _SCHOOL.search(quantity.subject))
    return -_OF_OTHERS * is_other


def counts_built(question: str, quantity: Quantity) -> bool:
    """Tell whether it counts just the kinds of schools that are to be built, in the unit asked for."""
    if not _BUILT.search(f"{quantity.whole} {quantity.subject}") or not _BUILT.search(question):
        return False
    if asks_which_builds_more(question):
        return bool(kinds_named(quantity.subject) & kinds_asked(question))
    asked = kinds_named(question)
    return kinds_named(quantity.subject) == asked != frozenset() and quantity.unit in computed_units(question)


def those_built(question: str, found: Sequence[_Found]) -> list[_Found]:
    """The figures on what is built anew, where that is asked for and there are several; else all of them."""
    built = [one for one in found if one[0].quantity.kind == "added"]
    wanted = _BUILT.search(question) and len({one[0].plan.plan_id for one in built}) > 1
    return built if wanted else list(found)


def _is_of_kind(question: str, quantity: Quantity) -> bool:
    """Tell whether a figure states a total, or what is added, where the question asks for that."""
    if _WANTS_TOTAL.search(question):
        return quantity.is_total
    return bool(_WANTS_ADDED.search(question)) and not quantity.is_total


def figures_of(steps: Steps, plan: Plan) -> list[tuple[Figure, int]]:
    """Every figure of the plan, with the row of its sentence."""
    units = computed_units(steps.reading.question)
    return [
        (Figure(plan, chunk, quantity), row)
        for item in plan.parts()
        for row, chunk in steps.retriever.sentences(item.item_id)
        for quantity in _quantities(chunk, units)
    ]


def candidates(steps: Steps, look: Look, plan: Plan) -> list[tuple[Figure, float]]:
    """The figures of the plan's hits, each with its sentence's score."""
    hits = [hit for hit in look.hits if hit.plan_id == plan.plan_id]
    fused = look.scores.views
    units = computed_units(steps.reading.question)
    return [
        (Figure(plan, chunk, quantity), float(fused[row]))
        for hit in hits
        for row, chunk in steps.retriever.sentences(hit.item_id)
        for quantity in _quantities(chunk, units)
    ]


def _quantities(chunk: Chunk, units: list[str]) -> list[Quantity]:
    """The sentence's figures that can be what is asked for in the units."""
    return [quantity for quantity in read_measured(chunk.text) if can_be_meant(quantity.unit, units)]


def is_meant(one: Weighed, place: int, best: float, n_named: int) -> bool:
    """Tell whether a figure comes near to a thing, and no nearer to one that is not to be counted."""
    left_out = max(one.worths[n_named:], default=0.0)
    return one.worths[place] >= best - BEHIND_BEST and one.worths[place] > left_out


def counts_like(figure: Figure, others: Sequence[Figure]) -> bool:
    """Tell whether a figure can be put together with the others."""
    return not_comparable([figure.quantity, *(other.quantity for other in others)]) is None
