"""Joins rankings of the same things made by different views."""

from __future__ import annotations

from collections.abc import Sequence


def fuse_rankings(rankings: Sequence[Sequence[str]], offset: int = 60) -> list[tuple[str, float]]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): ids and scores, best first, ties by id.

    Each ranking lists ids, best first, none twice. ``offset`` is the paper's constant, kept at its value.
    """
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, identifier in enumerate(ranking, start=1):
            scores[identifier] = scores.get(identifier, 0.0) + 1.0 / (offset + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
