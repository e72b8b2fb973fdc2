"""Who wrote a plan and for which year, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.plan import Knowledge


@dataclass(frozen=True, slots=True)
class Identity:
    """A plan's city, year and department."""

    plan_id: str
    city: str = ""
    city_source: Knowledge = "unknown"
    year: int | None = None
    year_source: Knowledge = "unknown"
    department: str = ""
    city_evidence: tuple[str, ...] = ()
    year_evidence: tuple[str, ...] = ()
    city_confidence: float = 1.0
    title: str = ""
    """Replaces the printed title where it is not empty."""
