"""Sets of plans: the sample plans, a corpus directory, their digest and their public records."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from corpus.parse import parse_file
from corpus.plan import Plan
from corpus.plan_json import plan_from_json, plan_to_json
from corpus.sources import SAMPLE_DIR, RecordedFile, read_sources

MANIFEST_NAME: Final = "corpus.json"
_SCHEMA: Final = 1


class CorpusDamagedError(RuntimeError):
    """A corpus directory whose manifest or plans cannot be read."""


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


def load_plans(directory: Path) -> tuple[Plan, ...]:
    """Read the plans of a corpus directory, sorted by plan id; none where nothing was saved there yet.

    :raises CorpusDamagedError: where a file is missing or is not the one the manifest names.
    """
    plans = [_read_plan(directory / "plans" / name) for name in read_manifest(directory)]
    return tuple(sorted(plans, key=lambda plan: plan.plan_id))


def read_manifest(directory: Path) -> tuple[str, ...]:
    """The names of the plan files that make up the corpus, sorted."""
    path = directory / MANIFEST_NAME
    if not path.exists():
        return ()
    try:
        manifest = json.loads(path.read_text("utf-8"))
        schema, names = manifest["schema"], manifest["plans"]
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusDamagedError(f"{path} is no corpus manifest ({error}); ingest the plans again") from error
    if schema != _SCHEMA:
        raise CorpusDamagedError(f"{path} has schema {schema}, wanted {_SCHEMA}; ingest the plans again")
    return tuple(sorted(names))


def _read_plan(path: Path) -> Plan:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusDamagedError(f"{path} is missing ({error}); ingest the plan again") from error
    if _file_digest(data) != path.name.rpartition(".")[0].rpartition(".")[2]:
        raise CorpusDamagedError(f"{path} was changed after it was saved; ingest the plan again")
    try:
        return plan_from_json(json.loads(data))
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusDamagedError(f"{path} holds no plan ({error}); ingest the plan again") from error


def save_plans(plans: Iterable[Plan], directory: Path) -> None:
    """Make ``plans`` the corpus of ``directory``.

    A reader sees the old corpus or the new one, never a part: plan files are written beside the old ones,
    then the manifest that names them is swapped in, and only then the old files go.
    """
    folder = directory / "plans"
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for plan in plans:
        data = _canonical(plan)
        name = f"{plan.plan_id}.{_file_digest(data)}.json"
        names.append(name)
        if not (folder / name).exists():
            _write_atomically(folder / name, data)
    if len(names) != len({name.split(".")[0] for name in names}):
        raise ValueError("two plans have the same id; give one of them a department")
    manifest = json.dumps({"schema": _SCHEMA, "plans": sorted(names)}, indent=1).encode()
    _write_atomically(directory / MANIFEST_NAME, manifest)
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink()


def _canonical(plan: Plan) -> bytes:
    return json.dumps(plan_to_json(plan), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _file_digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _write_atomically(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    Path(temporary).replace(path)


def corpus_digest(plans: Sequence[Plan]) -> str:
    """One digest over everything that is known of the plans, whatever order they come in."""
    digest = hashlib.sha256()
    for data in sorted(_canonical(plan) for plan in plans):
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
        "source": {"file": plan.source.file, "part": plan.source.part, "sha256": plan.source.sha256,
                   "origin": plan.source.origin, "url": plan.source.url},
    }  # fmt: skip
