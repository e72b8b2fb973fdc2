"""What a question wants counted or measured (多少个标准化食堂, "how many canteens"), by its own words."""

from __future__ import annotations

import re

import rjieba

from rag.tokenise import normalise

_CHINESE = re.compile(
    r"(?:多少|(?<![哪这那第好])几)(?:名(?!额)|[人位所个间门项家座台辆场张支])?(?P<words>[㐀-鿿a-z“”]{2,})"
)
_ENGLISH = re.compile(
    r"\bhow\s+(?:many|much)\s+(?:of\s+)?(?:the\s+)?(?P<words>[a-z'’-]+(?:\s+[a-z'’-]+){0,5}?)"
    r"(?=\s*[?.,;:]|\s*$|\s+(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|must|may|might"
    r"|in|of|at|for|to|by|from|with|that|who|which|per|on|there)\b)",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"(?:[新男女中小大]|优秀|骨干|外国|外籍|国际)*(?:老师|教师|留?学生|孩子|小孩|娃娃?|儿童|校长|园长|干部)"
    r"|(?:[a-z'’-]+\s+)*(?:teachers|pupils|students|children|kids|people|volunteers)",
    re.IGNORECASE,
)
_HEAD_TAGS = ("n", "s")
_BESIDE_TAGS = ("a", "b", "uj", "j", "l", "eng", "m", "i", "vn")
_NOUNS = frozenset({"编制", "名额", "学位"})
"""Nouns that the segmenter takes for verbs."""


def counted_things(question: str) -> tuple[str, ...]:
    """The nouns that a question for a number or an amount wants counted, one for each number asked for.

    Of a Chinese one their last words (标准化食堂: 食堂), of an English one all of them ("school canteens").
    What is not named right behind the number word is left out.
    """
    plain = normalise(question)
    heads = [_head(match["words"]) for match in _CHINESE.finditer(plain)]
    named = [match["words"] for match in _ENGLISH.finditer(plain)]
    return tuple(dict.fromkeys(thing for thing in (*heads, *named) if len(thing) > 1))


def are_people(things: tuple[str, ...]) -> bool:
    """Tell whether all of the things that are to be counted are people, and there are any."""
    return bool(things) and all(_PEOPLE.fullmatch(thing) for thing in things)


def _head(words: str) -> str:
    """The last noun of the words at the head of a clause; empty where these begin with something else."""
    head = ""
    for word, tag in rjieba.tag(words):
        if word in _NOUNS or tag.startswith(_HEAD_TAGS):
            head = word
        elif not tag.startswith(_BESIDE_TAGS):
            break
    return head
