"""What a plan is made of once it has been read: plans, sections, items, sub-points, gaps.

All offsets count Unicode code points in :attr:`Plan.text`, and
``plan.text[part.start:part.end] == part.text`` holds for every part that has a text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Knowledge = Literal["stated", "inferred", "manifest", "corrected", "unknown"]
"""How a city or a year is known."""


@dataclass(frozen=True, slots=True)
class SubPoint:
    """A numbered part inside an item (①, 一是, （1）), citable as ``plan#item.ordinal``."""

    item_id: str
    number: str
    """As printed, for example ``③``."""
    ordinal: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """A leaf of the plan's printed outline: the unit that answers cite."""

    item_id: str
    plan_id: str
    number: str
    """The printed number (``11``); ``0`` for the text before the first item."""
    headings: tuple[str, ...]
    """The sections above the item, outermost first; empty where they are unknown."""
    title: str
    """The item's leading phrase, without its number; empty where it has none."""
    text: str
    """The whole item as it stands in the plan's text, number and lead units included."""
    start: int
    end: int
    sub_points: tuple[SubPoint, ...] = ()
    lead_units: tuple[str, ...] = ()
    joint_units: tuple[str, ...] = ()
    deadline: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """An outline node with items below it."""

    number: str
    title: str
    level: int
    """1 for the outermost."""
    start: int
    end: int
    """``plan.text[start:end]`` is the heading line itself."""
    headings: tuple[str, ...] = ()
    """The sections above this one, outermost first."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Printed numbers that the source lacks, or prints twice."""

    kind: Literal["hidden", "missing", "repeated"]
    first: int
    last: int
    reason: str
    """Why, with the source's own words where it says so."""
    position: int
    """Offset in the plan's text where the missing numbers would stand."""


@dataclass(frozen=True, slots=True)
class DroppedBlock:
    """Text of the file that is not part of the plan, kept so that nothing vanishes unseen."""

    text: str
    reason: str
    line: int
    """Line of the file where the block starts, from 1."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a plan came from."""

    file: str
    sha256: str
    encoding: str = "utf-8"
    origin: str = ""
    """The origin as the file itself or a manifest states it."""
    url: str = ""
    part: int = 0
    """Which plan of the file this is, from 1; 0 where the file holds one plan."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One yearly work plan, read."""

    plan_id: str
    title: str
    city: str
    """Short Chinese name (``上海``); empty where unknown."""
    city_source: Knowledge
    year: int | None
    year_source: Knowledge
    department: str
    text: str
    items: tuple[Item, ...]
    """The numbered items in order; the preamble is not among them."""
    sections: tuple[Section, ...]
    source: Source
    preamble: Item | None = None
    intros: tuple[Item, ...] = ()
    """What stands between a section's heading and its first item (``#3.0``), and the words that close
    a speech (``#end``); not among the items."""
    gaps: tuple[Gap, ...] = ()
    levels: tuple[int, ...] = ()
    """How many printed numbers stand at each outline depth, outermost first."""
    city_evidence: tuple[str, ...] = ()
    """Words of the text from which the city was inferred, or that state it."""
    year_evidence: tuple[str, ...] = ()
    city_confidence: float = 1.0
    dropped: tuple[DroppedBlock, ...] = ()
    warnings: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()
    """Ids of the items whose text reads as an instruction to a model; it is data like any other."""
    metadata: dict[str, str] = field(default_factory=dict)
    """What the file's own metadata table states (索引号, 发文字号, …)."""

    @property
    def n_sub_points(self) -> int:
        """How many sub-points the items have together."""
        return sum(len(item.sub_points) for item in self.items)

    def parts(self) -> tuple[Item, ...]:
        """Preamble, section introductions and items, in the order of the text."""
        leading = self.intros if self.preamble is None else (self.preamble, *self.intros)
        return tuple(sorted((*leading, *self.items), key=lambda item: (item.start, item.item_id)))
