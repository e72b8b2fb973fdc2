"""A plan file to plans."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpus.compose import compose
from corpus.document import DEFAULT_LIMITS, Document, DocumentRefused, Limits
from corpus.formats import read_document
from corpus.furniture import HiddenBreak, strip_furniture
from corpus.head import Framed, frame, split_parts
from corpus.identity import Identity, identify
from corpus.layout import repair
from corpus.lines import Line
from corpus.outline import build_outline
from corpus.plan import DroppedBlock, Plan, Source
from corpus.suspicion import flag_instructions

_SENDS_OUT: Final = re.compile(r"(?:现将?|現將?).{0,60}(?:印发|印發|发给|發給|下发)")


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


def parse_file(path: Path, known: KnownFile | None = None, limits: Limits = DEFAULT_LIMITS) -> ParsedFile:
    """Read a plan file of any supported format.

    :param known: what is on record about this file; it goes before what the text lets infer.
    :raises PlanParseError: where the file is refused, cannot be read, or holds no text.
    """
    try:
        document = read_document(path, limits)
    except DocumentRefused as error:
        raise PlanParseError(path, error.reason) from error
    return parse_document(document, path, known)


def parse_document(document: Document, path: Path, known: KnownFile | None = None) -> ParsedFile:
    """Read the plans out of a document's lines."""
    warnings = list(document.warnings)
    kept, dropped, breaks = strip_furniture(repair(document.lines, document.wrapped))
    if not kept:
        raise PlanParseError(path, "the file holds no text")
    before, parts = split_parts(kept)
    page = [*document.dropped, *dropped]
    page += [DroppedBlock(line.text, "page introduction", line.number) for line in before]
    furniture = frozenset(block.line for block in dropped)
    plans = []
    for place, part in enumerate(parts, start=1):
        framed = frame(part, furniture)
        number = place if len(parts) > 1 else 0
        identity = known.identities.get(place) if known else None
        source = Source(
            path.name, document.sha256, document.encoding, known.origin if known else "", document.url, number
        )
        own = _within(page, part, parts, place)
        plans.append(_plan_of(framed, breaks, identity, source, own, document.title))
    if not any(plan.text for plan in plans):
        raise PlanParseError(path, "there is nothing in it but titles and what a page prints around a plan")
    claimed = {(block.line, block.text) for plan in plans for block in plan.dropped}
    loose = tuple(block for block in page if (block.line, block.text) not in claimed)
    return ParsedFile(path, document.sha256, tuple(plans), loose, tuple(warnings))


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
    page_title: str,
) -> Plan:
    known = identity or identify(framed, page_title)
    outline = build_outline(framed.lines, breaks)
    sends_out = any(_SENDS_OUT.search(line.text) for line in framed.lines[:6])
    body = compose(outline, known.plan_id, with_annex=sends_out)
    rules = [DroppedBlock(line.text, "table rule", line.number) for line in outline.rules]
    flagged = flag_instructions(body.parts())
    notes = [*outline.warnings, *flagged.values()]
    if not body.levels:
        notes.append("nothing in it is numbered; its paragraphs are its items")
    return Plan(
        plan_id=known.plan_id,
        title=known.title or framed.title or Path(source.file).stem,
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
        dropped=tuple(sorted([*page, *framed.dropped, *rules], key=lambda block: block.line)),
        warnings=(*known.warnings, *notes),
        flagged=tuple(flagged),
        metadata=framed.metadata,
    )
