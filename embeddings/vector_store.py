"""Nearest vectors by inner product: the protocol that every vector store meets."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors

Neighbour = tuple[str, float]
"""An id and its score: the inner product with the question's vector, higher is nearer."""

Value = str | int
Attributes = Mapping[str, Sequence[Value]]
"""What is known of rows beside its vector, as ``{"plan": ["a-2023", "b-2018"], "year": [2023, 2018]}``."""

Words = Sequence[Sequence[str]]
"""The tokens of each row's text."""

Where = Mapping[str, Collection[Value]]
"""Which rows may be found: in every column that is named, the row's value must be one of those given."""

_UNIT_TOLERANCE = 1e-3
_CHECKED_AT_ONCE = 8192
"""Vectors whose lengths are looked at together."""


class VectorRows(Protocol):
    """Vectors that need not all be in memory: an array, a memory map, or what makes them block by block.

    Every row has unit length; the same slice gives the same rows each time.
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """``(n, dimension)``."""
        ...

    def __getitem__(self, rows: slice, /) -> Vectors:
        """The rows of one slice."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What is put into a store: vectors under ids, each with what is known of it beside."""

    ids: Sequence[str]
    vectors: VectorRows
    attributes: Attributes = field(default_factory=dict)
    words: Words | None = None
    """For stores that search words."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return self.vectors.shape[1]

    def check(self, present: Container[str] = ()) -> None:
        """Refuse what is not one unit vector, and one value an attribute, for each of new, unlike ids.

        ``present`` holds the ids that are taken. Raises ValueError.
        """
        n, shape = len(self.ids), self.vectors.shape
        if len(shape) != 2 or shape[0] != n:
            raise ValueError(f"Got {n} ids and vectors of shape {shape}; wanted one row an id.")
        for name, values in self.attributes.items():
            if len(values) != n:
                raise ValueError(f"Got {n} ids and {len(values)} values of {name!r}; wanted one an id.")
        seen: set[str] = set()
        for id_ in self.ids:
            if id_ in seen or id_ in present:
                raise ValueError(f"The id {id_!r} is already in the store; ids must be unique.")
            seen.add(id_)
        for start in range(0, n, _CHECKED_AT_ONCE):
            part = slice(start, start + _CHECKED_AT_ONCE)
            _check_unit_length(self.ids[part], self.vectors[part])


class VectorStore(Protocol):
    """Vectors under ids. The same vectors give the same neighbours, whatever order they came in."""

    @property
    def kind(self) -> str:
        """What sort of index it is; part of the index manifest."""
        ...

    @property
    def ids(self) -> Sequence[str]:
        """Every id, in the order in which :meth:`scores` gives all scores."""
        ...

    @property
    def dimension(self) -> int:
        """Length of one vector; 0 while the store has never been filled."""
        ...

    def __len__(self) -> int:
        """How many vectors there are."""
        ...

    @property
    def searches_words(self) -> bool:
        """Whether the store can search words, too, and so wants each row's."""
        ...

    def build(self, rows: Rows) -> None:
        """Fill the store anew: what was in it before is gone."""
        ...

    def add(self, rows: Rows) -> None:
        """Add vectors under new ids, in time that goes with their number."""
        ...

    def remove(self, ids: Sequence[str]) -> None:
        """Remove ids that are in the store, in time that goes with their number."""
        ...

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """The stored vectors of ``ids``, in that order."""
        ...

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        within: Sequence[str] | None = None,
        where: Where | None = None,
    ) -> list[Neighbour]:
        """Up to ``k`` neighbours by (-score, id): of all, of the ids in ``within``, of the rows ``where``."""
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


def check_question(vector: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """The question's vector, contiguous; raises ValueError where it does not fit the store."""
    question = np.ascontiguousarray(vector, dtype=np.float32)
    if question.ndim != 1 or not bool(np.isfinite(question).all()):
        raise ValueError(f"Wanted one finite vector to search with; found shape {question.shape}.")
    if dimension > 0:
        check_dimension(question.shape[0], dimension)
    return question


def check_k(k: int) -> None:
    """Refuse to look for less than one neighbour."""
    if k < 1:
        raise ValueError(f"k is {k}; wanted at least 1.")


def check_dimension(found: int, wanted: int) -> None:
    """Refuse vectors of another length than those in the store."""
    if found != wanted:
        raise ValueError(
            f"Found a vector of {found} dimensions; the store holds {wanted}. "
            "Use the encoder that the index was built with, or build the index again."
        )


def unknown_id(id_: str, n: int) -> KeyError:
    """What to raise for an id that a store of ``n`` vectors does not have."""
    return KeyError(f"No vector under the id {id_!r} in a store of {n}.")


def _check_unit_length(ids: Sequence[str], vectors: Vectors) -> None:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    bad = np.flatnonzero(~(np.abs(lengths - 1.0) <= _UNIT_TOLERANCE))
    if bad.size > 0:
        row = int(bad[0])
        raise ValueError(f"The vector of {ids[row]!r} has length {lengths[row]:.4f}; wanted unit length.")


def exact_scores(rows: Vectors, question: NDArray[np.float32]) -> NDArray[np.float32]:
    """Inner products that depend on the two vectors alone, not on where a row lies.

    A matrix product would be quicker, but adds up in an order that changes with the number of rows.
    """
    scores: NDArray[np.float32] = np.einsum("ij,j->i", rows, question)
    return scores


def ranked(ids: Sequence[str], scores: NDArray[np.float32]) -> list[Neighbour]:
    """Ids and scores by (-score, id)."""
    pairs = [(id_, float(score)) for id_, score in zip(ids, scores, strict=True)]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
