"""What is measured of each question, in one place: names, meaning, direction.

Every measure of a question is a share: a numerator and a denominator that are summed over questions. So a
plain mean has denominator 1 each, and precision, recall and F1 over plans weigh every plan alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Family = Literal["retrieval", "verdicts", "facts", "citations", "checks", "refusal", "time", "cost"]


class Share(NamedTuple):
    """One question's contribution to a measure."""

    numerator: float
    denominator: float = 1.0


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as tables show it."""

    name: str
    family: Family
    meaning: str
    higher_is_better: bool = True
    unit: Literal["share", "ms", "tokens", "MB"] = "share"
    summary: Literal["mean", "median", "p95"] = "mean"


_ALL = (
    Measure("recall@5", "retrieval", "required items among the first 5 hits (ir-measures R@5)"),
    Measure("recall@10", "retrieval", "required items among the first 10 hits (ir-measures R@10)"),
    Measure("recall@20", "retrieval", "required items among the first 20 hits (ir-measures R@20)"),
    Measure("ndcg@10", "retrieval", "order of the first 10; required weigh 2, acceptable 1 (ir-measures)"),
    Measure("mrr", "retrieval", "1 / rank of the first required item (ir-measures RR)"),
    Measure("plan_first_hit", "retrieval", "yes plans whose first hit within the plan is a gold item"),
    Measure("plan_hit@3", "retrieval", "yes plans with a gold item among their first 3"),
    Measure("verdict_precision", "verdicts", "plans called yes that are; gold partial left out"),
    Measure("verdict_recall", "verdicts", "plans that are yes and called so"),
    Measure("verdict_f1", "verdicts", "harmonic mean of both, over all plans of all questions"),
    Measure("mention_f1", "verdicts", "F1 with partial counted as yes on both sides"),
    Measure("verdict_exact", "verdicts", "questions with every yes and no evidence right"),
    Measure("verdict_brier", "verdicts", "mean squared error of the confidence", higher_is_better=False),
    Measure("facts_all", "facts", "questions whose answer states all their facts"),
    Measure("facts_share", "facts", "facts stated"),
    Measure("citation_precision", "citations", "cited items that are required or acceptable"),
    Measure("citation_recall", "citations", "required items (enumerate: yes plans) that are cited"),
    Measure("verbatim", "checks", "quotes that stand in their plan at their offsets"),
    Measure("claims_cited", "checks", "claims with at least one citation"),
    Measure("claims_verified", "checks", "claims that the system itself calls verified"),
    Measure("numbers_grounded", "checks", "numbers of the answer that stand in a quote it cites"),
    Measure("refused_unanswerable", "refusal", "unanswerable questions refused or set right"),
    Measure("status_right", "refusal", "unanswerable questions refused with the right status"),
    Measure("refused_answerable", "refusal", "answerable questions refused", higher_is_better=False),
    Measure("failed", "refusal", "questions that ended in an error", higher_is_better=False),
    Measure("search_ms", "time", "a search alone, the question embedded anew, median", False, "ms", "median"),
    Measure("first_evidence_ms", "time", "first evidence, median", False, "ms", "median"),
    Measure("first_word_ms", "time", "first generated word, median", False, "ms", "median"),
    Measure("first_verdict_ms", "time", "first verdict, median", False, "ms", "median"),
    Measure("wall_ms", "time", "whole answer, median", False, "ms", "median"),
    Measure("wall_p95_ms", "time", "whole answer, 95th percentile", False, "ms", "p95"),
    Measure("prompt_tokens", "cost", "tokens put to the model, median", False, "tokens", "median"),
    Measure("generated_tokens", "cost", "tokens generated, median", False, "tokens", "median"),
    Measure("memory_mb", "cost", "resident memory after a question, 95th percentile", False, "MB", "p95"),
)
MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _ALL}
"""Every measure by its name, in the order of the tables."""
GOALS: Mapping[str, float] = {
    "recall@10": 0.98, "verdict_f1": 0.95, "facts_all": 0.95, "citation_precision": 0.95,
    "citation_recall": 0.95, "verbatim": 1.0, "numbers_grounded": 1.0, "refused_unanswerable": 0.95,
    "refused_answerable": 0.03,
}  # fmt: skip
"""What the project wants to reach on questions it has never seen."""
