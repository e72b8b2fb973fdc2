"""Keyword search over chunks: BM25 (Robertson and Zaragoza 2009, in Lucene's form) by bm25s."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from rag.tokenise import tokenise

Scores = NDArray[np.float32]
_RECORD_FILE = "record.json"


class KeywordIndex:
    """BM25 scores of every chunk for a question; row ``i`` is the chunk at place ``i`` when it was built."""

    def __init__(self, engine: bm25s.BM25, n_rows: int) -> None:
        self._engine = engine
        self._n_rows = n_rows
        self._vocabulary = engine.vocab_dict

    @classmethod
    def build(cls, texts: Sequence[str]) -> KeywordIndex:
        """Index ``texts``; raises ValueError where there is none."""
        if not texts:
            raise ValueError("a keyword index needs at least one text; found none")
        engine = bm25s.BM25(method="lucene")
        # An empty list would vanish from the matrix, and with it the row numbers of all that follow.
        engine.index([tokenise(text) or ["\x00"] for text in texts], show_progress=False)
        return cls(engine, len(texts))

    def __len__(self) -> int:
        return self._n_rows

    def scores(self, question: str) -> Scores:
        """Shape ``(n_rows,)``; zero where the chunk shares no token with the question."""
        known = [token for token in tokenise(question) if token in self._vocabulary]
        if not known:
            return np.zeros(self._n_rows, dtype=np.float32)
        return np.asarray(self._engine.get_scores(known), dtype=np.float32)

    def word_shares(self, question: str) -> Scores:
        """Shape ``(n_rows,)``: the share of the question's words that each chunk holds, weighted by rarity.

        Between 0 and 1 whatever the question, so that it can be compared between questions. A word that no
        chunk holds counts as the rarest.
        """
        held = np.zeros(self._n_rows, dtype=np.float64)
        total = 0.0
        for token in dict.fromkeys(tokenise(question)):
            if token in self._vocabulary:
                rows = np.asarray(self._engine.get_scores([token])) > 0
                rarity = float(np.log1p(self._n_rows / max(int(rows.sum()), 1)))
                held += rarity * rows
            else:
                rarity = float(np.log1p(2 * self._n_rows))
            total += rarity
        return (held / total if total else held).astype(np.float32)

    def save(self, directory: Path) -> None:
        """Write the index into ``directory``, which must not exist yet.

        The record goes last and holds the digests of all other files, so that a damaged one is noticed.
        """
        directory.mkdir(parents=True)
        self._engine.save(str(directory), show_progress=False)
        digests = {file.name: _sha256(file) for file in sorted(directory.iterdir())}
        record = {"rows": self._n_rows, "sha256": digests}
        (directory / _RECORD_FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> KeywordIndex:
        """Read what :meth:`save` wrote; raises OSError or ValueError where files are missing or damaged."""
        record = json.loads((directory / _RECORD_FILE).read_text(encoding="utf-8"))
        for name, digest in record["sha256"].items():
            if _sha256(directory / name) != digest:
                raise ValueError(f"{directory / name} is not the file that was saved")
        engine = bm25s.BM25.load(str(directory), load_corpus=False, show_progress=False)
        return cls(engine, int(record["rows"]))


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
