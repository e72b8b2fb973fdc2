"""The command line of planqa: thin, and the only module that brings all parts together.

Imports of heavy parts stand inside the commands, so that ``planqa --help`` answers at once.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.answering import Keep, give_answer, open_keeper, replay
from commands.bench import bench_app
from commands.evaluation import eval_app
from commands.opening import Home, JsonFlag, load, open_answerer, open_settings, print_json, say
from commands.plans import ingest, plans_app
from commands.serving import doctor, keys_app, mcp, serve
from commands.terminal import Bar, PullLines
from commands.training import training_app
from rag.errors import PlanqaError

if TYPE_CHECKING:
    from rag.records import Answer, AskRequest
    from rag.settings import Settings

FAILED, NOT_FOUND = 1, 3

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Ask questions of government work plans; every answer quotes the plans word for word.",
)
models_app = typer.Typer(no_args_is_help=True, help="The model weights.")
config_app = typer.Typer(no_args_is_help=True, help="The settings.")
app.command()(serve)
app.command()(ingest)
app.command()(doctor)
app.command()(mcp)
app.command()(replay)
app.add_typer(plans_app, name="plans")
app.add_typer(models_app, name="models")
eval_app.add_typer(training_app)
app.add_typer(eval_app, name="eval")
app.add_typer(bench_app, name="bench")
app.add_typer(keys_app, name="keys")
app.add_typer(config_app, name="config")

Cities = Annotated[list[str] | None, typer.Option("--city", help="Only plans of this city; may be repeated.")]
Years = Annotated[list[int] | None, typer.Option("--year", help="Only plans of this year; may be repeated.")]
Plans = Annotated[list[str] | None, typer.Option("--plan", help="Only this plan id; may be repeated.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    city: Cities = None,
    year: Years = None,
    plan: Plans = None,
    mode: Annotated[str, typer.Option(help="auto, lookup, enumerate, compare, summarise or count.")] = "auto",
    language: Annotated[str, typer.Option(help="auto, zh or en.")] = "auto",
    generate: Annotated[bool, typer.Option(help="Whether the language model takes part.")] = True,
    keep: Keep = True,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Answer one question on the terminal. Exit code 3 where the plans do not say."""
    from rag.records import AskRequest, Filters

    settings = open_settings(home=home)
    request = AskRequest(
        question,
        mode=_one_of(mode, ("auto", "lookup", "enumerate", "compare", "summarise", "count"), "--mode"),
        language=_one_of(language, ("auto", "zh", "en"), "--language"),
        filters=Filters(tuple(city or ()), tuple(year or ()), tuple(plan or ())),
        generate=generate,
    )
    _answer(settings, request, as_json, keep)


