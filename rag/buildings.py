"""Comparisons of what is built: they are led by the sentences that count the schools."""

from __future__ import annotations

import re

from rag.quantities import read_quantities
from rag.records import Chunk
from rag.school_kinds import kinds_asked, kinds_named

_THING = r"(?:学校|幼儿园|新园(?!区)|中小学|小学|初中|高中|中学|校舍|校区)"
_ASKS = re.compile(
    rf"(?:新建|改建|扩建|改扩建|盖|兴建|筹建|建成|建(?!设)了?|修建|新开)[^,，。;；?？、]{{0,8}}?{_THING}"
    rf"|{_THING}[^,，。;；?？、]{{0,4}}(?:新建|改扩建|扩建|建设|怎么建|建了?(?:多少|几)|建得)"
    r"|建校(?!区)|建园|学位建设"
    r"|\b(?:build(?:s|ing)?|built|construct(?:s|ed|ion|ing)?|enlarg\w+|expand(?:s|ed|ing)?|new)\b"
    r"(?:\W+\w+){0,4}?\W+(?:schools|kindergartens|preschools|nurseries)\b"
    r"|\b(?:schools?|kindergartens?|preschools?)\W+(?:and\W+\w+\W+)?(?:building|construction)\b",
    re.IGNORECASE,
)
"""Asks for what is built. 建设 before a school is a word for all that is done with one (建设高质量学校)."""
_DEED = re.compile(r"新建|新改扩建|改扩建|扩建|改建|改造|建成|投用|竣工|交付|开办|建设(?=[^,，;；。]{0,4}\d)")
_BOTH = {"建校": frozenset({"primary", "junior", "senior"}), "建园": frozenset({"kindergarten"})}
"""Words that name what is built without its kind."""
_VOCATIONAL = re.compile(r"职业|职校|职教|中职|\bvocational\b", re.IGNORECASE)
_UNITS = ("所", "个")


def asks_of_building(question: str) -> bool:
    """Tell whether it asks for the schools or kindergartens that are built (盖新学校这块有啥不一样)."""
    return bool(_ASKS.search(question))


def counts_built_schools(chunk: Chunk, question: str) -> bool:
    """Tell whether a sentence says how many schools of the kinds asked for are built or rebuilt."""
    if not _DEED.search(chunk.text):
        return False
    asked = _kinds(question)
    counted = [kinds_named(q.subject) for q in read_quantities(chunk.text) if q.unit in _UNITS]
    return any(kinds & asked if asked else kinds for kinds in counted)


def _kinds(question: str) -> frozenset[str]:
    """The kinds of schools asked for; beside vocational training 学校 is a vocational one."""
    if _VOCATIONAL.search(question):
        return kinds_named(question) | {"vocational"}
    return kinds_asked(question).union(*(kinds for word, kinds in _BOTH.items() if word in question))
