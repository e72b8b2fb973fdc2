"""Reads the numbers of a text, however they are written, so that two texts can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}
_OTHER_FORMS = str.maketrans({"兩": "两", "萬": "万", "億": "亿", "○": "〇"})

_ARABIC = re.compile(
    # Letters may stand before a figure (RMB2000), but a short number after them is a name (K12, A4).
    r"(?<!\d)(?<!\d\.)(?:(?<![A-Za-z])|(?=\d{3}))"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<english>hundred|thousand|million|billion)\b"
    r"|[多余来]?(?P<small>[百千](?![克瓦米卡]))?[多余来]?(?P<big>万亿|[万亿])?)[多余来]?"
    r"\s?(?P<percent>%|percent\b|per cent\b)?",
    re.IGNORECASE,
)
_NUMERALS = "零〇一二两三四五六七八九十百千万亿"
_CHINESE = re.compile(
    rf"(?:(?P<of>[{_NUMERALS}]+)分之)?(?P<whole>[{_NUMERALS}]+)"
    rf"(?:点(?P<decimals>[{_NUMERALS[:11]}]+)(?P<big>[万亿])?)?"
)
_MAX_DIGITS_BEFORE_SMALL = 2
# A single Chinese digit is far more often part of a word (一体化, 统一) than a number, so one counts only
# before a measure word, before a second bound (三至五年), or after 第.
_MEASURE = re.compile(
    r"[多余来]?(?:[至到~、—–-][一二两三四五六七八九十]{1,3}[多余来]?)?"
    r"[个所名人家间门项篇次期批届年月日条件场类种支位套座万亿小天周学课节倍岁轮本部台堂队亩元米户校区县市省级层员大]"
)
_FIVE_YEARS = re.compile(r"十([一二三四五六七八九])五(?!年)|\b1(\d)th five[- ]year", re.IGNORECASE)

_ENGLISH_SMALL = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split(),
        range(1, 20),
        strict=True,
    )
)
_ENGLISH_TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
)
_ENGLISH_BIG = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ANY_TENS, _ANY_UNIT = "|".join(_ENGLISH_TENS), "|".join(list(_ENGLISH_SMALL)[:9])
_ANY_SMALL = "|".join(reversed(_ENGLISH_SMALL))  # sixteen before six
_BELOW_100 = rf"(?:(?:{_ANY_TENS})(?:[ -](?:{_ANY_UNIT})\b)?|(?:{_ANY_SMALL}))"
_BELOW_1000 = rf"(?:(?:(?:{_BELOW_100}|a) )?hundred(?: (?:and )?{_BELOW_100})?|{_BELOW_100})"
_ENGLISH = re.compile(
    rf"\b{_BELOW_1000}(?: (?:{'|'.join(_ENGLISH_BIG)})\b(?:,? (?:and )?{_BELOW_1000})?)*\b"
    r"(?P<percent> ?(?:%|percent\b|per cent\b))?",
    re.IGNORECASE,
)


def chinese_number(text: str) -> int | None:
    """The value of a number in Chinese characters (两千 = 2000, 二〇二三 = 2023); None where it is none."""
    if not text:
        return None
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = section = digit = 0
    last_big = 0
    for character in text:
        if character in _DIGITS:
            if digit:
                return None  # 十四五 is a name, no number
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        elif character in _BIG:
            big = _BIG[character]
            if big > last_big:  # 万亿 multiplies; the 万 of 三亿零五万 stands beside its 亿
                total = (total + section + digit or 1) * big
            else:
                total += (section + digit) * big
            section, digit, last_big = 0, 0, big
        else:
            return None
    return total + section + digit


def read_numbers(text: str) -> list[str]:
    """The numbers of ``text`` in order, each as a plain decimal, a percentage with its sign.

    三千, 3,000, 3000 and three thousand all read ``3000``; 百分之五十六 and 56% read ``56%``; 三分之一 reads
    ``1/3``; the name of a five-year plan (十四五, 14th Five-Year) reads ``14-5``.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_OTHER_FORMS)
    found: list[tuple[int, int, str]] = []
    for match in _FIVE_YEARS.finditer(plain):
        ordinal = _DIGITS[match.group(1)] if match.group(1) else int(match.group(2))
        found.append((*match.span(), f"1{ordinal}-5"))
    for match in _ARABIC.finditer(plain):
        _add(found, match, _plain(_arabic_value(match)) + ("%" if match.group("percent") else ""))
    for match in _CHINESE.finditer(plain):
        _add(found, match, _read_chinese(match, plain))
    for match in _ENGLISH.finditer(plain):
        _add(found, match, _read_english(match))
    return [number for _, _, number in sorted(found)]


