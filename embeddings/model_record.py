"""Remembers which files were checked, so that a gigabyte is not read at every start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from embeddings.model_source import (
    DigestMismatch,
    ModelDamaged,
    PullProgress,
    PullStatus,
    file_sha256,
    require_match,
)
from embeddings.model_spec import ModelFile, ModelSpec

_SCHEMA = 1


class ModelRecords:
    """One small JSON file a model and place: digest, size and time of every file when it was checked."""

    def __init__(self, directory: Path) -> None:
        self._dir = directory

    def check(
        self,
        spec: ModelSpec,
        files: Mapping[ModelFile, Path],
        *,
        again: bool = False,
        progress: PullProgress | None = None,
    ) -> None:
        """Make sure that every file is the pinned one.

        Digests are computed where no record vouches for the files, or always with ``again``. Raises
        ``FileNotFoundError`` for a file that is not there and :class:`ModelDamaged` for a wrong one.
        """
        for file, path in files.items():
            if not path.is_file():
                raise FileNotFoundError(f"{spec.name} lacks {file.path}: no file at {path}.")
        if not again and self._vouched(spec, files):
            return
        done = 0
        for file, path in files.items():
            if progress is not None:
                progress(PullStatus(spec.name, "verify", file.path, "", done, spec.size))
            try:
                size = path.stat().st_size
                # A file of the wrong size needs no reading.
                require_match(file, size, file_sha256(path) if size == file.size else "")
            except DigestMismatch as error:
                self._path(spec, files).unlink(missing_ok=True)
                raise ModelDamaged(
                    f"{spec.name} at {path} is not the pinned model: {error}. "
                    "Run `planqa models pull` to replace it, or give the path of a right copy."
                ) from error
            done += file.size
        self.write(spec, files)

    def write(self, spec: ModelSpec, files: Mapping[ModelFile, Path]) -> None:
        """Record files that have just been checked."""
        record = {"schema": _SCHEMA, "model": spec.name, "files": _facts(files)}
        path = self._path(spec, files)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partial")
        partial.write_text(json.dumps(record, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        partial.replace(path)

    def _vouched(self, spec: ModelSpec, files: Mapping[ModelFile, Path]) -> bool:
        try:
            record = json.loads(self._path(spec, files).read_text(encoding="utf-8"))
            return bool(record["schema"] == _SCHEMA and record["files"] == _facts(files))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return False  # no record, or an unreadable one: the files are checked again

    def _path(self, spec: ModelSpec, files: Mapping[ModelFile, Path]) -> Path:
        places = "\0".join(str(path.absolute()) for path in files.values())
        return self._dir / f"{spec.name}-{hashlib.sha256(places.encode()).hexdigest()[:12]}.json"


def _facts(files: Mapping[ModelFile, Path]) -> dict[str, dict[str, int | str]]:
    """What a checked file looked like; a changed file differs in its time, if not in its size."""
    facts: dict[str, dict[str, int | str]] = {}
    for file, path in files.items():
        stat = path.stat()
        facts[file.path] = {"sha256": file.sha256, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    return facts
