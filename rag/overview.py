"""Answers "what does the plan say": its own outline, with titles of its items quoted under each heading."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.plan import Item, Plan
from rag.chunks import slice_of
from rag.citations import marks
from rag.draft import Draft
from rag.records import Chunk, Claim, Status
from rag.sentences import sentence_spans
from rag.steps import Steps
from rag.wording import (
    Lang,
    gap_note,
    item_range,
    more_plans,
    not_found,
    outline_of,
    under_heading,
)

MAX_PLANS = 8
"""Plans that are gone through; an overview of more is none, and the reader is asked to name some."""
MAX_LINES = 24
"""Headings of one plan: where it has more of them, the outermost alone are gone through."""
_QUOTES_ALONE = 28
"""Titles that are quoted of a plan asked about alone: all where there are few, else some of each part."""
_QUOTES_OF_FEW = 14
_LEAST = 5
"""Lines of a plan without headings that is one of several."""
_FEW = 3
"""Of so many plans more than one title is quoted under a heading."""
_PATH = " › "
_STEP = re.compile(r"(.*?)(\d+)$")


def answer_overview(steps: Steps) -> Draft:
    """Go through the outline of each plan in scope, in the order of the corpus."""
    shown = steps.plans[:MAX_PLANS]
    alone = len(shown) == 1
    room = _QUOTES_ALONE if alone else _QUOTES_OF_FEW if len(shown) <= _FEW else 0
    claims: list[Claim] = []
    lines: list[str] = []
    checked: list[Plan] = []
    for plan in shown:
        if steps.cancelled():
            break
        outline = _Outline(steps, plan, room, nested=alone)
        lines += outline.lines()
        claims += outline.claims
        checked.append(plan)
    language = steps.reading.language
    if not claims:
        text = not_found(steps.plans, language)
        steps.say(text)
        return Draft("not_found", text, (), None, len(checked), _n_items(checked))
    n_left = len(steps.plans) - len(shown)
    if n_left:
        lines.append(more_plans(n_left, language))
    text = "\n".join(lines)
    steps.say(text)
    status: Status = "partial" if n_left else "answered"
    return Draft(status, text, tuple(claims), None, len(checked), _n_items(checked))


def title_of(item: Item) -> Chunk:
    """The item's leading phrase where it stands in its text; else its first sentence, or the whole of it."""
    at = item.text.find(item.title) if item.title else -1
    if at >= 0:
        return slice_of(item, at, at + len(item.title))
    spans = sentence_spans(item.text)
    return slice_of(item, *(spans[0] if spans else (0, len(item.text))))


def number_runs(items: Sequence[Item]) -> tuple[str, ...]:
    """The numbers of the items as their ids have them, those that follow one another as one: ``1–7``."""
    runs: list[list[str]] = []
    for number in (item.item_id.partition("#")[2] for item in items):
        if runs and _follows(runs[-1][-1], number):
            runs[-1].append(number)
        else:
            runs.append([number])
    return tuple(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _follows(number: str, other: str) -> bool:
    before, after = _STEP.fullmatch(number), _STEP.fullmatch(other)
    if before is None or after is None or before.group(1) != after.group(1):
        return False
    return int(after.group(2)) == int(before.group(2)) + 1


@dataclass(slots=True)
class _Outline:
    """One plan's part of the overview while it is put together."""

    steps: Steps
    plan: Plan
    room: int
    """Titles to be quoted of the whole plan; at least one under each heading."""
    nested: bool
    """Whether headings below the outermost ones are gone through, too."""
    claims: list[Claim] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The head, a line for each part, and where the source lacks items, that it does."""
        language = self.steps.reading.language
        parts = self._parts()
        each = max(1, self.room // max(1, len(parts)))
        gaps = sorted(self.plan.gaps, key=lambda gap: gap.position)
        before: tuple[str, ...] = ()
        lines = [outline_of(self.plan, len(self.plan.items), language)]
        for headings, items in parts:
            while gaps and gaps[0].position <= items[0].start:
                lines.append(gap_note(self.plan, gaps.pop(0), language))
            line = self._line(_new_headings(headings, before), items, each)
            if line:
                lines.append(line)
                before = headings
        return [*lines, *(gap_note(self.plan, gap, language) for gap in gaps)]

    def _parts(self) -> list[tuple[tuple[str, ...], list[Item]]]:
        """Headings with the items under them, in the plan's order; without headings so many items each."""
        items = self.plan.items or self.plan.parts()
        if not any(item.headings for item in items):
            return _portions(items, MAX_LINES if self.nested else _LEAST)
        deep = _grouped(items, None)
        return deep if self.nested and len(deep) <= MAX_LINES else _grouped(items, 1)

    def _line(self, heading: str, items: Sequence[Item], n: int) -> str:
        language: Lang = self.steps.reading.language
        quoted: list[str] = []
        chosen = _some(items, n)
        for item in chosen:
            number = self.steps.book.cite(title_of(item))
            if number is None:
                continue
            words = f"“{self.steps.book.citations[number - 1].quote}”"
            self.claims.append(Claim(words, (number,), "verified"))
            quoted.append(words + marks((number,)))
        if not quoted:
            return ""
        text = _joined(quoted, len(items) > len(chosen), language)
        return "- " + under_heading(heading, item_range(number_runs(items), language), text, language)


def _joined(quoted: Sequence[str], left_out: bool, language: Lang) -> str:
    """Quotes in one row; where titles before the last are left out, it shows. The range tells it of one."""
    joint, dots = ("、", "……") if language == "zh" else (", ", " … ")
    if not left_out or len(quoted) == 1:
        return joint.join(quoted)
    return joint.join(quoted[:-1]) + dots + quoted[-1]


def _some(items: Sequence[Item], n: int) -> list[Item]:
    """All of the items, or the first ones and the last."""
    if len(items) <= n:
        return list(items)
    return [*items[: n - 1], items[-1]] if n > 1 else [items[0]]


def _portions(items: Sequence[Item], n: int) -> list[tuple[tuple[str, ...], list[Item]]]:
    """The items in at most ``n`` portions of equal size: one each where there are few."""
    size = -(-len(items) // n)
    return [((), list(items[at : at + size])) for at in range(0, len(items), size)]


def _grouped(items: Sequence[Item], depth: int | None) -> list[tuple[tuple[str, ...], list[Item]]]:
    return [
        (headings, list(group))
        for headings, group in itertools.groupby(items, key=lambda item: item.headings[:depth])
    ]


def _new_headings(headings: tuple[str, ...], before: tuple[str, ...]) -> str:
    """The headings that were not printed in the line before."""
    same = sum(
        1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(headings, before, strict=False))
    )
    return _PATH.join(heading.rstrip("。.：:") for heading in headings[same:] or headings[-1:])


def _n_items(plans: Sequence[Plan]) -> int:
    return sum(len(plan.items) for plan in plans)
