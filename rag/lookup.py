"""Answers a question for a fact: chosen sentences, one checked sentence of the model, or the quotes alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.plan import Item, Plan
from rag.amounts import asked_amounts, asks_money, without_money
from rag.asked_parts import sentences_of_parts
from rag.belonging import only_named_by
from rag.chunks import whole_item
from rag.citations import marks
from rag.draft import Draft
from rag.errors import GeneratorUnavailable
from rag.lead_units import lead_units, may_ask_for_unit
from rag.needed import needed_fact
from rag.prompts import lookup_prompt
from rag.records import Chunk, Claim, Hit
from rag.retrieve import Scores
from rag.second_quote import Pair, belongs_too
from rag.section_asked import section_of
from rag.sentences import names_units
from rag.steps import Look, Steps
from rag.verdicts import VerdictJudge
from rag.wording import hidden_note, no_such_item, not_found, quoted, related
from rag.writer import Writer

N_HITS = 8
"""How many items the evidence is chosen from."""
MAX_EVIDENCE_CHARS = 420
"""Characters of evidence in one prompt; the prompt is what costs time."""
_QUOTES_ALONE = 2
"""How many sentences are quoted where no model words an answer."""
_QUOTES_OF_HOW = 4
"""The same where the question is how a thing is done: one sentence is rarely all of it."""
_HOW = re.compile(
    r"怎么|怎样|如何|咋|办法|打算|安排|措施|\bhow\b(?!\s+(?:many|much|long|often))|\bwhat\s+(?:does|do|did|is|are|will)\b.*\b(?:do|doing|about)\b",
    re.IGNORECASE,
)
_OF_HOW_WITHIN = 0.15
"""Where it is asked how, more of the best item is quoted as long as the score is no more than this lower."""
_WHOLE_ITEM = re.compile(
    r"写了|说了|讲了|什么内容|内容是|是什么|原文|全文|\bsay\b|\bcontent|\btext\b", re.IGNORECASE
)


_ASKS_STEPS = re.compile(r"步骤|流程|分(?:成|为)?几步|\b(?:which|what)\s+(?:\w+\s+)?steps\b", re.IGNORECASE)
_BELOW_NAMED = 1.0
"""Any item that comes less near than the text ahead of all does not have what that names."""
ANSWERED_FROM = 0.08
"""Below this probability a plan is taken to be silent.

Lower than the bound of verdicts: of the plans that a "which plans" question is put to most say no, but what
one plan is asked for it mostly has. On 22 development questions whose plan is silent 0.1 refuses no more.
"""
RELATED_FROM = 0.45
"""A sentence whose score lies below this is not called related, be it the nearest.

Of the nine development questions on which their plans are silent this names an item for four, three of them
items that the questions' authors name as related, too; from 0.38 on it would be eight and five.
"""
OF_MATTER = 0.7
"""An amount of money is one for the matter where its sentence has this share of the best score for that.

