"""The shapes of requests and replies on the wire, as the HTTP contract names them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
)

from rag.errors import BadQuestion
from rag.records import AskRequest, Filters, Language, Mode, Turn

SessionId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""As ``POST /v1/sessions`` gives it."""


def _whole(value: object) -> object:
    """Let only numbers pass: JSON tells "5" and true from 5, and so does the document."""
    if isinstance(value, str | bool):
        raise ValueError("wanted is a number, without quotes")
    return value


Whole = Annotated[int, BeforeValidator(_whole)]
Year = Annotated[int, Field(ge=0, le=9999), BeforeValidator(_whole)]


WORDS = r"[0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"
"""What at least one character of a question is; the document says it, too."""


def _with_words(question: str) -> str:
    if not question.strip():
        raise BadQuestion("the question is empty; write what you want to know.")
    if not re.search(WORDS, question):
        raise BadQuestion(
            "the question has no Latin letter, digit or Chinese character; write what you want to know."
        )
    return question


Words = Annotated[str, AfterValidator(_with_words)]


class FiltersBody(BaseModel):
    """Which plans to look at; an empty list means no restriction."""

    model_config = ConfigDict(extra="forbid")

    cities: list[str] = Field(
        default_factory=list, max_length=500, description="short names, as 上海 or Shanghai"
    )
    years: list[Year] = Field(default_factory=list, max_length=100)
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

    question: Words = Field(description="what you want to know")
    history: list[TurnBody] = Field(
        default_factory=list,
        max_length=1000,
        description="the conversation so far, oldest first; given, be it empty, it stands for the session's",
    )
    session_id: SessionId | None = Field(
        default=None, description="a conversation: its turns are the history, and the answer joins it"
    )
    mode: Mode = "auto"
    filters: FiltersBody = Field(default_factory=FiltersBody)
    language: Language = "auto"
    generate: StrictBool = True
    stream: StrictBool = False

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


class CompareBody(BaseModel):
    """A question that is put to several plans side by side."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": "扩大普惠学前教育", "filters": {"plans": ["qingdao-2018", "qingdao-2023"]}}
            ]
        },
    )

    question: Words = Field(description="what is compared")
    session_id: SessionId | None = None
    filters: FiltersBody = Field(default_factory=FiltersBody)
    language: Language = "auto"
    generate: StrictBool = True
    stream: StrictBool = False

    def to_request(self) -> AskRequest:
        """The same as the chain's own record."""
        return AskRequest(
            self.question,
            mode="compare",
            filters=self.filters.to_filters(),
            language=self.language,
            generate=self.generate,
        )


class SearchBody(BaseModel):
    """A question to search for, without any language model."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "托育服务", "k": 3, "per_plan": True}]}
    )

    question: Words
    filters: FiltersBody = Field(default_factory=FiltersBody)
    k: Whole = Field(default=10, ge=1, le=200)
    per_plan: StrictBool = False


class MatchBody(BaseModel):
    """A sentence that an item was found by."""

    text: str
    start: int
    end: int
    score: float


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
    sentences: list[MatchBody]
    """The item's best sentences, best first."""


class SearchReply(BaseModel):
    """What a search found, best first, and how it was looked for."""

    hits: list[HitBody]
    filters_applied: dict[str, Any]
    terms: dict[str, list[str]]
    """Words of the question and the other forms of them that were searched for."""
    timings_ms: dict[str, float]
