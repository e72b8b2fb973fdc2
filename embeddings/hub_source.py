"""Models from the model hub, at a pinned commit, with the hub's standard client."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import huggingface_hub as client
from huggingface_hub.file_download import http_get
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

_UNFINISHED = "hub"


class HubSource:
    """Takes what the client's cache holds without asking anybody, and fetches the rest.

    The hub is asked once whether it answers, for ``timeout_s`` at most: the client left to itself would try
    for half a minute. Files are written below the staging folder and not into the cache, because the cache
    drops what an interruption left unfinished, and 1.2 GB are too much to begin again.
    ``endpoint`` is another hub with the same interface (a mirror); ``cache_dir`` another cache.
    """

    name = "model hub"

    def __init__(
        self, endpoint: str | None = None, cache_dir: Path | None = None, timeout_s: float = 4.0
    ) -> None:
        self._endpoint = endpoint
        self._cache_dir = cache_dir
        self._timeout_s = timeout_s

    def needed_bytes(self, spec: ModelSpec, staging: Path) -> int:
        """What is not staged yet, less what an interrupted fetch left."""
        if spec.hub is None:
            return 0
        begun = sum(path.stat().st_size for path in (staging / _UNFINISHED).rglob("*") if path.is_file())
        return sum(file.size for file in missing_files(spec, staging)) - begun

    def fetch(self, spec: ModelSpec, staging: Path, progress: PullProgress) -> None:
        """Stage every file, from the client's cache where it is there, else from the hub."""
        if spec.hub is None:
            raise SourceFailed("it does not offer this model")
        for file in missing_files(spec, staging):
            self._stage_cached(spec.hub, file, staging)
        todo = missing_files(spec, staging)
        done = spec.size - sum(file.size for file in todo)
        for file in todo:
            report = _FileReport(spec, file, done, progress)
            self._download(spec.hub, file, staging, report)
            done += file.size

    def _stage_cached(self, hub: HubRepository, file: ModelFile, staging: Path) -> None:
        found = client.try_to_load_from_cache(
            hub.repo_id, file.path, cache_dir=self._cache_dir, revision=hub.revision
        )
        if not isinstance(found, str):
            return
        try:
            _link_checked(Path(found), file, staged_path(staging, file))
        except DigestMismatch:
            return  # a wrong file in somebody's cache is not ours to mend; the hub has a right one

    def _download(self, hub: HubRepository, file: ModelFile, staging: Path, report: _FileReport) -> None:
        """Fetch one file, from where an interrupted fetch stopped, and check it."""
        partial = staging.joinpath(_UNFINISHED, *file.path.split("/"))
        partial.parent.mkdir(parents=True, exist_ok=True)
        try:
            url, headers = self._locate(hub, file)
            with partial.open("r+b" if partial.exists() else "w+b") as out:
                begun = out.seek(0, os.SEEK_END)
                if begun > file.size:
                    begun = out.truncate(out.seek(0))
                http_get(
                    url,
                    out,
                    resume_size=begun,
                    headers=headers,
                    expected_size=file.size,
                    tqdm_class=_bar_class(report),
                )
        except SourceFailed:
            raise
        except Exception as error:  # the client lets its HTTP library's errors through, whichever it uses
            raise SourceFailed(f"{file.path}: {_reason(error)}") from error
        try:
            require_match(file, partial.stat().st_size, file_sha256(partial))
        except DigestMismatch:
            partial.unlink()
            raise
        target = staged_path(staging, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.replace(target)

    def _locate(self, hub: HubRepository, file: ModelFile) -> tuple[str, dict[str, str]]:
        """Where the hub says the file's bytes are, and what to send along."""
        url = client.hf_hub_url(hub.repo_id, file.path, revision=hub.revision, endpoint=self._endpoint)
        facts = client.get_hf_file_metadata(url, timeout=self._timeout_s, endpoint=self._endpoint)
        if facts.size is not None and facts.size != file.size:
            raise DigestMismatch(f"{file.path} has {facts.size:,} bytes; wanted {file.size:,}")
        headers = client.utils.build_hf_headers()  # type: ignore[attr-defined]  # documented, not in __all__
        if urlsplit(facts.location).netloc != urlsplit(url).netloc:
            # The bytes lie with a third party, which the user's token is not for.
            headers.pop("authorization", None)
        return facts.location, headers


class _FileReport:
    """Turns bytes of one file into the progress of the whole model."""

    def __init__(self, spec: ModelSpec, file: ModelFile, start: int, progress: PullProgress) -> None:
        self._spec = spec
        self._file = file
        self._start = start
        self._fetched = 0
        self._progress = progress
        self.add(0)

    def add(self, n_bytes: int) -> None:
        self._fetched = min(max(self._fetched + n_bytes, 0), self._file.size)
        done = self._start + self._fetched
        self._progress(
            PullStatus(self._spec.name, "fetch", self._file.path, HubSource.name, done, self._spec.size)
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


def _link_checked(found: Path, file: ModelFile, target: Path) -> None:
    """Check a file of the client's cache and give it its staged name, as a link where the disk allows."""
    real = found.resolve()
    require_match(file, real.stat().st_size, file_sha256(real))
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
