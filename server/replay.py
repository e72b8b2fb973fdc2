"""Asks a kept question again and compares: the same words, or what differs, and what changed since."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from rag.answer import Answerer
from rag.records import Answer, AskRequest
from server.errors import UnknownRecord
from server.keeping import as_answer
from server.store import Store

_REQUESTS = TypeAdapter(AskRequest)
_PARTS = (
    ("index", "index", "id"),
    ("corpus", "index", "corpus"),
    ("encoder", "model", "encoder"),
    ("model", "model", "name"),
    ("weights", "model", "digest"),
    ("prompts", "model", "prompts"),
    ("verdicts", "model", "verdicts"),
    ("rules", "model", "chain"),
    ("settings", "model", "settings"),
)
"""What may change between two answers: its name here, and where an answer has it."""


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A request as it was kept, and the answer that it got."""

    request: AskRequest
    answer: Answer


@dataclass(frozen=True, slots=True)
class Replay:
    """The answer as it was and as it is now."""

    before: Answer
    after: Answer

    @property
    def same_text(self) -> bool:
        """Whether not one character differs."""
        return self.before.answer == self.after.answer

    def diff(self) -> tuple[str, ...]:
        """The difference of the texts in unified form; empty where there is none."""
        lines = difflib.unified_diff(
            self.before.answer.splitlines(),
            self.after.answer.splitlines(),
            f"{self.before.id} (kept)",
            f"{self.after.id} (now)",
            lineterm="",
        )
        return tuple(lines)

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """What the answer is made with that is not as it was: before and now."""
        found: dict[str, tuple[Any, Any]] = {}
        for name, group, key in _PARTS:
            before, after = _group(self.before, group).get(key), _group(self.after, group).get(key)
            if before != after:
                found[name] = (before, after)
        return found


def kept_question(store: Store, answer_id: str) -> KeptQuestion:
    """What was asked and answered under this id; raises UnknownRecord."""
    kept = store.answer(answer_id)
    if kept is None:
        raise UnknownRecord("answer", answer_id)
    return KeptQuestion(_REQUESTS.validate_python(dict(kept.request)), as_answer(kept.answer))


def replay(answerer: Answerer, kept: KeptQuestion) -> Replay:
    """Answer the same request anew: question, history, filters, mode, language, with or without a model."""
    return Replay(kept.answer, answerer.answer(kept.request))


def _group(answer: Answer, name: str) -> Mapping[str, Any]:
    return answer.index if name == "index" else answer.model
