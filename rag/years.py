"""One city's plans of two years side by side: what is kept, what is new, what was not found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.plan import Plan
from rag.alignment import content_rows, group
from rag.aspects import MAX_ROWS, Row, make_row, named_rows, read_aspects
from rag.behind import plans_without
from rag.compare import across, quoted_in, topic_tokens
from rag.draft import Draft
from rag.lacking import Absence
from rag.lookup import nearest, refuse
from rag.records import Aspect, Cell, Change, Claim, Table
from rag.steps import Steps
from rag.telling import Telling, tokens_of
from rag.verdicts import VerdictJudge
from rag.wording import also_heading, change_heading, compare_gap, hidden_note
from rag.worth import told_rows

_SENTENCES = 6
"""Sentences of one year that are looked at."""
_ROOM = 2
"""Excerpts of one year to one aspect."""
_ORDER: tuple[Change, ...] = ("kept", "new", "gone")


def fits_years(plans: Sequence[Plan]) -> bool:
    """Tell whether these are one city's plans of two years."""
    years = {plan.year for plan in plans}
    return (
        len(plans) == 2 and len({plan.city for plan in plans}) == 1 and None not in years and len(years) == 2
    )


def answer_years(steps: Steps, judge: VerdictJudge) -> Draft:
    """Set the later plan against the earlier one on the topic; silence is said to be just that."""
    look = steps.look(2, per_plan=True)
    silent_ids = plans_without(
        steps.retriever, judge, look.scores, steps.matter_scores(look), steps.reading.plan_ids
    )
    earlier, later = sorted(steps.plans, key=lambda plan: plan.year or 0)
    items = sum(len(plan.items) for plan in steps.plans)
    told: dict[str, Sequence[int]] = {
        plan.plan_id: ()
        if plan.plan_id in silent_ids
        else told_rows(steps.retriever, look.scores, plan.plan_id, _SENTENCES, steps.reading.question)
        for plan in (earlier, later)
    }
    if not any(told.values()):
        return refuse(steps, items, nearest(steps, look))
    rows = _changed(steps, judge, told, earlier, later)
    claims: list[Claim] = []
    aspects: list[Aspect] = []
    lines: list[str] = []
    topic = topic_tokens(steps, look)
    for change in _ORDER:
        some = [row for row, became in rows if became == change]
        if some:
            heading = change_heading(change, earlier, later, steps.reading.language)
            lines.append(
                "- " + heading + _tell(steps, topic, some, change, (earlier, later), aspects, claims)
            )
    for plan in (earlier, later):
        some = [row for row, became in rows if became is None and row.cells.get(plan.plan_id)]
        if some:
            heading = also_heading(plan, steps.reading.language)
            lines.append("- " + heading + _tell(steps, topic, some, None, (earlier, later), aspects, claims))
    table = Table("years", (earlier.plan_id, later.plan_id), tuple(aspects))
    silent = [plan for plan in (earlier, later) if not told[plan.plan_id]]
    language = steps.reading.language
    lines += [f"- {compare_gap(plan, language)}" for plan in silent]
    lines += [
        hidden_note(plan, gap, language) for plan in silent for gap in plan.gaps if gap.kind == "hidden"
    ]
    text = "\n".join(lines)
    steps.say(text)
    more, warnings = across(
        steps, [quoted_in([row for row, _ in rows], plan) for plan in (earlier, later)], claims
    )
    return Draft(
        "partial" if silent else "answered", text + more, tuple(claims), None, 2, items, warnings, table
    )


def _tell(
    steps: Steps,
    topic: frozenset[str],
    rows: Sequence[Row],
    change: Change | None,
    plans: tuple[Plan, Plan],
    aspects: list[Aspect],
    claims: list[Claim],
) -> str:
    """One line for what became of these rows, the earlier year's words before the later one's."""
    earlier, later = plans
    language = steps.reading.language
    named = read_aspects(steps.reading.topic) is not None
    unclear = change is None
    pieces: list[str] = []
    for row in rows:
        before, after = row.cells.get(earlier.plan_id, ()), row.cells.get(later.plan_id, ())
        old, new = (Telling(steps, topic, tokens_of(other), _ROOM) for other in (after, before))
        cells = (
            Cell(
                earlier.plan_id,
                old.take(before, label=row.name if named else ""),
                None,
                unclear and not before,
            ),
            Cell(
                later.plan_id,
                new.take(after, label=row.name if named and not before else ""),
                change,
                unclear and not after,
            ),
        )
        aspects.append(Aspect(row.name, cells))
        claims += [*old.claims, *new.claims]
        pieces.append("→".join(line for line in (old.line, new.line) if line))
    joint = "；" if language == "zh" else "; "
    return joint.join(filter(None, pieces))


def _changed(
    steps: Steps, judge: VerdictJudge, told: Mapping[str, Sequence[int]], earlier: Plan, later: Plan
) -> list[tuple[Row, Change | None]]:
    """The rows of the comparison, each with what became of it; None where that is not clear."""
    absence = Absence(steps.retriever)
    named = read_aspects(steps.reading.topic)
    if named is not None:
        rows = named_rows(steps.retriever, named, list(told), judge.silent_plans)
        return [(row, _change(absence, row, earlier, later)) for row in rows if any(row.cells.values())]
    # Whether something is new or was not found again is a matter of the whole other plan, not only of its
    # sentences that came near the question.
    every = frozenset(
        row for plan_id, rows in told.items() if rows for row in content_rows(steps.retriever, plan_id)
    )
    groups = group(steps.retriever, told, every)[:MAX_ROWS]
    made = [make_row(steps.retriever, rows) for rows in groups]
    return [(row, _change(absence, row, earlier, later)) for row in made]


def _change(absence: Absence, row: Row, earlier: Plan, later: Plan) -> Change | None:
    """What became of a row: a plan that has no cell in it must clearly lack what the other one says."""
    before, after = row.cells.get(earlier.plan_id, ()), row.cells.get(later.plan_id, ())
    if before and after:
        return "kept"
    lacking = (earlier if after else later).plan_id
    if not absence.is_only_in(after or before, [lacking]):
        return None
    return "new" if after else "gone"
