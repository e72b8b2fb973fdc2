"""The numbered parts inside an item: ①②③, inline 一是…二是…, （1）（2）, dashes and bullets."""

from __future__ import annotations

import re
from typing import Final

from corpus.numbering import BULLETS, CIRCLED_ORDINALS, han_value
from corpus.plan import SubPoint

_CIRCLED: Final = re.compile("[①-⑳]")
_INLINE: Final = re.compile(r"(?:(?<=[。；;:：,，\n）)、])|^)\s?([一二三四五六七八九十]{1,3})(?:是|要)")
_PARENTHESES: Final = re.compile(r"[（(](\d{1,2})[）)]")
_UNORDERED: Final = re.compile(rf"(?:^|(?<=\n))(?:(?:——|—|--)|[{BULLETS}])(?=[^\n])")
_ENOUGH: Final = 2
"""One number alone is a word of the text; a list has at least this many."""


def find_sub_points(text: str, item_id: str, start: int, stop: int) -> tuple[SubPoint, ...]:
    """Find the sub-points of an item's ``text``.

    :param start: the item's offset in the plan's text.
    :param stop: where in ``text`` the sub-points end (the note of lead units, or the text's end).
    """
    for marks in (
        _circled(text, stop),
        _inline(text, stop),
        _parentheses(text, stop),
        _unordered(text, stop),
    ):
        if len(marks) >= _ENOUGH:
            return _cut(text, marks, item_id, start, stop)
    return ()


def _in_sequence(marks: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Keep the marks that count 1, 2, 3 … in order; a list that starts again inside one is its text."""
    kept: list[tuple[int, int, str]] = []
    for mark in marks:
        if mark[1] == len(kept) + 1:
            kept.append(mark)
    return kept


def _circled(text: str, stop: int) -> list[tuple[int, int, str]]:
    if "①" not in text:
        return []
    found = _CIRCLED.finditer(text, 0, stop)
    return _in_sequence([(mark.start(), CIRCLED_ORDINALS[mark.group()], mark.group()) for mark in found])


def _inline(text: str, stop: int) -> list[tuple[int, int, str]]:
    marks: list[tuple[int, int, str]] = []
    if "一是" not in text and "一要" not in text:
        return marks
    for mark in _INLINE.finditer(text, 0, stop):
        try:
            marks.append((mark.start(1), han_value(mark.group(1)), mark.group(1)))
        except ValueError:
            continue
    return _in_sequence(marks)


def _parentheses(text: str, stop: int) -> list[tuple[int, int, str]]:
    if "1）" not in text and "1)" not in text:
        return []
    found = _PARENTHESES.finditer(text, 0, stop)
    return _in_sequence([(mark.start(), int(mark.group(1)), mark.group()) for mark in found])


def _unordered(text: str, stop: int) -> list[tuple[int, int, str]]:
    if "\n" not in text:
        return []
    found = _UNORDERED.finditer(text, 0, stop)
    return [(mark.start(), place, mark.group()) for place, mark in enumerate(found, start=1)]


def _cut(
    text: str, marks: list[tuple[int, int, str]], item_id: str, start: int, stop: int
) -> tuple[SubPoint, ...]:
    points = []
    for (begin, ordinal, printed), end in zip(marks, [mark[0] for mark in marks[1:]] + [stop], strict=True):
        part = text[begin:end].rstrip()
        place = start + begin
        points.append(SubPoint(f"{item_id}.{ordinal}", printed, ordinal, part, place, place + len(part)))
    return tuple(points)
