"""Cuts plans into chunks: every sentence of every item, with the words that stand above it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from corpus.plan import Item, Plan
from rag.records import Chunk
from rag.sentences import sentence_spans

CHUNKING = "sentence/5"
"""Names the rules below; part of the index manifest, so that a change of rules asks for a new index."""

_NUMBER = re.compile(
    r"^(?:第?[一二三四五六七八九十百]+(?:[、章节]|是)|[（(][一二三四五六七八九十]+[)）]|\d+(?:\.\d+)*[.．、]?)\s*"
)


def chunk_plans(plans: Iterable[Plan]) -> tuple[Chunk, ...]:
    """All chunks of the plans, in the order of plans, items and sentences.

    Chunk ids are ``item_id:1`` onwards. An item is found through its sentences: on the development questions
    whole items beside them found nothing more, and cost a third of the time to embed.
    """
    return tuple(chunk for plan in plans for part in plan.parts() for chunk in chunk_item(part))


def chunk_item(item: Item) -> list[Chunk]:
    """One chunk for each sentence of the item.

    The leading phrase alone is no chunk of its own where more follows: it stands beside every sentence as
    their title, and says less than any of them.
    """
    chunks: list[Chunk] = []
    spans = sentence_spans(item.text)
    if len(spans) > 1 and item.text[slice(*spans[0])].rstrip("。.:： ") == item.title:
        spans = spans[1:]
    for n, (start, end) in enumerate(spans, start=1):
        chunks.append(_chunk(f"{item.item_id}:{n}", item, start, end))
    return chunks


def slice_of(item: Item, start: int, end: int) -> Chunk:
    """A part of the item as a chunk, to be quoted; offsets count in the item's text."""
    return _chunk(f"{item.item_id}:{start}-{end}", item, start, end)


def _chunk(chunk_id: str, item: Item, start: int, end: int) -> Chunk:
    return Chunk(
        chunk_id,
        item.item_id,
        item.plan_id,
        item.text[start:end],
        item.start + start,
        item.start + end,
        item.title,
        item.headings,
    )


def whole_item(item: Item) -> Chunk:
    """The item as one chunk, to be quoted whole; it is not part of an index."""
    return slice_of(item, 0, len(item.text))


def context(chunk: Chunk) -> str:
    """What is embedded beside a sentence, as its title: the section it stands in and its item's title.

    Without the section's heading (学前教育聚焦"幼有优育") an item that does not repeat the subject is not
    found by it.
    """
    heading = _NUMBER.sub("", chunk.headings[-1]).rstrip("。") if chunk.headings else ""
    return f"{heading} {chunk.title}".strip()


def chunks_digest(chunks: Iterable[Chunk]) -> str:
    """SHA-256 over everything in the chunks that an answer can depend on."""
    digest = hashlib.sha256()
    for chunk in chunks:
        parts = (chunk.chunk_id, str(chunk.start), str(chunk.end), chunk.title, chunk.text, *chunk.headings)
        digest.update("\x1f".join(parts).encode())
        digest.update(b"\x1e")
    return digest.hexdigest()
