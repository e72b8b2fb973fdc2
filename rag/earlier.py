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
from rag.modes import asks_how_many_plans
from rag.others import ask_all, ask_others, of_those_cities
from rag.places import CorpusPlaces, Mention, find_years
from rag.records import Turn
from rag.roles import sort_mentions
from rag.scope_words import detect_language, has_chinese, lower, swap, topic_of, without_scope, year_spans
from rag.tokenise import normalise, simplify, tokenise
from rag.which_words import find_which
from rag.whole_plans import asks_of_whole_plans, names_several

_LEANING = re.compile(
    r"那么?|还有|再|换成?|同一?年的?|(?:我)?打错了|说?错了|我(?:是|的意思是|想?[问说指要]的?是)?说?|不对|先放放|[光只](?:看|说|要)|就行|看看|呢|怎么?样|咋样|(?:是)?(?:个)?(?:啥|什么|怎么个)情况|如何|情况|也是?|这样|那样|一样|同样|类似|有没有|有|是|吗|的|说说?|一下|又|到了?|还(?:会|在)?(?:[提讲写做搞]到?)?|提到?|讲到?"
    r"|\b(?:and|or|but|so|then|what|how|is|about|for|in|of|does|do|it|the|same|too|as|well|no|sorry|i|mean|meant|just|only|instead|still|say|says|mention|mentions|mentioned)\b|[\s,，、?？。!和与跟]",
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
    r"那一?年|实际|到底|究竟|当年|今年|这年|年内|具体|一共|总共|分别|各自|各|每|新建|改造|建成|建|新增|增加|数量|数字|数|目标|指标|标准|谁|个|所|名|间|家"
    r"|\b(?:which|who|whose|where|when|are|was|were|ones?|they|them|those|these|exactly|names?|named|called)\b",
    re.IGNORECASE,
)
"""Words that say nothing of what a follow-up is about: with no others it is about what was asked before."""
_OF_BEFORE = re.compile(
    r"其中|[它他她]们|这些|\b(?:of|among)\s+(?:them|these|those)\b"
    r"|\b(?:do|does|did|are|is|was|were|will|would|have|has|had|can)\s+(?:those|these|they)\b",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"^(?!.*(?:哪|谁|什么|啥|怎|几|多少))[^,，]{0,10}呢[?？。]*$|这方面|这块|这件?事|另外[一二两三四几]|其余|^还(?:要|有|会)(?!.*(?:多少|几)[个所名间位人]?[㐀-鿿]{2})"
    r"|^(?:(?:and\s+(?:then\s+)?)?(?:what|how)\s+about|and)\b(?!.*\b(?:how|what|which|who|when|does|do|did|is|are|will)\b).{0,80}$"
    r"|\b(?:ones|these|those)\b(?!\s+\w+s\b)",
    re.IGNORECASE,
)
"""Half a question, whose other half was asked before (评完以后呢?, "And the rural ones?")."""
_ENDS = " ?？。"
_SHORT_YEAR = re.compile(
    r"(?<![\d第近满超过去来续每约达共余])(?<!至少)(?<!连续)(?<!义务)([12]\d)年"
    r"(?![级制龄来间内期来以多里前后教]|免费|义务|左右|规划|贯通|一贯)"
)
"""A year by its last two digits (18年), not a span of years (12年免费教育, 近20年)."""
_MAX_LEANING_CHARS = 40
_MAX_WHICH_CHARS = 24
"""Longer words that ask of every plan hold the matter, too, and are not replaced by a city."""
_CARRIES = re.compile(
    r"^(?:那么?(?![些个])|[它他她]|该市|其中|这里|[这该本](?:份|个)?(?:要点|计划|文件))|呢[?？。]*$|^[^,，?？]{1,14}呢[,，?？]"
    r"|^(?:and|but|(?:what|how)\s+about)\b"
    r"|\b(?:there|of (?:them|these|those)|(?:the|this|that)\s+(?:plan|document))\b"
    r"|\b(?:do|does|did|are|is|was|were|will|would|have|has|had|can)\s+(?:those|these|they)\b",
    re.I,
)
"""Signs that a question which names no place is about those of the question before."""
_BESIDE = re.compile(
    r"再加上|加上|放(?:在)?一(?:块|起)|摆(?:在)?一(?:块|起)|比一?比|比起来|相比|差别|不同"
    r"|\b(?:stack\s+up|compare[ds]?|against|versus|vs|side\s+by\s+side)\b",
    re.IGNORECASE,
)
"""A city is set beside those of the question before (和邯郸的放一起看)."""
_ASKS_ON = re.compile(
    r"[吗呢么?？]|多少|几|什么|啥|怎|咋|如何|为何|哪|谁|有没有|是不是|说|讲|写|提"
    r"|\b(?:how|what|when|why|which|who|whose|where|is|are|do|does|did|will|has|have|can|it|its|this|that|total)\b",
    re.IGNORECASE,
)
_WHO_OF_IT = re.compile(
    r"由谁|谁来|谁负责|谁.{0,6}更|从哪|到哪|去哪|\b(?:that|it|further|more|stricter|better)\b"
    r"|\bwho(?:['’]s|\s+(?:is|was|will\s+be))\s+(?:in\s+charge|responsible)",
    re.IGNORECASE,
)
"""Asks for somebody or some place in what was spoken of, not for a plan."""
_MAX_SHORT = 7
"""Words of a question for who or where that is still about the plan before (who leads it?)."""
_THOSE_PLANS = re.compile(r"那些(?:城市|地方|计划|要点)")
"""Mostly 哪些 misspelt."""
_POINTS_BACK = re.compile(r"[它他她]们|\b(?:they|them|those|these)\b", re.IGNORECASE)
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
_POINTER = re.compile(
    r"^(?:它(?!们)|该市|那里|那边|那儿)|\b(?:it|that city|that plan|the plan)\b", re.IGNORECASE
)
"""What a place that is named later stands for."""
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
        places = self._without_inner(_pointed_past(plain, roles.asked), history[asked[-1]].content)
        beside: tuple[Mention, ...] = ()
        asks_for_rest, more = _asks_all_the_same(plain), bool(_MORE_OF_IT.match(plain))
        leans, bare = _leans(plain, (*places, *roles.left_out)), asks_nothing(plain)
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
        if not leans and not places and not roles.left_out and _stays(plain):
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
        own = [] if bare or pointed else _own_tokens(topic)
        there = self._places.find(plain)
        asked_now = (plain, topic_of(plain, there), without_scope(plain, there))
        half = _HALF.search(plain) and any(text.strip(_ENDS).lower() in topic.lower() for text in asked_now)
        if own and not (_OF_BEFORE.search(topic) or half):
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
        return named if named != simplify(question) and _leans(named, self._places.find(named)) else question

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


