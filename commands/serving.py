"""The commands around the server: ``serve``, ``mcp``, ``keys`` and ``doctor``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from commands.opening import Home, JsonFlag, open_parts, open_settings, print_json, program_version, say

if TYPE_CHECKING:
    from rag.answer import Answerer
    from rag.assembly import Parts
    from rag.settings import Settings
    from server.engine import Engine

FAILED = 1

keys_app = typer.Typer(no_args_is_help=True, help="API keys: needed wherever the server is not on loopback.")


class _Opened:
    """The parts of a running server, so that a newer index is opened with the same encoder and model."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._parts: Parts | None = None

    def load(self, engine: Engine) -> None:
        """Open everything and put the answerer in."""
        engine.load("index", "encoder", "model")
        self._parts = open_parts(self._settings)
        engine.put(self._answerer(self._parts), warnings=self._warnings(self._parts))

    def reopen(self) -> Answerer:
        """An answerer over the index as it is now."""
        from dataclasses import replace

        from rag.assembly import open_index
        from rag.errors import IndexMissing

        if self._parts is None:
            raise IndexMissing(self._settings.index_dir, "nothing was opened yet")
        self._parts = replace(self._parts, index=open_index(self._settings, self._parts.encoder))
        return self._answerer(self._parts)

    def _answerer(self, parts: Parts) -> Answerer:
        from rag.assembly import make_answerer

        answerer = make_answerer(self._settings, parts)
        answerer.warm_up()
        return answerer

    def _warnings(self, parts: Parts) -> tuple[str, ...]:
        wanted = self._settings.generate and parts.generator is None
        return (f"no language model: {parts.no_model_reason}",) if wanted else ()


def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind to.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to bind to; 0 picks a free one.")] = None,
    home: Home = None,
) -> None:
    """Serve the page and the API, fetching weights and building the index first where needed."""
    from server.run import bind
    from server.run import serve as run

    settings = open_settings(host=host, port=port, home=home)
    started = time.perf_counter()
    bound = bind(settings.host, settings.port)
    address = f"http://{settings.host}:{bound.getsockname()[1]}"
    say(f"planqa is getting ready on {address}")

    def ready() -> None:
        typer.echo(f"planqa is ready on {address} (after {time.perf_counter() - started:.1f} s)")

    opened = _Opened(settings)
    run(settings, program_version(), bound, opened.load, ready, opened.reopen)


def mcp(home: Home = None) -> None:
    """Offer the tools ask, search_items, list_plans and get_item over standard input and output."""
    from commands.opening import open_answerer
    from server.run import serve_tools

    settings = open_settings(home=home)
    serve_tools(settings, program_version(), open_answerer(settings))


def doctor(as_json: JsonFlag = False, home: Home = None) -> None:
    """Check machine, weights, index, port and locale, and say what to do. Exit code 1 where one failed."""
    from dataclasses import asdict

    from server.doctor import examine

    findings = list(examine(open_settings(home=home)))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{finding.state:<8} {finding.name}: {finding.found}")
            if finding.advice:
                typer.echo(f"         {finding.advice}")
    if any(finding.state == "failed" for finding in findings):
        raise typer.Exit(FAILED)


@keys_app.command("create")
def create_key(name: Annotated[str, typer.Argument(help="Whose key it is.")], home: Home = None) -> None:
    """Make a key and print it; it can never be shown again."""
    from server.keys import KeyRing
    from server.run import open_store

    store = open_store(open_settings(home=home))
    try:
        key = KeyRing(store).create(name)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from error
    finally:
        store.close()
    typer.echo(key.text)
    say(f"key {key.stored.key_id} for {key.stored.name}: keep it, it is not shown again")


@keys_app.command("list")
def list_keys(home: Home = None) -> None:
    """List the keys, without their secrets."""
    from datetime import UTC, datetime

    from server.keys import KeyRing
    from server.run import open_store

    store = open_store(open_settings(home=home))
    for key in KeyRing(store).listed():
        made = datetime.fromtimestamp(key.created_at, UTC).strftime("%Y-%m-%d")
        typer.echo(f"{key.key_id}  {made}  {'revoked' if key.revoked_at else 'valid':<8} {key.name}")
    store.close()


@keys_app.command("revoke")
def revoke_key(key_id: Annotated[str, typer.Argument(help="The key's id.")], home: Home = None) -> None:
    """Refuse a key from now on."""
    from server.keys import KeyRing
    from server.run import open_store

    store = open_store(open_settings(home=home))
    revoked = KeyRing(store).revoke(key_id)
    store.close()
    if not revoked:
        say(f"no valid key has the id {key_id}; `planqa keys list` shows them")
        raise typer.Exit(FAILED)
    say(f"{key_id} is refused from now on")
