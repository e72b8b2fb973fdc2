"""Guesses the city behind a misspelt name (青道, 上诲): one character right, and a like sound."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

import rjieba
from pypinyin import lazy_pinyin

from rag.edits import edit_distance

_YEAR_AFTER = re.compile(r"((?:19|20)\d\d)(?!\d)")
_BEFORE_NAME = re.compile(r"(?:^|[,，、;；:：和与跟及年])\s*$")
_LISTED_BEFORE = re.compile(r"[、和与跟]\s*$")
_AFTER_NAME = re.compile(r"\s*(?:\d|[年市的今要计划和与跟、,那这各对]|每[年区])")
_CHINESE = re.compile(r"[㐀-鿿]+")


def guess_cities(text: str, cities: Mapping[str, Collection[int]]) -> list[tuple[str, int, int]]:
    """City, start and end of the names in ``text`` that are most likely a city's, misspelt.

    ``cities`` have the years that their plans are of. The same sound counts anywhere; a sound that differs
    in one letter only where a name could begin and the text goes on as after a name; any sound where a year
    follows of which the city has a plan (天律2014), even of a word in a list (上海、青鸟2023). What the
    segmenter knows as a word, or as parts of words, is none otherwise: 大力 is no 大理, 信仰 no 信阳.
    """
    single = single_characters(text)
    found: list[tuple[str, int, int]] = []
    for city in cities:
        sound = "".join(lazy_pinyin(city))
        for start in range(len(text) - len(city) + 1):
            end = start + len(city)
            window = text[start:end]
            if window == city or not any(a == b for a, b in zip(window, city, strict=True)):
                continue
            year = _YEAR_AFTER.match(text, end)
            named = year is not None and int(year.group(1)) in cities[city]
            is_word = len(chinese_words(window)) == 1 and not _LISTED_BEFORE.search(text[:start])
            if named and _CHINESE.fullmatch(window) and not is_word:
                found.append((city, start, end))
                continue
            if not single.issuperset(range(start, end)):
                continue
            distance = edit_distance("".join(lazy_pinyin(window)), sound)
            begins = _BEFORE_NAME.search(text[:start]) is not None
            if distance == 0 or (distance == 1 and begins and _AFTER_NAME.match(text, end)):
                found.append((city, start, end))
    return found


def word_edges(text: str) -> frozenset[int]:
    """Where words of ``text`` begin or end; outside Chinese, everywhere."""
    inside = {at for start, end in _words(text) for at in range(start + 1, end)}
    return frozenset(range(len(text) + 1)) - inside


def single_characters(text: str) -> set[int]:
    """Where the characters stand that make no word with their neighbours."""
    return {start for start, end in _words(text) if end - start == 1}


def _words(text: str) -> Iterator[tuple[int, int]]:
    """The Chinese words that the segmenter knows, without its guesses (it takes 武汗建 for a name)."""
    for run in _CHINESE.finditer(text):
        position = run.start()
        for word in chinese_words(run.group()):
            yield position, position + len(word)
            position += len(word)


def chinese_words(run: str) -> list[str]:
    """The words of a run of Chinese that the segmenter's dictionary knows; other characters stand alone."""
    return list(rjieba.cut(run, False))
