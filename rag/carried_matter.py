"""Turns that say too little of their own, in words that do not show it: they are about the matter before.

上海呢?要是吃出毛病来,查得到是打哪进的货不, asked after canteens, names neither food nor tracing. No form of
words tells; that nothing in the plan comes near to it, and much to it and the question before, does.
"""

from __future__ import annotations

from rag.reading import Reading, with_matter_before
from rag.retrieve import Retriever

_MODES = frozenset({"lookup", "summarise"})
_SELF_SUFFICIENT = 0.35
"""From this score of the best sentence on a question is about what it says itself."""
_CLEARLY = 0.1
"""By so much the best sentence must come nearer with the matter before."""


def carry_matter(reading: Reading, retriever: Retriever) -> Reading:
    """The reading, with the matter of the question before where it finds little without and more with.

    The bounds were chosen on the 130 development turns of conversations that stand alone by their words.
    """
    if not reading.before[1] or not reading.plan_ids or reading.mode not in _MODES:
        return reading
    if reading.item_numbers or reading.unknown_places or reading.unknown_years:
        return reading
    alone = _best(reading, retriever)
    if alone >= _SELF_SUFFICIENT:
        return reading
    carried = with_matter_before(reading)
    return carried if _best(carried, retriever) >= alone + _CLEARLY else reading


def _best(reading: Reading, retriever: Retriever) -> float:
    """The score of the sentence that comes nearest to the topic in the plans in scope."""
    scores = retriever.score(reading.topic, reading.plan_ids, True)
    chunks = retriever.index.chunks
    rows = [row for own in retriever.scored(reading.plan_ids, scores) for row in own]
    return max(
        (float(scores.fused[row]) for row in rows if not chunks[row].item_id.endswith("#0")), default=0.0
    )
