"""Guesses the city behind a misspelt name (青道, 上诲): one character right, and a like sound."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pypinyin import lazy_pinyin

_AFTER_NAME = re.compile(r"\s*(?:\d|[年市的今要计划和与跟、,]|每[年区])")


def guess_cities(text: str, cities: Iterable[str]) -> list[tuple[str, int, int]]:
    """City, start and end of the names in ``text`` that are most likely a city's, misspelt.

    The same sound counts anywhere; a sound that differs in one letter only where the text begins with it and
    goes on as after a name. To be asked only where no place was found otherwise.
    """
    found: list[tuple[str, int, int]] = []
    for city in cities:
        sound = "".join(lazy_pinyin(city))
        for start in range(len(text) - len(city) + 1):
            window = text[start : start + len(city)]
            if window == city or not any(a == b for a, b in zip(window, city, strict=True)):
                continue
            distance = _distance("".join(lazy_pinyin(window)), sound)
            end = start + len(city)
            if distance == 0 or (distance == 1 and start == 0 and _AFTER_NAME.match(text, end)):
                found.append((city, start, end))
    return found


def _distance(first: str, second: str) -> int:
    """Edit distance (Levenshtein)."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        previous, row[0] = row[0], i
        for j, b in enumerate(second, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
