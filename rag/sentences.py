"""Cuts an item into sentences that keep their place in the plan."""

from __future__ import annotations

import itertools
import re

MAX_CHARS = 120
"""A sentence longer than this is cut at its commas, so that a quote stays short enough to read."""

_END = re.compile(r"[。！？!?；;]+[”’」』）)》]*|\n+")
_MARK = re.compile(r"[①-⑳㉑-㉟]")
_NUMERAL = "[一二三四五六七八九十百]"
_NUMBER = re.compile(
    rf"^(?:\d+[.．、]\s*(?!\d)|[①-⑳㉑-㉟]|[（(](?:{_NUMERAL}{{1,4}}|\d{{1,3}})[)）]\s*"
    rf"|{_NUMERAL}{{1,4}}、\s*(?!{_NUMERAL})|第{_NUMERAL}{{1,5}}条[\s、]*)"
)
_UNITS = re.compile(r"[（(][^（(）)]{0,6}(?:责任|牵头|负责)[^：:]{0,8}[：:]")
_LOST_DOT = re.compile(r"[㐀-鿿]\?[㐀-鿿]{1,8}[”’」』》]")
"""A dot between two names in quotation marks that came as a question mark (“爱国?奋斗”精神)."""
_COMMA = re.compile(r"[，,]")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of ``text``, without surrounding spaces or its leading number.

    A sentence ends at a full stop, a semicolon or a line's end, and before a circled number. The spans
    do not overlap and are in order; text that is only numbers, marks and spaces gives no span.
    """
    cuts = {0, len(text)}
    cuts.update(
        match.end()
        for match in _END.finditer(text)
        if not _inside_brackets(text, match.start()) and not _LOST_DOT.match(text, match.start() - 1)
    )
    cuts.update(match.start() for match in _MARK.finditer(text))
    edges = sorted(cuts)
    spans: list[tuple[int, int]] = []
    for start, end in itertools.pairwise(edges):
        trimmed = _trim(text, start, end)
        if trimmed is not None:
            spans.extend(_split_long(text, *trimmed))
    return spans


def names_units(sentence: str) -> bool:
    """Tell whether a sentence is only the bracket that says who is in charge （责任单位：…）."""
    return bool(_UNITS.match(sentence))


def _inside_brackets(text: str, position: int) -> bool:
    """Tell whether a stop stands inside a bracket of its own line, as in （牵头处室：甲。责任处室：乙）."""
    line_start = text.rfind("\n", 0, position) + 1
    before = text[line_start:position]
    opened = before.count("（") + before.count("(")
    closed = before.count("）") + before.count(")")
    return opened > closed and text[position] != "\n"


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    number = _NUMBER.match(text[start:end])
    if number:
        start += number.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if any(character.isalnum() for character in text[start:end]) else None


def _split_long(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if end - start <= MAX_CHARS:
        return [(start, end)]
    spans: list[tuple[int, int]] = []
    piece_start = last_comma = start
    for match in _COMMA.finditer(text, start, end):
        if match.end() - piece_start > MAX_CHARS and last_comma > piece_start:
            spans.append((piece_start, last_comma))
            piece_start = last_comma
        last_comma = match.end()
    if end - piece_start > MAX_CHARS and last_comma > piece_start:
        spans.append((piece_start, last_comma))
        piece_start = last_comma
    spans.append((piece_start, end))
    return spans