@app.command()
def compare(
    question: Annotated[str, typer.Argument(help="What to compare the plans on, as 学前教育.")],
    city: Cities = None,
    year: Years = None,
    plan: Plans = None,
    generate: Annotated[bool, typer.Option(help="Whether the language model takes part.")] = True,
    keep: Keep = True,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Put plans side by side: those of the filters, or those that the question names."""
    from rag.records import AskRequest, Filters

    filters = Filters(tuple(city or ()), tuple(year or ()), tuple(plan or ()))
    request = AskRequest(question, mode="compare", filters=filters, generate=generate)
    _answer(open_settings(home=home), request, as_json, keep)


@app.command()
def chat(
    generate: Annotated[bool, typer.Option(help="Whether the language model takes part.")] = True,
    keep: Keep = True,
    home: Home = None,
) -> None:
    """Ask one question after another; follow-ups keep the topic. An empty line or Ctrl-D ends it."""
    from rag.records import AskRequest, Turn

    settings = open_settings(home=home)
    answerer = open_answerer(settings, with_model=generate)
    history: list[Turn] = []
    with open_keeper(settings, keep) as keeper:
        while question := _read_line():
            try:
                request = AskRequest(question, tuple(history), generate=generate)
                answer = give_answer(answerer, request, keeper)
            except PlanqaError as error:
                say(error.message)
                continue
            if answer.question_resolved != question:
                typer.echo(f"({answer.question_resolved})")
            _print_answer(answer)
            history += [Turn("user", question), Turn("assistant", answer.answer)]
            history = history[-settings.max_history :] if settings.max_history else []


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int | None, typer.Option("-k", help="How many hits.")] = None,
    per_plan: Annotated[bool, typer.Option("--per-plan", help="Rank inside every plan.")] = False,
    city: Cities = None,
    year: Years = None,
    plan: Plans = None,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Find items without any language model."""
    from rag.records import AskRequest, Filters

    settings = open_settings(home=home)
    filters = Filters(tuple(city or ()), tuple(year or ()), tuple(plan or ()))
    answerer = open_answerer(settings, with_model=False)
    found = answerer.search(AskRequest(question, filters=filters), k or settings.hits, per_plan)
    if as_json:
        print_json(found._asdict() | {"hits": [asdict(hit) for hit in found.hits]})
        return
    for hit in found.hits:
        typer.echo(f"{hit.rank:>3}  {hit.item_id:<20} {hit.quote}")
    for words, forms in found.terms.items():
        say(f"searched for {words} as {'、'.join(forms)}")


@app.command()
def index(home: Home = None) -> None:
    """Bring the index up to date with the corpus; unchanged items are not embedded again."""
    from rag.assembly import model_store, open_encoder, refresh_index

    settings = open_settings(home=home)
    lines = PullLines()
    encoder = open_encoder(settings, model_store(settings), lines)
    lines.close()
    with Bar("index", "chunks") as bar:
        manifest = refresh_index(settings, encoder, bar)
    known = manifest.n_chunks - encoder.misses
    typer.echo(
        f"index {manifest.index_id}: {manifest.n_plans} plans, {manifest.n_items} items, "
        f"{manifest.n_chunks} chunks; {encoder.misses} embedded now, {known} known before"
    )


@models_app.command("list")
def list_models(as_json: JsonFlag = False) -> None:
    """List the models of the catalog, their licences, and which are here."""
    from rag.assembly import model_store

    rows = model_store(open_settings()).status()
    if as_json:
        print_json(
            [
                {
                    "name": row.spec.name,
                    "role": row.spec.role,
                    "licence": row.spec.licence,
                    "terms_url": row.spec.terms_url,
                    "download_bytes": row.spec.download_bytes,
                    "default": row.spec.default,
                    "state": row.state,
                    "path": None if row.path is None else str(row.path),
                    "detail": row.detail,
                }
                for row in rows
            ]
        )
        return
    for row in rows:
        mark = "*" if row.spec.default else " "
        size = f"{row.spec.download_bytes / 1e6:,.0f} MB"
        typer.echo(
            f"{mark} {row.spec.name:<38} {row.spec.role:<10} {size:>9}  {row.state:<8} {row.spec.licence}"
        )
        if row.detail:
            typer.echo(f"    {row.detail}")


@models_app.command("pull")
def pull_models(
    names: Annotated[
        list[str] | None, typer.Argument(help="Names of the catalog; the default ones if none.")
    ] = None,
) -> None:
    """Fetch model weights and check their digests."""
    from rag.assembly import model_store, needed_models

    settings = open_settings()
    if names:
        from embeddings.catalog import model_named

        specs = [model_named(name) for name in names]
    else:
        specs = list(needed_models(settings))
    store, lines = model_store(settings), PullLines()
    for spec in specs:
        path = store.pull(spec, lines)
        lines.close()
        typer.echo(f"{spec.name}: {path}")


@config_app.command("show")
def show_config(as_json: JsonFlag = False) -> None:
    """Print every setting, its value and where the value came from."""
    loaded = load()
    values = loaded.settings.shown()
    if as_json:
        print_json({key: {"value": value, "from": loaded.origins[key]} for key, value in values.items()})
        return
    for key, value in values.items():
        typer.echo(f"{key} = {value!r}  ({loaded.origins[key]})")


def _one_of(value: str, known: tuple[str, ...], option: str) -> Any:  # noqa: ANN401 - a Literal of the chain
    if value not in known:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(known)}.", param_hint=option)
    return value


def _answer(settings: Settings, request: AskRequest, as_json: bool, keep: bool) -> None:
    answerer = open_answerer(settings, with_model=request.generate)
    with open_keeper(settings, keep) as keeper:
        answer = give_answer(answerer, request, keeper)
    if as_json:
        print_json(asdict(answer))
    else:
        _print_answer(answer)
    if answer.status in ("not_found", "out_of_corpus"):
        raise typer.Exit(NOT_FOUND)


def _read_line() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""


def _print_answer(answer: Answer) -> None:
    typer.echo(answer.answer)
    if answer.citations:
        typer.echo("")
    for citation in answer.citations:
        typer.echo(f"[{citation.n}] {citation.item_id} {citation.title}：“{citation.quote}”")
    for warning in answer.warnings:
        say(warning)


def main() -> None:
    """Run the command line; errors that a user can act on are one line and exit code 1."""
    from corpus.ingest import CorpusBusyError, NoSuchPlanError
    from corpus.manifest import ManifestError
    from corpus.store import CorpusDamagedError
    from embeddings.model_source import ModelDamaged, ModelUnavailable

    expected = (
        CorpusBusyError,
        CorpusDamagedError,
        ManifestError,
        ModelDamaged,
        ModelUnavailable,
        NoSuchPlanError,
        OSError,
    )
    try:
        app()
    except PlanqaError as error:
        say(f"planqa: {error.message}")
        sys.exit(FAILED)
    except expected as error:
        say(f"planqa: {error}")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        say("planqa: stopped")
        sys.exit(130)


if __name__ == "__main__":
    main()
