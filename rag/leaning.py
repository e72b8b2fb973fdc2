"""Whether a question leans on the one before: what it names of its own, and what it only points at."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.follow_ups import ASKS_FOR_REST
from rag.modes import asks_how_many_plans
from rag.places import Mention
from rag.scope_words import has_chinese, swap, year_spans
from rag.tokenise import tokenise
from rag.which_words import find_which
from rag.whole_plans import asks_of_whole_plans, names_several

_LEANING = re.compile(
    r"那一?(?:份|版)(?:要点|计划|文件)?|(?:什么|啥|哪[个种]?)?(?:程度|地步|份上)|哪一?步|[写说提讲做办](?:到|得|成)了?|里(?:面|头)?(?=[写说提讲有做])"
    r"|那会儿|那(?:个)?时候?|那阵子?|那么?|还有|再|换成?|同一?年的?|(?:我)?打错了|说?错了|我(?:是|的意思是|想?[问说指要]的?是)?说?|不对|先放放|[光只](?:看|说|要)|就行|看看|呢|怎么?样|咋样|(?:是)?(?:个)?(?:啥|什么|怎么个)情况|如何|情况|也是?|的时候|这样|那样|一样|同样|类似|有没有|有|是|吗|的|说说?|一下|又|到了?|还(?:会|在)?(?:[提讲写做搞]到?)?|提到?|讲到?|这(?:个|些|事|件事|一?点|方面)|请"
    r"|\b(?:(?:in|of)\s+(?:its|their|the|that)\s+plan|and|or|but|so|then|what|how|is|about|for|in|of|does|do|it|the|same|too|as|well|no|sorry|there|anything|something|any|like|that|this|one|back|was|were|did|have|had|has|are|i|mean|meant|just|only|please|instead|still|say|says|mention|mentions|mentioned)\b|[\s,，、?？。!和与跟]",
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
    r"[它他她](?!们)|那一?年|时候|阶段|进展|进度|多少人|里面|[写说提讲]了|第一[个次]?|首[次个]|[得需]要?|还在|实际|到底|究竟|当年|今年|这年|年内|具体|一共|总共|分别|各自|各|每|新建|改造|建成|建|新增|增加|数量|数字|数|目标|指标|标准|谁|个|所|名|间|家"
    r"|\b(?:which|who|whose|where|when|why|are|was|were|ones?|many|much|long|often|there|any|anything|something|like|back|total|altogether|will|would|can|be|been|did|do|does|have|has|had|get|got|first|still|year|stage|their|his|her|its|this|that|plan|all|they|them|those|these|exactly|names?|named|called)\b",
    re.IGNORECASE,
)
"""Words that say nothing of what a follow-up is about: with no others it is about what was asked before."""
OF_BEFORE = re.compile(
    r"其中|[它他她]们|这些|\b(?:of|among)\s+(?:them|these|those)\b"
    r"|\b(?:do|does|did|are|is|was|were|will|would|have|has|had|can)\s+(?:those|these|they)\b",
    re.IGNORECASE,
)
_MAX_LEANING_CHARS = {True: 40, False: 60}
"""In Chinese and else."""
_CARRIES = re.compile(
    r"^(?:那么?(?![些个])|[它他她]|该市|其中|这里|[这该本](?:份|个)?(?:要点|计划|文件))|呢[?？。]*$|^[^,，?？]{1,14}呢[,，?？]"
    r"|^(?:and|but|(?:what|how)\s+about)\b|^(?:where|who|when)\W*$|^在?(?:哪[里儿]|谁)[?？。]*$"
    r"|\b(?:there|of (?:them|these|those)|(?:the|this|that)\s+(?:plan|document))\b"
    r"|\b(?:do|does|did|are|is|was|were|will|would|have|has|had|can)\s+(?:those|these|they)\b",
    re.I,
)
"""Signs that a question which names no place is about those of the question before."""
_ASKS_ON = re.compile(
    r"[吗呢么吧?？]|多少|几|什么|啥|怎|咋|如何|为何|哪|谁|([㐀-鿿])[不没]\1|[㐀-鿿][不没]$|说|讲|写|提"
    r"|\b(?:how|what|when|why|which|who|whose|where|is|are|do|does|did|will|has|have|can|it|its|this|that|total)\b",
    re.IGNORECASE,
)
_WHO_OF_IT = re.compile(
    r"由谁|谁来|谁负责|谁.{0,6}更|从哪|到哪|去哪|\b(?:that|it|further|more|stricter|better)\b"
    r"|\bwho(?:['’]s|\s+(?:is|was|will\s+be))\s+(?:in\s+charge|responsible)",
    re.IGNORECASE,
)
"""Asks for somebody or some place in what was spoken of, not for a plan."""
_IT = re.compile(
    r"\b(?:of|for|with|about|on|against)\s+(?P<of>it)\b(?!['’]s)"
    r"|\b(?!(?:do|does|did|is|was|will|has|have|can|and|but|so|if|when|that)\b)[a-z]+\s+(?P<done>it)"
    r"(?=\s*(?:[?.!,]|$)|\s+(?:too|as\s+well|there|either)\b)",
    re.IGNORECASE,
)
"""What is done or spoken of beside a place that is named (how much of it, do they teach it)."""
_HAVE = re.compile(r"\b(?:have|has|had|did|are|got)\b", re.IGNORECASE)
_OTHER_ONES = re.compile(r"^(?=.{0,14}$)(?:那么?)?(?:还有|其他|其它|别的)")
_MAX_SHORT = 7
"""Words of a question for who or where that is still about the plan before (who leads it?)."""
_THOSE_PLANS = re.compile(r"那些(?:城市|地方|计划|要点)")
"""Mostly 哪些 misspelt."""
_POINTS_BACK = re.compile(r"[它他她]们|\b(?:they|them|those|these)\b", re.IGNORECASE)
POINTER = re.compile(
    r"^(?:它(?!们)|该市|那里|那边|那儿)|\b(?:it|that city|that plan|the plan)\b", re.IGNORECASE
)
"""What a place that is named later stands for."""


def asks_nothing(text: str) -> bool:
    """Tell whether a question has no words of its own: 那里怎么样? "what about it?"."""
    return not any(character.isalnum() for character in _POINTING.sub("", _LEANING.sub("", text)))


def own_tokens(topic: str) -> list[str]:
    """The words of a question that can say what it is about."""
    return [token for token in tokenise(_LEANING.sub(" ", _EMPTY.sub(" ", topic))) if not token.isdigit()]


def only_leans(text: str, places: Sequence[Mention]) -> bool:
    """Tell whether ``text`` names a place or a year and asks nothing of its own."""
    spans = [(mention.start, mention.end) for mention in places] + year_spans(text, whole=True)
    if not spans or len(text) > _MAX_LEANING_CHARS[has_chinese(text)]:
        return False
    return not any(character.isalnum() for character in _LEANING.sub("", swap(text, sorted(spans), " ")))


def asks_all_the_same(plain: str, before: str) -> bool:
    """Tell whether a question puts the one before to other cities ("Which other cities mention it?")."""
    if ASKS_FOR_REST.match(plain):
        return True
    which = find_which(plain)
    if which is None or which.kind == "who":
        return False
    left = _HAVE.sub(" ", f"{plain[: which.start]} {plain[which.end :]}")
    if _OTHER_ONES.search(plain):
        left = "".join(c for c in left if c not in before)  # 还有哪些城市也建? after 要建心理档案吗?
    return asks_nothing(left)


def stays(text: str) -> bool:
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


def points_at_matter(text: str) -> int | None:
    """Where a question that names a place says "it" of its matter; None where it does not."""
    match = _IT.search(text)
    return None if match is None else max(match.start("of"), match.start("done"))


def pointed_past(text: str, places: Sequence[Mention]) -> tuple[Mention, ...]:
    """The places without those that have no plan, where one is pointed at (does it mention Tibet)."""
    return tuple(mention for mention in places if mention.cities or not POINTER.search(text))
