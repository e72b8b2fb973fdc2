"""Answers "what does the plan do about it": every item that belongs, a cited line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.plan import Plan
from rag.alignment import is_content
from rag.behind import silent_by_both
from rag.belonging import items_on
from rag.citations import marks
from rag.draft import Draft
from rag.lookup import nearest, refuse
from rag.modes import asks_how_many_items
from rag.quantities import read_measured, read_quantities
from rag.records import Chunk, Claim
from rag.retrieve import Scores
from rag.sentences import names_units
from rag.steps import Steps
from rag.verdicts import VerdictJudge
from rag.wording import hidden_note, items_found, quoted

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
_TARGET = 0.45
"""A sentence with a figure is quoted from an item on something else (a list of the year's targets) where it
comes so far from the plan's mean sentence to its best one."""


def answer_summarise(steps: Steps, judge: VerdictJudge) -> Draft:
    """List the items of each plan in scope that belong to the topic, in the plan's order, and quote them."""
    look = steps.look(_SHOWN, per_plan=True)
    scores = steps.matter_scores(look)
    silent = silent_by_both(judge, look.scores, scores)
    items = sum(len(plan.items) for plan in steps.plans)
    claims: list[Claim] = []
    lines: list[str] = []
    for plan in steps.plans:
        if steps.cancelled():
            break
        if plan.plan_id not in silent:
            lines += _plan_lines(steps, scores, plan, claims)
    if not claims:
        return refuse(steps, items, nearest(steps, look))
    language = steps.reading.language
    if asks_how_many_items(steps.reading.question):
        lines.insert(0, items_found(len(lines), language))
    for plan in steps.plans:
        lines += [hidden_note(plan, gap, language) for gap in plan.gaps if gap.kind == "hidden"]
    text = "\n".join(lines)
    steps.say(text)
    return Draft("answered", text, tuple(claims), None, len(steps.plans), items)


def _plan_lines(steps: Steps, scores: Scores, plan: Plan, claims: list[Claim]) -> list[str]:
    items = items_on(steps.retriever, scores, plan.plan_id, MAX_ITEMS)
    if not items:
        return []
    least, most = _OF_ITEM
    n_sentences = min(most, max(least, _SENTENCES // len(items)))
    rows_of_item = {item_id: _item_rows(steps, scores, item_id, n_sentences) for item_id in items}
    for row, chunk in _targets(steps, scores, plan, rows_of_item):
        rows_of_item.setdefault(chunk.item_id, []).append(row)
    lines = (_item_line(steps, plan, rows, claims) for rows in sorted(rows_of_item.values()) if rows)
    return [line for line in lines if line]


def _item_rows(steps: Steps, scores: Scores, item_id: str, n_sentences: int) -> list[int]:
    """The rows of the item's sentences to be quoted, in their order."""
    fused = scores.fused
    chunks = {row: chunk for row, chunk in steps.retriever.sentences(item_id) if not names_units(chunk.text)}
    order = sorted(chunks, key=lambda row: (-float(fused[row]), row))
    shares = {row: float(fused[row] / fused[order[0]]) for row in order}
    near = [
        row
        for row in order
        if shares[row] >= (_NEAR_WITH_NUMBER if read_quantities(chunks[row].text) else _NEAR)
    ]
    return sorted(near[:n_sentences] or order[:1])


def _targets(
    steps: Steps, scores: Scores, plan: Plan, rows_of_item: Mapping[str, Sequence[int]]
) -> list[tuple[int, Chunk]]:
    """Sentences with a figure that come near in items that are not listed for themselves."""
    fused, chunks = scores.fused, steps.retriever.index.chunks
    (rows_of_plan,) = steps.retriever.scored([plan.plan_id], scores)
    best = max((float(fused[row]) for rows in rows_of_item.values() for row in rows), default=0.0)
    mean = float(fused[rows_of_plan].mean()) if rows_of_plan else 0.0
    return [
        (row, chunks[row])
        for row in rows_of_plan
        if fused[row] - mean >= _TARGET * (best - mean)
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
