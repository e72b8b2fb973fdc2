"""An outline to the plan's text, with sections and items placed in it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from corpus.numbering import RANK, read_marker
from corpus.outline_tree import Node, NumberGap, Outline
from corpus.plan import Gap, Item, Section
from corpus.subpoints import find_sub_points
from corpus.tables import Row
from corpus.units import Duties, read_duties

_TITLE_END: Final = re.compile(r"[。！？!?\n]|[①-⑳]")
_LONGEST_TITLE: Final = 60
_LETTERS: Final = {"annex": "a", "paragraph": "p"}
"""What stands before the ordinal of a part that prints no number of its own."""


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

    def parts(self) -> list[Item]:
        """Everything that has a text of its own: preamble, introductions, items."""
        return [*([self.preamble] if self.preamble else []), *self.intros, *self.items]


def leading_phrase(text: str) -> str:
    """The phrase a part starts with, without its number; empty where it starts with a long sentence."""
    marker = read_marker(text)
    rest = text[marker.length :] if marker else text
    end = _TITLE_END.search(rest)
    phrase = (rest[: end.start()] if end else rest).strip(" :：")
    return phrase if len(phrase) <= _LONGEST_TITLE else ""


def compose(outline: Outline, plan_id: str, with_annex: bool = False) -> Body:
    """Lay the outline out as one text and give every part its id and offsets.

    :param with_annex: whether the annex is the plan that the body only sends out.
    """
    return _Composer(outline, plan_id, with_annex).run()


class _Composer:
    """Writes the text from top to bottom and remembers where everything came to stand."""

    def __init__(self, outline: Outline, plan_id: str, with_annex: bool) -> None:
        self._outline = outline
        self._with_annex = with_annex
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
            self._body.preamble = self._item("0", "0", text, ())
        for child in self._outline.root.children:
            self._write(child, ())
        self._body.text = "".join(self._pieces)
        self._body.gaps = [self._gap(gap) for gap in self._outline.gaps]
        self._body.levels = levels_of(self._outline, self._with_annex)
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
        if node.style == "closing":
            self._body.intros.append(self._item("end", "0", "\n".join(node.lines), ()))
            return
        if not node.children:
            text = "\n".join(node.lines)
            self._body.items.append(self._item(self._key(node), node.printed, text, headings, node.row))
            return
        heading = node.lines[0]
        start, end = self._append(heading)
        title = leading_phrase(heading) or heading
        self._body.sections.append(Section(node.printed, title, len(headings) + 1, start, end, headings))
        below = (*headings, heading)
        if len(node.lines) > 1:
            intro = self._item(f"{_path(node)}.0", "0", "\n".join(node.lines[1:]), below)
            self._body.intros.append(intro)
        for child in node.children:
            self._write(child, below)

    def _item(
        self, key: str, number: str, text: str, headings: tuple[str, ...], row: Row | None = None
    ) -> Item:
        start, end = self._append(text)
        self._used[key] += 1
        again = self._used[key]
        item_id = f"{self._plan_id}#{key}" + (f"~{again}" if again > 1 else "")
        unnumbered = number == "0"
        duties = Duties() if unnumbered or row else read_duties(text)
        stop = len(text) if duties.start is None else duties.start
        return Item(
            item_id=item_id,
            plan_id=self._plan_id,
            number=number,
            headings=headings,
            title=row.title if row else "" if unnumbered else leading_phrase(text),
            text=text,
            start=start,
            end=end,
            sub_points=find_sub_points(text, item_id, start, stop),
            lead_units=row.lead if row else duties.lead,
            joint_units=row.joint if row else duties.joint,
            deadline=row.deadline if row else duties.deadline,
        )

    def _key(self, node: Node) -> str:
        if node.style == "paragraph":
            return f"p{node.ordinal}"
        if self._flat is None or _in_annex(node):
            return _path(node)
        below = _path_below(node, self._flat)
        return below or f"{_path(node)}.0"

    def _gap(self, gap: NumberGap) -> Gap:
        return Gap(gap.kind, gap.first, gap.last, gap.reason, self._starts[id(gap.node)])


def _path(node: Node) -> str:
    ordinals = []
    current: Node | None = node
    while current is not None and current.parent is not None:
        ordinals.append(_LETTERS.get(current.style, "") + str(current.ordinal))
        current = current.parent
    return ".".join(reversed(ordinals))


def _in_annex(node: Node) -> bool:
    current: Node | None = node
    while current is not None:
        if current.style == "annex":
            return True
        current = current.parent
    return False


def _path_below(node: Node, style: str) -> str:
    """The ordinals from the part of a family down to the node; empty where none of it stands above."""
    ordinals = []
    current: Node | None = node
    while current is not None:
        ordinals.append(str(current.ordinal))
        if current.style == style:
            return ".".join(reversed(ordinals))
        current = current.parent
    return ""


def _numbers_run_through(root: Node) -> str | None:
    """The family whose numbers name the items by themselves; None where they start again somewhere."""
    leaves = [node for node in root.walk() if not node.children and not _in_annex(node)]
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


def levels_of(outline: Outline, with_annex: bool) -> tuple[int, ...]:
    """Count the printed numbers at each depth, outermost first.

    （一） and 一是 stand at one depth, and so do 1. and the numbered rows of a table. 一是 counts where
    parts stand under it or the plan has no （一）; numbers inside items, where they start lines.

    :param with_annex: whether the annex is part of the plan or only goes with it.
    """
    counts: Counter[int] = Counter()
    has_paren = any(node.style == "paren" for node in outline.root.walk())
    for child in outline.root.children:
        if child.style == "annex" and not with_annex:
            continue
        for node in (child, *child.walk()):
            if node.printed and not (node.style == "shi" and has_paren and not node.children):
                counts[RANK["paren" if node.style == "shi" else node.style]] += 1
    for style, number in outline.inner.items():
        counts[RANK[style]] += number
    return tuple(counts[rank] for rank in sorted(counts) if counts[rank])
