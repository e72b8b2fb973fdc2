"""An outline to the plan's text, with sections and items placed in it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from corpus.numbering import read_marker
from corpus.outline import Node, NumberGap, Outline
from corpus.plan import Gap, Item, Section
from corpus.subpoints import find_sub_points
from corpus.units import read_duties

_TITLE_END: Final = re.compile(r"[。！？!?\n]|[①-⑳]")
_LONGEST_TITLE: Final = 60


@dataclass(slots=True)
class Body:
    """What a plan consists of, apart from who wrote it and when."""

    text: str = ""
    items: list[Item] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    preamble: Item | None = None
    intros: list[Item] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    levels: tuple[int, ...] = ()


def leading_phrase(text: str) -> str:
    """The phrase a part starts with, without its number; empty where it starts with a long sentence."""
    marker = read_marker(text)
    rest = text[marker.length :] if marker else text
    end = _TITLE_END.search(rest)
    phrase = (rest[: end.start()] if end else rest).strip(" :：")
    return phrase if len(phrase) <= _LONGEST_TITLE else ""


def compose(outline: Outline, plan_id: str) -> Body:
    """Lay the outline out as one text and give every part its id and offsets."""
    return _Composer(outline, plan_id).run()


class _Composer:
    """Writes the text from top to bottom and remembers where everything came to stand."""

    def __init__(self, outline: Outline, plan_id: str) -> None:
        self._outline = outline
        self._plan_id = plan_id
        self._body = Body()
        self._pieces: list[str] = []
        self._length = 0
        self._starts: dict[int, int] = {}
        self._flat = _numbers_run_through(outline.root)
        self._used: Counter[str] = Counter()

    def run(self) -> Body:
        """Write the preamble, then every part."""
        if self._outline.root.lines:
            text = "\n".join(self._outline.root.lines)
            self._body.preamble = self._item("0", "0", text, (), titled=False)
        for child in self._outline.root.children:
            self._write(child, ())
        self._body.text = "".join(self._pieces)
        self._body.gaps = [self._gap(gap) for gap in self._outline.gaps]
        self._body.levels = levels_of(self._outline.root)
        return self._body

    def _append(self, text: str) -> tuple[int, int]:
        if self._pieces:
            self._pieces.append("\n")
            self._length += 1
        start = self._length
        self._pieces.append(text)
        self._length += len(text)
        return start, self._length

    def _write(self, node: Node, headings: tuple[str, ...]) -> None:
        self._starts[id(node)] = self._length + (1 if self._pieces else 0)
        if not node.children:
            self._body.items.append(
                self._item(self._key(node), node.printed, "\n".join(node.lines), headings)
            )
            return
        heading = node.lines[0]
        start, end = self._append(heading)
        title = leading_phrase(heading) or heading
        self._body.sections.append(Section(node.printed, title, len(headings) + 1, start, end, headings))
        below = (*headings, heading)
        if len(node.lines) > 1:
            intro = self._item(f"{_path(node)}.0", "0", "\n".join(node.lines[1:]), below, titled=False)
            self._body.intros.append(intro)
        for child in node.children:
            self._write(child, below)

    def _item(self, key: str, number: str, text: str, headings: tuple[str, ...], titled: bool = True) -> Item:
        start, end = self._append(text)
        self._used[key] += 1
        again = self._used[key]
        item_id = f"{self._plan_id}#{key}" + (f"~{again}" if again > 1 else "")
        duties = read_duties(text) if titled else None
        stop = len(text) if duties is None or duties.start is None else duties.start
        return Item(
            item_id=item_id,
            plan_id=self._plan_id,
            number=number,
            headings=headings,
            title=leading_phrase(text) if titled else "",
            text=text,
            start=start,
            end=end,
            sub_points=find_sub_points(text, item_id, start, stop),
            lead_units=duties.lead if duties else (),
            joint_units=duties.joint if duties else (),
            deadline=duties.deadline if duties else None,
        )

    def _key(self, node: Node) -> str:
        if self._flat is None:
            return _path(node)
        return str(node.ordinal) if node.style == self._flat else f"{_path(node)}.0"

    def _gap(self, gap: NumberGap) -> Gap:
        return Gap(gap.kind, gap.first, gap.last, gap.reason, self._starts[id(gap.node)])


def _path(node: Node) -> str:
    ordinals = []
    current: Node | None = node
    while current is not None and current.parent is not None:
        ordinals.append(str(current.ordinal))
        current = current.parent
    return ".".join(reversed(ordinals))


def _numbers_run_through(root: Node) -> str | None:
    """The family whose numbers name the items by themselves; None where they start again somewhere."""
    leaves = [node for node in root.walk() if not node.children]
    counts = Counter(node.style for node in leaves)
    if not counts:
        return None
    style = min(counts, key=lambda name: (-counts[name], name))
    of_style = [node for node in leaves if node.style == style]
    distinct = {node.ordinal for node in of_style if not node.repeated}
    unique = len(distinct) == sum(1 for node in of_style if not node.repeated)
    parents = {id(node.parent) for node in of_style}
    if unique and (len(counts) == 1 or len(parents) > 1):
        return style
    return None


def levels_of(root: Node) -> tuple[int, ...]:
    """Count the printed numbers at each depth; a family counts at the deepest place it is found in."""
    depths: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for node in root.walk():
        depths[node.style] = max(depths.get(node.style, 0), node.depth)
        counts[node.style] += 1
    totals: Counter[int] = Counter()
    for style, depth in depths.items():
        totals[depth] += counts[style]
    return tuple(totals[depth] for depth in sorted(totals))
