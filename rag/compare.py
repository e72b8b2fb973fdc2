"""Puts plans side by side: a table of aspects with a quote in each cell, and what is alike or apart in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.plan import Plan
from rag.amounts import asks_figures
from rag.aspects import CLIPPED, Row, named_rows, own_rows, read_aspects, topical_rows
from rag.behind import plans_without
from rag.citations import marks
from rag.draft import Draft
from rag.errors import GeneratorUnavailable
from rag.figures import list_figures
from rag.lacking import Absence
from rag.lookup import nearest, refuse
from rag.prompts import compare_prompt
from rag.records import Aspect, Cell, Chunk, Claim, Figures, Status, Table
from rag.steps import Look, Steps
from rag.support import VERIFIED_COVERAGE, coverage
from rag.telling import Telling, tokens_of
from rag.tokenise import is_chinese, tokenise
from rag.verdicts import VerdictJudge
from rag.wanted import wanted_in
from rag.wording import (
    compare_gap,
    figures_of,
    gaps_of,
    hidden_note,
    labelled,
    main_aspect,
    quoted,
    shared_rows,
)
from rag.worth import told_rows
from rag.writer import Writer

MAX_PLANS = 8
"""More plans than this are answered as a "which plans" question: nobody reads so many side by side."""
_SENTENCES = {2: 6, 3: 5}
"""Sentences of each of so many plans: of fewer a reader takes in more …"""
_SENTENCES_OF_MORE = 3
"""… and these of each of many plans."""
_SAID_ALIKE = 3
"""Sentences about what is alike and apart."""
_ASPECTS_SAID = 3
"""Aspects that one of them names."""
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
    told = [_tell(steps, look, rows, plan) for plan in steps.plans]
    claims = [claim for telling, _ in told for claim in telling.claims]
    silent = [column.plan.plan_id for column in columns if not column.sentences]
    absence = Absence(steps.retriever)
    aspects = [
        _aspect(steps, row, [cells[i] for _, cells in told], silent, absence) for i, row in enumerate(rows)
    ]
    table = Table("compare", tuple(plan.plan_id for plan in steps.plans), tuple(aspects))
    unsaid = [plan for plan, (telling, _) in zip(steps.plans, told, strict=True) if not telling.found]
    lines = [
        f"- {telling.line or compare_gap(plan, steps.reading.language)}"
        for plan, (telling, _) in zip(steps.plans, told, strict=True)
    ]
    lines += [*_empty_cells(steps, table, unsaid), *_hidden(steps, unsaid)]
    figures = _figures(steps, look, [telling for telling, _ in told])
    if figures is not None and figures.comparable:
        lines.append(_figures_line(steps, figures, claims))
    steps.say("\n".join(lines))
    more, warnings = across(steps, [quoted_in(rows, plan) for plan in steps.plans], claims)
    if not more and len(rows) > 1:
        more = say_alike(steps, rows, table, claims)
    status: Status = "partial" if unsaid else "answered"
    text = "\n".join(lines) + more
    n_plans = len(steps.plans)
    return Draft(status, text, tuple(claims), None, n_plans, items, warnings, table, figures)


def _aspect(
    steps: Steps, row: Row, citations: Sequence[tuple[int, ...]], silent: Sequence[str], absence: Absence
) -> Aspect:
    """A row of the table; an empty cell is unclear unless the whole plan lacks what the others say there."""
    named = read_aspects(steps.reading.topic) is not None
    said = [chunk for cell in row.cells.values() for chunk in cell]
    cells: list[Cell] = []
    for plan, numbers in zip(steps.plans, citations, strict=True):
        sure = numbers or named or plan.plan_id in silent
        unclear = not sure and not absence.is_only_in(said, [plan.plan_id])
        cells.append(Cell(plan.plan_id, numbers, None, unclear))
    return Aspect(row.name, tuple(cells))


def _tell(steps: Steps, look: Look, rows: Sequence[Row], plan: Plan) -> tuple[Telling, list[tuple[int, ...]]]:
    """One plan's line of decisive words, and its citations row by row."""
    named = read_aspects(steps.reading.topic) is not None
    others = tokens_of(
        chunk for row in rows for id_, cell in row.cells.items() if id_ != plan.plan_id for chunk in cell
    )
    room = len(rows) if named else _most_sentences(len(steps.plans))
    telling = Telling(steps, topic_tokens(steps, look), others, room)
    cells = [telling.take(row.cells.get(plan.plan_id, ()), plan, row.name if named else "") for row in rows]
    return telling, cells


def topic_tokens(steps: Steps, look: Look) -> frozenset[str]:
    """The words of the topic, with the Chinese ones that a question in another language was searched by."""
    words = tokenise(steps.reading.topic)
    return frozenset(words if is_chinese(steps.reading.topic) else [*words, *tokenise(look.keywords)])


