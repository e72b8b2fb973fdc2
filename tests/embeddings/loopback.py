"""Small servers on 127.0.0.1 for tests: a folder, the part of a model hub that clients use, embeddings."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HOLD_S = 120.0
"""How long an answer is kept back at the most."""


@contextmanager
def running(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _QuietFolder(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Tests stay quiet."""


@contextmanager
def served_folder(folder: Path) -> Iterator[str]:
    with running(partial(_QuietFolder, directory=str(folder))) as address:
        yield address + "/"


class LoopbackHub:
    """Answers ``HEAD`` and ``GET`` of ``/{repo}/resolve/{revision}/{path}`` as a model hub does.

    ``cut_once`` holds paths whose first delivery stops half-way; ``refuse`` answers every request with that
    status; ``hold`` (an event) keeps every answer back until it is set.
    """

    def __init__(self, repo_id: str, revision: str, files: dict[str, bytes]) -> None:
        self.repo_id = repo_id
        self.revision = revision
        self.files = dict(files)
        self.cut_once: set[str] = set()
        self.honours_range = True
        self.elsewhere: str | None = None
        """The address of another hub that holds the bytes, as a content network does."""
        self.tokens: set[str | None] = set()
        """What came as authorisation."""
        self.refuse: int | None = None
        self.hold: threading.Event | None = None
        self.requests: list[tuple[str, str, str | None]] = []
        """(method, path in the repository, Range)"""

    @contextmanager
    def serving(self) -> Iterator[str]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:
                """Tests stay quiet."""

            def do_HEAD(self) -> None:
                hub._answer(self, body=False)

            def do_GET(self) -> None:
                hub._answer(self, body=True)

        with running(Handler) as address:
            yield address

    def _answer(self, request: BaseHTTPRequestHandler, body: bool) -> None:
        if self.hold is not None:
            self.hold.wait(timeout=HOLD_S)
            return
        prefix = f"/{self.repo_id}/resolve/{self.revision}/"
        path = request.path.removeprefix(prefix)
        wanted = request.headers.get("Range")
        self.tokens.add(request.headers.get("Authorization"))
        self.requests.append((request.command, path, wanted))
        if self.refuse is not None or not request.path.startswith(prefix) or path not in self.files:
            request.send_response(self.refuse or 404)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        data = self.files[path]
        if self.elsewhere is not None:
            request.send_response(302)
            request.send_header("Location", self.elsewhere + request.path)
            request.send_header("X-Repo-Commit", self.revision)
            request.send_header("X-Linked-Size", str(len(data)))
            request.send_header("X-Linked-Etag", '"linked"')
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        wanted = wanted if self.honours_range else None
        start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted else 0
        request.send_response(206 if wanted else 200)
        request.send_header("X-Repo-Commit", self.revision)
        request.send_header("ETag", f'"{abs(hash(data)):x}"')
        request.send_header("Accept-Ranges", "bytes")
        request.send_header("Content-Length", str(len(data) - start))
        if wanted:
            request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        request.end_headers()
        if body:
            stop = len(data)
            if path in self.cut_once:
                self.cut_once.discard(path)
                stop = start + (len(data) - start) // 2
                request.close_connection = True
            request.wfile.write(data[start:stop])


class LoopbackEmbeddings:
    """An OpenAI-compatible embeddings endpoint whose vectors ``embed`` makes; remembers what it was sent."""

    def __init__(self, embed: Callable[[str], list[float]]) -> None:
        self.embed = embed
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answer: tuple[int, bytes] | None = None
        """Sent instead of vectors where it is set."""

    @contextmanager
    def serving(self) -> Iterator[str]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:
                """Tests stay quiet."""

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                status, body = endpoint._answer(self.path, self.rfile.read(length), dict(self.headers))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        with running(Handler) as address:
            yield f"{address}/v1"

    def _answer(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        request = json.loads(body)
        self.requests.append(request)
        self.headers.append(headers)
        if self.answer is not None:
            return self.answer
        if path != "/v1/embeddings":
            return 404, b"{}"
        data = [
            {"object": "embedding", "index": i, "embedding": self.embed(text)}
            for i, text in enumerate(request["input"])
        ]
        # The interface orders by index, not by place: a client must not rely on the latter.
        return 200, json.dumps({"object": "list", "model": request["model"], "data": data[::-1]}).encode()
