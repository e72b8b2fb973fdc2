"""Runs an application with its lifespan on a free port of 127.0.0.1, in a thread, and stops it cleanly."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from waiting import WAIT_S, wait_for


@contextmanager
def live(app: FastAPI) -> Iterator[str]:
    """The address of the running application."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    wait_for(lambda: server.started or not thread.is_alive(), "the server starts")
    try:
        if not server.started:
            raise RuntimeError("the server did not start")
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(WAIT_S)
        bound.close()
        if thread.is_alive():
            raise RuntimeError(f"the server did not stop within {WAIT_S} s")
