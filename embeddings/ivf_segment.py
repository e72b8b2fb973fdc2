"""A part of a vector store for many vectors: compressed for the search, whole on disk for the scores."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.row_attributes import Mask
from embeddings.row_file import RowFile
from embeddings.store_files import link_or_copy
from embeddings.vector_store import VectorRows

BLOCK = 8192
"""How many rows are handled at once: 25 MB of EmbeddingGemma's vectors."""
_PROBES = 128
"""Lists that one search looks through. Over 100,000 varied chunk vectors and 100 real questions recall@10 was
0.951 with 32 of 632 lists, 0.981 with 64 and 0.991 with 128, each in less than 3 ms."""
_CANDIDATES = 1000
"""Rows that are scored whole. The first 256 of EmbeddingGemma's 768 dimensions put 0.966 of the ten nearest
among their own 100 nearest, 0.989 among 200, 0.999 among 500 and all among 1,000 (the same vectors)."""
_SHORT_DIMENSIONS = (256, 512)
_NEIGHBOURS, _AMONG, _KEPT = 10, 50, 0.99
"""Vectors are shortened as far as this share of the ten nearest of 5,000 stays among the fifty nearest."""
_TRAINING_ROWS_A_LIST = 64
_SEED = 5
_EXACT_ROWS = 10_000
"""Where a filter leaves no more rows than these, all of them are scored whole."""


