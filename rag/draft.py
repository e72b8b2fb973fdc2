"""What a mode hands back: the words and claims of an answer, before the whole record is made."""

from __future__ import annotations

from dataclasses import dataclass

from rag.records import Claim, Figures, PlanVerdict, Status, Table


@dataclass(frozen=True, slots=True)
class Draft:
    """The mode's own part of an answer."""

    status: Status
    text: str
    claims: tuple[Claim, ...] = ()
    verdicts: tuple[PlanVerdict, ...] | None = None
    plans_checked: int = 0
    items_scored: int = 0
    warnings: tuple[str, ...] = ()
    table: Table | None = None
    figures: Figures | None = None
