"""Intervals and tests for measures that are shares summed over questions.

Everything resamples questions, since plans and facts of one question stand or fall together. The random
numbers are seeded: the same scores give the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eval.measures import Share

RESAMPLES = 2000
_SEED = 20240613
_CHUNK = 200
Floats = NDArray[np.float64]
Summary = Literal["mean", "median", "p95"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure over questions with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    n: int
    """Questions that it is over."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a measure changed between two runs over the same questions."""

    value: float
    """Second minus first."""
    low: float
    high: float
    p: float
    """Two-sided paired randomisation test: how often chance alone, swapping the runs question by question,
    gives a difference as large."""
    n: int


def estimate(shares: Sequence[Share], summary: Summary = "mean") -> Estimate:
    """The measure and its interval. :raises ValueError: without shares."""
    table = _table(shares)
    value = float(_summarise(table[None, :, :], summary)[0])
    values = np.concatenate([_summarise(sample, summary) for sample in _resamples(table)])
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(value, float(low), float(high), len(shares))


def compare_pairs(first: Sequence[Share], second: Sequence[Share], summary: Summary = "mean") -> Difference:
    """The difference of the second from the first. :raises ValueError: where the lengths differ or are 0."""
    if len(first) != len(second):
        raise ValueError(f"found {len(first)} and {len(second)} shares; pairs are wanted")
    table = np.concatenate([_table(first), _table(second)], axis=1)
    value = float(_difference(table[None, :, :], summary)[0])
    values = np.concatenate([_difference(sample, summary) for sample in _resamples(table)])
    low, high = np.quantile(values, [0.025, 0.975])
    generator = np.random.default_rng(_SEED)
    as_large = 0
    for _ in range(RESAMPLES // _CHUNK):
        swap = generator.random((_CHUNK, len(first), 1)) < 0.5
        swapped = np.where(swap, table[None, :, [2, 3, 0, 1]], table[None, :, :])
        as_large += int(np.sum(np.abs(_difference(swapped, summary)) >= abs(value) - 1e-12))
    return Difference(value, float(low), float(high), (as_large + 1) / (RESAMPLES + 1), len(first))


def adjust_holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """The p values of several tests, adjusted by Holm's method for having made that many."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    ordered = sorted(p_values, key=lambda name: (p_values[name], name))
    for position, name in enumerate(ordered):
        highest = max(highest, min(1.0, (len(ordered) - position) * p_values[name]))
        adjusted[name] = highest
    return adjusted


@dataclass(frozen=True, slots=True)
class Bin:
    """One step of a reliability curve."""

    low: float
    high: float
    confidence: float
    """Mean of what was said."""
    observed: float
    """Share that came true."""
    n: int


def reliability(judged: Sequence[tuple[float, bool]], n_bins: int = 10) -> list[Bin]:
    """How often verdicts of a confidence came true, in equal steps; empty steps are left out."""
    bins: list[Bin] = []
    for step in range(n_bins):
        low, high = step / n_bins, (step + 1) / n_bins
        inside = [pair for pair in judged if low <= pair[0] < high or (step == n_bins - 1 and pair[0] == 1.0)]
        if inside:
            confidence = sum(p for p, _ in inside) / len(inside)
            observed = sum(true for _, true in inside) / len(inside)
            bins.append(Bin(low, high, confidence, observed, len(inside)))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: how far confidence is from what came true, by weight. 0 without bins."""
    total = sum(step.n for step in bins)
    return sum(step.n * abs(step.confidence - step.observed) for step in bins) / total if total else 0.0


def _table(shares: Sequence[Share]) -> Floats:
    if not shares:
        raise ValueError("a measure over no questions has no value")
    return np.array([[share.numerator, share.denominator] for share in shares], dtype=np.float64)


def _resamples(table: Floats) -> list[Floats]:
    generator = np.random.default_rng(_SEED)
    n = len(table)
    return [table[generator.integers(0, n, size=(_CHUNK, n))] for _ in range(RESAMPLES // _CHUNK)]


def _summarise(samples: Floats, summary: Summary) -> Floats:
    """One value for each sample; ``samples`` has the shape (samples, questions, 2)."""
    if summary == "mean":
        sums = samples.sum(axis=1)
        return np.asarray(sums[:, 0] / sums[:, 1], dtype=np.float64)
    quantile = 0.5 if summary == "median" else 0.95
    return np.asarray(np.quantile(samples[:, :, 0] / samples[:, :, 1], quantile, axis=1), dtype=np.float64)


def _difference(samples: Floats, summary: Summary) -> Floats:
    first, second = _summarise(samples[:, :, :2], summary), _summarise(samples[:, :, 2:], summary)
    return np.asarray(second - first, dtype=np.float64)
