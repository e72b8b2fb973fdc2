"""The commands under ``planqa eval``."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.opening import Home, JsonFlag, open_parts, open_real_encoder, open_settings, print_json, say
from commands.terminal import Bar

if TYPE_CHECKING:
    from eval.commands import Workbench
    from rag.settings import Settings

FAILED = 1
RUNS = Path("eval/runs")
RESULTS, ABLATION = RUNS / "benchmarks.json", RUNS / "ablation"

eval_app = typer.Typer(no_args_is_help=True, help="Measure the whole system, compare runs, report.")


@eval_app.command("run")
def run(
    system: Annotated[str, typer.Option(help="planqa, no-model, keyword, dense or plain.")] = "planqa",
    split: Annotated[
        str,
        typer.Option(
            help="dev, which_dev, other_dev, testers_dev, opened_dev, written_dev; the _test ones for "
            "a release."
        ),
    ] = "dev",
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
    from eval.commands import WRITTEN, evaluate, prepare_questions, question_files
    from eval.gate import check_floors, read_floors
    from eval.report import plain_table, plain_wordings
    from eval.summary import summarise
    from eval.wordings import compare_wordings
    from rag.assembly import corpus_plans

    settings = open_settings(home=home)
    floors = None if gate is None else read_floors(gate)
    files = question_files(split, questions or ())
    chosen = prepare_questions(files, corpus_plans(settings), limit, split in WRITTEN and not questions)
    bench = _open_workbench(settings, with_model=system in ("planqa", "plain"), fresh=True)
    folder = out or RUNS / f"{system}-{split}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    with Bar("eval", "questions") as bar:
        finished = evaluate(system, bench, chosen, folder, bar)
    rows = summarise(finished)[0].rows
    if as_json:
        print_json([{"name": row.measure.name, "value": row.estimate.value} for row in rows])
    else:
        typer.echo(plain_table(rows))
        typer.echo(plain_wordings(compare_wordings(finished.results)), nl=False)
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
    """Write a run's page anew: one HTML file that needs no other.

    Results of public sets and of the ablation that lie beside the run are shown, too.
    """
    from eval.ablation_table import load_ablation
    from eval.benchmarks import load_results
    from eval.commands import report as write

    results = load_results(folder.parent / RESULTS.name)
    typer.echo(str(write(folder, beside or (), results, load_ablation(folder.parent / ABLATION.name))))


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


@eval_app.command("benchmark")
def benchmark(
    path: Annotated[
        Path, typer.Argument(help="A folder in BEIR's layout, or one of RGB's json files.", exists=True)
    ],
    queries: Annotated[
        str,
        typer.Option(help="The questions' file, from the folder on; a parallel set's crosses over."),
    ] = "queries.jsonl",
    sample: Annotated[str | None, typer.Option(help="A file of question ids, from the folder on.")] = None,
    passages: Annotated[
        int | None, typer.Option(min=1, help="Search only so many passages, the judged ones among them.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="RGB: only so many cases, drawn by seed.")] = None,
    keyword_only: Annotated[bool, typer.Option("--keyword-only", help="BEIR: without the encoder.")] = False,
    generate: Annotated[bool, typer.Option(help="RGB: whether the language model takes part.")] = True,
    out: Annotated[Path, typer.Option(help="File of results; reports of runs beside it show it.")] = RESULTS,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Measure on a public test set, beside published figures."""
    from eval.beir import load_beir
    from eval.benchmarks import benchmark_table
    from eval.commands import measure_retrieval, measure_rgb

    settings = open_settings(home=home)
    scratch = settings.home / "benchmark"
    # bm25s sets its own level when it is imported, and tells every step
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    if path.is_dir():
        test_set = load_beir(path, queries, sample)
        if passages is not None:
            test_set = test_set.with_passages(passages)
        encoder = None if keyword_only else open_real_encoder(settings)
        with Bar("benchmark", "passages") as bar:
            results = measure_retrieval(test_set, out, encoder, scratch, bar)
    else:
        bench = _open_workbench(settings, with_model=generate)
        with Bar("benchmark", "answers") as bar:
            results = measure_rgb(path, out, bench, scratch, limit, bar)
    if as_json:
        print_json(results)
    else:
        typer.echo(benchmark_table(results))
    say(f"results: {out}")