def _asks_all_the_same(plain: str) -> bool:
    """Tell whether a question puts the one before to other cities ("Which other cities mention it?")."""
    if ASKS_FOR_REST.match(plain):
        return True
    which = find_which(plain)
    if which is None or which.kind == "who":
        return False
    return asks_nothing(f"{plain[: which.start]} {plain[which.end :]}")


def _asked(history: Sequence[Turn]) -> list[int]:
    """The places of the questions in a conversation."""
    return [i for i, turn in enumerate(history) if turn.role == "user" and turn.content.strip()]


def _answers(turns: Sequence[Turn]) -> str:
    """All that was answered in these turns."""
    return " ".join(turn.content for turn in turns if turn.role == "assistant")


def _own_tokens(topic: str) -> list[str]:
    """The words of a question that can say what it is about."""
    return [token for token in tokenise(_LEANING.sub(" ", _EMPTY.sub(" ", topic))) if not token.isdigit()]


def _leans(text: str, places: Sequence[Mention]) -> bool:
    """Tell whether ``text`` names a place or a year and asks nothing of its own."""
    spans = [(mention.start, mention.end) for mention in places] + year_spans(text, whole=True)
    if not spans or len(text) > _MAX_LEANING_CHARS:
        return False
    return not any(character.isalnum() for character in _LEANING.sub("", swap(text, sorted(spans), " ")))


def _put_in(base: str, new: str, places: Sequence[Mention], was_there: Sequence[Mention]) -> str:
    """The question with a scope where it had none: for "which cities", behind its city, or at its end."""
    chinese = has_chinese(base)
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


def _stays(text: str) -> bool:
    """Tell whether a question that names no place is about those of the question before.

    In a conversation it is, unless it asks of all plans, or is a matter and no question.
    """
    which = find_which(text)
    if asks_how_many_plans(text) or _THOSE_PLANS.search(text):
        return False
    if which is not None and which.kind != "who" and not _POINTS_BACK.search(text):
        return False
    if _CARRIES.search(text):
        return True
    if which is not None and not _POINTS_BACK.search(text):
        return bool(_WHO_OF_IT.search(text)) and _n_words(text) <= _MAX_SHORT
    if asks_of_whole_plans(text):
        return not names_several(text)
    return bool(_ASKS_ON.search(text))


def _n_words(text: str) -> int:
    """Words, a Chinese character counting for half of one."""
    return len(re.findall(r"[A-Za-z0-9'-]+", text)) + len(re.findall(r"[㐀-鿿]", text)) // 2


def _pointed_past(text: str, places: Sequence[Mention]) -> tuple[Mention, ...]:
    """The places without those that have no plan, where one is pointed at (does it mention Tibet)."""
    return tuple(mention for mention in places if mention.cities or not _POINTER.search(text))


def asks_nothing(text: str) -> bool:
    """Tell whether a question has no words of its own: 那里怎么样? "what about it?"."""
    return not any(character.isalnum() for character in _POINTING.sub("", _LEANING.sub("", text)))
