"""Chinese places in Latin letters: which words of a text are such a name, and which are English words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.edits import edit_distance

OTHER_NAMES = {
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
    "peking": "北京",
    "tientsin": "天津",
    "tsingtao": "青岛",
    "canton": "广州",
    "nanking": "南京",
    "chungking": "重庆",
    "amoy": "厦门",
}
"""Names that English writes otherwise than pinyin does."""
_ALSO_WORDS = frozenset("mile bole anda aba luan jian xian dali hami houma canton puer".split())
"""Pinyin that is a word, or a name elsewhere, too: these need a capital and a place for a name."""
_MIN_SMALL = 5
"""Shorter pinyin in small letters is more often another word."""
_MIN_GUESSED = 6
_WORD = re.compile(r"[a-z]+(?:['’](?!s\b)[a-z]+)?", re.IGNORECASE)
_BEFORE_NAME = re.compile(
    r"\b(?:in|of|for|from|to|at|near|about|between|than|versus|vs|compare|do|does|did|will|would|has|have|had|is|are|was|"
    r"can|and|or)\s+$|[,、和与跟比在]\s*$",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(r"['’]s\b|\s+(?:city|province|(?:19|20)\d\d)\b", re.IGNORECASE)


def latin_words(text: str) -> list[tuple[str, int, int]]:
    """The words of Latin letters in ``text`` in small letters, without a possessive s, with their places."""
    return [(match.group().lower(), *match.span()) for match in _WORD.finditer(text)]


def is_name(text: str, start: int, end: int, well_known: bool) -> bool:
    """Tell whether the word at these offsets, spelt as a place is, stands there as a name.

    ``well_known`` are provinces, prefectures and the corpus' own cities: small letters will do for them.
    Others need a capital; and one that is an English word, too, must also stand as names do.
    """
    word = text[start:end]
    capital = word[0].isupper() and not (text.isupper() and " " in text)
    if word.lower() in _ALSO_WORDS:
        return capital and bool(_BEFORE_NAME.search(text, 0, start) or _AFTER_NAME.match(text, end))
    return capital or (well_known and len(word) >= _MIN_SMALL)


def guess_names(text: str, names: Iterable[str], anywhere: bool = False) -> list[tuple[str, int, int]]:
    """Which of ``names`` (in small letters) stand in ``text`` with one letter wrong: name, start, end.

    Only words count that have a capital and stand as names do, or, with ``anywhere``, those with a capital.
    To be asked only where no place was found otherwise, or beside one that was.
    """
    names = tuple(names)
    found: list[tuple[str, int, int]] = []
    for word, start, end in latin_words(text):
        stands = anywhere or _BEFORE_NAME.search(text, 0, start) or _AFTER_NAME.match(text, end)
        if not (stands and text[start:end].istitle()):
            continue
        near = [
            latin
            for latin in names
            if len(latin) >= _MIN_GUESSED and latin[0] == word[0] and edit_distance(latin, word) == 1
        ]
        if len(near) == 1:
            found.append((near[0], start, end))
    return found
