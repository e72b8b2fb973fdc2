"""Which rows of an index are whose: its plans in the order of their rows, with digests that tell changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from corpus.library import corpus_digest
from corpus.plan import Plan
from rag.chunks import chunk_plans, chunks_digest
from rag.records import Chunk


@dataclass(frozen=True, slots=True)
class PlanRows:
    """One plan's rows: how many, and digests of the plan and of its chunks."""

    plan_id: str
    plan_digest: str
    n_chunks: int
    chunks_digest: str


def rows_digest(rows: Iterable[PlanRows]) -> str:
    """One digest over all chunks, whatever order the plans are in."""
    text = "\n".join(f"{part.plan_id} {part.chunks_digest}" for part in sorted(rows, key=lambda p: p.plan_id))
    return hashlib.sha256(text.encode()).hexdigest()


def read_rows(file: Path) -> tuple[PlanRows, ...]:
    """Read what :func:`write_rows` wrote; raises OSError, ValueError or TypeError where it is damaged."""
    return tuple(PlanRows(*fields) for fields in json.loads(file.read_text(encoding="utf-8")))


def write_rows(rows: Sequence[PlanRows], file: Path) -> None:
    """Write the plans' rows."""
    fields = [astuple(part) for part in rows]
    file.write_text(json.dumps(fields, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def chunks_in_order(plans: Iterable[Plan], rows: Iterable[PlanRows]) -> tuple[Chunk, ...]:
    """All chunks, row by row; raises ValueError where they are not those that the index was built from."""
    by_id: Mapping[str, Plan] = {plan.plan_id: plan for plan in plans}
    chunks: list[Chunk] = []
    for part in rows:
        if part.plan_id not in by_id:
            raise ValueError(f"the plan {part.plan_id} is missing")
        own = chunk_plans([by_id[part.plan_id]])
        if chunks_digest(own) != part.chunks_digest:
            raise ValueError("its plans are not the ones that it was built from")
        chunks.extend(own)
    return tuple(chunks)


@dataclass(frozen=True, slots=True)
class Change:
    """What a new index has that the one before has not, and the other way round."""

    rows: tuple[PlanRows, ...]
    """The plans that stay, in the order of their rows, and then the new ones."""
    new: tuple[tuple[Plan, tuple[Chunk, ...]], ...]
    """The new plans with their chunks, in the order of their rows."""
    gone: tuple[range, ...]
    """The rows of the index before that go, plan by plan, also of plans that come back changed."""

    @property
    def n_chunks(self) -> int:
        """How many rows there will be."""
        return sum(part.n_chunks for part in self.rows)


def compare(plans: Sequence[Plan], old: Sequence[PlanRows]) -> Change:
    """What has to be done to an index with the rows ``old`` so that it is one of ``plans``."""
    digests = {plan.plan_id: corpus_digest([plan]) for plan in plans}
    kept = [part for part in old if digests.get(part.plan_id) == part.plan_digest]
    held = {part.plan_id for part in kept}
    new: list[tuple[Plan, tuple[Chunk, ...]]] = []
    rows = list(kept)
    for plan in plans:
        if plan.plan_id not in held:
            chunks = chunk_plans([plan])
            new.append((plan, chunks))
            rows.append(PlanRows(plan.plan_id, digests[plan.plan_id], len(chunks), chunks_digest(chunks)))
    gone: list[range] = []
    first = 0
    for part in old:
        if part.plan_id not in held:
            gone.append(range(first, first + part.n_chunks))
        first += part.n_chunks
    return Change(tuple(rows), tuple(new), tuple(gone))
