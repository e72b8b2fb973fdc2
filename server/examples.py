"""Examples for the OpenAPI document: one for every route and every error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.wire_records import ErrorBody

_ID = "0f3c2b1a9d8e47f6a5b4c3d2e1f00918"
_SESSION_ID = "5d41402abc4b2a76b9719d911017c592"
_QUOTE = "新建、改扩建各类型幼儿园50所。"
_CLAIM = f"天津（2014）第10条：“{_QUOTE}”"

HIT: dict[str, Any] = {
    "item_id": "tianjin-2014#10", "score": 0.0328, "rank": 1, "dense_rank": 1, "keyword_rank": 1,
    "quote": _QUOTE, "start": 1200, "end": 1216,
    "sentences": [{"text": _QUOTE, "start": 1200, "end": 1216, "score": 0.8328}],
}  # fmt: skip
_SCOPE = {
    "cities": ["天津"], "years": [2014], "plans": ["tianjin-2014"], "unknown_cities": [], "unknown_years": [],
}  # fmt: skip
ANSWER: dict[str, Any] = {
    "id": _ID,
    "question": "哪些要点提出新建幼儿园?",
    "question_resolved": "哪些要点提出新建幼儿园?",
    "mode": "enumerate",
    "language": "zh",
    "status": "answered",
    "answer": f"1 份要点中有 1 份提到：\n- {_CLAIM}[1]",
    "claims": [{"text": _CLAIM, "citations": [1], "support": "verified"}],
    "citations": [
        {
            "n": 1, "plan_id": "tianjin-2014", "city": "天津", "city_source": "stated", "year": 2014,
            "item_id": "tianjin-2014#10", "number": "10", "headings": [], "title": "发展学前教育",
            "quote": _QUOTE, "start": 1200, "end": 1216,
        }
    ],
    "verdicts": [
        {
            "plan_id": "tianjin-2014", "city": "天津", "year": 2014, "verdict": "yes", "confidence": 0.97,
            "citations": [1],
        }
    ],
    "coverage": {"plans_in_scope": 1, "plans_checked": 1, "items_scored": 38, "gaps": []},
    "filters_applied": _SCOPE,
    "warnings": [],
    "model": {
        "name": "qwen2.5-coder-1.5b-instruct-q4_k_m", "used": True, "encoder": "embeddinggemma-300m",
        "digest": "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        "prompt_tokens": 310, "cached_tokens": 96, "generated_tokens": 21,
        "prompts": "4f1d2c3b5a697887", "verdicts": "90a1b2c3d4e5f607", "chain": "18293a4b5c6d7e8f",
        "settings": {"evidence": 5, "max_tokens": 160}, "evidence": ["tianjin-2014#10:0"],
        "removed_claims": 0, "removed_quotes": 0,
    },
    "index": {"id": "a1b2c3d4e5f60718", "corpus": "0011223344556677", "plans": 7},
    "timings_ms": {"retrieve": 61.0, "generate": 3900.0, "total": 3980.0},
    "table": None,
    "figures": {
        "operation": "list", "unit": "所", "comparable": True,
        "bars": [
            {
                "plan_id": "tianjin-2014", "label": "天津（2014）幼儿园", "value": 50.0, "shown": "50所",
                "citation": 1,
            }
        ],
        "result": None,
    },
}  # fmt: skip
_ASPECT = {
    "name": "新建幼儿园",
    "cells": [
        {"plan_id": "tianjin-2014", "citations": [1], "change": None, "unclear": False},
        {"plan_id": "qingdao-2018", "citations": [], "change": None, "unclear": False},
    ],
}
COMPARISON: dict[str, Any] = ANSWER | {
    "question": "扩大普惠学前教育",
    "question_resolved": "扩大普惠学前教育",
    "mode": "compare",
    "status": "partial",
    "answer": f"- {_CLAIM}[1]\n- 青岛（2018）：未在该要点中找到。",
    "verdicts": None,
    "coverage": {"plans_in_scope": 2, "plans_checked": 2, "items_scored": 65, "gaps": []},
    "table": {"kind": "compare", "plans": ["tianjin-2014", "qingdao-2018"], "aspects": [_ASPECT]},
    "figures": None,
}
SEARCH: dict[str, Any] = {
    "hits": [HIT], "filters_applied": _SCOPE, "terms": {"托位": ["托育", "托额"]},
    "timings_ms": {"read": 1.1, "retrieve": 63.1, "total": 64.2},
}  # fmt: skip
PLAN: dict[str, Any] = {
    "plan_id": "tianjin-2014", "title": "天津市教委2014年工作要点", "city": "天津", "city_source": "stated",
    "year": 2014, "department": "天津市教育委员会", "sections": 6, "items": 38, "sub_points": 0,
    "levels": [6, 38], "gaps": [],
    "source": {"file": "tianjin.txt", "part": 0, "sha256": "00" * 32, "origin": "", "url": ""},
}  # fmt: skip
_NODE = {
    "kind": "item", "number": "10", "title": "发展学前教育", "level": 2, "item_id": "tianjin-2014#10",
    "start": 1190, "end": 1216,
}  # fmt: skip
PLAN_DETAIL: dict[str, Any] = PLAN | {
    "city_evidence": ["天津市教委"], "year_evidence": ["2014年"], "outline": [_NODE],
    "text": "10.发展学前教育。…",
}  # fmt: skip
ITEM: dict[str, Any] = {
    "item_id": "tianjin-2014#10", "plan_id": "tianjin-2014", "number": "10", "headings": [],
    "title": "发展学前教育", "text": f"10.发展学前教育。{_QUOTE}", "start": 1190, "end": 1216,
    "sub_points": [], "lead_units": [], "joint_units": [], "deadline": None,
}  # fmt: skip
SESSION: dict[str, Any] = {
    "session_id": _SESSION_ID, "title": "托育", "created_at": "2025-01-31T08:00:00Z",
    "updated_at": "2025-01-31T08:01:00Z", "n_answers": 1,
}  # fmt: skip
SESSION_DETAIL: dict[str, Any] = SESSION | {"answers": [ANSWER]}
MARKDOWN = f"# 托育\n\n## {ANSWER['question']}\n\n{ANSWER['answer']}\n"
FEEDBACK: dict[str, Any] = {
    "feedback_id": "7d793037a0760186574b0282f2f435e7",
    "answer_id": _ID,
    "rating": "bad",
}
_CHAT_TEXT = f"{ANSWER['answer']}\n\n来源：\n[1] 天津 2014 #10 发展学前教育: “{_QUOTE}”"
CHAT: dict[str, Any] = {
    "id": f"chatcmpl-{_ID}",
    "object": "chat.completion",
    "created": 1738310400,
    "model": "planqa",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": _CHAT_TEXT, "refusal": None, "planqa": ANSWER},
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 310, "completion_tokens": 18, "total_tokens": 328},
}
MODELS: dict[str, Any] = {
    "object": "list",
    "data": [{"id": "planqa", "object": "model", "created": 1738310400, "owned_by": "planqa"}],
}
READY: dict[str, Any] = {
    "status": "ready", "missing": [], "warnings": [], "model": "qwen2.5-coder-1.5b-instruct-q4_k_m",
    "index": "a1b2c3d4e5f60718",
}  # fmt: skip
NOT_READY: dict[str, Any] = READY | {
    "status": "not_ready", "missing": ["index", "model"], "model": None, "index": None,
}  # fmt: skip

_EVENT = {
    "type": "object",
    "description": "One server-sent event; its data is JSON. The event `final` has the whole answer.",
    "required": ["data"],
    "properties": {
        "event": {
            "type": "string",
            "enum": [
                "message", "status", "evidence", "verdict", "delta", "citation", "final", "error", "ping",
            ],
        },
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}  # fmt: skip
ANSWER_EVENTS = (
    'event: status\ndata: {"stage": "read"}\n\n'
    f'event: delta\ndata: {{"text": "{_QUOTE}[1]"}}\n\n'
    f'event: final\ndata: {{"id": "{_ID}"}}\n\n'
)
CHAT_EVENTS = (
    f'data: {{"choices": [{{"index": 0, "delta": {{"content": "{_QUOTE}[1]"}}}}]}}\n\ndata: [DONE]\n\n'
)

_ERRORS: dict[str, tuple[int, str, str, Any]] = {
    "bad_question": (
        400,
        "The question cannot be used.",
        "the question is empty; write what you want to know.",
        {},
    ),
    "bad_request": (400, "The body cannot be read.", "There was an error parsing the body", None),
    "unknown_filter": (
        400,
        "A filter names what the corpus does not hold.",
        "filter cities has the value '北京', which no plan in the corpus matches; known values: 上海, 天津.",
        {"filter": "cities", "found": "北京", "known": ["上海", "天津"]},
    ),
    "unauthorized": (
        401,
        "The server needs an API key.",
        "this server needs an API key: send it as `Authorization: Bearer KEY`.",
        {},
    ),
    "not_found": (404, "No such id.", "there is no plan 'no-such'; the corpus has shanghai-2023.", {}),
    "too_large": (
        413,
        "The question, the history or the body is too long.",
        "the question has 2001 characters; at most 2000 are taken. Shorten it.",
        {"found": 2001, "limit": 2000},
    ),
    "wrong_host": (
        421,
        "The server was addressed by a name that is not its own.",
        "this server needs no key …",
        {},
    ),
    "invalid_request": (
        422,
        "The request does not have the right form.",
        "question: Field required.",
        {"param": "question", "errors": []},
    ),
    "too_many_requests": (
        429,
        "The API key made too many requests; Retry-After says when to come again.",
        "this API key may make 600 requests a minute; try again in 1 s.",
        {"limit": 600, "retry_after_s": 1},
    ),
    "internal": (
        500,
        "A fault of the server.",
        "something went wrong here; the log has it under this request id.",
        None,
    ),
    "busy": (
        503,
        "Too many questions wait, or the server is not ready or being stopped; see Retry-After.",
        "32 questions of all clients run or wait already; try again in a few seconds.",
        {"waiting": 32},
    ),
    "index_missing": (
        503,
        "The index is not there yet; see Retry-After.",
        "no usable index in index: index, model still loading. Run `planqa index`.",
        {"why": "index, model still loading"},
    ),
    "store_failed": (
        503,
        "The database cannot be read or written; see Retry-After.",
        "the database at localhost:5432 failed: connection refused.",
        {},
    ),
    "timed_out": (
        504,
        "The answer took too long.",
        "the answer was not ready after 300 s and was given up; ask a narrower question.",
        {"limit_s": 300.0},
    ),
}
EVERYWHERE = ("unauthorized", "wrong_host", "too_many_requests", "internal")
"""What any route can answer."""


def example(body: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever is JSON
    """A JSON body as the example of a reply."""
    return {"content": {"application/json": {"example": body}}}


def streamed(body: Any, events: str) -> dict[str, Any]:  # noqa: ANN401
    """The example of a reply that comes as JSON, or as server-sent events where ``stream`` is true."""
    text = {"text/event-stream": {"schema": _EVENT, "example": events}}
    return {"content": {**example(body)["content"], **text}}


def errors(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The replies of these errors, several of one status together."""
    replies: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        status, description, message, detail = _ERRORS[code]
        body = {"error": {"code": code, "message": message, "detail": detail, "request_id": _ID}}
        known: Mapping[str, Any] = replies.get(status, {})
        examples = dict(known.get("content", {}).get("application/json", {}).get("examples", {}))
        examples[code] = {"value": body}
        text = f"{known['description']} {description}" if known else description
        content = {"application/json": {"examples": examples}}
        replies[status] = {"model": ErrorBody, "description": text, "content": content}
    return replies
