"""Whether a whole plan clearly lacks what a sentence of another one says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.alignment import content_rows
from rag.phrases import distinct_phrases
from rag.records import Chunk
from rag.retrieve import Retriever
from rag.tokenise import normalise

_UNRELATED_BELOW = 2.6
"""A plan's nearest sentence is unrelated where it lies less than so many standard deviations above the mean
likeness of the corpus' sentences.

Of 110 sentences with one of the same matter in the other plan (``tests/rag/same_matter.tsv``) five in a
hundred have their nearest one below 2.64; of all sentences half have.
"""
_TYPICAL = 500
"""Sentences that stand for the corpus."""


class Lacking:
    """One plan in which the matter of other plans' sentences is looked for: its words, and its vectors."""

    def __init__(self, retriever: Retriever, plan_id: str) -> None:
        self._chunks, self._store = retriever.index.chunks, retriever.index.vectors
        self._retriever = retriever
        rows = content_rows(retriever, plan_id)
        self._texts = [normalise(self._chunks[row].text) for row in rows]
        self._all_words = "\n".join(self._texts)
        self._vectors = self._vectors_of(rows)
        n = len(self._chunks)
        self._typical = self._vectors_of(np.unique(np.linspace(0, n - 1, _TYPICAL).astype(int)).tolist())

    def lacks(self, chunk: Chunk) -> bool:
        """Tell whether the plan clearly says nothing of the matter of ``chunk``, a sentence of another plan.

        It has none of the sentence's distinct phrases, and no sentence that is nearer than unrelated ones.
        """
        if not self._texts:
            return True
        own = [normalise(self._chunks[row].text) for row in content_rows(self._retriever, chunk.plan_id)]
        shared = distinct_phrases(chunk.text, [*own, *self._texts])
        if any(phrase in self._all_words for phrase in shared):
            return False
        vector = self._store.vectors([chunk.chunk_id])[0]
        typical = self._typical @ vector
        spread = float(typical.std())
        nearest = float((self._vectors @ vector).max()) - float(typical.mean())
        return nearest < _UNRELATED_BELOW * spread

    def _vectors_of(self, rows: list[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return self._store.vectors([self._chunks[row].chunk_id for row in rows])


def is_only_in(retriever: Retriever, chunks: Sequence[Chunk], plan_ids: Sequence[str]) -> bool:
    """Tell whether these plans clearly lack the matter of each of the sentences."""
    others = [Lacking(retriever, plan_id) for plan_id in plan_ids]
    return all(other.lacks(chunk) for other in others for chunk in chunks)
