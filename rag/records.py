"""The records that travel along the chain, from chunk to answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Mode = Literal["auto", "lookup", "enumerate", "compare", "summarise", "count"]
Language = Literal["auto", "zh", "en"]
Status = Literal["answered", "partial", "not_found", "out_of_corpus", "ambiguous"]
VerdictWord = Literal["yes", "partial", "no_evidence", "undecided"]
Support = Literal["verified", "weak", "unsupported"]
TableKind = Literal["compare", "years"]
Change = Literal["new", "kept", "gone"]
Operation = Literal["sum", "difference", "most", "least", "list"]


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is indexed: one sentence of an item.

    ``plan.text[start:end] == text``; ``title`` is the item's leading phrase, embedded beside the text.
    """

    chunk_id: str
    item_id: str
    plan_id: str
    text: str
    start: int
    end: int
    title: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence that an item was found by: ``plan.text[start:end] == text``."""

    text: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found, with its best sentence. A higher score is better; ranks count from 1."""

    item_id: str
    plan_id: str
    score: float
    rank: int
    dense_rank: int | None
    keyword_rank: int | None
    quote: str
    start: int
    end: int
    chunk_id: str
    sentences: tuple[Match, ...] = ()
    """The item's best sentences, best first; the first is the quote."""


class Found(NamedTuple):
    """What a search found, and how it looked for it."""

    hits: list[Hit]
    filters_applied: dict[str, Any]
    terms: dict[str, tuple[str, ...]]
    """Words of the question and the other forms of them that were searched for."""
    timings_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which plans a question is put to; an empty field means no restriction."""

    cities: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    plans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question with everything that bears on its answer."""

    question: str
    history: tuple[Turn, ...] = ()
    mode: Mode = "auto"
    filters: Filters = field(default_factory=Filters)
    language: Language = "auto"
    generate: bool = True


@dataclass(frozen=True, slots=True)
class Citation:
    """A mark in the answer, tied to a verbatim quote: ``plan.text[start:end] == quote``."""

    n: int
    plan_id: str
    city: str
    city_source: str
    year: int | None
    item_id: str
    number: str
    headings: tuple[str, ...]
    title: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the answer and the citations that carry it."""

    text: str
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class PlanVerdict:
    """What one plan says to a "which plans" question."""

    plan_id: str
    city: str
    year: int | None
    verdict: VerdictWord
    confidence: float
    """How probable it is, 0 to 1, that the plan says it."""
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at."""

    plans_in_scope: int
    plans_checked: int
    items_scored: int
    gaps: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one plan says to one aspect of a comparison."""

    plan_id: str
    citations: tuple[int, ...] = ()
    """Empty where nothing was found in the plan."""
    change: Change | None = None
    """In a table of years, seen from the later plan; "gone" means only that it was not found there."""
    unclear: bool = False
    """Nothing is set beside the others' words here, and it is not clear that the plan lacks their matter."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """A row of a comparison, with a cell for each plan in the table's order."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Plans, or the years of one city, side by side."""

    kind: TableKind
    plans: tuple[str, ...]
    """Plan ids, the columns from left to right."""
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One quantity that was read out of a quote."""

    plan_id: str
    label: str
    """Whose quantity, and of what."""
    value: float
    shown: str
    """The quantity with its unit, as a reader expects it."""
    citation: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The quantities that an answer is about, and what code computed of them."""

    operation: Operation
    unit: str
    """Empty where the quantities have different units."""
    comparable: bool
    """Whether the quantities have one unit, and all state what is added or all what is reached."""
    bars: tuple[Bar, ...]
    result: str | None = None
    """None where nothing was computed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose citations and numbers have been checked; the fields are the HTTP contract's."""

    id: str
    question: str
    question_resolved: str
    mode: Mode
    language: Literal["zh", "en"]
    status: Status
    answer: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    verdicts: tuple[PlanVerdict, ...] | None
    coverage: Coverage
    filters_applied: dict[str, Any]
    warnings: tuple[str, ...]
    model: dict[str, Any]
    index: dict[str, Any]
    timings_ms: dict[str, float]
    table: Table | None = None
    """Where plans were put side by side."""
    figures: Figures | None = None
    """Where the answer is about quantities."""


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a streamed answer; ``kind`` is the name of the server-sent event."""

    kind: Literal["status", "evidence", "verdict", "delta", "citation", "final"]
    data: dict[str, Any]
