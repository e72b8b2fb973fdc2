"""Puts plans side by side: what each says about the topic in its own words, and a sentence or two across."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.plan import Plan
from rag.citations import marks
from rag.draft import Draft
from rag.errors import GeneratorUnavailable
from rag.lookup import Writer, refuse
from rag.prompts import compare_prompt
from rag.records import Chunk, Claim, Hit, Status
from rag.steps import Look, Steps
from rag.support import VERIFIED_COVERAGE, coverage
from rag.verdicts import VerdictJudge
from rag.wording import compare_gap, hidden_note, quoted

MAX_PLANS = 8
"""More plans than this are answered as a "which plans" question: nobody reads so many side by side."""
_SENTENCES = 3
_NEAR = 0.82
"""A sentence stands beside a plan's best one where its score reaches this share of it."""


_SAME_TOPIC = 0.88
"""A second item of a plan is looked at where its score reaches this share of the best one's."""
_ACROSS = 2
"""How many sentences of each plan the model reads: more of them cost time and blur what differs."""
_OF_ALL = re.compile(r"都|均|皆|同样|一样|\b(?:both|all|each|similarly|same|likewise)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Column:
    plan: Plan
    sentences: tuple[Chunk, ...]


def answer_compare(steps: Steps, judge: VerdictJudge) -> Draft:
    """Quote each plan in scope on the topic; a plan that is silent is said to be so."""
    look = steps.look(2, per_plan=True)
    signals = judge.signals(look.scores)
    columns: list[_Column] = []
    for plan in steps.plans:
        silent = judge.is_silent(signals[plan.plan_id][0])
        columns.append(_Column(plan, () if silent else _best_sentences(steps, look, plan)))
    items = sum(len(plan.items) for plan in steps.plans)
    if not any(column.sentences for column in columns):
        return refuse(steps, items)
    language = steps.reading.language
    claims: list[Claim] = []
    lines = [_line(steps, column, claims) for column in columns]
    silent_plans = [column.plan for column in columns if not column.sentences]
    lines += [
        hidden_note(plan, gap, language) for plan in silent_plans for gap in plan.gaps if gap.kind == "hidden"
    ]
    text = "\n".join(lines)
    steps.say(text)
    more, warnings = _across(steps, columns, claims)
    asked_of_all = steps.reading.mode == "compare"
    status: Status = "partial" if silent_plans and asked_of_all else "answered"
    return Draft(status, text + more, tuple(claims), None, len(steps.plans), items, warnings)


def _best_sentences(steps: Steps, look: Look, plan: Plan) -> tuple[Chunk, ...]:
    ranked = [hit for hit in look.hits if hit.plan_id == plan.plan_id]
    hits = [hit for hit in ranked if hit.score >= _SAME_TOPIC * ranked[0].score and _is_item(hit)] or ranked[
        :1
    ]
    chunks = dict(entry for hit in hits for entry in steps.retriever.sentences(hit.item_id))
    fused = look.scores.fused
    order = sorted(chunks, key=lambda row: (-float(fused[row]), row))
    near = [row for row in order[:_SENTENCES] if fused[row] >= _NEAR * fused[order[0]]]
    return tuple(chunks[row] for row in sorted(near))


def _line(steps: Steps, column: _Column, claims: list[Claim]) -> str:
    language = steps.reading.language
    if not column.sentences:
        return f"- {compare_gap(column.plan, language)}"
    parts: list[str] = []
    for chunk in column.sentences:
        n = steps.book.cite(chunk)
        if n is None:
            continue
        text = quoted(column.plan, chunk.item_id.partition("#")[2], chunk.text, language)
        claims.append(Claim(text, (n,), "verified"))
        parts.append(text + marks((n,)))
    return "\n".join(f"- {part}" for part in parts)


def _is_item(hit: Hit) -> bool:
    """The text before the first item speaks of everything."""
    return not hit.item_id.endswith("#0")


def _holds_of_each(sentence: str, columns: Sequence[_Column]) -> bool:
    """Tell whether what is said of all plans (都, 均) stands in the quotes of each; other sentences pass."""
    if not _OF_ALL.search(sentence):
        return True
    shares = [coverage(sentence, *column.sentences) for column in columns if column.sentences]
    return len(shares) == len(columns) and min(shares) >= VERIFIED_COVERAGE


def _across(steps: Steps, columns: Sequence[_Column], claims: list[Claim]) -> tuple[str, tuple[str, ...]]:
    """What the model says across the plans, as far as the quotes carry it."""
    if steps.generator is None:
        return "", ()
    evidence = [chunk for column in columns for chunk in column.sentences[:_ACROSS]]
    plans = {column.plan.plan_id: column.plan for column in columns}
    prompt = compare_prompt(
        steps.reading.question, [(plans[chunk.plan_id], chunk) for chunk in evidence], steps.reading.language
    )
    writer = Writer(steps, evidence, lead="\n", accepts=lambda sentence: _holds_of_each(sentence, columns))
    try:
        with steps.timed("generate"):
            writer.run(prompt)
    except GeneratorUnavailable as error:
        steps.lose_model(error.message)
    claims.extend(writer.claims)
    return "".join(writer.parts), writer.warnings()
