"""Puts plans side by side: a table of aspects with a quote in each cell, and what is alike or apart in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.plan import Plan
from rag.aspects import SAME_TOPIC, Row, named_rows, own_rows, read_aspects, topical_rows
from rag.citations import marks
from rag.draft import Draft
from rag.errors import GeneratorUnavailable
from rag.lookup import Writer, nearest, refuse
from rag.prompts import compare_prompt
from rag.records import Aspect, Cell, Chunk, Claim, Hit, Status, Table
from rag.retrieve import Scores
from rag.steps import Look, Steps
from rag.support import VERIFIED_COVERAGE, coverage
from rag.verdicts import VerdictJudge
from rag.wording import compare_gap, gaps_of, hidden_note, main_aspect, quoted, row_heading, shared_rows

MAX_PLANS = 8
"""More plans than this are answered as a "which plans" question: nobody reads so many side by side."""
_SENTENCES = 3
_NEAR = 0.82
"""A sentence stands beside a plan's best one where its score reaches this share of it."""
_ACROSS = 2
"""How many sentences of each plan the model reads: more of them cost time and blur what differs."""
_OF_ALL = re.compile(r"都|均|皆|同样|一样|\b(?:both|all|each|similarly|same|likewise)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """One plan of a comparison with its sentences on the topic."""

    plan: Plan
    sentences: tuple[Chunk, ...]
    rows: tuple[int, ...] = ()
    """The sentences' rows in the index."""


def answer_compare(steps: Steps, judge: VerdictJudge) -> Draft:
    """Quote each plan in scope, aspect by aspect; a plan that is silent is said to be so."""
    look = steps.look(2, per_plan=True)
    columns = read_columns(steps, judge, look)
    items = sum(len(plan.items) for plan in steps.plans)
    if not any(column.sentences for column in columns):
        return refuse(steps, items, nearest(steps, look))
    if steps.reading.mode != "compare" or len(columns) < 2:
        return _side_by_side(steps, columns, items)
    rows = _find_rows(steps, judge, look, columns)
    if not any(row.cells.values() for row in rows):
        return _side_by_side(steps, columns, items)
    claims: list[Claim] = []
    lines: list[str] = []
    aspects: list[Aspect] = []
    for row in rows:
        lines.append(row_heading(row.name, steps.reading.language))
        cited = [(plan, cell_lines(steps, plan, row, claims, lines)) for plan in steps.plans]
        empty = [plan for plan, numbers in cited if not numbers]
        if empty:
            lines.append(f"- {gaps_of(empty, steps.reading.language)}")
        aspects.append(Aspect(row.name, tuple(Cell(plan.plan_id, numbers) for plan, numbers in cited)))
    table = Table("compare", tuple(plan.plan_id for plan in steps.plans), tuple(aspects))
    unsaid = [plan for i, plan in enumerate(steps.plans) if not _is_told(i, table)]
    lines += _hidden(steps, unsaid)
    steps.say("\n".join(lines))
    more, warnings = across(steps, [quoted_in(rows, plan) for plan in steps.plans], claims)
    if not more and len(rows) > 1:
        more = say_alike(steps, table, claims)
    status: Status = "partial" if unsaid else "answered"
    text = "\n".join(lines) + more
    return Draft(status, text, tuple(claims), None, len(steps.plans), items, warnings, table)


def read_columns(steps: Steps, judge: VerdictJudge, look: Look) -> list[Column]:
    """The best sentences of each plan in scope; none where the plan says nothing near the topic."""
    signals = judge.signals(look.scores)
    columns: list[Column] = []
    for plan in steps.plans:
        rows = () if judge.is_silent(signals[plan.plan_id][0]) else _best_rows(steps, look, plan)
        chunks = steps.retriever.index.chunks
        columns.append(Column(plan, tuple(chunks[row] for row in rows), rows))
    return columns


def silent_plans(judge: VerdictJudge, scores: Scores) -> set[str]:
    """The plans of the corpus that say nothing near to what the scores are for."""
    return {plan_id for plan_id, (signals, _) in judge.signals(scores).items() if judge.is_silent(signals)}


def cell_lines(steps: Steps, plan: Plan, row: Row, claims: list[Claim], lines: list[str]) -> tuple[int, ...]:
    """Quote one cell; returns its citations."""
    numbers: list[int] = []
    for chunk in row.cells.get(plan.plan_id, ()):
        n = steps.book.cite(chunk)
        if n is None:
            continue
        numbers.append(n)
        text = quoted(plan, chunk.item_id.partition("#")[2], chunk.text, steps.reading.language)
        if not any(claim.text == text for claim in claims):
            claims.append(Claim(text, (n,), "verified"))
        lines.append(f"- {text}{marks((n,))}")
    return tuple(numbers)


def say_alike(steps: Steps, table: Table, claims: list[Claim]) -> str:
    """Which aspects all the plans speak of and which only some do: code reads it off the table."""
    language = steps.reading.language
    names = {plan.plan_id: plan for plan in steps.plans}
    lines: list[str] = []
    main = main_aspect(language)
    for plan_ids, aspects, numbers in _by_plans(table, main):
        text = shared_rows(
            [names[plan_id] for plan_id in plan_ids], aspects, len(table.plans), steps.reading.language
        )
        claims.append(Claim(text, numbers, "verified"))
        lines.append(text + marks(numbers))
    text = "\n" + "\n".join(lines) if lines else ""
    steps.say(text)
    return text


def _by_plans(table: Table, main: str) -> list[tuple[tuple[str, ...], list[str], tuple[int, ...]]]:
    """The aspects by the plans that speak of them, most plans first; the one called ``main`` is no aspect."""
    found: dict[tuple[str, ...], list[Aspect]] = {}
    for aspect in table.aspects:
        told = tuple(cell.plan_id for cell in aspect.cells if cell.citations)
        if told and aspect.name != main:
            found.setdefault(told, []).append(aspect)
    return [
        (
            told,
            [aspect.name for aspect in aspects],
            tuple(dict.fromkeys(n for a in aspects for cell in a.cells for n in cell.citations)),
        )
        for told, aspects in sorted(found.items(), key=lambda entry: -len(entry[0]))
    ]


def _find_rows(steps: Steps, judge: VerdictJudge, look: Look, columns: Sequence[Column]) -> list[Row]:
    told = {column.plan.plan_id: column for column in columns if column.sentences}
    named = read_aspects(steps.reading.topic)
    if named is not None:
        plan_ids = [plan.plan_id for plan in steps.plans]
        return named_rows(steps.retriever, named, plan_ids, lambda scores: silent_plans(judge, scores))
    fused = look.scores.fused
    best = {plan_id: max(column.rows, key=lambda row: float(fused[row])) for plan_id, column in told.items()}
    rows_of_plan: Mapping[str, Sequence[int]] = {plan_id: column.rows for plan_id, column in told.items()}
    topical = (topical_rows(steps.retriever, look.scores, plan_id) for plan_id in told)
    every = frozenset(row for rows in topical for row in rows)
    return own_rows(steps.retriever, rows_of_plan, best, every, main_aspect(steps.reading.language))


def _side_by_side(steps: Steps, columns: Sequence[Column], items: int) -> Draft:
    """Each plan's sentences, one plan after the other."""
    claims: list[Claim] = []
    lines: list[str] = []
    for column in columns:
        row = Row("", {column.plan.plan_id: column.sentences})
        if not cell_lines(steps, column.plan, row, claims, lines):
            lines.append(f"- {compare_gap(column.plan, steps.reading.language)}")
    unsaid = [column.plan for column in columns if not column.sentences]
    lines += _hidden(steps, unsaid)
    text = "\n".join(lines)
    steps.say(text)
    more, warnings = across(steps, [column.sentences for column in columns], claims)
    asked_of_all = steps.reading.mode == "compare"
    status: Status = "partial" if unsaid and asked_of_all else "answered"
    return Draft(status, text + more, tuple(claims), None, len(steps.plans), items, warnings)


def _hidden(steps: Steps, plans: Sequence[Plan]) -> list[str]:
    """What could not be read of plans that were found to be silent."""
    return [
        hidden_note(plan, gap, steps.reading.language)
        for plan in plans
        for gap in plan.gaps
        if gap.kind == "hidden"
    ]


def _best_rows(steps: Steps, look: Look, plan: Plan) -> tuple[int, ...]:
    ranked = [hit for hit in look.hits if hit.plan_id == plan.plan_id]
    hits = [hit for hit in ranked if hit.score >= SAME_TOPIC * ranked[0].score and _is_item(hit)] or ranked[
        :1
    ]
    chunks = dict(entry for hit in hits for entry in steps.retriever.sentences(hit.item_id))
    fused = look.scores.fused
    order = sorted(chunks, key=lambda row: (-float(fused[row]), row))
    return tuple(sorted(row for row in order[:_SENTENCES] if fused[row] >= _NEAR * fused[order[0]]))


def _is_item(hit: Hit) -> bool:
    """The text before the first item speaks of everything."""
    return not hit.item_id.endswith("#0")


def _is_told(column: int, table: Table) -> bool:
    return any(aspect.cells[column].citations for aspect in table.aspects)


def quoted_in(rows: Sequence[Row], plan: Plan) -> list[Chunk]:
    """The sentences of one plan that the rows quote, each once."""
    return list(dict.fromkeys(chunk for row in rows for chunk in row.cells.get(plan.plan_id, ())))


def across(
    steps: Steps, sentences: Sequence[Sequence[Chunk]], claims: list[Claim]
) -> tuple[str, tuple[str, ...]]:
    """What the model says across the plans, each with its sentences, as far as the quotes carry it."""
    if steps.generator is None:
        return "", ()
    evidence = [chunk for of_plan in sentences for chunk in of_plan[:_ACROSS]]
    plans = {plan.plan_id: plan for plan in steps.plans}
    prompt = compare_prompt(
        steps.reading.question, [(plans[chunk.plan_id], chunk) for chunk in evidence], steps.reading.language
    )
    writer = Writer(steps, evidence, lead="\n", accepts=lambda sentence: _holds_of_each(sentence, sentences))
    try:
        with steps.timed("generate"):
            writer.run(prompt)
    except GeneratorUnavailable as error:
        steps.lose_model(error.message)
    claims.extend(writer.claims)
    return "".join(writer.parts), writer.warnings()


def _holds_of_each(claim: str, sentences: Sequence[Sequence[Chunk]]) -> bool:
    """Tell whether what is said of all plans (都, 均) stands in the quotes of each; other sentences pass."""
    if not _OF_ALL.search(claim):
        return True
    shares = [coverage(claim, *of_plan) for of_plan in sentences if of_plan]
    return len(shares) == len(sentences) and min(shares) >= VERIFIED_COVERAGE
