"""Keyword scores where every group of rows is a corpus of its own.

How rare a word is and how long texts are on average count in each group alone, as in an index of its rows and
no others; but no such index has to be built, and all groups are scored together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.bm25 import length_norms, rarity_of_words, word_gains
from rag.tokenise import tokenise

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


class WordRows(Protocol):
    """An index that tells which of its rows hold a word."""

    def __len__(self) -> int:
        """How many rows there are."""
        ...

    @property
    def lengths(self) -> NDArray[np.int32]:
        """How many tokens each row has."""
        ...

    def held(self, token: str) -> tuple[Rows, NDArray[Any]]:
        """The rows that hold the token, in order, and how often each does."""
        ...

    def rows_holding(self, forms: Sequence[str]) -> Rows:
        """The rows that hold all tokens of one of the forms, in order."""
        ...


class GroupedWords:
    """BM25 and shares of words by group; place ``i`` is the ``i``-th row of the groups one after the other.

    No row may be in two groups.
    """

    def __init__(self, words: WordRows, groups: Sequence[Sequence[int] | Rows]) -> None:
        self._words = words
        self._n_groups = len(groups)
        self._sizes = np.array([len(rows) for rows in groups], dtype=np.int64)
        rows = np.concatenate([np.asarray(rows, dtype=np.int64) for rows in (*groups, ())])
        self._group_of = np.repeat(np.arange(self._n_groups), self._sizes)
        self._place_of = np.full(len(words), -1, dtype=np.int64)
        self._place_of[rows] = np.arange(rows.size)
        lengths = words.lengths[rows]
        means = np.bincount(self._group_of, lengths, self._n_groups) / np.maximum(1, self._sizes)
        self._norms = length_norms(lengths, means[self._group_of])
        self._known: dict[str, tuple[Rows, NDArray[Any]]] = {}
        """Words that were looked up: those of a question come again in its alternatives."""

    def __len__(self) -> int:
        return int(self._group_of.size)

    def scores(self, question: str) -> Floats:
        """The score of every place; zero where it shares no token with the question."""
        sums = np.zeros(len(self), dtype=np.float32)
        gains: dict[str, tuple[Rows, Floats]] = {}
        for token in tokenise(question):
            if token not in gains:
                places, counts = self._held(token)
                n_holding = self._by_group(places)[self._group_of[places]]
                n_rows = self._sizes[self._group_of[places]]
                gains[token] = places, word_gains(n_rows, n_holding, counts, self._norms[places])
            places, gain = gains[token]
            sums[places] += gain
        return sums

    def word_shares(self, question: str, *, concepts: Sequence[Sequence[str]] = ()) -> Floats:
        """For every place: the share of the question's words, and concepts, that it holds, by rarity."""
        held = np.zeros(len(self), dtype=np.float64)
        total = np.zeros(self._n_groups, dtype=np.float64)
        words = [self._held(token)[0] for token in dict.fromkeys(tokenise(question))]
        for places in words + [self._holding(forms) for forms in concepts]:
            rarities = self._rarities(places)
            held[places] += rarities[self._group_of[places]]
            total += rarities
        of_place = total[self._group_of]
        return np.divide(held, of_place, out=held, where=of_place > 0).astype(np.float32)

    def concept_scores(self, concepts: Sequence[Sequence[str]]) -> Floats:
        """For every place: the rarity of the concepts that it holds, added up."""
        found = np.zeros(len(self), dtype=np.float32)
        for forms in concepts:
            places = self._holding(forms)
            found[places] += self._rarities(places)[self._group_of[places]].astype(np.float32)
        return found

    def holds(self, form: str) -> bool:
        """Tell whether some place holds all the tokens of ``form``."""
        return self._holding((form,)).size > 0

    def groups_holding(self, form: str) -> NDArray[np.bool_]:
        """Tell of each group whether some row of it holds all the tokens of ``form``."""
        return self._by_group(self._holding((form,))) > 0

    def _held(self, token: str) -> tuple[Rows, NDArray[Any]]:
        if token not in self._known:
            rows, counts = self._words.held(token)
            places = self._place_of[rows]
            inside = places >= 0
            self._known[token] = places[inside], counts[inside]
        return self._known[token]

    def _holding(self, forms: Sequence[str]) -> Rows:
        places = self._place_of[self._words.rows_holding(forms)]
        found: Rows = places[places >= 0]
        return found

    def _by_group(self, places: Rows) -> NDArray[np.int64]:
        """How many of the places each group has."""
        return np.bincount(self._group_of[places], minlength=self._n_groups)

    def _rarities(self, places: Rows) -> NDArray[np.float64]:
        """How rare, in each group, that is which these places hold."""
        return rarity_of_words(self._sizes, self._by_group(places))
