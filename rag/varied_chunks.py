"""As many chunks as a benchmark wants, made from real ones: varied copies, and said to be so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors

BLOCK = 8192
_SEED = 20
_APART = 0.25
"""How far a mixture is moved along the difference of two more real vectors. The nearest of a million copies
is then about as near to a question as the nearest real sentence is."""
_CLAUSE = re.compile(r"(?<=[，,；;、])")
_NUMBER = re.compile(r"\d+")

HOW = (
    "varied copies of real chunks: vectors are mixtures of two real ones, moved along the difference of two "
    "more and of unit length again; texts join clauses of the same two sentences, with other numbers"
)


@dataclass(frozen=True)
class RealChunks:
    """What the copies are made of."""

    vectors: Vectors
    texts: Sequence[str]
    contexts: Sequence[str]


class VariedVectors:
    """Vectors by row, made block by block when they are asked for; the same each time."""

    def __init__(self, real: Vectors, n: int) -> None:
        self._real = real
        self._n = n
        self._block: tuple[int, Vectors] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """``(n, dimension)``."""
        return self._n, int(self._real.shape[1])

    def __getitem__(self, rows: slice, /) -> Vectors:
        """The rows of one slice, whose step is 1."""
        start, stop, _ = rows.indices(self._n)
        numbers = range(start // BLOCK, -(-stop // BLOCK))
        parts = [
            self._made(number)[max(0, start - number * BLOCK) : stop - number * BLOCK] for number in numbers
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self.shape[1]), dtype=np.float32)

    def _made(self, number: int) -> Vectors:
        if self._block is None or self._block[0] != number:
            chosen, shares = _choices(number, len(self._real))
            real = self._real
            mixed = shares * real[chosen[0]] + (1 - shares) * real[chosen[1]]
            mixed += _APART * (real[chosen[2]] - real[chosen[3]])
            lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
            self._block = number, np.asarray(mixed / lengths, dtype=np.float32)
        return self._block[1]


def varied_texts(real: RealChunks, n: int) -> Iterator[str]:
    """The texts of the same rows, with what stands above the first of the two sentences."""
    clauses = [_CLAUSE.split(text) for text in real.texts]
    for number in range(-(-n // BLOCK)):
        chosen, _ = _choices(number, len(clauses))
        digits = np.random.default_rng((_SEED, number, 1)).integers(1, 10_000, BLOCK)
        for row in range(min(BLOCK, n - number * BLOCK)):
            first, second = clauses[chosen[0][row]], clauses[chosen[1][row]]
            text = "".join(first[: (len(first) + 1) // 2] + second[len(second) // 2 :])
            varied = _NUMBER.sub(str(digits[row]), text, count=1)
            yield f"{real.contexts[chosen[0][row]]}\n{varied}"


def _choices(number: int, n_real: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Which four real chunks each row of a block is made of, and the first one's share."""
    random = np.random.default_rng((_SEED, number))
    chosen: NDArray[np.int64] = random.integers(0, n_real, (4, BLOCK))
    return chosen, random.uniform(0.5, 0.9, (BLOCK, 1)).astype(np.float32)
