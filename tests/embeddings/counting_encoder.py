from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Progress, Vectors


class CountingEncoder:
    """A vector per text from a digest; remembers what it was asked, and can be made to stop half-way."""

    def __init__(self, name: str = "counting/1", dimension: int = 16) -> None:
        self.name = name
        self.dimension = dimension
        self.passages: list[tuple[str, str]] = []
        self.questions: list[str] = []
        self.stop_after: int | None = None

    def encode_question(self, question: str) -> NDArray[np.float32]:
        self.questions.append(question)
        return self._vector(f"question {question}")

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        if self.stop_after is not None and len(self.passages) + len(texts) > self.stop_after:
            raise KeyboardInterrupt
        rows = []
        for done, (text, title) in enumerate(zip(texts, titles, strict=True), start=1):
            self.passages.append((text, title))
            rows.append(self._vector(f"passage {title} {text}"))
            if progress is not None:
                progress(done, len(texts))
        return np.stack(rows)

    def _vector(self, key: str) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
        vector = np.random.default_rng(seed).standard_normal(self.dimension)
        return (vector / np.linalg.norm(vector)).astype(np.float32)
