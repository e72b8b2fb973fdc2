"""The formulas of keyword search: BM25 (Robertson and Zaragoza 2009, in Lucene's form), and rarity.

Each works on numbers as on arrays of them, element by element: what a row scores depends on nothing but its
own numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
_K1, _B = 1.5, 0.75
_LIKE_A_WORD, _STEEPNESS = 3.5, 1.0
"""The rarity of a term that says no more than a word as rare, and how fast it says more where it is rarer."""


def length_norms(lengths: NDArray[np.int32], mean: float | Doubles) -> Doubles:
    """What the texts' lengths, in tokens, add to the denominator."""
    norms: Doubles = _K1 * ((1 - _B) + _B * lengths.astype(np.float64) / mean)
    return norms


def word_gains(
    n_rows: int | NDArray[np.int64],
    n_holding: int | NDArray[np.int64],
    counts: NDArray[Any],
    norms: Doubles,
) -> NDArray[np.float32]:
    """What a word adds to each text that holds it, by how often it does and how many of the texts do."""
    odds = (np.asarray(n_rows, np.float64) - n_holding + 0.5) / (n_holding + 0.5)
    # single precision here and double there, as bm25s has it: the scores are the same to the bit
    rarity = np.log(1 + odds).astype(np.float32).astype(np.float64)
    gains: NDArray[np.float32] = (rarity * (counts / (norms + counts))).astype(np.float32)
    return gains


def rarity_of_words(n_rows: int | NDArray[np.int64], n_holding: int | NDArray[np.int64]) -> Doubles:
    """How much a word says, held by so many of the rows; one that none holds counts as rarer than any."""
    held = np.asarray(n_holding, np.float64)
    rarity: Doubles = np.log1p(np.where(held > 0, n_rows / np.maximum(held, 1), 2 * np.asarray(n_rows)))
    return rarity


def concept_weights(rarity: Doubles) -> Doubles:
    """How much a term of the question says, so rare: more than a word, and the rarer ones more still.

    What a question is about is nearly always its rarest term; of children and drowning, drowning.
    """
    weights: Doubles = rarity * (rarity / _LIKE_A_WORD) ** _STEEPNESS
    return weights
