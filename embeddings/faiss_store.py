"""Vector store over FAISS, exact: every vector is compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.vector_store import Neighbour

_SCHEMA = 1
_INDEX_FILE = "vectors.faiss"
_IDS_FILE = "ids.json"
_RECORD_FILE = "store.json"
# FAISS adds up in blocks, so equal vectors can differ in the last bits of their scores. Whatever lies this
# near to the k-th score is scored again, row by row, before ties are broken by id.
_MARGIN = 1e-5
_UNIT_TOLERANCE = 1e-3


class FaissStore:
    """Exact inner product over all rows, in memory.

    The kind of FAISS index is written beside it, so that compressed kinds can follow for larger collections.
    """

    kind = "flat"

    def __init__(self) -> None:
        self._index: faiss.IndexFlatIP = faiss.IndexFlatIP(0)
        self._ids: list[str] = []
        self._row_of: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._row_of

    @property
    def ids(self) -> Sequence[str]:
        """Every id, in the order in which :meth:`scores` gives all scores."""
        return tuple(self._ids)

    @property
    def dimension(self) -> int:
        """Length of one vector; 0 while the store has never been filled."""
        return int(self._index.d)

    def build(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Fill the store anew: what was in it before is gone."""
        _check_new(ids, vectors, {})
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(_contiguous(vectors))
        self._replace(index, list(ids))

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors under ids that are not in the store yet."""
        if self.dimension == 0:
            self.build(ids, vectors)
            return
        _check_new(ids, vectors, self._row_of)
        self._check_dimension(vectors.shape[1])
        self._index.add(_contiguous(vectors))
        self._row_of.update({id_: len(self._ids) + offset for offset, id_ in enumerate(ids)})
        self._ids.extend(ids)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove ids that are in the store; ``KeyError``, and nothing removed, where one is not."""
        rows = self._rows(ids)
        if rows.size == 0:
            return
        self._index.remove_ids(faiss.IDSelectorBatch(rows))
        gone = set(ids)
        self._replace(self._index, [id_ for id_ in self._ids if id_ not in gone])

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """The stored vectors of ``ids``, in that order."""
        return self._stored(self._rows(ids))

    def search(
        self, vector: NDArray[np.float32], k: int, within: Sequence[str] | None = None
    ) -> list[Neighbour]:
        """Up to ``k`` neighbours by (-score, id), of all ids or of those in ``within``."""
        if k < 1:
            raise ValueError(f"k is {k}; wanted at least 1.")
        question = self._question(vector)
        allowed = None if within is None else np.unique(self._rows(within))
        n = len(self._ids) if allowed is None else int(allowed.size)
        if n == 0:
            return []
        rows = self._near_rows(question, min(k, n), n, allowed)
        scores = _exact_scores(self._stored(rows), question)
        ranked = sorted(
            ((self._ids[row], float(score)) for row, score in zip(rows, scores, strict=True)),
            key=lambda pair: (-pair[1], pair[0]),
        )
        return ranked[:k]

    def scores(self, vector: NDArray[np.float32], ids: Sequence[str] | None = None) -> NDArray[np.float32]:
        """The exact score of each of ``ids``, or of all of :attr:`ids`, in that order."""
        question = self._question(vector)
        rows = np.arange(len(self._ids), dtype=np.int64) if ids is None else self._rows(ids)
        return _exact_scores(self._stored(rows), question)

    def save(self, directory: Path) -> None:
        """Write the store into ``directory``, which is made where it is missing.

        The record goes last and holds the digests of the other two files, so a half-written store is known
        as such. Give a fresh folder and swap it in where readers must never see one.
        """
        directory.mkdir(parents=True, exist_ok=True)
        index_bytes = faiss.serialize_index(self._index).tobytes()
        ids_bytes = json.dumps(self._ids, ensure_ascii=False).encode()
        record = {
            "schema": _SCHEMA,
            "kind": self.kind,
            "dimension": self.dimension,
            "rows": len(self._ids),
            "sha256": {_INDEX_FILE: _sha256(index_bytes), _IDS_FILE: _sha256(ids_bytes)},
        }
        (directory / _RECORD_FILE).unlink(missing_ok=True)
        (directory / _INDEX_FILE).write_bytes(index_bytes)
        (directory / _IDS_FILE).write_bytes(ids_bytes)
        (directory / _RECORD_FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")

    def load(self, directory: Path) -> None:
        """Fill the store anew from what :meth:`save` wrote; leave it as it was where that cannot be read."""
        files = _verified_files(directory)
        index = faiss.deserialize_index(np.frombuffer(files[_INDEX_FILE], dtype=np.uint8))
        ids = json.loads(files[_IDS_FILE])
        if not isinstance(index, faiss.IndexFlatIP) or index.ntotal != len(ids):
            raise ValueError(
                f"The vector store in {directory} does not fit together: found {type(index).__name__} with "
                f"{index.ntotal} rows and {len(ids)} ids. Build the index again with `planqa index`."
            )
        self._replace(index, ids)

    def _replace(self, index: faiss.IndexFlatIP, ids: list[str]) -> None:
        self._index = index
        self._ids = ids
        self._row_of = {id_: row for row, id_ in enumerate(ids)}

    def _near_rows(
        self, question: NDArray[np.float32], k: int, n: int, allowed: NDArray[np.int64] | None
    ) -> NDArray[np.int64]:
        """Every row whose score could be among the best ``k``, near-ties at the end included."""
        selector = None if allowed is None else faiss.IDSelectorBatch(allowed)
        params = faiss.SearchParameters()
        params.sel = selector
        wanted = min(n, k + 16)
        while True:
            found_scores, found = self._index.search(question[None, :], wanted, params=params)
            real = found[0] >= 0  # FAISS pads with -1
            scores, rows = found_scores[0][real], found[0][real]
            if wanted >= n or scores[-1] < scores[k - 1] - _MARGIN:
                near: NDArray[np.int64] = rows[scores >= scores[k - 1] - _MARGIN].astype(np.int64)
                return near
            wanted = min(n, wanted * 2)

    def _rows(self, ids: Sequence[str]) -> NDArray[np.int64]:
        try:
            return np.fromiter((self._row_of[id_] for id_ in ids), dtype=np.int64, count=len(ids))
        except KeyError as error:
            raise KeyError(
                f"No vector under the id {error.args[0]!r} in a store of {len(self._ids)}."
            ) from error

    def _stored(self, rows: NDArray[np.int64]) -> Vectors:
        if rows.size == 0:
            return np.zeros((0, self.dimension), dtype=np.float32)
        stored: Vectors = self._index.reconstruct_batch(rows)
        return stored

    def _question(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        question = np.ascontiguousarray(vector, dtype=np.float32)
        if question.ndim != 1 or not bool(np.isfinite(question).all()):
            raise ValueError(f"Wanted one finite vector to search with; found shape {question.shape}.")
        if self.dimension > 0:
            self._check_dimension(question.shape[0])
        return question

    def _check_dimension(self, found: int) -> None:
        if found != self.dimension:
            raise ValueError(
                f"Found a vector of {found} dimensions; the store holds {self.dimension}. "
                "Use the encoder that the index was built with, or build the index again."
            )


def _exact_scores(rows: Vectors, question: NDArray[np.float32]) -> NDArray[np.float32]:
    """Inner products that depend on the two vectors alone, not on where a row lies.

    A matrix product would be quicker, but adds up in an order that changes with the number of rows.
    """
    scores: NDArray[np.float32] = np.einsum("ij,j->i", rows, question)
    return scores


def _check_new(ids: Sequence[str], vectors: Vectors, present: dict[str, int]) -> None:
    if vectors.ndim != 2 or vectors.shape[0] != len(ids):
        raise ValueError(f"Got {len(ids)} ids and vectors of shape {vectors.shape}; wanted one row an id.")
    seen: set[str] = set()
    for id_ in ids:
        if id_ in present or id_ in seen:
            raise ValueError(f"The id {id_!r} is already in the store; ids must be unique.")
        seen.add(id_)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    bad = np.flatnonzero(~(np.abs(lengths - 1.0) <= _UNIT_TOLERANCE))
    if bad.size > 0:
        row = int(bad[0])
        raise ValueError(f"The vector of {ids[row]!r} has length {lengths[row]:.4f}; wanted unit length.")


def _contiguous(vectors: Vectors) -> Vectors:
    return np.ascontiguousarray(vectors, dtype=np.float32)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _verified_files(directory: Path) -> dict[str, bytes]:
    record_path = directory / _RECORD_FILE
    if not record_path.is_file():
        raise FileNotFoundError(
            f"No vector store in {directory}: found no {_RECORD_FILE}. Build the index with `planqa index`."
        )
    try:
        record = json.loads(record_path.read_text(encoding="utf-8"))
        if record["schema"] != _SCHEMA or record["kind"] != FaissStore.kind:
            raise ValueError(
                f"schema {record['schema']}, kind {record['kind']}; wanted {_SCHEMA}, {FaissStore.kind}"
            )
        files = {name: (directory / name).read_bytes() for name in (_INDEX_FILE, _IDS_FILE)}
        for name, data in files.items():
            if _sha256(data) != record["sha256"][name]:
                raise ValueError(f"{name} is not the file that was saved")
    except (ValueError, KeyError, TypeError, FileNotFoundError) as error:
        raise ValueError(
            f"The vector store in {directory} cannot be read ({error}). "
            "Build the index again with `planqa index`."
        ) from error
    return files
