"""Keyword search done by the Milvus server that holds the vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.milvus_store import MilvusStore
from rag.grouped_words import GroupedWords
from rag.keyword_index import KeywordIndex
from rag.tokenise import tokenise


class MilvusKeywords:
    """Milvus' own BM25 over the tokens of our tokeniser; the shares of words come from the local index.

    Milvus scores words, but does not tell how rare each one is, which the shares are made of.
    """

    def __init__(self, words: KeywordIndex, store: MilvusStore) -> None:
        self._words = words
        self._store = store
        self._row_of = {id_: row for row, id_ in enumerate(store.ids)}
        self._ids = tuple(store.ids)

    def __len__(self) -> int:
        return len(self._words)

    def scores(self, question: str, rows: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """The score of every row, or of ``rows``; zero beyond the most rows that Milvus gives at once."""
        found, scores = self.search(question, len(self), rows)
        every = np.zeros(len(self), dtype=np.float32)
        every[found] = scores
        return every if rows is None else every[rows]

    def search(
        self, question: str, k: int, rows: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best ``k`` rows that share a token with the question and their scores, by (-score, row)."""
        tokens = tokenise(question)
        within = None if rows is None else [self._ids[row] for row in rows]
        found = self._store.search_words(tokens, k, within) if tokens else []
        places = np.array([self._row_of[id_] for id_, _ in found], dtype=np.int64)
        scores = np.array([score for _, score in found], dtype=np.float32)
        order = np.lexsort((places, -scores))
        return places[order], scores[order]

    def word_shares(
        self,
        question: str,
        rows: NDArray[np.int64] | None = None,
        concepts: Sequence[Sequence[str]] = (),
    ) -> NDArray[np.float32]:
        """For every row, or for ``rows``: the share of the question's words that it holds, by rarity."""
        return self._words.word_shares(question, rows, concepts)

    def subject_shares(
        self,
        question: str,
        rows: NDArray[np.int64] | None = None,
        concepts: Sequence[Sequence[str]] = (),
    ) -> NDArray[np.float32]:
        """The same by what the words tell of the question's subject."""
        return self._words.subject_shares(question, rows, concepts)

    def concept_scores(
        self, concepts: Sequence[Sequence[str]], rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """For every row, or for ``rows``: the rarity of the concepts that it holds, added up."""
        return self._words.concept_scores(concepts, rows)

    def holds(self, form: str) -> bool:
        """Tell whether some row holds all the tokens of ``form``."""
        return self._words.holds(form)

    def by_group(self, groups: Sequence[Sequence[int] | NDArray[np.int64]]) -> GroupedWords:
        """The scores where each group of rows is a corpus of its own, which Milvus cannot tell."""
        return self._words.by_group(groups)
