"""Makes raw model output into the unit float32 vectors that every encoder promises."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.encoder import Vectors


def unit_rows(raw: ArrayLike, n: int, dimension: int, shorten: bool = False) -> Vectors:
    """``raw`` as float32 rows of length one; ``ValueError`` where a shape is wrong or a row has no direction.

    With ``shorten`` the rows may be longer than ``dimension``; only their first components are kept, as
    Matryoshka models allow.
    """
    matrix: NDArray[np.float32] = np.asarray(raw, dtype=np.float32)
    if n == 0:
        return np.zeros((0, dimension), dtype=np.float32)
    fits = matrix.ndim == 2 and matrix.shape[0] == n and matrix.shape[1] >= dimension
    if not fits or (matrix.shape[1] > dimension and not shorten):
        raise ValueError(
            f"The encoder gave an array of shape {matrix.shape}; wanted {n} rows of {dimension}. "
            "Check the model and its dimension setting."
        )
    matrix = matrix[:, :dimension]
    lengths = np.sqrt(np.einsum("ij,ij->i", matrix, matrix, dtype=np.float64))
    bad = np.flatnonzero(~np.isfinite(lengths) | (lengths < 1e-12))
    if bad.size > 0:
        raise ValueError(
            f"The encoder gave {bad.size} of {n} vectors without a direction (zero or not finite), "
            f"the first for text {int(bad[0])}. Try precision float32, or another model."
        )
    return np.ascontiguousarray(matrix / lengths[:, None], dtype=np.float32)


def check_passages(n_texts: int, n_titles: int) -> None:
    """Refuse a call that does not give one title (empty where there is none) for each text."""
    if n_texts != n_titles:
        raise ValueError(f"Got {n_texts} texts and {n_titles} titles; wanted one title (or '') a text.")
