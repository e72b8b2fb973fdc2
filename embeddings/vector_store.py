"""Nearest vectors by inner product: the protocol that every vector store meets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors

Neighbour = tuple[str, float]
"""An id and its score: the inner product with the question's vector, higher is nearer."""


class VectorStore(Protocol):
    """Vectors under ids. The same vectors give the same neighbours, whatever order they came in."""

    @property
    def ids(self) -> Sequence[str]:
        """Every id, in the order in which :meth:`scores` gives all scores."""
        ...

    @property
    def dimension(self) -> int:
        """Length of one vector; 0 while the store has never been filled."""
        ...

    def build(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Fill the store anew: what was in it before is gone."""
        ...

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors under new ids."""
        ...

    def remove(self, ids: Sequence[str]) -> None:
        """Remove ids that are in the store."""
        ...

    def search(
        self, vector: NDArray[np.float32], k: int, within: Sequence[str] | None = None
    ) -> list[Neighbour]:
        """Up to ``k`` neighbours by (-score, id), of all ids or of those in ``within``."""
        ...

    def scores(self, vector: NDArray[np.float32], ids: Sequence[str] | None = None) -> NDArray[np.float32]:
        """The exact score of each of ``ids``, or of all of :attr:`ids`, in that order."""
        ...

    def save(self, directory: Path) -> None:
        """Write the store into ``directory``, which is made where it is missing."""
        ...

    def load(self, directory: Path) -> None:
        """Fill the store anew from what :meth:`save` wrote; leave it as it was where that cannot be read."""
        ...