Where it is for the matter, or the matter is education as a whole, the share lies above 0.75, else below 0.5.
"""
AMOUNT_WITHIN = 3
"""A question for a number is answered only where one of so many best sentences has a number of that kind."""


def answer_lookup(steps: Steps, judge: VerdictJudge) -> Draft:
    """Answer from the best sentences of the plans in scope, or say that they do not say it."""
    items = sum(len(plan.items) for plan in steps.plans)
    view = steps.look(N_HITS)
    in_charge = lead_units(steps)
    named = _only_named(steps, view, in_charge)
    if named is not None:
        return refuse(steps, items, named)
    if in_charge is not None:
        view = replace(view, scores=in_charge[0])
    signals = judge.signals(view.scores)
    probability = max(judge.probability(signals[plan.plan_id][0]) for plan in steps.plans)
    if probability < ANSWERED_FROM:
        return refuse(steps, items, nearest(steps, view))
    if in_charge is not None and in_charge[1]:
        return answer_from(steps, in_charge[1], False, len(in_charge[1]), len(in_charge[1]))
    chosen = choose_evidence(steps, view.hits, view.scores)
    units = asked_amounts(steps.reading.question)
    needed = needed_fact(steps)
    if needed is not None:
        near = chosen.sentences[:AMOUNT_WITHIN] if needed.is_number else chosen.near
        giving = [chunk for chunk in near if needed.gives(chunk.text)]
        if units is not None and asks_money(units):
            giving = about_matter(steps, giving)
        if not giving:
            return refuse(steps, items, nearest(steps, view))
        chosen = chosen.led_by(giving)
    chosen = chosen.with_told(sentences_of_parts(steps, view.scores.fused.tolist(), chosen.told))
    # The model reads what would be quoted: of sentences that are only near it took its answer now and then.
    evidence = chosen.told
    # Where it is a yes the model may not refuse: it says "not found" of things in its first sentence.
    may_refuse = judge.word(probability) != "yes"
    # A number that was asked for is all of the answer, and Chinese words that give it are checked.
    is_told = units is not None and steps.reading.language == "zh"
    return answer_from(steps, evidence, may_refuse, chosen.n_quotes, 0 if is_told else chosen.n_quotes)


def _only_named(steps: Steps, view: Look, in_charge: tuple[Scores, list[Chunk]] | None) -> Chunk | None:
    """The sentence ahead of all items that names the matter, where its steps or its unit are asked for.

    Who is in charge is told by the bracket of an item: none that says less of the matter will do.
    """
    if len(steps.plans) != 1:
        return None
    plan_id = steps.plans[0].plan_id
    if in_charge is not None:
        return only_named_by(steps.retriever, in_charge[0], plan_id, _BELOW_NAMED)
    if not _ASKS_STEPS.search(steps.reading.question):
        return None
    return only_named_by(steps.retriever, steps.matter_scores(view), plan_id)


def about_matter(steps: Steps, giving: Sequence[Chunk]) -> list[Chunk]:
    """Those of sentences with an amount of money that come near to what the money is for.

    A question for money comes near to every sentence on money, whatever it is spent on.
    """
    matter = without_money(steps.reading.topic)
    if not giving or sum(map(str.isalnum, matter)) < 2:
        return list(giving)
    with steps.timed("retrieve"):
        scores = steps.retriever.score(matter, steps.reading.plan_ids, True)
    fused = scores.fused
    best = max(float(fused[row]) for row in _rows_in_scope(steps, scores))
    if best < RELATED_FROM:  # education as a whole, and no matter in it
        return list(giving)
    rows = {chunk.chunk_id: row for one in giving for row, chunk in steps.retriever.sentences(one.item_id)}
    return [chunk for chunk in giving if fused[rows[chunk.chunk_id]] >= OF_MATTER * best]


def _rows_in_scope(steps: Steps, scores: Scores) -> list[int]:
    """The rows of the scored sentences of the plans in scope."""
    return [row for own in steps.retriever.scored(steps.reading.plan_ids, scores) for row in own]


def answer_item(steps: Steps) -> Draft:
    """Answer about items that the question names by number; hidden and missing ones are said to be so."""
    found: list[tuple[Plan, Item]] = []
    notes: list[str] = []
    for plan in steps.plans:
        for number in steps.reading.item_numbers:
            # Where numbering restarts in each section, several items bear the number.
            numbered = [item for item in plan.items if item.number == number]
            found += [(plan, item) for item in numbered]
            if not numbered:
                notes.append(_missing(plan, number, steps))
    if not found:
        text = "\n".join(notes)
        steps.say(text)
        return Draft("not_found", text, (), None, len(steps.plans), sum(len(p.items) for p in steps.plans))
    if _WHOLE_ITEM.search(steps.reading.question) or steps.generator is None:
        return _quote_items(steps, found, notes)
    sentences = [chunk for _, item in found for _, chunk in steps.retriever.sentences(item.item_id)]
    return answer_from(steps, sentences[: 3 * steps.n_evidence])


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sentences that come nearest to a question, best first."""

    sentences: list[Chunk]
    n_quotes: int
    """How many of them answer: these are quoted, or put to the model."""

    @property
    def near(self) -> list[Chunk]:
        """Of the first few those that are of the best one's item, or are quoted."""
        return [
            chunk
            for n, chunk in enumerate(self.sentences[:AMOUNT_WITHIN])
            if n < self.n_quotes or chunk.item_id == self.sentences[0].item_id
        ]

    @property
    def told(self) -> list[Chunk]:
        """Those that answer."""
        return self.sentences[: self.n_quotes]

    def with_told(self, more: Sequence[Chunk]) -> Chosen:
        """The same with further sentences that answer, behind those that do."""
        told = [*self.told, *more]
        return Chosen([*told, *(chunk for chunk in self.sentences if chunk not in told)], len(told))

    def led_by(self, giving: Sequence[Chunk]) -> Chosen:
        """The same with the first of these in front, the others quoted only where they are of its item.

        Where it is in front already and more than it give what is asked for, nothing changes.
        """
        first = giving[0]
        if first is self.sentences[0] and len(giving) > 1:
            return self
        rest = [chunk for chunk in self.sentences if chunk is not first]
        n_quotes = _QUOTES_ALONE if rest and rest[0].item_id == first.item_id else 1
        if first is self.sentences[0]:
            n_quotes = min(n_quotes, self.n_quotes)
        return Chosen([first, *rest], n_quotes)


