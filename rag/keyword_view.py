"""What retrieval asks of keyword search, whoever does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.grouped_words import GroupedWords

SharesOf = Callable[..., NDArray[np.float32]]
"""``word_shares`` of :class:`WordScores`, or ``subject_shares`` of :class:`KeywordView`."""


class WordScores(Protocol):
    """What a question's words score; place ``i`` is one and the same chunk in every answer."""

    def scores(self, question: str) -> NDArray[np.float32]:
        """BM25; zero where nothing is shared with the question."""
        ...

    def word_shares(self, question: str, *, concepts: Sequence[Sequence[str]] = ()) -> NDArray[np.float32]:
        """The share of the question's words, and of the concepts, that each chunk holds, by rarity."""
        ...

    def concept_scores(self, concepts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """The rarity of the concepts that each chunk holds, added up."""
        ...

    def holds(self, form: str) -> bool:
        """Tell whether some chunk holds all the tokens of ``form``."""
        ...


class KeywordView(WordScores, Protocol):
    """BM25 over the chunks of an index; row ``i`` is the index' chunk ``i``."""

    def __len__(self) -> int:
        """How many rows there are."""
        ...

    def scores(self, question: str, rows: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """The score of every row, or of ``rows``; zero where nothing is shared with the question."""
        ...

    def search(
        self, question: str, k: int, rows: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best ``k`` rows that share a token with the question and their scores, by (-score, row)."""
        ...

    def word_shares(
        self,
        question: str,
        rows: NDArray[np.int64] | None = None,
        concepts: Sequence[Sequence[str]] = (),
    ) -> NDArray[np.float32]:
        """For every row, or for ``rows``: the share of the question's words that it holds, by rarity.

        A concept is a list of forms, and one word more, held where one of its forms is.
        """
        ...

    def subject_shares(
        self,
        question: str,
        rows: NDArray[np.int64] | None = None,
        concepts: Sequence[Sequence[str]] = (),
    ) -> NDArray[np.float32]:
        """The same by what the words and the concepts tell of the question's subject."""
        ...

    def concept_scores(
        self, concepts: Sequence[Sequence[str]], rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """For every row, or for ``rows``: the rarity of the concepts that it holds, added up."""
        ...

    def by_group(self, groups: Sequence[Sequence[int] | NDArray[np.int64]]) -> GroupedWords:
        """The scores where each group of rows is a corpus of its own: place by place of the groups."""
        ...
