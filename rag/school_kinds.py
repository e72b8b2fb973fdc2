"""Which kinds of schools a question asks for, and which a figure counts: some lump several together."""

from __future__ import annotations

import re

from rag.quantities import Quantity

_KIND = re.compile(
    r"(?P<kindergarten>幼儿园|普惠园|一类园|\b(?:kindergartens?|preschools?)\b)"
    r"|(?P<compulsory>义务教育(?:阶段)?(?:的?学校)?)|(?P<schools>中小学)|(?P<primary>小学|\b(?:primary|elementary)\b)"
    r"|(?P<junior>初中|\bjunior\s+(?:high|middle|secondary)\b)"
    r"|(?P<vocational>中职|中等职业|职业学校|\bvocational(?:\s+(?:senior|secondary|high|middle))*(?:\s+schools?)?\b|\b(?:senior|secondary)\s+vocational\b(?:\s+schools?)?)"
    r"|(?P<senior>高中|\b(?:senior\s+)?(?:high|secondary)\s+schools?\b)"
    r"|(?P<middle>中学|\bmiddle\s+schools?\b)|(?P<university>高校|高职|大学|高等学校|\b(?:universit(?:y|ies)|colleges?)\b)",
    re.IGNORECASE,
)
_ANY_SCHOOL = re.compile(r"学校|\bschools\b", re.IGNORECASE)
_SCHOOLS = frozenset({"primary", "junior", "senior"})
_OF_NAME = {
    "schools": _SCHOOLS,
    "compulsory": frozenset({"primary", "junior"}),
    "middle": frozenset({"junior", "senior"}),
}
"""Names that stand for several kinds."""


def kinds_named(text: str) -> frozenset[str]:
    """The kinds of schools that the words name, 中小学 being three of them."""
    names = [match.lastgroup or "" for match in _KIND.finditer(text)]
    return frozenset[str]().union(*(_OF_NAME.get(name, {name}) for name in names))


def kinds_asked(question: str) -> frozenset[str]:
    """The kinds that a question asks for; 学校 without a kind is any school, but no kindergarten."""
    named = kinds_named(question)
    return named | _SCHOOLS if _ANY_SCHOOL.search(_KIND.sub(" ", question)) else named


def lumps_together(quantity: Quantity, question: str) -> bool:
    """Tell whether a figure counts a kind that is asked for together with others (中小学幼儿园80所)."""
    counted, asked = kinds_named(quantity.subject), kinds_asked(question)
    return bool(counted & asked) and bool(counted - asked)
