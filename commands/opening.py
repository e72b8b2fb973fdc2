"""Opens what a command needs, showing what is fetched and built on the way."""

from __future__ import annotations

import json
import logging
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.terminal import Bar, PullLines
from rag.settings import LoadedSettings, load_settings

if TYPE_CHECKING:
    from embeddings.encoder import Encoder
    from rag.answer import Answerer
    from rag.assembly import Parts
    from rag.generate import Generator
    from rag.settings import Settings

OURS = ("corpus", "embeddings", "rag", "server", "eval")

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Home = Annotated[Path | None, typer.Option("--home", help="Folder of all data.")]


def open_settings(**flags: Any) -> Settings:  # noqa: ANN401 - whatever settings a command offers as flags
    """The settings, with the flags that were given; the log is set to their level."""
    return load(**flags).settings


def load(**flags: Any) -> LoadedSettings:  # noqa: ANN401
    """The settings and where each comes from."""
    loaded = load_settings(flags)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for ours in OURS:
        logging.getLogger(ours).setLevel(loaded.settings.log_level.upper())
    return loaded


def program_version() -> str:
    """The version that is installed; a source tree that is not installed has none."""
    try:
        return version("planqa")
    except PackageNotFoundError:
        return "source"


def print_json(value: object) -> None:
    """Print a result as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    """Tell what goes on; results alone go to standard output."""
    typer.echo(text, err=True)


def open_parts(settings: Settings, *, with_model: bool = True) -> Parts:
    """Fetch, index and load whatever is needed."""
    from concurrent.futures import ThreadPoolExecutor

    from rag.assembly import (
        Parts,
        load_generator_or_reason,
        model_store,
        needed_models,
        open_encoder,
        open_generator,
        open_index,
        refresh_index,
    )

    store = model_store(settings)
    lines = PullLines()
    for spec in needed_models(settings):
        if with_model or spec.role == "embedding":
            store.pull(spec, lines)
    lines.close()
    with ThreadPoolExecutor(2) as pool:
        wanted = settings.generate and with_model
        loading = pool.submit(load_generator_or_reason, lambda: open_generator(settings, store), wanted)
        encoder = open_encoder(settings, store)
        with Bar("index", "chunks") as bar:
            refresh_index(settings, encoder, bar)
        index = open_index(settings, encoder)
        generator, reason = loading.result()
    if generator is None and wanted:
        say(f"no language model: {reason}")
    return Parts(index, encoder, generator, reason)


def open_answerer(settings: Settings, *, with_model: bool = True) -> Answerer:
    """The answerer over the parts."""
    parts = open_parts(settings, with_model=with_model)
    from rag.assembly import make_answerer

    return make_answerer(settings, parts)


def open_real_generator(settings: Settings) -> Generator:
    """The language model of the settings, fetched where it is missing."""
    from rag.assembly import model_store, open_generator

    lines = PullLines()
    generator = open_generator(settings, model_store(settings), lines)
    lines.close()
    return generator


def open_real_encoder(settings: Settings) -> Encoder:
    """The encoder of the settings, fetched where it is missing."""
    from rag.assembly import model_store, open_encoder

    lines = PullLines()
    encoder = open_encoder(settings, model_store(settings), lines)
    lines.close()
    return encoder
