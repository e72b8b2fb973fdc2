"""Keeps answers with what they were made from, finds equal ones again, and completes a conversation."""

from __future__ import annotations

import hashlib
import json
import logging
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from pydantic import TypeAdapter

from rag.answer import Answerer
from rag.records import Answer, AskRequest, Event, Turn
from server.errors import StoreFailed, UnknownRecord
from server.store import KeptAnswer, Store

_log = logging.getLogger(__name__)
_ANSWERS = TypeAdapter(Answer)


def new_answer_id() -> str:
    """An id that cannot be guessed: who has it may read the answer."""
    return uuid.uuid4().hex


def as_answer(body: Mapping[str, Any]) -> Answer:
    """A kept answer as the chain's own record."""
    return _ANSWERS.validate_python(dict(body))


class Keeper:
    """The store as the answering side sees it."""

    def __init__(self, store: Store, keep_answers: bool, max_history: int, version: str) -> None:
        """``version`` is that of the program: another one answers anew."""
        self._store = store
        self._version = version
        self._keep_answers = keep_answers
        self._max_history = max_history

    def complete(
        self, request: AskRequest, owner: str, session_id: str | None, own_history: bool = False
    ) -> AskRequest:
        """The request with the conversation's turns as its history, unless it brings its own.

        Raises UnknownRecord where the owner has no such conversation.
        """
        if session_id is None:
            return request
        if self._store.session(owner, session_id) is None:
            raise UnknownRecord("session", session_id)
        if own_history or request.history:
            return request
        turns = [turn for kept in self._store.session_answers(session_id) for turn in turns_of(kept)]
        # Older turns than the settings take are of no use to a follow-up.
        return replace(request, history=tuple(turns[len(turns) - min(len(turns), self._max_history) :]))

    def equal(self, answerer: Answerer, request: AskRequest) -> Answer | None:
        """The answer that was given before to an equal question over equal index, model and prompts."""
        if not self._keep_answers:
            return None
        try:
            kept = self._store.equal_answer(self._reuse_key(answerer, request))
        except StoreFailed as error:
            _log.error("kept answers cannot be looked up: %s", error.message)
            return None
        return None if kept is None else as_answer(kept.answer)

    def keep(
        self, answerer: Answerer | None, request: AskRequest, answer: Answer, session_id: str | None
    ) -> Answer:
        """Keep the answer, before it is acknowledged; where that fails, the answer says so.

        Without an ``answerer`` it is not offered to equal questions.
        """
        if not self._keep_answers and session_id is None:
            return answer
        reusable = answerer is not None and not _lost_its_model(answerer, request, answer)
        key = self._reuse_key(answerer, request) if answerer is not None and reusable else None
        try:
            self._store.save_answer(
                KeptAnswer(answer.id, time.time(), asdict(request), asdict(answer), session_id, key)
            )
        except StoreFailed as error:
            _log.error("answer %s is not kept: %s", answer.id, error.message)
            warning = "this answer could not be kept: its address and its conversation will not show it"
            return replace(answer, warnings=(*answer.warnings, warning))
        return answer

    def _reuse_key(self, answerer: Answerer, request: AskRequest) -> str:
        """What decides an answer: the question and all that bears on it, index, model, prompts."""
        parts = {
            "request": asdict(request),
            "made_with": answerer.made_with(request.generate),
            "version": self._version,
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _lost_its_model(answerer: Answerer, request: AskRequest, answer: Answer) -> bool:
    """Whether a model was to take part and failed: such an answer is made anew next time."""
    wanted = request.generate and answerer.generator is not None
    return wanted and answer.model.get("name") is None


def turns_of(kept: KeptAnswer) -> tuple[Turn, Turn]:
    """The question and the answer as turns of a conversation."""
    return Turn("user", str(kept.request["question"])), Turn("assistant", str(kept.answer["answer"]))


def events_of(answer: Answer) -> Iterator[Event]:
    """The events of an answer that is there already, each citation before what uses it."""
    yield Event(
        "status",
        {
            "stage": "read",
            "question_resolved": answer.question_resolved,
            "mode": answer.mode,
            "language": answer.language,
            "filters_applied": answer.filters_applied,
        },
    )
    for citation in answer.citations:
        yield Event("citation", asdict(citation))
    verdicts = answer.verdicts or ()
    for done, verdict in enumerate(verdicts, start=1):
        yield Event("verdict", asdict(verdict) | {"done": done, "total": len(verdicts)})
    if answer.answer:
        yield Event("delta", {"text": answer.answer})
