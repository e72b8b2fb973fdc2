"""Whose words a sentence of an answer claims to repeat: the cities and years that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.plan import Plan
from rag.numbers import read_numbers
from rag.places import CorpusPlaces, find_years
from rag.records import Chunk
from rag.tokenise import normalise, simplify

_JOINT = re.compile(
    r"(?:[\s和与及跟、,，年市的（）()至到~—–-]|\b(?:and|in|of|the|plans?|to|for)\b|['’]s\b)*", re.IGNORECASE
)
"""What may stand between two names of one subject: 青岛（2018）, Qingdao's plan of 2018, 青岛和天津."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sentence that speaks of the same cities and years."""

    text: str
    """The stretch without the names of the cities and years."""
    places: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Each place named, with the cities of the corpus that it stands for."""
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Named:
    start: int
    end: int
    place: tuple[str, tuple[str, ...]] | None
    year: int | None


class Subjects:
    """Knows the plans that evidence comes from, and reads which of them a sentence speaks of."""

    def __init__(self, plans: Iterable[Plan], places: CorpusPlaces) -> None:
        self._plans = {plan.plan_id: plan for plan in plans}
        self._places = places

    @property
    def years(self) -> frozenset[int]:
        """The years that there are plans of."""
        return frozenset(plan.year for plan in self._plans.values() if plan.year is not None)

    def readings(self, claim: str) -> list[list[Segment]]:
        """The ways to cut ``claim`` into segments.

        With several subjects, what is said of one may follow its name (上海2000个，天津50所) or stand before
        it (2000 in Shanghai and 50 in Tianjin).
        """
        text = simplify(claim)
        groups = _groups(text, self._named(text))
        if not groups:
            return [[Segment(text)]]
        starts = [0, *(group[0].start for group in groups[1:]), len(text)]
        ends = [0, *(group[-1].end for group in groups[:-1]), len(text)]
        cuts = [starts] if len(groups) == 1 else [starts, ends]
        return [
            [_segment(text, cut[i], cut[i + 1], group, groups[:i]) for i, group in enumerate(groups)]
            for cut in cuts
        ]

    def fits(self, segment: Segment, chunk: Chunk) -> bool:
        """Tell whether the chunk's plan is what the segment speaks of, or its words name the same."""
        plan = self._plans.get(chunk.plan_id)
        if plan is None:
            return False
        words = normalise(f"{chunk.title}\n{chunk.text}")
        if segment.places and not any(
            plan.city in cities or name in words for name, cities in segment.places
        ):
            return False
        numbers = read_numbers(chunk.text) if segment.years else []
        return not segment.years or any(plan.year == y or str(y) in numbers for y in segment.years)

    def _named(self, text: str) -> list[_Named]:
        named = [_Named(m.start, m.end, (m.name, m.cities), None) for m in self._places.find(text)]
        named += [_Named(y.start, y.end, None, y.year) for y in find_years(text) if y.year in self.years]
        return sorted(named, key=lambda name: name.start)


def _groups(text: str, named: Sequence[_Named]) -> list[list[_Named]]:
    groups: list[list[_Named]] = []
    for name in named:
        if groups and _JOINT.fullmatch(text[groups[-1][-1].end : name.start]):
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def _segment(
    text: str, start: int, end: int, group: Sequence[_Named], before: Sequence[Sequence[_Named]]
) -> Segment:
    """The segment of one group of names; what it leaves out is taken from the group before."""
    places = tuple(name.place for name in group if name.place)
    years = tuple(name.year for name in group if name.year is not None)
    if not places and before:
        places = tuple(name.place for earlier in before for name in earlier if name.place)[-1:]
    rest, position = [], start
    for name in group:
        rest.append(text[position : name.start])
        position = name.end
    return Segment("".join([*rest, text[position:end]]), places, years)
