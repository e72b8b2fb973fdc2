"""What ingestion tells about each file and each plan."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from corpus.plan import DroppedBlock, Plan

PlanStatus = Literal["added", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What ingestion did with one plan."""

    record: dict[str, Any]
    """As ``GET /v1/plans`` lists it."""
    status: PlanStatus
    added: tuple[str, ...] = ()
    """Ids of the items that are new in the plan."""
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    dropped: tuple[DroppedBlock, ...] = ()
    flagged: tuple[str, ...] = ()
    """Ids of the items that read as an instruction to a model."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What ingestion did with one file."""

    file: str
    status: Literal["read", "unchanged", "refused", "skipped"]
    reason: str = ""
    """Why the file was refused or skipped."""
    plans: tuple[PlanReport, ...] = ()
    warnings: tuple[str, ...] = ()
    dropped: tuple[DroppedBlock, ...] = ()
    """What belongs to the file but to none of its plans."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What ingestion did."""

    files: tuple[FileReport, ...]
    warnings: tuple[str, ...] = ()

    @property
    def refused(self) -> tuple[FileReport, ...]:
        """The files that could not be read."""
        return tuple(file for file in self.files if file.status == "refused")

    @property
    def changed(self) -> bool:
        """Whether the corpus holds other plans than before."""
        return any(plan.status != "unchanged" for file in self.files for plan in file.plans)

    def to_json(self) -> list[dict[str, Any]]:
        """One record a plan with ``file``, ``status`` and ``warnings``; a row for a file without plans."""
        return [row for file in self.files for row in (_rows_of(file) or [_row_of(file)])]


def _row_of(file: FileReport) -> dict[str, Any]:
    return {"file": file.file, "status": file.status, "reason": file.reason, "warnings": list(file.warnings)}


def _rows_of(file: FileReport) -> list[dict[str, Any]]:
    return [
        {
            **plan.record,
            "file": file.file,
            "status": plan.status,
            "warnings": [*file.warnings, *plan.warnings],
            "added": list(plan.added),
            "changed": list(plan.changed),
            "removed": list(plan.removed),
            "flagged": list(plan.flagged),
            "dropped": [asdict(block) for block in (*file.dropped, *plan.dropped)],
        }
        for plan in file.plans
    ]


def compare(old: Plan | None, new: Plan) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Ids of the parts that were added, changed and removed between two readings of a plan.

    Parts are matched by their number, so that a new plan id alone changes none of them.
    """
    before = {} if old is None else {_number(part.item_id): part for part in old.parts()}
    after = {_number(part.item_id): part for part in new.parts()}
    added = tuple(part.item_id for number, part in after.items() if number not in before)
    changed = tuple(
        part.item_id
        for number, part in after.items()
        if number in before and before[number].text != part.text
    )
    removed = tuple(part.item_id for number, part in before.items() if number not in after)
    return added, changed, removed


def _number(item_id: str) -> str:
    return item_id.partition("#")[2]
