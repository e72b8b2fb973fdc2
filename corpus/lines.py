"""Text to lines: line endings, indentation and characters that nobody sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SPACES: Final = " \t\u00a0\u3000\u2002\u2003\u2009\u202f\u205f"
_INNER_RUN: Final = re.compile(f"[{_SPACES}]+")
_HIDDEN: Final = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\u180e\U000e0000-\U000e007f"
    "\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x84\x86-\x9f]"
)
_ENDINGS: Final = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file that holds more than white space."""

    text: str
    """Without indentation and trailing space; runs of space inside are one space."""
    number: int
    """Its place in the file, from 1."""


def strip_hidden(text: str) -> tuple[str, int]:
    """Take out characters that have no shape of their own; also say how many there were."""
    return _HIDDEN.subn("", text)


def split_lines(text: str) -> list[Line]:
    """Split ``text`` at any line ending and drop the blank lines."""
    lines = []
    for number, raw in enumerate(_ENDINGS.split(text), start=1):
        stripped = _INNER_RUN.sub(" ", raw).strip()
        if stripped:
            lines.append(Line(stripped, number))
    return lines
