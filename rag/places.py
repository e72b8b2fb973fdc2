"""Finds the cities and years that a question names, known to the corpus or not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.plan import Plan
from rag.misspelt import guess_cities
from rag.numbers import chinese_number


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text."""

    name: str
    start: int
    end: int
    cities: tuple[str, ...]
    """The cities of the corpus that it stands for: itself, or those inside it (山东)."""


class Gazetteer(Protocol):
    """Knows the places that exist, so that one without a plan is recognised as a place."""

    def find(self, text: str) -> Sequence[tuple[str, int, int]]:
        """Short name, start and end of each place in ``text``, in order and not overlapping."""
        ...

    def find_misspelt(self, text: str) -> Sequence[tuple[str, int, int]]:
        """The place whose name stands misspelt at the beginning of ``text`` (武汗), where one surely does."""
        ...

    def contains(self, place: str, city: str) -> bool:
        """Tell whether ``city`` belongs to ``place``, both given by short name."""
        ...


_SCHOOL_AFTER = re.compile(
    r"(?:(?:交通|师范|理工|工业|工程|财经|外国语|海洋|科技|医科|农业|民族|政法|音乐|体育|石油|职业技术)?)"
    r"(?:大学(?![生城])|学院)"
)
"""A place before these words is part of a school's name."""
_MEMORY_AFTER = re.compile(r"精神|会议|起义")
"""A place before these words stands for what happened there (井冈山精神)."""


class CorpusPlaces:
    """The places of the corpus' plans, under their Chinese names and their pinyin."""

    def __init__(self, plans: Iterable[Plan], gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._latin = {latin_name(plan).lower(): plan.city for plan in plans if plan.city}
        self._cities = tuple(sorted(set(self._latin.values()), key=lambda city: (-len(city), city)))

    def find(self, text: str) -> tuple[Mention, ...]:
        """The places of ``text``, in order; offsets count in ``text``, which must be normalised already."""
        taken: list[tuple[str, int, int]] = []
        for city in self._cities:
            taken += [
                (city, match.start(), match.end()) for match in re.finditer(f"{re.escape(city)}市?", text)
            ]
        for latin, city in self._latin.items():
            pattern = rf"(?<![a-z]){re.escape(latin)}(?![a-z])"
            taken += [(city, m.start(), m.end()) for m in re.finditer(pattern, text, re.IGNORECASE)]
        for name, start, end in self._gazetteer.find(text):
            free = not any(start < e and s < end for _, s, e in taken)
            if free and not _MEMORY_AFTER.match(text, end):
                taken.append((name, start, end))
        if not taken:
            taken = guess_cities(text, self._cities) or list(self._gazetteer.find_misspelt(text))
        return tuple(
            Mention(name, start, end, self._cities_of(name))
            for name, start, end in sorted(taken, key=lambda entry: entry[1])
            if not _SCHOOL_AFTER.match(text, end)
        )

    def _cities_of(self, name: str) -> tuple[str, ...]:
        if name in self._cities:
            return (name,)
        return tuple(sorted(city for city in self._cities if self._gazetteer.contains(name, city)))


def latin_name(plan: Plan) -> str:
    """The city's name for English text, from the plan's id (``shanghai-2023`` gives ``Shanghai``)."""
    return plan.plan_id.split("-", 1)[0].capitalize()


_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)|([一二][九〇零][〇零一二三四五六七八九]{2})(?=年)")
_RANGE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)年?\s*(?:到|至|-|—|–|~|to)\s*((?:19|20)\d\d)(?!\d)", re.IGNORECASE
)
_DEADLINE_BEFORE = re.compile(r"(?:到|至|截至|截止|by|until)\s*$", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"(?:现代化|规划|计划|行动|目标|愿景|战略)\s*$")


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year that a question is about."""

    year: int
    start: int
    end: int


def find_years(text: str) -> tuple[YearMention, ...]:
    """The plan years that ``text`` names, in order; both ends of a range (2018到2023) count as named.

    A year that is a deadline (到2025年) or part of a name (教育现代化2035) is no plan year.
    """
    plain = unicodedata.normalize("NFKC", text)
    in_range = {span for match in _RANGE.finditer(plain) for span in (match.span(1), match.span(2))}
    years: list[YearMention] = []
    for match in _YEAR.finditer(plain):
        span = match.span()
        if span not in in_range and _is_content(plain, *span):
            continue
        value = int(match.group(1)) if match.group(1) else chinese_number(match.group(2))
        if value is not None:
            years.append(YearMention(value, *span))
    return tuple(years)


def _is_content(text: str, start: int, end: int) -> bool:
    before = text[:start]
    if _DEADLINE_BEFORE.search(before):
        return True
    return bool(_WORD_BEFORE.search(before)) and not text[end:].startswith("年")


def year_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """The ranges of years that ``text`` names, each as (first, last)."""
    found = ((int(match.group(1)), int(match.group(2))) for match in _RANGE.finditer(text))
    return tuple((min(pair), max(pair)) for pair in found)