def choose_evidence(steps: Steps, hits: Sequence[Hit], scores: Scores) -> Chosen:
    """The best sentences of the hits, best first, as many as a prompt has room for."""
    chunks = dict(entry for hit in hits for entry in steps.retriever.sentences(hit.item_id))
    if not may_ask_for_unit(steps.reading.question):
        chunks = {row: chunk for row, chunk in chunks.items() if not names_units(chunk.text)} or chunks
    fused = scores.fused
    chosen: list[int] = []
    used = 0
    order = sorted(chunks, key=lambda row: (-float(fused[row]), row))
    for row in order:
        chunk = chunks[row]
        if chosen and (len(chosen) >= steps.n_evidence or used + len(chunk.text) > MAX_EVIDENCE_CHARS):
            break
        chosen.append(row)
        used += len(chunk.text) + len(chunk.title)
    behind = [float(fused[chosen[0]] - fused[row]) for row in chosen]
    sentences = [chunks[row] for row in chosen]
    n_quotes = len(sentences)
    if n_quotes >= _QUOTES_ALONE:
        above = float(fused[chosen[0]]) - _mean(steps, scores)
        pair = Pair(sentences[0], sentences[1], behind[1], above)
        needed = needed_fact(steps)
        given = needed.gives if needed is not None and needed.is_number else None
        belongs = belongs_too(pair, steps.reading.topic, scores.concepts, given)
        n_quotes = _QUOTES_ALONE if belongs else 1
    if not _HOW.search(steps.reading.question) or asked_amounts(steps.reading.question) is not None:
        return Chosen(sentences, n_quotes)
    n_near = max(n_quotes, sum(gap <= _OF_HOW_WITHIN for gap in behind))
    quoted = [
        chunk
        for i, chunk in enumerate(sentences[:n_near])
        if i < n_quotes or chunk.item_id == sentences[0].item_id
    ][:_QUOTES_OF_HOW]
    rest = [chunk for chunk in sentences if chunk not in quoted]
    return Chosen([*quoted, *rest], len(quoted))


def _mean(steps: Steps, scores: Scores) -> float:
    """The mean score of the sentences of the plans in scope."""
    rows = _rows_in_scope(steps, scores)
    return float(scores.fused[rows].mean()) if rows else 0.0


def answer_from(
    steps: Steps,
    evidence: Sequence[Chunk],
    may_refuse: bool = True,
    n_quotes: int = _QUOTES_ALONE,
    n_beside: int = 0,
) -> Draft:
    """Word an answer from the evidence; quotes alone where the model is absent, fails or says nothing.

    Of the first ``n_beside`` sentences those that the model's words leave out are quoted behind them.
    """
    items = sum(len(plan.items) for plan in steps.plans)
    writer = Writer(steps, evidence)
    if steps.generator is not None and evidence:
        plans = {plan.plan_id: plan for plan in steps.plans}
        placed = [(plans[chunk.plan_id], chunk) for chunk in evidence]
        try:
            with steps.timed("generate"):
                refused = writer.run(
                    lookup_prompt(steps.reading.question, placed, steps.reading.language, may_refuse)
                )
        except GeneratorUnavailable as error:
            steps.lose_model(error.message)
            refused = False
        if writer.claims:
            lines, claims = _quotes(steps, writer.left_out(n_beside))
            for line in lines:
                steps.say("\n" + line)
            text = "\n".join(["".join(writer.parts), *lines])
            claims = [*writer.claims, *claims]
            return Draft("answered", text, tuple(claims), None, len(steps.plans), items, writer.warnings())
        if refused:
            return refuse(steps, items, evidence[0])
    if not evidence:
        return refuse(steps, items)
    return _quote_evidence(steps, evidence[:n_quotes], items, writer.warnings())


