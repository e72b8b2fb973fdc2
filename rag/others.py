"""Puts a question that was put to one city to the others, or to all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.scope_words import detect_language, has_chinese, swap
from rag.which_words import find_which

Span = tuple[int, int]
_EITHER_OR = re.compile(r"有没有(?=[提说写讲谈])()|([㐀-鿿])[不没]\2")
_ENDS = re.compile(r"[吗么]?\s*([?？。]*)$")
_WHETHER = re.compile(r"(do|does|did|is|are|has|have|will|can|could|would)\s+$", re.IGNORECASE)
_OF_SEVERAL = {"is": "are ", "has": "have ", "do": "", "does": "", "did": ""}
_DOES = re.compile(r"\bdoes(?=\s+cities\b)", re.IGNORECASE)
_HOW_MANY_OF_THEM = re.compile(
    r"^(?:那么?|所以|到底|究竟|一共|总共|具体|是|有|就)*(?:几|多少)(?:个|家|座|份)(?:城市|地方|计划|要点)?[呢啊呀?？。]*$"
    r"|^(?:so\s+|and\s+)?how\s+many(?:\s+(?:of\s+them|cities|plans|is\s+that|are\s+(?:there|they)))?(?:\s+in\s+(?:all|total))?\W*$",
    re.IGNORECASE,
)


def ask_all(question: str, places: Sequence[Span], years: Sequence[Span]) -> str:
    """``question`` put to every city, in the stead of those that it names."""
    if detect_language(question) == "en":
        return _in_english(question, places, years, "cities")
    asked = swap(question, sorted([*places, *years]), "哪些城市")
    return _ENDS.sub(r"\1", _EITHER_OR.sub(r"\2", asked)) if asked.startswith("哪些城市") else asked


def ask_others(question: str, places: Sequence[Span], years: Sequence[Span], matter: str) -> str:
    """``question`` put to every city but those that it names.

    ``matter`` is what it is about, where that is known: what else cannot be turned round is asked of it.
    """
    named = list(dict.fromkeys(question[start:end] for start, end in places))
    if detect_language(question) == "zh":
        return f"除{'和'.join(named)}外,{ask_all(question, places, years)}"
    return _in_english(question, places, years, f"cities other than {' and '.join(named)}", matter)


def _in_english(
    question: str, places: Sequence[Span], years: Sequence[Span], cities: str, matter: str = ""
) -> str:
    """A yes or no turned round (does Handan teach it: which cities teach it), or the matter alone."""
    start, end = places[0]
    whether = _WHETHER.fullmatch(question[:start])
    if whether and len(places) == 1 and question[end : end + 1] == " " and not years:
        verb = whether.group(1).lower()
        return f"Which {cities} {_OF_SEVERAL.get(verb, f'{verb} ')}{question[end:].strip()}"
    if matter:
        return f"Which {cities} mention {matter}?"
    return _DOES.sub("do", swap(question, sorted([*places, *years]), cities))


def of_those_cities(plain: str, base: str, matter: str | None) -> str:
    """The question which cities do something, asked for their number or with another matter, or none."""
    which = find_which(base)
    if which is None:
        return ""
    if _HOW_MANY_OF_THEM.match(plain):
        many = "有几个城市" if has_chinese(base) else "how many cities"
        return base[: which.start] + many + base[which.end :]
    if not matter:
        return ""
    return f"哪些城市提到{matter}?" if has_chinese(matter) else f"Which plans mention {matter}?"
