"""What one question gave: hits, answer, times. One line of a run's ``outcomes.jsonl``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from rag.records import Answer, Hit

N_HITS = 50
"""How many hits of the whole corpus are kept of each question: enough for recall@50."""
N_PLAN_HITS = 3
"""How many hits of each plan are kept of an enumerate question."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything needed to score a question and to see why it came out so."""

    question_id: str
    hits: tuple[tuple[str, float], ...] = ()
    """Item ids and scores, best first."""
    searched: bool = False
    """Whether a search was made; then no hits means that nothing was found."""
    plan_hits: dict[str, list[str]] = field(default_factory=dict)
    """For enumerate: the best items of each plan for itself, best first."""
    answer: dict[str, Any] | None = None
    """The answer as ``POST /v1/ask`` gives it; None where the system only searches."""
    error: str = ""
    """Why there is no answer although one was asked for."""
    wall_ms: float = 0.0
    search_ms: float = 0.0
    reached_ms: dict[str, float] = field(default_factory=dict)
    """When the first event of each kind came: evidence, verdict, delta, final."""
    memory_mb: float = 0.0
    """Resident memory of the process after the question."""

    def to_line(self) -> str:
        """One line of JSON, without a line break."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_line(cls, line: str) -> Outcome:
        """The outcome that :meth:`to_line` wrote. :raises ValueError: where it is not one."""
        data = json.loads(line)
        try:
            data["hits"] = tuple((str(item), float(score)) for item, score in data["hits"])
            return cls(**data)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not an outcome ({error}): {line[:80]}") from error

    @property
    def citations(self) -> list[dict[str, Any]]:
        """The answer's citations; none where there is no answer."""
        return list(self.answer["citations"]) if self.answer else []


def hit_pairs(hits: list[Hit]) -> tuple[tuple[str, float], ...]:
    """Item ids and scores, one for each item, best first; equal scores keep the order of the ranks."""
    best: dict[str, float] = {}
    for hit in sorted(hits, key=lambda hit: hit.rank):
        best.setdefault(hit.item_id, hit.score)
    return tuple(best.items())


def answer_record(answer: Answer | None) -> dict[str, Any] | None:
    """The answer as it goes over HTTP."""
    return None if answer is None else json.loads(json.dumps(asdict(answer), ensure_ascii=False))
