"""A part of a vector store that compares every vector, in memory."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.row_attributes import Mask

# FAISS adds up in blocks, so equal vectors can differ in the last bits of their scores. Whatever lies this
# near to the k-th score is scored again, row by row, before ties are broken by id.
_MARGIN = 1e-5


class FlatSegment:
    """Exact inner product over all rows."""

    kind = "flat"

    def __init__(self, index: faiss.IndexFlatIP) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> FlatSegment:
        """Hold ``vectors``."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return int(self._index.d)

    def near_rows(
        self, question: NDArray[np.float32], k: int, allowed: Mask | None, n_allowed: int
    ) -> NDArray[np.int64]:
        """Every row whose score could be among the best ``k``, near-ties at the end included."""
        # FAISS keeps a bare pointer to the selector, so that it has to have a name until the search is over.
        selector = None if allowed is None else faiss.IDSelectorBatch(np.flatnonzero(allowed))
        params = faiss.SearchParameters()
        params.sel = selector
        wanted = min(n_allowed, k + 16)
        k = min(k, n_allowed)
        while True:
            found_scores, found = self._index.search(question[None, :], wanted, params=params)
            real = found[0] >= 0  # FAISS pads with -1
            scores, rows = found_scores[0][real], found[0][real]
            if wanted >= n_allowed or scores[-1] < scores[k - 1] - _MARGIN:
                near: NDArray[np.int64] = rows[scores >= scores[k - 1] - _MARGIN].astype(np.int64)
                return near
            wanted = min(n_allowed, wanted * 2)

    def take(self, rows: NDArray[np.int64]) -> Vectors:
        """The vectors of some rows."""
        if rows.size == 0:
            return np.zeros((0, self.dimension), dtype=np.float32)
        stored: Vectors = self._index.reconstruct_batch(rows)
        return stored

    def write(self, stem: Path) -> list[Path]:
        """Write the vectors into files that begin with ``stem``."""
        file = stem.with_suffix(".faiss")
        file.write_bytes(faiss.serialize_index(self._index).tobytes())
        return [file]

    @classmethod
    def read(cls, stem: Path) -> FlatSegment:
        """Read what :meth:`write` wrote; raises ValueError where it is another kind of index."""
        index = faiss.deserialize_index(np.fromfile(stem.with_suffix(".faiss"), dtype=np.uint8))
        if not isinstance(index, faiss.IndexFlatIP):
            raise ValueError(f"{stem.name}.faiss holds {type(index).__name__}; wanted IndexFlatIP")
        return cls(index)
