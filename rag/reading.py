"""Reads a question: its language, its mode, the plans it is put to, and what it leaves to the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.plan import Plan
from rag.chatter import without_chatter, without_fillers
from rag.earlier import EarlierQuestions
from rag.english import says_something, words
from rag.errors import UnknownFilter
from rag.follow_ups import without_lead
from rag.item_numbers import find_item_numbers
from rag.mixed_languages import in_one_language
from rag.mode_model import Counts, ModeReader
from rag.modes import Asked, asks_for_a_name, asks_how_many_items, asks_of_each, asks_whether, detect_mode
from rag.places import CorpusPlaces, find_years
from rag.records import AskRequest, Filters, Mode
from rag.regional import in_mainland_words
from rag.remarks import without_remarks
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
from rag.silence_asked import said_instead
from rag.spelling import Spelling
from rag.tokenise import simplify, tokenise
from rag.which_words import find_which, without_which
from rag.whole_plans import asks_of_whole_plans

_OF_ANY_MATTER = frozenset(
    "今年 解决 办法 措施 举措 规定 政策 安排 目标 打算 情况 内容 说法 区别 差别 不同 要求 做法 方面 "
    "各自 分别 地方 城市 具体 数字 帮上 帮忙 帮助 好处 "
    "goal target policy rule measure difference detail figure number step action".split()
)
"""Words that may be asked of any matter and are none."""


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
    asks_for_silent: bool = False
    """Whether it asks which plans do not say something; its topic is then what they would say."""
    has_earlier_matter: bool = False
    """Whether it is about the matter of the question before, which its topic then has, too."""
    before: tuple[str, str] = ("", "")
    """The question before, completed, and its topic, where this one may be about that matter and does not
    say so: empty where it surely is, or surely is not."""
    told: str = ""
    """Where it asks for more than was told (还有吗?), the answers before: their quotes are not told again."""


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
        request = self._without_chatter(self._without_remarks(request))
        question = self._earlier.with_whole_years(
            self._earlier.resolve(request.question.strip(), request.history)
        )
        said = said_instead(question)
        asked_for = said or question
        plain = lower(simplify(asked_for))
        roles = sort_mentions(plain, self._places.find(simplify(asked_for)))
        known = tuple(dict.fromkeys(city for mention in roles.asked for city in mention.cities))
        unknown = tuple(dict.fromkeys(mention.name for mention in roles.asked if not mention.cities))
        scope = find_scope(allowed, plain, roles)
        language = detect_language(question) if request.language == "auto" else request.language
        by_name = {mention.name for mention in roles.asked if mention.name in mention.cities}
        asked = Asked(len(known), len(by_name), len(scope.years), len(scope.plans), len(unknown))
        numbers = find_item_numbers(plain)
        named = (*roles.asked, *roles.left_out)
        topic = without_background(topic_of(plain, named) if has_chinese(plain) else asked_for)
        rest = without_background(without_scope(plain, named))
        asked_before, before = self._earlier.topic_before(request.question, topic, rest, request.history)
        whole = not before and not numbers and asks_of_whole_plans(rest)
        mode = _mode(plain, asked, numbers, whole) if request.mode == "auto" else request.mode
        told = self._earlier.told(request.question, request.history)
        if told and mode in ("lookup", "count"):
            mode = "summarise"  # what was looked up is told; the rest is what else there is
        # Words that lean on an earlier question are half a question; items and whole plans leave no doubt.
        # What asks of every plan is searched for without the words that do, so its topic has no vector yet.
        own = without_lead(request.question.strip())
        leans = bool(before) or (bool(request.history) and question != own and own in question)
        form = (mode == "compare" and asks_of_each(plain)) or asks_how_many_items(plain)
        form = form or (
            mode == "lookup" and len(known) == 1 and (asks_for_a_name(plain) or asks_whether(plain))
        )
        sure = leans or numbers or whole or form or told or mode == "enumerate"
        if self._read_mode is not None and request.mode == "auto" and not sure:
            mode = self._read_mode(topic, Counts(len(known), len(scope.years), len(scope.plans)), mode)
        return Reading(
            _standalone(question, asked_before, language),
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
            said is not None,
            bool(before),
            ("", "") if before or whole or told else self._earlier.last_matter(request.history),
            told,
        )

    def _as_meant(self, request: AskRequest) -> tuple[AskRequest, tuple[tuple[str, str], ...]]:
        """The request with its questions put right, and what was changed in the last one."""
        question, changes = self._meant(request.question)
        history = tuple(
            replace(turn, content=self._meant(turn.content)[0]) if turn.role == "user" else turn
            for turn in request.history
        )
        return replace(request, question=question, history=history), changes

    def _meant(self, question: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """A question in the words of the mainland, spelt right and in one language, and what was misspelt."""
        question = in_mainland_words(question)
        changes: tuple[tuple[str, str], ...] = ()
        if self._spelling is not None:
            corrected = self._spelling.correct(question)
            question, changes = corrected.text, corrected.changes
        return in_one_language(question), changes

    def _without_remarks(self, request: AskRequest) -> AskRequest:
        """The request with those turns of its conversation alone that ask something."""

        def names_a_place(text: str) -> bool:
            return bool(self._places.find(simplify(text)))

        return replace(request, history=without_remarks(request.history, names_a_place))

    def _without_chatter(self, request: AskRequest) -> AskRequest:
        """The request with its questions alone, without what their askers say of themselves."""
        history = tuple(
            replace(turn, content=self._bare(turn.content, in_conversation=n > 0))
            if turn.role == "user"
            else turn
            for n, turn in enumerate(request.history)
        )
        question = self._bare(request.question.strip(), in_conversation=bool(history))
        return replace(request, question=question, history=history)

    def _bare(self, question: str, in_conversation: bool) -> str:
        question = without_fillers(question, in_conversation).strip()
        rest = without_chatter(question, self._has_matter, in_conversation)
        return rest if rest == question or self._names_as_much(question, rest) else question

    def _names_as_much(self, whole: str, part: str) -> bool:
        """Tell whether a part of a question names all the years of it, and all its places with a plan.

        Where it names no place, and does not ask of every plan, it is put to the place named before it, be
        there a plan or not (要搬去杭州,外地户口的娃怎么上小学?).
        """
        before, left = (self._places.find(simplify(text)) for text in (whole, part))
        if before and not left and find_which(part) is None:
            return False
        cities = [{city for mention in places for city in mention.cities} for places in (before, left)]
        years = [{mention.year for mention in find_years(text)} for text in (whole, part)]
        return cities[0] <= cities[1] and years[0] <= years[1]

    def _has_matter(self, part: str) -> bool:
        """Tell whether a part of a question asks about a matter of its own."""
        own = self._places.find(simplify(part))
        rest = without_which(without_scope(part, own))
        if asks_of_whole_plans(rest):
            return False
        if not has_chinese(rest):
            return any(says_something(word) and word not in _OF_ANY_MATTER for word in words(rest))
        tokens = (token for token in tokenise(rest) if len(token) > 1 and not token.isdigit())
        return any(not any(word in token for word in _OF_ANY_MATTER) for token in tokens)

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


def with_matter_before(reading: Reading) -> Reading:
    """The reading of a question that is about the matter of the one before, too."""
    asked, before = reading.before
    return replace(
        reading,
        question=_standalone(reading.question, asked, reading.language),
        topic=f"{reading.topic} {before}".strip(),
        has_earlier_matter=True,
        before=("", ""),
    )


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
