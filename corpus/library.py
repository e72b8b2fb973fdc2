"""Sets of plans: the sample plans, a corpus directory, their digest and their public records."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.parse import parse_file
from corpus.plan import Plan
from corpus.sources import SAMPLE_DIR, RecordedFile, read_sources
from corpus.store import CorpusDamagedError, canonical, load_plans, save_plans

__all__ = ["CorpusDamagedError", "corpus_digest", "load_plans", "load_sample_plans", "record", "save_plans"]


def load_sample_plans(directory: Path = SAMPLE_DIR) -> tuple[Plan, ...]:
    """Parse the sample plans, sorted by plan id.

    :raises CorpusDamagedError: where a file or a quoted piece of evidence is not what the record says.
    """
    plans: list[Plan] = []
    for recorded in read_sources(directory):
        plans.extend(_parse_recorded(recorded))
    return tuple(sorted(plans, key=lambda plan: plan.plan_id))


def _parse_recorded(recorded: RecordedFile) -> tuple[Plan, ...]:
    parsed = parse_file(recorded.path, recorded.known)
    if parsed.sha256 != recorded.sha256:
        raise CorpusDamagedError(
            f"{recorded.path} has sha256 {parsed.sha256}, recorded is {recorded.sha256}; fetch the file again"
        )
    for plan in parsed.plans:
        for words in (*plan.city_evidence, *plan.year_evidence):
            if words not in plan.text and words not in plan.title:
                raise CorpusDamagedError(f"{plan.plan_id}: the evidence {words!r} does not stand in the plan")
    return parsed.plans


def corpus_digest(plans: Sequence[Plan]) -> str:
    """One digest over everything that is known of the plans, whatever order they come in."""
    digest = hashlib.sha256()
    for data in sorted(canonical(plan) for plan in plans):
        digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()


def record(plan: Plan) -> dict[str, Any]:
    """The public record of a plan, as ``GET /v1/plans`` lists it."""
    return {
        "plan_id": plan.plan_id,
        "title": plan.title,
        "city": plan.city,
        "city_source": plan.city_source,
        "year": plan.year,
        "department": plan.department,
        "sections": len(plan.sections),
        "items": len(plan.items),
        "sub_points": plan.n_sub_points,
        "levels": list(plan.levels),
        "gaps": [{"kind": g.kind, "first": g.first, "last": g.last, "reason": g.reason} for g in plan.gaps],
        "source": {
            "file": plan.source.file,
            "part": plan.source.part,
            "sha256": plan.source.sha256,
            "origin": plan.source.origin,
            "url": plan.source.url,
        },
    }