def _quote_items(steps: Steps, found: Sequence[tuple[Plan, Item]], notes: Sequence[str]) -> Draft:
    lines: list[str] = []
    claims: list[Claim] = []
    for plan, item in found:
        n = steps.book.cite(whole_item(item))
        if n is not None:
            claims.append(
                Claim(quoted(plan, item.number, item.text, steps.reading.language), (n,), "verified")
            )
            lines.append(claims[-1].text + marks((n,)))
    text = "\n".join([*lines, *notes])
    steps.say(text)
    items = sum(len(plan.items) for plan in steps.plans)
    return Draft("partial" if notes else "answered", text, tuple(claims), None, len(steps.plans), items)


def _quotes(steps: Steps, evidence: Sequence[Chunk]) -> tuple[list[str], list[Claim]]:
    """A line and a claim for each sentence that stands in its plan."""
    plans = {plan.plan_id: plan for plan in steps.plans}
    lines: list[str] = []
    claims: list[Claim] = []
    for chunk in evidence:
        n = steps.book.cite(chunk)
        if n is None:
            continue
        number = chunk.item_id.partition("#")[2]
        text = quoted(plans[chunk.plan_id], number, chunk.text, steps.reading.language)
        claims.append(Claim(text, (n,), "verified"))
        lines.append(text + marks((n,)))
    return lines, claims


def _quote_evidence(steps: Steps, evidence: Sequence[Chunk], items: int, warnings: tuple[str, ...]) -> Draft:
    lines, claims = _quotes(steps, evidence)
    section = section_of(steps, evidence[0])
    text = "\n".join([*lines, section] if lines and section else lines)
    steps.say(text)
    return Draft("answered", text, tuple(claims), None, len(steps.plans), items, warnings)


def refuse(steps: Steps, items: int, near: Chunk | None = None, said: str = "") -> Draft:
    """Say that the plans in scope were read and do not say it, and what could not be read.

    ``said`` is that in other words. The sentence that comes nearest is quoted, and called what it is:
    related, and no answer.
    """
    language = steps.reading.language
    lines = [said or not_found(steps.plans, language)]
    claims: list[Claim] = []
    n = None if near is None else steps.book.cite(near)
    if near is not None and n is not None:
        plan = next(plan for plan in steps.plans if plan.plan_id == near.plan_id)
        number = near.item_id.partition("#")[2]
        claims.append(Claim(related(plan, number, near.text, language), (n,), "verified"))
        lines.append(claims[0].text + marks((n,)))
    lines += [
        hidden_note(plan, gap, language) for plan in steps.plans for gap in plan.gaps if gap.kind == "hidden"
    ]
    text = "\n".join(lines)
    steps.say(text)
    return Draft("not_found", text, tuple(claims), None, len(steps.plans), items)


def nearest(steps: Steps, look: Look) -> Chunk | None:
    """The best sentence of the plans in scope, where it is near enough to be called related."""
    fused, chunks = look.scores.fused, steps.retriever.index.chunks
    plan_ids = [plan.plan_id for plan in steps.plans]
    rows = [row for own in steps.retriever.scored(plan_ids, look.scores) for row in own]
    items = [row for row in rows if not chunks[row].item_id.endswith("#0") and fused[row] >= RELATED_FROM]
    return chunks[max(items, key=lambda row: float(fused[row]))] if items else None


def _missing(plan: Plan, number: str, steps: Steps) -> str:
    language = steps.reading.language
    lines = [no_such_item(plan, number, language)]
    lines += [
        hidden_note(plan, gap, language)
        for gap in plan.gaps
        if gap.kind == "hidden" and gap.first <= int(number) <= gap.last
    ]
    return "\n".join(lines)
