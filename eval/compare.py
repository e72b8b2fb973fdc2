"""Whether one run is really better than another: question by question, with intervals and a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.measures import MEASURES, Measure
from eval.run import Run, RunError, Scored
from eval.statistics import Difference, Estimate, adjust_holm, compare_pairs, estimate
from eval.summary import goodness

LEVEL = 0.05
"""A difference is called real where its adjusted p is below this."""


@dataclass(frozen=True, slots=True)
class Change:
    """One measure in both runs."""

    measure: Measure
    first: Estimate
    second: Estimate
    difference: Difference
    p_adjusted: float
    """After Holm, for having tested every measure."""

    @property
    def real(self) -> bool:
        """Whether chance is an unlikely explanation."""
        return self.p_adjusted < LEVEL

    @property
    def better(self) -> bool:
        """Whether it went the right way, real or not."""
        return (self.difference.value > 0) == self.measure.higher_is_better and self.difference.value != 0


@dataclass(frozen=True, slots=True)
class Moved:
    """A question that came out differently."""

    question_id: str
    text: str
    first: float
    second: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same questions."""

    first: Run
    second: Run
    n: int
    changes: tuple[Change, ...]
    won: tuple[Moved, ...]
    lost: tuple[Moved, ...]
    unpaired: tuple[str, ...]
    """Measures that apply to other questions in one run than in the other, with the numbers of both."""


def compare_runs(first: Run, second: Run) -> Comparison:
    """Compare two runs. :raises RunError: where they are not over the same questions, plans and scoring."""
    for name in ("questions", "corpus", "scoring"):
        if first.record[name] != second.record[name]:
            raise RunError(
                f"{first.name} and {second.name} differ in their {name}; run both over the same to compare"
            )
    ours, theirs = _by_id(first.results), _by_id(second.results)
    if set(ours) != set(theirs):
        raise RunError(
            f"{first.name} has {len(ours)} and {second.name} {len(theirs)} of {first.record['n_questions']} "
            "questions; finish both with `planqa eval run`"
        )
    ids = [scored.question.question_id for scored in first.results]
    changes, unpaired = compare_scored([(ours[question_id], theirs[question_id]) for question_id in ids])
    won, lost = _moved(ids, ours, theirs)
    return Comparison(first, second, len(ids), changes, won, lost, unpaired)


def compare_scored(pairs: Sequence[tuple[Scored, Scored]]) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Every measure over the pairs, and in words those that apply to other questions on either side."""
    compared: list[tuple[Measure, Estimate, Estimate, Difference]] = []
    unpaired: list[str] = []
    for name, measure in MEASURES.items():
        here = sum(name in first.scores for first, _ in pairs)
        there = sum(name in second.scores for _, second in pairs)
        both = [(one.scores[name], two.scores[name]) for one, two in pairs
                if name in one.scores and name in two.scores]  # fmt: skip
        if len(both) != here or len(both) != there:
            unpaired.append(f"{name}: {here} and {there} questions, {len(both)} in both")
        if both:
            a, b = [share for share, _ in both], [share for _, share in both]
            summary = measure.summary
            compared.append(
                (measure, estimate(a, summary), estimate(b, summary), compare_pairs(a, b, summary))
            )
    adjusted = adjust_holm({measure.name: difference.p for measure, _, _, difference in compared})
    return tuple(Change(m, a, b, d, adjusted[m.name]) for m, a, b, d in compared), tuple(unpaired)


def _by_id(results: Sequence[Scored]) -> dict[str, Scored]:
    return {scored.question.question_id: scored for scored in results}


def _moved(
    ids: Sequence[str], ours: Mapping[str, Scored], theirs: Mapping[str, Scored]
) -> tuple[tuple[Moved, ...], tuple[Moved, ...]]:
    moved: list[Moved] = []
    for question_id in ids:
        first, second = goodness(ours[question_id]), goodness(theirs[question_id])
        if abs(second - first) > 1e-9:
            moved.append(Moved(question_id, ours[question_id].question.text, first, second))
    moved.sort(key=lambda one: (-abs(one.second - one.first), one.question_id))
    won = tuple(one for one in moved if one.second > one.first)
    return won, tuple(one for one in moved if one.second < one.first)
