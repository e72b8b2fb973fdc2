"""Answers "which plans": a verdict for every plan in scope, each yes with a checked quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from corpus.plan import Plan
from rag.asking_part import asking_part
from rag.citations import marks
from rag.conjoined import has_one_only, parts_found, read_both
from rag.draft import Draft
from rag.errors import GeneratorUnavailable
from rag.figures import list_figures
from rag.literal import lacks_quoted_words, read_literal
from rag.modes import asks_how_many_cities, asks_how_many_plans
from rag.records import Chunk, Claim, Event, PlanVerdict, Status
from rag.required import Required, required_of
from rag.shades import falls_short, shade, shade_label
from rag.steps import Steps
from rag.verdict_model import Signals
from rag.verdicts import Decision, VerdictJudge
from rag.views import score_question
from rag.wording import (
    below_heading,
    coverage_line,
    found_in,
    found_in_cities,
    group_label,
    hidden_note,
    plan_name,
    plan_names,
    quoted,
    silent_in,
    unsure_label,
)

_SURE = 0.85
"""So probable must a yes to a part of a question be to outweigh that the whole finds none.

Of seven development questions of which only the part finds any, the three that have a yes in truth are
above it, and the four others, three of which no plan answers, below.
"""
UNSURE_BELOW = 0.5
"""A yes below this is said to be unsure: of 100 development ones 43 % are right, of 803 above it 85 %."""
Known = tuple[Signals, tuple[Chunk, ...]]
"""Signals and best sentences of a plan."""


@dataclass(frozen=True, slots=True)
class _Judged:
    plan: Plan
    verdict: PlanVerdict
    quotes: tuple[Chunk, ...]


def answer_which_plans(steps: Steps, judge: VerdictJudge) -> Draft:
    """Decide every plan in scope, sure ones first; list what was found, what was not, what was read."""
    view = steps.look(1, per_plan=True)
    with steps.timed("signals"):
        known: Mapping[str, Known] = judge.signals(view.scores, by_subject=True)
        if judge.word(_best_probability(steps, judge, known)) != "yes":
            known = _of_asking_part(steps, judge) or known
        both = read_both(steps.reading.topic)
        halves = parts_found(steps.retriever, judge, both, steps.reading.plan_ids) if both else {}
    settled = _settle_by_words(steps)
    for plan in steps.plans:
        if plan.plan_id not in settled:
            cheap = judge.decide(steps.reading.topic, plan.plan_id, *known[plan.plan_id], None)
            if not judge.is_doubtful(cheap):
                settled[plan.plan_id] = cheap
    judged: list[_Judged] = []
    with steps.timed("verdicts"):
        for plan in sorted(steps.plans, key=lambda plan: plan.plan_id not in settled):
            if steps.cancelled():
                break
            decision = settled.get(plan.plan_id) or _decide(steps, judge, plan, *known[plan.plan_id])
            judged.append(_place(steps, plan, _in_part(steps, plan, decision, halves.get(plan.plan_id))))
            _report(steps, judged[-1], len(judged))
    return _write(steps, judged)


def _best_probability(steps: Steps, judge: VerdictJudge, known: Mapping[str, Known]) -> float:
    return max((judge.probability(known[plan.plan_id][0]) for plan in steps.plans), default=0.0)


def _of_asking_part(steps: Steps, judge: VerdictJudge) -> Mapping[str, Known] | None:
    """What is known to the part of the question that asks, where what is told before it hides its matter.

    It is taken where it names a specific matter of its own and some plan surely says that; the question is
    then read without the rest. Elsewhere the rest may be what is asked for.
    """
    part = asking_part(steps.reading.topic)
    if not part:
        return None
    reading = replace(steps.reading, topic=part)
    scores = score_question(steps.retriever, reading, None, per_plan=True).scores
    if scores.naming is None or scores.naming.meant:
        return None
    known = judge.signals(scores, by_subject=True)
    if _best_probability(steps, judge, known) < _SURE:
        return None
    steps.reading = reading
    return known


def _settle_by_words(steps: Steps) -> dict[str, Decision]:
    """Decide the plans that hold the words which the question quotes, and those that must and do not."""
    literal = read_literal(steps.reading.question)
    if literal is None:
        return {}
    settled: dict[str, Decision] = {}
    for plan in steps.plans:
        found = literal.find(plan) or literal.find_below(plan)
        if found is not None:
            settled[plan.plan_id] = Decision(plan.plan_id, "yes", 1.0, (found,), False)
        elif literal.asked_for:
            settled[plan.plan_id] = Decision(plan.plan_id, "no_evidence", 0.0, (), False)
    return settled


def _decide(
    steps: Steps, judge: VerdictJudge, plan: Plan, signals: Signals, sentences: tuple[Chunk, ...]
) -> Decision:
    topic = steps.reading.topic
    try:
        decision = judge.decide(topic, plan.plan_id, signals, sentences, steps.generator)
    except GeneratorUnavailable as error:
        steps.lose_model(error.message)
        decision = judge.decide(topic, plan.plan_id, signals, sentences, None)
    steps.model_used = steps.model_used or decision.asked
    return decision


def _in_part(steps: Steps, plan: Plan, decision: Decision, found: tuple[float, float] | None) -> Decision:
    """A yes that is only half of one: one of two things asked for, or a deed that is only studied."""
    if decision.verdict == "no_evidence" or not decision.sentences:
        return decision
    if found is not None and has_one_only(found):
        return replace(decision, verdict="partial")
    reading = steps.reading
    required = required_of(reading.question)
    if required is not None:
        return _by_required(decision, required)
    counts = asks_how_many_plans(reading.question)
    if counts and decision.verdict == "yes" and lacks_quoted_words(reading.question, plan):
        return replace(decision, verdict="partial")
    quotes = [chunk.text for chunk in _one_item(decision)]
    if decision.verdict == "yes" and falls_short(quotes, reading.question, reading.topic):
        return replace(decision, verdict="partial")
    return decision


def _by_required(decision: Decision, required: Required) -> Decision:
    """A decision led by the sentence that gives what is required.

    Without one a yes is one in part, and what was not sure to be one is none.
    """
    giving = [chunk for chunk in decision.sentences if required.gives(chunk.text)]
    if not giving:
        return replace(decision, verdict="partial" if decision.verdict == "yes" else "no_evidence")
    rest = [chunk for chunk in decision.sentences if chunk not in giving]
    return replace(decision, sentences=(*giving, *rest))


def _one_item(decision: Decision) -> list[Chunk]:
    """The sentences that are quoted; a second one of the same item often has the figures."""
    return [chunk for chunk in decision.sentences if chunk.item_id == decision.sentences[0].item_id]


def _place(steps: Steps, plan: Plan, decision: Decision) -> _Judged:
    verdict = PlanVerdict(
        plan.plan_id, plan.city, plan.year, decision.verdict, round(decision.probability, 3)
    )
    if decision.verdict == "no_evidence" or not decision.sentences:
        return _Judged(plan, verdict, ())
    placed = [(n, chunk) for chunk in _one_item(decision) if (n := steps.book.cite(chunk)) is not None]
    if not placed:  # a yes without a quote that stands in the plan is no yes
        return _Judged(plan, replace(verdict, verdict="undecided"), ())
    numbers = tuple(n for n, _ in placed)
    return _Judged(plan, replace(verdict, citations=numbers), tuple(chunk for _, chunk in placed))


def _report(steps: Steps, judged: _Judged, done: int) -> None:
    steps.say("")
    progress = {"done": done, "total": len(steps.plans)}
    steps.emit(Event("verdict", asdict(judged.verdict) | progress))


def _write(steps: Steps, judged: list[_Judged]) -> Draft:
    language = steps.reading.language
    claims: list[Claim] = []
    yes = [entry for entry in judged if entry.verdict.verdict == "yes"]
    silent = [entry.plan for entry in judged if entry.verdict.verdict == "no_evidence"]
    asks_for_silent = steps.reading.asks_for_silent
    lines = [silent_in(silent, len(steps.plans), language)] if asks_for_silent else []
    lines += [_count(steps, yes)] if yes or not asks_for_silent else []
    lines += [f"- {_claim(entry, steps, claims)}" for entry in yes]
    for word in ("partial", "undecided"):
        group = [entry for entry in judged if entry.verdict.verdict == word and entry.quotes]
        if group:
            lines.append(group_label(word, language))
            lines += [f"- {_claim(entry, steps, claims)}" for entry in group]
    if silent and not asks_for_silent:
        stop = "。" if language == "zh" else "."
        lines.append(group_label("no_evidence", language) + plan_names(silent, language) + stop)
    for plan in silent:
        lines += [hidden_note(plan, gap, language) for gap in plan.gaps if gap.kind == "hidden"]
    items = sum(len(entry.plan.items) for entry in judged)
    lines.append(coverage_line(len(judged), len(steps.plans), items, language))
    text = "\n".join(lines)
    steps.say(text)
    found = bool(yes) or any(entry.verdict.verdict == "partial" for entry in judged)
    undecided = any(entry.verdict.verdict == "undecided" for entry in judged)
    status: Status = "answered" if found else "partial" if undecided else "not_found"
    verdicts = tuple(sorted((entry.verdict for entry in judged), key=lambda verdict: verdict.plan_id))
    quotes = [
        (entry.plan, chunk, n)
        for entry in yes
        for chunk, n in zip(entry.quotes, entry.verdict.citations, strict=True)
    ]
    figures = list_figures(quotes, steps.reading.topic, language)
    return Draft(status, text, tuple(claims), verdicts, len(judged), items, figures=figures)


def _count(steps: Steps, yes: list[_Judged]) -> str:
    """In how many plans it was found; before it in how many cities, where these are asked for."""
    language = steps.reading.language
    plans = found_in(len(yes), sum(map(_is_unsure, yes)), len(steps.plans), language)
    cities, of_all = _n_cities([entry.plan for entry in yes]), _n_cities(steps.plans)
    if not yes or of_all == len(steps.plans) or not asks_how_many_cities(steps.reading.question):
        return plans
    return found_in_cities(cities, of_all, language) + plans


def _is_unsure(entry: _Judged) -> bool:
    return entry.verdict.verdict == "yes" and entry.verdict.confidence < UNSURE_BELOW


def _n_cities(plans: Sequence[Plan]) -> int:
    return len({plan.city or plan.plan_id for plan in plans})


def _claim(entry: _Judged, steps: Steps, claims: list[Claim]) -> str:
    """The line of one plan: each quote is a claim, with its mark behind it."""
    language = steps.reading.language
    if not entry.quotes:
        claims.append(Claim(plan_name(entry.plan, language), (), "unsupported"))
        return claims[-1].text
    item = entry.quotes[0].item_id.partition("#")[2]
    placed = sorted(
        zip(entry.quotes, entry.verdict.citations, strict=True), key=lambda placed: placed[0].start
    )
    line = ""
    for chunk, n in placed:
        text = f"“{chunk.text}”" if line else quoted(entry.plan, item, chunk.text, language)
        claims.append(Claim(text, (n,), "verified"))
        line += text + marks((n,))
    best = entry.quotes[0]  # the one that the verdict rests on
    line += shade_label(shade(best.text, steps.reading.topic), language) + _heading(steps, best)
    return line + unsure_label(language) if _is_unsure(entry) else line


def _heading(steps: Steps, best: Chunk) -> str:
    """The heading above the sentence, where it is this that holds the words which the question quotes."""
    literal = read_literal(steps.reading.question)
    if literal is None or literal.is_in(best):
        return ""
    heading = literal.heading_of(best.headings)
    return below_heading(heading, steps.reading.language) if heading else ""
