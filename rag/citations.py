"""Places citations: every quote is a slice of its plan, and is compared with it again before it leaves."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.plan import Item, Plan
from rag.records import Chunk, Citation


class CitationBook:
    """Numbers the quotes of one answer from 1, each quote once, and checks each against its plan."""

    def __init__(self, plans: Mapping[str, Plan], items: Mapping[str, Item]) -> None:
        self._plans = plans
        self._items = items
        self._citations: list[Citation] = []
        self._n_of_span: dict[tuple[str, int, int], int] = {}
        self._failed = 0

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations so far, in the order of their numbers."""
        return tuple(self._citations)

    @property
    def n_failed(self) -> int:
        """How many quotes were refused because their plan does not hold them."""
        return self._failed

    def cite(self, chunk: Chunk) -> int | None:
        """The chunk's citation number; None, and counted, where its plan does not hold it word for word."""
        span = (chunk.item_id, chunk.start, chunk.end)
        if span in self._n_of_span:
            return self._n_of_span[span]
        plan, item = self._plans.get(chunk.plan_id), self._items.get(chunk.item_id)
        if plan is None or item is None or not _holds(plan, item, chunk):
            self._failed += 1
            return None
        n = len(self._citations) + 1
        self._n_of_span[span] = n
        self._citations.append(citation(n, plan, item, chunk.text, chunk.start, chunk.end))
        return n


def citation(n: int, plan: Plan, item: Item, quote: str, start: int, end: int) -> Citation:
    """A quote with all that is said of where it stands; the offsets count in the plan's text."""
    return Citation(
        n,
        plan.plan_id,
        plan.city,
        plan.city_source,
        plan.year,
        item.item_id,
        item.number,
        item.headings,
        item.title,
        quote,
        start,
        end,
    )


def _holds(plan: Plan, item: Item, chunk: Chunk) -> bool:
    inside = item.start <= chunk.start < chunk.end <= item.end
    return inside and plan.text[chunk.start : chunk.end] == chunk.text


def marks(numbers: tuple[int, ...]) -> str:
    """The marks as they stand in the text: ``[1][3]``."""
    return "".join(f"[{n}]" for n in numbers)
