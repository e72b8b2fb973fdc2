"""Who wrote a plan and for which year, and how that is known."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from corpus.department import find_department
from corpus.gazetteer import pinyin
from corpus.head import Framed
from corpus.lines import Line
from corpus.numbering import read_marker
from corpus.plan import Knowledge
from corpus.simplify import simplifier
from corpus.when import find_year
from corpus.who import find_place

_GLUED_TITLE: Final = re.compile(
    r"[^。；，,]{0,40}?(?:工作总结和[^。；，,]{0,20}计划|工作要点|工作计划|工作方案|实施方案|行动计划|工作报告|工作安排)(?:文稿|范文)?"
    r"(?=今年|去年|过去|为|20\d\d|各位|根据)"
)
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SESSION: Final = re.compile(r"日在.{2,40}(?:会议|大会|會議)")
_NUMBERED: Final = re.compile(r"[〔\[［【（(]\s?(?:19|20)\d{2}\s?[〕\]］】）)]\s?\d+\s?号")
_NO_PLAN: Final = re.compile(r"公报|通报|新闻稿|述职|统计数据")
_LEAD_LINES: Final = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """A plan's city, year and department."""

    plan_id: str
    city: str = ""
    city_source: Knowledge = "unknown"
    year: int | None = None
    year_source: Knowledge = "unknown"
    department: str = ""
    city_evidence: tuple[str, ...] = ()
    year_evidence: tuple[str, ...] = ()
    city_confidence: float = 1.0
    title: str = ""
    """Replaces the printed title where it is not empty."""
    masked: str = ""
    """The masked name that the source prints for the place."""
    warnings: tuple[str, ...] = ()


def is_plan_id(plan_id: str) -> bool:
    """Whether a plan id has the form that all ids have: it is safe as a file name and in an address."""
    return len(plan_id) <= 120 and bool(_ID.fullmatch(plan_id))


def identify(framed: Framed, page_title: str = "") -> Identity:
    """Find out what a plan's frame and text say about who wrote it and for when."""
    lines = framed.lines
    title = framed.title or _glued_title(lines) or page_title
    titles = [name for name in (framed.titles or (title,)) if name]
    body = "\n".join(line.text for line in lines)
    around = (block.text for block in framed.dropped)
    simplify = simplifier([*titles, *framed.metadata.values(), *around], body)
    metadata = {key: simplify(value) for key, value in framed.metadata.items()}
    subtitles = framed.texts("subtitle", "page head")
    notice = framed.texts("notice header")
    lead = _lead(lines)
    offices = [metadata[key] for key in ("标题", "发文机关", "发文单位", "发布机构") if key in metadata]
    frames = [*titles, *offices, *subtitles, *framed.signers, *notice[-6:], *_speakers(lead)]
    place = find_place([simplify(text) for text in frames], simplify(body))
    when = find_year(
        [simplify(text) for text in (*titles, *(text for text in subtitles if _SESSION.search(text)))],
        simplify("\n".join(lead)), simplify(body), [simplify(t.text) for t in lines if len(t.text) <= 60],
        metadata, (*framed.dates, *(text for text in (*notice, *subtitles) if _NUMBERED.search(text))),
    )  # fmt: skip
    warnings = [when.warning] if when.warning else []
    if place.masked:
        warnings.append(f"the source masks the place's name ({place.masked})")
    if _NO_PLAN.search(title):
        warnings.append(f"the title reads as a report on the past, not as a plan: {title}")
    originals = (*frames, body)
    found = Identity(
        "", place.name, place.source, when.year, when.source,
        find_department([simplify(name) for name in titles], metadata, framed.signers),
        _verbatim(place.evidence, originals, simplify),
        _verbatim(when.evidence, originals, simplify),
        place.confidence,
        title if title != framed.title else "", place.masked, warnings=tuple(warnings),
    )  # fmt: skip
    return replace(found, plan_id=plan_id_of(found.city, found.year, title or body[:200]))


def _lead(lines: list[Line]) -> list[str]:
    """The words before the first numbered part."""
    lead = []
    for line in lines[:_LEAD_LINES]:
        if read_marker(line.text) is not None:
            break
        lead.append(line.text)
    return lead


def _verbatim(
    evidence: tuple[str, ...], originals: tuple[str, ...], simplify: Callable[[str], str]
) -> tuple[str, ...]:
    """The quoted words as the source prints them, whatever characters they were recognised in."""
    quotes = []
    for words in evidence:
        held = next((text for text in originals if words in simplify(text)), None)
        place = simplify(held).find(words) if held is not None else 0
        quotes.append(words if held is None else held[place : place + len(words)])
    return tuple(quotes)


def _speakers(lead: list[str]) -> list[str]:
    return [line[:60] for line in lead if "我代表" in line]


def _glued_title(lines: list[Line]) -> str:
    """The title that a text without lines starts with."""
    found = _GLUED_TITLE.match(lines[0].text) if lines else None
    return found.group() if found else ""


def plan_id_of(city: str, year: int | None, content: str) -> str:
    """The id that city and year give; where the city is unknown, a mark of the plan's own words tells it."""
    dated = str(year) if year else "undated"
    name = pinyin(city) if city else ""
    if name:
        return f"{name}-{dated}"
    return f"unknown-{dated}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
