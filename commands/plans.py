"""The commands that read and change the corpus: ``ingest`` and ``plans``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.opening import Home, JsonFlag, open_parts, open_settings, print_json, say
from commands.terminal import Bar

if TYPE_CHECKING:
    from corpus.plan import Plan
    from corpus.reports import FileReport, IngestReport

FAILED = 1

plans_app = typer.Typer(invoke_without_command=True, help="List the plans of the corpus, or correct one.")


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.")],
    manifest: Annotated[
        Path | None,
        typer.Option(help="A csv that states city, year, department, title, url, date a file."),
    ] = None,
    no_index: Annotated[bool, typer.Option("--no-index", help="Parse and keep, without embedding.")] = False,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Take plans into the corpus: txt, html, docx, pdf, md, jsonl. Exit code 1 where a file was refused."""
    from corpus.ingest import ingest as take_in
    from corpus.manifest import read_manifest_table

    settings = open_settings(home=home)
    table = None if manifest is None else read_manifest_table(manifest)
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise typer.BadParameter(f"no such file or folder: {', '.join(missing)}.", param_hint="PATHS")
    with Bar("ingest", "files") as bar:
        report = take_in(
            paths, settings.corpus_dir, settings.limits(), table, lambda done, total, _: bar(done, total)
        )
    if as_json:
        print_json(report.to_json())
    else:
        _print_report(report)
    if report.changed and not no_index:
        open_parts(settings, with_model=False)
    if report.refused:
        raise typer.Exit(FAILED)


@plans_app.callback()
def list_plans(context: typer.Context, as_json: JsonFlag = False, home: Home = None) -> None:
    """List the plans of the corpus with how their city and year are known."""
    if context.invoked_subcommand is not None:
        return
    from corpus.library import record
    from rag.assembly import corpus_plans

    plans = corpus_plans(open_settings(home=home))
    if as_json:
        print_json([record(plan) for plan in plans])
        return
    for plan in plans:
        typer.echo(_line(plan))
        for what, how, words, sureness in (
            ("city", plan.city_source, plan.city_evidence, f", confidence {plan.city_confidence:.2f}"),
            ("year", plan.year_source, plan.year_evidence, ""),
        ):
            if how != "stated":
                quoted = "".join(f" “{piece}”" for piece in words)
                typer.echo(f"    {what} {how}{sureness}{':' if quoted else ''}{quoted}")
        if plan.flagged:
            typer.echo(f"    reads as an instruction to a model: {', '.join(plan.flagged)}")


@plans_app.command("set")
def set_plan(
    plan_id: Annotated[str, typer.Argument(help="The plan's id, as shanghai-2023.")],
    city: Annotated[str | None, typer.Option(help="Its city.")] = None,
    year: Annotated[int | None, typer.Option(help="Its year.")] = None,
    department: Annotated[str | None, typer.Option(help="Its department.")] = None,
    title: Annotated[str | None, typer.Option(help="Its title.")] = None,
    home: Home = None,
) -> None:
    """Correct what is known of a plan; the correction survives when its file is read again."""
    from corpus.ingest import NoSuchPlanError
    from corpus.ingest import ingest as take_in
    from corpus.ingest import set_plan as correct
    from corpus.library import load_sample_plans
    from corpus.restate import Stated
    from corpus.sources import SAMPLE_DIR

    stated = Stated(city=city, year=year, department=department, title=title)
    if stated.is_empty():
        raise typer.BadParameter("give at least one of --city, --year, --department, --title.")
    settings = open_settings(home=home)
    try:
        plan = correct(settings.corpus_dir, plan_id, stated)
    except NoSuchPlanError:
        samples = {sample.plan_id: sample for sample in load_sample_plans() if settings.samples}
        if plan_id not in samples:
            raise
        # A sample plan is corrected in the user's own corpus; the one that comes along stays as it is.
        take_in([SAMPLE_DIR / samples[plan_id].source.file], settings.corpus_dir, settings.limits())
        plan = correct(settings.corpus_dir, plan_id, stated)
    typer.echo(_line(plan))
    say("run `planqa index` to use it in answers")


@plans_app.command("remove")
def remove_plan(
    plan_id: Annotated[str, typer.Argument(help="The plan's id.")],
    home: Home = None,
) -> None:
    """Take an ingested plan out of the corpus."""
    from corpus.ingest import remove_plan as take_out

    take_out(open_settings(home=home).corpus_dir, plan_id)
    say(f"{plan_id} is out of the corpus; run `planqa index` to use it in answers")


def _line(plan: Plan) -> str:
    city = plan.city or "?"
    known = "" if plan.city_source == "stated" else f" ({plan.city_source})"
    gaps = "".join(f"; {gap.kind} {gap.first}-{gap.last}" for gap in plan.gaps)
    year = "?" if plan.year is None else str(plan.year)
    return f"{plan.plan_id:<18} {city}{known} {year}  {len(plan.items)} items{gaps}  {plan.title}"


def _print_report(report: IngestReport) -> None:
    for file in report.files:
        _print_file(file)
    for warning in report.warnings:
        say(warning)
    if report.refused:
        say(f"{len(report.refused)} refused:")
        for file in report.refused:
            say(f"  {file.file}: {file.reason}")


def _print_file(file: FileReport) -> None:
    reason = f": {file.reason}" if file.reason else ""
    typer.echo(f"{file.file}: {file.status}{reason}")
    for plan in file.plans:
        facts = plan.record
        typer.echo(
            f"  {facts['plan_id']} {plan.status}: {facts['items']} items, {facts['sub_points']} sub-points, "
            f"{len(plan.dropped)} blocks dropped"
        )
        for word, ids in (("added", plan.added), ("changed", plan.changed), ("removed", plan.removed)):
            if ids and plan.status == "updated":
                typer.echo(f"    {word}: {', '.join(ids)}")
        for warning in plan.warnings:
            typer.echo(f"    warning: {warning}")
    for warning in file.warnings:
        typer.echo(f"    warning: {warning}")