def _most_sentences(n_plans: int) -> int:
    """How many sentences of each plan are looked at."""
    return _SENTENCES.get(n_plans, _SENTENCES_OF_MORE)


def _empty_cells(steps: Steps, table: Table, unsaid: Sequence[Plan]) -> list[str]:
    """Which plans are silent on an aspect that the question names, though not on all of them."""
    if read_aspects(steps.reading.topic) is None:
        return []
    language = steps.reading.language
    lines: list[str] = []
    for aspect in table.aspects:
        without = [
            plan
            for plan, cell in zip(steps.plans, aspect.cells, strict=True)
            if not cell.citations and plan not in unsaid
        ]
        if without:
            lines.append(labelled(aspect.name, gaps_of(without, language), language))
    return lines


def _figures(steps: Steps, look: Look, told: Sequence[Telling]) -> Figures | None:
    """The like figures of the plans, where the question asks for numbers."""
    if not asks_figures(steps.reading.question):
        return None
    plans = {plan.plan_id: plan for plan in steps.plans}
    found = [(plans[chunk.plan_id], chunk, n) for telling in told for chunk, n in telling.found]
    topic = look.keywords if is_chinese(steps.reading.topic) else steps.reading.topic
    return list_figures(found, wanted_in(steps, topic), steps.reading.language)


def _figures_line(steps: Steps, figures: Figures, claims: list[Claim]) -> str:
    """The figures of the plans in one sentence, each with its mark."""
    shown = [(bar.label, bar.shown, bar.citation) for bar in figures.bars]
    language = steps.reading.language
    numbers = tuple(n for _, _, n in shown)
    text = figures_of([(label, value) for label, value, _ in shown], language)
    claims.append(Claim(text, numbers, "verified"))
    return text + marks(numbers)


def read_columns(steps: Steps, judge: VerdictJudge, look: Look) -> list[Column]:
    """The best sentences of each plan in scope; none where the plan says nothing near the topic."""
    silent = plans_without(
        steps.retriever, judge, look.scores, steps.matter_scores(look), steps.reading.plan_ids
    )
    columns: list[Column] = []
    room, question = _most_sentences(len(steps.plans)), steps.reading.question
    for plan in steps.plans:
        rows = (
            ()
            if plan.plan_id in silent
            else told_rows(steps.retriever, look.scores, plan.plan_id, room, question)
        )
        chunks = steps.retriever.index.chunks
        columns.append(Column(plan, tuple(chunks[row] for row in rows), rows))
    return columns


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


def say_alike(steps: Steps, rows: Sequence[Row], table: Table, claims: list[Claim]) -> str:
    """Which aspects all the plans speak of and which only some do: code reads it off the table."""
    language = steps.reading.language
    names = {plan.plan_id: plan for plan in steps.plans}
    lines: list[str] = []
    # Aspects that the question names are what it wants to know of.
    asked = "" if read_aspects(steps.reading.topic) else steps.reading.question
    for plan_ids, aspects in _by_plans(rows, table, asked)[:_SAID_ALIKE]:
        listed = aspects[:_ASPECTS_SAID]
        numbers = tuple(dict.fromkeys(n for a in listed for cell in a.cells for n in cell.citations))
        text = shared_rows(
            [names[plan_id] for plan_id in plan_ids], [a.name for a in listed], len(table.plans), language
        )
        claims.append(Claim(text, numbers, "verified"))
        lines.append(text + marks(numbers))
    text = "\n" + "\n".join(lines) if lines else ""
    steps.say(text)
    return text


def _by_plans(rows: Sequence[Row], table: Table, question: str) -> list[tuple[tuple[str, ...], list[Aspect]]]:
    """The aspects by the plans that speak of them, most plans first; those without a common name are none.

    Nor is one that is called by the beginning of a long clause, or by words of ``question``: neither tells
    anything. That only some speak of one is said where the others clearly lack it, in any of their sentences.
    """
    found: dict[tuple[str, ...], list[Aspect]] = {}
    for row, aspect in zip(rows, table.aspects, strict=True):
        told = tuple(cell.plan_id for cell in aspect.cells if cell.citations)
        tells = not aspect.name.endswith(CLIPPED) and aspect.name not in question
        if told and row.common and tells and not any(cell.unclear for cell in aspect.cells):
            found.setdefault(told, []).append(aspect)
    return sorted(found.items(), key=lambda entry: -len(entry[0]))


def _find_rows(steps: Steps, judge: VerdictJudge, look: Look, columns: Sequence[Column]) -> list[Row]:
    told = {column.plan.plan_id: column for column in columns if column.sentences}
    named = read_aspects(steps.reading.topic)
    if named is not None:
        plan_ids = [plan.plan_id for plan in steps.plans]
        return named_rows(steps.retriever, named, plan_ids, judge.silent_plans)
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
