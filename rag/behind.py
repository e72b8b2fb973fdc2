"""Which of the plans that are put side by side, or summed up, have nothing to the matter."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rag.alignment import content_rows
from rag.retrieve import Retriever, Scores
from rag.verdicts import VerdictJudge, silent

_DOUBTFUL_BELOW = 0.16
"""A plan that is compared is looked at further where it is less probable to say it than this."""
_FAR_BEHIND = 0.6
"""Its best sentence is far behind where it comes no further from the plan's mean one to the corpus' best …"""
_NO_NEARER = 0.68
"""… and where this, and how far it leads what its other items say, are no more together.

Of 149 plans that development questions for a comparison are rightly put to three are called silent, of 18
that say nothing of the matter 13.
"""
_BOTH_BELOW = 0.1
"""A plan is silent where the mean probability for a question and for its matter alone is lower.

What frames a question ("does the plan say anything about") comes near to sentences that have nothing to do
with its matter, so both wordings together tell better: area under the curve 0.962 over 248 plans that
development questions are put to, by one wording 0.955 and 0.952. Of 68 plans that a question for one plan is
rightly put to none lies below the bound, of 16 that are silent ten.
"""


def silent_by_both(judge: VerdictJudge, whole: Scores, matter: Scores) -> set[str]:
    """The plans that say nothing near to a question, by its scores and those of its matter alone."""
    found = _by_both(judge.probabilities(whole), judge.probabilities(matter))
    return {plan_id for plan_id, probability in found.items() if probability < _BOTH_BELOW}


def plans_without(
    retriever: Retriever, judge: VerdictJudge, whole: Scores, matter: Scores, plan_ids: Sequence[str]
) -> set[str]:
    """The plans that say nothing near to a question, or only what stands beside its matter.

    Where a plan has nothing of a matter, its best sentence is far behind another plan's, and those of several
    of its items are equally near.
    """
    of_whole = judge.probabilities(whole)
    found = _by_both(of_whole, judge.probabilities(matter))
    doubtful = [plan_id for plan_id in plan_ids if found[plan_id] < _DOUBTFUL_BELOW]
    behind = {plan_id for plan_id in doubtful if _is_behind(retriever, matter, plan_id)}
    return silent(of_whole, plan_ids) | behind


def _by_both(whole: Mapping[str, float], matter: Mapping[str, float]) -> dict[str, float]:
    """Of each plan the geometric mean of what both wordings give it."""
    return {plan_id: math.sqrt(of_whole * matter[plan_id]) for plan_id, of_whole in whole.items()}


def _is_behind(retriever: Retriever, scores: Scores, plan_id: str) -> bool:
    fused, chunks = scores.fused, retriever.index.chunks
    (scored,) = map(set, retriever.scored([plan_id], scores))
    rows = [row for row in content_rows(retriever, plan_id) if row in scored]
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