class IvfSegment:
    """An inverted file over shortened vectors of 8 bits a dimension; the whole vectors in half precision.

    Searching needs the short vectors alone, a twelfth of the whole ones' size. The whole vectors stay on
    disk: the candidates of a search, or the sentences of one plan, are read from there.
    A row's score differs from the one in single precision by less than 1e-3.
    """

    def __init__(self, index: faiss.IndexIVF, whole: RowFile) -> None:
        self._index = index
        self._whole = whole

    kind = "ivf"

    @classmethod
    def build(cls, vectors: VectorRows, folder: Path | None = None) -> IvfSegment:
        """Train on a sample of ``vectors`` and take them all in, block by block.

        The whole vectors go into a file of their own in ``folder`` that lasts as long as the segment.
        """
        n, dimension = vectors.shape
        n_lists = max(1, 2 * int(np.sqrt(n)))
        sample = _sample(vectors, n_lists * _TRAINING_ROWS_A_LIST)
        short_dimension = _short_dimension(sample)
        quantiser = faiss.IndexFlatIP(short_dimension)
        index = faiss.IndexIVFScalarQuantizer(
            quantiser,
            short_dimension,
            n_lists,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
        )
        index.cp.max_points_per_centroid = _TRAINING_ROWS_A_LIST
        index.cp.min_points_per_centroid = 1
        index.cp.spherical = True
        index.train(_shortened(sample, short_dimension))
        del sample
        handle, name = tempfile.mkstemp(suffix=".f16", dir=folder)
        with os.fdopen(handle, "wb") as file:
            for block in _blocks(vectors):
                index.add(_shortened(block, short_dimension))
                file.write(block.astype(np.float16).tobytes())
        segment = cls(index, RowFile(Path(name), dimension))
        weakref.finalize(segment, Path(name).unlink, missing_ok=True)
        return segment

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of one whole vector."""
        return self._whole.dimension

    @property
    def short_dimension(self) -> int:
        """Length of one vector as it is searched."""
        return int(self._index.d)

    def near_rows(
        self, question: NDArray[np.float32], k: int, allowed: Mask | None, n_allowed: int
    ) -> NDArray[np.int64]:
        """Rows that are probably the best ``k`` and some more; all that are allowed where these are few."""
        if allowed is not None and n_allowed <= max(_EXACT_ROWS, k):
            return np.flatnonzero(allowed)
        probes = _PROBES
        params = faiss.SearchParametersIVF()
        # FAISS keeps a bare pointer to the selector, so that it has to have a name until the search is over.
        selector = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            # the stubs show the C++ constructor; the one that is called takes an array
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
            probes = -(-_PROBES * len(self) // n_allowed)
        params.sel = selector
        params.nprobe = min(int(self._index.nlist), probes)
        wanted = min(n_allowed, max(_CANDIDATES, 4 * k))
        short = _shortened(question[None, :], int(self._index.d))
        _, found = self._index.search(short, wanted, params=params)
        near: NDArray[np.int64] = found[0][found[0] >= 0].astype(np.int64)  # FAISS pads with -1
        return np.sort(near)

    def take(self, rows: NDArray[np.int64]) -> Vectors:
        """The whole vectors of some rows."""
        return self._whole.take(rows)

    def write(self, stem: Path) -> list[Path]:
        """Write the vectors into files that begin with ``stem``; the whole ones are linked where possible."""
        short, whole = stem.with_suffix(".faiss"), stem.with_suffix(".f16")
        faiss.write_index(self._index, str(short))
        link_or_copy(self._whole.path, whole)
        return [short, whole]

    @classmethod
    def read(cls, stem: Path, dimension: int) -> IvfSegment:
        """Map the short vectors and open the whole ones; ValueError where they do not fit together."""
        index = faiss.read_index(
            str(stem.with_suffix(".faiss")), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY
        )
        if not isinstance(index, faiss.IndexIVF):
            raise ValueError(f"{stem.name}.faiss holds {type(index).__name__}; wanted an inverted file")
        whole = RowFile(stem.with_suffix(".f16"), dimension)
        if len(whole) != index.ntotal:
            raise ValueError(f"{stem.name} has {index.ntotal} short vectors and {len(whole)} whole ones")
        return cls(index, whole)


def _blocks(vectors: VectorRows) -> Iterator[Vectors]:
    for start in range(0, vectors.shape[0], BLOCK):
        yield vectors[start : start + BLOCK]


def _sample(vectors: VectorRows, wanted: int) -> Vectors:
    """Rows drawn without bias and always the same, for training."""
    n = vectors.shape[0]
    if n <= wanted:
        return np.concatenate(list(_blocks(vectors)))
    chosen = np.sort(np.random.default_rng(_SEED).choice(n, wanted, replace=False))
    parts = []
    for start in range(0, n, BLOCK):
        rows = chosen[(chosen >= start) & (chosen < start + BLOCK)] - start
        if rows.size > 0:
            parts.append(vectors[start : start + BLOCK][rows])
    return np.concatenate(parts)


def _short_dimension(sample: Vectors) -> int:
    """The fewest dimensions that keep the neighbours: few for a Matryoshka model, all for many others.

    Rows of the sample are the questions; what counts is how many of the nearest others stay near.
    """
    dimension = int(sample.shape[1])
    pool = sample[:: max(1, sample.shape[0] // 5000)]
    questions = pool[:: max(1, pool.shape[0] // 64)]
    nearest = _nearest(questions, pool, _NEIGHBOURS)
    for short in (size for size in _SHORT_DIMENSIONS if size < dimension):
        found = _nearest(_shortened(questions, short), _shortened(pool, short), _AMONG)
        kept = [float(np.isin(wanted, row).mean()) for wanted, row in zip(nearest, found, strict=True)]
        if np.mean(kept) >= _KEPT:
            return short
    return dimension


def _nearest(questions: Vectors, pool: Vectors, k: int) -> NDArray[np.int64]:
    k = min(k, pool.shape[0])
    best: NDArray[np.int64] = np.argpartition(-(questions @ pool.T), k - 1, axis=1)[:, :k]
    return best


def _shortened(vectors: Vectors, dimension: int) -> Vectors:
    """The first components, of unit length again, as Matryoshka models allow."""
    short = np.ascontiguousarray(vectors[:, :dimension], dtype=np.float32)
    lengths = np.linalg.norm(short, axis=1, keepdims=True)
    return np.asarray(short / np.maximum(lengths, 1e-12), dtype=np.float32)
