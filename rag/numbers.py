"""Reads the numbers of a text, however they are written, so that two texts can be compared."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}
_ENGLISH_BIG = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ENGLISH = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip

_ARABIC = re.compile(
    r"(?<![A-Za-z\d.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"\s*(万|亿|千|百|thousand\b|million\b|billion\b)?\s*(?:多|余)?\s*(%|percent\b|per cent\b)?",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"(百分之)?([零〇一二两三四五六七八九十百千万亿]+)")
_ENGLISH_WORD = re.compile(r"\b(" + "|".join(_ENGLISH) + r")\b", re.IGNORECASE)
# A single Chinese digit is far more often part of a word (一体化, 统一, 第一) than a number, so one
# counts only before a measure word or after 第.
_MEASURE = re.compile(r"[个所名人家间门项篇次期批届年月日条件场类种支位套座万亿小天周学课节倍岁]")


def chinese_number(text: str) -> int | None:
    """The value of a number in Chinese characters (两千 = 2000, 二〇二三 = 2023); None where it is none."""
    if not text:
        return None
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            if digit:
                return None  # 十四五 is a name, no number
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        elif character in _BIG:
            total = (total + (section + digit or 1)) * _BIG[character]
            section = digit = 0
        else:
            return None
    return total + section + digit


def read_numbers(text: str) -> list[str]:
    """The numbers of ``text`` in order, each as a plain decimal, a percentage with its sign.

    三千, 3,000, 3000 and 3 thousand all read ``3000``; 百分之五十六 and 56% read ``56%``.
    """
    plain = unicodedata.normalize("NFKC", text)
    found: list[tuple[int, str]] = []
    for match in _ARABIC.finditer(plain):
        value = Decimal(match.group(1).replace(",", ""))
        unit = (match.group(2) or "").lower()
        value *= _BIG.get(unit) or _UNITS.get(unit) or _ENGLISH_BIG.get(unit) or 1
        found.append((match.start(), _plain(value) + ("%" if match.group(3) else "")))
    for match in _CHINESE.finditer(plain):
        number = _read_chinese(match, plain)
        if number is not None:
            found.append((match.start(), number))
    found.extend((m.start(), str(_ENGLISH[m.group().lower()])) for m in _ENGLISH_WORD.finditer(plain))
    return [number for _, number in sorted(found)]


def _read_chinese(match: re.Match[str], text: str) -> str | None:
    characters = match.group(2)
    if match.start() and text[match.start() - 1].isdigit():
        return None  # the 万 of 1.2万 belongs to the digits before it
    if characters[0] in "百千万亿" or characters == "一":
        return None  # 百年, 千方百计, 一批: no figure that could be right or wrong
    if not match.group(1) and len(characters) == 1:
        following = text[match.end() : match.end() + 1]
        if not _MEASURE.match(following) and text[match.start() - 1 : match.start()] != "第":
            return None
    value = chinese_number(characters)
    if value is None:
        return None
    return f"{value}%" if match.group(1) else str(value)


def _plain(value: Decimal) -> str:
    return str(value.quantize(Decimal(1))) if value == value.to_integral() else format(value.normalize(), "f")


def missing_numbers(claim: str, sources: list[str], allowed: frozenset[str] = frozenset()) -> list[str]:
    """The numbers of ``claim`` that no source holds and that are not ``allowed``, in order.

    A percentage matches the same percentage only.
    """
    have = {number for source in sources for number in read_numbers(source)} | allowed
    return [number for number in read_numbers(claim) if number not in have]
