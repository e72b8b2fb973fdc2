"""What the answering commands share, and ``replay``: answers are kept, found again and compared."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from commands.opening import Home, JsonFlag, open_answerer, open_settings, print_json, program_version, say

if TYPE_CHECKING:
    from rag.answer import Answerer
    from rag.records import Answer, AskRequest
    from rag.settings import Settings
    from server.keeping import Keeper

FAILED = 1

Keep = Annotated[
    bool, typer.Option("--keep/--no-keep", help="Whether the answer is kept, and an equal one given again.")
]


@contextmanager
def open_keeper(settings: Settings, keep: bool) -> Iterator[Keeper | None]:
    """Where answers are kept; None where they are not to be, or cannot be."""
    from server.errors import StoreFailed
    from server.keeping import Keeper
    from server.run import open_store

    if not (keep and settings.keep_answers):
        yield None
        return
    try:
        store = open_store(settings)
    except StoreFailed as error:
        say(f"answers are not kept: {error.message}")
        yield None
        return
    try:
        yield Keeper(store, True, settings.max_history, program_version())
    finally:
        store.close()


def give_answer(answerer: Answerer, request: AskRequest, keeper: Keeper | None) -> Answer:
    """The answer: the kept one where an equal question was asked of equal parts, else a new one, kept."""
    from dataclasses import replace

    if keeper is None:
        return answerer.answer(request)
    started = time.perf_counter()
    answerer.check(request)
    known = keeper.equal(answerer, request)
    if known is None:
        return keeper.keep(answerer, request, answerer.answer(request), None)
    elapsed = round((time.perf_counter() - started) * 1000, 1)
    return replace(known, timings_ms={"store": elapsed, "total": elapsed})


def replay(
    answer_id: Annotated[str, typer.Argument(help="The id of a kept answer, as --json shows it.")],
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Ask a kept question again. Exit code 0 for the same text; 1 for another, with the difference."""
    from server.replay import kept_question
    from server.replay import replay as ask_again
    from server.run import open_store

    settings = open_settings(home=home)
    store = open_store(settings)
    try:
        kept = kept_question(store, answer_id)
    finally:
        store.close()
    found = ask_again(open_answerer(settings, with_model=kept.request.generate), kept)
    changed, diff = found.changed(), found.diff()
    if as_json:
        print_json(
            {
                "id": answer_id,
                "question": kept.request.question,
                "same_text": found.same_text,
                "changed": {name: {"before": old, "now": new} for name, (old, new) in changed.items()},
                "diff": list(diff),
            }
        )
    else:
        typer.echo("same text" if found.same_text else "\n".join(diff))
        for name, (old, new) in changed.items():
            typer.echo(f"{name} changed: {old} -> {new}")
        if not changed:
            typer.echo("nothing that answers are made with has changed")
    if not found.same_text:
        raise typer.Exit(FAILED)
