"""What every answering model can do, whichever engine runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt; ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Generation:
    """What came back, and what it cost."""

    text: str
    prompt_tokens: int
    cached_tokens: int
    generated_tokens: int
    stopped: bool = False
    """Whether the caller cut it short."""


N_FIRST_TOKENS = 20
"""How many of the likeliest first tokens are looked at when choices are scored; not all engines give more."""

Sink = Callable[[str], bool]
"""Takes the next piece of text as it comes; returning False ends the generation.

An empty piece only asks whether to go on, as while a long prompt is being read.
"""


def scores_of(choices: Sequence[str], first_tokens: Sequence[tuple[str, float]]) -> tuple[float, ...]:
    """The log-probability of each choice among the likeliest first tokens, the lowest seen for the others.

    Tokens that differ in surrounding spaces alone are one; ``first_tokens`` must not be empty.
    """
    seen: dict[str, float] = {}
    for token, score in first_tokens:
        word = token.strip()
        seen[word] = max(seen.get(word, float("-inf")), float(score))
    floor = min(seen.values())
    return tuple(seen.get(choice, floor) for choice in choices)


class Generator(Protocol):
    """A local or remote language model.

    Calls are safe from several threads; a failure is GeneratorUnavailable.
    """

    @property
    def name(self) -> str:
        """What to show as the model's name."""
        ...

    @property
    def digest(self) -> str:
        """What identifies the model's weights and settings: part of every stored answer."""
        ...

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        """Answer greedily; pieces go to ``sink`` as they come."""
        ...

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        """Log-probability of each choice as the answer's first token, in the order given.

        A choice that is not among the likeliest tokens gets the lowest log-probability that was seen. Where
        ``sink``, asked with an empty piece, ends the call early, all choices get the same.
        """
        ...
