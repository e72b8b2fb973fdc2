"""Puts a question to other places than it was put to: to those named later, to all others, to all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.asked_matter import link_of
from rag.leaning import POINTER
from rag.places import Mention
from rag.scope_words import detect_language, has_chinese, swap, year_spans
from rag.which_words import find_which

Span = tuple[int, int]
_EITHER_OR = re.compile(r"有没有(?=[提说写讲谈])()|([㐀-鿿])[不没]\2")
_WHETHER_IT_IS = re.compile(r"是不是|是否")
_ENDS = re.compile(r"[吗么]?\s*([?？。]*)$")
_WHETHER = re.compile(r"(do|does|did|is|are|has|have|will|can|could|would)\s+$", re.IGNORECASE)
_OF_SEVERAL = {"is": "are ", "has": "have ", "do": "", "does": "", "did": ""}
_DOES = re.compile(r"\bdoes(?=\s+cities\b)", re.IGNORECASE)
_HOW_MANY_OF_THEM = re.compile(
    r"^(?:那么?|所以|到底|究竟|一共|总共|具体|是|有|就)*(?:几|多少)(?:个|家|座|份)(?:城市|地方|计划|要点)?[呢啊呀?？。]*$"
    r"|^(?:so\s+|and\s+)?how\s+many(?:\s+(?:of\s+them|cities|plans|is\s+that|are\s+(?:there|they)))?(?:\s+in\s+(?:all|total))?\W*$",
    re.IGNORECASE,
)

_MAX_WHICH_CHARS = 24
"""Longer words that ask of every plan hold the matter, too, and are not replaced by a city."""
_THAT = re.compile(r"\s*\b(?:that|which|where|with)\b", re.IGNORECASE)
_GONE = "\0"
"""Stands where a year was taken out."""
_IN_YEAR = re.compile(rf"(?:\s*\b(?:back\s+)?in(?:\s+the\s+year)?)?\s*\(?{_GONE}+\)?", re.IGNORECASE)
_BETWEEN = re.compile(rf"(?:[\s{_GONE}和与跟、,&]|\b(?:and|in|of)\b)*", re.IGNORECASE)
_ONE_DOES = re.compile(r"\b(?:does|is|has|was)(?=\s+$)", re.IGNORECASE)
_SEVERAL_DO = {"does": "do", "is": "are", "has": "have", "was": "were"}


def ask_all(question: str, places: Sequence[Span], years: Sequence[Span]) -> str:
    """``question`` put to every city, in the stead of those that it names."""
    if detect_language(question) == "en":
        return _in_english(question, places, years, "cities")
    asked = swap(question, sorted([*places, *years]), "哪些城市")
    return (
        _ENDS.sub(r"\1", _EITHER_OR.sub(r"\2", _WHETHER_IT_IS.sub("", asked)))
        if asked.startswith("哪些城市")
        else asked
    )


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
    if not matter or link_of(matter):
        return ""
    return f"哪些城市提到{matter}?" if has_chinese(matter) else f"Which plans mention {matter}?"


def put_to(base: str, new: str, there: Sequence[Mention]) -> str:
    """``base`` put to the places and years of ``new``, in the stead of those that it names."""
    if not there:
        return put_in(base, new, True, there)
    masked = list(base)
    for start, end in year_spans(base, whole=True):
        masked[start:end] = _GONE * (end - start)
    text = "".join(masked)
    spans: list[Span] = []
    for mention in there:
        if spans and _BETWEEN.fullmatch(text[spans[-1][1] : mention.start]):
            spans[-1] = (spans[-1][0], mention.end)
        else:
            spans.append((mention.start, mention.end))
    before = agreeing(text[: spans[0][0]], new)
    rest = swap(text[spans[0][0] :], [(start - spans[0][0], end - spans[0][0]) for start, end in spans], new)
    return _IN_YEAR.sub("", before + rest).replace("  ", " ")


def agreeing(before: str, new: str) -> str:
    """What stands before the places, its verb made to fit several: "does" before "Qingdao and Handan"."""
    if " and " not in new:
        return before
    return _ONE_DOES.sub(lambda verb: _fit(verb.group()), before)


def _fit(verb: str) -> str:
    several = _SEVERAL_DO[verb.lower()]
    return several.capitalize() if verb[0].isupper() else several


def put_in(base: str, new: str, of_places: bool, was_there: Sequence[Mention]) -> str:
    """The question with a scope where it had none: for "which cities", behind its city, or at its end."""
    chinese = has_chinese(base)
    new += "年" if chinese and new[-1:].isdigit() else ""
    which = find_which(base) if of_places else None
    if which and which.end - which.start <= _MAX_WHICH_CHARS:
        that = _THAT.match(base, which.end)
        end = that.end() if that else which.end
        does = "" if chinese else "Do " if " and " in new else "Does "
        return base[: which.start] + does + new + base[end:]
    pointer = POINTER.search(base) if of_places else None
    if pointer:
        return base[: pointer.start()] + new + base[pointer.end() :]
    if not chinese:
        return f"{base.rstrip(' ?')} in {new}?"
    if was_there and not of_places:
        return f"{base[: was_there[-1].end]}{new}{base[was_there[-1].end :]}"
    return f"{new}{base}"
