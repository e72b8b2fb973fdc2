"""Answers "what does the plan do about it": every item that belongs, a cited line each."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from statistics import fmean

from corpus.plan import Plan
from rag.alignment import is_content
from rag.behind import without_summary
from rag.belonging import Span, best_sentence, items_on, only_named_by
from rag.brevity import sentences_wanted
from rag.citations import marks
from rag.draft import Draft
from rag.lead_units import lead_units
from rag.lookup import nearest, refuse
from rag.modes import asks_how_many_items
from rag.quantities import read_measured, read_quantities
from rag.records import Chunk, Claim
from rag.retrieve import Scores
from rag.sentences import names_units
from rag.steps import Steps
from rag.verdicts import VerdictJudge
from rag.wording import hidden_note, items_found, nothing_more, quoted

MAX_ITEMS = 12
"""Items of one plan that a summary lists at the most: the longest sections have as many."""
_SHOWN = 8
"""Items of one plan that are shown as evidence while the answer is made."""
_SENTENCES = 30
"""Sentences of one plan: where few items belong, more is quoted of each …"""
_OF_ITEM = (3, 10)
"""… but no fewer and no more than this."""
_NEAR = 0.6
"""A further sentence of an item is quoted where its score reaches this share of the item's best one …"""
_NEAR_WITH_NUMBER = 0.4
"""… or, where it gives a number, this one: targets stand in short sentences that name little else."""
_ON_MATTER = 0.45
"""A sentence without a number has to come so far from the plan's mean one to its best one, too …"""
_ON_MATTER_OF_ITEM = 0.6
"""… or so far to the best one of its item …"""
_ALL_ON_MATTER = 0.65
"""… unless the mean sentence of its item comes so far. Items are on several matters: what else they say is
left out.

Of 106 development questions this leaves out every fifth sentence, and none of 277 facts with them.
"""
_OF_SEVERAL = 0.5
"""Of several plans only items whose best sentence comes so far to the best one of all: each plan has a best
item of its own, whatever it is on."""
_AGAIN = 0.9
"""What a further sentence of the same item counts, once for each before it, where a few words are wanted."""
_TARGET = 0.45
"""A sentence with a figure is quoted from an item on something else (a list of the year's targets) where it
comes so far from the plan's mean sentence to its best one."""

_OPEN_END = (",", "，", ":", "：")
"""How a line ends that the next one goes on with."""


def answer_summarise(steps: Steps, judge: VerdictJudge) -> Draft:
    """List the items of each plan in scope that belong to the topic, in the plan's order, and quote them."""
    look = steps.look(_SHOWN, per_plan=True)
    scores = steps.matter_scores(look)
    silent = without_summary(steps.retriever, judge, look.scores, scores, steps.reading.plan_ids)
    items = sum(len(plan.items) for plan in steps.plans)
    claims: list[Claim] = []
    lines: list[str] = []
    named: list[Chunk] = []
    for plan in steps.plans:
        if steps.cancelled():
            break
        if plan.plan_id in silent:
            continue
        only_named = only_named_by(steps.retriever, scores, plan.plan_id)
        named += [only_named] if only_named else []
        lines += [] if only_named else _plan_lines(steps, scores, plan, claims)
    language = steps.reading.language
    if not claims and steps.reading.told:
        lines = [nothing_more(steps.plans, language)]
    elif not claims:
        return refuse(steps, items, named[0] if named else nearest(steps, look))
    if asks_how_many_items(steps.reading.question):
        lines.insert(0, items_found(len(lines), language))
    for plan in steps.plans:
        lines += [hidden_note(plan, gap, language) for gap in plan.gaps if gap.kind == "hidden"]
    text = "\n".join(lines)
    steps.say(text)
    return Draft("answered" if claims else "not_found", text, tuple(claims), None, len(steps.plans), items)