def _add(found: list[tuple[int, int, str]], match: re.Match[str], number: str | None) -> None:
    """Keep a number, unless it is part of one that was read already (the 万 of 1.2万)."""
    if number is not None and not any(match.start() < end and start < match.end() for start, end, _ in found):
        found.append((*match.span(), number))


def _arabic_value(match: re.Match[str]) -> Decimal:
    digits = match.group("digits").replace(",", "")
    value = Decimal(digits)
    small, big, english = match.group("small"), match.group("big"), match.group("english")
    if small and len(digits.partition(".")[0]) <= _MAX_DIGITS_BEFORE_SMALL:  # 2018百强 is no 201800
        value *= _UNITS[small]
    for unit in big or "":
        value *= _BIG[unit]
    if english:
        value *= 100 if english.lower() == "hundred" else _ENGLISH_BIG[english.lower()]
    return value


def _read_chinese(match: re.Match[str], text: str) -> str | None:
    whole, of, decimals = match.group("whole"), match.group("of"), match.group("decimals")
    before, after = text[: match.start()], text[match.end() :]
    number = chinese_number(whole)
    if number is None:
        return None
    value = Decimal(number)
    if decimals and (of or match.group("big") or after.startswith(("倍", "个百分点", "%"))):
        value += Decimal("0." + "".join(str(_DIGITS[character]) for character in decimals))
        value *= _BIG.get(match.group("big") or "", 1)
        if of is None:
            return _plain(value)
    if of is not None:
        return _part(value, of)
    if decimals:
        after = text[match.start("decimals") - 1 :]
    return _plain(value) if _is_figure(whole, before, after) else None


def _part(value: Decimal, of: str) -> str | None:
    whole = 100 if of == "百" else chinese_number(of)
    if not whole:
        return None
    return f"{_plain(value)}%" if whole == 100 else f"{_plain(value)}/{whole}"


def _is_figure(numerals: str, before: str, after: str) -> bool:
    if numerals[0] in "百千万亿" or numerals == "一" or before.endswith(("几", "数")):
        return False  # 百年, 千方百计, 一批, 几十所: no figure that could be right or wrong
    if len(numerals) == 1:
        return bool(_MEASURE.match(after)) or before.endswith("第")
    if all(numeral in _DIGITS for numeral in numerals):
        return len(numerals) >= 4 or "〇" in numerals or "零" in numerals  # 一一对应 is no 11
    return True


def _read_english(match: re.Match[str]) -> str | None:
    words = re.findall(r"[a-z]+", match.group().lower().replace("per cent", "").replace("percent", ""))
    if words == ["one"]:
        return None  # mostly a pronoun
    return f"{_english_value(words)}{'%' if match.group('percent') else ''}"


def _english_value(words: Sequence[str]) -> int:
    total = group = 0
    for word in words:
        if word in _ENGLISH_BIG:
            total, group = total + (group or 1) * _ENGLISH_BIG[word], 0
        elif word == "hundred":
            group = (group or 1) * 100
        else:
            group += _ENGLISH_SMALL.get(word, 0) + _ENGLISH_TENS.get(word, 0)
    return total + group


def _plain(value: Decimal) -> str:
    return str(int(value)) if value == value.to_integral() else format(value.normalize(), "f")


def missing_numbers(claim: str, sources: list[str], allowed: frozenset[str] = frozenset()) -> list[str]:
    """The numbers of ``claim`` that no source holds and that are not ``allowed``, in order.

    A percentage matches the same percentage only.
    """
    have = {number for source in sources for number in read_numbers(source)} | allowed
    return [number for number in read_numbers(claim) if number not in have]
