"""The shapes of OpenAI's chat interface, as far as planqa takes part in it."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from rag.errors import BadQuestion
from rag.records import Turn
from server.wire import WORDS


class TextPart(BaseModel):
    """A piece of a message; pictures, sound and files cannot be read."""

    model_config = ConfigDict(extra="allow")

    type: Literal["text", "input_text", "output_text", "refusal"]
    text: str = ""


class ChatMessage(BaseModel):
    """One message; what a chat program adds to it is let through."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None

    def text(self) -> str:
        """The words of the message."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        return "".join(part.text for part in self.content)


class StreamOptions(BaseModel):
    """What a stream should carry beside the words."""

    model_config = ConfigDict(extra="allow")

    include_usage: StrictBool | None = False


class ChatBody(BaseModel):
    """A conversation; the last words of the user are answered, settings of other models are let through."""

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
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = Field(default=1, description="one answer is all there is")

    def question(self) -> str:
        """The last words of the user; raises BadQuestion where there are none."""
        return self.messages[self._last()].text()

    def turns(self) -> list[Turn]:
        """What user and assistant said before; instructions to other models change nothing here."""
        return [
            Turn("user" if message.role == "user" else "assistant", message.text())
            for message in self.messages[: self._last()]
            if message.role in ("user", "assistant")
        ]

    def _last(self) -> int:
        for place in range(len(self.messages) - 1, -1, -1):
            message = self.messages[place]
            if message.role == "user" and re.search(WORDS, message.text()):
                return place
        raise BadQuestion(
            f"none of the {len(self.messages)} messages is a question of the user; wanted is at least one "
            "with the role 'user' and words in it.",
            {"param": "messages"},
        )
