"""OpenAI's chat interface over the same answers, so that its clients work unchanged."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from rag.errors import PlanqaError
from rag.records import Answer, AskRequest
from server.asking import Asker, Asking, Run
from server.callers import asking, while_there
from server.chat_wire import ChatBody
from server.errors import UnknownRecord
from server.event_stream import PING_COMMENT, EventStream, data_bytes
from server.examples import CHAT, CHAT_EVENTS, MODELS, errors, example, streamed
from server.problems import error_body, openai_error, request_id

MODEL_NAMES = ("planqa", "planqa-quotes")
"""The second answers from quotes alone, without any language model."""
_SOURCES = {"zh": "来源：", "en": "Sources:"}
_ERRORS = errors("bad_request", "bad_question", "not_found", "too_large", "busy", "timed_out")


def chat_router(asker: Asker, max_history: int) -> APIRouter:
    """The routes /v1/chat/completions and /v1/models."""
    router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])
    born = int(time.time())

    @router.get("/models", responses={200: example(MODELS)})
    def list_models() -> dict[str, Any]:
        """List the names that can be asked."""
        return {"object": "list", "data": [_model(name, born) for name in MODEL_NAMES]}

    @router.get("/models/{model}", responses=errors("not_found") | {200: example(MODELS["data"][0])})
    def get_model(model: str) -> dict[str, Any]:
        """Give one of the names."""
        if model not in MODEL_NAMES:
            raise UnknownRecord("model", model)
        return _model(model, born)

    @router.post("/chat/completions", responses=_ERRORS | {200: streamed(CHAT, CHAT_EVENTS)})
    async def complete(body: ChatBody, request: Request) -> Response:
        """Answer the last message; sources stand at the end of the text and in ``planqa``."""
        if body.model not in MODEL_NAMES:
            raise UnknownRecord("model", body.model)
        wanted = _asking(body, request, max_history)
        if body.stream:
            run = await asker.begin(wanted, may_wait=True)
            return EventStream(_chunks(run, body, request), run.abandon, PING_COMMENT)
        answer = await while_there(request, asker.answer(wanted))
        return JSONResponse(_completion(answer, body.model))

    return router


def _asking(body: ChatBody, request: Request, max_history: int) -> Asking:
    turns = body.turns()
    # Chat programs send the whole conversation, however long; a follow-up leans on its end.
    history = tuple(turns[len(turns) - min(len(turns), max_history) :])
    question = AskRequest(body.question(), history, generate=body.model == MODEL_NAMES[0])
    return asking(request, question)


def sources(answer: Answer) -> str:
    """What stands below the answer: a line for each mark; empty where there is none."""
    if not answer.citations:
        return ""
    lines = [f"\n\n{_SOURCES[answer.language]}"]
    for citation in answer.citations:
        place = f"{citation.city} {citation.year or ''}".strip()
        lines.append(f"[{citation.n}] {place} #{citation.number} {citation.title}: “{citation.quote}”")
    return "\n".join(lines)


def usage(model: Mapping[str, Any]) -> dict[str, Any]:
    """The tokens of an answer; none where no model took part."""
    read, written = int(model.get("prompt_tokens", 0)), int(model.get("generated_tokens", 0))
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "prompt_tokens_details": {"cached_tokens": int(model.get("cached_tokens", 0))},
    }


def _completion(answer: Answer, model: str) -> dict[str, Any]:
    message = {
        "role": "assistant",
        "content": answer.answer + sources(answer),
        "refusal": None,
        "planqa": asdict(answer),
    }
    return {
        "id": f"chatcmpl-{answer.id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": usage(answer.model),
    }


async def _chunks(run: Run, body: ChatBody, request: Request) -> AsyncGenerator[bytes]:
    head = {
        "id": f"chatcmpl-{request_id(request)}",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": body.model,
    }

    def chunk(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return head | {"choices": [choice]}

    yield data_bytes(chunk({"role": "assistant", "content": ""}))
    try:
        async with aclosing(run.events()) as events:
            async for event in events:
                if event.kind == "delta":
                    yield data_bytes(chunk({"content": event.data["text"]}))
    except PlanqaError as error:
        found = error_body(error.code, error.message, error.detail, request_id(request))
        yield data_bytes({"error": openai_error(error.status, found)})
        return
    answer = run.result()
    if below := sources(answer):
        yield data_bytes(chunk({"content": below}))
    with_sources = {"planqa": asdict(answer)}
    yield data_bytes(chunk({}, "stop") | with_sources)
    if body.stream_options is not None and body.stream_options.include_usage:
        yield data_bytes(head | {"choices": [], "usage": usage(answer.model)} | with_sources)
    yield b"data: [DONE]\n\n"


def _model(name: str, born: int) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": born, "owned_by": "planqa"}
