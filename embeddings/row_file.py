"""Half-precision vectors in a file, read row by row where they lie."""

from __future__ import annotations

import os
import weakref
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors

_BYTES = 2


class RowFile:
    """Rows are read by their place in the file, so that only the page cache holds what was read.

    A memory map would do the same, but the pages around each row would count as this process' memory, until
    all of the file does.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        self.path = path
        self.dimension = dimension
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)
        size = os.fstat(self._file).st_size
        if size % (_BYTES * dimension) != 0:
            raise ValueError(f"{path.name} has {size} bytes; wanted rows of {_BYTES * dimension}")
        self._n_rows = size // (_BYTES * dimension)

    def __len__(self) -> int:
        return self._n_rows

    def take(self, rows: NDArray[np.int64]) -> Vectors:
        """The vectors of some rows, in single precision; neighbouring rows are read at once."""
        taken = np.zeros((rows.size, self.dimension), dtype=np.float32)
        if rows.size == 0:
            return taken
        edges = np.flatnonzero(np.diff(rows) != 1) + 1
        starts, stops = np.concatenate(([0], edges)), np.concatenate((edges, [rows.size]))
        width = _BYTES * self.dimension
        for start, stop, first in zip(starts.tolist(), stops.tolist(), rows[starts].tolist(), strict=True):
            data = os.pread(self._file, width * (stop - start), width * first)
            taken[start:stop] = np.frombuffer(data, dtype=np.float16).reshape(stop - start, self.dimension)
        return taken
