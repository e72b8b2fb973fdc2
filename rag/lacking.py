"""Whether a whole plan clearly lacks what a sentence of another one says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.alignment import content_rows
from rag.phrases import distinct_phrases
from rag.records import Chunk
from rag.retrieve import Retriever
from rag.tokenise import normalise

Vectors = NDArray[np.float32]
_UNRELATED_BELOW = 2.6
"""A plan's nearest sentence is unrelated where it lies less than so many standard deviations above the mean
likeness of the corpus' sentences.

Of 110 sentences with one of the same matter in the other plan (``tests/rag/same_matter.tsv``) five in a
hundred have their nearest one below 2.64; of all sentences half have.
"""
_TYPICAL = 500
"""Sentences that stand for the corpus."""


class Absence:
    """Looks through whole plans for what sentences of others say; what a plan holds is read once."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self._plans: dict[str, _Plan] = {}
        n = len(retriever.index.chunks)
        typical = np.unique(np.linspace(0, n - 1, _TYPICAL).astype(int)).tolist()
        self._typical = _vectors(retriever, typical)

    def is_only_in(self, chunks: Sequence[Chunk], plan_ids: Sequence[str]) -> bool:
        """Tell whether these plans clearly lack the matter of each of the sentences, which are of others."""
        return all(self._lacks(plan_id, chunk) for plan_id in plan_ids for chunk in chunks)

    def _lacks(self, plan_id: str, chunk: Chunk) -> bool:
        """Tell whether the plan clearly says nothing of the matter of ``chunk``.

        It has none of the sentence's distinct phrases, and no sentence that is nearer than unrelated ones.
        """
        plan, own = self._of(plan_id), self._of(chunk.plan_id)
        if not plan.texts:
            return True
        if any(phrase in plan.words for phrase in distinct_phrases(chunk.text, [*own.texts, *plan.texts])):
            return False
        (vector,) = self._retriever.index.vectors.vectors([chunk.chunk_id])
        typical = self._typical @ vector
        nearest = float((plan.vectors @ vector).max()) - float(typical.mean())
        return nearest < _UNRELATED_BELOW * float(typical.std())

    def _of(self, plan_id: str) -> _Plan:
        if plan_id not in self._plans:
            rows = content_rows(self._retriever, plan_id)
            texts = [normalise(self._retriever.index.chunks[row].text) for row in rows]
            self._plans[plan_id] = _Plan(texts, "\n".join(texts), _vectors(self._retriever, rows))
        return self._plans[plan_id]


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    texts: list[str]
    """Its sentences, normalised."""
    words: str
    """All of them."""
    vectors: Vectors


def _vectors(retriever: Retriever, rows: Sequence[int]) -> Vectors:
    chunks = retriever.index.chunks
    return retriever.index.vectors.vectors([chunks[row].chunk_id for row in rows])
