"""Runs the application on a socket of its own until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn

from rag.answer import Answerer
from rag.errors import IndexMissing, PlanqaError, SettingsError
from rag.settings import Settings
from rag.snapshot import read_manifest
from server.access import check_access
from server.app import create_app, make_asker
from server.asking import Asker
from server.databases import open_database
from server.engine import Engine
from server.keys import KeyRing
from server.logs import configure_logs
from server.metrics import Metrics
from server.sql_store import SqlStore
from server.store import Store
from server.tools import mcp_server

_log = logging.getLogger(__name__)
_GRACE_S = 2.0
"""What is left to send an error to those whose answer was stopped at the end of the drain."""

Load = Callable[[Engine], None]
"""Fills the engine: says what it loads, puts the answerer in. What it raises ends the server."""
Reopen = Callable[[], Answerer]
"""Gives an answerer over the index as it is now, with the encoder and the model that are loaded."""


def bind(host: str, port: int) -> socket.socket:
    """Take the address before anything slow is done; raises SettingsError where it is taken or not local."""
    taken: socket.socket | None = None
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        taken = socket.socket(family, socket.SOCK_STREAM)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
    except OSError as error:
        if taken is not None:
            taken.close()
        raise SettingsError(
            f"cannot serve on {host}:{port}: {error}. Choose another with PLANQA_PORT or --port.",
            {"host": host, "port": port},
        ) from error
    return taken


def open_store(settings: Settings) -> Store:
    """The store that the settings name; raises StoreFailed where it cannot be opened."""
    return SqlStore(open_database(settings.database, settings.database_file))


def serve(
    settings: Settings,
    version: str,
    bound: socket.socket,
    load: Load,
    ready: Callable[[], None],
    reopen: Reopen,
) -> None:
    """Serve until SIGINT or SIGTERM, from the first moment on; ``load`` fills the engine meanwhile.

    ``ready`` is called once questions are answered. A newer index is taken up without a restart. Raises
    SettingsError for an address that needs an API key where there is none, and what ``load`` raised.
    """
    store = open_store(settings)
    try:
        check_access(settings, KeyRing(store))
    except SettingsError:
        store.close()
        raise
    configure_logs(settings)
    engine = Engine(index_dir=settings.index_dir, loading=True)
    app = create_app(engine, version, settings, store)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(settings.drain_s + _GRACE_S),
    )
    server = _Server(config, engine, app.state.asker, settings.drain_s)
    loading = _Loading(engine, load, ready, server)
    asyncio.run(_serve(server, bound, loading, _Watch(engine, reopen, settings.reload_check_s)))
    if loading.error is not None:
        raise loading.error


def serve_tools(settings: Settings, version: str, answerer: Answerer) -> None:
    """Serve the tools over standard input and output, until the input ends."""
    configure_logs(settings)
    store = open_store(settings)
    engine = Engine(answerer)
    asker = make_asker(engine, version, settings, store, Metrics())
    try:
        asyncio.run(mcp_server(asker, engine, version).run_stdio_async())
    finally:
        asker.close()
        store.close()


class _Server(uvicorn.Server):
    """Stops in three steps: no new question, a while for the running ones, an error for the rest."""

    def __init__(self, config: uvicorn.Config, engine: Engine, asker: Asker, drain_s: float) -> None:
        super().__init__(config)
        self._engine = engine
        self._asker = asker
        self._drain_s = drain_s
        self.serving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.serving.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._engine.draining = True
        rest = asyncio.get_running_loop().call_later(self._drain_s, self._asker.stop_all)
        try:
            await super().shutdown(sockets)
        finally:
            rest.cancel()


@dataclass(slots=True)
class _Loading:
    """Fills the engine in a thread of its own; where that fails, the server stops."""

    engine: Engine
    load: Load
    ready: Callable[[], None]
    server: _Server
    error: PlanqaError | None = None

    def start(self) -> None:
        # A daemon: a download that hangs must not keep a stopped server alive.
        threading.Thread(target=self._run, name="loading", daemon=True).start()

    def _run(self) -> None:
        try:
            self.load(self.engine)
        except PlanqaError as error:
            self.error = error
        except Exception as error:  # whatever it is, the server would never be ready
            _log.error("loading failed", exc_info=True)
            self.error = PlanqaError(f"loading failed: {type(error).__name__}: {error}")
        if self.error is not None:
            self.engine.fail(self.error.message)
            self.server.should_exit = True
        else:
            self.ready()


@dataclass(slots=True)
class _Watch:
    """Looks for a newer index and takes it up."""

    engine: Engine
    reopen: Reopen
    every_s: float
    _refused: str = ""

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self.every_s)
            await asyncio.to_thread(self.look)

    def look(self) -> None:
        """Exchange the answerer where the index on disk is another; one that does not open is left alone."""
        current = self.engine.answerer
        if current is None or self.engine.loading:
            return
        try:
            found = read_manifest(self.engine.index_dir).index_id
        except IndexMissing:
            return  # the old one answers on
        if found in (current.index.manifest.index_id, self._refused):
            return
        try:
            self.engine.put(self.reopen())
            _log.info("took up the index", extra={"fields": {"index": found}})
        except PlanqaError as error:
            self._refused = found
            self.engine.warnings = [f"the newer index {found} is not used: {error.message}"]
            _log.error("the newer index %s is not used: %s", found, error.message)


async def _serve(server: _Server, bound: socket.socket, loading: _Loading, watch: _Watch) -> None:
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    started = asyncio.create_task(server.serving.wait())
    await asyncio.wait((serving, started), return_when=asyncio.FIRST_COMPLETED)
    started.cancel()
    loading.start()
    watching = asyncio.create_task(watch.run())
    try:
        await serving
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
