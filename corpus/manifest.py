"""The table that a user gives with a folder of plans: what each file is of, and where it came from."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from corpus.encoding import UndecodableError, decode
from corpus.restate import Stated

_NAMES: Final = {
    "file": "file", "文件": "file", "文件名": "file", "path": "file", "part": "part", "篇": "part",
    "city": "city", "城市": "city", "地区": "city", "year": "year", "年份": "year", "年度": "year",
    "department": "department", "部门": "department", "单位": "department", "title": "title", "标题": "title",
    "url": "url", "网址": "url", "链接": "url", "date": "date", "日期": "date",
}  # fmt: skip


class ManifestError(ValueError):
    """A manifest that cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is stated about files, by name and part."""

    rows: Mapping[tuple[str, int], Stated]
    warnings: tuple[str, ...] = ()

    def about(self, file: str, part: int) -> Stated:
        """What is stated about a part of a file; a row with the file's bare name counts too."""
        bare = PurePosixPath(file).name
        for key in ((file, part), (bare, part), (file, 0), (bare, 0)):
            if key in self.rows:
                return self.rows[key]
        return Stated()


def read_manifest_table(path: Path) -> Manifest:
    """Read a manifest csv with a header line; only ``file`` is required.

    :raises ManifestError: where the table or one of its rows cannot be used.
    """
    try:
        text, _ = decode(path.read_bytes())
    except OSError as error:
        raise ManifestError(f"{path} cannot be opened ({error.strerror})") from error
    except UndecodableError as error:
        raise ManifestError(f"{path} cannot be decoded: {error}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    columns = [(name or "").strip() for name in reader.fieldnames or ()]
    reader.fieldnames = columns
    if "file" not in {_NAMES.get(name.lower()) for name in columns}:
        raise ManifestError(f"{path} has the columns {', '.join(columns) or '(none)'}; wanted one named file")
    unknown = [name for name in columns if name.lower() not in _NAMES]
    warnings = [f"{path.name}: the column {name} is not read" for name in unknown]
    rows: dict[tuple[str, int], Stated] = {}
    for number, raw in enumerate(reader, start=2):
        fields = {_NAMES[key.lower()]: (value or "").strip() for key, value in raw.items()
                  if isinstance(key, str) and key.lower() in _NAMES and isinstance(value, str)}  # fmt: skip
        key, stated = _row(path, number, fields)
        if key in rows and rows[key] != stated:
            raise ManifestError(f"{path} line {number}: {key[0]} has another row that says otherwise")
        rows[key] = stated
    return Manifest(rows, tuple(warnings))


def _row(path: Path, number: int, fields: Mapping[str, str]) -> tuple[tuple[str, int], Stated]:
    file = fields.get("file", "").replace("\\", "/").removeprefix("./")
    if not file:
        raise ManifestError(f"{path} line {number} names no file")
    year, part = fields.get("year", ""), fields.get("part", "")
    if year and not (year.isdecimal() and 1900 <= int(year) <= 2200):
        raise ManifestError(f"{path} line {number}: the year is {year!r}; wanted four digits")
    if part and not part.isdecimal():
        raise ManifestError(f"{path} line {number}: the part is {part!r}; wanted a number")
    stated = Stated(
        fields.get("city") or None, int(year) if year else None, fields.get("department") or None,
        fields.get("title") or None, fields.get("url") or None, fields.get("date") or None,
    )  # fmt: skip
    return (file, int(part) if part else 0), stated
