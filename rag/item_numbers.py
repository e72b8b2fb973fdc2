"""The printed numbers of items that a question names: 第35条, 第5、6条, item 12, points 3 and 4."""

from __future__ import annotations

import re

from rag.numbers import chinese_number

_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十百]{1,5})"
_CHINESE = re.compile(
    rf"第\s*({_NUMBER}(?:\s*(?:[、,，和及与]|[-–—~～至到])\s*第?\s*{_NUMBER})*)\s*(?:条|项|点|款)"
)
_ENGLISH = re.compile(
    r"(?:\b(?:items?|points?|nos?\.|number)|#)\s*(\d{1,3}(?:\s*(?:,|and|&|to|[-–])\s*#?\d{1,3})*)\b"
    r"(?!\s+(?:(?:middle|high|primary|secondary|experimental|vocational)\b|schools?\b|kindergartens?\b))",
    re.IGNORECASE,
)
"""No. 2 Middle School is no item."""
_RANGE = re.compile(rf"({_NUMBER})\s*(?:[-–—~～至到]|to)\s*第?\s*({_NUMBER})", re.IGNORECASE)
_LONGEST_RANGE = 20


def find_item_numbers(text: str) -> tuple[str, ...]:
    """The numbers in the order of the text, each once; a range stands for all that lie in it."""
    values: list[int] = []
    named = [*_CHINESE.finditer(text), *_ENGLISH.finditer(text)]
    for match in sorted(named, key=lambda match: match.start()):
        listed = match.group(1)
        ranges = [(_value(first), _value(last)) for first, last in _RANGE.findall(listed)]
        for first, last in ranges:
            if 0 < first < last <= first + _LONGEST_RANGE:
                values += range(first, last + 1)
        values += [_value(number) for number in re.findall(_NUMBER, _RANGE.sub(" ", listed))]
        values += [value for pair in ranges for value in pair]
    return tuple(str(value) for value in dict.fromkeys(values) if value)


def without_item_numbers(text: str) -> str:
    """The text without the words that name items."""
    return _ENGLISH.sub("", _CHINESE.sub("", text))


def _value(number: str) -> int:
    return int(number) if number.isdigit() else chinese_number(number) or 0
