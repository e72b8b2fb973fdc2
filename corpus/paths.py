"""Which files a user's paths mean, and the names they go by in the corpus."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file and its name in the corpus: its place below the folder that was given."""

    path: Path
    name: str
    given: bool
    """Whether the user named the file itself, so that it must not be passed over."""


def find_files(paths: Sequence[Path]) -> tuple[NamedFile, ...]:
    """All files that ``paths`` mean, each once, folders in the order of their names.

    Hidden files are passed over; links below a folder are listed but never followed.
    """
    found = [named for path in paths for named in _below(path)]
    counts = Counter(named.name for named in found)
    unique: dict[Path, NamedFile] = {}
    for named in found:
        name = named.name if counts[named.name] == 1 else named.path.absolute().as_posix().lstrip("/")
        unique.setdefault(named.path.absolute(), NamedFile(named.path, name, named.given))
    return tuple(unique.values())


def _below(path: Path) -> Iterator[NamedFile]:
    if path.is_symlink() or not path.is_dir():
        yield NamedFile(path, path.name, given=True)
        return
    for folder, folders, names in os.walk(path, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                file = Path(folder) / name
                yield NamedFile(file, file.relative_to(path).as_posix(), given=False)
