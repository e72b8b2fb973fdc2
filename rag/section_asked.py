"""Tells in which section of its plan a quote stands, where that is asked for (放在哪个板块里)."""

from __future__ import annotations

import re

from rag.records import Chunk
from rag.steps import Steps
from rag.wording import stands_under

_PART = r"(?:板块|部分|章节?|标题|大标题|小标题|大类|栏目?)"
_ASKS = re.compile(
    rf"(?:哪一?个?|什么|第几个?){_PART}"
    r"|\b(?:in|under)\s+(?:which|what)\s+(?:section|part|chapter|heading|headline|title)s?\b"
    r"|\b(?:which|what)\s+(?:section|part|chapter|heading|headline|title)s?\b(?=.{0,40}\b(?:in|under|of\s+(?:\S+\s+){0,3}?plan|it|this|that)\b)",
    re.IGNORECASE,
)


def section_of(steps: Steps, chunk: Chunk) -> str:
    """The line that tells the headings above a quote; empty where they are not asked for or not printed."""
    if not _ASKS.search(steps.reading.question):
        return ""
    above = list(dict.fromkeys(heading for heading in (*chunk.headings, chunk.title) if heading))
    return stands_under(above, steps.reading.language) if above else ""
