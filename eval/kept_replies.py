"""Replies of a language model kept in a file, so that a measurement can be repeated without waiting."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from rag.generate import Generation, Generator, Message, Sink


class KeptReplies:
    """A generator that gives the same reply to the same prompt from a file, as a greedy model does."""

    def __init__(self, generator: Generator, path: Path) -> None:
        self._generator = generator
        self._path = path
        self._known: dict[str, str] = {}
        if path.is_file():
            self._known = json.loads(path.read_text(encoding="utf-8"))

    @property
    def name(self) -> str:
        """The model within."""
        return self._generator.name

    @property
    def digest(self) -> str:
        """The digest of the model within."""
        return self._generator.digest

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        """The kept reply, or a new one."""
        prompt = [self.digest, max_tokens, [[message.role, message.content] for message in messages]]
        key = hashlib.sha256(json.dumps(prompt, ensure_ascii=False).encode()).hexdigest()
        if key not in self._known:
            self._known[key] = self._generator.generate(messages, max_tokens).text
            self._path.parent.mkdir(parents=True, exist_ok=True)
            aside = self._path.with_suffix(".tmp")
            aside.write_text(json.dumps(self._known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            aside.replace(self._path)
        text = self._known[key]
        stopped = sink is not None and not sink(text)
        return Generation(text, 0, 0, 0, stopped)

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        """Asked anew every time."""
        return self._generator.choose(messages, choices, sink)
