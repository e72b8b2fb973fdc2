"""Routes that answer and search. The chain runs in worker threads; the event loop only passes on."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from typing import Any

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from rag.answer import Answerer
from rag.errors import PlanqaError
from rag.records import Answer, AskRequest, Event
from server.problems import problem, request_id
from server.wire import AskBody, ErrorBody, SearchBody, SearchReply

PING_S = 10
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorBody, "description": "The question or a filter cannot be used."},
    413: {"model": ErrorBody, "description": "The question is too long."},
    503: {"model": ErrorBody, "description": "Not ready, or too many questions are waiting."},
}


class Waiting:
    """Counts the questions that run or wait, so that their number stays bounded."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._count = 0
        self._lock = threading.Lock()

    def enter(self) -> bool:
        """Take a place; False where none is free."""
        with self._lock:
            if self._count >= self._limit:
                return False
            self._count += 1
            return True

    def leave(self) -> None:
        """Free the place."""
        with self._lock:
            self._count -= 1


def answer_router(require: Callable[[], Answerer], max_waiting: int) -> APIRouter:
    """The routes /v1/ask and /v1/search."""
    router = APIRouter(prefix="/v1", tags=["questions"])
    waiting = Waiting(max_waiting)
    limiter = anyio.CapacityLimiter(max_waiting)

    @router.post("/ask", response_model=Answer, responses=_ERRORS)
    async def ask(body: AskBody, request: Request) -> Answer | Response:
        """Answer a question; with ``stream`` true as server-sent events."""
        answerer = require()
        answerer.check(body.to_request())
        if not waiting.enter():
            return problem(
                request, 503, "busy", "too many questions are waiting; try again in a few seconds."
            )
        if body.stream:
            source = stream_answer(answerer, body.to_request(), request, waiting, limiter)
            return EventSourceResponse(source, ping=PING_S, ping_message_factory=_ping)
        try:
            return await anyio.to_thread.run_sync(answerer.answer, body.to_request(), limiter=limiter)
        finally:
            waiting.leave()

    @router.post("/search", response_model=SearchReply, responses=_ERRORS)
    def search(body: SearchBody) -> dict[str, Any]:
        """Find items without any language model, one hit an item."""
        started = time.perf_counter()
        request = AskRequest(body.question, filters=body.filters.to_filters())
        hits, filters_applied = require().search(request, body.k, body.per_plan)
        elapsed = (time.perf_counter() - started) * 1000
        return {
            "hits": [asdict(hit) for hit in hits],
            "filters_applied": filters_applied,
            "timings_ms": {"total": round(elapsed, 1)},
        }

    return router


async def stream_answer(
    answerer: Answerer, body: AskRequest, request: Request, waiting: Waiting, limiter: anyio.CapacityLimiter
) -> AsyncIterator[ServerSentEvent]:
    """Pass the chain's events on as they come; a client that leaves stops the chain at its next step."""
    loop = asyncio.get_running_loop()
    events: asyncio.Queue[Event | None] = asyncio.Queue()
    gone = threading.Event()

    def emit(event: Event) -> None:
        loop.call_soon_threadsafe(events.put_nowait, event)

    def work() -> None:
        try:
            answerer.answer(body, emit, gone.is_set)
        finally:
            waiting.leave()
            loop.call_soon_threadsafe(events.put_nowait, None)

    task = asyncio.create_task(anyio.to_thread.run_sync(work, limiter=limiter))
    try:
        while (event := await events.get()) is not None:
            yield _message(event.kind, event.data)
        await task
    except PlanqaError as error:
        yield _error(request, error.code, error.message, error.detail)
    finally:
        gone.set()


def _message(kind: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=kind)


def _error(request: Request, code: str, message: str, detail: object) -> ServerSentEvent:
    body = {"code": code, "message": message, "detail": detail, "request_id": request_id(request)}
    return _message("error", {"error": body})


def _ping() -> ServerSentEvent:
    return ServerSentEvent("{}", event="ping")
