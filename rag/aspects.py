"""The rows of a comparison: the aspects that the question names, or those that the plans themselves give."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.alignment import group, is_content
from rag.belonging import best_items
from rag.phrases import common_run
from rag.records import Chunk
from rag.retrieve import Retriever, Scores
from rag.tokenise import is_chinese, tokenise

MAX_ROWS = 12
"""Rows of aspects that the plans give themselves: as many as two plans have sentences to be told.

With half as many the sentences of the later rows were lost, those of one plan alone before all. Of 160
development comparisons 129 have all their facts so, and 123 with six.
"""
N_ITEMS = 3
SAME_TOPIC = 0.65
"""A further item of a plan is looked at where it comes so far from the mean one to the best, as a whole."""
TOPICAL = 0.75
"""A sentence of these items is on the topic where its score reaches this share of the best one's."""
_OF_WAY = 0.6
"""… and comes so far from the plan's mean one to the best: of some questions all sentences are near."""
_LIFT = -0.01
_OF_BEST = 0.25
"""A sentence speaks of an aspect where it comes so much nearer to the question as the aspect's name is added.

Wanted is this share of what the best sentence of any plan gains, and ``_LIFT`` more. Of 23 cells on
preschool, special education and mental health in the sample plans, judged by hand, this leaves 21 rightly
filled or empty.
"""
_PER_CELL = 2
_CLOSE = 0.5
"""A second sentence stands in a cell where it gains this share of what the best one gains."""

_LIST = r"[㐀-鿿]{2,8}?(?:、[㐀-鿿]{2,8}?)*(?:和|与|以及|及|跟|、)[㐀-鿿]{2,8}?"
_END = r"(?=方面|[上里各都在]|分别|有|是|怎|如何|说|写|对比|比较|变化|区别|差|异同|不同|情况|[^㐀-鿿]|$)"
_NAMED = re.compile(rf"([㐀-鿿]{{2,12}}?)(?:方面的?|的|在)({_LIST}){_END}")
_NAMED_ENGLISH = re.compile(
    r"\b(?:on|the)\s+((?:[a-z-]+\s?){1,3}(?:,\s*(?:[a-z-]+\s?){1,3})*(?:,\s*)?\band\s+(?:[a-z-]+\s?){1,3}?)\s*"
    r"\b(?:of|for|in)\s+([a-z][a-z -]{3,40})",
    re.IGNORECASE,
)
_NOT_THE_MATTER = re.compile(
    r"比较|对比|相比|请|一下|看看|在|关于|对|[和与跟及]|这?两[年市地]|^the\s+", re.IGNORECASE
)
_JOINTS = re.compile(r"、|和|与|以及|及|跟|,\s*(?:and\s+)?|\s+and\s+")
_NO_ASPECT = re.compile(
    r"同|异|区别|差|变化|比|什么|怎|哪|多少|情况|要点|计划|[写说做讲提]法|\b(?:differ|similar|same|what|how|plans?|change)\w*|\d",
    re.I,
)
_EDGE = re.compile(
    r"^[的了和与及等在对将把为以是有就都也还或并而之其中上下所到要]+|[的了和与及等在对将把为以是有就都也还或并而之其中]+$"
)
_CLAUSE = re.compile(r"[，,;；。：:（(]")
_ADVERBIAL = re.compile(
    r"根据|通过|依托|围绕|按照|结合|针对|对于|为了|依据|鉴于|以.{1,16}(?:为|的)|在.{1,16}(?:上|下|中|基础上|过程中)$|对.{2,30}的[^，,]{0,6}$"
)
_MIN_NAME, _MAX_NAME = 3, 14
_MAX_WORDS = 2
CLIPPED = "…"
"""How a name ends that is only the beginning of a clause."""


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect, with each plan's sentences; none where the plan has nothing to it."""

    name: str
    cells: Mapping[str, tuple[Chunk, ...]]
    common: bool = True
    """Whether every plan that has a cell can be said to speak of what the row is called."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names: the matter, and the aspects of it."""

    matter: str
    aspects: tuple[str, ...]


def read_aspects(topic: str) -> Named | None:
    """The aspects in 学前教育的目标和师资, "the goals and teachers of schools"; None where it names none."""
    match = _NAMED.search(topic)
    if match:
        matter, listed = match.group(1), match.group(2)
    else:
        english = _NAMED_ENGLISH.search(topic)
        if not english:
            return None
        listed, matter = english.group(1), english.group(2)
    parts = (re.sub(r"^the\s+", "", part.strip(), flags=re.IGNORECASE) for part in _JOINTS.split(listed))
    aspects = tuple(dict.fromkeys(part for part in parts if part))
    if len(aspects) < 2 or any(_NO_ASPECT.search(part) for part in aspects):
        return None
    matter = _NOT_THE_MATTER.sub("", matter).strip()
    return Named(matter if len(matter) > 1 else listed.strip(), aspects)


