"""A corpus directory: one file a plan, named by its content, and a manifest that says which of them count.

A reader sees the old corpus or the new one, never a part: plan files are written beside the old ones, then
the manifest is swapped in, and only then the files that nothing names any more go.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from corpus.plan import Plan
from corpus.plan_json import plan_from_json, plan_to_json

MANIFEST_NAME: Final = "corpus.json"
_SCHEMA: Final = 1
_FOLDER: Final = "plans"


class CorpusDamagedError(RuntimeError):
    """A corpus directory whose manifest or plans cannot be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest says of a plan: enough to find it again without reading it."""

    plan_id: str
    name: str
    """The plan's file, named by its content."""
    file: str
    part: int
    sha256: str
    title: str
    inputs: str = ""
    """Digest of all that went into the plan besides the file itself."""


def canonical(plan: Plan) -> bytes:
    """A plan as bytes; equal plans give equal bytes."""
    data = plan_to_json(plan)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_manifest(directory: Path) -> tuple[Entry, ...]:
    """The entries of a corpus, sorted by plan id; none where nothing was saved there yet.

    :raises CorpusDamagedError: where the manifest cannot be read.
    """
    path = directory / MANIFEST_NAME
    if not path.exists():
        return ()
    try:
        manifest = json.loads(path.read_text("utf-8"))
        schema = manifest["schema"]
        entries = [Entry(**entry) for entry in manifest["plans"]] if schema == _SCHEMA else []
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusDamagedError(f"{path} is no corpus manifest ({error}); ingest the plans again") from error
    if schema != _SCHEMA:
        raise CorpusDamagedError(f"{path} has schema {schema}, wanted {_SCHEMA}; ingest the plans again")
    return tuple(sorted(entries, key=lambda entry: entry.plan_id))


def read_plan(directory: Path, entry: Entry) -> Plan:
    """Read one plan of a corpus.

    :raises CorpusDamagedError: where its file is missing or is not the one the manifest names.
    """
    path = directory / _FOLDER / entry.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusDamagedError(f"{path} is missing ({error.strerror}); ingest the plan again") from error
    if f"{entry.plan_id}.{_digest(data)}.json" != entry.name:
        raise CorpusDamagedError(f"{path} was changed after it was saved; ingest the plan again")
    try:
        fields: dict[str, Any] = json.loads(data)
        return plan_from_json(fields)
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusDamagedError(f"{path} holds no plan ({error}); ingest the plan again") from error


def write_plan(directory: Path, plan: Plan, inputs: str = "", earlier: Path | None = None) -> Entry:
    """Write a plan's file; it belongs to the corpus only once the manifest names it.

    Where the corpus ``earlier`` has the very same file, that is given a second name.
    """
    folder = directory / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    data = canonical(plan)
    name = f"{plan.plan_id}.{_digest(data)}.json"
    known = None if earlier is None else earlier / _FOLDER / name
    if not (folder / name).exists() and not _link_if_same(known, folder / name, data):
        write_atomically(folder / name, data)
    source = plan.source
    return Entry(plan.plan_id, name, source.file, source.part, source.sha256, plan.title, inputs)


def swap_manifest(directory: Path, entries: Iterable[Entry]) -> None:
    """Make ``entries`` the corpus, and remove the files that it does not name.

    :raises ValueError: where two entries have the same plan id.
    """
    ordered = sorted(entries, key=lambda entry: entry.plan_id)
    ids = [entry.plan_id for entry in ordered]
    doubled = {plan_id for plan_id in ids if ids.count(plan_id) > 1} if len(set(ids)) < len(ids) else set()
    if doubled:
        raise ValueError(f"several plans have the id {sorted(doubled)[0]}; give them departments")
    folder = directory / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"schema": _SCHEMA, "plans": [asdict(entry) for entry in ordered]}
    write_atomically(directory / MANIFEST_NAME, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    named = {entry.name for entry in ordered}
    for path in folder.iterdir():
        if path.name not in named:
            path.unlink()


def load_plans(directory: Path) -> tuple[Plan, ...]:
    """Read the plans of a corpus directory, sorted by plan id; none where nothing was saved there yet.

    :raises CorpusDamagedError: where a file is missing or is not the one the manifest names.
    """
    return tuple(read_plan(directory, entry) for entry in read_manifest(directory))


def save_plans(plans: Iterable[Plan], directory: Path, earlier: Path | None = None) -> None:
    """Make ``plans`` the whole corpus of ``directory``; what the corpus ``earlier`` has is not written again.

    :raises ValueError: where two plans have the same id.
    """
    swap_manifest(directory, [write_plan(directory, plan, earlier=earlier) for plan in plans])


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    Path(temporary).replace(path)


def _link_if_same(known: Path | None, path: Path, data: bytes) -> bool:
    """Give the known file a second name where it holds just this; False where that is not so."""
    try:
        if known is None or known.read_bytes() != data:
            return False
        path.hardlink_to(known)
    except OSError:  # it is not there, or the file system has no second names
        return False
    return True


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