def _plan_lines(steps: Steps, scores: Scores, plan: Plan, claims: list[Claim]) -> list[str]:
    way = _way(steps, scores, plan.plan_id, _best(steps, scores))
    items = items_on(steps.retriever, scores, plan.plan_id, MAX_ITEMS)
    if len(steps.plans) > 1:
        bests = {item_id: best_sentence(steps.retriever, scores, item_id) for item_id in items}
        items = [item_id for item_id in items if way.reaches(bests[item_id], _OF_SEVERAL)]
    if not items:
        return []
    least, most = _OF_ITEM
    n_sentences = min(most, max(least, _SENTENCES // len(items)))
    rows_of_item = {item_id: _item_rows(steps, scores, item_id, n_sentences, way) for item_id in items}
    for row, chunk in _targets(steps, scores, plan, rows_of_item):
        rows_of_item.setdefault(chunk.item_id, []).append(row)
    rows_of_item = _untold(steps, rows_of_item)
    room = sentences_wanted(steps.reading.question)
    if room is not None:
        rows_of_item = _shortened(scores, rows_of_item, max(1, room // len(steps.plans)))
    for row, chunk in _units_in_charge(steps):
        rows_of_item.setdefault(chunk.item_id, []).append(row)
    lines = (_item_line(steps, plan, rows, claims) for rows in sorted(rows_of_item.values()) if rows)
    return [line for line in lines if line]


def _units_in_charge(steps: Steps) -> list[tuple[int, Chunk]]:
    """The bracket that names who is in charge, where that is asked for beside all else."""
    in_charge = lead_units(steps)
    brackets = [chunk for chunk in in_charge[1] if names_units(chunk.text)] if in_charge is not None else []
    return [
        (row, chunk)
        for bracket in brackets
        for row, chunk in steps.retriever.sentences(bracket.item_id)
        if chunk.chunk_id == bracket.chunk_id
    ]


def _untold(steps: Steps, rows_of_item: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """The rows whose sentences were not quoted before, where more is asked for than was told."""
    told, chunks = steps.reading.told, steps.retriever.index.chunks
    return {
        item_id: [row for row in rows if chunks[row].text not in told]
        for item_id, rows in rows_of_item.items()
    }


def _best(steps: Steps, scores: Scores) -> float:
    """The score of the best sentence of the plans in scope."""
    rows_of_plan = steps.retriever.scored([plan.plan_id for plan in steps.plans], scores)
    chunks = steps.retriever.index.chunks
    found = (float(scores.fused[row]) for rows in rows_of_plan for row in rows if is_content(chunks[row]))
    return max(found, default=0.0)


def _way(steps: Steps, scores: Scores, plan_id: str, best: float) -> Span:
    """From the plan's mean sentence to a best one."""
    (rows,) = steps.retriever.scored([plan_id], scores)
    return Span(float(scores.fused[rows].mean()) if rows else 0.0, best)


def _shortened(scores: Scores, rows_of_item: Mapping[str, Sequence[int]], room: int) -> dict[str, list[int]]:
    """The ``room`` best of the sentences in their order, of several items rather than of one."""
    worth: dict[int, float] = {}
    for rows in rows_of_item.values():
        for n, row in enumerate(sorted(rows, key=lambda row: (-float(scores.fused[row]), row))):
            worth[row] = float(scores.fused[row]) * _AGAIN**n
    best = set(sorted(worth, key=lambda row: (-worth[row], row))[:room])
    return {item_id: [row for row in rows if row in best] for item_id, rows in rows_of_item.items()}


def _item_rows(steps: Steps, scores: Scores, item_id: str, n_sentences: int, way: Span) -> list[int]:
    """The rows of the item's sentences to be quoted, in their order."""
    fused = scores.fused
    chunks = {row: chunk for row, chunk in steps.retriever.sentences(item_id) if not names_units(chunk.text)}
    order = sorted(chunks, key=lambda row: (-float(fused[row]), row))
    best = float(fused[order[0]])
    of_item = Span(way.start, best)
    whole = way.reaches(fmean(float(fused[row]) for row in order), _ALL_ON_MATTER)

    def is_near(row: int) -> bool:
        value = float(fused[row])
        if read_quantities(chunks[row].text):
            return value >= _NEAR_WITH_NUMBER * best
        on_matter = way.reaches(value, _ON_MATTER) or of_item.reaches(value, _ON_MATTER_OF_ITEM)
        return value >= _NEAR * best and (whole or on_matter)

    near = [row for row in order if is_near(row)]
    chosen = set(near[:n_sentences] or order[:1])
    inside = sorted(chunks)
    led = {row for row, after in itertools.pairwise(inside) if after in chosen and _leads(chunks[row].text)}
    return sorted(chosen | led)


def _leads(text: str) -> bool:
    """Tell whether a sentence only opens the one behind it (围绕“三类课堂”建设，)."""
    return text.rstrip().endswith(_OPEN_END)


def _targets(
    steps: Steps, scores: Scores, plan: Plan, rows_of_item: Mapping[str, Sequence[int]]
) -> list[tuple[int, Chunk]]:
    """Sentences with a figure that come near in items that are not listed for themselves."""
    fused, chunks = scores.fused, steps.retriever.index.chunks
    (rows_of_plan,) = steps.retriever.scored([plan.plan_id], scores)
    best = max((float(fused[row]) for rows in rows_of_item.values() for row in rows), default=0.0)
    way = _way(steps, scores, plan.plan_id, best)
    return [
        (row, chunks[row])
        for row in rows_of_plan
        if way.reaches(float(fused[row]), _TARGET)
        and chunks[row].item_id not in rows_of_item
        and is_content(chunks[row])
        and read_measured(chunks[row].text)
    ]


def _item_line(steps: Steps, plan: Plan, rows: Sequence[int], claims: list[Claim]) -> str:
    """One item: its sentences behind one another, each with its mark."""
    language = steps.reading.language
    line = ""
    for row in rows:
        chunk = steps.retriever.index.chunks[row]
        n = steps.book.cite(chunk)
        if n is None:
            continue
        number = chunk.item_id.partition("#")[2]
        text = f"“{chunk.text}”" if line else quoted(plan, number, chunk.text, language)
        claims.append(Claim(text, (n,), "verified"))
        line += ("" if line else "- ") + text + marks((n,))
    return line
