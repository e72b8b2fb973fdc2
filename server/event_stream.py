"""Server-sent events as a reply: pings while nothing happens, ended when the client goes or stops reading."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import anyio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

PING_S = 10.0
SEND_TIMEOUT_S = 60.0
"""How long one piece may take to be read; a client that is slower has gone for us."""


def event_bytes(kind: str, data: Any) -> bytes:  # noqa: ANN401 - whatever is JSON
    """One event with a name."""
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")


def data_bytes(data: Any) -> bytes:  # noqa: ANN401
    """One event without a name, as OpenAI's clients read it."""
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")


PING_EVENT = event_bytes("ping", {})
PING_COMMENT = b": ping\n\n"


class EventStream(Response):
    """Sends the pieces of ``source`` as they come; ``source`` is closed when the client goes away.

    ``ended`` is called once nothing more will be sent, whether it was all or not.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        source: AsyncGenerator[bytes],
        ended: Callable[[], None],
        ping: bytes = PING_EVENT,
        ping_s: float = PING_S,
        send_timeout_s: float = SEND_TIMEOUT_S,
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._source = source
        self._ended = ended
        self._ping = ping
        self._ping_s = ping_s
        self._send_timeout_s = send_timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the source ends or the client is gone."""
        sending = anyio.Lock()

        async def give(body: bytes, more: bool = True) -> None:
            with anyio.fail_after(self._send_timeout_s):
                async with sending:
                    await send({"type": "http.response.body", "body": body, "more_body": more})

        try:
            async with aclosing(self._source), anyio.create_task_group() as group:
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                group.start_soon(_until_gone, receive, group.cancel_scope)
                group.start_soon(self._keep_alive, give)
                async for piece in self._source:
                    await give(piece)
                await give(b"", more=False)
                group.cancel_scope.cancel()
        except* TimeoutError:
            # The client holds the line but does not read: there is nobody to tell.
            pass
        finally:
            # A source that was never begun runs none of its own code when it is closed.
            self._ended()

    async def _keep_alive(self, give: Callable[[bytes], Awaitable[None]]) -> None:
        while True:
            await anyio.sleep(self._ping_s)
            await give(self._ping)


async def _until_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
