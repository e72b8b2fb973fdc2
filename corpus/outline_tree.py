"""The tree that a plan's numbered lines make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.lines import Line
from corpus.tables import Row


@dataclass(eq=False, slots=True)
class Node:
    """A part of the outline with the lines that belong to it and the parts below it."""

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
    row: Row | None = None

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
    inner: Mapping[str, int]
    """How many numbers of each family stand at the start of lines inside items, in lists of two or more."""
    rules: list[Line]
    """Lines that only draw a table."""


def part_by_paragraphs(root: Node) -> None:
    """Part a text without any number by its paragraphs."""
    count = 0
    for node in (root, *root.children):
        keep = 0 if node is root else 1
        paragraphs = node.lines[keep:]
        if node is root and not paragraphs:
            continue
        del node.lines[keep:]
        parts = []
        for text in paragraphs:
            count += 1
            parts.append(Node("paragraph", count, "", node, [text]))
        node.children[:0] = parts
