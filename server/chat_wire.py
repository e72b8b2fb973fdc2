"""The shapes of OpenAI's chat interface, as far as planqa takes part in it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.errors import BadQuestion
from rag.records import Turn


class ChatMessage(BaseModel):
    """One message; what a chat program adds to it is let through."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[dict[str, Any]] | None = None

    def text(self) -> str:
        """The words of the message; raises BadQuestion for pictures, sound and files."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        kinds = {str(part.get("type")) for part in self.content} - {"text", "refusal"}
        if kinds:
            raise BadQuestion(
                f"a message has a part of type {', '.join(sorted(kinds))!r}; only text is read.",
                {"param": "messages"},
            )
        return "".join(str(part.get("text", "")) for part in self.content)


class StreamOptions(BaseModel):
    """What a stream should carry beside the words."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool | None = False


class ChatBody(BaseModel):
    """A conversation whose last question is answered; settings of other models are let through unused."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {"model": "planqa", "messages": [{"role": "user", "content": "哪些城市提出托育扩容?"}]}
            ]
        },
    )

    model: str = "planqa"
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=1, ge=1, le=1, description="one answer is all there is")

    def question(self) -> str:
        """The last message, which must be the user's; raises BadQuestion."""
        last = self.messages[-1]
        if last.role != "user":
            raise BadQuestion(
                f"the last message is of the role {last.role!r}; wanted is the user's question.",
                {"param": "messages"},
            )
        return last.text()

    def turns(self) -> list[Turn]:
        """What user and assistant said before; instructions to other models change nothing here."""
        return [
            Turn("user" if message.role == "user" else "assistant", message.text())
            for message in self.messages[:-1]
            if message.role in ("user", "assistant")
        ]
