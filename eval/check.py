"""Proves a question file against the plans: ids exist, facts and quotes are there, sums add up.

A gold standard that cannot be checked drifts; this runs in the tests and before every run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.plan import Plan
from eval.citable import Citable, plan_of
from eval.matching import states, states_any
from eval.questions import ANSWERED, REFUSED, Question

REASONS = ("wrong_city", "wrong_year", "silent", "hidden", "false_premise")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one question."""

    question_id: str
    message: str


def check_questions(questions: Iterable[Question], plans: Iterable[Plan]) -> list[Fault]:
    """Every fault of every question; empty where the gold holds."""
    citable = Citable.of(plans)
    texts, plan_ids = citable.texts, citable.plan_ids
    faults: list[Fault] = []
    for question in questions:
        messages = [
            *_check_ids(question, texts, plan_ids),
            *_check_facts(question, texts),
            *_check_verdicts(question, texts, plan_ids),
            *_check_computation(question, texts),
            *_check_status(question),
            *_check_type(question),
        ]
        faults += [Fault(question.question_id, message) for message in messages]
    return faults


def _check_ids(question: Question, texts: Mapping[str, str], plan_ids: Sequence[str]) -> Iterable[str]:
    named = [*question.required, *question.acceptable]
    named += [item for fact in question.facts for item in fact.items]
    for item_id in named:
        if item_id not in texts:
            yield f"item {item_id} is not in the corpus"
    for item_id in set(question.required) & set(question.acceptable):
        yield f"item {item_id} is both required and acceptable"
    for plan_id in question.scope:
        if plan_id not in plan_ids:
            yield f"plan {plan_id} in scope is not in the corpus"
    for item_id in question.required:
        if question.scope and plan_of(item_id) not in question.scope:
            yield f"item {item_id} is required but its plan is out of scope"


def _check_facts(question: Question, texts: Mapping[str, str]) -> Iterable[str]:
    for fact in question.facts:
        if not fact.forms:
            yield f"fact {fact.name!r} has no forms"
        gold = [texts[item] for item in fact.items if item in texts]
        if not fact.items and question.computation is None:
            yield f"fact {fact.name!r} names no item, and there is no computation it could come from"
        for item, text in zip(fact.items, gold, strict=False):
            if not states_any(text, fact.forms):
                yield f"fact {fact.name!r}: none of {list(fact.forms)} stands in {item}"


def _check_verdicts(question: Question, texts: Mapping[str, str], plan_ids: Sequence[str]) -> Iterable[str]:
    if question.type != "enumerate":
        return
    given = [plan_id for plan_id, _ in question.verdicts]
    missing = sorted(set(plan_ids) - set(given))
    if missing:
        yield f"no verdict for {', '.join(missing)}"
    for plan_id, verdict in question.verdicts:
        if plan_id not in plan_ids:
            yield f"verdict for {plan_id}, which is not in the corpus"
        elif verdict.verdict == "no_evidence":
            if verdict.items or verdict.quote:
                yield f"{plan_id}: no_evidence must name neither items nor a quote"
        else:
            yield from _check_evidence(plan_id, verdict.items, verdict.quote, texts)


def _check_evidence(
    plan_id: str, items: Sequence[str], quote: str, texts: Mapping[str, str]
) -> Iterable[str]:
    if not items or not quote:
        yield f"{plan_id}: an item and a quote are wanted"
    for item_id in items:
        if plan_of(item_id) != plan_id:
            yield f"{plan_id}: item {item_id} belongs to another plan"
        elif item_id not in texts:
            yield f"{plan_id}: item {item_id} is not in the corpus"
    if quote and items and quote not in texts.get(items[0], ""):
        yield f"{plan_id}: the quote {quote!r} does not stand verbatim in {items[0]}"


def _check_computation(question: Question, texts: Mapping[str, str]) -> Iterable[str]:
    computation = question.computation
    if computation is None:
        return
    if not computation.parts:
        yield "the computation has no parts"
        return
    for part in computation.parts:
        text = texts.get(part.item)
        if text is None:
            yield f"the computation names {part.item}, which is not in the corpus"
        elif part.quote not in text:
            yield f"the quote {part.quote!r} does not stand verbatim in {part.item}"
        elif computation.operation != "count" and not states(part.quote, f"{part.value:g}"):
            yield f"{part.item}: the value {part.value:g} does not stand in {part.quote!r}"
    result = computation.compute()
    if abs(result - computation.value) > 1e-9:
        yield f"{computation.operation} of the parts is {result:g}, the question says {computation.value:g}"
    computed = [fact for fact in question.facts if not fact.items]
    if not any(states(form, f"{computation.value:g}") for fact in computed for form in fact.forms):
        yield f"no fact without items gives the computed value {computation.value:g}"


def _check_status(question: Question) -> Iterable[str]:
    for status in question.statuses:
        if status not in ANSWERED + REFUSED:
            yield f"status {status!r} is unknown; known are {', '.join(ANSWERED + REFUSED)}"
    if question.type == "unanswerable":
        if question.reason not in REASONS:
            yield f"reason {question.reason!r} is unknown; known are {', '.join(REASONS)}"
        if question.answerable:
            yield "an unanswerable question must have a refusing status"
        if question.required:
            yield "an unanswerable question cannot require items"
    elif question.reason:
        yield f"reason {question.reason!r} is for unanswerable questions only"


def _check_type(question: Question) -> Iterable[str]:
    if question.type == "lookup" and not (question.facts and question.required):
        yield "a lookup question needs facts and required items"
    if question.type == "compare" and len(question.required) < 2:
        yield "a compare question needs at least two required items"
    if question.type == "summarise" and not question.required:
        yield "a summarise question needs required items"
    if question.type == "count" and question.computation is None:
        yield "a count question needs a computation"
    if question.type == "follow_up" and not (question.history and question.standalone):
        yield "a follow-up needs a history and its standalone form"
    if question.type == "enumerate" and not question.criterion:
        yield "an enumerate question needs a criterion"
