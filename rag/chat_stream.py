"""A streamed chat completion, as every engine with OpenAI's interface takes it and gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rag.generate import Generation, Message, Sink


def chat_request(messages: Sequence[Message], max_tokens: int) -> dict[str, Any]:
    """What is asked for: a greedy answer in pieces, with what it cost at its end."""
    return {
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "max_tokens": max_tokens,
        "temperature": 0.0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


@dataclass(slots=True)
class ChatStream:
    """What has come so far of one answer; each piece goes to the sink at once."""

    sink: Sink | None
    pieces: list[str] = field(default_factory=list)
    usage: dict[str, Any] = field(default_factory=dict)
    first_tokens: list[tuple[str, float]] = field(default_factory=list)
    """The likeliest first tokens with their log-probabilities, where they were asked for."""
    stopped: bool = False
    """Whether the sink has had enough."""
    finished: bool = False
    """Whether the engine gave a reason for the answer's end."""

    @property
    def text(self) -> str:
        """The pieces together."""
        return "".join(self.pieces)

    def take_chunk(self, chunk: dict[str, Any]) -> None:
        """Keep what one chunk of the stream brings."""
        self.usage.update(chunk.get("usage") or {})
        for choice in chunk.get("choices") or ():
            self._take_choice(choice)

    def pass_on(self, piece: str) -> None:
        """Give a piece to the sink, unless it has had enough."""
        if self.sink is not None and not self.stopped and not self.sink(piece):
            self.stopped = True

    def generation(self) -> Generation:
        """The answer with what it cost, as far as the engine said."""
        details = self.usage.get("prompt_tokens_details") or {}
        return Generation(
            self.text,
            int(self.usage.get("prompt_tokens") or 0),
            int(details.get("cached_tokens") or 0),
            int(self.usage.get("completion_tokens") or len(self.pieces)),
            self.stopped,
        )

    def _take_choice(self, choice: dict[str, Any]) -> None:
        content = (choice.get("logprobs") or {}).get("content")
        if content and not self.first_tokens:
            self.first_tokens = [(entry["token"], entry["logprob"]) for entry in content[0]["top_logprobs"]]
        if piece := (choice.get("delta") or {}).get("content"):
            self.pieces.append(piece)
            self.pass_on(piece)
        self.finished = self.finished or choice.get("finish_reason") is not None
