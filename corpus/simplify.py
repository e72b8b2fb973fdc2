"""Traditional characters to simplified ones, one for one, so that places in the text stay the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import opencc


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _simplified(character: str) -> str:
    converted: str = _converter().convert(character)
    return converted if len(converted) == 1 else character


def simplifier(texts: Iterable[str]) -> Callable[[str], str]:
    """A function that simplifies ``texts`` and slices of them; it does not change their length."""
    characters: set[str] = set()
    for text in texts:
        characters.update(text)
    changes = {ord(c): s for c in characters if "\u3400" <= c <= "\u9fff" and (s := _simplified(c)) != c}
    return (lambda text: text.translate(changes)) if changes else str
