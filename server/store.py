"""What is kept between requests, and what every store of it can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Rating = Literal["good", "bad"]


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation."""

    session_id: str
    title: str
    created_at: float
    """Seconds since 1970."""
    updated_at: float
    n_answers: int = 0


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given, with the request that it answers."""

    answer_id: str
    created_at: float
    request: Mapping[str, Any]
    answer: Mapping[str, Any]
    session_id: str | None = None
    reuse_key: str | None = None
    """What an equal question over equal index, model and prompts has, too; None for one not to reuse."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader says of an answer."""

    feedback_id: str
    answer_id: str
    rating: Rating
    comment: str = ""
    expected_answer: str = ""
    expected_items: tuple[str, ...] = ()
    created_at: float = 0.0


@dataclass(frozen=True, slots=True)
class StoredKey:
    """An API key as it is kept: never the key itself."""

    key_id: str
    name: str
    digest: str
    """SHA-256 of the secret part, in hex."""
    created_at: float
    revoked_at: float | None = None


class Store(Protocol):
    """Keeps conversations, answers, feedback and API keys. Safe to call from several threads.

    What a method has acknowledged by returning survives the death of the process. A failure of the database
    is StoreFailed. ``owner`` keeps the conversations of one API key from the others.
    """

    def add_session(self, owner: str, title: str) -> Session:
        """Begin a conversation."""
        ...

    def sessions(self, owner: str, limit: int, offset: int = 0) -> Sequence[Session]:
        """The owner's conversations, the last used first."""
        ...

    def session(self, owner: str, session_id: str) -> Session | None:
        """One conversation of the owner; None where there is none."""
        ...

    def rename_session(self, owner: str, session_id: str, title: str) -> bool:
        """Give it another title; False where there is none."""
        ...

    def delete_session(self, owner: str, session_id: str) -> bool:
        """Delete it with its answers and what was said of them; False where there is none."""
        ...

    def save_answer(self, kept: KeptAnswer) -> None:
        """Keep an answer."""
        ...

    def answer(self, answer_id: str) -> KeptAnswer | None:
        """A kept answer; None where there is none."""
        ...

    def session_answers(self, session_id: str) -> Sequence[KeptAnswer]:
        """The answers of a conversation, oldest first."""
        ...

    def equal_answer(self, reuse_key: str) -> KeptAnswer | None:
        """The latest answer with this key; None where there is none."""
        ...

    def save_feedback(self, feedback: Feedback) -> None:
        """Keep what a reader said."""
        ...

    def feedback(self) -> Sequence[Feedback]:
        """All that readers said, oldest first."""
        ...

    def add_key(self, key: StoredKey) -> None:
        """Keep an API key."""
        ...

    def keys(self) -> Sequence[StoredKey]:
        """All API keys, oldest first."""
        ...

    def key(self, key_id: str) -> StoredKey | None:
        """An API key; None where there is none."""
        ...

    def revoke_key(self, key_id: str, now: float) -> bool:
        """Mark a key as no longer valid; False where there is none that is."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...
