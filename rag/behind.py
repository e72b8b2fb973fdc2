"""Which of the plans that are put side by side have nothing to the matter, as their sentences show."""

from __future__ import annotations

from collections.abc import Sequence

from rag.alignment import content_rows
from rag.retrieve import Retriever, Scores
from rag.verdicts import VerdictJudge

_DOUBTFUL_BELOW = 0.16
"""A plan that is this probable to say it is not looked at further."""
_FAR_BEHIND = 0.6
"""Its best sentence is far behind where it comes no further from the plan's mean one to the corpus' best …"""
_NO_NEARER = 0.68
"""… and where this, and how far it leads what its other items say, are no more together.

Of 153 plans that development questions for a comparison are rightly put to, this calls three silent, one of
which is; of 609 that say what a "which plans" question asks 25, of 1,044 that do not 367.
"""


def plans_without(
    retriever: Retriever, judge: VerdictJudge, scores: Scores, plan_ids: Sequence[str]
) -> set[str]:
    """The plans that say nothing near to what the scores are for, or only what stands beside it.

    Where a plan has nothing of a matter, its best sentence is far behind another plan's, and those of several
    of its items are equally near.
    """
    silent = judge.silent_plans(scores, plan_ids)
    doubtful = [
        plan_id
        for plan_id, (signals, _) in judge.signals(scores).items()
        if plan_id in plan_ids and judge.probability(signals) < _DOUBTFUL_BELOW
    ]
    return silent | {plan_id for plan_id in doubtful if _is_behind(retriever, scores, plan_id)}


def _is_behind(retriever: Retriever, scores: Scores, plan_id: str) -> bool:
    fused, chunks = scores.fused, retriever.index.chunks
    (scored,) = retriever.scored([plan_id], scores)
    rows = [row for row in content_rows(retriever, plan_id) if row in set(scored)]
    if not rows:
        return True
    best = max(rows, key=lambda row: float(fused[row]))
    others = [float(fused[row]) for row in rows if chunks[row].item_id != chunks[best].item_id]
    mean, top = float(fused[rows].mean()), float(fused.max())
    way = float(fused[best]) - mean
    if way <= 0 or top <= mean:
        return False
    come = way / (top - mean)
    lead = (float(fused[best]) - max(others)) / way if others else 1.0
    return come < _FAR_BEHIND and come + lead < _NO_NEARER
