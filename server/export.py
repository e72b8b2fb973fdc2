"""Gives conversations and feedback out, in forms that other programs and people read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from corpus.plan import Plan
from server.references import reference_list
from server.store import Feedback, KeptAnswer, Session, Store

_SPECIAL = re.compile(r"([\\`*_<>#|~])")


def stamp(seconds: float) -> str:
    """A time as text, UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def session_record(session: Session) -> dict[str, Any]:
    """A conversation as it goes over the wire."""
    return {
        "session_id": session.session_id,
        "title": session.title,
        "created_at": stamp(session.created_at),
        "updated_at": stamp(session.updated_at),
        "n_answers": session.n_answers,
    }


def session_markdown(session: Session, answers: Sequence[KeptAnswer], plans: Mapping[str, Plan]) -> str:
    """The conversation as a Markdown document, each answer with its references after GB/T 7714."""
    lines = [f"# {_plain(session.title)}", "", f"{stamp(session.created_at)}", ""]
    for kept in answers:
        lines += [f"## {_plain(str(kept.answer['question']))}", ""]
        lines += [*_paragraphs(str(kept.answer["answer"])), ""]
        citations = kept.answer["citations"]
        if citations:
            lines += ["### 参考文献", ""]
            for entry, citation in zip(reference_list(citations, plans), citations, strict=True):
                lines += [f"{_plain(entry)}", "", f"> {_plain(citation['quote'])}", ""]
    return "\n".join(lines)


def feedback_questions(store: Store) -> Iterator[dict[str, Any]]:
    """What readers said, as evaluation questions for a person to complete: one JSON object a line.

    The fields are those of a question file; where a reader named no items or answer, an answer that was
    found good stands in for them.
    """
    for feedback in store.feedback():
        kept = store.answer(feedback.answer_id)
        if kept is not None:
            yield _question(feedback, kept)


def _question(feedback: Feedback, kept: KeptAnswer) -> dict[str, Any]:
    good = feedback.rating == "good"
    answer, request = kept.answer, kept.request
    cited = list(dict.fromkeys(citation["item_id"] for citation in answer["citations"]))
    mode = answer["mode"] if answer["status"] in ("answered", "partial") else "unanswerable"
    return {
        "id": f"feedback-{feedback.feedback_id[:12]}",
        "type": mode,
        "topic": f"feedback-{feedback.feedback_id[:12]}",
        "language": answer["language"],
        "question": request["question"],
        "history": list(request.get("history", ())),
        "reference": feedback.expected_answer or (answer["answer"] if good else ""),
        "required": list(feedback.expected_items) or (cited if good else []),
        "note": feedback.comment,
    }


def _paragraphs(text: str) -> list[str]:
    """Lines of an answer as Markdown: lists stay lists, every other line is one of its own."""
    return [
        f"- {_plain(line[2:])}" if line.startswith("- ") else f"{_plain(line)}  " for line in text.split("\n")
    ]


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