def named_rows(
    retriever: Retriever, named: Named, plan_ids: Sequence[str], silent: Callable[[Scores], Collection[str]]
) -> list[Row]:
    """A row for each aspect that the question names, filled from the plans' items on the matter.

    ``silent`` tells which plans say nothing near to what scores are for; it is asked where the aspects are
    matters of their own (托育和课后服务).
    """
    plain = retriever.score(named.matter, plan_ids, True)
    on_matter = {plan_id: topical_rows(retriever, plain, plan_id) for plan_id in plan_ids}
    rows: list[Row] = []
    for aspect in named.aspects:
        if aspect in named.matter:
            own = retriever.score(aspect, plan_ids, True)
            without = silent(own)
            told = {plan: topical_rows(retriever, own, plan) for plan in plan_ids if plan not in without}
            rows.append(
                Row(aspect, {plan: _cell(retriever, found, own.fused) for plan, found in told.items()})
            )
            continue
        of = f"{aspect} of {named.matter}" if aspect[0].isascii() else f"{named.matter}的{aspect}"
        # the rows of ``plain`` have to be compared with both, or nothing could be said of a gain
        lifts = retriever.score(of, plan_ids, True, plain.rows).dense - plain.dense
        best = max((float(lifts[row]) for found in on_matter.values() for row in found), default=0.0)
        least = _LIFT + _OF_BEST * max(0.0, best)
        lifted = {plan: [row for row in found if lifts[row] >= least] for plan, found in on_matter.items()}
        rows.append(Row(aspect, {plan: _cell(retriever, found, lifts) for plan, found in lifted.items()}))
    return rows


def topical_rows(retriever: Retriever, scores: Scores, plan_id: str) -> list[int]:
    """The rows of a plan's sentences on what ``scores`` are for: those of its best items that come near."""
    items = best_items(retriever, scores, plan_id, N_ITEMS, SAME_TOPIC)
    fused = scores.fused
    rows = [row for item in items for row, chunk in retriever.sentences(item) if is_content(chunk)]
    best = max((float(fused[row]) for row in rows), default=0.0)
    (scored,) = retriever.scored([plan_id], scores)
    mean = float(fused[scored].mean()) if scored else 0.0
    least = max(TOPICAL * best, mean + _OF_WAY * (best - mean))
    return sorted(row for row in rows if fused[row] >= least)


def _cell(retriever: Retriever, rows: Sequence[int], scores: NDArray[np.float32]) -> tuple[Chunk, ...]:
    """The best sentence, and a second one that comes close to it."""
    order = sorted(rows, key=lambda row: (-float(scores[row]), row))
    best = float(scores[order[0]]) if order else 0.0
    close = [row for i, row in enumerate(order[:_PER_CELL]) if i == 0 or scores[row] >= _CLOSE * best > 0]
    return tuple(retriever.index.chunks[row] for row in sorted(close))


def own_rows(
    retriever: Retriever,
    rows_of_plan: Mapping[str, Sequence[int]],
    best: Mapping[str, int],
    topical: frozenset[int],
    main: str,
) -> list[Row]:
    """Rows of what the plans say themselves: what each says best first, then what is of one matter.

    ``best`` has the row of each plan's best sentence; ``main`` names what they say where they share no words
    to name it by. These stand first where no matter is found in all the plans.
    """
    chunks = retriever.index.chunks
    groups = group(retriever, rows_of_plan, topical)
    bests = set(best.values())
    rows: list[Row] = []
    if not any(len(g) == len(best) for g in groups):
        cells = {plan_id: (chunks[row],) for plan_id, row in best.items()}
        said = [chunk for cell in cells.values() for chunk in cell]
        rows.append(Row(shared_name(said) or main, cells, bool(shared_run(said))))
        groups = [g for g in groups if not {row for found in g.values() for row in found} <= bests]
    groups.sort(key=lambda g: (-len(g), bests.isdisjoint(row for found in g.values() for row in found)))
    rows += [make_row(retriever, g) for g in groups[: MAX_ROWS - len(rows)]]
    return rows


def make_row(retriever: Retriever, rows_of_plan: Mapping[str, Sequence[int]]) -> Row:
    """A row of sentences that belong together, named by the words they share or by how the first begins."""
    cells = {
        plan_id: tuple(retriever.index.chunks[row] for row in sorted(rows))
        for plan_id, rows in rows_of_plan.items()
    }
    first = [cell[0] for cell in cells.values()]
    if len(first) == 1:
        return Row(leading_phrase(first[0].text), cells)
    return Row(shared_name(first) or leading_phrase(first[0].text), cells, bool(shared_run(first)))


def shared_name(chunks: Sequence[Chunk]) -> str:
    """What all the sentences have: the longest run of Chinese characters, or else up to two words.

    Empty where they share neither.
    """
    if len(chunks) < 2:
        return ""
    return shared_run(chunks) or "、".join(_shared_words(chunks)[:_MAX_WORDS])


def _shared_words(chunks: Sequence[Chunk]) -> list[str]:
    """The words of two characters in all the sentences, in the first one's order."""
    first, *others = ([token for token in tokenise(chunk.text) if is_chinese(token)] for chunk in chunks)
    words = (word for word in dict.fromkeys(first) if len(word) == 2 and all(word in o for o in others))
    return [word for word in words if not _EDGE.search(word)]


def shared_run(chunks: Sequence[Chunk]) -> str:
    """The longest run of whole Chinese words that all the sentences have, three characters at least."""
    return common_run([chunk.text for chunk in chunks], _MIN_NAME)


def leading_phrase(text: str) -> str:
    """The first clause of a sentence that says what is done, not by what, for whom or on what ground."""
    clauses = [part.strip() for part in _CLAUSE.split(text) if part.strip()] or [text.strip()]
    phrase = next((clause for clause in clauses if not _ADVERBIAL.match(clause)), clauses[0])
    if len(phrase) <= _MAX_NAME:
        return phrase
    # A number that is cut in two would be another number.
    return re.sub(r"[\d.,%]+$", "", phrase[: _MAX_NAME - 1]) + CLIPPED
