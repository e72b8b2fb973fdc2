"""What a web page puts around a plan: found, taken out, and kept with its reason.

Only whole lines are dropped here, and only those that no plan would print as its own text.
Every dropped line comes back as a :class:`~corpus.plan.DroppedBlock`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from corpus.lines import Line
from corpus.plan import DroppedBlock

HIDDEN_REASON: Final = "login box"
"""Reason of lines that stand in for text the source does not show."""


@dataclass(frozen=True, slots=True)
class HiddenBreak:
    """A place where the source hides text, and its own words for it."""

    words: str
    line: int


_RULES: Final = Path(__file__).with_name("furniture.toml")
_HIDDEN_WORDS: Final = re.compile(r"权限|登录|付费|隐藏|会员|未读|全文")
_SHORT: Final = 120
_CHEAP: Final = 420
"""No line longer than this is page furniture; longer ones are not even tried."""


@cache
def _rules() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    rows = tomllib.loads(_RULES.read_text("utf-8"))["rule"]
    return tuple((row["reason"], row.get("longest", _SHORT), re.compile(row["pattern"])) for row in rows)


def furniture_reason(line: str) -> str | None:
    """Say why ``line`` is page furniture; None where it is not."""
    length = len(line)
    if length > _CHEAP:
        return None
    for reason, longest, pattern in _rules():
        if length <= longest and pattern.match(line):
            return reason
    return None


def strip_furniture(lines: Iterable[Line]) -> tuple[list[Line], list[DroppedBlock], list[HiddenBreak]]:
    """Part ``lines`` into the plan's own, the dropped, and the places where the source hides text."""
    kept: list[Line] = []
    dropped: list[tuple[Line, str]] = []
    breaks: list[HiddenBreak] = []
    for line in lines:
        reason = furniture_reason(line.text)
        if reason is None:
            kept.append(line)
            continue
        dropped.append((line, reason))
        if reason == HIDDEN_REASON:
            _note_break(breaks, line, after_text=bool(kept))
    return kept, merge_dropped(dropped), breaks


def _note_break(breaks: list[HiddenBreak], line: Line, after_text: bool) -> None:
    """Neighbouring lines of one login box are one break; the wordiest of its notices is quoted."""
    if breaks and line.number - breaks[-1].line <= 12:
        words = breaks[-1].words
        better = line.text if words == "隐藏内容" and _HIDDEN_WORDS.search(line.text) else words
        breaks[-1] = HiddenBreak(better, breaks[-1].line)
    elif after_text:
        breaks.append(HiddenBreak(line.text, line.number))


def merge_dropped(dropped: Iterable[tuple[Line, str]]) -> list[DroppedBlock]:
    """Join neighbouring dropped lines that have the same reason into one block."""
    blocks: list[DroppedBlock] = []
    last = -10
    for line, reason in dropped:
        if blocks and blocks[-1].reason == reason and line.number - last <= 2:
            blocks[-1] = DroppedBlock(f"{blocks[-1].text}\n{line.text}", reason, blocks[-1].line)
        else:
            blocks.append(DroppedBlock(line.text, reason, line.number))
        last = line.number
    return blocks
