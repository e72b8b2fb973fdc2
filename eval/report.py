"""One page that shows a run: scores, pictures, the worst questions, and what changed against other runs."""

from __future__ import annotations

import base64
import itertools
import operator
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from eval.ablation_table import ablation_tables
from eval.benchmarks import passages_of
from eval.compare import Change, Comparison, compare_runs
from eval.measures import GOALS
from eval.plots import HEADLINE, plot_reliability, plot_scores, plot_stages
from eval.run import Run, Scored
from eval.scoring import scoped_verdicts
from eval.statistics import Estimate, calibration_error
from eval.summary import (
    Group,
    Row,
    failures,
    goodness,
    measure_rows,
    stage_times,
    summarise,
    verdict_reliability,
)
from eval.wordings import Wording, compare_wordings

N_WORST = 30
_TEMPLATE = Path(__file__).with_name("report.html.j2")


def write_report(
    run: Run,
    path: Path,
    others: Sequence[Run] = (),
    benchmarks: Sequence[Mapping[str, Any]] = (),
    ablation: Mapping[str, Any] | None = None,
    baselines: Sequence[Run] = (),
) -> None:
    """Write the page to ``path``; it needs no other file.

    ``others`` are shown beside the run and compared with it, ``baselines`` only shown beside it;
    ``benchmarks`` are results of public test sets.
    """
    path.write_text(render_report(run, others, benchmarks, ablation, baselines), encoding="utf-8")


def render_report(
    run: Run,
    others: Sequence[Run] = (),
    benchmarks: Sequence[Mapping[str, Any]] = (),
    ablation: Mapping[str, Any] | None = None,
    baselines: Sequence[Run] = (),
) -> str:
    """The page as HTML. Every text of a question, an answer or a plan enters it escaped."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters["groupby_order"] = _in_order
    environment.filters |= {"figure": format_value, "interval": format_interval, "passages": passages_of}
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    groups = summarise(run)
    bins = verdict_reliability(run.results)
    stages = stage_times(run.results)
    return template.render(
        run=run,
        groups=groups,
        goals=GOALS,
        headline=[name for name in HEADLINE if any(row.measure.name == name for row in groups[0].rows)],
        by_name=rows_by_name,
        pictures={
            "scores": _image(plot_scores(groups)) if _has_headline(groups) else "",
            "reliability": _image(plot_reliability(bins)) if bins else "",
            "stages": _image(plot_stages(stages)) if stages else "",
        },
        calibration=calibration_error(bins) if bins else None,
        worst=[describe_result(scored) for scored in worst_first(run.results)[:N_WORST]],
        beside=[
            (other.title, rows_by_name(measure_rows(other.results))) for other in (run, *others, *baselines)
        ],
        wordings=compare_wordings(run.results),
        comparisons=[compare_runs(other, run) for other in others],
        benchmarks=benchmarks,
        ablation=ablation,
        ablation_tables=[] if ablation is None else ablation_tables(ablation),
    )


def worst_first(results: Sequence[Scored]) -> list[Scored]:
    """The results that are not fully right, the worst first."""
    wrong = [scored for scored in results if failures(scored)]
    return sorted(wrong, key=lambda scored: (goodness(scored), scored.question.question_id))


def describe_result(scored: Scored) -> dict[str, Any]:
    """What a person needs to see why a question came out so."""
    question, outcome = scored.question, scored.outcome
    answer = outcome.answer or {}
    verdicts = {entry["plan_id"]: entry["verdict"] for entry in answer.get("verdicts") or []}
    gold = scoped_verdicts(question)
    return {
        "question": question,
        "goodness": goodness(scored),
        "failures": failures(scored),
        "status": answer.get("status", ""),
        "answer": answer.get("answer", ""),
        "error": outcome.error,
        "citations": outcome.citations,
        "wrong_verdicts": [
            (plan, verdict.verdict, verdicts.get(plan, "none"))
            for plan, verdict in gold.items()
            if verdicts.get(plan, "none") != verdict.verdict
        ],
        "hits": [item for item, _ in outcome.hits[:10]],
    }


def rows_by_name(rows: Sequence[Row]) -> dict[str, Row]:
    """The rows by the name of their measure."""
    return {row.measure.name: row for row in rows}


def format_value(value: float, unit: str) -> str:
    """A figure as tables show it: shares with three places, the rest whole."""
    return f"{value:.3f}" if unit == "share" else f"{value:,.0f}"


def format_interval(estimate: Estimate, unit: str) -> str:
    """A figure with its interval."""
    low, high = format_value(estimate.low, unit), format_value(estimate.high, unit)
    return f"{format_value(estimate.value, unit)} [{low}, {high}]"


def plain_table(rows: Sequence[Row]) -> str:
    """The scores as lines of text, for a terminal."""
    lines: list[str] = []
    for row in rows:
        found = row.estimate
        over = f"n={found.n}" if found.n == row.asked else f"n={found.n} of {row.asked}"
        lines.append(f"{row.measure.name:22} {format_interval(found, row.measure.unit):32} {over}")
    return "\n".join(lines)


def plain_comparison(comparison: Comparison, n_moved: int = 10) -> str:
    """A comparison as lines of text, for a terminal."""
    first, second = comparison.first, comparison.second
    lines = [f"{first.title} -> {second.title}, {comparison.n} questions"]
    lines += _changes(comparison.changes)
    lines += [f"over other questions: {line}" for line in comparison.unpaired]
    for word, moves in (("won", comparison.won), ("lost", comparison.lost)):
        lines.append(f"{word}: {len(moves)}")
        lines += [
            f"  {one.question_id}: {one.first:.2f} -> {one.second:.2f}  {one.text}" for one in moves[:n_moved]
        ]
    return "\n".join(lines)


def plain_wordings(wordings: Sequence[Wording]) -> str:
    """What other words cost, as lines of text that end in a newline; empty where nothing was reworded."""
    lines: list[str] = []
    for wording in wordings:
        lines += ["", f"as first written -> {wording.manner}, {wording.n} questions"]
        lines += _changes(wording.changes)
    return "".join(f"{line}\n" for line in lines)


def _changes(changes: Sequence[Change]) -> list[str]:
    lines: list[str] = []
    for change in changes:
        unit, moved = change.measure.unit, change.difference
        before, after = format_value(change.first.value, unit), format_value(change.second.value, unit)
        spread = f"{moved.value:+.3f} [{moved.low:+.3f}, {moved.high:+.3f}]"
        mark = "" if not change.real else (" better" if change.better else " WORSE")
        lines.append(
            f"{change.measure.name:22} {before:>9} {after:>9}  {spread:28} p={change.p_adjusted:.3f}{mark}"
        )
    return lines


def _in_order(rows: Sequence[Row], attribute: str) -> list[tuple[str, list[Row]]]:
    """Rows in runs of the same attribute, in the order that they come in."""
    value = operator.attrgetter(attribute)
    return [(key, list(members)) for key, members in itertools.groupby(rows, key=value)]


def _has_headline(groups: Sequence[Group]) -> bool:
    return any(row.measure.name in HEADLINE for group in groups for row in group.rows)


def _image(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
