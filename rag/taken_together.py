"""Turns about what was said before taken together, as questions that name its places, years and matters.

After 天津2014年…? and 那上海呢?, "compare the two" is the same question put to both. After two questions of
two matters, 把刚才这两条总结一下 is both questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.plan import Plan
from rag.joint_words import (
    Joint,
    asked_for,
    asks_number,
    asks_total,
    how_many,
    joint_of,
    speaks_of_years,
)
from rag.leaning import own_tokens
from rag.others import put_to
from rag.places import CorpusPlaces, Mention
from rag.roles import sort_mentions
from rag.scope import bind_years
from rag.scope_words import has_chinese, lower, without_scope
from rag.which_words import find_which

_ENDS = " ?？。."
_TWO = 2
_THOSE_TWO = re.compile(
    r"(?:[这那]|他们|它们)两(?:个|座|家|份|边)?(?:城市|地方|计划|要点|市)?(?=[里中]?(?:面|头|间)?[,，]?(?:哪|谁|都|有|的|是|对|要|各|会))"
    r"|\b(?:those|these|the)\s+two\b(?:\s+(?:cities|plans|places))?(?=\s+(?:gives?|has|have|do|does|says?|is|are|will|would|lets?|offers?|plans?|wants?|mentions?)\b)",
    re.IGNORECASE,
)
"""The two places that were spoken of, in a question with a matter of its own."""
_MOST_ALIKE = 4
"""Questions, but for their places the same, that are counted together."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A place as a question names it, with the years asked of it; none means all."""

    name: str
    cities: tuple[str, ...]
    years: tuple[int, ...]


