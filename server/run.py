"""Runs the application on a socket of its own until it is told to stop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from rag.answer import Answerer
from rag.errors import SettingsError
from server.app import Engine, create_app


def bind(host: str, port: int) -> socket.socket:
    """Take the address before anything slow is done; raises SettingsError where it is taken or not local."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        taken = socket.socket(family, socket.SOCK_STREAM)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
    except OSError as error:
        raise SettingsError(
            f"cannot serve on {host}:{port}: {error}. Choose another with PLANQA_PORT or --port.",
            {"host": host, "port": port},
        ) from error
    return taken


def run_server(answerer: Answerer, bound: socket.socket, version: str, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``ready`` is called once requests are taken."""
    app = create_app(Engine(answerer), version)
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=10)
    asyncio.run(_serve(_Server(config, ready), bound))


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


async def _serve(server: uvicorn.Server, bound: socket.socket) -> None:
    await server.serve(sockets=[bound])
