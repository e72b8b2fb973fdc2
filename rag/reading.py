"""Reads a question: its language, its mode, the plans it is put to, and what it leaves to the history."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.plan import Plan
from rag.errors import UnknownFilter
from rag.follow_ups import ASKS_FOR_REST, another_matter, name_ordinals
from rag.item_numbers import find_item_numbers
from rag.modes import Asked, detect_mode
from rag.places import CorpusPlaces, Mention, find_years
from rag.records import AskRequest, Filters, Mode, Turn
from rag.roles import sort_mentions
from rag.scope import find_scope
from rag.tokenise import normalise, simplify, tokenise
from rag.which_words import find_which
from rag.whole_plans import asks_of_whole_plans, names_several


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


_LEANING = re.compile(
    r"那么?|还有|再|换成?|看看|呢|怎么样|如何|情况|也是?|这样|那样|一样|同样|类似|有没有|有|是|吗|的|说说?|一下|又"
    r"|\b(?:and|or|but|so|then|what|how|is|about|for|in|of|does|do|it|the|same|too|as|well)\b|[\s,，、?？。!和与跟]",
    re.IGNORECASE,
)
"""Words of a question that leans on the one before; one of these alone and a place or year asks nothing."""
_POINTING = re.compile(
    r"那里|那边|那儿|这里|这边|它们?|他们|该市|那个|这个|那座|城市|那|这|个|里|呀|啊|嘛|请问|请|\b(?:there|that|this|they|them|those|"
    r"these|one|city|place|any|please|tell|me|more)\b",
    re.IGNORECASE,
)
"""Words that only point at something said before."""
_EMPTY = re.compile(
    r"那年|当年|今年|这年|年内|具体|一共|总共|分别|各自|各|每|新建|改造|建成|建|新增|增加|数量|数字|数|目标|指标|标准|谁|个|所|名|间|家"
)
"""Words that say nothing of what a follow-up is about: with no others it is about what was asked before."""
_OF_BEFORE = re.compile(r"其中|它们|这些|\b(?:of|among)\s+(?:them|these|those)\b", re.IGNORECASE)
_MAX_LEANING_CHARS = 40
_MAX_WHICH_CHARS = 24
"""Longer words that ask of every plan hold the matter, too, and are not replaced by a city."""
_CARRIES = re.compile(
    r"^(?:那么?(?![些个])|它|该市|其中|这里|[这该本](?:份|个)?(?:要点|计划|文件))|呢[?？。]*$"
    r"|^(?:and|but|(?:what|how)\s+about)\b"
    r"|\b(?:there|of (?:them|these|those)|(?:the|this|that)\s+(?:plan|document))\b",
    re.I,
)
"""Signs that a question which names no place is about those of the question before."""
_OF_BEFORE_ALONE = re.compile(
    r"^(?:(?:and|but|so)\s+)?what\s+(?:does|do|did)\s+say\W*$"
    r"|^(?!.*(?:要点|计划|文件|\bplans?\b)).*(?:举措|措施|做法|安排|部署|打算|动作|\b(?:measures|steps|actions)\b)"
)
"""Asks what a place says, or for measures, and names no matter: those of what was asked before."""
_POINTER = re.compile(
    r"^(?:它(?!们)|该市|那里|那边|那儿)|\b(?:it|that city|that plan|the plan)\b", re.IGNORECASE
)
"""What a place that is named later stands for."""
_WHOLE_PLANS = {"zh": "各城市的要点都写了什么?", "en": "What does each of the plans say?"}
_ALL_CITIES = {"zh": "哪些城市", "en": "which cities"}


def detect_language(text: str) -> Literal["zh", "en"]:
    """``zh`` where Chinese characters carry the question, else ``en``."""
    chinese = len(re.findall(r"[㐀-鿿]", text))
    latin_words = len(re.findall(r"[A-Za-z]{2,}", text))
    return "zh" if chinese >= max(1, latin_words) else "en"


class QuestionReader:
    """Reads questions against one corpus."""

    def __init__(self, plans: Sequence[Plan], places: CorpusPlaces) -> None:
        self._plans = {plan.plan_id: plan for plan in sorted(plans, key=lambda plan: plan.plan_id)}
        self._places = places

    def read(self, request: AskRequest) -> Reading:
        """Understand the request; raises UnknownFilter where a filter names what the corpus lacks."""
        allowed = self._allowed(request.filters)
        question = self.resolve(request.question.strip(), request.history)
        plain = _lower(simplify(question))
        roles = sort_mentions(plain, self._places.find(simplify(question)))
        known = tuple(dict.fromkeys(city for mention in roles.asked for city in mention.cities))
        unknown = tuple(dict.fromkeys(mention.name for mention in roles.asked if not mention.cities))
        scope = find_scope(allowed, plain, roles)
        language = detect_language(question) if request.language == "auto" else request.language
        by_name = {mention.name for mention in roles.asked if mention.name in mention.cities}
        asked = Asked(len(known), len(by_name), len(scope.years), len(scope.plans))
        numbers = find_item_numbers(plain)
        named = (*roles.asked, *roles.left_out)
        topic = _topic(plain, named) if _has_chinese(plain) else question
        rest = _without_scope(plain, named)
        before = self._topic_before(topic, rest, request.history)
        whole = not before and not numbers and asks_of_whole_plans(rest)
        return Reading(
            _standalone(question, before, language),
            f"{topic} {before}".strip(),
            language,
            _mode(plain, asked, numbers, whole) if request.mode == "auto" else request.mode,
            tuple(plan.plan_id for plan in scope.plans),
            known,
            scope.years,
            unknown,
            scope.missing_years,
            numbers,
            rest,
            whole,
        )

    def resolve(self, question: str, history: Sequence[Turn]) -> str:
        """The question completed from the last question of the history, where it leans on it."""
        asked = [i for i, turn in enumerate(history) if turn.role == "user" and turn.content.strip()]
        if not asked:
            return question
        answers = [turn.content for turn in history[asked[-1] + 1 :] if turn.role == "assistant"]
        pointed = name_ordinals(simplify(question), " ".join(answers), self._places.find)
        question = question if pointed == simplify(question) else pointed
        plain = simplify(question)
        places, years = self._places.find(plain), find_years(plain)
        asks_for_rest = bool(ASKS_FOR_REST.match(plain))
        leans = _leans(plain, places)
        asks_all = places or find_which(plain)
        whole = asks_of_whole_plans(plain) and not names_several(plain)
        carries = not leans and not asks_all and (whole or bool(_CARRIES.search(plain)))
        bare = asks_nothing(plain)
        if not (asks_for_rest or leans or carries or bare or another_matter(plain)):
            return question
        before = self.resolve(history[asked[-1]].content.strip(), history[: asked[-1]])
        base = simplify(before)
        if asks_for_rest:
            return self._for_all_cities(before, base)
        if bare:
            return before
        matter = None if places or years else another_matter(plain)
        if matter and find_which(base):
            return f"哪些城市提到{matter}?" if _has_chinese(matter) else f"Which plans mention {matter}?"
        if carries:
            return self._with_scope(question, base, wants_years=not years)
        return self._with_names(plain, base) if leans else question

    def _topic_before(self, topic: str, rest: str, history: Sequence[Turn]) -> str:
        """What the question before was about, where this one says too little of its own to search for."""
        asked = [i for i, turn in enumerate(history) if turn.role == "user" and turn.content.strip()]
        if not asked:
            return ""
        bare = asks_of_whole_plans(rest) and _OF_BEFORE_ALONE.match(" ".join(rest.split()))
        own = [] if bare else _own_tokens(topic)
        if not _OF_BEFORE.search(topic) and own:
            return ""
        base = normalise(self.resolve(history[asked[-1]].content.strip(), history[: asked[-1]]))
        topic = _topic(base, self._places.find(base)).strip(" ?？。")
        return "" if asks_of_whole_plans(topic) else topic

    def _with_names(self, plain: str, base: str) -> str:
        """The question before, put to the places and years that a leaning question names instead."""
        places, years = self._places.find(plain), find_years(plain)
        was_there = self._places.find(base)
        old_spans = [(m.start, m.end) for m in was_there] if places else []
        if years or not self._has_years(places, base):
            old_spans += _year_spans(base, whole=not years)
        new = "和".join(plain[m.start : m.end] for m in places) + "、".join(str(y.year) for y in years)
        if places and years and _has_chinese(base):
            new = "和".join(m.name for m in places) + "、".join(str(y.year) for y in years)
        elif places and years:
            cities = " and ".join(plain[m.start : m.end] for m in places)
            new = f"{cities} {', '.join(str(year.year) for year in years)}"
        return _swap(base, sorted(old_spans), new) if old_spans else _put_in(base, new, places, was_there)

    def _for_all_cities(self, before: str, base: str) -> str:
        """The question before, put to every city where it was put to one."""
        spans = [(m.start, m.end) for m in sort_mentions(base, self._places.find(base)).asked]
        if not spans:
            return before
        if asks_of_whole_plans(_without_scope(base, self._places.find(base))):
            return _WHOLE_PLANS[detect_language(base)]
        return _swap(
            base, sorted([*spans, *_year_spans(base, whole=True)]), _ALL_CITIES[detect_language(base)]
        )

    def _with_scope(self, question: str, base: str, wants_years: bool) -> str:
        """The question with the places, and where it names none the years, of the one before."""
        names = [base[m.start : m.end] for m in self._places.find(base)]
        years = [str(mention.year) for mention in find_years(base)] if wants_years else []
        if not names:
            return question
        if detect_language(question) == "zh":
            return "和".join(names) + "、".join(f"{year}年" for year in years) + question
        return f"{question} ({', '.join([*names, *years])})"

    def _has_years(self, places: Sequence[Mention], base: str) -> bool:
        """Tell whether the cities now asked about have plans of the years asked about before.

        Where they have none, the earlier year was the other city's and does not carry over.
        """
        cities = {city for mention in places for city in mention.cities}
        held = {plan.year for plan in self._plans.values() if plan.city in cities}
        return not cities or any(mention.year in held for mention in find_years(base))

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


def _own_tokens(topic: str) -> list[str]:
    """The words of a question that can say what it is about."""
    return [token for token in tokenise(_LEANING.sub(" ", _EMPTY.sub(" ", topic))) if not token.isdigit()]


def _topic(text: str, mentions: Sequence[Mention]) -> str:
    topic = re.sub(r"\s*\([\s,]*\)", "", _without_scope(text, mentions))
    return topic if any(character.isalnum() for character in topic) else text


def _without_scope(text: str, mentions: Sequence[Mention]) -> str:
    spans = [(mention.start, mention.end) for mention in mentions] + _year_spans(text, whole=True)
    return _swap(text, sorted(spans), "") if spans else text


def _standalone(question: str, before: str, language: Literal["zh", "en"]) -> str:
    if not before:
        return question
    return (
        f"{question}（承前问：{before}）" if language == "zh" else f"{question} (as asked before: {before})"
    )


def _has_chinese(text: str) -> bool:
    """Without Chinese, a sentence with its names cut out is no sentence that could be put into Chinese."""
    return bool(re.search(r"[㐀-鿿]", text))


def _mode(plain: str, asked: Asked, numbers: Sequence[str], whole: bool) -> Mode:
    """The mode of the question's form; what an item says is looked up, however it is asked for.

    What whole plans say is summarised: there is no fact to look up, and nothing to compare or to find.
    """
    mode = "summarise" if whole else detect_mode(plain, asked)
    return "lookup" if numbers and mode == "summarise" and asked.cities < 2 else mode


def _lower(text: str) -> str:
    """The text in small letters, each in its place."""
    small = text.lower()
    return small if len(small) == len(text) else text


def _leans(text: str, places: Sequence[Mention]) -> bool:
    """Tell whether ``text`` names a place or a year and asks nothing of its own."""
    spans = [(mention.start, mention.end) for mention in places] + _year_spans(text, whole=True)
    if not spans or len(text) > _MAX_LEANING_CHARS:
        return False
    return not any(character.isalnum() for character in _LEANING.sub("", _swap(text, sorted(spans), " ")))


def _year_spans(text: str, whole: bool) -> list[tuple[int, int]]:
    """Where ``text`` names plan years, ``whole`` with the 年 after them."""
    return [(y.start, y.end + (whole and text[y.end : y.end + 1] == "年")) for y in find_years(text)]


def _put_in(base: str, new: str, places: Sequence[Mention], was_there: Sequence[Mention]) -> str:
    """The question with a scope where it had none: for "which cities", behind its city, or at its end."""
    chinese = _has_chinese(base)
    new += "年" if chinese and new[-1:].isdigit() else ""
    which = find_which(base) if places else None
    if which and which.end - which.start <= _MAX_WHICH_CHARS:
        that = re.compile(r"\s*\b(?:that|which|where|with)\b", re.IGNORECASE).match(base, which.end)
        end = that.end() if that else which.end
        return base[: which.start] + (new if chinese else f"Does {new}") + base[end:]
    pointer = _POINTER.search(base) if places else None
    if pointer:
        return base[: pointer.start()] + new + base[pointer.end() :]
    if not chinese:
        return f"{base.rstrip(' ?')} in {new}?"
    if was_there and not places:
        return f"{base[: was_there[-1].end]}{new}{base[was_there[-1].end :]}"
    return f"{new}{base}"


def asks_nothing(text: str) -> bool:
    """Tell whether a question has no words of its own: 那里怎么样? "what about it?"."""
    return not any(character.isalnum() for character in _POINTING.sub("", _LEANING.sub("", text)))


def _swap(text: str, spans: Sequence[tuple[int, int]], new: str) -> str:
    """Put ``new`` in the first span's place and take the others out; before the text where there is none."""
    if not spans:
        return f"{new}{text}"
    out, position = [], 0
    for n, (start, end) in enumerate(spans):
        between = text[position:start]
        if n and re.fullmatch(r"[\s和与跟、,及到至~—–年-]*", between):
            between = ""
        out += [between, new if n == 0 else ""]
        position = end
    return "".join([*out, text[position:]]).strip()
