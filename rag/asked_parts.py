"""Questions that ask two or three things one after the other: each of them is looked up for itself.

要新开几所老年大学?志愿者要凑到多少人? asks for two numbers, and no one sentence need have both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.leaning import own_tokens
from rag.needed import needed_for
from rag.records import Chunk
from rag.scope_words import has_chinese
from rag.steps import Steps

_ASKS = re.compile(
    r"多少|(?<![这那好十])几(?![乎次年经])|什么|啥|哪|谁|怎么|怎样|咋|如何|何时|多[久长大高]|有没有|是不是|能不能|会不会|要不要|是否|[吗么]$"
    r"|\b(?:how|what|which|who|whose|when|where|why)\b"
    r"|^(?:and\s+|or\s+)?(?:is|are|was|were|do|does|did|will|would|can|could|has|have|had)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[?？!！;；。]+\s*|[.](?=\s)\s*|[,，]\s*(?:以及|还有|另外|并且|而且|同时|又|也)?"
    r"|\s+and\s+(?=(?:how|what|which|who|when|where|why|is|are|does|do|did|will)\b)",
    re.IGNORECASE,
)
_MOST_PARTS = 3
_LEAST_CHARS = {True: 4, False: 12}
"""Letters of a part that says what it asks for, in Chinese and else."""
_WHOLE, _LITTLE = 0.5, 0.1
"""What the whole question counts beside a part that leaves to it what it is about (占比有没有给数字?) …"""
_OWN = 3
"""… and beside one of so many words of its own."""
_OF_OTHER_ITEM, _SURELY = 0.45, 0.7
"""The least score of a sentence of another item than those that answer the rest of the question, where it
has the number that the part asks for, and where none is asked for."""
_NEAR = 3
"""A part that wants a number is answered only where one of so many best sentences has it."""


def asked_parts(question: str) -> tuple[str, ...]:
    """The things that a question asks for one after the other; empty where it asks for one, or for many."""
    clauses = [clause.strip() for clause in _ENDS.split(question) if clause and clause.strip()]
    parts: list[str] = []
    led = ""
    for clause in clauses:
        clause = f"{led}，{clause}" if led and has_chinese(clause) else f"{led} {clause}".strip()
        led = ""
        if _ASKS.search(clause) and sum(map(str.isalnum, clause)) >= _LEAST_CHARS[has_chinese(clause)]:
            parts.append(clause)
        else:
            led = clause
    return tuple(parts) if 1 < len(parts) <= _MOST_PARTS else ()


def sentences_of_parts(steps: Steps, whole: Sequence[float], told: Sequence[Chunk]) -> list[Chunk]:
    """For each thing that the question asks for beside the first the sentence that answers it.

    ``whole`` are the scores of all chunks for the question; ``told`` are the sentences that are quoted
    for it. A part that one of these answers, or that none does, adds nothing.
    """
    found: list[Chunk] = []
    for part in asked_parts(steps.reading.rest):
        chunk = _best(steps, part, whole, [*told, *found])
        if chunk is not None:
            found.append(chunk)
    return found


def _best(steps: Steps, part: str, whole: Sequence[float], told: Sequence[Chunk]) -> Chunk | None:
    chunks = steps.retriever.index.chunks
    with steps.timed("retrieve"):
        scores = steps.retriever.score(part, steps.reading.plan_ids, True)
    fused = scores.fused
    rows = [row for own in steps.retriever.scored(steps.reading.plan_ids, scores) for row in own]
    rows = [row for row in rows if not chunks[row].item_id.endswith("#0")]
    weight = _WHOLE if len(own_tokens(part)) < _OWN else _LITTLE
    order = sorted(rows, key=lambda row: -(float(fused[row]) + weight * float(whole[row])))[:_NEAR]
    needed = needed_for(steps, part)
    if needed is not None and needed.is_number:
        order = [row for row in order if needed.gives(chunks[row].text)]
    if not order:
        return None
    row, chunk = order[0], chunks[order[0]]
    if chunk.item_id in {one.item_id for one in told}:
        return None if chunk in told else chunk
    # Any item comes nearest to a part of few words; that it has the number asked for speaks for it.
    least = _OF_OTHER_ITEM if needed is not None and needed.is_number else _SURELY
    return chunk if fused[row] >= least else None
