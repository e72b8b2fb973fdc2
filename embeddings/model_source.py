"""What every source of models shares: progress, refusals, and files checked by size and digest."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Protocol

from embeddings.model_spec import ModelFile, ModelSpec

Stage = Literal["terms", "waiting", "source", "fetch", "unpack", "verify", "skipped", "refused", "ready"]

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class PullStatus:
    """One step of a pull, in words and numbers.

    A new ``(stage, source, part)`` is worth a line where there is no terminal; on a terminal
    ``done_bytes`` of ``total_bytes`` is a bar. ``total_bytes`` is 0 where there is nothing to count.
    """

    model: str
    stage: Stage
    message: str
    source: str = ""
    """Which source is being tried; empty outside of one."""
    done_bytes: int = 0
    total_bytes: int = 0
    part: int = 0
    """From 1; 0 where the source does not deliver in parts."""
    n_parts: int = 0


PullProgress = Callable[[PullStatus], None]
"""Called often while a model is fetched; must return quickly."""


class SourceFailed(RuntimeError):
    """A source does not have the model, or cannot be reached; the next one may."""


class DigestMismatch(SourceFailed):
    """A source gave a file that is not the one the catalog pins."""


class ModelUnavailable(RuntimeError):
    """No source has the model; the message says what each one answered and what can be done."""


class ModelDamaged(ValueError):
    """A model on this machine is not what the catalog pins."""


class ModelSource(Protocol):
    """Somewhere that models come from."""

    @property
    def name(self) -> str:
        """What to call it in messages."""
        ...

    def needed_bytes(self, spec: ModelSpec, staging: Path) -> int:
        """How much free disk a fetch still needs below ``staging``."""
        ...

    def fetch(self, spec: ModelSpec, staging: Path, progress: PullProgress) -> None:
        """Put every file of the model into ``staging / FILES``, each one checked.

        What was fetched before an interruption is found in ``staging`` and not fetched again. Raises
        :class:`SourceFailed` where the source does not have the model, or has something else.
        """
        ...


FILES = "files"
"""The folder in a staging folder where checked files gather."""


def staged_path(staging: Path, file: ModelFile) -> Path:
    """Where a checked file of the model waits to be moved into place."""
    return staging.joinpath(FILES, *file.path.split("/"))


def missing_files(spec: ModelSpec, staging: Path) -> list[ModelFile]:
    """The files that are not staged yet. Only checked files are ever given their staged names."""
    return [file for file in spec.files if not _has_size(staged_path(staging, file), file.size)]


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def copy_checked(
    stream: IO[bytes], target: Path, file: ModelFile, count: Callable[[int], None] | None = None
) -> None:
    """Write ``stream`` to ``target``, which appears whole and checked, or not at all.

    Reads at most one block more than the file may have, whatever the stream offers.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    digest = hashlib.sha256()
    size = 0
    try:
        with partial.open("wb") as out:
            while size <= file.size and (block := stream.read(_BLOCK)):
                out.write(block)
                digest.update(block)
                size += len(block)
                if count is not None:
                    count(len(block))
            out.flush()
            os.fsync(out.fileno())
        require_match(file, size, digest.hexdigest())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def require_match(file: ModelFile, size: int, sha256: str) -> None:
    """Refuse what is not the pinned file, saying what was found and wanted."""
    if size != file.size:
        found = f"more than {file.size:,}" if size > file.size else f"{size:,}"
        raise DigestMismatch(f"{file.path} has {found} bytes; wanted {file.size:,}")
    if sha256 != file.sha256:
        raise DigestMismatch(f"{file.path} has SHA-256 {sha256}; wanted {file.sha256}")


def file_sha256(path: Path, count: Callable[[int], None] | None = None) -> str:
    """The digest of a file on disk."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            if count is not None:
                count(len(block))
    return digest.hexdigest()


def check_free_disk(folder: Path, needed: int, what: str) -> None:
    """Refuse to start what cannot be finished."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OSError(
            f"Not enough room for {what}: {folder} has {free / 1e9:.1f} GB free, "
            f"{needed / 1e9:.1f} GB are needed. Free some disk, or choose another folder for models."
        )
