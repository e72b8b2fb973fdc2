"""Names of Chinese places in questions: full, short and Latin ones, after the corpus' gazetteer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

import rjieba
from pypinyin import lazy_pinyin

from corpus.gazetteer import Division, gazetteer, pinyin
from rag.latin_names import OTHER_NAMES, is_name, latin_words

_FIRST_CHARS = 12
"""How much of a text's beginning tells whether its first characters make a word."""
_MIN_LATIN = 4
"""Shorter pinyin (Ali) is more often another word."""
_BYNAMES = {
    "魔都": "上海",
    "申城": "上海",
    "沪上": "上海",
    "津门": "天津",
    "津城": "天津",
    "岛城": "青岛",
    "琴岛": "青岛",
    "邕城": "南宁",
    "帝都": "北京",
    "羊城": "广州",
    "鹏城": "深圳",
    "蓉城": "成都",
    "泉城": "济南",
    "榕城": "福州",
    "鹭岛": "厦门",
    "甬城": "宁波",
    "京": "北京",
    "津": "天津",
    "沪": "上海",
    "渝": "重庆",
}
"""What people call a city instead of its name."""
_BYNAME = re.compile(
    "|".join(name for name in _BYNAMES if len(name) > 1)
    + r"|(?<![㐀-鿿])[京津沪渝]{1,4}(?=的|今年|[12]\d{3}|两[地市]|[三四]地)"
)
"""Single characters count only at a beginning and before what follows a name (沪津两地, not 京津冀)."""
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
        found += _bynames(text, found)
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
                alike = len(name) == len(window) and any(a == b for a, b in zip(name, window, strict=True))
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
        for name, short in OTHER_NAMES.items():
            pattern = rf"(?<![a-z]){re.escape(name)}(?![a-z])"
            found += [
                (short, *match.span())
                for match in re.finditer(pattern, text, re.IGNORECASE)
                if is_name(text, *match.span(), well_known=True)
            ]
        for word, start, end in latin_words(text):
            named = self._latin.get(word)
            if named is None or any(begin <= start < stop for _, begin, stop in found):
                continue
            if is_name(text, start, end, well_known=named.rank != "county"):
                found.append((named.short, start, end))
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
    def _latin(self) -> Mapping[str, Division]:
        """By pinyin the division that is most likely meant: the one of the highest rank."""
        names: dict[str, Division] = {}
        for rank in ("province", "prefecture", "county"):
            for division in self._divisions:
                if division.rank == rank and _is_well_known(division):
                    names.setdefault(pinyin(division.short), division)
        return {latin: division for latin, division in names.items() if len(latin) >= _MIN_LATIN}

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


def _bynames(text: str, taken: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Places under what people call them; 沪津 are two."""
    found: list[tuple[str, int, int]] = []
    for match in _BYNAME.finditer(text):
        start, end = match.span()
        if any(start < e and s < end for _, s, e in taken):
            continue
        if match.group() in _BYNAMES:
            found.append((_BYNAMES[match.group()], start, end))
        else:
            found += [(_BYNAMES[name], start + n, start + n + 1) for n, name in enumerate(match.group())]
    return found


def _is_well_known(division: Division) -> bool:
    return len(division.short) >= 2 and (division.rank != "county" or division.kind == "县级市")
