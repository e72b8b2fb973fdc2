"""The stream of events itself: pings while nothing happens, and its end when nobody reads."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncGenerator
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from live_server import live
from waiting import WAIT_S

from server.event_stream import PING_COMMENT, PING_EVENT, EventStream, event_bytes


class Source:
    """Gives one event, then waits until it may give the last one; knows whether it was closed."""

    def __init__(self, piece: bytes = event_bytes("status", {"stage": "read"}), n_pieces: int = 1) -> None:
        self.go_on = threading.Event()
        self.closed = threading.Event()
        self.ended = threading.Event()
        self._piece = piece
        self._n_pieces = n_pieces

    async def events(self) -> AsyncGenerator[bytes]:
        try:
            for _ in range(self._n_pieces):
                yield self._piece
            while not self.go_on.is_set():
                await asyncio.sleep(0.005)
            yield event_bytes("final", {})
        finally:
            self.closed.set()


def application(source: Source, **fields: object) -> FastAPI:
    app = FastAPI()

    @app.get("/events")
    async def events() -> EventStream:
        return EventStream(source.events(), source.ended.set, **fields)  # type: ignore[arg-type]

    return app


@pytest.mark.parametrize("ping", [PING_EVENT, PING_COMMENT])
def test_pings_come_while_nothing_happens_and_never_inside_an_event(ping: bytes) -> None:
    source = Source()
    received = b""
    app = application(source, ping=ping, ping_s=0.02)
    with live(app) as address, httpx.stream("GET", f"{address}/events", timeout=WAIT_S) as reply:
        for piece in reply.iter_raw():
            received += piece
            if received.count(ping) >= 3:
                source.go_on.set()
    assert received.startswith(event_bytes("status", {"stage": "read"}))
    assert received.endswith(event_bytes("final", {}))
    assert received.count(ping) >= 3
    assert received.replace(ping, b"") == event_bytes("status", {"stage": "read"}) + event_bytes("final", {})
    assert source.closed.is_set()


def test_a_client_that_stops_reading_has_gone() -> None:
    # Far more than the buffers between the two hold.
    source = Source(event_bytes("delta", {"text": "字" * 100_000}), n_pieces=200)
    with live(application(source, send_timeout_s=0.3)) as address:
        parts = urlsplit(address)
        with socket.create_connection((str(parts.hostname), int(parts.port or 0)), WAIT_S) as connection:
            connection.sendall(f"GET /events HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
            assert connection.recv(64)
            assert source.ended.wait(WAIT_S)
            assert source.closed.wait(WAIT_S)
    assert not source.go_on.is_set()


def test_a_client_that_leaves_ends_the_source() -> None:
    source = Source()
    with live(application(source)) as address:
        with httpx.stream("GET", f"{address}/events", timeout=WAIT_S) as reply:
            assert next(reply.iter_raw())
        assert source.ended.wait(WAIT_S)
        assert source.closed.wait(WAIT_S)
