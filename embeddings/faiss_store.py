"""Vector store over FAISS: exact while there are few vectors, an inverted file when there are many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.flat_segment import FlatSegment
from embeddings.ivf_segment import BLOCK, IvfSegment
from embeddings.row_attributes import RowAttributes
from embeddings.store_files import RECORD_FILE, read_store, write_record
from embeddings.store_segment import StoreSegment, VectorSegment
from embeddings.vector_store import (
    Neighbour,
    Rows,
    Value,
    Where,
    check_dimension,
    check_k,
    check_question,
    exact_scores,
    ranked,
    unknown_id,
)

FLAT_LIMIT = 20_000
"""Up to so many vectors, all of them are compared.

One search of 10,000 vectors of 768 dimensions took 34 ms, of 20,000 49 ms, of 50,000 135 ms and of 100,000
244 ms on two cores that were busy with other work, too; the compressed kind took less than 3 ms of 100,000.
"""
_KINDS = ("flat", "ivf")


def faiss_kind(n_rows: int, flat_limit: int = FLAT_LIMIT) -> str:
    """The kind of a store of so many vectors: ``flat`` is exact, ``ivf`` compressed and approximate."""
    return _KINDS[n_rows > flat_limit]


class FaissStore:
    """Inner product over segments: one that was built, and those that were added since.

    Added rows are segments of their own, compared exactly; two of like size are merged, so that there are
    never many and a row is moved only a few times. When they are more than ``flat_limit`` together, they
    become an inverted file. Removed rows are marked. So adding or removing one plan never touches the rest.
    """

    def __init__(self, flat_limit: int = FLAT_LIMIT, scratch: Path | None = None) -> None:
        self._flat_limit = flat_limit
        self._scratch = scratch
        self._segments: list[StoreSegment] = []

    def __len__(self) -> int:
        return sum(len(segment) for segment in self._segments)

    def __contains__(self, id_: object) -> bool:
        return any(id_ in segment for segment in self._segments)

    @property
    def kind(self) -> str:
        """``flat``, or ``ivf`` where any part is an inverted file."""
        return _KINDS[any(segment.vectors.kind != FlatSegment.kind for segment in self._segments)]

    @property
    def ids(self) -> Sequence[str]:
        """Every id, in the order in which :meth:`scores` gives all scores: the order they came in."""
        return tuple(
            id_ for segment in self._segments for id_ in segment.ids_of(segment.alive_rows().tolist())
        )

    @property
    def dimension(self) -> int:
        """Length of one vector; 0 while the store has never been filled."""
        return self._segments[0].vectors.dimension if self._segments else 0

    @property
    def searches_words(self) -> bool:
        """No: FAISS knows vectors alone."""
        return False

    def build(self, rows: Rows) -> None:
        """Fill the store anew: what was in it before is gone. The rows' words are not needed."""
        rows.check()
        self._segments = [self._segment(0, rows)]

    def add(self, rows: Rows) -> None:
        """Add vectors under ids that are not in the store yet. The rows' words are not needed."""
        rows.check(self)
        if self._segments:
            check_dimension(rows.dimension, self.dimension)
        if not rows.ids:
            return
        self._segments.append(self._segment(self._next_number(), rows))
        self._settle()

    def remove(self, ids: Sequence[str]) -> None:
        """Remove ids that are in the store; ``KeyError``, and nothing removed, where one is not."""
        by_segment = self._by_segment(list(dict.fromkeys(ids)))
        for segment, rows, _ in by_segment:
            segment.remove_rows(rows.tolist())
        # The first one stays, empty as it may be: it says how long vectors are.
        self._segments = [
            segment for place, segment in enumerate(self._segments) if place == 0 or len(segment) > 0
        ]

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """The stored vectors of ``ids``, in that order."""
        found = np.zeros((len(ids), self.dimension), dtype=np.float32)
        for segment, rows, places in self._by_segment(ids):
            found[places] = segment.vectors.take(rows)
        return found

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        within: Sequence[str] | None = None,
        where: Where | None = None,
    ) -> list[Neighbour]:
        """Up to ``k`` neighbours by (-score, id): of all, of the ids in ``within``, of the rows ``where``."""
        check_k(k)
        question = check_question(vector, self.dimension)
        if within is not None:
            self._by_segment(within)  # refuses ids that are not in the store
        near: list[Neighbour] = []
        for segment in self._segments:
            rows = segment.near_rows(question, k, within, where)
            if rows.size > 0:
                scores = exact_scores(segment.vectors.take(rows), question)
                near += ranked(segment.ids_of(rows.tolist()), scores)[:k]
        return sorted(near, key=lambda pair: (-pair[1], pair[0]))[:k]

    def scores(self, vector: NDArray[np.float32], ids: Sequence[str] | None = None) -> NDArray[np.float32]:
        """The exact score of each of ``ids``, or of all of :attr:`ids`, in that order."""
        question = check_question(vector, self.dimension)
        if ids is None:
            parts = [_all_scores(segment, question) for segment in self._segments]
            return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
        found = np.zeros(len(ids), dtype=np.float32)
        for segment, rows, places in self._by_segment(ids):
            found[places] = exact_scores(segment.vectors.take(rows), question)
        return found

    def save(self, directory: Path) -> None:
        """Write the store into ``directory``, which is made where it is missing.

        Segments that were loaded are linked, not written again. The record goes last and holds the digests of
        the other files, so a half-written store is known as such. Give a fresh folder and swap it in where
        readers must never see one.
        """
        directory.mkdir(parents=True, exist_ok=True)
        (directory / RECORD_FILE).unlink(missing_ok=True)
        record = {
            "kind": self.kind,
            "dimension": self.dimension,
            "rows": len(self),
            "segments": [segment.save(directory) for segment in self._segments],
        }
        write_record(directory, record)

    def load(self, directory: Path) -> None:
        """Fill the store anew from what :meth:`save` wrote; leave it as it was where that cannot be read."""

        def read(record: dict[str, Any]) -> list[StoreSegment]:
            segments = [StoreSegment.load(directory, part) for part in record["segments"]]
            if sum(len(segment) for segment in segments) != record["rows"]:
                raise ValueError(f"found other rows than the {record['rows']} that were saved")
            return segments

        self._segments = read_store(directory, _KINDS, read)

    def _segment(self, number: int, rows: Rows) -> StoreSegment:
        segment: VectorSegment
        if len(rows) > self._flat_limit:
            segment = IvfSegment.build(rows.vectors, self._scratch)
        else:
            segment = FlatSegment.build(rows.vectors[0 : len(rows)])
        return StoreSegment(number, segment, list(rows.ids), RowAttributes.of(rows.attributes, len(rows)))

    def _next_number(self) -> int:
        return max((segment.number for segment in self._segments), default=-1) + 1

    def _settle(self) -> None:
        """Merge the last segments while they are of like size; compress them when they are too many."""
        flat = [segment for segment in self._segments if segment.vectors.kind == FlatSegment.kind]
        if sum(len(segment) for segment in flat) > self._flat_limit:
            self._merge(flat)
            return
        while len(flat) > 1 and len(flat[-2]) <= 2 * len(flat[-1]):
            self._merge(flat[-2:])
            flat[-2:] = [self._segments[-1]]

    def _merge(self, parts: list[StoreSegment]) -> None:
        """Put one segment in the place of ``parts``, which are the last ones, or all flat ones."""
        rows = [part.alive_rows() for part in parts]
        ids = [id_ for part, own in zip(parts, rows, strict=True) for id_ in part.ids_of(own.tolist())]
        vectors = np.concatenate([part.vectors.take(own) for part, own in zip(parts, rows, strict=True)])
        columns: dict[str, list[Value]] = {}
        for part, own in zip(parts, rows, strict=True):
            for name, values in part.attributes.take(own).items():
                columns.setdefault(name, []).extend(values)
        merged = self._segment(self._next_number(), Rows(ids, vectors, columns))
        first = self._segments.index(parts[0])
        rest = [segment for segment in self._segments if segment not in parts]
        self._segments = [*rest[:first], merged, *rest[first:]]

    def _by_segment(
        self, ids: Sequence[str]
    ) -> list[tuple[StoreSegment, NDArray[np.int64], NDArray[np.int64]]]:
        """The segments that hold ``ids``, with the rows there and the places in ``ids``; KeyError else."""
        found: list[tuple[StoreSegment, NDArray[np.int64], NDArray[np.int64]]] = []
        missing = list(range(len(ids)))
        for segment in self._segments:
            places = [place for place in missing if ids[place] in segment]
            if places:
                rows = [segment.row(ids[place]) for place in places]
                found.append((segment, np.array(rows, dtype=np.int64), np.array(places, dtype=np.int64)))
                held = set(places)
                missing = [place for place in missing if place not in held]
        if missing:
            raise unknown_id(ids[missing[0]], len(self))
        return found


def _all_scores(segment: StoreSegment, question: NDArray[np.float32]) -> NDArray[np.float32]:
    rows = segment.alive_rows()
    scores = np.zeros(rows.size, dtype=np.float32)
    for start in range(0, rows.size, BLOCK):
        part = segment.vectors.take(rows[start : start + BLOCK])
        scores[start : start + BLOCK] = exact_scores(part, question)
    return scores
