"""A small chat endpoint on loopback that says what it is told to, and misbehaves where it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

KEY = "sk-very-secret-0123456789"
TOP = {"yes": -0.25, " no": -1.75, "no": -2.5, "maybe": -4.0}
WAIT_S = 120.0
"""How long the endpoint keeps silent."""
Trouble = Literal[
    "", "no logprobs", "refuses logprobs", "breaks off", "ends early", "error midway", "silent", "no chat",
    "500",
]  # fmt: skip


@dataclass(slots=True)
class Endpoint:
    """What the endpoint says, and what it was asked."""

    url: str = ""
    reply: str = "新建、改扩建幼儿园50所。"
    trouble: Trouble = ""
    key: str = ""
    """The key that it asks for; none where empty."""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    client_left: threading.Event = field(default_factory=threading.Event)

    def pieces(self, body: dict[str, Any]) -> list[str]:
        """The reply, a character a token, as long as the request allows."""
        return list(self.reply)[: body["max_tokens"]]


@contextmanager
def chat_endpoint() -> Iterator[Endpoint]:
    """The endpoint, answering as long as the context is open."""
    endpoint = Endpoint()

    class Handler(_Handler):
        said = endpoint

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    said: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        endpoint = self.said
        endpoint.bodies.append(body)
        if endpoint.key and self.headers.get("Authorization") != f"Bearer {endpoint.key}":
            self._refuse(401, f"incorrect key: {self.headers.get('Authorization')}")
        elif endpoint.trouble == "500":
            self._refuse(500, f"out of memory; the header was {self.headers.get('Authorization')}")
        elif endpoint.trouble == "refuses logprobs" and body.get("logprobs"):
            self._refuse(400, "logprobs is not supported")
        elif endpoint.trouble == "silent":
            self._wait_for_the_client_to_leave()
        else:
            self._stream(body)

    def _stream(self, body: dict[str, Any]) -> None:
        trouble = self.said.trouble
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if trouble == "no chat":
            self.wfile.write(b"data: hello\n\n")
            return
        self._send(": a comment\n\nevent: message\n")
        self._send_chunk({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})
        pieces = self.said.pieces(body)
        for place, piece in enumerate(pieces):
            if place == 3 and trouble == "error midway":
                self._send_chunk({"error": {"message": "the model crashed"}})
                return
            if place == 3 and trouble in ("breaks off", "ends early"):
                if trouble == "breaks off":
                    self.wfile.write(b"data: {")
                return
            self._send_chunk({"choices": [self._choice(body, piece)]})
        self._send_chunk({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        usage = {"prompt_tokens": 40, "completion_tokens": len(pieces), "total_tokens": 40 + len(pieces)}
        self._send_chunk({"choices": [], "usage": usage | {"prompt_tokens_details": {"cached_tokens": 8}}})
        self._send("data: [DONE]\n\n")

    def _choice(self, body: dict[str, Any], piece: str) -> dict[str, Any]:
        choice: dict[str, Any] = {"index": 0, "delta": {"content": piece}, "finish_reason": None}
        if body.get("logprobs") and self.said.trouble != "no logprobs":
            top = [{"token": token, "logprob": score} for token, score in TOP.items()]
            choice["logprobs"] = {"content": [{"token": piece, "logprob": -0.1, "top_logprobs": top}]}
        return choice

    def _send_chunk(self, chunk: dict[str, Any]) -> None:
        self._send(f"data: {json.dumps({'object': 'chat.completion.chunk', **chunk})}\n\n")

    def _send(self, text: str) -> None:
        try:
            self.wfile.write(text.encode())
            self.wfile.flush()
        except OSError:
            self.said.client_left.set()

    def _wait_for_the_client_to_leave(self) -> None:
        self.connection.settimeout(WAIT_S)
        if self.connection.recv(1) == b"":
            self.said.client_left.set()

    def _refuse(self, status: int, message: str) -> None:
        data = json.dumps({"error": {"message": message}}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the tests' own output is enough."""
