"""What a question leaves to the conversation: its places, its years, its matter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.plan import Plan
from rag.asked_matter import find_matter, put_matter
from rag.follow_ups import (
    ASKS_FOR_REST,
    HALF,
    about_matter,
    another_matter,
    asks_also,
    asks_for_rest,
    asks_number_alone,
    asks_why,
    counts_years,
    name_ordinals,
    name_years_on,
    narrows,
    needs_a_matter,
    new_matter,
    thing_asked,
    with_all,
    with_why,
    without_lead,
)
from rag.leaning import (
    OF_BEFORE,
    asks_all_the_same,
    asks_nothing,
    only_leans,
    own_tokens,
    pointed_past,
    points_at_matter,
    stays,
)
from rag.others import agreeing, ask_all, ask_others, of_those_cities, put_in
from rag.places import CorpusPlaces, Mention, find_years
from rag.records import Turn
from rag.roles import sort_mentions
from rag.scope_words import detect_language, has_chinese, lower, swap, topic_of, without_scope, year_spans
from rag.taken_together import TakenTogether
from rag.tokenise import normalise, simplify
from rag.which_words import without_which
from rag.whole_plans import asks_of_whole_plans, points_at_one_plan

_ENDS = " ?？。"
_SHORT_YEAR = re.compile(
    r"(?<![\d第近满超过去来续每约达共余])(?<!至少)(?<!连续)(?<!义务)([12]\d)年"
    r"(?![级制龄来间内期来以多里前后教]|免费|义务|左右|规划|贯通|一贯)"
)
"""A year by its last two digits (18年), not a span of years (12年免费教育, 近20年)."""
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
_MORE_OF_IT = re.compile(r"^(?:那么?)?还有(?:哪些|什么|啥|别的|其他的?|其它的?)?[呢吗么]?[?？。]*$")
_OF_BEFORE_ALONE = re.compile(
    r"^(?:(?:and|but|so)\s+)?what\s+(?:does|do|did)\s+say\W*$"
    r"|^(?!.*(?:要点|计划|文件|\bplans?\b)).*(?:举措|措施|做法|安排|部署|打算|动作|\b(?:measures|steps|actions)\b)"
)
"""Asks what a place says, or for measures, and names no matter: those of what was asked before."""
_QUOTES = re.compile(r"”\[\d+\]")
"""An answer quotes a plan."""
_ENOUGH = 4
"""Words of a question before a pronoun, from which on it may stand for what they name."""
_FEW = 2
"""Words of a question before "it", up to which it names nothing else that "it" could be."""
_SPACES = re.compile(r"(?<=[A-Za-z]) {2,}(?=[A-Za-z])")
_WHOLE_PLANS = {"zh": "各城市的要点都写了什么?", "en": "What does each of the plans say?"}
_OTHERS = re.compile(r"其他|其它|别的|另外|还有|\b(?:others?|else)\b", re.IGNORECASE)


class EarlierQuestions:
    """Completes questions from a conversation, against one corpus."""

    def __init__(self, plans: Sequence[Plan], places: CorpusPlaces) -> None:
        self._plans = tuple(plans)
        self._places = places
        self._together = TakenTogether(plans, places)

    def resolve(self, question: str, history: Sequence[Turn]) -> str:
        """The question completed from the questions of the history, where it leans on them."""
        return self._completed(question, history, self._said(history))

    def _said(self, history: Sequence[Turn]) -> list[str]:
        """The questions of a conversation, each completed from those before it."""
        said: list[str] = []
        for n in _asked(history):
            said.append(self._completed(history[n].content.strip(), history[:n], said))
        return said

    def _completed(self, question: str, history: Sequence[Turn], said: Sequence[str]) -> str:
        """The question completed from those ``said`` before it."""
        if not said:
            return question
        question = self._pointed(question, history)
        joint = self._together.resolve(simplify(question), [simplify(text) for text in said])
        if joint:
            return joint
        question = self._together.with_two_named(question, [simplify(text) for text in said])
        if counts_years(question):
            question = self._with_named_years(question, said[-1])
        return self._completed_alone(question, said[-1], history)

    def _completed_alone(self, question: str, before: str, history: Sequence[Turn]) -> str:
        """The question completed from the last one ``before`` it."""
        plain = simplify(question)
        roles, years = sort_mentions(lower(plain), self._places.find(plain)), find_years(plain)
        places = self._without_inner(pointed_past(plain, roles.asked), history[_asked(history)[-1]].content)
        leans, bare = only_leans(plain, (*places, *roles.left_out)), asks_nothing(plain)
        if places and not (years or leans or bare or self._asks_on(plain, before)):
            beside = self._beside_before(plain, simplify(before), places) if _BESIDE.search(plain) else ""
            return beside or self._naming_it(question, history)
        same = self._said_again(question, before, history)
        if same:
            return same
        base = simplify(before)
        if thing_asked(plain) and not places:
            return self._with_scope(thing_asked(plain), base, wants_years=not years)
        matter = None if bare or places or years else another_matter(plain)
        other = of_those_cities(plain, base, matter) or self._with_matter(plain, base, matter or "")
        if other or bare:
            return other or before
        if not leans and not places and not roles.left_out and (stays(plain) or narrows(plain)):
            return self._with_scope(_without_lead(question), base, wants_years=not years)
        return self._with_names(plain, base, places) if leans else question

    def _naming_it(self, question: str, history: Sequence[Turn]) -> str:
        """The question with "it" named, where that is what was spoken of before (how much of it …)."""
        it = points_at_matter(question)
        if it is None or len(own_tokens(without_scope(question[:it], self._places.find(question)))) > _FEW:
            return question
        matter = self._matter_said(history)
        return question[:it] + matter + question[it + len("it") :] if matter else question

    def _asks_on(self, plain: str, before: str) -> bool:
        """Tell whether a question asks for the others, for the rest, or for another matter."""
        rest = asks_for_rest(plain) or bool(_MORE_OF_IT.match(plain))
        return rest or asks_all_the_same(plain, before) or another_matter(plain) is not None

    def _pointed(self, question: str, history: Sequence[Turn]) -> str:
        """The question with what points into the last answer (the first one) named."""
        answer = _answers(history[_asked(history)[-1] :])
        pointed = name_ordinals(simplify(question), answer, self._places.find)
        return question if pointed == simplify(question) else pointed

    def _said_again(self, question: str, before: str, history: Sequence[Turn]) -> str:
        """The question before, for more of it, put to all, or for its reason; or its matter in this one."""
        plain, base = simplify(question), simplify(before)
        there = self._places.find(base)
        more = asks_for_rest(plain) or bool(self.told(question, history) and _THINGS.search(base))
        if more and len({mention.name for mention in there}) == 1:
            return with_all(before)
        if asks_number_alone(plain) or (_MORE_OF_IT.match(plain) and there and _THINGS.search(base)):
            return before
        if asks_all_the_same(plain, before):
            others = bool(ASKS_FOR_REST.match(plain) or _OTHERS.search(plain))
            return self._for_all_cities(before, base, others, self._matter_said(history))
        if asks_why(plain):
            return with_why(before)
        matter = self._matter_said(history) if needs_a_matter(plain) else ""
        if matter:
            return self._with_scope(about_matter(plain, matter), base, wants_years=True)
        return ""

    def told(self, question: str, history: Sequence[Turn]) -> str:
        """The answers before, with all that they quote, where a question asks for more than was told."""
        plain = simplify(question)
        answers = _answers(history) if asks_for_rest(plain) or _MORE_OF_IT.match(plain) else ""
        return answers if _QUOTES.search(answers) else ""

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
        own = [] if bare or pointed else own_tokens(topic if has_chinese(topic) else rest)
        there = self._places.find(plain)
        asked_now = (plain, topic_of(plain, there), without_scope(plain, there))
        half = HALF.search(plain) and any(text.strip(_ENDS).lower() in topic.lower() for text in asked_now)
        half = half or (needs_a_matter(plain) and topic.strip(_ENDS) == without_lead(plain).strip(_ENDS))
        half = half or asks_also(plain, simplify(history[asked[-1]].content))
        of_plan = not (own or bare) and asks_of_whole_plans(rest) and points_at_one_plan(rest)
        part = narrows(plain) and not (there or asks_number_alone(plain))
        if of_plan or (own and not (self._points_back(topic, plain) or half or part)):
            return "", ""
        last, before = self.last_matter(history)
        said = without_which(before).strip() in topic or topic.strip(_ENDS) in before
        return ("", "") if not before or (pointed and said) else (last, before)

    def last_matter(self, history: Sequence[Turn]) -> tuple[str, str]:
        """The question before, completed, and its topic; empty where it asks for whole plans, or is none."""
        said = self._said(history)
        if not said:
            return "", ""
        base = normalise(said[-1])
        topic = topic_of(base, self._places.find(base)).strip(_ENDS)
        return ("", "") if asks_of_whole_plans(topic) else (said[-1], topic)

    def _points_back(self, topic: str, plain: str) -> bool:
        """Tell whether "they" and the like are things said before, not those that it names with its place."""
        match = OF_BEFORE.search(topic)
        if match is None:
            return False
        return len(own_tokens(topic[: match.start()])) < _ENOUGH or not self._places.find(plain)

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
        new = self._new_scope(plain, places, has_chinese(base))
        if not old_spans:
            return put_in(base, new, bool(places), was_there)
        start = min(old_spans)[0] if places else 0
        rest = swap(base[start:], sorted((first - start, end - start) for first, end in old_spans), new)
        return _SPACES.sub(" ", agreeing(base[:start], new) + rest)

    def _new_scope(self, plain: str, places: Sequence[Mention], chinese: bool) -> str:
        """The places and years that a question names, as the question before would name them."""
        years = [str(year.year) for year in find_years(plain)]
        if chinese and places and years:
            return "和".join(mention.name for mention in places) + "、".join(years)
        joint, comma = ("和", "、") if chinese or not places else (" and ", ", ")
        names = joint.join(plain[mention.start : mention.end] for mention in places)
        return f"{names}{'' if chinese else ' '}{comma.join(years)}".strip()

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
            if self._begins_anew(text):
                break
        return ""

    def _begins_anew(self, text: str) -> bool:
        """Tell whether a question names a place and asks something of it that is its own."""
        places = self._places.find(text)
        return bool(places) and not only_leans(text, places) and bool(own_tokens(without_scope(text, places)))

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


def _without_lead(question: str) -> str:
    """A question without what ties it to the one before (那, "ok"), where it says what it is about."""
    half = HALF.search(question) or OF_BEFORE.search(question) or not own_tokens(without_scope(question, ()))
    return question if half else without_lead(question)


def _answers(turns: Sequence[Turn]) -> str:
    """All that was answered in these turns."""
    return " ".join(turn.content for turn in turns if turn.role == "assistant")
