"""The commands under ``planqa eval``."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.opening import Home, JsonFlag, open_parts, open_settings, print_json, say
from commands.terminal import Bar, PullLines

if TYPE_CHECKING:
    from embeddings.encoder import Encoder
    from eval.commands import Workbench
    from rag.generate import Generator
    from rag.settings import Settings

FAILED = 1
RUNS = Path("eval/runs")
RESULTS, ABLATION = RUNS / "benchmarks.json", RUNS / "ablation"

eval_app = typer.Typer(no_args_is_help=True, help="Measure the whole system, compare runs, report.")


@eval_app.command("run")
def run(
    system: Annotated[str, typer.Option(help="planqa, no-model, keyword, dense or plain.")] = "planqa",
    split: Annotated[
        str, typer.Option(help="dev, which_dev, other_dev; the _test ones for a release.")
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
    from eval.commands import evaluate, prepare_questions, question_files
    from eval.gate import check_floors, read_floors
    from eval.report import plain_table
    from eval.summary import summarise
    from rag.assembly import corpus_plans

    settings = open_settings(home=home)
    floors = None if gate is None else read_floors(gate)
    chosen = prepare_questions(question_files(split, questions or ()), corpus_plans(settings), limit)
    bench = _open_workbench(settings, with_model=system in ("planqa", "plain"), fresh=True)
    folder = out or RUNS / f"{system}-{split}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
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
        encoder = None if keyword_only else _open_encoder(settings)
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
        retriever = retriever_over(topics, _open_encoder(open_settings(home=home)), progress=bar)
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


@eval_app.command("fit")
def fit(
    out: Annotated[
        Path | None, typer.Option(help="File to write the weights to; nothing is written without.")
    ] = None,
    with_model: Annotated[
        bool | None,
        typer.Option(
            "--model/--no-model",
            help="Whether the language model is asked where the signals leave doubt; as for the shipped "
            "weights where neither is said.",
        ),
    ] = None,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Fit the verdicts on the development questions, and tell what differs from the shipped weights."""
    from corpus.library import load_sample_plans
    from eval.commands import prepare_questions, question_files
    from eval.fit_verdicts import write_model
    from eval.pairs import load_topics
    from eval.refit import (
        collect_examples,
        difference_text,
        figures_table,
        index_over,
        refit,
        shipped_model,
        silent_topics,
        was_heard,
    )
    from rag.question_map import map_for

    if out is not None and not out.parent.is_dir():
        raise typer.BadParameter(f"{out.parent} is no folder; make it, or name another one.")
    settings = open_settings(home=home)
    plans, topics, shipped = load_sample_plans(), silent_topics(load_topics()), shipped_model()
    questions = prepare_questions([*question_files("dev"), *question_files("which_dev")], plans)
    generator = None
    if was_heard(shipped) if with_model is None else with_model:
        generator = _open_generator(settings)
    encoder = _open_encoder(settings)
    with Bar("index", "chunks") as bar:
        index = index_over(plans, encoder, settings.home / "fit", bar)
    say(f"over index {index.manifest.index_id}, {encoder.name}")
    with Bar("fit", "questions") as bar:
        examples = collect_examples(index, encoder, questions, topics, bar, map_for(encoder))
    with Bar("fit", "plans asked about") as bar:
        fitted = refit(examples, generator, bar)
    if as_json:
        print_json(fitted)
    else:
        typer.echo(figures_table(fitted))
        typer.echo(difference_text(shipped, fitted))
    if out is not None:
        write_model(fitted, out)
        say(f"weights: {out}")


@eval_app.command("train-map")
def train_map(
    out: Annotated[
        Path | None, typer.Option(help="File to write the map to; nothing is written without.")
    ] = None,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Train the map that turns questions, and print what it is worth on topics left out."""
    from eval.pairs import load_topics
    from eval.refit import silent_topics
    from eval.train_map import embed_pairs, held_out, held_out_table, train

    if out is not None and not out.parent.is_dir():
        raise typer.BadParameter(f"{out.parent} is no folder; make it, or name another one.")
    settings = open_settings(home=home)
    encoder = _open_encoder(settings)
    # Those of other departments are kept for the fit of the verdicts, as questions that no plan answers.
    every = load_topics()
    kept = {topic.topic_id for topic in silent_topics(every)}
    topics = [topic for topic in every if topic.topic_id not in kept]
    with Bar("map", "sentences, then questions") as bar:
        pairs = embed_pairs(topics, encoder, bar)
    name = encoder.name.partition("/")[0]
    figures = held_out(pairs, name)
    if as_json:
        print_json(figures)
    else:
        typer.echo(held_out_table(figures, len(topics), len(pairs.labels)))
    if out is not None:
        trained = train(pairs, pairs.of_topics(range(len(topics))), name)
        trained.save(out)
        say(f"map {trained.digest} for {name}: {out}")


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


def _open_generator(settings: Settings) -> Generator:
    from rag.assembly import model_store, open_generator

    lines = PullLines()
    generator = open_generator(settings, model_store(settings), lines)
    lines.close()
    return generator


def _open_encoder(settings: Settings) -> Encoder:
    from rag.assembly import model_store, open_encoder

    lines = PullLines()
    encoder = open_encoder(settings, model_store(settings), lines)
    lines.close()
    return encoder
