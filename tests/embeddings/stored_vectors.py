"""Vectors for the tests of the stores: random ones, and clustered ones whose neighbours can be found."""

from __future__ import annotations

import numpy as np

from embeddings.encoder import Vectors


def random_unit(n: int, dimension: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((n, dimension))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def clustered(n: int, dimension: int, seed: int, n_clusters: int = 60) -> Vectors:
    """Vectors around some centres, as sentences are around subjects; early components carry more."""
    random = np.random.default_rng(seed)
    weight = 1 / np.sqrt(1 + np.arange(dimension) / 8)
    centres = np.random.default_rng(77).standard_normal((n_clusters, dimension)) * weight
    noise = random.standard_normal((n, dimension)) * weight
    rows = centres[random.integers(0, n_clusters, n)] + 0.6 * noise
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
