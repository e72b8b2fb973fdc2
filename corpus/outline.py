"""Lines to the printed outline: which numbers are real, what stands under what, what is missing.

A number counts when it fits the sequence of its family: the next one, a first one where a list may
begin, or a later one that leaves a gap, which is recorded. Anything else that looks like a number is text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from corpus.furniture import HiddenBreak
from corpus.lines import Line
from corpus.numbering import RANK, SUB_POINT_STYLES, Marker, read_marker

_MAX_JUMP: Final = 30
"""A number further ahead of its list than this is taken for text."""
_ALWAYS_INSIDE: Final = SUB_POINT_STYLES | {"half_paren", "bracket"}
_DECIMAL: Final = frozenset({"dec", "deci1", "deci2", "deci3", "deci4"})


@dataclass(eq=False, slots=True)
class Node:
    """A numbered part with the lines that belong to it and the parts below it."""

    style: str
    ordinal: int
    printed: str
    parent: Node | None
    lines: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    known_parent: bool = True
    """False where the source hides what stood between this part and its section."""
    repeated: int = 0
    """How many earlier parts of the same list carry the same number."""

    @property
    def depth(self) -> int:
        """Levels above this one: 0 for the root."""
        depth, node = 0, self.parent
        while node is not None:
            depth, node = depth + 1, node.parent
        return depth

    def walk(self) -> Iterator[Node]:
        """All parts below this one, in the order of the text."""
        for child in self.children:
            yield child
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class NumberGap:
    """Numbers that a list lacks or repeats, found before ``node``."""

    kind: Literal["hidden", "missing", "repeated"]
    first: int
    last: int
    reason: str
    node: Node


@dataclass(slots=True)
class Outline:
    """The tree of a plan: the root's lines are the text before the first numbered part."""

    root: Node
    gaps: list[NumberGap]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: Line
    marker: Marker | None


def join_broken(lines: Sequence[Line]) -> list[Line]:
    """Join a line that the page broke after a semicolon to the one before it."""
    joined: list[Line] = []
    for line in lines:
        if joined and joined[-1].text[-1] in ";；" and read_marker(line.text) is None:
            joined[-1] = Line(joined[-1].text + line.text, joined[-1].number)
        else:
            joined.append(line)
    return joined


def build_outline(lines: Sequence[Line], breaks: Sequence[HiddenBreak] = ()) -> Outline:
    """Read the numbered parts of ``lines`` into a tree."""
    builder = _Builder([_Candidate(line, read_marker(line.text)) for line in lines], list(breaks))
    return builder.build()


class _Builder:
    """The stack of open parts, and the last number that each family printed."""

    def __init__(self, candidates: list[_Candidate], breaks: list[HiddenBreak]) -> None:
        self._candidates = candidates
        self._breaks = breaks
        self._root = Node("root", 0, "", None)
        self._stack = [self._root]
        self._last: dict[str, int] = {}
        self._hidden: HiddenBreak | None = None
        self._unsettled: set[str] = set()
        self._gaps: list[NumberGap] = []
        self._warnings: list[str] = []

    def build(self) -> Outline:
        """Take the lines one by one."""
        for position, candidate in enumerate(self._candidates):
            self._pass_breaks(candidate.line.number)
            marker = candidate.marker
            if marker is None or not self._take(position, marker, candidate.line.text):
                self._stack[-1].lines.append(candidate.line.text)
        return Outline(self._root, self._gaps, self._warnings)

    def _pass_breaks(self, line: int) -> None:
        while self._breaks and self._breaks[0].line < line:
            self._hidden = self._breaks.pop(0)
            self._unsettled = set(self._last)

    def _take(self, position: int, marker: Marker, text: str) -> bool:
        """Make a part of the line if its number is real."""
        style = marker.style
        if style in _ALWAYS_INSIDE or (style == "dec_paren" and self._stack[-1].style in _DECIMAL):
            return False
        if style == "shi" and not self._shi_is_outline(position, marker):
            return False
        open_part = self._open(style)
        if not self._fits(position, marker, open_part):
            return False
        node = self._place(marker, open_part)
        node.lines.append(text)
        self._note_gap(node, open_part)
        self._last[style] = marker.ordinal
        self._stack.append(node)
        self._hidden = None
        self._unsettled.discard(style)
        return True

    def _open(self, style: str) -> Node | None:
        for node in reversed(self._stack):
            if node.style == style:
                return node
        return None

    def _fits(self, position: int, marker: Marker, open_part: Node | None) -> bool:
        last = open_part.ordinal if open_part else self._last.get(marker.style)
        if marker.ordinal == 1:
            return open_part is None
        if last is None:
            return self._hidden is not None or self._goes_on(position, marker)
        if marker.style in self._unsettled and marker.ordinal > last:
            return True
        step = marker.ordinal - last
        if step == 0:
            return open_part is not None and self._goes_on(position, marker)
        return step == 1 or (1 < step <= _MAX_JUMP and self._goes_on(position, marker))

    def _goes_on(self, position: int, marker: Marker) -> bool:
        """Whether the next number of the same family is the following one."""
        for later in self._candidates[position + 1 :]:
            if later.marker is not None and later.marker.style == marker.style:
                return later.marker.ordinal == marker.ordinal + 1
        return False

    def _place(self, marker: Marker, open_part: Node | None) -> Node:
        """Find the parent, closing what the new part ends."""
        lost = self._hidden is not None and marker.ordinal != self._last.get(marker.style, 0) + 1
        if open_part is not None:
            while self._stack.pop() is not open_part:
                continue
        else:
            while self._stack[-1] is not self._root and RANK[self._stack[-1].style] > RANK[marker.style]:
                self._stack.pop()
        parent = self._stack[-1]
        if lost and parent is not self._root:
            parent = self._root
            del self._stack[1:]
        node = Node(marker.style, marker.ordinal, marker.printed, parent)
        node.known_parent = not lost
        parent.children.append(node)
        return node

    def _note_gap(self, node: Node, open_part: Node | None) -> None:
        last = open_part.ordinal if open_part else self._last.get(node.style, 0)
        if node.ordinal == 1 or node.ordinal == last + 1:
            return
        if node.ordinal == last:
            node.repeated = 1 + (open_part.repeated if open_part else 0)
            self._gaps.append(NumberGap("repeated", last, last, "the source prints this number twice", node))
        elif self._hidden is not None:
            reason = f"the source does not show this part: “{self._hidden.words}”"
            self._gaps.append(NumberGap("hidden", last + 1, node.ordinal - 1, reason, node))
        elif node.style in self._unsettled:
            self._warnings.append(
                f"the heading before {node.printed} stands in the part that the source hides"
            )
        else:
            reason = "the source goes on without these numbers"
            self._gaps.append(NumberGap("missing", last + 1, node.ordinal - 1, reason, node))

    def _shi_is_outline(self, position: int, marker: Marker) -> bool:
        """Whether 一是… lines part the outline: nothing else, or numbered parts, stand under the heading."""
        open_part = self._open("shi")
        if open_part is not None:
            return marker.ordinal == open_part.ordinal + 1
        if marker.ordinal != 1 or self._stack[-1] is self._root or self._stack[-1].style in _DECIMAL:
            return False
        open_styles = {node.style for node in self._stack}
        numbered, plain = False, False
        for later in self._candidates[position:]:
            found = later.marker
            if found is not None and found.style in open_styles:
                break
            numbered = numbered or (found is not None and found.style in _DECIMAL)
            plain = plain or found is None or found.style != "shi"
        return numbered or not plain
