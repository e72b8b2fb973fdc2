"""Lines as the author meant them: broken lines joined, one-line texts split, contents lists taken out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from corpus.lines import Line
from corpus.numbering import han_value, read_marker

_CLOSERS: Final = frozenset("，。、；：！？,;:!?％%")
_PAIRS: Final = {
    "》": "《",
    "）": "（",
    ")": "(",
    "”": "“",
    "’": "‘",
    "】": "【",
    "〉": "〈",
    "」": "「",
    "』": "『",
}
_OPENERS: Final = frozenset("、，,；;")
_SENTENCE_END: Final = frozenset("。！？!?：:；;…”’」』）)】|")
_FRAGMENT: Final = re.compile(r"[A-Za-z0-9.]{1,6}$")
_YEARS: Final = re.compile(r"[（(]\s?(?:19|20)\d{2}\s?[年—－-]")
_LABEL_ONLY: Final = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|第.{1,3}[章节条部分]{1,2})$"
)
_LONG_TEXT: Final = 60
_LONG_HEADING: Final = 85
_SECTION_STYLES: Final = frozenset({"part", "chapter", "formal", "han", "paren", "task"})
_WRAP_SHARE: Final = 0.5
_WRAP_WIDTHS: Final = range(36, 121)
_FEWEST_WRAPPED: Final = 8
_SLACK: Final = 6


def repair(lines: Sequence[Line], wrapped: bool = False) -> list[Line]:
    """Undo what the page or the file did to the author's lines.

    :param wrapped: whether the format itself breaks paragraphs into lines, as pdf does.
    """
    width = wrap_width(lines, sure=wrapped)
    joined: list[Line] = []
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else None
        full = bool(width and place) and _width(lines[place - 1].text) >= width - _SLACK
        if joined and _continues(joined[-1].text, line.text, following, full if width else None):
            joined[-1] = Line(_glue(joined[-1].text, line.text), joined[-1].number)
        else:
            joined.append(line)
    return split_one_line_text(joined)


def wrap_width(lines: Sequence[Line], sure: bool = False) -> int:
    """The width, in half characters, at which a file breaks its lines; 0 where lines are paragraphs.

    :param sure: whether it is known that the file breaks them.
    """
    if len(lines) < _FEWEST_WRAPPED:
        return 0
    by_length = sorted(lines, key=lambda line: len(line.text))
    longest = by_length[-max(1, len(lines) // 50) - 1]
    if not sure and len(longest.text) > _WRAP_WIDTHS[-1]:
        return 0
    widths = sorted(_width(line.text) for line in lines)
    width = widths[-max(1, len(widths) // 50) - 1]
    full = sum(1 for one in widths if abs(one - width) <= _SLACK)
    wraps = width in _WRAP_WIDTHS and full >= _WRAP_SHARE * len(widths)
    return width if sure or wraps else 0


def _width(text: str) -> int:
    """Width in half characters: a Chinese character has three bytes and is two wide."""
    return (len(text.encode("utf-8", "surrogatepass")) + len(text)) // 2


def _continues(last: str, text: str, following: Line | None, full: bool | None) -> bool:
    """Whether ``text`` goes on in the sentence or heading that ``last`` leaves open.

    :param full: whether the line above is as wide as lines get; None where lines are not broken at a width.
    """
    if last.startswith("|") or text.startswith("|"):
        return False
    if _closes(last, text) or _opens(last, text) or _LABEL_ONLY.match(last):
        return True
    if read_marker(text) is not None and not _FRAGMENT.match(text):
        return False
    if last[-1] in _OPENERS or (_YEARS.match(text) and last[-1] not in _SENTENCE_END):
        return True
    if last[-1] in _SENTENCE_END:
        return False
    return _broken_sentence(last, text, full) or _broken_heading(last, text, following)


def _closes(last: str, text: str) -> bool:
    """Whether ``text`` starts with punctuation that belongs to what stands before it."""
    first = text[0]
    if first in _PAIRS:
        return last.count(_PAIRS[first]) > last.count(first) and not text.startswith(first * 2)
    return first in _CLOSERS


def _opens(last: str, text: str) -> bool:
    """Whether ``last`` ends with a bracket that what follows fills."""
    return last[-1] in "（(《“" or (last[-1] == "【" and len(text) <= 12)


def _broken_sentence(last: str, text: str, full: bool | None) -> bool:
    if full is not None:
        return full
    if _FRAGMENT.match(text) or (_FRAGMENT.match(last) and not last.isdecimal()):
        return True
    return len(last) > (_LONG_HEADING if read_marker(last) else _LONG_TEXT)


def _broken_heading(last: str, text: str, following: Line | None) -> bool:
    """A short line between an unfinished heading and the next number is the heading's rest."""
    marker = read_marker(last)
    if marker is None or marker.style not in _SECTION_STYLES or following is None or len(last) < 14:
        return False
    short = len(text) <= 30 and text[-1] not in _SENTENCE_END
    return short and read_marker(following.text) is not None


