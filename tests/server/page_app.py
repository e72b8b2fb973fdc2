"""A small server for the page's tests: the real page, the real sample plans, scripted answers."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

from server.databases import SqliteDatabase
from server.engine import Engine
from server.problems import add_error_handlers
from server.security import CONTENT_SECURITY_POLICY
from server.sessions import kept_router, session_router
from server.sql_store import SqlStore
from server.store import KeptAnswer

SERVER = Path(__file__).parents[2] / "server"


@dataclass(frozen=True, slots=True)
class Hold:
    """Where a scripted answer waits until the test lets it go on."""

    name: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A script that answers with an error instead of a stream."""

    status: int
    error: Mapping[str, Any]


Step = tuple[str, Mapping[str, Any]] | Hold


@dataclass(frozen=True, slots=True)
class Attempts:
    """A question that is answered otherwise each time; the last script stays."""

    scripts: Sequence[Sequence[Step] | Refusal]


Script = Sequence[Step] | Refusal | Attempts


@dataclass(slots=True)
class Stage:
    """What the page's server knows and what a test sees of it."""

    plans: Mapping[str, dict[str, Any]]
    scripts: Mapping[str, Script]
    asked: list[dict[str, Any]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    gates: dict[str, threading.Event] = field(default_factory=dict)
    readiness: dict[str, Any] = field(
        default_factory=lambda: {"status": "ready", "missing": [], "warnings": []}
    )
    store: SqlStore = field(default_factory=lambda: SqlStore(SqliteDatabase(None)))
    closing: threading.Event = field(default_factory=threading.Event)

    def release(self, name: str) -> None:
        """Let the answers that wait at this hold go on."""
        self.gates.setdefault(name, threading.Event()).set()

    def hold_again(self) -> None:
        """Close every gate and forget what was asked."""
        self.gates.clear()
        self.asked.clear()
        self.left.clear()
        for session in self.store.sessions("", 200):
            self.store.delete_session("", session.session_id)

    def keep(self, answer: Mapping[str, Any], session_id: str | None = None) -> None:
        """Keep an answer as the server does."""
        request = {"question": answer["question"]}
        self.store.save_answer(KeptAnswer(answer["id"], time.time(), request, answer, session_id))


def message(event: str, data: Mapping[str, Any]) -> bytes:
    """One server-sent event."""
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def create_page_app(stage: Stage) -> FastAPI:
    """The page with a scripted server behind it."""
    app = FastAPI()
    templates = Jinja2Templates(SERVER / "templates")
    app.mount("/static", StaticFiles(directory=SERVER / "static"), name="static")

    @app.middleware("http")
    async def strict(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    @app.get("/", response_class=HTMLResponse)
    async def page(request: Request) -> Response:
        return templates.TemplateResponse(request, "index.html", {"version": "test", "keeps": "yes"})

    @app.get("/readyz")
    async def readyz() -> Response:
        ready = stage.readiness["status"] == "ready"
        return JSONResponse(stage.readiness, 200 if ready else 503)

    _add_library(app, stage)
    add_error_handlers(app)
    app.include_router(session_router(stage.store, Engine()))
    app.include_router(kept_router(stage.store))

    @app.post("/v1/ask")
    async def ask(request: Request) -> Response:
        body = await request.json()
        before = sum(each["question"] == body["question"] for each in stage.asked)
        stage.asked.append(body)
        script = stage.scripts.get(
            body["question"], Refusal(500, {"code": "internal", "message": "no such script"})
        )
        if isinstance(script, Attempts):
            script = script.scripts[min(before, len(script.scripts) - 1)]
        if isinstance(script, Refusal):
            return _problem(script.status, script.error)
        return StreamingResponse(_play(stage, body, script), media_type="text/event-stream")

    return app


def _problem(status: int, error: Mapping[str, Any]) -> JSONResponse:
    return JSONResponse({"error": {"detail": None, "request_id": "7f3a9c52d1e84b06", **error}}, status)


def _add_library(app: FastAPI, stage: Stage) -> None:
    @app.get("/v1/plans")
    async def plans() -> dict[str, Any]:
        left_out = {"text", "outline", "city_evidence"}
        records = [{k: v for k, v in plan.items() if k not in left_out} for plan in stage.plans.values()]
        return {"plans": records}

    @app.get("/v1/plans/{plan_id}")
    async def plan(plan_id: str) -> Response:
        if plan_id not in stage.plans:
            return _problem(404, {"code": "not_found", "message": f"there is no plan {plan_id}"})
        return JSONResponse(stage.plans[plan_id])

    @app.post("/v1/search")
    async def search(request: Request) -> dict[str, Any]:
        body = await request.json()
        return {"hits": list(_find(stage.plans, body["question"]))[: body["k"]]}


def _find(plans: Mapping[str, dict[str, Any]], words: str) -> Iterator[dict[str, Any]]:
    for plan in plans.values():
        for part in plan["outline"]:
            text = plan["text"][part["start"] : part["end"]]
            if part["kind"] == "item" and words in text:
                yield {"item_id": part["item_id"], "quote": text, "start": part["start"], "end": part["end"],
                       "score": 1.0, "rank": 1, "dense_rank": None, "keyword_rank": 1}  # fmt: skip


async def _play(stage: Stage, body: Mapping[str, Any], script: Sequence[Step]) -> AsyncIterator[bytes]:
    finished = False
    try:
        for step in script:
            if isinstance(step, Hold):
                yield b": waiting\n\n"
                await _wait(stage, step.name)
                continue
            event, data = step
            if event == "final":
                data = {**data, "id": uuid.uuid4().hex}
                stage.keep(data, body.get("session_id"))
            yield message(event, data)
        finished = True
    finally:
        if not finished:
            stage.left.append(body["question"])


async def _wait(stage: Stage, name: str) -> None:
    gate = stage.gates.setdefault(name, threading.Event())
    while not gate.is_set() and not stage.closing.is_set():
        await asyncio.sleep(0.01)
