"""Text to vectors: the protocol that every encoder meets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape ``(n, dimension)``, every row of unit length."""

Progress = Callable[[int, int], None]
"""Called with (done, total) while long work goes on."""


class Encoder(Protocol):
    """Turns questions and passages into vectors whose inner product is their likeness."""

    @property
    def name(self) -> str:
        """What identifies the vectors: model, revision or digest, precision. Part of every cache key."""
        ...

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        ...

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """One unit vector of shape ``(dimension,)``, with the model's own question prompt."""
        ...

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        """Unit vectors of shape ``(len(texts), dimension)``, in the order given.

        ``titles`` holds one title a text, empty where there is none; the model's own passage prompt is used.
        """
        ...
