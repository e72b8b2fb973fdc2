"""What a store knows of its rows beside their vectors, held by column, and the rows that a filter leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.vector_store import Attributes, Value, Where

Mask = NDArray[np.bool_]


class RowAttributes:
    """Columns of values, each value held once: a million rows of a few hundred plans cost 4 bytes a row."""

    def __init__(self, n_rows: int, columns: dict[str, tuple[list[Value], NDArray[np.int32]]]) -> None:
        self._n_rows = n_rows
        self._columns = columns

    @classmethod
    def of(cls, attributes: Attributes, n_rows: int) -> RowAttributes:
        """The columns of ``attributes``, which has one value a row in each."""
        return cls(n_rows, {name: _encoded(values) for name, values in attributes.items()})

    def mask(self, where: Where) -> Mask:
        """Which rows ``where`` leaves; raises KeyError for a column that the store does not have."""
        left = np.ones(self._n_rows, dtype=np.bool_)
        for name, wanted in where.items():
            if name not in self._columns:
                known = ", ".join(sorted(self._columns)) or "none"
                raise KeyError(f"The rows have no attribute {name!r}; known: {known}.")
            values, codes = self._columns[name]
            allowed = set(wanted)
            left &= np.array([value in allowed for value in values], dtype=np.bool_)[codes]
        return left

    def take(self, rows: NDArray[np.int64]) -> dict[str, list[Value]]:
        """The values of some rows, as they were given."""
        return {
            name: [values[code] for code in codes[rows]] for name, (values, codes) in self._columns.items()
        }

    def record(self) -> dict[str, Any]:
        """What :meth:`from_record` reads; neighbouring rows with the same value are written as one run."""
        return {name: _runs(values, codes) for name, (values, codes) in self._columns.items()}

    @classmethod
    def from_record(cls, record: dict[str, Any], n_rows: int) -> RowAttributes:
        """Read what :meth:`record` gave; raises ValueError where it is not of ``n_rows`` rows."""
        columns: dict[str, tuple[list[Value], NDArray[np.int32]]] = {}
        for name, runs in record.items():
            values, codes = _encoded([value for value, _ in runs])
            columns[name] = (values, np.repeat(codes, [n for _, n in runs]).astype(np.int32))
            if columns[name][1].size != n_rows:
                raise ValueError(
                    f"the attribute {name!r} has {columns[name][1].size} values for {n_rows} rows"
                )
        return cls(n_rows, columns)


def _encoded(values: Sequence[Value]) -> tuple[list[Value], NDArray[np.int32]]:
    code_of: dict[Value, int] = {}
    codes = np.fromiter(
        (code_of.setdefault(value, len(code_of)) for value in values), dtype=np.int32, count=len(values)
    )
    return list(code_of), codes


def _runs(values: list[Value], codes: NDArray[np.int32]) -> list[tuple[Value, int]]:
    if codes.size == 0:
        return []
    starts = np.concatenate(([0], np.flatnonzero(np.diff(codes)) + 1, [codes.size]))
    return [(values[codes[start]], int(n)) for start, n in zip(starts[:-1], np.diff(starts), strict=True)]
