"""Figures that others published or measured, each with where it comes from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("published.toml")


@dataclass(frozen=True, slots=True)
class Published:
    """What others reached on a set, by one measure."""

    system: str
    values: tuple[float, ...]
    source: str
    compares: str
    """How far it can be laid beside a figure of ours."""

    def __str__(self) -> str:
        values = " / ".join(f"{value:.3f}" for value in self.values)
        return f"{self.system}: {values} ({self.compares}; {self.source})"


def published_figures(file: Path = _FILE) -> dict[tuple[str, str], Published]:
    """The figures by set and measure.

    :raises ValueError: where an entry lacks a field, its source above all.
    """
    figures: dict[tuple[str, str], Published] = {}
    for entry in tomllib.loads(file.read_text(encoding="utf-8")).get("figure", []):
        try:
            values = entry["value"] if isinstance(entry["value"], list) else [entry["value"]]
            figures[entry["set"], entry["measure"]] = Published(
                entry["system"], tuple(float(value) for value in values), entry["source"], entry["compares"]
            )
        except KeyError as error:
            raise ValueError(f"{file}: an entry has no {error}; every figure needs its source") from error
    return figures
