"""A plan file to plans."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.compose import compose
from corpus.furniture import HiddenBreak, strip_furniture
from corpus.head import Framed, frame, split_parts
from corpus.identity import Identity
from corpus.lines import Line, split_lines, strip_hidden
from corpus.outline import build_outline, join_broken
from corpus.plan import DroppedBlock, Plan, Source


class PlanParseError(ValueError):
    """A file that cannot be read as a plan."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What came of one file."""

    path: Path
    sha256: str
    plans: tuple[Plan, ...]
    dropped: tuple[DroppedBlock, ...] = ()
    """What belongs to the file but to none of its plans."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What is on record about a file: its origin, and each part's identity by its place, from 1."""

    origin: str
    identities: Mapping[int, Identity]


def parse_file(path: Path, known: KnownFile | None = None) -> ParsedFile:
    """Read a plan file.

    :param known: what is on record about this file; it goes before what the text lets infer.
    :raises PlanParseError: where the file cannot be read as text or holds none.
    """
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanParseError(path, f"not UTF-8 text (byte {error.start})") from error
    return parse_text(text, path, digest, known)


def parse_text(text: str, path: Path, digest: str, known: KnownFile | None = None) -> ParsedFile:
    """Read the plans out of a file's ``text``."""
    visible, n_hidden = strip_hidden(text)
    lines = split_lines(visible)
    if not lines:
        raise PlanParseError(path, "the file holds no text")
    warnings = [f"{n_hidden} hidden characters were taken out"] if n_hidden else []
    kept, dropped, breaks = strip_furniture(lines)
    before, parts = split_parts(kept)
    page = [*dropped, *(DroppedBlock(line.text, "page introduction", line.number) for line in before)]
    plans = []
    for place, part in enumerate(parts, start=1):
        framed = frame(part)
        number = place if len(parts) > 1 else 0
        identity = known.identities.get(place) if known else None
        source = Source(path.name, digest, origin=known.origin if known else "", part=number)
        own = _within(page, part, parts, place)
        plans.append(_plan_of(framed, breaks, identity, source, own))
    claimed = {(block.line, block.text) for plan in plans for block in plan.dropped}
    loose = tuple(block for block in page if (block.line, block.text) not in claimed)
    return ParsedFile(path, digest, tuple(plans), loose, tuple(warnings))


def _within(
    page: list[DroppedBlock], part: list[Line], parts: list[list[Line]], place: int
) -> list[DroppedBlock]:
    """The dropped blocks of the page that stand in this part; those around the only part are its own."""
    if len(parts) == 1:
        return page
    first = part[0].number
    last = parts[place][0].number if place < len(parts) else None
    return [block for block in page if block.line >= first and (last is None or block.line < last)]


def _plan_of(
    framed: Framed,
    breaks: list[HiddenBreak],
    identity: Identity | None,
    source: Source,
    page: list[DroppedBlock],
) -> Plan:
    known = identity or Identity(plan_id=source.file.rpartition(".")[0] or source.file)
    outline = build_outline(join_broken(framed.lines), breaks)
    body = compose(outline, known.plan_id)
    return Plan(
        plan_id=known.plan_id,
        title=known.title or framed.title,
        city=known.city,
        city_source=known.city_source,
        year=known.year,
        year_source=known.year_source,
        department=known.department,
        text=body.text,
        items=tuple(body.items),
        sections=tuple(body.sections),
        source=source,
        preamble=body.preamble,
        intros=tuple(body.intros),
        gaps=tuple(body.gaps),
        levels=body.levels,
        city_evidence=known.city_evidence,
        year_evidence=known.year_evidence,
        city_confidence=known.city_confidence,
        dropped=tuple(sorted([*page, *framed.dropped], key=lambda block: block.line)),
        warnings=tuple(outline.warnings),
        metadata=framed.metadata,
    )
