"""Routes that answer and search."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from rag.errors import PlanqaError
from rag.records import Answer, AskRequest
from server.asking import Asker, Asking, Run
from server.callers import asking, while_there
from server.engine import Require
from server.event_stream import EventStream, event_bytes
from server.examples import ANSWER, ANSWER_EVENTS, COMPARISON, SEARCH, errors, example, streamed
from server.problems import error_body, request_id
from server.wire import AskBody, CompareBody, SearchBody, SearchReply

_ASK_ERRORS = errors(
    "bad_request", "bad_question", "unknown_filter", "not_found", "too_large", "busy", "timed_out"
)


def answer_router(asker: Asker, require: Require) -> APIRouter:
    """The routes /v1/ask, /v1/compare and /v1/search."""
    router = APIRouter(prefix="/v1", tags=["questions"])

    async def reply(request: Request, wanted: Asking, stream: bool) -> Response:
        if stream:
            run = await asker.begin(wanted, may_wait=True)
            return EventStream(answer_events(run, request), run.abandon)
        return JSONResponse(asdict(await while_there(request, asker.answer(wanted))))

    @router.post(
        "/ask", response_model=Answer, responses=_ASK_ERRORS | {200: streamed(ANSWER, ANSWER_EVENTS)}
    )
    async def ask(body: AskBody, request: Request) -> Response:
        """Answer a question; with ``stream`` true as server-sent events, the whole answer the last."""
        wanted = asking(request, body.to_request(), body.session_id, "history" in body.model_fields_set)
        return await reply(request, wanted, body.stream)

    @router.post(
        "/compare",
        response_model=Answer,
        responses=_ASK_ERRORS | {200: streamed(COMPARISON, ANSWER_EVENTS)},
    )
    async def compare(body: CompareBody, request: Request) -> Response:
        """Put plans, or years of one city, side by side; the same as asking with the mode ``compare``."""
        return await reply(request, asking(request, body.to_request(), body.session_id), body.stream)

    @router.post(
        "/search",
        response_model=SearchReply,
        responses=errors("bad_request", "bad_question", "unknown_filter", "too_large", "index_missing")
        | {200: example(SEARCH)},
    )
    def search(body: SearchBody) -> dict[str, Any]:
        """Find items without any language model, one hit an item."""
        request = AskRequest(body.question, filters=body.filters.to_filters())
        found = require().search(request, body.k, body.per_plan)
        return found._asdict() | {"hits": [asdict(hit) for hit in found.hits]}

    return router


async def answer_events(run: Run, request: Request) -> AsyncGenerator[bytes]:
    """The run's events on the wire; an error is the last of them."""
    async with aclosing(run.events()) as events:
        try:
            async for event in events:
                yield event_bytes(event.kind, event.data)
        except PlanqaError as error:
            body = error_body(error.code, error.message, error.detail, request_id(request))
            yield event_bytes("error", {"error": body})
