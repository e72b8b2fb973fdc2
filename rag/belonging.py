"""How far a whole item is about a topic: one sentence that shares a word with it does not make it so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from rag.alignment import is_content
from rag.records import Chunk
from rag.retrieve import Retriever, Scores

_OF_BEST = 0.5
"""What an item's best sentence counts; the rest is the mean of all its sentences."""
_OF_BEST_SENTENCE = 0.5
"""An item is one of a plan's best where its best sentence comes so far to the best of all, too.

A plan's best item can be a long one on many things, whose mean is low.
"""
_OF_MEAN = 0.9
"""Where the way to the best item begins, as a share of the mean one's score."""
_BELONGS, _SENTENCE_BELONGS = 0.45, 0.5
"""An item belongs where it comes this far from the plan's mean item to its best one, as a whole and by its
best sentence.

Counted from the mean, as an item on another matter has no score of 0: where a question is put in words that
the plan does not use, all items come near the best one. Chosen on questions for development.
"""
_SECTION = 0.55
"""Where the others of its section come so far in the mean, the section as a whole is on the matter …

Of 26 items that came in by their section alone at 0.45 twelve were on another matter, on questions for
development; from here on five of 18.
"""
_IN_SECTION = 0.35
"""… and this is enough for the item itself."""

NO_MORE_THAN_NAMED = 0.62
"""A plan only names a matter, in the text before its first item, where its best sentence elsewhere comes no
further from the mean one to that text …"""
_SAID = 0.6
"""… and has no such score by itself.

Ten ways of asking for reforms that 邯郸 names ahead of all and then hides come no further than 0.61; of 124
development questions for a summary that have an answer none comes below 1.
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one item of a plan is about the topic."""

    item_id: str
    section: tuple[str, ...]
    """The headings that it stands under."""
    whole: float
    """The item's score as a whole."""
    best: float
    """The score of its best sentence."""


def standings(retriever: Retriever, scores: Scores, plan_id: str) -> list[Standing]:
    """The items of a plan that have sentences of their own, best first."""
    fused, chunks = scores.fused, retriever.index.chunks
    (scored,) = retriever.scored([plan_id], scores)
    rows_of_item: dict[str, list[int]] = {}
    for row in scored:
        if is_content(chunks[row]):
            rows_of_item.setdefault(chunks[row].item_id, []).append(row)
    found = [
        Standing(item_id, chunks[rows[0]].headings, _whole(values), max(values))
        for item_id, rows in rows_of_item.items()
        if (values := [float(fused[row]) for row in rows])
    ]
    return sorted(found, key=lambda one: (-one.whole, one.item_id))


def items_on(retriever: Retriever, scores: Scores, plan_id: str, k: int) -> list[str]:
    """All the plan's items that belong to the matter that ``scores`` are for, best first, ``k`` at the most.

    Plans put what belongs together under one heading: an item that says less of the matter belongs to it
    where its whole section does. Where only the text before the first item was scored, that.
    """
    ranked = [one for one in standings(retriever, scores, plan_id) if one.whole > 0]
    if not ranked:
        return [hit.item_id for hit in retriever.search("", [plan_id], 1, True, scores)]
    top = ranked[0]
    whole, sentence = _spans(ranked)

    def belongs(one: Standing) -> bool:
        if whole.reaches(one.whole, _BELONGS) and sentence.reaches(one.best, _SENTENCE_BELONGS):
            return True
        others = _others(ranked, one) if whole.reaches(one.whole, _IN_SECTION) else []
        return bool(others) and whole.reaches(fmean(others), _SECTION)

    return [one.item_id for one in ranked if one is top or belongs(one)][:k]


@dataclass(frozen=True, slots=True)
class Span:
    """From about the mean of a plan's items to its best one."""

    start: float
    best: float

    def reaches(self, value: float, share: float) -> bool:
        """Tell whether a value has come this share of the way."""
        return value - self.start >= share * (self.best - self.start)

    def share(self, value: float) -> float:
        """The share of the way that a value has come; all of it where there is no way."""
        way = self.best - self.start
        return (value - self.start) / way if way > 0 else 1.0


def only_named_by(
    retriever: Retriever, scores: Scores, plan_id: str, share: float = NO_MORE_THAN_NAMED
) -> Chunk | None:
    """The sentence before the first item that names the matter, where no item has anything on it.

    ``share`` is how far to that sentence an item's best one may come at the most.
    """
    fused, chunks = scores.fused, retriever.index.chunks
    (scored,) = retriever.scored([plan_id], scores)
    before = [row for row in scored if chunks[row].item_id.endswith("#0")]
    said = max((float(fused[row]) for row in scored if is_content(chunks[row])), default=_SAID)
    if not before or said >= _SAID:
        return None
    naming = max(before, key=lambda row: float(fused[row]))
    way = Span(float(fused[scored].mean()), float(fused[naming]))
    return chunks[naming] if said < way.best and not way.reaches(said, share) else None


def _spans(ranked: Sequence[Standing]) -> tuple[Span, Span]:
    """Of the items as wholes, and of their best sentences."""
    return _span([one.whole for one in ranked]), _span([one.best for one in ranked])


def _span(values: Sequence[float]) -> Span:
    return Span(_OF_MEAN * fmean(values), max(values))


def _others(ranked: Sequence[Standing], one: Standing) -> list[float]:
    """The scores of the other items of its section; none where the plan has no headings."""
    return [other.whole for other in ranked if one.section == other.section != () and other is not one]


def standing(retriever: Retriever, scores: Scores, item_id: str) -> float:
    """The item's score as a whole; 0 where it has no sentence of its own."""
    fused = scores.fused
    values = [float(fused[row]) for row, chunk in retriever.sentences(item_id) if is_content(chunk)]
    return _whole(values) if values else 0.0


def _whole(values: Sequence[float]) -> float:
    return _OF_BEST * max(values) + (1 - _OF_BEST) * sum(values) / len(values)


def best_items(retriever: Retriever, scores: Scores, plan_id: str, k: int, share: float) -> list[str]:
    """The plan's ``k`` best items as wholes, best first, that come ``share`` of the way to the best one.

    The way begins at the plan's mean item. Where only the text before the first item was scored, that.
    """
    ranked = [one for one in standings(retriever, scores, plan_id) if one.whole > 0]
    if not ranked:
        return [hit.item_id for hit in retriever.search("", [plan_id], 1, True, scores)]
    whole, sentence = _spans(ranked)
    return [
        one.item_id
        for one in ranked[:k]
        if one is ranked[0]
        or (whole.reaches(one.whole, share) and sentence.reaches(one.best, _OF_BEST_SENTENCE))
    ]


def best_sentence(retriever: Retriever, scores: Scores, item_id: str) -> float:
    """The score of the item's best sentence; 0 where it has none of its own."""
    fused = scores.fused
    rows = [row for row, chunk in retriever.sentences(item_id) if is_content(chunk)]
    return max((float(fused[row]) for row in rows), default=0.0)
