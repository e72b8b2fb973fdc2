"""From a question to items: two views of every chunk, joined by rank."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from rag.fuse import fuse_scores
from rag.records import Chunk, Hit
from rag.snapshot import Index
from rag.terms import Concept, Terms, without
from rag.tokenise import is_chinese

_ALTERNATIVES = re.compile(r"或者|或|、|还是|以及|和|与")
_OF_ALTERNATIVE = 0.8
"""What all words of one alternative (课后服务或延时托管) are worth beside all words of the question."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Both views' scores of every chunk for one question; row ``i`` is the index' chunk ``i``."""

    dense: NDArray[np.float32]
    """Inner product of unit vectors, -1 to 1."""
    keyword: NDArray[np.float32]
    """BM25, 0 and up."""
    shares: NDArray[np.float32]
    """Share of the question's words, by rarity, 0 to 1."""
    foreign: bool = False
    """Whether the question is not Chinese, so that its words are those of its terms, or of a rendering."""
    concepts: tuple[Concept, ...] = ()
    """The terms of the question that stood for its words, or for words that no plan has."""

    @property
    def fused(self) -> NDArray[np.float32]:
        """Both views in one."""
        return fuse_scores(self.dense, self.shares)


class Retriever:
    """Finds items in one index. Deterministic: the same question gives the same hits in the same order."""

    def __init__(self, index: Index, encoder: Encoder, terms: Terms | None = None) -> None:
        self._index = index
        self._encoder = encoder
        self._terms = terms or Terms.load()
        self._rows_of_plan: dict[str, list[int]] = {}
        self._rows_of_item: dict[str, list[int]] = {}
        for row, chunk in enumerate(index.chunks):
            self._rows_of_plan.setdefault(chunk.plan_id, []).append(row)
            self._rows_of_item.setdefault(chunk.item_id, []).append(row)

    @property
    def index(self) -> Index:
        """The index that is searched."""
        return self._index

    def score(self, question: str) -> Scores:
        """Score every chunk in both views; costs one forward pass of the encoder."""
        dense = self._index.vectors.scores(self._encoder.encode_question(question))
        keywords = self._index.keywords
        if not is_chinese(question):
            # What little an English question shares with Chinese text (2022, AI) says nothing of its subject.
            concepts = self._terms.of_english(question)
            forms = [concept.forms for concept in concepts]
            shares = keywords.word_shares("", concepts=forms)
            return Scores(dense, keywords.concept_scores(forms), shares, True, concepts)
        concepts = self._terms.for_missing(question, keywords.holds)
        rest = without(question, concepts)
        keyword = keywords.scores(rest) + keywords.concept_scores([concept.forms for concept in concepts])
        return Scores(dense, keyword, self._alternative_shares(question), False, concepts)

    def _alternative_shares(self, question: str) -> NDArray[np.float32]:
        """The shares of words; of a question that names alternatives those of the best one count, too."""
        whole = self._shares(question)
        parts = [part for part in _ALTERNATIVES.split(question) if len(part) > 1]
        if len(parts) < 2:
            return whole
        best = np.max([self._shares(part) for part in parts], axis=0)
        joined: NDArray[np.float32] = np.maximum(
            whole, _OF_ALTERNATIVE * best + (1 - _OF_ALTERNATIVE) * whole
        ).astype(np.float32)
        return joined

    def _shares(self, text: str) -> NDArray[np.float32]:
        keywords = self._index.keywords
        concepts = self._terms.for_missing(text, keywords.holds)
        return keywords.word_shares(without(text, concepts), concepts=[concept.forms for concept in concepts])

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
        return [(row, self._index.chunks[row]) for row in self._rows_of_item.get(item_id, ())]

    def _rank(self, rows: Sequence[int], scores: Scores, k: int) -> list[Hit]:
        fused = scores.fused
        best = self._best_rows(rows, fused)
        dense_rank = _ranks(self._best_rows(rows, scores.dense), scores.dense)
        with_words = [row for row in rows if scores.keyword[row] > 0]
        keyword_rank = _ranks(self._best_rows(with_words, scores.keyword), scores.keyword)
        hits: list[Hit] = []
        order = sorted(best, key=lambda item_id: (-float(fused[best[item_id]]), item_id))
        for rank, item_id in enumerate(order[:k], start=1):
            chunk = self._index.chunks[best[item_id]]
            hits.append(
                Hit(
                    item_id,
                    chunk.plan_id,
                    float(fused[best[item_id]]),
                    rank,
                    dense_rank.get(item_id),
                    keyword_rank.get(item_id),
                    chunk.text,
                    chunk.start,
                    chunk.end,
                    chunk.chunk_id,
                )
            )
        return hits

    def _best_rows(self, rows: Sequence[int], view: NDArray[np.float32]) -> dict[str, int]:
        """The best row of each item; of equal ones the first."""
        best: dict[str, int] = {}
        for row in rows:
            item_id = self._index.chunks[row].item_id
            if item_id not in best or view[row] > view[best[item_id]]:
                best[item_id] = row
        return best


def _ranks(best: dict[str, int], view: NDArray[np.float32]) -> dict[str, int]:
    order = sorted(best, key=lambda item_id: (-float(view[best[item_id]]), item_id))
    return {item_id: rank for rank, item_id in enumerate(order, start=1)}
