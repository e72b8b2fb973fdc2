"""Scores of a run, overall and in parts, each with its interval and the number of questions it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.measures import MEASURES, Measure
from eval.run import Run, Scored, collect
from eval.scoring import given_verdicts, scoped_verdicts
from eval.statistics import Bin, Estimate, estimate, reliability


@dataclass(frozen=True, slots=True)
class Row:
    """One measure over one group of questions."""

    measure: Measure
    estimate: Estimate
    asked: int
    """Questions in the group that the measure could apply to: where it is over fewer, tables say so."""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the questions, with its rows."""

    name: str
    n: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """How long a stage of answering takes, in milliseconds, and over how many answers that is."""

    name: str
    median: float
    p95: float
    n: int


def summarise(run: Run) -> list[Group]:
    """All questions first, then by type, by language and by how they are written."""
    groups = [_group("all", run.results)]
    groups += _split("type", run.results, lambda scored: [scored.question.type])
    groups += _split("language", run.results, lambda scored: [scored.question.language])
    groups += _split("written", run.results, lambda scored: scored.question.traits)
    return groups


def measure_rows(results: Sequence[Scored]) -> tuple[Row, ...]:
    """Every measure that applies to any of the results."""
    rows: list[Row] = []
    for measure in MEASURES.values():
        shares = collect(results, measure.name)
        if shares:
            asked = sum(applies(measure, scored) for scored in results)
            rows.append(Row(measure, estimate(shares, measure.summary), max(asked, len(shares))))
    return tuple(rows)


def applies(measure: Measure, scored: Scored) -> bool:
    """Whether the question's gold calls for the measure, whatever the system did.

    Precision of nothing claimed, the numbers of an answer without numbers and the like have no value; the
    difference between these questions and the scored ones is what a table must not hide.
    """
    question = scored.question
    if measure.family == "verdicts":
        return bool(question.verdicts)
    if measure.family == "citations":
        return bool(question.required) and question.answerable
    if measure.family == "facts":
        return bool(question.facts) and question.answerable
    if measure.name in ("plan_first_hit", "plan_hit@3"):
        return any(verdict.verdict == "yes" for verdict in scoped_verdicts(question).values())
    if measure.family == "retrieval":
        return bool(question.required)
    return measure.name in scored.scores


def verdict_reliability(results: Iterable[Scored]) -> list[Bin]:
    """How often verdicts of each confidence were yes in the gold; gold partial is left out."""
    judged: list[tuple[float, bool]] = []
    for scored in results:
        given = given_verdicts(scored.outcome)
        for plan, verdict in scoped_verdicts(scored.question).items():
            if plan in given and verdict.verdict != "partial":
                judged.append((given[plan][1], verdict.verdict == "yes"))
    return reliability(judged)


def stage_times(results: Sequence[Scored]) -> list[Stage]:
    """Times of every stage that answers report."""
    times: dict[str, list[float]] = {}
    for scored in results:
        for stage, spent in (scored.outcome.answer or {}).get("timings_ms", {}).items():
            times.setdefault(stage, []).append(float(spent))
    return [
        Stage(name, float(np.median(values)), float(np.quantile(values, 0.95)), len(values))
        for name, values in times.items()
    ]


def failures(scored: Scored) -> list[str]:
    """The measures that the question did not get fully right, the worst first."""
    wrong: list[tuple[float, str]] = []
    for name, share in scored.scores.items():
        measure = MEASURES[name]
        if measure.unit != "share" or measure.family == "checks" or not share.denominator:
            continue
        value = share.numerator / share.denominator
        value = value if measure.higher_is_better else 1.0 - value
        if value < 1.0 and name not in ("ndcg@10", "mrr", "recall@5", "recall@20", "verdict_brier"):
            wrong.append((value, name))
    return [name for _, name in sorted(wrong)]


def goodness(scored: Scored) -> float:
    """One number to order questions by: the mean of what decides whether a reader was served well."""
    names = ("facts_all", "verdict_f1", "citation_precision", "citation_recall", "refused_unanswerable",
             "refused_answerable", "recall@10", "failed")  # fmt: skip
    values: list[float] = []
    for name in names:
        if name in scored.scores:
            share = scored.scores[name]
            value = share.numerator / share.denominator
            values.append(value if MEASURES[name].higher_is_better else 1.0 - value)
    return sum(values) / len(values) if values else 1.0


def _group(name: str, results: Sequence[Scored]) -> Group:
    return Group(name, len(results), measure_rows(results))


def _split(kind: str, results: Sequence[Scored], parts: Callable[[Scored], Sequence[str]]) -> list[Group]:
    members: dict[str, list[Scored]] = {}
    for scored in results:
        for part in parts(scored):
            members.setdefault(part, []).append(scored)
    return [_group(f"{kind}: {part}", members[part]) for part in sorted(members)]
