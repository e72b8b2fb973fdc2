"""How far a plan goes in what it says: it studies, encourages, tries out, or simply does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.support import pairs
from rag.tokenise import normalise
from rag.wording import Lang

Shade = Literal["study", "encourage", "pilot"]

_BEFORE = r"^(?:[一二三四五六七八九十]是|继续|积极|进一步|深入|着力|加快|组织|主动|大胆|开始|启动|持续)*"
_SHADES: tuple[tuple[Shade, re.Pattern[str]], ...] = (
    ("pilot", re.compile(r"试点|试行|先行先试|试验区")),
    ("study", re.compile(rf"{_BEFORE}(研究(?!院|所|中心|生)|研制|论证|酝酿|谋划|调研|探索)")),
    ("encourage", re.compile(rf"{_BEFORE}(鼓励|引导|倡导|提倡)")),
)
_ENGLISH = {
    "试点": "a pilot",
    "试行": "on trial",
    "先行先试": "on trial",
    "试验区": "in a test area",
    "研究": "to be studied",
    "研制": "being drawn up",
    "论证": "to be studied",
    "酝酿": "being considered",
    "谋划": "being planned",
    "调研": "to be studied",
    "探索": "being explored",
    "鼓励": "encouraged",
    "引导": "encouraged",
    "倡导": "encouraged",
    "提倡": "encouraged",
}
_CLAUSE = re.compile(r"[，,；;。：:]")
_LISTED = re.compile("、")
_WANTS_DEED = re.compile(
    r"新建|扩建|改扩建|增加|新增|增设|扩容|扩大|扩充|加建|多建|\b(?:build|add|expand|widen|enlarge|increase)(?:s|ing)?\b",
    re.I,
)
_WANTS_LESS = re.compile(
    r"研究|探索|试点|试行|鼓励|打算|考虑|\b(?:stud(?:y|ies)|pilot|trial|explor|encourag|consider)\w*", re.I
)


def shade(quote: str, topic: str) -> tuple[Shade, str] | None:
    """The shade of what ``quote`` says to ``topic``, and the quote's own word for it; None where it has none.

    Read is the clause that shares most words with the topic; where none shares any, the only clause there is.
    """
    clauses = [clause.strip() for clause in _CLAUSE.split(normalise(quote)) if clause.strip()]
    wanted = pairs(topic)
    shared = [len(wanted & pairs(clause)) for clause in clauses]
    if not clauses or (max(shared) == 0 and len(clauses) > 1):
        return None
    clause = clauses[shared.index(max(shared))]
    for name, words in _SHADES:
        match = words.search(clause)
        if match and not _is_of_another(clause, match, wanted):
            return name, match.group(match.lastindex or 0)
    return None


def _is_of_another(clause: str, match: re.Match[str], wanted: set[str]) -> bool:
    """Tell whether the word belongs to another of the things listed (甲改革、试验区改革: 甲 is no test area).

    A word at the end of a list holds for all of it (甲、乙试点), so the things must have like heads.
    """
    members = _LISTED.split(clause)
    here = clause.count("、", 0, match.start(match.lastindex or 0))
    best = max(range(len(members)), key=lambda i: len(wanted & pairs(members[i])))
    head = members[best].rstrip("’”'\"")[-2:]
    return best != here and match.group(match.lastindex or 0)[-2:] != head and head in members[here]


def falls_short(quotes: Sequence[str], question: str, topic: str) -> bool:
    """Tell whether a deed is asked for (新建, 扩容, build) and all quotes only study or encourage it.

    A pilot does what it tries out, if in few places, so it is no half answer; its line says that it is one.
    """
    if not _WANTS_DEED.search(question) or _WANTS_LESS.search(question):
        return False
    found = [shade(quote, topic) for quote in quotes]
    return bool(found) and all(entry is not None and entry[0] != "pilot" for entry in found)


def shade_label(found: tuple[Shade, str] | None, language: Lang) -> str:
    """The shade in brackets, as （试点） or (a pilot); empty where there is none."""
    if found is None:
        return ""
    return f"（{found[1]}）" if language == "zh" else f" ({_ENGLISH[found[1]]})"
