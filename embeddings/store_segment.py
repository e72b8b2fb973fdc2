"""One part of a FAISS store with all that belongs to it: vectors, ids, attributes, and what was removed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.flat_segment import FlatSegment
from embeddings.ivf_segment import IvfSegment
from embeddings.row_attributes import Mask, RowAttributes
from embeddings.store_files import check_digests, link_or_copy, sha256_of
from embeddings.vector_store import Where


class VectorSegment(Protocol):
    """Vectors by row: flat, or an inverted file."""

    @property
    def kind(self) -> str:
        """``flat`` or ``ivf``."""
        ...

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        ...

    def __len__(self) -> int:
        """How many rows there are."""
        ...

    def near_rows(
        self, question: NDArray[np.float32], k: int, allowed: Mask | None, n_allowed: int
    ) -> NDArray[np.int64]:
        """Rows among which the best ``k`` of those allowed are to be found."""
        ...

    def take(self, rows: NDArray[np.int64]) -> Vectors:
        """The vectors of some rows."""
        ...

    def write(self, stem: Path) -> list[Path]:
        """Write the vectors into files that begin with ``stem``."""
        ...


class StoreSegment:
    """Rows that were added together, or merged. Its files never change; removed rows are marked beside."""

    def __init__(
        self,
        number: int,
        vectors: VectorSegment,
        ids: list[str],
        attributes: RowAttributes,
        removed: Iterable[int] = (),
    ) -> None:
        self.number = number
        self.vectors = vectors
        self.attributes = attributes
        self._ids = ids
        self._row_of = {id_: row for row, id_ in enumerate(ids)}
        self._alive = np.ones(len(ids), dtype=np.bool_)
        self._n_alive = len(ids)
        self._saved: tuple[Path, dict[str, str]] | None = None
        self.remove_rows(removed)

    def __len__(self) -> int:
        """How many rows were not removed."""
        return self._n_alive

    def __contains__(self, id_: object) -> bool:
        return id_ in self._row_of

    def row(self, id_: str) -> int:
        """The row of an id."""
        return self._row_of[id_]

    def ids_of(self, rows: Iterable[int]) -> list[str]:
        """The ids of some rows."""
        return [self._ids[row] for row in rows]

    def alive_rows(self) -> NDArray[np.int64]:
        """The rows that were not removed."""
        return np.flatnonzero(self._alive)

    def remove_rows(self, rows: Iterable[int]) -> None:
        """Mark rows as removed."""
        for row in rows:
            self._alive[row] = False
            self._n_alive -= 1
            del self._row_of[self._ids[row]]

    def near_rows(
        self,
        question: NDArray[np.float32],
        k: int,
        within: Sequence[str] | None,
        where: Where | None,
    ) -> NDArray[np.int64]:
        """Rows among which the best ``k`` are to be found, of those that the two filters leave."""
        allowed: Mask | None = None
        n_allowed = self._n_alive
        if within is not None or where is not None or n_allowed < len(self._ids):
            allowed = self._alive if where is None else self._alive & self.attributes.mask(where)
            if within is not None:
                inside = np.zeros(len(self._ids), dtype=np.bool_)
                inside[[self._row_of[id_] for id_ in within if id_ in self._row_of]] = True
                allowed = allowed & inside
            n_allowed = int(allowed.sum())
        if n_allowed == 0:
            return np.zeros(0, dtype=np.int64)
        return self.vectors.near_rows(question, k, allowed, n_allowed)

    def save(self, directory: Path) -> dict[str, Any]:
        """Write the segment, or link the files that it was read from, and give its record."""
        stem = f"{self.number:06d}"
        if self._saved is not None and self._saved[0].is_dir():
            source, digests = self._saved
            for name in digests:
                link_or_copy(source / name, directory / name)
        else:
            ids, attributes = directory / f"{stem}.ids.json", directory / f"{stem}.attributes.json"
            ids.write_text(json.dumps(self._ids, ensure_ascii=False), encoding="utf-8")
            attributes.write_text(json.dumps(self.attributes.record(), ensure_ascii=False), encoding="utf-8")
            files = [ids, attributes, *self.vectors.write(directory / stem)]
            digests = {file.name: sha256_of(file) for file in files}
        return {
            "number": self.number,
            "kind": self.vectors.kind,
            "rows": len(self._ids),
            "dimension": self.vectors.dimension,
            "removed": np.flatnonzero(~self._alive).tolist(),
            "sha256": digests,
        }

    @classmethod
    def load(cls, directory: Path, record: dict[str, Any]) -> StoreSegment:
        """Read what :meth:`save` wrote; raises OSError or ValueError where it is damaged."""
        check_digests(directory, record["sha256"])
        stem = directory / f"{record['number']:06d}"
        ids = json.loads((directory / f"{stem.name}.ids.json").read_text(encoding="utf-8"))
        columns = json.loads((directory / f"{stem.name}.attributes.json").read_text(encoding="utf-8"))
        vectors: VectorSegment
        if record["kind"] == FlatSegment.kind:
            vectors = FlatSegment.read(stem)
        else:
            vectors = IvfSegment.read(stem, int(record["dimension"]))
        if not len(vectors) == len(ids) == record["rows"]:
            raise ValueError(f"segment {stem.name} has {len(vectors)} vectors for {len(ids)} ids")
        attributes = RowAttributes.from_record(columns, len(ids))
        segment = cls(int(record["number"]), vectors, ids, attributes, record["removed"])
        segment._saved = (directory, record["sha256"])
        return segment
