"""Cuts plans into chunks: every item, and every sentence of every item."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from corpus.plan import Item, Plan
from rag.records import Chunk
from rag.sentences import sentence_spans

CHUNKING = "item+sentence/2"
"""Names the rules below; part of the index manifest, so that a change of rules asks for a new index."""


def chunk_plans(plans: Iterable[Plan]) -> tuple[Chunk, ...]:
    """All chunks of the plans, in the order of plans, items and sentences.

    Chunk ids are ``item_id:0`` for the item itself and ``item_id:1`` onwards for its sentences.
    """
    return tuple(chunk for plan in plans for part in plan.parts() for chunk in chunk_item(part))


def chunk_item(item: Item) -> list[Chunk]:
    """The item's own chunk and then one for each of its sentences.

    The leading phrase alone is no chunk of its own where more follows: it stands beside every sentence as
    their title, and says less than any of them.
    """
    chunks = [
        Chunk(
            f"{item.item_id}:0",
            item.item_id,
            item.plan_id,
            "item",
            item.text,
            item.start,
            item.end,
            item.title,
            item.headings,
        )
    ]
    spans = sentence_spans(item.text)
    if len(spans) > 1 and item.text[slice(*spans[0])].rstrip("。.:： ") == item.title:
        spans = spans[1:]
    for n, (start, end) in enumerate(spans, start=1):
        chunks.append(
            Chunk(
                f"{item.item_id}:{n}",
                item.item_id,
                item.plan_id,
                "sentence",
                item.text[start:end],
                item.start + start,
                item.start + end,
                item.title,
                item.headings,
            )
        )
    return chunks


def chunks_digest(chunks: Iterable[Chunk]) -> str:
    """SHA-256 over everything in the chunks that an answer can depend on."""
    digest = hashlib.sha256()
    for chunk in chunks:
        parts = (chunk.chunk_id, str(chunk.start), str(chunk.end), chunk.title, chunk.text, *chunk.headings)
        digest.update("\x1f".join(parts).encode())
        digest.update(b"\x1e")
    return digest.hexdigest()
