"""The commands under ``planqa bench``: speed and size, measured on this machine."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from commands.opening import Home, JsonFlag, open_parts, open_settings, print_json, say

if TYPE_CHECKING:
    from rag.index_bench import SizeReport

bench_app = typer.Typer(no_args_is_help=True, help="Measure speed and size on this machine.")


@bench_app.callback()
def bench() -> None:
    """Measure speed and size on this machine."""


@bench_app.command("index")
def index(
    sizes: Annotated[
        str, typer.Option(help="Numbers of chunks, separated by commas.")
    ] = "1000,100000,1000000",
    questions: Annotated[
        int, typer.Option(min=1, help="How many of the development questions to ask.")
    ] = 100,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Build and search indexes of several sizes, made of varied copies of the indexed chunks."""
    import numpy as np

    from eval.commands import question_files
    from eval.questions import load_questions
    from rag.chunks import context
    from rag.index_bench import BenchQuestions, bench_index
    from rag.varied_chunks import HOW, RealChunks

    settings = open_settings(home=home)
    try:
        numbers = read_sizes(sizes)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--sizes") from error
    parts = open_parts(settings, with_model=False)
    chunks = parts.index.chunks
    real = RealChunks(
        parts.index.vectors.vectors([chunk.chunk_id for chunk in chunks]),
        [chunk.text for chunk in chunks],
        [context(chunk) for chunk in chunks],
    )
    texts = [question.text for question in load_questions(question_files("dev"))][:questions]
    asked = BenchQuestions(texts, np.stack([parts.encoder.encode_question(text) for text in texts]))
    del parts
    reports = bench_index(real, asked, numbers, settings.home, say)
    if as_json:
        print_json({"chunks": HOW, "questions": len(texts), "sizes": [asdict(report) for report in reports]})
        return
    typer.echo(f"Chunks: {HOW}. Questions: {len(texts)} real ones.")
    for report in reports:
        _print(report)


def read_sizes(text: str) -> list[int]:
    """Numbers of chunks, separated by commas; raises ValueError for anything else."""
    try:
        sizes = [int(part) for part in text.split(",")]
    except ValueError as error:
        raise ValueError(f"{text!r} is no list of sizes; wanted numbers as 1000,100000.") from error
    if min(sizes) < 1:
        raise ValueError(f"{text!r} has sizes below 1; wanted numbers of chunks.")
    return sizes


def _print(report: SizeReport) -> None:
    typer.echo(
        f"\n{report.n_chunks:,} chunks ({report.kind}): built in {report.build_vectors_s:.1f} s vectors + "
        f"{report.build_keywords_s:.1f} s keywords ({report.chunks_per_s:,.0f} chunks/s), "
        f"peak {report.build_peak_mb:,.0f} MB\n"
        f"  disk: vectors {report.vectors_mb:,.0f} MB, keywords {report.keywords_mb:,.0f} MB\n"
        f"  opened in {report.load_s:.1f} s; memory while searching: peak {report.search_peak_mb:,.0f} MB"
    )
    for name, timing, recall in (
        ("dense", report.dense, f", recall@10 {report.dense_recall:.3f} of exact"),
        ("keyword", report.keyword, f", recall@10 {report.keyword_recall:.3f} of exact"),
        ("both, candidates scored exactly", report.both, ""),
    ):
        typer.echo(f"  {name}: median {timing.median_ms:.1f} ms, p95 {timing.p95_ms:.1f} ms{recall}")
    typer.echo(
        f"  one plan more: {1000 * report.add_plan_s:.0f} ms, and {1000 * report.save_plan_s:.0f} ms to write"
    )
