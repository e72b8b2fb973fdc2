"""The commands under ``planqa eval``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.opening import Home, JsonFlag, open_parts, open_settings, print_json, say
from commands.terminal import Bar

FAILED = 1

eval_app = typer.Typer(no_args_is_help=True, help="Measure the whole system, compare runs, report.")


@eval_app.command("run")
def run(
    system: Annotated[str, typer.Option(help="planqa, no-model, keyword, dense or plain.")] = "planqa",
    split: Annotated[str, typer.Option(help="dev, or test for a release.")] = "dev",
    questions: Annotated[
        list[Path] | None, typer.Option(help="Question file of your own; repeatable.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many questions, of all types.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The run's folder; goes on with one that was cut off.")
    ] = None,
    gate: Annotated[Path | None, typer.Option(help="A toml of floors; exit code 1 below one.")] = None,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Measure one system over the questions."""
    from eval.commands import Workbench, evaluate, prepare_questions, question_files
    from eval.gate import check_floors, read_floors
    from eval.report import plain_table
    from eval.summary import summarise
    from rag.assembly import corpus_plans, make_answerer

    settings = open_settings(home=home)
    floors = None if gate is None else read_floors(gate)
    chosen = prepare_questions(question_files(split, questions or ()), corpus_plans(settings), limit)
    parts = open_parts(settings, with_model=system in ("planqa", "plain"))
    folder = out or Path("eval/runs") / f"{system}-{split}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    bench = Workbench(make_answerer(settings, parts), parts.index, parts.encoder, parts.generator)
    with Bar("eval", "questions") as bar:
        finished = evaluate(system, bench, chosen, folder, bar)
    rows = summarise(finished)[0].rows
    if as_json:
        print_json([{"name": row.measure.name, "value": row.estimate.value} for row in rows])
    else:
        typer.echo(plain_table(rows))
    say(f"run: {folder}")
    failures = [] if floors is None else check_floors(finished, floors)
    for failure in failures:
        say(failure)
    if failures:
        raise typer.Exit(FAILED)


@eval_app.command("compare")
def compare(
    first: Annotated[Path, typer.Argument(help="A run's folder.")],
    second: Annotated[Path, typer.Argument(help="Another one, over the same questions.")],
) -> None:
    """Tell whether the second run differs from the first: paired differences, intervals, a test."""
    from eval.compare import compare_runs
    from eval.report import plain_comparison
    from eval.run import load_run

    typer.echo(plain_comparison(compare_runs(load_run(first), load_run(second))))


@eval_app.command("report")
def report(
    folder: Annotated[Path, typer.Argument(help="A run's folder.")],
    beside: Annotated[list[Path] | None, typer.Option(help="Another run beside it; repeatable.")] = None,
) -> None:
    """Write a run's page anew: one HTML file that needs no other."""
    from eval.benchmarks import load_results
    from eval.commands import BENCHMARKS
    from eval.commands import report as write

    typer.echo(str(write(folder, beside or (), load_results(folder / BENCHMARKS))))


@eval_app.command("draft")
def draft(
    plan_ids: Annotated[list[str], typer.Argument(help="Plans to propose questions for.")], home: Home = None
) -> None:
    """Propose questions from plans, for a person to accept."""
    from eval.draft import draft_lines
    from rag.assembly import corpus_plans

    plans = {plan.plan_id: plan for plan in corpus_plans(open_settings(home=home))}
    unknown = [plan_id for plan_id in plan_ids if plan_id not in plans]
    if unknown:
        raise typer.BadParameter(f"no plan {', '.join(unknown)}; there are {', '.join(plans)}.")
    typer.echo(draft_lines(plans[plan_id] for plan_id in plan_ids), nl=False)
