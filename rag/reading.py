"""Reads a question: its language, its mode, the plans it is put to, and what it leaves to the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.plan import Plan
from rag.earlier import EarlierQuestions
from rag.errors import UnknownFilter
from rag.item_numbers import find_item_numbers
from rag.mode_model import Counts, ModeReader
from rag.modes import Asked, detect_mode
from rag.places import CorpusPlaces
from rag.records import AskRequest, Filters, Mode
from rag.roles import sort_mentions
from rag.scope import find_scope
from rag.scope_words import (
    detect_language,
    has_chinese,
    lower,
    topic_of,
    without_background,
    without_scope,
)
from rag.spelling import Spelling
from rag.tokenise import simplify
from rag.whole_plans import asks_of_whole_plans


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a question."""

    question: str
    """The standalone question: the user's words, completed from the history where they lean on it."""
    topic: str
    """The question without the places and years that are already in the scope; in English the whole of it."""
    language: Literal["zh", "en"]
    mode: Mode
    plan_ids: tuple[str, ...]
    """The plans in scope, sorted; empty where the corpus has none that fits."""
    cities: tuple[str, ...]
    years: tuple[int, ...]
    unknown_places: tuple[str, ...]
    unknown_years: tuple[int, ...]
    item_numbers: tuple[str, ...]
    """Printed numbers of items that the question names (第35条)."""
    rest: str
    """The question without the places and years that it names, whatever is left of it."""
    of_whole_plans: bool = False
    """Whether it wants to know what the plans say, and of no matter in them."""
    corrections: tuple[tuple[str, str], ...] = ()
    """Words that were misspelt, each with what it was read as."""


class QuestionReader:
    """Reads questions against one corpus.

    ``read_mode``, where there is one, weighs the rules' mode against what it knows of the question;
    ``spelling`` puts questions right before they are read.
    """

    def __init__(
        self,
        plans: Sequence[Plan],
        places: CorpusPlaces,
        read_mode: ModeReader | None = None,
        spelling: Spelling | None = None,
    ) -> None:
        self._read_mode = read_mode
        self._spelling = spelling
        self._plans = {plan.plan_id: plan for plan in sorted(plans, key=lambda plan: plan.plan_id)}
        self._places = places
        self._earlier = EarlierQuestions(plans, places)

    def read(self, request: AskRequest) -> Reading:
        """Understand the request; raises UnknownFilter where a filter names what the corpus lacks."""
        allowed = self._allowed(request.filters)
        request, corrections = self._as_meant(request)
        question = self._earlier.with_whole_years(
            self._earlier.resolve(request.question.strip(), request.history)
        )
        plain = lower(simplify(question))
        roles = sort_mentions(plain, self._places.find(simplify(question)))
        known = tuple(dict.fromkeys(city for mention in roles.asked for city in mention.cities))
        unknown = tuple(dict.fromkeys(mention.name for mention in roles.asked if not mention.cities))
        scope = find_scope(allowed, plain, roles)
        language = detect_language(question) if request.language == "auto" else request.language
        by_name = {mention.name for mention in roles.asked if mention.name in mention.cities}
        asked = Asked(len(known), len(by_name), len(scope.years), len(scope.plans), len(unknown))
        numbers = find_item_numbers(plain)
        named = (*roles.asked, *roles.left_out)
        topic = without_background(topic_of(plain, named) if has_chinese(plain) else question)
        rest = without_background(without_scope(plain, named))
        before = self._earlier.topic_before(request.question, topic, rest, request.history)
        whole = not before and not numbers and asks_of_whole_plans(rest)
        mode = _mode(plain, asked, numbers, whole) if request.mode == "auto" else request.mode
        # Words that lean on an earlier question are half a question; items and whole plans leave no doubt.
        # What asks of every plan is searched for without the words that do, so its topic has no vector yet.
        own = request.question.strip()
        leans = bool(before) or (bool(request.history) and question != own and own in question)
        sure = leans or numbers or whole or mode == "enumerate"
        if self._read_mode is not None and request.mode == "auto" and not sure:
            mode = self._read_mode(topic, Counts(len(known), len(scope.years), len(scope.plans)), mode)
        return Reading(
            _standalone(question, before, language),
            f"{topic} {before}".strip(),
            language,
            mode,
            tuple(plan.plan_id for plan in scope.plans),
            known,
            scope.years,
            unknown,
            scope.missing_years,
            numbers,
            rest,
            whole,
            corrections,
        )

    def _as_meant(self, request: AskRequest) -> tuple[AskRequest, tuple[tuple[str, str], ...]]:
        """The request with its questions put right, and what was changed in the last one."""
        if self._spelling is None:
            return request, ()
        meant = self._spelling.correct(request.question)
        history = tuple(
            replace(turn, content=self._spelling.correct(turn.content).text) if turn.role == "user" else turn
            for turn in request.history
        )
        return replace(request, question=meant.text, history=history), meant.changes

    def _allowed(self, filters: Filters) -> list[Plan]:
        plans = list(self._plans.values())
        cities = self._known_cities(filters.cities)
        for year in filters.years:
            known_years = sorted({plan.year for plan in plans if plan.year is not None})
            if year not in known_years:
                raise UnknownFilter("years", year, [str(known_year) for known_year in known_years])
        for plan_id in filters.plans:
            if plan_id not in self._plans:
                raise UnknownFilter("plans", plan_id, sorted(self._plans))
        return [
            plan
            for plan in plans
            if (not cities or plan.city in cities)
            and (not filters.years or plan.year in filters.years)
            and (not filters.plans or plan.plan_id in filters.plans)
        ]

    def _known_cities(self, wanted: Sequence[str]) -> set[str]:
        cities: set[str] = set()
        for value in wanted:
            mentions = [mention for mention in self._places.find(simplify(value)) if mention.cities]
            if not mentions:
                known = sorted({plan.city for plan in self._plans.values() if plan.city})
                raise UnknownFilter("cities", value, known)
            cities.update(city for mention in mentions for city in mention.cities)
        return cities


def _standalone(question: str, before: str, language: Literal["zh", "en"]) -> str:
    if not before:
        return question
    return (
        f"{question}（承前问：{before}）" if language == "zh" else f"{question} (as asked before: {before})"
    )


def _mode(plain: str, asked: Asked, numbers: Sequence[str], whole: bool) -> Mode:
    """The mode of the question's form; what an item says is looked up, however it is asked for.

    What whole plans say is summarised: there is no fact to look up, and nothing to compare or to find.
    """
    mode = "summarise" if whole else detect_mode(plain, asked)
    return "lookup" if numbers and mode == "summarise" and asked.cities < 2 else mode
