"""Routes of what is kept: conversations, answers, feedback."""

from __future__ import annotations

import time
import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import PlainTextResponse, Response

from corpus.plan import Plan
from rag.records import Answer
from server.engine import Engine
from server.errors import UnknownRecord
from server.examples import ANSWER, FEEDBACK, MARKDOWN, SESSION, SESSION_DETAIL, errors, example
from server.export import session_markdown, session_record
from server.store import Feedback, Session, Store
from server.wire_records import (
    FeedbackBody,
    FeedbackRecord,
    SessionBody,
    SessionDetail,
    SessionList,
    SessionRecord,
    SessionTitle,
)

_ERRORS = errors("not_found", "store_failed")
_BODY_ERRORS = errors("bad_request", "too_large", "store_failed")
Id = Annotated[str, Path(max_length=64)]


def session_router(store: Store, engine: Engine) -> APIRouter:
    """The routes under /v1/sessions."""
    router = APIRouter(prefix="/v1", tags=["conversations"])

    @router.post(
        "/sessions",
        response_model=SessionRecord,
        status_code=201,
        responses=_BODY_ERRORS | {201: example(SESSION)},
    )
    def add_session(body: SessionBody, request: Request) -> dict[str, Any]:
        """Begin a conversation; ask with its ``session_id`` to let follow-ups lean on it."""
        return session_record(store.add_session(_owner(request), body.title))

    @router.get(
        "/sessions",
        response_model=SessionList,
        responses=errors("store_failed") | {200: example({"sessions": [SESSION]})},
    )
    def list_sessions(
        request: Request,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> dict[str, Any]:
        """List conversations, the last used first."""
        found = store.sessions(_owner(request), limit, offset)
        return {"sessions": [session_record(session) for session in found]}

    @router.get(
        "/sessions/{session_id}",
        response_model=SessionDetail,
        responses=_ERRORS | {200: example(SESSION_DETAIL)},
    )
    def get_session(session_id: Id, request: Request) -> dict[str, Any]:
        """Give a conversation with all its answers."""
        return _detail(store, _find(store, request, session_id))

    @router.patch(
        "/sessions/{session_id}",
        response_model=SessionRecord,
        responses=_ERRORS | _BODY_ERRORS | {200: example(SESSION)},
    )
    def rename_session(session_id: Id, body: SessionTitle, request: Request) -> dict[str, Any]:
        """Give a conversation another title."""
        if not store.rename_session(_owner(request), session_id, body.title):
            raise UnknownRecord("session", session_id)
        return session_record(_find(store, request, session_id))

    @router.delete("/sessions/{session_id}", status_code=204, response_class=Response, responses=_ERRORS)
    def delete_session(session_id: Id, request: Request) -> Response:
        """Delete a conversation with its answers and what was said of them."""
        if not store.delete_session(_owner(request), session_id):
            raise UnknownRecord("session", session_id)
        return Response(status_code=204)

    _add_export(router, store, engine)
    return router


def _add_export(router: APIRouter, store: Store, engine: Engine) -> None:
    @router.get("/sessions/{session_id}/export", response_model=SessionDetail, responses=_EXPORT)
    def export_session(
        session_id: Id, request: Request, format: Literal["json", "markdown"] = "json"
    ) -> dict[str, Any] | Response:
        """Give a conversation out as JSON, or as Markdown with references after GB/T 7714."""
        session = _find(store, request, session_id)
        if format == "json":
            return _detail(store, session)
        text = session_markdown(session, store.session_answers(session_id), _plans(engine))
        headers = {"Content-Disposition": f'attachment; filename="{session_id}.md"'}
        return PlainTextResponse(text, headers=headers, media_type="text/markdown; charset=utf-8")


def kept_router(store: Store) -> APIRouter:
    """The routes under /v1/answers and /v1/feedback."""
    router = APIRouter(prefix="/v1", tags=["conversations"])

    @router.get("/answers/{answer_id}", response_model=Answer, responses=_ERRORS | {200: example(ANSWER)})
    def get_answer(answer_id: Id) -> dict[str, Any]:
        """Give an answer again, exactly as it was; who knows its id may read it."""
        kept = store.answer(answer_id)
        if kept is None:
            raise UnknownRecord("answer", answer_id)
        return dict(kept.answer)

    @router.post(
        "/feedback",
        response_model=FeedbackRecord,
        status_code=201,
        responses=_ERRORS | _BODY_ERRORS | {201: example(FEEDBACK)},
    )
    def add_feedback(body: FeedbackBody) -> dict[str, Any]:
        """Say whether an answer was good, and what it should have been."""
        if store.answer(body.answer_id) is None:
            raise UnknownRecord("answer", body.answer_id)
        feedback = Feedback(
            uuid.uuid4().hex,
            body.answer_id,
            body.rating,
            body.comment,
            body.expected_answer,
            tuple(body.expected_items),
            time.time(),
        )
        store.save_feedback(feedback)
        return {"feedback_id": feedback.feedback_id, "answer_id": body.answer_id, "rating": body.rating}

    return router


_EXPORT = _ERRORS | {
    200: {
        "content": {
            **example(SESSION_DETAIL)["content"],
            "text/markdown": {"schema": {"type": "string"}, "example": MARKDOWN},
        }
    }
}


def _owner(request: Request) -> str:
    return str(request.scope.get("planqa.owner", ""))


def _find(store: Store, request: Request, session_id: str) -> Session:
    session = store.session(_owner(request), session_id)
    if session is None:
        raise UnknownRecord("session", session_id)
    return session


def _detail(store: Store, session: Session) -> dict[str, Any]:
    answers = [dict(kept.answer) for kept in store.session_answers(session.session_id)]
    return session_record(session) | {"answers": answers}


def _plans(engine: Engine) -> dict[str, Plan]:
    if engine.answerer is None:
        return {}
    return {plan.plan_id: plan for plan in engine.answerer.index.plans}
