"""Finds sentences of two plans that speak of the same matter.

Two sentences belong together where each is the other's nearest in the whole plan by their vectors, and they
share enough words. The vectors alone do not tell: they put sentences of one field together (a plan's two
sentences on training), not of one matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from rag.phrases import distinct_phrases
from rag.records import Chunk
from rag.retrieve import Retriever
from rag.sentences import names_units
from rag.support import pairs
from rag.tokenise import normalise

SAME_FROM = 0.112
"""Sentences that are each other's nearest speak of the same matter from this share of words in common on.

Of 86 such pairs of 青岛 2018 and 2023 and of 南宁 and 上海, judged by hand (``tests/rag/same_matter.tsv``),
this decides 0.79 rightly, F1 0.84; any threshold on the vectors' likeness at most 0.70, F1 0.78.
"""


def shared_words(one: str, other: str) -> float:
    """Dice's coefficient of the pairs of characters of two sentences, 0 to 1."""
    left, right = pairs(one), pairs(other)
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def align(retriever: Retriever, plan_id: str, other_id: str) -> dict[int, int]:
    """Rows of one plan's sentences, each with the row of the other plan's that speaks of the same matter."""
    own, others = content_rows(retriever, plan_id), content_rows(retriever, other_id)
    if not own or not others:
        return {}
    chunks, store = retriever.index.chunks, retriever.index.vectors
    likeness = (
        store.vectors([chunks[row].chunk_id for row in own])
        @ store.vectors([chunks[row].chunk_id for row in others]).T
    )
    nearest, back = np.argmax(likeness, axis=1), np.argmax(likeness, axis=0)
    return {
        own[i]: others[j]
        for i, j in enumerate(nearest)
        if back[j] == i and shared_words(chunks[own[i]].text, chunks[others[j]].text) >= SAME_FROM
    }


def group(
    retriever: Retriever, rows_of_plan: Mapping[str, Sequence[int]], topical: frozenset[int]
) -> list[dict[str, list[int]]]:
    """The sentences of several plans, those of one matter together; each group has rows by plan.

    A sentence that is not given but speaks of the same matter as one that is joins its group, if it is
    ``topical``; given sentences that share a phrase which few others have belong together, too. Groups come
    in the order of their first sentence, plan by plan.
    """
    plan_ids = list(rows_of_plan)
    parent = {row: row for rows in rows_of_plan.values() for row in rows}

    def root(row: int) -> int:
        while parent[row] != row:
            row = parent[row]
        return row

    for i, plan_id in enumerate(plan_ids):
        for other_id in plan_ids[i + 1 :]:
            for row, other in align(retriever, plan_id, other_id).items():
                given = row in parent or other in parent
                if given and all(end in parent or end in topical for end in (row, other)):
                    parent.setdefault(row, row)
                    parent.setdefault(other, other)
                    parent[root(other)] = root(row)
            for row, other in _by_phrases(retriever, rows_of_plan, plan_id, other_id):
                parent[root(other)] = root(row)
    groups: dict[int, dict[str, list[int]]] = {}
    chunks = retriever.index.chunks
    for row in sorted(parent, key=lambda row: (plan_ids.index(chunks[row].plan_id), row)):
        groups.setdefault(root(row), {}).setdefault(chunks[row].plan_id, []).append(row)
    return list(groups.values())


def _by_phrases(
    retriever: Retriever, rows_of_plan: Mapping[str, Sequence[int]], plan_id: str, other_id: str
) -> Iterator[tuple[int, int]]:
    """The given sentences of two plans that share a phrase which few sentences of both plans hold."""
    chunks = retriever.index.chunks
    among = [
        normalise(chunks[row].text) for id_ in (plan_id, other_id) for row in content_rows(retriever, id_)
    ]
    for row in rows_of_plan[plan_id]:
        shared = distinct_phrases(chunks[row].text, among)
        for other in rows_of_plan[other_id]:
            if any(phrase in normalise(chunks[other].text) for phrase in shared):
                yield row, other


def is_content(chunk: Chunk) -> bool:
    """Tell whether a sentence says something of its own: not the preamble, not the responsible units."""
    return not chunk.item_id.endswith("#0") and not names_units(chunk.text)


def content_rows(retriever: Retriever, plan_id: str) -> list[int]:
    """The rows of a plan's sentences that say something of their own."""
    chunks = retriever.index.chunks
    return [row for row in retriever.rows([plan_id]) if is_content(chunks[row])]