class TakenTogether:
    """Puts turns about several things said before as questions of their own, against one corpus."""

    def __init__(self, plans: Sequence[Plan], places: CorpusPlaces) -> None:
        self._plans = tuple(plans)
        self._places = places

    def wants(self, turn: str) -> bool:
        """Tell whether a turn speaks of the things said before, taken together."""
        return self._wanted(turn) is not None

    def resolve(self, turn: str, said: Sequence[str]) -> str:
        """The turn as a question of its own; empty where it is none, or too little was said before.

        ``said`` are the questions before it, each as completed, the last one last.
        """
        kind = self._wanted(turn) if said else None
        if kind is None:
            return self._total(turn, said) if said and asks_total(turn) else ""
        named = self._named(turn)
        if kind == "summary":
            return self._summary(turn, said, named)
        base, alike = self._alike(said, how_many(turn))
        there = self._all_named(alike)
        if named and (kind == "both" or len(named) > 1):
            there = named
        elif named:
            there = _merge([*there, *named])
        there = self._with_years(there) if kind == "both" or speaks_of_years(turn) else there
        if sum(max(1, len(place.years)) for place in there) > 1:
            return asked_for(kind, self._put_to(base, there), turn, has_chinese(base))
        if kind == "which more" and not there and find_which(base):
            return asked_for(kind, base, turn, has_chinese(base))  # 哪些城市…? has named them
        if kind == "both" or len(said) < 2:
            return ""
        return asked_for(kind, _one_after_another(said[-how_many(turn) :]), turn, has_chinese(base))

    def with_two_named(self, turn: str, said: Sequence[str]) -> str:
        """The turn with "those two" named, where the last questions were put to two places in all."""
        match = _THOSE_TWO.search(turn)
        if match is None or self._named(turn):
            return turn
        there = self._named(said[-1])
        if len(there) < _TWO and len(said) > 1:
            there = _merge([*self._named(said[-2]), *there])
        if len(there) != _TWO:
            return turn
        names = _label(there, has_chinese(turn))
        return f"{turn[: match.start()]}{names}{turn[match.end() :]}"

    def _wanted(self, turn: str) -> Joint | None:
        return joint_of(without_scope(turn, self._places.find(turn)))

    def _total(self, turn: str, said: Sequence[str]) -> str:
        """How many of all the places together, whose numbers were asked for one after another."""
        base, alike = self._alike(said, _MOST_ALIKE)
        there = self._all_named(alike)
        if len(there) < 2 or not all(asks_number(text) for text in alike):
            return ""
        return asked_for("total", self._put_to(base, there), turn, has_chinese(base))

    def _summary(self, turn: str, said: Sequence[str], named: Sequence[_Place]) -> str:
        """What was said last, or of the places that the turn names, to be summed up."""
        cities = {city for place in named for city in place.cities}
        fitting = [
            text
            for text in said
            if not cities or cities & {city for place in self._named(text) for city in place.cities}
        ]
        if not fitting:
            return ""
        base, alike = self._alike(fitting, how_many(turn))
        if len(alike) < 2:
            questions = _one_after_another(fitting[-how_many(turn) :])
        else:
            questions = self._put_to(base, self._all_named(alike))
        return asked_for("summary", questions, turn, has_chinese(questions))

    def _alike(self, said: Sequence[str], most: int) -> tuple[str, list[str]]:
        """The last questions that are one, put to several places or years, and how it is worded."""
        base, alike = said[-1], [said[-1]]
        if len(self._named(base)) > 1:
            return base, alike
        for text in reversed(said[:-1]):
            if len(alike) == most or not self._named(text):
                break
            if not own_tokens(self._matter(base)):
                base = text  # 上海又是怎么帮的? does not say what
            elif self._matter(text) != self._matter(base):
                break
            alike.insert(0, text)
        return base, alike

    def _put_to(self, base: str, there: Sequence[_Place]) -> str:
        asked = sort_mentions(lower(base), self._places.find(base)).asked
        return put_to(base, _label(there, has_chinese(base)), asked)

    def _all_named(self, questions: Sequence[str]) -> tuple[_Place, ...]:
        return _merge(place for text in questions for place in self._named(text))

    def _matter(self, text: str) -> str:
        bare = without_scope(text, self._places.find(text)).lower()
        return " ".join(bare.split()).strip(_ENDS)

    def _named(self, text: str) -> tuple[_Place, ...]:
        """The places that a question is put to, each with its years."""
        plain = lower(text)
        mentions: Sequence[Mention] = sort_mentions(plain, self._places.find(text)).asked
        binding = bind_years(plain, mentions if len(mentions) > 1 else ())
        places = []
        for mention in mentions:
            years = {year for city in mention.cities for year in binding.years_of(city)} or binding.free
            places.append(_Place(text[mention.start : mention.end], mention.cities, tuple(sorted(years))))
        return _merge(places)

    def _with_years(self, there: Sequence[_Place]) -> tuple[_Place, ...]:
        """One place that was asked of one year, or of all, with every year that it has a plan of."""
        if len(there) != 1 or len(there[0].years) > 1:
            return tuple(there)
        held = {plan.year for plan in self._plans if plan.city in there[0].cities and plan.year is not None}
        return (_Place(there[0].name, there[0].cities, tuple(sorted(held))),)


def _merge(places: Iterable[_Place]) -> tuple[_Place, ...]:
    """Each city once, with the years of all its mentions."""
    merged: dict[tuple[str, ...], _Place] = {}
    for place in places:
        key = place.cities or (place.name,)
        known = merged.get(key, place)
        whole = not known.years or not place.years
        years = () if whole else tuple(sorted({*known.years, *place.years}))
        merged[key] = _Place(known.name, known.cities, years)
    return tuple(merged.values())


def _label(there: Sequence[_Place], chinese: bool) -> str:
    """天津2014年和上海; "Qingdao 2018 and 2023"."""
    if chinese:
        return _listed([p.name + "和".join(f"{year}年" for year in p.years) for p in there], "、", "和")
    return _listed(
        [" ".join([p.name, " and ".join(map(str, p.years))]).strip() for p in there], ", ", " and "
    )


def _listed(names: Sequence[str], comma: str, last: str) -> str:
    return last.join([comma.join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _one_after_another(questions: Sequence[str]) -> str:
    """Several questions in one text, each with its own mark at the end."""
    ended = [text if text[-1:] in "?？。." else f"{text}?" for text in dict.fromkeys(questions)]
    return ("" if has_chinese(ended[0]) else " ").join(ended)
