"""From a question to items: two views of every chunk, joined by rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from rag.fuse import fuse_rankings
from rag.records import Chunk, Hit
from rag.snapshot import Index

_KEYWORD_WEIGHT = 0.25
"""Share of the keyword view when the sentences of one item are compared."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Both views' scores of every chunk for one question; row ``i`` is the index' chunk ``i``."""

    dense: NDArray[np.float32]
    """Inner product of unit vectors, -1 to 1."""
    keyword: NDArray[np.float32]
    """BM25, 0 and up."""


class Retriever:
    """Finds items in one index. Deterministic: the same question gives the same hits in the same order."""

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self._index = index
        self._encoder = encoder
        self._rows_of_plan: dict[str, list[int]] = {}
        for row, chunk in enumerate(index.chunks):
            self._rows_of_plan.setdefault(chunk.plan_id, []).append(row)

    @property
    def index(self) -> Index:
        """The index that is searched."""
        return self._index

    def score(self, question: str) -> Scores:
        """Score every chunk in both views; costs one forward pass of the encoder."""
        vector = self._encoder.encode_question(question)
        return Scores(self._index.vectors.scores(vector), self._index.keywords.scores(question))

    def search(
        self,
        question: str,
        plan_ids: Sequence[str],
        k: int,
        per_plan: bool = False,
        scores: Scores | None = None,
    ) -> list[Hit]:
        """The best ``k`` items of the plans together, or with ``per_plan`` of each plan for itself.

        With ``per_plan`` hits come plan by plan in the order of ``plan_ids``, ranked from 1 in each.
        ``scores`` saves the forward pass where they are known. Raises ValueError where ``k`` is below 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}; wanted at least 1.")
        known = scores if scores is not None else self.score(question)
        if per_plan:
            return [hit for plan_id in plan_ids for hit in self._rank(self.rows([plan_id]), known, k)]
        return self._rank(self.rows(plan_ids), known, k)

    def rows(self, plan_ids: Sequence[str]) -> list[int]:
        """The rows of the plans' chunks."""
        return [row for plan_id in plan_ids for row in self._rows_of_plan.get(plan_id, ())]

    def sentences(self, item_id: str) -> list[tuple[int, Chunk]]:
        """The item's sentences with their rows."""
        plan_id = item_id.partition("#")[0]
        rows = self._rows_of_plan.get(plan_id, ())
        chunks = ((row, self._index.chunks[row]) for row in rows)
        return [
            (row, chunk) for row, chunk in chunks if chunk.item_id == item_id and chunk.kind == "sentence"
        ]

    def _rank(self, rows: Sequence[int], scores: Scores, k: int) -> list[Hit]:
        dense = self._best_by_item(rows, scores.dense)
        keyword = {
            item: score for item, score in self._best_by_item(rows, scores.keyword).items() if score > 0
        }
        dense_order, keyword_order = _order(dense), _order(keyword)
        dense_rank = {item: rank for rank, item in enumerate(dense_order, start=1)}
        keyword_rank = {item: rank for rank, item in enumerate(keyword_order, start=1)}
        hits: list[Hit] = []
        for rank, (item_id, score) in enumerate(fuse_rankings([dense_order, keyword_order])[:k], start=1):
            best = self._best_sentence(item_id, scores)
            hits.append(
                Hit(
                    item_id,
                    best.plan_id,
                    score,
                    rank,
                    dense_rank.get(item_id),
                    keyword_rank.get(item_id),
                    best.text,
                    best.start,
                    best.end,
                    best.chunk_id,
                )
            )
        return hits

    def _best_by_item(self, rows: Sequence[int], view: NDArray[np.float32]) -> dict[str, float]:
        best: dict[str, float] = {}
        for row in rows:
            item_id, score = self._index.chunks[row].item_id, float(view[row])
            if score > best.get(item_id, float("-inf")):
                best[item_id] = score
        return best

    def _best_sentence(self, item_id: str, scores: Scores) -> Chunk:
        candidates = self.sentences(item_id)
        if not candidates:
            raise ValueError(f"the item {item_id} has no sentence in the index")
        mixed = mix([row for row, _ in candidates], scores)
        best = max(range(len(candidates)), key=lambda i: (mixed[i], -candidates[i][0]))
        return candidates[best][1]


def mix(rows: Sequence[int], scores: Scores) -> list[float]:
    """One number for each row, to compare sentences of one question: dense plus its share of keywords."""
    top = float(scores.keyword.max(initial=0.0))
    share = _KEYWORD_WEIGHT / top if top > 0 else 0.0
    return [float(scores.dense[row]) + share * float(scores.keyword[row]) for row in rows]


def _order(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda item_id: (-scores[item_id], item_id))
