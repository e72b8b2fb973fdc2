"""Answers "what does the plan do about it": every item that belongs, a cited line each."""

from __future__ import annotations

from corpus.plan import Plan
from rag.citations import marks
from rag.draft import Draft
from rag.lookup import nearest, refuse
from rag.quantities import read_quantities
from rag.records import Claim, Hit
from rag.sentences import names_units
from rag.steps import Look, Steps
from rag.verdicts import VerdictJudge
from rag.wording import hidden_note, quoted

MAX_ITEMS = 8
"""Items of one plan that a summary lists at the most."""
BELONGS = 0.77
"""An item belongs where its score reaches this share of the plan's best one.

On the development questions 0.75 lists 0.95 of the items that should be there with a precision of 0.94,
0.80 lists 0.88 with 0.95.
"""
_SENTENCES = 4
_NEAR = 0.8
"""A further sentence of an item is quoted where its score reaches this share of the item's best one …"""
_NEAR_WITH_NUMBER = 0.6
"""… or, where it gives a number, this one: targets stand in short sentences that name little else."""


def answer_summarise(steps: Steps, judge: VerdictJudge) -> Draft:
    """List the items of each plan in scope that belong to the topic, in the plan's order, and quote them."""
    look = steps.look(MAX_ITEMS, per_plan=True)
    signals = judge.signals(look.scores)
    items = sum(len(plan.items) for plan in steps.plans)
    claims: list[Claim] = []
    lines: list[str] = []
    for plan in steps.plans:
        if steps.cancelled():
            break
        if not judge.is_silent(signals[plan.plan_id][0]):
            lines += _plan_lines(steps, look, plan, claims)
    if not claims:
        return refuse(steps, items, nearest(steps, look))
    language = steps.reading.language
    for plan in steps.plans:
        lines += [hidden_note(plan, gap, language) for gap in plan.gaps if gap.kind == "hidden"]
    text = "\n".join(lines)
    steps.say(text)
    return Draft("answered", text, tuple(claims), None, len(steps.plans), items)


def _plan_lines(steps: Steps, look: Look, plan: Plan, claims: list[Claim]) -> list[str]:
    hits = [hit for hit in look.hits if hit.plan_id == plan.plan_id]
    if not hits:
        return []
    best = hits[0].score
    chosen = [
        hit for hit in hits if hit.score >= BELONGS * best and (hit is hits[0] or not _is_preamble(hit))
    ]
    lines: list[str] = []
    for hit in sorted(chosen, key=lambda hit: hit.start):
        lines += _item_lines(steps, look, plan, hit, claims)
    return lines


def _item_lines(steps: Steps, look: Look, plan: Plan, hit: Hit, claims: list[Claim]) -> list[str]:
    fused = look.scores.fused
    chunks = {r: c for r, c in steps.retriever.sentences(hit.item_id) if not names_units(c.text)}
    if not chunks:
        return []
    order = sorted(chunks, key=lambda row: (-float(fused[row]), row))
    shares = {row: float(fused[row] / fused[order[0]]) for row in order}
    near = [
        row
        for row in order
        if shares[row] >= (_NEAR_WITH_NUMBER if read_quantities(chunks[row].text) else _NEAR)
    ]
    rows = near[:_SENTENCES] or order[:1]
    lines: list[str] = []
    for row in sorted(rows):
        n = steps.book.cite(chunks[row])
        if n is None:
            continue
        number = hit.item_id.partition("#")[2]
        claims.append(Claim(quoted(plan, number, chunks[row].text, steps.reading.language), (n,), "verified"))
        lines.append(f"- {claims[-1].text}{marks((n,))}")
    return lines


def _is_preamble(hit: Hit) -> bool:
    return hit.item_id.endswith("#0")
