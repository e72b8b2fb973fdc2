"""Questions that ask for two things at once: a plan that has one of them has it in part."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.retrieve import Retriever
from rag.verdicts import VerdictJudge

_BOTH = (
    re.compile(
        r"既(?:要|有|提到?|提出|写到?|抓|建|办)?(.{2,16}?)[,，]?[又也还](?:要|有|提到?|提出|写到?|抓|建|办)?(.{2,16}?)(?=[的?？。]|$)"
    ),
    re.compile(
        r"(?:同时|都)(?:提到|提出|写到|写了|要|有|包括|抓)(?:了)?(.{2,16}?)(?:和|与|以及|及)(.{2,16}?)(?=[的?？。]|$)"
    ),
    re.compile(r"\bboth\s+(.{3,60}?)\s+and\s+(.{3,60}?)(?=[?.,]|$)", re.I),
)
_FOUND_FROM, _MISSING_BELOW = 0.5, 0.1


def read_both(question: str) -> tuple[str, str] | None:
    """The two things in 既扩托育又建幼儿园, "both X and Y"; None where it does not ask for both."""
    for form in _BOTH:
        match = form.search(question)
        if match:
            return match.group(1).strip(), match.group(2).strip()
    return None


def parts_found(
    retriever: Retriever, judge: VerdictJudge, parts: tuple[str, str], plan_ids: Sequence[str]
) -> Mapping[str, tuple[float, float]]:
    """For each of the plans how probable it is that it says each of the two things."""
    one, other = (judge.signals(retriever.score(part, plan_ids, True)) for part in parts)
    return {
        plan_id: (judge.probability(one[plan_id][0]), judge.probability(other[plan_id][0]))
        for plan_id in plan_ids
    }


def has_one_only(found: tuple[float, float]) -> bool:
    """Tell whether a plan says one of the two things and, most likely, nothing of the other."""
    return max(found) >= _FOUND_FROM and min(found) < _MISSING_BELOW
