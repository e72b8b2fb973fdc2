"""Models from the model hub: its standard client and cache, at a pinned commit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import huggingface_hub as client
from tqdm import tqdm

from embeddings.model_source import (
    DigestMismatch,
    PullProgress,
    PullStatus,
    SourceFailed,
    check_free_disk,
    copy_checked,
    file_sha256,
    missing_files,
    require_match,
    staged_path,
)
from embeddings.model_spec import HubRepository, ModelFile, ModelSpec


class HubSource:
    """Asks once whether the hub answers, for ``timeout_s`` at most, before anything is fetched.

    ``endpoint`` is another hub with the same interface (a mirror); ``cache_dir`` another cache than the
    client's own. A file that lies in the cache already is used without asking anybody.
    """

    name = "model hub"

    def __init__(
        self, endpoint: str | None = None, cache_dir: Path | None = None, timeout_s: float = 4.0
    ) -> None:
        self._endpoint = endpoint
        self._cache_dir = cache_dir
        self._timeout_s = timeout_s

    def needed_bytes(self, spec: ModelSpec, staging: Path) -> int:
        """What is not staged yet, once: the staged file shares its disk blocks with the client's cache."""
        return sum(file.size for file in missing_files(spec, staging)) if spec.hub is not None else 0

    def fetch(self, spec: ModelSpec, staging: Path, progress: PullProgress) -> None:
        """Stage every file, from the client's cache where it is there, else from the hub."""
        if spec.hub is None:
            raise SourceFailed("it does not offer this model")
        cached = self._stage_cached(spec, spec.hub, staging)
        todo = missing_files(spec, staging)
        if not todo:
            return
        self._require_answer(spec.hub, todo[0])
        # A file that is in the cache but is not the pinned one must be fetched anew, not offered again.
        done = spec.size - sum(file.size for file in todo)
        for file in todo:
            report = _FileReport(spec, file, done, progress)
            found = self._download(spec.hub, file, report, force=file in cached)
            _stage(found, file, staging)
            done += file.size

    def _stage_cached(self, spec: ModelSpec, hub: HubRepository, staging: Path) -> list[ModelFile]:
        """Stage the files that the cache holds; return those that it holds wrongly."""
        wrong: list[ModelFile] = []
        for file in missing_files(spec, staging):
            found = client.try_to_load_from_cache(
                hub.repo_id, file.path, cache_dir=self._cache_dir, revision=hub.revision
            )
            if not isinstance(found, str):
                continue
            try:
                _stage(Path(found), file, staging)
            except DigestMismatch:
                wrong.append(file)
        return wrong

    def _require_answer(self, hub: HubRepository, file: ModelFile) -> None:
        """Fail at once where the hub is out of reach: the client itself would try for half a minute."""
        url = client.hf_hub_url(hub.repo_id, file.path, revision=hub.revision, endpoint=self._endpoint)
        try:
            client.get_hf_file_metadata(url, timeout=self._timeout_s, endpoint=self._endpoint)
        except Exception as error:  # the client lets its HTTP library's errors through, whichever it uses
            raise SourceFailed(_reason(error)) from error

    def _download(self, hub: HubRepository, file: ModelFile, report: _FileReport, force: bool) -> Path:
        try:
            found = client.hf_hub_download(
                hub.repo_id,
                file.path,
                revision=hub.revision,
                cache_dir=self._cache_dir,
                endpoint=self._endpoint,
                etag_timeout=self._timeout_s,
                force_download=force,
                tqdm_class=_bar_class(report),
            )
        except Exception as error:  # as above: the next source is tried, and the reason is told
            raise SourceFailed(f"{file.path}: {_reason(error)}") from error
        return Path(found)


class _FileReport:
    """Turns bytes of one file into the progress of the whole model."""

    def __init__(self, spec: ModelSpec, file: ModelFile, start: int, progress: PullProgress) -> None:
        self._spec = spec
        self._file = file
        self._done = start
        self._limit = start + file.size
        self._progress = progress
        self.add(0)

    def add(self, n_bytes: int) -> None:
        self._done = min(self._done + n_bytes, self._limit)
        self._progress(
            PullStatus(self._spec.name, "fetch", self._file.path, HubSource.name, self._done, self._spec.size)
        )


def _bar_class(report: _FileReport) -> type[tqdm[Any]]:
    """A progress bar for the client that draws nothing and hands its numbers on."""

    class Bar(tqdm):  # type: ignore[type-arg]  # generic in the stubs alone, not when it runs
        def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - whatever the client passes
            initial = options.get("initial") or 0
            super().__init__(disable=True)
            self.n = initial
            report.add(int(initial))

        def update(self, n: float | None = 1) -> bool | None:
            report.add(int(n or 0))
            return None

    return Bar


def _stage(found: Path, file: ModelFile, staging: Path) -> None:
    """Check a file of the client's cache and give it its staged name, as a link where the disk allows."""
    real = found.resolve()
    require_match(file, real.stat().st_size, file_sha256(real))
    target = staged_path(staging, file)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(real, target)
    except OSError:  # another disk, or one without links: a second copy is the only way
        check_free_disk(target.parent, file.size, file.path)
        with real.open("rb") as stream:
            copy_checked(stream, target, file)


def _reason(error: Exception) -> str:
    """The first line of the client's error; the rest is advice about its own settings."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
