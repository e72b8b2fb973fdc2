"""The record of the sample plans: origin, digest, city and year, and the words they are known from."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from corpus.identity import Identity
from corpus.parse import KnownFile

SAMPLE_DIR: Final = Path(__file__).parent / "plans"
"""Where the sample plans lie as they were received."""


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A sample file with its digest and what is known of the plans in it."""

    path: Path
    sha256: str
    known: KnownFile


def read_sources(directory: Path = SAMPLE_DIR) -> tuple[RecordedFile, ...]:
    """Read ``sources.toml`` of a directory of sample plans, one entry a file.

    :raises ValueError: where the record contradicts itself.
    """
    entries = tomllib.loads((directory / "sources.toml").read_text("utf-8"))["plan"]
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        by_file[entry["file"]].append(entry)
    return tuple(_recorded(directory / name, rows) for name, rows in sorted(by_file.items()))


def _recorded(path: Path, rows: list[dict[str, Any]]) -> RecordedFile:
    for name in ("sha256", "origin"):
        if len({row[name] for row in rows}) > 1:
            raise ValueError(f"{path.name} has several values of {name} in sources.toml; one file has one")
    identities = {row["part"]: _identity(row) for row in rows}
    return RecordedFile(path, rows[0]["sha256"], KnownFile(rows[0]["origin"], identities))


def _identity(row: dict[str, Any]) -> Identity:
    return Identity(
        plan_id=row["plan_id"],
        city=row["city"],
        city_source=row["city_source"],
        year=row["year"],
        year_source=row["year_source"],
        department=row["department"],
        city_evidence=tuple(row["city_evidence"]),
        year_evidence=tuple(row["year_evidence"]),
    )