def _glue(last: str, text: str) -> str:
    apart = last[-1].isascii() and text[0].isascii() and last[-1].isalnum() and text[0].isalnum()
    return f"{last} {text}" if apart else last + text


_INLINE: Final = re.compile(
    r"(?P<han>[一二三四五六七八九十]{1,3})、|[（(](?P<paren>[一二三四五六七八九十]{1,3})[)）]|"
    r"(?<![\d.])(?P<dec>\d{1,2})[.．、](?!\d)"
)
_SENTENCE_STOP: Final = frozenset("。！？!?；;：: ")


def split_one_line_text(lines: Sequence[Line]) -> list[Line]:
    """Split lines that hold a whole outline (一、…（一）…（二）…二、…) before each number."""
    numbered = sum(1 for line in lines if read_marker(line.text) is not None)
    if numbered > 2:
        return list(lines)
    out: list[Line] = []
    for line in lines:
        cuts = _inline_numbers(line.text)
        if len(cuts) < 3:
            out.append(line)
            continue
        edges = sorted({0, *cuts, len(line.text)})
        pieces = (line.text[a:b].strip() for a, b in pairwise(edges))
        out.extend(Line(piece, line.number) for piece in pieces if piece)
    return out


def _inline_numbers(text: str) -> list[int]:
    """Where inside ``text`` outline numbers stand that count on from 1."""
    last = {"han": 0, "paren": 0, "dec": 0}
    below = {"han": ("paren", "dec"), "paren": ("dec",), "dec": ()}
    cuts: list[int] = []
    for found in _INLINE.finditer(text):
        style = found.lastgroup or "han"
        ordinal = han_value(found.group(style))
        before = text[found.start() - 1] if found.start() else "。"
        after_stop = before in _SENTENCE_STOP or (style == "paren" and last["han"] > 0)
        if not after_stop or ordinal != last[style] + 1:
            continue
        last[style] = ordinal
        for lower in below[style]:
            last[lower] = 0
        cuts.append(found.start())
    return cuts


_LEADERS: Final = re.compile(r"[\s.．…·—\-]*[（(]?\d{0,3}[)）]?$")
_CONTENTS: Final = re.compile(r"目\s*[录錄次]$")


def strip_contents(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Take out a contents list: a run of bare headings that all come again below."""
    first = next((place for place, line in enumerate(lines) if read_marker(line.text) is not None), None)
    if first is None or len(lines[first].text) > _LONG_HEADING or lines[first].text[-1] in "。；;":
        return list(lines), []
    start = first - 1 if first and _CONTENTS.match(lines[first - 1].text) else first
    names = [_bare_name(line.text) for line in lines]
    last_place = {name: place for place, name in enumerate(names)}
    end = first
    while end < len(lines) and last_place[names[end]] > end and lines[end].text[-1] not in "。；;":
        end += 1
    if end - first < 3 or last_place[names[first]] < end:
        return list(lines), []
    return [*lines[:start], *lines[end:]], list(lines[start:end])


def _bare_name(text: str) -> str:
    """A heading without leaders, page number, spaces and width, as a contents list and the text share it."""
    if len(text) > _LONG_HEADING:
        return text
    return unicodedata.normalize("NFKC", _LEADERS.sub("", text)).replace(" ", "")
