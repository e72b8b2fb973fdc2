"""The numbers that official writing prints before its parts, read at the start of a line.

A marker is only a candidate: whether it really numbers a part is decided by the sequence it
stands in (:mod:`corpus.outline`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "兩": 2, "壹": 1, "贰": 2, "貳": 2, "叁": 3, "參": 3, "参": 3, "肆": 4, "伍": 5,
    "陆": 6, "陸": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_UNITS: Final = {"十": 10, "拾": 10, "百": 100}
_HAN: Final = "一二三四五六七八九十百〇零两兩"
_FORMAL: Final = "壹贰貳叁參参肆伍陆陸柒捌玖拾"
_MEASURES: Final = "年月日个個所家名万萬亿億元项倍米公平吨度"
"""Characters before which 2.5 is a quantity."""
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CIRCLED_ORDINALS: Final = {character: value for value, character in enumerate(_CIRCLED, start=1)}
BULLETS: Final = "●•◆■□▪◇▲★※○·"


@dataclass(frozen=True, slots=True)
class Marker:
    """A printed number at the start of a line."""

    style: str
    """Which family of numbers: ``han`` (一、), ``paren`` (（一）), ``dec`` (1.), ``deci2`` (1.1), …"""
    ordinal: int
    """Its value; 0 for dashes and bullets, which have none."""
    printed: str
    """The number without its brackets and stops (``一``, ``11``, ``①``)."""
    length: int
    """How many characters of the line it takes, its stop and the space after it included."""


RANK: Final = {
    "root": -2, "annex": -1, "part": 0, "chapter": 1, "part_section": 2, "article": 3, "formal": 4, "han": 5,
    "plain": 5, "task": 6, "ordinal": 7, "deci1": 7, "paren": 8, "shi": 9, "dec": 10, "row": 10, "deci2": 11,
    "deci3": 12, "deci4": 13, "dec_paren": 14, "half_paren": 15, "layer": 16, "bracket": 17, "circled": 18,
    "dash": 19, "bullet": 20, "paragraph": 21, "closing": -1,
}  # fmt: skip
"""The usual order of the families, outermost first; what a plan really nests may differ."""

SUB_POINT_STYLES: Final = frozenset({"circled", "dash", "bullet"})
"""Families that only ever part an item, whatever they stand under."""

_STARTS: Final = frozenset(
    _HAN + _FORMAL + _CIRCLED + BULLETS + "0123456789０１２３４５６７８９（(第任层層［[—－-"
)

_PATTERNS: Final = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        ("part", rf"第([{_HAN}]{{1,3}})部分[ 　:：、]*"),
        ("chapter", rf"第([{_HAN}]{{1,3}}|\d{{1,2}})[章编編](?![程制])[ 　:：、]*"),
        ("part_section", rf"第([{_HAN}]{{1,3}}|\d{{1,2}})[节節](?!课)[ 　:：、]+"),
        ("article", rf"第([{_HAN}]{{1,4}}|\d{{1,3}})[条條](?!例)[ 　:：、]*"),
        ("ordinal", rf"第([{_HAN}]{{1,3}})[,，、:：][ 　]*"),
        ("formal", rf"([{_FORMAL}]{{1,3}})[、,，.．:：][ 　]*"),
        (
            "han",
            rf"([{_HAN}]{{1,4}})"
            rf"(?:[、．:：][ 　]*|[.](?=[^\d])[ 　]*|[,，](?=[^{_HAN}])[ 　]*|[ 　]{{1,4}}(?=\S))",
        ),
        ("task", rf"(?:任[务務])([{_HAN}]{{1,3}}|\d{{1,2}})[:：、. 　][ 　]*"),
        ("layer", rf"(?:[层層]次)([{_HAN}]{{1,3}}|\d{{1,2}})[:：、. 　][ 　]*"),
        ("paren", rf"[（(][ 　]?([{_HAN}]{{1,4}})[ 　]?[)）][ 　、.．]*"),
        ("shi", rf"([{_HAN}]{{1,3}})(?:是|要(?=[^是]))[,，:：]?"),
        ("deci4", r"(\d{1,2}\.\d{1,2}\.\d{1,2}\.\d{1,2})(?![\d.%％])[ 　、]*"),
        ("deci3", r"(\d{1,2}\.\d{1,2}\.\d{1,2})(?![\d.%％])[ 　、]*"),
        ("deci2", rf"(\d{{1,2}}\.\d{{1,2}})(?![\d.%％])(?:[ 　、]+|(?=[一-鿿《“])(?![{_MEASURES}]))"),
        ("dec", r"(\d{1,3})(?:[.．][ 　]*(?!\d)|[.．][ 　]*(?=\d{4}年)|、[ 　]*|[.．][ 　]+)"),
        ("dec_paren", r"[（(][ 　]?(\d{1,3})[ 　]?[)）][ 　、.．]*"),
        ("half_paren", r"(\d{1,3})[)）][ 　、]*"),
        ("bracket", r"[［\[](\d{1,3})[\]］][ 　]*"),
        ("deci1", r"(\d{1,2})[ 　]+(?=[一-鿿])(?!年|月|日|个|個|所|家|名|万|亿|元|项|％|%)"),
    )
)
_DASH: Final = re.compile(r"(?:——|—|－|--|-)[ 　]*(?=[^\d\s—-])")
_BULLET: Final = re.compile(rf"[{BULLETS}][ 　]*")
_WIDE: Final = str.maketrans("０１２３４５６７８９", "0123456789")


def han_value(printed: str) -> int:
    """Read ``二十三``, ``叁``, ``１２`` or ``12`` as an integer.

    :raises ValueError: where the characters are no such number.
    """
    narrow = printed.translate(_WIDE)
    if narrow.isdecimal():
        return int(narrow)
    total, digit = 0, -1
    for character in printed:
        if character in _DIGITS:
            if digit > 0:
                raise ValueError(f"{printed!r} is not a number")
            digit = _DIGITS[character]
        elif character in _UNITS:
            total += (1 if digit < 0 else digit) * _UNITS[character]
            digit = -1
        else:
            raise ValueError(f"{printed!r} is not a number")
    return total + max(digit, 0)


@lru_cache(maxsize=8192)
def read_marker(line: str) -> Marker | None:
    """Read the number that ``line`` starts with; None where it starts with none."""
    if not line or line[0] not in _STARTS:
        return None
    first = line[0]
    if first in CIRCLED_ORDINALS:
        return Marker("circled", CIRCLED_ORDINALS[first], first, 1 + _spaces_at(line, 1))
    narrow = line[:24].translate(_WIDE)
    for style, pattern in _PATTERNS:
        found = pattern.match(narrow)
        if found:
            return _marker_of(style, found)
    return _unordered(line)


def _marker_of(style: str, found: re.Match[str]) -> Marker | None:
    printed = found.group(1)
    try:
        ordinal = han_value(printed.rpartition(".")[2])
    except ValueError:
        return None
    if ordinal == 0:
        return None
    return Marker(style, ordinal, printed, found.end())


def _unordered(line: str) -> Marker | None:
    found = _DASH.match(line)
    if found:
        return Marker("dash", 0, found.group().strip(), found.end())
    found = _BULLET.match(line)
    if found:
        return Marker("bullet", 0, found.group().strip(), found.end())
    return None


def _spaces_at(line: str, position: int) -> int:
    rest = line[position:]
    return len(rest) - len(rest.lstrip(" 　"))
