"""Answers "which plans": a verdict for every plan in scope, each yes with a checked quote."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from corpus.plan import Plan
from rag.citations import marks
from rag.draft import Draft
from rag.errors import GeneratorUnavailable
from rag.figures import list_figures
from rag.literal import read_literal
from rag.records import Chunk, Claim, Event, PlanVerdict, Status
from rag.steps import Steps
from rag.verdicts import Decision, Signals, VerdictJudge
from rag.wording import coverage_line, found_in, group_label, hidden_note, plan_name, plan_names, quoted


@dataclass(frozen=True, slots=True)
class _Judged:
    plan: Plan
    verdict: PlanVerdict
    quotes: tuple[Chunk, ...]


def answer_which_plans(steps: Steps, judge: VerdictJudge) -> Draft:
    """Decide every plan in scope, sure ones first; list what was found, what was not, what was read."""
    view = steps.look(1, per_plan=True)
    with steps.timed("signals"):
        known = judge.signals(view.scores)
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
            judged.append(_place(steps, plan, decision))
            _report(steps, judged[-1], len(judged))
    return _write(steps, judged)


def _settle_by_words(steps: Steps) -> dict[str, Decision]:
    """Decide the plans that hold the words which the question quotes, and those that must and do not."""
    literal = read_literal(steps.reading.question)
    if literal is None:
        return {}
    settled: dict[str, Decision] = {}
    for plan in steps.plans:
        found = literal.find(plan)
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


def _place(steps: Steps, plan: Plan, decision: Decision) -> _Judged:
    verdict = PlanVerdict(
        plan.plan_id, plan.city, plan.year, decision.verdict, round(decision.probability, 3)
    )
    if decision.verdict == "no_evidence" or not decision.sentences:
        return _Judged(plan, verdict, ())
    # The second-best sentence is quoted too where it stands in the same item: it often has the figures.
    same_item = [c for c in decision.sentences if c.item_id == decision.sentences[0].item_id]
    placed = [(n, chunk) for chunk in same_item if (n := steps.book.cite(chunk)) is not None]
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
    lines = [found_in(len(yes), len(steps.plans), language)]
    for entry in yes:
        lines.append(f"- {_claim(entry, steps, claims)}")
    for word in ("partial", "undecided"):
        group = [entry for entry in judged if entry.verdict.verdict == word and entry.quotes]
        if group:
            lines.append(group_label(word, language))
            lines += [f"- {_claim(entry, steps, claims)}" for entry in group]
    silent = [entry.plan for entry in judged if entry.verdict.verdict == "no_evidence"]
    if silent:
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


def _claim(entry: _Judged, steps: Steps, claims: list[Claim]) -> str:
    """The line of one plan, kept as a claim."""
    language = steps.reading.language
    numbers = entry.verdict.citations
    if not entry.quotes:
        text = plan_name(entry.plan, language)
    else:
        item = entry.quotes[0].item_id.partition("#")[2]
        in_order = sorted(entry.quotes, key=lambda chunk: chunk.start)
        text = quoted(entry.plan, item, [chunk.text for chunk in in_order], language)
    claims.append(Claim(text, numbers, "verified" if numbers else "unsupported"))
    return text + marks(numbers)
