"""The figures that a question means in one plan: one for each thing named, or the parts of a total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from rag.figure_parts import asks_among_parts, leans_on_others, read_operation
from rag.quantities import Quantity, are_things, name_alike, parts_behind, read_measured
from rag.school_kinds import kinds_named
from rag.steps import Look, Steps
from rag.weighed_figures import Figure, Weighed, candidates, counts_like, is_meant, weigh_parts

_CHECK = re.compile(r"核对|核实|核算|对不对|对得上|是否一致|分项|逐项")
_NUMBER = re.compile(r"\d+")
_ENOUGH = 2
_SEVERAL = 3
"""Parts of a total of which one may be sought without naming the total."""
_BEHIND_TAKEN = 0.2
"""A figure that is worth so much less for a thing than another that has been taken already is not meant."""
_BESIDE = 0.1
"""What it is worth that a figure stands in the sentence of another that is taken."""


def figures_of_one_plan(steps: Steps, look: Look) -> list[Figure]:
    """Of one plan, for each thing that the question names, the figure that it most likely means.

    A figure is worth what its sentence is for the thing and for the whole question, how near its own words
    and their vector are to the thing, and whether it states a total or what is added, as is asked. What is
    put together is counted alike. A thing that no figure comes near to, as beside the others, has none.
    """
    named, found = weigh_parts(steps, look)
    if not found:
        return []
    best = max(max(weighed.worths[: len(named)]) for weighed in found)
    chosen: dict[int, Weighed] = {}
    for place in sorted(range(len(named)), key=lambda i: -max(one.worths[i] for one in found)):
        taken = list(chosen.values())
        top = max(one.worths[place] for one in found)
        near = [
            one
            for one in found
            if one not in taken
            and one.worths[place] >= top - _BEHIND_TAKEN
            and is_meant(one, place, best, len(named))
        ]
        own = _that_fit(near, [other.figure for other in taken])
        if own:
            beside = {other.figure.chunk.chunk_id for other in taken}
            chosen[place] = max(
                own, key=lambda one: one.worths[place] + _BESIDE * (one.figure.chunk.chunk_id in beside)
            )
    chosen = _of_one_whole(found, chosen)
    chosen |= _beside_them(named, found, chosen)
    places = (
        list(chosen)[:_ENOUGH] if read_operation(steps.reading.question) == "difference" else list(chosen)
    )
    return _without_totals([chosen[place].figure for place in sorted(places)])


def _of_one_whole(found: Sequence[Weighed], chosen: dict[int, Weighed]) -> dict[int, Weighed]:
    """The figures, where they are of several sentences those of one list of parts that has them all.

    Parts of one total count nothing twice (新改扩建193所中幼儿园70所、小学72所); what another sentence counts
    may lie inside of it.
    """
    if len({one.figure.chunk.chunk_id for one in chosen.values()}) < _ENOUGH:
        return chosen
    lists: dict[tuple[str, str], list[Weighed]] = {}
    for one in found:
        if one.figure.quantity.whole:
            lists.setdefault((one.figure.chunk.chunk_id, one.figure.quantity.whole), []).append(one)
    for parts in lists.values():
        own = {place: _as_near(parts, place, taken) for place, taken in chosen.items()}
        picked = {place: one for place, one in own.items() if one is not None}
        if len({id(one) for one in picked.values()}) == len(chosen):
            return picked
    return chosen


def _as_near(parts: Sequence[Weighed], place: int, taken: Weighed) -> Weighed | None:
    """The part that comes nearest to a thing, where it comes about as near as the figure taken for it."""
    best = max(parts, key=lambda one: one.worths[place])
    return best if best.worths[place] >= taken.worths[place] - _BEHIND_TAKEN else None


def _beside_them(
    named: Sequence[str], found: Sequence[Weighed], chosen: dict[int, Weighed]
) -> dict[int, Weighed]:
    """For things named by what sets them apart alone, the figures parallel to those that are taken."""
    own: dict[int, Weighed] = {}
    for place in (i for i, name in enumerate(named) if i not in chosen and leans_on_others(name)):
        taken = [*chosen.values(), *own.values()]
        near = [
            one
            for one in found
            if one not in taken
            and counts_like(one.figure, [other.figure for other in taken])
            and any(_are_parallel(one.figure, other.figure) for other in taken)
        ]
        if near:
            own[place] = max(near, key=lambda one: one.worths[place])
    return own


def _are_parallel(one: Figure, other: Figure) -> bool:
    """Tell whether two figures of one sentence count things called nearly alike."""
    return one.chunk == other.chunk and name_alike(one.quantity, other.quantity)


def parts_of_total(steps: Steps, look: Look) -> list[Figure]:
    """The parts that a sentence gives of a total, where the question asks to check it or for one of them.

    The total is one that the question gives (193所,加总核对一下), or, where it asks which kind has the most
    (哪类学校最多), the first that has several parts.
    """
    question = steps.reading.question
    among = len(steps.plans) == 1 and asks_among_parts(question)
    if not among and not _CHECK.search(look.keywords):
        return []
    totals = {Decimal(number) for number in _NUMBER.findall(question)}
    for plan in steps.plans:
        figures = [figure for figure, _ in candidates(steps, look, plan)]
        with_parts = [(total, _figures_behind(total, figures)) for total in figures]
        given = [parts for total, parts in with_parts if parts and total.quantity.value in totals]
        several = [parts for _, parts in with_parts if among and len(parts) >= _SEVERAL]
        if given or several:
            return given[0] if given else max(several, key=len)
    return []


def _figures_behind(total: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """The figures of the total's sentence that add up to it."""
    same = [figure for figure in figures if figure.chunk == total.chunk]
    parts = _parts_behind(total.quantity, [figure.quantity for figure in same])
    return [figure for n, figure in enumerate(same) if figure.quantity in parts and figure not in same[:n]]


def _that_fit(near: Sequence[Weighed], taken: Sequence[Figure]) -> list[Weighed]:
    """Those that are counted like the figures taken; else single things, which a question may add by name."""
    near = [one for one in near if not any(_covers(one.figure, other) for other in taken)]
    alike = [one for one in near if counts_like(one.figure, taken)]
    return alike or [
        one for one in near if are_things([one.figure.quantity, *(other.quantity for other in taken)])
    ]


def _covers(one: Figure, other: Figure) -> bool:
    """Tell whether of two figures of an item one counts the other's kinds of schools among more kinds."""
    kinds, others = kinds_named(one.quantity.subject), kinds_named(other.quantity.subject)
    same = one.chunk.item_id == other.chunk.item_id
    return same and bool(kinds and others) and (kinds < others or others < kinds)


def _without_totals(figures: Sequence[Figure]) -> list[Figure]:
    """The figures without a total (193所中幼儿园70所、小学72所…) that stands beside parts of its own."""

    def has_parts(one: Figure) -> bool:
        own = _parts_behind(one.quantity, read_measured(one.chunk.text))
        return any(other.chunk == one.chunk and other.quantity in own for other in figures)

    return [one for one in figures if not has_parts(one)]


def _parts_behind(total: Quantity, quantities: Sequence[Quantity]) -> list[Quantity]:
    """The quantities behind a total in its sentence that add up to it; none where they do not."""
    places = (i for i, quantity in enumerate(quantities) if quantity == total)
    found = (parts_behind(place, quantities) for place in places)
    return next(([quantities[place] for place in parts] for parts in found if parts), [])
