"""Which plans a question is put to: its cities, each with the years that belong to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.plan import Plan
from rag.places import Mention, find_years, first_year, year_ranges
from rag.roles import Roles, without_remark

_AFTER_CITY = re.compile(r"[\s的市(（,，'s]{0,3}|\s+(?:in|for|of)\s+", re.IGNORECASE)
_BEFORE_CITY = re.compile(r"(?:年度?的?|的|'s)?\s*")
_CHAINED = re.compile(r"(?:[\s、,，和与跟及或]|\band\b|\bor\b|&)+", re.IGNORECASE)
_BETWEEN_YEARS = re.compile(r"[年\s和与跟、,及到至–—~-]*(?:and|to)?\s*")


@dataclass(slots=True)
class Binding:
    """The years that a question names: those that stand with a city, and those that stand alone."""

    of_city: dict[str, set[int]] = field(default_factory=dict)
    free: set[int] = field(default_factory=set)
    named: list[int] = field(default_factory=list)
    """All of them, in the order of the text."""

    def add(self, year: int, cities: Sequence[str]) -> None:
        """Note a year of these cities, or of all where there is none."""
        self.named.append(year)
        if not cities:
            self.free.add(year)
        for city in cities:
            self.of_city.setdefault(city, set()).add(year)

    def years_of(self, city: str) -> set[int]:
        """The years asked of a city; none means all."""
        return self.of_city.get(city) or self.free


@dataclass(frozen=True, slots=True)
class Scope:
    """The plans in scope and what was named but is not there."""

    plans: tuple[Plan, ...]
    years: tuple[int, ...]
    """Years that the question names and the scope has."""
    missing_years: tuple[int, ...]


def find_scope(allowed: Sequence[Plan], text: str, roles: Roles) -> Scope:
    """The plans that the question is about; ``text`` must be normalised, as for the mentions.

    Where two cities or more are named, a year goes with the city that it stands with (上海和青岛2018 is all
    of 上海 and one year of 青岛); a city without a year of its own takes those that stand alone, or all.
    """
    mentions, text = roles.asked, without_remark(text)
    left_out = {city for mention in roles.left_out for city in mention.cities}
    known = list(dict.fromkeys(city for mention in mentions for city in mention.cities))
    binding = bind_years(text, mentions if len(known) > 1 else ())
    of_cities = [plan for plan in allowed if plan.city not in left_out and (not known or plan.city in known)]
    if not known and any(not mention.cities for mention in mentions):
        of_cities = []
    held = {plan.year for plan in of_cities or allowed}
    for first, last in year_ranges(text):
        inside = [year for year in sorted(y for y in held if y is not None) if first < year < last]
        cities = [city for city, years in binding.of_city.items() if first in years]
        for year in inside:
            binding.add(year, cities)
    wanted = _years_by_city(of_cities, known, binding)
    chosen = [plan for plan in of_cities if not wanted[plan.city] or plan.year in wanted[plan.city]]
    since = first_year(text)
    if since is not None:
        chosen = [plan for plan in chosen if plan.year is not None and plan.year >= since]
        if not chosen:
            binding.add(since, ())
            held.discard(since)
    named = dict.fromkeys(binding.named)
    fitting = tuple(year for year in named if year in held)
    return Scope(tuple(chosen), fitting, tuple(year for year in named if year not in held))


def _years_by_city(plans: Sequence[Plan], known: Sequence[str], binding: Binding) -> dict[str, set[int]]:
    """The years asked of each city; none means all.

    A year that stands alone is another city's where this one has no plan of it and the other does
    (南宁，还有2018年的青岛).
    """
    held: dict[str, set[int]] = {}
    for plan in plans:
        held.setdefault(plan.city, set()).update(() if plan.year is None else (plan.year,))
    wanted = {city: binding.years_of(city) for city in held}
    if len(known) > 1 and any(held[city] & wanted[city] for city in held):
        for city in held:
            if city not in binding.of_city and not held[city] & wanted[city]:
                wanted[city] = set()
    return wanted


def bind_years(text: str, mentions: Sequence[Mention]) -> Binding:
    """Tell which year stands with which city."""
    binding = Binding()
    before: tuple[int, Sequence[str]] | None = None
    years = find_years(text)
    for year in years:
        cities = _city_beside(text, year.start, year.end, mentions, single=len(years) == 1)
        if not cities and before is not None and _BETWEEN_YEARS.fullmatch(text[before[0] : year.start]):
            cities = before[1]
        binding.add(year.year, cities)
        before = (year.end, cities)
    return binding


def _city_beside(text: str, start: int, end: int, mentions: Sequence[Mention], single: bool) -> Sequence[str]:
    for n, mention in enumerate(mentions):
        gap = text[mention.end : start]
        if mention.end <= start and _AFTER_CITY.fullmatch(gap):
            # A year that follows two cities in one breath goes for both: Shanghai and Qingdao in 2023.
            chained = n > 0 and _CHAINED.fullmatch(text[mentions[n - 1].end : mention.start])
            return () if gap.strip() and single and chained and gap.strip().isalpha() else mention.cities
    for mention in mentions:
        # A single year before the first city goes for all of them: 2023年上海和青岛.
        if end <= mention.start and not single and _BEFORE_CITY.fullmatch(text[end : mention.start]):
            return mention.cities
    return ()
