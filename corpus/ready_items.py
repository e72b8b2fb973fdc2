"""Files of ready items (jsonl): one item a line, grouped into plans by what each line says of its plan."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from corpus.compose import compose
from corpus.document import DocumentRefused, Limits
from corpus.encoding import UndecodableError, decode
from corpus.formats import read_bytes
from corpus.identity import plan_id_of
from corpus.lines import Line, split_lines, strip_hidden
from corpus.numbering import han_value
from corpus.outline_tree import Node, Outline
from corpus.parse import ParsedFile, PlanParseError
from corpus.plan import Plan, Source
from corpus.restate import short_city
from corpus.suspicion import flag_instructions

SUFFIX: Final = ".jsonl"
_WORDS: Final = ("plan_title", "city", "department", "url")
_FIELDS: Final = frozenset((*_WORDS, "year", "text", "number", "headings"))

_PlanKey = tuple[str, str, int | None, str, str]


def parse_ready_items(path: Path, limits: Limits) -> ParsedFile:
    """Read a jsonl file of items.

    A line holds ``text``, and where known ``number``, ``headings`` and, of the item's plan, ``plan_title``,
    ``city``, ``year``, ``department`` and ``url``.

    :raises PlanParseError: where the file or one of its lines cannot be read.
    """
    try:
        data = read_bytes(path, limits)
        text, encoding = decode(data)
    except (DocumentRefused, UndecodableError) as error:
        raise PlanParseError(path, str(error)) from error
    digest = hashlib.sha256(data).hexdigest()
    visible, n_hidden = strip_hidden(text)
    warnings = [f"{n_hidden} hidden characters were taken out"] if n_hidden else []
    groups: dict[_PlanKey, list[dict[str, Any]]] = {}
    unknown: set[str] = set()
    for line in split_lines(visible):
        row = _row(path, line)
        unknown |= set(row) - _FIELDS
        groups.setdefault(_plan_key(path, line, row), []).append(row)
    if not groups:
        raise PlanParseError(path, "the file holds no items")
    if unknown:
        warnings.append(f"these fields are not read: {', '.join(sorted(unknown))}")
    plans = []
    for place, (key, rows) in enumerate(groups.items(), start=1):
        source = Source(path.name, digest, encoding, url=key[4], part=place if len(groups) > 1 else 0)
        plans.append(_plan(key, rows, source))
    return ParsedFile(path, digest, tuple(plans), (), tuple(warnings))


def _row(path: Path, line: Line) -> dict[str, Any]:
    try:
        row = json.loads(line.text)
        json.dumps(row, ensure_ascii=False).encode()  # half a surrogate pair could not be stored
    except ValueError as error:
        raise PlanParseError(path, f"line {line.number} is no JSON ({error})") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not row["text"].strip():
        raise PlanParseError(path, f"line {line.number} has no text; wanted an object with a text")
    headings = row.get("headings", [])
    if not isinstance(headings, list) or not all(isinstance(name, str) and name.strip() for name in headings):
        raise PlanParseError(path, f"line {line.number}: headings must be a list of texts")
    return row


def _plan_key(path: Path, line: Line, row: Mapping[str, Any]) -> _PlanKey:
    try:
        year = int(row["year"]) if row.get("year") not in (None, "") else None
    except (TypeError, ValueError) as error:
        raise PlanParseError(path, f"line {line.number}: the year {row['year']!r} is no number") from error
    title, city, department, url = (
        str(row.get(key) or "").strip() for key in ("plan_title", "city", "department", "url")
    )
    return title, short_city(city), year, department, url


def _plan(key: _PlanKey, rows: list[dict[str, Any]], source: Source) -> Plan:
    title, city, year, department, _ = key
    root = Node("root", 0, "", None)
    for row in rows:
        _add(root, row)
    plan_id = plan_id_of(city, year, title or str(rows[0]["text"])[:200])
    body = compose(Outline(root, [], [], {}, []), plan_id)
    flagged = flag_instructions(body.parts())
    return Plan(
        plan_id=plan_id,
        title=title or Path(source.file).stem,
        city=city,
        city_source="stated" if city else "unknown",
        year=year,
        year_source="stated" if year else "unknown",
        department=department,
        text=body.text,
        items=tuple(body.items),
        sections=tuple(body.sections),
        source=source,
        levels=body.levels,
        flagged=tuple(flagged),
        warnings=tuple(flagged.values()),
    )


def _add(root: Node, row: Mapping[str, Any]) -> None:
    parent = root
    for heading in row.get("headings", []):
        name = " ".join(str(heading).split())
        last = parent.children[-1] if parent.children else None
        if last is None or last.style != "plain" or last.lines[0] != name:
            last = Node("plain", len(parent.children) + 1, "", parent, [name])
            parent.children.append(last)
        parent = last
    number = str(row.get("number") or "").strip()
    try:
        ordinal = han_value(number.strip("（）()、.． "))
    except ValueError:
        ordinal = 0
    style = "dec" if number and ordinal else "paragraph"
    text = [line.text for line in split_lines(str(row["text"]))]
    count = sum(1 for node in root.walk() if node.style == style) + 1
    parent.children.append(Node(style, ordinal or count, number, parent, text))
