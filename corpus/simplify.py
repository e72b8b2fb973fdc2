"""Traditional characters to simplified ones, one for one, so that places in the text stay the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

import opencc

_SAMPLE_CHARS: Final = 1000
_SHARE: Final = 0.02
"""A simplified text holds a stray traditional character now and then (乾, 於); that alone changes nothing."""


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _simplified(character: str) -> str:
    if not "\u3400" <= character <= "\u9fff":
        return character
    converted: str = _converter().convert(character)
    return converted if len(converted) == 1 else character


def simplifier(frames: Iterable[str], body: str) -> Callable[[str], str]:
    """A function that simplifies a plan's texts without changing their length.

    :param frames: titles and what else stands around the body.
    """
    sample = "".join(frames) + body[:_SAMPLE_CHARS]
    traditional = sum(1 for character in sample if _simplified(character) != character)
    if traditional < _SHARE * len(sample):
        return str
    changes = {ord(c): s for c in {*sample, *body} if (s := _simplified(c)) != c}
    return lambda text: text.translate(changes)
