"""The shapes of requests and replies on the wire, as the HTTP contract names them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.records import AskRequest, Filters, Language, Mode, Turn


class FiltersBody(BaseModel):
    """Which plans to look at; an empty list means no restriction."""

    model_config = ConfigDict(extra="forbid")

    cities: list[str] = Field(
        default_factory=list, max_length=500, description="short names, as 上海 or Shanghai"
    )
    years: list[int] = Field(default_factory=list, max_length=100)
    plans: list[str] = Field(default_factory=list, max_length=1000, description="plan ids, as shanghai-2023")

    def to_filters(self) -> Filters:
        """The same as the chain's own record."""
        return Filters(tuple(self.cities), tuple(self.years), tuple(self.plans))


class TurnBody(BaseModel):
    """One earlier message of the conversation."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"]
    content: str


class AskBody(BaseModel):
    """A question."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "哪些城市提出托育扩容?"}]},
    )

    question: str
    history: list[TurnBody] = Field(default_factory=list)
    session_id: str | None = None
    mode: Mode = "auto"
    filters: FiltersBody = Field(default_factory=FiltersBody)
    language: Language = "auto"
    generate: bool = True
    stream: bool = False

    def to_request(self) -> AskRequest:
        """The same as the chain's own record."""
        return AskRequest(
            self.question,
            tuple(Turn(turn.role, turn.content) for turn in self.history),
            self.mode,
            self.filters.to_filters(),
            self.language,
            self.generate,
        )


class SearchBody(BaseModel):
    """A question to search for, without any language model."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "托育服务", "k": 3, "per_plan": True}]}
    )

    question: str
    filters: FiltersBody = Field(default_factory=FiltersBody)
    k: int = Field(default=10, ge=1, le=200)
    per_plan: bool = False


class HitBody(BaseModel):
    """An item that was found, with its best sentence."""

    item_id: str
    score: float
    rank: int
    dense_rank: int | None
    keyword_rank: int | None
    quote: str
    start: int
    end: int


class SearchReply(BaseModel):
    """What a search found, best first."""

    hits: list[HitBody]
    filters_applied: dict[str, Any]
    timings_ms: dict[str, float]


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
    missing: list[str]
    warnings: list[str]
    model: str | None
    index: str | None
