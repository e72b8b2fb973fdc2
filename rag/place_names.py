"""Names of Chinese places in questions: full, short and Latin ones, after the corpus' gazetteer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

import rjieba
from pypinyin import lazy_pinyin

from corpus.gazetteer import Division, gazetteer, pinyin

_LATIN_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?", re.IGNORECASE)
_FIRST_CHARS = 12
"""How much of a text's beginning tells whether its first characters make a word."""
_MIN_LATIN = 4
"""Shorter pinyin (Ali, Jian) is more often another word."""
_LATIN_NAMES = {
    "harbin": "哈尔滨",
    "hohhot": "呼和浩特",
    "urumqi": "乌鲁木齐",
    "lhasa": "拉萨",
    "tibet": "西藏",
    "xi'an": "西安",
    "xian": "西安",
    "hong kong": "香港",
    "macau": "澳门",
    "macao": "澳门",
    "inner mongolia": "内蒙古",
    "taipei": "台北",
}
"""Names that English writes otherwise than pinyin does."""
_EVERYDAY = frozenset(
    "合作 东方 来宾 同仁 无为 灯塔 新星 白银 安康 安宁 文山 阿里 朝阳 大同 新民 明光 永康 双河 白杨 天门 "
    "兴化 常宁 四平 大安".split()
)
"""Short names that plans and questions use as words (校企合作); their full names still count."""
_GENERIC = frozenset(
    "城区 东区 西区 郊区 矿区 老城区 新城区 新市区 市中区 城中区 城东区 城西区 城北区 港口区 站前区 解放区 "
    "工农区 前进区 海港区 友好区".split()
)
"""Districts whose full name says no more than where in some city they lie."""


class PlaceNames:
    """Finds places whether or not the corpus has plans of them."""

    def find(self, text: str) -> list[tuple[str, int, int]]:
        """Short name, start and end of each place in ``text``, in order and not overlapping.

        A short name counts where the segmenter sees it as a word (中山 in 中山的计划, not in 中山大学), and
        only for provinces, prefectures and county-level cities: those of counties and districts are everyday
        words too often. A county's full name must begin where a word does (no 范县 in 示范县).
        """
        words = _words(text)
        edges = {start for _, start, _ in words}
        found = [
            (divisions[0].short, start, end)
            for start, end, divisions in gazetteer().find(text)
            if text[start:end] not in _GENERIC and (divisions[0].rank != "county" or start in edges)
        ]
        found += self._short_names(words, found)
        found += self._latin_names(text)
        return sorted(found, key=lambda place: place[1])

    def find_misspelt(self, text: str) -> list[tuple[str, int, int]]:
        """The place whose name stands misspelt at the beginning of ``text`` (武汗), where one surely does.

        Surely means: the sound of a province's or a prefecture's name, one of its characters, and characters
        that make no word, neither with each other nor with what follows.
        """
        # Without its guesses: the segmenter takes 武汗建 for a person's name.
        words = list(rjieba.cut(text[:_FIRST_CHARS], False))
        alone = next((n for n, word in enumerate(words) if len(word) > 1), len(words))
        for length in (3, 2):
            window = text[:length]
            for name in self._by_sound.get("".join(lazy_pinyin(window)), ()):
                alike = len(name) == length and any(a == b for a, b in zip(name, window, strict=True))
                if alike and name != window and alone >= length:
                    return [(name, 0, length)]
        return []

    def contains(self, place: str, city: str) -> bool:
        """Tell whether ``city`` belongs to ``place``, both given by short name."""
        return any(place in parents for parents in self._parents.get(city, ()))

    def _short_names(
        self, words: list[tuple[str, int, int]], taken: list[tuple[str, int, int]]
    ) -> list[tuple[str, int, int]]:
        return [
            (word, start, end)
            for word, start, end in words
            if word in self._short and not any(start < e and s < end for _, s, e in taken)
        ]

    def _latin_names(self, text: str) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = []
        for name, short in _LATIN_NAMES.items():
            pattern = rf"(?<![a-z]){re.escape(name)}(?![a-z])"
            found += [(short, m.start(), m.end()) for m in re.finditer(pattern, text, re.IGNORECASE)]
        for match in _LATIN_WORD.finditer(text):
            known = self._latin.get(match.group().lower())
            if known and not any(start <= match.start() < end for _, start, end in found):
                found.append((known, *match.span()))
        return found

    @cached_property
    def _divisions(self) -> list[Division]:
        return [division for named in gazetteer().by_name.values() for division in named]

    @cached_property
    def _short(self) -> frozenset[str]:
        known = frozenset(division.short for division in self._divisions if _is_well_known(division))
        return known - _EVERYDAY

    @cached_property
    def _by_sound(self) -> Mapping[str, list[str]]:
        sounds: dict[str, list[str]] = {}
        for name in sorted({division.short for division in self._divisions if division.rank != "county"}):
            if name in self._short:
                sounds.setdefault("".join(lazy_pinyin(name)), []).append(name)
        return sounds

    @cached_property
    def _latin(self) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for division in self._divisions:
            latin = pinyin(division.short)
            if _is_well_known(division) and len(latin) >= _MIN_LATIN:
                names.setdefault(latin, division.short)
        return names

    @cached_property
    def _parents(self) -> Mapping[str, list[frozenset[str]]]:
        short_of = {division.name: division.short for division in self._divisions}
        parents: dict[str, list[frozenset[str]]] = {}
        for division in self._divisions:
            above = frozenset(short_of.get(name, name) for name in division.parents)
            parents.setdefault(division.short, []).append(above)
        return parents


def _words(text: str) -> list[tuple[str, int, int]]:
    """The segmenter's words with their places."""
    words: list[tuple[str, int, int]] = []
    position = 0
    for word in rjieba.cut(text):
        start = text.index(word, position)
        position = start + len(word)
        words.append((word, start, position))
    return words


def _is_well_known(division: Division) -> bool:
    return len(division.short) >= 2 and (division.rank != "county" or division.kind == "县级市")
