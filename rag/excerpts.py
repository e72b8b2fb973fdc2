"""The decisive words of a sentence: a run of its clauses, verbatim, that says most in little room."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence

from rag.tokenise import tokenise

MAX_CHARS = 160
"""Characters of an excerpt; a single clause may be a fifth longer."""
_WHOLE_CHARS = 36
"""Characters of a sentence that is not worth shortening."""
_SPECIFIC_CHARS = 130
"""Characters of the clauses that are not general, up to which none of them is left out.

What a reader of a comparison looks for can stand in any of them: of 54 development questions 41 had all their
facts with this, 29 with excerpts of at most 64 characters.
"""
_STOP = re.compile(r"(?<!\d)[，,]|[，,](?!\d)|[；;。]")
_LISTED = re.compile(r"、")
_NAME = re.compile(r"[“《‘][^”》’]{2,}[”》’]")
_NUMBER = re.compile(r"\d")
_OF_TOPIC, _OF_NUMBER, _OF_NAME, _SHARED = 1.5, 4.0, 2.0, 0.7
"""What a word of the topic, a clause's number, its quoted name and a word that others say too are worth,
beside 1 for any other content word."""
_GENERAL = re.compile(
    r"^(?:并|以)?(?:进一步|不断|切实|努力|着力|扎实|持续)|(?:氛围|合力|格局|基础|水平|保障)$"
)
_OF_GENERAL = 0.4
"""What is left of the worth of a clause that could stand anywhere (进一步…, 营造良好氛围)."""
_TELLING = 0.4
"""A further clause is taken where it is worth this share of the best one."""
_MAX_CLAUSES = 8
"""Clauses of one sentence that are tried with one another."""
_LEFT_OUT = "……"


def excerpt(text: str, topic: Collection[str], elsewhere: Collection[str]) -> str:
    """The most telling clauses of ``text`` in their order, with dots where one between them is left out.

    ``topic`` has the tokens that it should be about, ``elsewhere`` those that what it is compared with has,
    too. A sentence that is short enough stays whole, but for the stop at its end.
    """
    spans = _clauses(text)
    if not spans:
        return text
    if spans[-1][1] - spans[0][0] <= _WHOLE_CHARS:
        return text[spans[0][0] : spans[-1][1]]
    places = [i for i, (start, end) in enumerate(spans) if not _is_general(text[start:end], topic)]
    if places and sum(spans[i][1] - spans[i][0] + 1 for i in places) <= _SPECIFIC_CHARS:
        return _join(text, [spans[i] for i in places], places)
    worths = [_worth(text[start:end], topic, elsewhere) for start, end in spans]
    strongest = sorted(range(len(spans)), key=lambda i: (-worths[i], i))[:_MAX_CLAUSES]
    chosen, best = [strongest[0]], worths[strongest[0]]
    strongest = [i for i in strongest if worths[i] >= _TELLING * best]
    for n in range(1, len(strongest) + 1):
        for some in itertools.combinations(sorted(strongest), n):
            worth = sum(worths[i] for i in some)
            if worth > best and sum(spans[i][1] - spans[i][0] + 1 for i in some) <= MAX_CHARS:
                chosen, best = list(some), worth
    return _join(text, [spans[i] for i in chosen], chosen)


def _join(text: str, spans: Sequence[tuple[int, int]], places: Sequence[int]) -> str:
    """Clauses that follow one another as they stand, others with dots between them."""
    if len(spans) == 1:
        return _shortened(text[spans[0][0] : spans[0][1]])
    words = text[spans[0][0] : spans[0][1]]
    for before, after, gap in zip(spans, spans[1:], itertools.pairwise(places), strict=False):
        close = gap[1] == gap[0] + 1
        words += text[before[1] : after[1]] if close else _LEFT_OUT + text[after[0] : after[1]]
    return words


def _clauses(text: str) -> list[tuple[int, int]]:
    """Start and end of each clause without the stop behind it.

    Stops in brackets and quotation marks count as letters, so that no mark is left without its other half.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in [*_STOP.finditer(text), None]:
        end = len(text) if match is None else match.start()
        if match is not None and _is_open(text[start:end]):
            continue
        if text[start:end].strip():
            spans.append((start + len(text[start:end]) - len(text[start:end].lstrip()), end))
        start = end if match is None else match.end()
    return spans


def _is_open(piece: str) -> bool:
    return any(piece.count(left) > piece.count(right) for left, right in ("“”", "《》", "（）", "()", "‘’"))


def _is_general(clause: str, topic: Collection[str]) -> bool:
    """Tell whether a clause could stand anywhere: not one that lists, counts or names the topic."""
    if not _GENERAL.search(clause) or _LISTED.search(clause) or _NUMBER.search(clause):
        return False
    return not any(word in topic for word in tokenise(clause))


def _worth(clause: str, topic: Collection[str], elsewhere: Collection[str]) -> float:
    words = set(tokenise(clause))
    worth = sum(_OF_TOPIC if word in topic else _SHARED if word in elsewhere else 1.0 for word in words)
    worth *= _OF_GENERAL if _is_general(clause, topic) else 1.0
    return worth + _OF_NUMBER * bool(_NUMBER.search(clause)) + _OF_NAME * len(_NAME.findall(clause))


def _shortened(run: str) -> str:
    """A single clause that is far too long, cut at one of the marks between what it lists."""
    if len(run) <= 1.2 * MAX_CHARS:
        return run
    cuts = [match.start() for match in _LISTED.finditer(run) if not _is_open(run[: match.start()])]
    fitting = [cut for cut in cuts if cut <= 1.2 * MAX_CHARS]
    return run[: fitting[-1]] if fitting else run
