"""How Chinese characters sound, as an input method or an ear takes them."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import lazy_pinyin

_FIRST, _LAST = 0x4E00, 0x9FA5
_ALIKE = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"(?<=[aei]n)g$"), ""))
"""What many speakers do not tell apart: zh and z, ang and an."""


@lru_cache(maxsize=16384)
def sound(character: str) -> str:
    """The most common syllable of a character, without its tone; anything else is its own sound."""
    return str(lazy_pinyin(character)[0])


@lru_cache(maxsize=16384)
def near_sound(character: str) -> str:
    """The same where zh, ch and sh are z, c and s, and ang, eng and ing are an, en and in."""
    syllable = sound(character)
    for pattern, other in _ALIKE:
        syllable = pattern.sub(other, syllable)
    return syllable


def is_pinyin(word: str) -> bool:
    """Tell whether a word of small Latin letters can be read as syllables of Chinese (yanxue, ketang)."""
    return _syllables().fullmatch(word) is not None


@lru_cache(maxsize=1)
def _syllables() -> re.Pattern[str]:
    known = {sound(chr(code)) for code in range(_FIRST, _LAST + 1)}
    syllables = sorted((one for one in known if one.isascii() and len(one) > 1), key=lambda one: -len(one))
    return re.compile(f"(?:{'|'.join(syllables)})+")
