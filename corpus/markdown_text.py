"""Markdown lines to plain ones: marks of headings, emphasis and links go, the words stay."""

from __future__ import annotations

import re
from typing import Final

from corpus.lines import Line

_HEADING: Final = re.compile(r"^#{1,6}\s+")
_QUOTE: Final = re.compile(r"^>\s?")
_LIST: Final = re.compile(r"^[*+-]\s+(?=\S)")
_EMPHASIS: Final = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_LINK: Final = re.compile(r"!?\[([^\]\n]{1,200})\]\([^)\n]{1,400}\)")
_ESCAPE: Final = re.compile(r"\\([.*_#()\[\]>|+-])")
_ONLY_MARKS: Final = re.compile(r"^(?:[-*_=]{3,}|```.*|~~~.*|<!--.*-->)$")


def plain_lines(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The words of markdown ``lines``, and the lines that are markup alone."""
    plain: list[Line] = []
    marks: list[Line] = []
    for line in lines:
        if _ONLY_MARKS.match(line.text):
            marks.append(line)
            continue
        text = _HEADING.sub("", _QUOTE.sub("", line.text))
        text = _LIST.sub("● ", text)
        text = _ESCAPE.sub(r"\1", _LINK.sub(r"\1", _EMPHASIS.sub(r"\2", text))).strip()
        if text:
            plain.append(Line(text, line.number))
    return plain, marks
