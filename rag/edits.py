"""How many letters one word is away from another."""

from __future__ import annotations


def edit_distance(first: str, second: str) -> int:
    """Letters to put in, take out or change (Levenshtein)."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        previous, row[0] = row[0], i
        for j, b in enumerate(second, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
