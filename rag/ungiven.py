"""Refuses questions put to several plans that ask for a fact of a clear kind which none of them gives."""

from __future__ import annotations

import re

from rag.amounts import asked_amounts
from rag.draft import Draft
from rag.lookup import AMOUNT_WITHIN, nearest, refuse
from rag.needed import Needed, needed_fact
from rag.required import Required, required_of
from rag.steps import Look, Steps
from rag.views import score_question
from rag.wording import not_given

_AMOUNT_OF_SIDES_WITHIN = 5
"""The same where plans are set side by side: what one has in words the other may have in a list."""
_ELSE = re.compile(
    r"什么|啥|哪些|怎|如何|咋|为何|办法|措施|做法|安排|分别[有是]哪|\b(?:what|why)\b|\bhow\b(?!\s+(?:many|much|long))",
    re.IGNORECASE,
)
"""Asks for more than a figure."""


def refuse_ungiven(steps: Steps) -> Draft | None:
    """A refusal where the question asks for a fact of a clear kind and no plan in scope has one near."""
    needed = _needed(steps)
    if needed is None:
        return None
    with steps.timed("retrieve"):
        view = score_question(steps.retriever, steps.reading, None, True)
    within = AMOUNT_WITHIN if steps.reading.mode == "lookup" else _AMOUNT_OF_SIDES_WITHIN
    fused, chunks = view.scores.fused, steps.retriever.index.chunks
    for rows in steps.retriever.scored(steps.reading.plan_ids, view.scores):
        best = sorted(rows, key=lambda row: -float(fused[row]))[:within]
        if any(needed.gives(chunks[row].text) for row in best):
            return None
    near = nearest(steps, Look(view.scores, view.keywords, ()))
    is_number = isinstance(needed, Required) or needed.is_number
    said = not_given(steps.plans, steps.reading.language) if is_number and len(steps.plans) > 1 else ""
    return refuse(steps, sum(len(plan.items) for plan in steps.plans), near, said)


def _needed(steps: Steps) -> Needed | Required | None:
    """What an answer must have; where plans are set side by side, of questions for nothing but a figure."""
    question, mode = steps.reading.question, steps.reading.mode
    if mode == "lookup":
        return needed_fact(steps)
    required = required_of(question)
    if required is not None or mode != "compare":
        return required
    only_amount = asked_amounts(question) is not None and not _ELSE.search(question)
    return needed_fact(steps) if only_amount else None
