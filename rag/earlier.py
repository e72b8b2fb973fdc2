"""What a question leaves to the conversation: its places, its years, its matter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.plan import Plan
from rag.asked_matter import find_matter, put_matter
from rag.follow_ups import (
    ASKS_FOR_REST,
    about_matter,
    another_matter,
    asks_why,
    counts_years,
    name_ordinals,
    name_years_on,
    needs_a_matter,
    new_matter,
    with_why,
)
from rag.leaning import (
    HALF,
    OF_BEFORE,
    POINTER,
    asks_all_the_same,
    asks_nothing,
    only_leans,
    own_tokens,
    pointed_past,
    stays,
)
from rag.others import ask_all, ask_others, of_those_cities
from rag.places import CorpusPlaces, Mention, find_years
from rag.records import Turn
from rag.roles import sort_mentions
from rag.scope_words import detect_language, has_chinese, lower, swap, topic_of, without_scope, year_spans
from rag.tokenise import normalise, simplify
from rag.which_words import find_which
from rag.whole_plans import asks_of_whole_plans

_ENDS = " ?？。"
_SHORT_YEAR = re.compile(
    r"(?<![\d第近满超过去来续每约达共余])(?<!至少)(?<!连续)(?<!义务)([12]\d)年"
    r"(?![级制龄来间内期来以多里前后教]|免费|义务|左右|规划|贯通|一贯)"
)
"""A year by its last two digits (18年), not a span of years (12年免费教育, 近20年)."""
_MAX_WHICH_CHARS = 24
"""Longer words that ask of every plan hold the matter, too, and are not replaced by a city."""
_BESIDE = re.compile(
    r"再加上|加上|放(?:在)?一(?:块|起)|摆(?:在)?一(?:块|起)|比一?比|比起来|相比|差别|不同"
    r"|\b(?:stack\s+up|compare[ds]?|against|versus|vs|side\s+by\s+side)\b",
    re.IGNORECASE,
)
"""A city is set beside those of the question before (和邯郸的放一起看)."""
_THINGS = re.compile(
    r"(?:哪些|哪几|什么|啥)(?!城市|地方|计划|要点|份|家|个城市)|\bwh(?:at|ich)\b", re.IGNORECASE
)
"""A question for things of one place, of which there may be more (立哪些新规矩)."""
_MORE_OF_IT = re.compile(
    r"^(?:那么?)?还有(?:哪些|什么|啥|别的|其他的?|其它的?)?[呢吗么]?[?？。]*$|^(?:and\s+)?(?:what|anything)\s+else\W*$",
    re.I,
)
_OF_BEFORE_ALONE = re.compile(
    r"^(?:(?:and|but|so)\s+)?what\s+(?:does|do|did)\s+say\W*$"
    r"|^(?!.*(?:要点|计划|文件|\bplans?\b)).*(?:举措|措施|做法|安排|部署|打算|动作|\b(?:measures|steps|actions)\b)"
)
"""Asks what a place says, or for measures, and names no matter: those of what was asked before."""
_WHOLE_PLANS = {"zh": "各城市的要点都写了什么?", "en": "What does each of the plans say?"}
_OTHERS = re.compile(r"其他|其它|别的|另外|还有|\b(?:others?|else)\b", re.IGNORECASE)


class EarlierQuestions:
    """Completes questions from a conversation, against one corpus."""

    def __init__(self, plans: Sequence[Plan], places: CorpusPlaces) -> None:
        self._plans = tuple(plans)
        self._places = places

    def resolve(self, question: str, history: Sequence[Turn]) -> str:
        """The question completed from the last question of the history, where it leans on it."""
        asked = _asked(history)
        if not asked:
            return question
        pointed = name_ordinals(simplify(question), _answers(history[asked[-1] :]), self._places.find)
        question = question if pointed == simplify(question) else pointed
        before = ""  # completed once: twice a turn would double with every turn
        if counts_years(question):
            before = self.resolve(history[asked[-1]].content.strip(), history[: asked[-1]])
            question = self._with_named_years(question, before)
        plain = simplify(question)
        roles, years = sort_mentions(lower(plain), self._places.find(plain)), find_years(plain)
        places = self._without_inner(pointed_past(plain, roles.asked), history[asked[-1]].content)
        beside: tuple[Mention, ...] = ()
        asks_for_rest, more = asks_all_the_same(plain), bool(_MORE_OF_IT.match(plain))
        leans, bare = only_leans(plain, (*places, *roles.left_out)), asks_nothing(plain)
        if not (asks_for_rest or more or leans or bare or another_matter(plain)) and places and not years:
            if not _BESIDE.search(plain):
                return question
            beside = places
        before = before or self.resolve(history[asked[-1]].content.strip(), history[: asked[-1]])
        base = simplify(before)
        if beside:
            return self._beside_before(plain, base, beside)
        if more and self._places.find(base) and _THINGS.search(base):
            return before
        same = self._said_again(question, before, asks_for_rest, history)
        if same:
            return same
        matter = None if bare or places or years else another_matter(plain)
        other = of_those_cities(plain, base, matter) or self._with_matter(plain, base, matter or "")
        if other or bare:
            return other or before
        if not leans and not places and not roles.left_out and stays(plain):
            return self._with_scope(question, base, wants_years=not years)
        return self._with_names(plain, base, places) if leans else question

    def _said_again(self, question: str, before: str, of_all: bool, history: Sequence[Turn]) -> str:
        """The question before, put to all or asked for its reason, or its matter in one that names none."""
        plain, base = simplify(question), simplify(before)
        if of_all:
            others = bool(ASKS_FOR_REST.match(plain) or _OTHERS.search(plain))
            return self._for_all_cities(before, base, others, self._matter_said(history))
        if asks_why(plain):
            return with_why(before)
        matter = self._matter_said(history) if needs_a_matter(plain) else ""
        if matter:
            return self._with_scope(about_matter(plain, matter), base, wants_years=True)
        return ""

    def topic_before(self, question: str, topic: str, rest: str, history: Sequence[Turn]) -> tuple[str, str]:
        """The question before and its topic, where this one says too little of its own to search for.

        ``question`` is as it was put: what points into the answer (the first one) is about the same matter.
        """
        asked = _asked(history)
        if not asked:
            return "", ""
        plain = simplify(question)
        pointed = name_ordinals(plain, _answers(history[asked[-1] :]), self._places.find) != plain
        bare = asks_of_whole_plans(rest) and _OF_BEFORE_ALONE.match(" ".join(rest.split()))
        own = [] if bare or pointed else own_tokens(topic)
        there = self._places.find(plain)
        asked_now = (plain, topic_of(plain, there), without_scope(plain, there))
        half = HALF.search(plain) and any(text.strip(_ENDS).lower() in topic.lower() for text in asked_now)
        if own and not (OF_BEFORE.search(topic) or half):
            return "", ""
        last = self.resolve(history[asked[-1]].content.strip(), history[: asked[-1]])
        base = normalise(last)
        before = topic_of(base, self._places.find(base)).strip(_ENDS)
        said = before in topic or topic.strip(_ENDS) in before
        return ("", "") if asks_of_whole_plans(before) or (pointed and said) else (last, before)

    def with_whole_years(self, question: str) -> str:
        """The question with 18年 written as 2018年, where plans of that year are there."""
        held = {plan.year for plan in self._plans}

        def whole(match: re.Match[str]) -> str:
            year = 2000 + int(match.group(1))
            return f"{year}年" if year in held else match.group()

        return _SHORT_YEAR.sub(whole, question)

    def _with_named_years(self, question: str, before: str) -> str:
        """The question with its year named, where it asks only what was so years on (那五年之后呢?)."""
        years = {mention.year for mention in find_years(simplify(before))}
        if len(years) != 1:
            return question
        named = name_years_on(simplify(question), *years)
        return (
            named if named != simplify(question) and only_leans(named, self._places.find(named)) else question
        )

    def _without_inner(self, places: Sequence[Mention], before: str) -> tuple[Mention, ...]:
        """The places without those inside a city that was asked about before (崂山区 after 青岛)."""
        cities = [city for mention in self._places.find(simplify(before)) for city in mention.cities]
        return tuple(
            mention
            for mention in places
            if mention.cities or not any(self._places.is_inside(mention, city) for city in cities)
        )

    def _beside_before(self, plain: str, base: str, places: Sequence[Mention]) -> str:
        """The question before, put to its own places and to those that are set beside them now."""
        there = sort_mentions(lower(base), self._places.find(base)).asked
        names = [base[m.start : m.end] for m in there] + [plain[m.start : m.end] for m in places]
        if not there:
            return plain
        joint = "和".join(names) if has_chinese(base) else " and ".join(names)
        return swap(base, [(m.start, m.end) for m in there], joint)

    def _with_names(self, plain: str, base: str, places: Sequence[Mention]) -> str:
        """The question before, put to the places and years that a leaning question names instead."""
        years = find_years(plain)
        was_there = self._places.find(base)
        old_spans = [(m.start, m.end) for m in was_there] if places else []
        if years or not self._has_years(places, base):
            old_spans += year_spans(base, whole=not years)
        new = "和".join(plain[m.start : m.end] for m in places) + "、".join(str(y.year) for y in years)
        if places and years and has_chinese(base):
            new = "和".join(m.name for m in places) + "、".join(str(y.year) for y in years)
        elif places and years:
            cities = " and ".join(plain[m.start : m.end] for m in places)
            new = f"{cities} {', '.join(str(year.year) for year in years)}"
        return swap(base, sorted(old_spans), new) if old_spans else _put_in(base, new, places, was_there)

    def _for_all_cities(self, before: str, base: str, others: bool, matter: str) -> str:
        """The question before, put to every city, or to the others, where it was put to some."""
        spans = [(m.start, m.end) for m in sort_mentions(base, self._places.find(base)).asked]
        if not spans:
            return before
        if asks_of_whole_plans(without_scope(base, self._places.find(base))):
            return _WHOLE_PLANS[detect_language(base)]
        years = year_spans(base, whole=True)
        return ask_others(base, spans, years, matter) if others else ask_all(base, spans, years)

    def _matter_said(self, history: Sequence[Turn]) -> str:
        """What the conversation is about: the matter that was named last; empty where none was."""
        for n in reversed(_asked(history)):
            text = simplify(history[n].content.strip())
            span = find_matter(text, self._scope_spans(text))
            matter = text[slice(*span)] if span else another_matter(text)
            if matter and not self._places.find(matter):
                return matter
        return ""

    def _scope_spans(self, text: str) -> list[tuple[int, int]]:
        return [(m.start, m.end) for m in self._places.find(text)] + year_spans(text, whole=True)

    def _with_matter(self, plain: str, base: str, matter: str) -> str:
        """The question before, asked of another matter; empty where its own cannot be told."""
        new = new_matter(matter)
        asked = put_matter(base, self._scope_spans(base), new) if new else ""
        if not asked or has_chinese(base) == has_chinese(plain):
            return asked
        if has_chinese(plain):
            return self._with_scope(f"有没有提到{new}?", base, wants_years=True)
        names = [base[m.start : m.end] for m in self._places.find(base)]
        return f"Does {' and '.join(names)} mention {new}?" if names else ""

    def _with_scope(self, question: str, base: str, wants_years: bool) -> str:
        """The question with the places, and where it names none the years, of the one before."""
        names = [base[m.start : m.end] for m in self._places.find(base)]
        years = [str(mention.year) for mention in find_years(base)] if wants_years else []
        if not names:
            return question
        if detect_language(question) == "zh":
            when = "、".join(f"{year}年" for year in years)
            # Behind several cities the year would be the last one's alone.
            where = "和".join(names)
            return (
                f"{when}{where}{question}"
                if len(names) > 1 and len(years) == 1
                else f"{where}{when}{question}"
            )
        return f"{question} ({', '.join([*names, *years])})"

    def _has_years(self, places: Sequence[Mention], base: str) -> bool:
        """Tell whether the cities now asked about have plans of the years asked about before.

        Where they have none, the earlier year was the other city's and does not carry over.
        """
        cities = {city for mention in places for city in mention.cities}
        held = {plan.year for plan in self._plans if plan.city in cities}
        return not cities or any(mention.year in held for mention in find_years(base))


def _asked(history: Sequence[Turn]) -> list[int]:
    """The places of the questions in a conversation."""
    return [i for i, turn in enumerate(history) if turn.role == "user" and turn.content.strip()]


def _answers(turns: Sequence[Turn]) -> str:
    """All that was answered in these turns."""
    return " ".join(turn.content for turn in turns if turn.role == "assistant")


def _put_in(base: str, new: str, places: Sequence[Mention], was_there: Sequence[Mention]) -> str:
    """The question with a scope where it had none: for "which cities", behind its city, or at its end."""
    chinese = has_chinese(base)
    new += "年" if chinese and new[-1:].isdigit() else ""
    which = find_which(base) if places else None
    if which and which.end - which.start <= _MAX_WHICH_CHARS:
        that = re.compile(r"\s*\b(?:that|which|where|with)\b", re.IGNORECASE).match(base, which.end)
        end = that.end() if that else which.end
        return base[: which.start] + (new if chinese else f"Does {new}") + base[end:]
    pointer = POINTER.search(base) if places else None
    if pointer:
        return base[: pointer.start()] + new + base[pointer.end() :]
    if not chinese:
        return f"{base.rstrip(' ?')} in {new}?"
    if was_there and not places:
        return f"{base[: was_there[-1].end]}{new}{base[was_there[-1].end :]}"
    return f"{new}{base}"