@eval_app.command("languages")
def languages(
    half: Annotated[
        str | None, typer.Option(help="first (to choose on) or second half of the topics; all without it.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only so many questions of each language, drawn by seed.")
    ] = None,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Measure how well English questions find what Chinese ones do, over invented sentences."""
    from typing import get_args

    from eval.benchmarks import benchmark_table
    from eval.languages import Half, measure_languages, retriever_over
    from eval.pairs import load_topics

    if half is not None and half not in get_args(Half):
        raise typer.BadParameter(f"half is {half!r}; wanted {' or '.join(get_args(Half))}.")
    topics = load_topics()
    with Bar("languages", "sentences") as bar:
        retriever = retriever_over(topics, open_real_encoder(open_settings(home=home)), progress=bar)
    with Bar("languages", "of the views") as bar:
        results = measure_languages(topics, retriever, half, limit, bar)  # type: ignore[arg-type]
    if as_json:
        print_json(results)
    else:
        typer.echo(benchmark_table(results))


@eval_app.command("ablation")
def ablation(
    split: Annotated[str, typer.Option(help="dev; test would make it part of what is tuned on.")] = "dev",
    questions: Annotated[
        list[Path] | None, typer.Option(help="Question file of your own; repeatable.")
    ] = None,
    rerank: Annotated[
        int, typer.Option(min=0, help="Questions to try rerankers on, drawn by seed; the model reads long.")
    ] = 0,
    out: Annotated[Path, typer.Option(help="Folder for the tables; reports of runs beside it show them.")] = (
        ABLATION
    ),
    home: Home = None,
) -> None:
    """Measure what each part of retrieval is worth: on and off, with intervals, over the same questions."""
    from eval.ablation_table import markdown, save_ablation
    from eval.commands import measure_ablation, prepare_questions, question_files
    from rag.assembly import corpus_plans

    settings = open_settings(home=home)
    chosen = prepare_questions(question_files(split, questions or ()), corpus_plans(settings))
    bench = _open_workbench(settings, with_model=True)
    with Bar("ablation", "searches") as bar:
        record = measure_ablation(bench, chosen, out, rerank, bar)
    table = save_ablation(out, record)
    typer.echo(markdown(record))
    say(f"table: {table}")


@eval_app.command("judge")
def judge(
    limit: Annotated[int | None, typer.Option(min=2, help="Only so many plans, drawn by seed.")] = None,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Print how far the local model, asked yes or no, agrees with the gold of the development questions."""
    from dataclasses import asdict

    from eval.commands import measure_judge_quality, prepare_questions, question_files
    from rag.assembly import corpus_plans

    settings = open_settings(home=home)
    chosen = prepare_questions(question_files("dev"), corpus_plans(settings))
    bench = _open_workbench(settings, with_model=True)
    with Bar("judge", "plans") as bar:
        quality = measure_judge_quality(bench, chosen, limit, bar)
    if as_json:
        print_json(asdict(quality))
    else:
        typer.echo(str(quality))


@eval_app.command("feedback")
def feedback(home: Home = None) -> None:
    """Print what readers said of answers as evaluation questions, for a person to complete and accept."""
    from eval.draft import record_line, what_is_missing
    from rag.assembly import corpus_plans
    from server.export import feedback_questions
    from server.run import open_store

    settings = open_settings(home=home)
    store = open_store(settings)
    try:
        records = list(feedback_questions(store))
    finally:
        store.close()
    for record in records:
        typer.echo(record_line(record), nl=False)
    say(f"{len(records)} questions from feedback")
    for line in what_is_missing(records, corpus_plans(settings)):
        say(f"to do: {line}")


def _open_workbench(settings: Settings, *, with_model: bool, fresh: bool = False) -> Workbench:
    """The parts that systems are made of; with ``fresh`` every question is embedded anew, as for users."""
    from dataclasses import replace

    from embeddings.vector_cache import CachingEncoder
    from eval.commands import Workbench
    from eval.systems import FreshQuestions
    from rag.assembly import make_answerer

    parts = open_parts(settings, with_model=with_model)
    if fresh and isinstance(parts.encoder, CachingEncoder):
        parts = replace(parts, encoder=FreshQuestions(parts.encoder.inner, parts.encoder))
    return Workbench(make_answerer(settings, parts), parts.index, parts.encoder, parts.generator)
