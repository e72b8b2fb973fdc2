"""The shapes of what the server keeps and says of itself."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.store import Rating

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$"),
]
AnswerId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class SessionBody(BaseModel):
    """A conversation to begin."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"title": "托育"}]})

    title: Title = "新对话 · New conversation"


class SessionTitle(BaseModel):
    """Another title for a conversation."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"title": "托育与学前"}]})

    title: Title


class SessionRecord(BaseModel):
    """A conversation."""

    session_id: str
    title: str
    created_at: str = Field(description="UTC, as 2025-01-31T08:00:00Z")
    updated_at: str
    n_answers: int


class SessionList(BaseModel):
    """Conversations, the last used first."""

    sessions: list[SessionRecord]


class SessionDetail(SessionRecord):
    """A conversation with its answers, oldest first; each as ``POST /v1/ask`` gave it."""

    answers: list[dict[str, Any]]


class FeedbackBody(BaseModel):
    """What a reader says of an answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "answer_id": "0f3c2b1a9d8e47f6a5b4c3d2e1f00918",
                    "rating": "bad",
                    "comment": "漏了上海",
                    "expected_items": ["shanghai-2023#11"],
                }
            ]
        },
    )

    answer_id: AnswerId
    rating: Rating
    comment: str = Field(default="", max_length=4000)
    expected_answer: str = Field(default="", max_length=4000, description="what should have been said")
    expected_items: list[Annotated[str, StringConstraints(max_length=200)]] = Field(
        default_factory=list, max_length=100, description="ids of the items that should have been cited"
    )


class FeedbackRecord(BaseModel):
    """That it was kept."""

    feedback_id: str
    answer_id: str
    rating: Rating


class ErrorDetail(BaseModel):
    """What went wrong, and what to do."""

    code: str
    message: str
    detail: Any = None
    request_id: str


class ErrorBody(BaseModel):
    """Every error has this shape."""

    error: ErrorDetail


class Health(BaseModel):
    """The process runs."""

    status: Literal["ok"]


class Readiness(BaseModel):
    """Whether questions can be answered, and what is missing."""

    status: Literal["ready", "not_ready"]
    missing: list[str] = Field(description="short names: corpus, encoder, index, model, database")
    warnings: list[str]
    model: str | None = None
    index: str | None = None
