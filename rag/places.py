"""Finds the cities and years that a question names, known to the corpus or not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from corpus.plan import Plan
from rag.latin_names import guess_names, is_name
from rag.misspelt import guess_cities, word_edges
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
    r"(?:大学(?![生城们]|教育|阶段|方面|这[块一方])|学院)"
)
"""A place before these words is part of a school's name; 天津大学教育 and 天津大学这块 are about a city's."""
_WITHIN = re.compile(r"[省市的\s,，]{0,3}")
"""What stands between a place and one inside it."""
_LISTED = re.compile(r"\s*(?:[和与跟及、,，&/]|and|or|versus|vs\.?)\s*", re.IGNORECASE)
"""What stands between two places that are named together."""
_BODY_AFTER = re.compile(r"合作组织|\s+cooperation\s+organi[sz]ation", re.IGNORECASE)
"""A place before these words is part of a body's name (上海合作组织)."""
_MEMORY_AFTER = re.compile(r"精神|会议|起义|班(?!级)|户?籍")
"""A place before these words stands for what happened there or who comes from there (井冈山精神, 新疆班)."""


class CorpusPlaces:
    """The places of the corpus' plans, under their Chinese names and their pinyin."""

    def __init__(self, plans: Iterable[Plan], gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        latin: dict[str, set[str]] = {}
        self._years: dict[str, set[int]] = {}
        for plan in plans:
            if plan.city:
                self._years.setdefault(plan.city, set()).update(() if plan.year is None else (plan.year,))
                latin.setdefault(latin_name(plan).lower(), set()).add(plan.city)
        self._latin = {name: tuple(sorted(cities)) for name, cities in latin.items()}
        cities = {city for named in self._latin.values() for city in named}
        self._cities = tuple(sorted(cities, key=lambda city: (-len(city), city)))

    def find(self, text: str) -> tuple[Mention, ...]:
        """The places of ``text``, in order; offsets count in ``text``, which must be simplified already.

        Its capitals should be left as they are: they tell names from words in English.
        """
        taken = self._corpus_names(text)
        for name, start, end in self._gazetteer.find(text):
            free = not any(start < m.end and m.start < end for m in taken)
            if free and not _MEMORY_AFTER.match(text, end) and not _BODY_AFTER.match(text, end):
                taken.append(Mention(name, start, end, self._cities_of(name)))
        taken += self._guesses_beside(text, taken) if taken else self._guesses(text)
        named = sorted(taken, key=lambda mention: mention.start)
        return self._joined(
            text, [mention for mention in named if not _SCHOOL_AFTER.match(text, mention.end)]
        )

    @property
    def latin_names(self) -> dict[str, str]:
        """The names of the corpus' cities in Latin letters, small, and as English text has them."""
        return {name: name.capitalize() for name in self._latin}

    def names_place(self, word: str) -> bool:
        """Tell whether a word is the name of a place that the gazetteer knows, or of one of the corpus."""
        return bool(self._gazetteer.find(word)) or word.lower() in self._latin

    def is_inside(self, mention: Mention, city: str) -> bool:
        """Tell whether a place that a text names lies inside a city."""
        return self._gazetteer.contains(city, mention.name)

    def _corpus_names(self, text: str) -> list[Mention]:
        found: list[Mention] = []
        for city in self._cities:
            for match in re.finditer(f"{re.escape(city)}市?", text):
                taken = any(match.start() < m.end and m.start < match.end() for m in found)
                if not taken and not _BODY_AFTER.match(text, match.end()):
                    found.append(Mention(city, *match.span(), (city,)))
        for latin, cities in self._latin.items():
            for match in re.finditer(rf"(?<![a-z]){re.escape(latin)}(?![a-z])", text, re.IGNORECASE):
                body = _BODY_AFTER.match(text, match.end())
                if body is None and is_name(text, *match.span(), well_known=True):
                    found.append(Mention(cities[0], *match.span(), cities))
        edges = word_edges(text) if found else frozenset()
        return [mention for mention in found if mention.start in edges or mention.end in edges]

    def _guesses(self, text: str) -> list[Mention]:
        """The places whose names stand misspelt in a text that names none rightly."""
        return self._misspelt_cities(text) or [
            Mention(name, start, end, self._cities_of(name))
            for name, start, end in self._gazetteer.find_misspelt(text)
        ]

    def _guesses_beside(self, text: str, taken: Sequence[Mention]) -> list[Mention]:
        """The corpus' cities whose names stand misspelt beside a place that is named rightly.

        In Latin letters only in one list with it: more words are like them.
        """
        return [
            guess
            for guess in self._misspelt_cities(text, beside=True)
            if not any(guess.start < m.end and m.start < guess.end for m in taken)
            and (
                not text[guess.start].isascii()
                or any(
                    _LISTED.fullmatch(text, min(guess.end, m.end), max(guess.start, m.start)) for m in taken
                )
            )
        ]

    def _misspelt_cities(self, text: str, beside: bool = False) -> list[Mention]:
        found = [Mention(city, start, end, (city,)) for city, start, end in guess_cities(text, self._years)]
        for latin, start, end in guess_names(text, self._latin, beside):
            found.append(Mention(self._latin[latin][0], start, end, self._latin[latin]))
        return found

    def _joined(self, text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
        """The mentions, a place and one inside it that stand together as one (山东青岛, 天津滨海新区).

        The inner place is meant where the corpus knows it, else the outer one: what is asked of a district
        is asked of its city's plan.
        """
        joined: list[Mention] = []
        for mention in mentions:
            last = joined[-1] if joined else None
            if last is not None and _WITHIN.fullmatch(text, last.end, mention.start):
                pair = (last, mention)
                outer = next((m for i, m in enumerate(pair) if self._holds(m, pair[1 - i])), None)
                if outer is not None:
                    inner = mention if outer is last else last
                    meant = inner if inner.cities else outer
                    joined[-1] = replace(meant, start=last.start, end=mention.end)
                    continue
            joined.append(mention)
        return tuple(joined)

    def _holds(self, outer: Mention, inner: Mention) -> bool:
        return outer.name != inner.name and self._gazetteer.contains(outer.name, inner.name)

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
_ASKED_AFTER = re.compile(r"年?(?:呢|[那这]份|的?(?:计划|要点|文件))")
"""After these words a year is one that is asked about (那到2023年呢)."""
_SINCE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)年?(?:以来|以后|及以后|之后)|\b(since|after)\s+((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(r"\s*(?:[,?]|$)")
_LATER_ONLY = re.compile(r"after|之后", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"(?:现代化|规划|计划|行动|目标|愿景|战略)\s*$")


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year that a question is about."""

    year: int
    start: int
    end: int


def find_years(text: str) -> tuple[YearMention, ...]:
    """The plan years that ``text`` names, in order; both ends of a range (2018到2023) count as named.

    A year that is a deadline (到2025年) or part of a name (教育现代化2035, 2023届) is no plan year.
    """
    plain = unicodedata.normalize("NFKC", text)
    since = [match.span() for match in _SINCE.finditer(plain)]
    in_range = {span for match in _RANGE.finditer(plain) for span in (match.span(1), match.span(2))}
    years: list[YearMention] = []
    for match in _YEAR.finditer(plain):
        span = match.span()
        if span not in in_range and _is_content(plain, *span):
            continue
        if any(start <= span[0] < end for start, end in since):
            continue
        value = int(match.group(1)) if match.group(1) else chinese_number(match.group(2))
        if value is not None:
            years.append(YearMention(value, *span))
    return tuple(years)


def _is_content(text: str, start: int, end: int) -> bool:
    before = text[:start]
    if _DEADLINE_BEFORE.search(before) and not _ASKED_AFTER.match(text, end):
        return True
    if text[end:].startswith(("届", "级")):
        return True
    return bool(_WORD_BEFORE.search(before)) and not text[end:].startswith("年")


def year_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """The ranges of years that ``text`` names, each as (first, last)."""
    found = ((int(match.group(1)), int(match.group(2))) for match in _RANGE.finditer(text))
    return tuple((min(pair), max(pair)) for pair in found)


def first_year(text: str) -> int | None:
    """The earliest year that ``text`` asks for with no end (2020年以来, since 2020); None without one."""
    match = _SINCE.search(text)
    if match is None or (match.group(3) and not _CLAUSE_ENDS.match(text, match.end())):
        return None
    return int(match.group(1) or match.group(3)) + bool(_LATER_ONLY.search(match.group()))
