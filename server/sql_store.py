"""The store over either database."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from server.databases import Database
from server.store import Feedback, KeptAnswer, Session, StoredKey

_SESSION = """
SELECT s.session_id, s.title, s.created_at, s.updated_at,
       (SELECT COUNT(*) FROM answers a WHERE a.session_id = s.session_id)
FROM sessions s
"""
_ANSWER = "SELECT answer_id, created_at, request, answer, session_id, reuse_key FROM answers"
_KEY = "SELECT key_id, name, digest, created_at, revoked_at FROM api_keys"


class SqlStore:
    """Keeps everything in four tables. What a text is made of lies in them as JSON."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_session(self, owner: str, title: str) -> Session:
        """Begin a conversation."""
        now = time.time()
        session = Session(uuid.uuid4().hex, title, now, now)
        with self._database.transaction(writes=True) as run:
            run(
                "INSERT INTO sessions (session_id, owner, title, created_at, updated_at) "
                "VALUES (?, ?, ?, ?, ?)",
                *(session.session_id, owner, _packed(title), now, now),
            )
        return session

    def sessions(self, owner: str, limit: int, offset: int = 0) -> Sequence[Session]:
        """The owner's conversations, the last used first."""
        order = "WHERE s.owner = ? ORDER BY s.updated_at DESC, s.session_id LIMIT ? OFFSET ?"
        with self._database.transaction(writes=False) as run:
            return [_session(row) for row in run(_SESSION + order, owner, limit, offset).rows]

    def session(self, owner: str, session_id: str) -> Session | None:
        """One conversation of the owner."""
        with self._database.transaction(writes=False) as run:
            rows = run(_SESSION + "WHERE s.owner = ? AND s.session_id = ?", owner, session_id).rows
        return _session(rows[0]) if rows else None

    def rename_session(self, owner: str, session_id: str, title: str) -> bool:
        """Give it another title."""
        with self._database.transaction(writes=True) as run:
            changed = run(
                "UPDATE sessions SET title = ? WHERE owner = ? AND session_id = ?",
                *(_packed(title), owner, session_id),
            ).changed
        return changed > 0

    def delete_session(self, owner: str, session_id: str) -> bool:
        """Delete it with its answers and what was said of them."""
        mine = "SELECT session_id FROM sessions WHERE owner = ? AND session_id = ?"
        with self._database.transaction(writes=True) as run:
            run(
                "DELETE FROM feedback WHERE answer_id IN "
                f"(SELECT answer_id FROM answers WHERE session_id IN ({mine}))",
                *(owner, session_id),
            )
            run(f"DELETE FROM answers WHERE session_id IN ({mine})", owner, session_id)
            changed = run(
                "DELETE FROM sessions WHERE owner = ? AND session_id = ?", owner, session_id
            ).changed
        return changed > 0

    def save_answer(self, kept: KeptAnswer) -> None:
        """Keep an answer; one of a conversation that was deleted meanwhile is kept for itself."""
        with self._database.transaction(writes=True) as run:
            session_id = kept.session_id
            if session_id is not None:
                alive = run(
                    "UPDATE sessions SET updated_at = ? WHERE session_id = ?", kept.created_at, session_id
                ).changed
                session_id = session_id if alive else None
            run(
                "INSERT INTO answers (answer_id, created_at, request, answer, session_id, reuse_key) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                *(kept.answer_id, kept.created_at, _packed(kept.request), _packed(kept.answer)),
                *(session_id, kept.reuse_key),
            )

    def answer(self, answer_id: str) -> KeptAnswer | None:
        """A kept answer."""
        with self._database.transaction(writes=False) as run:
            rows = run(_ANSWER + " WHERE answer_id = ?", answer_id).rows
        return _kept(rows[0]) if rows else None

    def session_answers(self, session_id: str) -> Sequence[KeptAnswer]:
        """The answers of a conversation, oldest first."""
        with self._database.transaction(writes=False) as run:
            rows = run(_ANSWER + " WHERE session_id = ? ORDER BY created_at, answer_id", session_id).rows
        return [_kept(row) for row in rows]

    def equal_answer(self, reuse_key: str) -> KeptAnswer | None:
        """The latest answer with this key."""
        order = " WHERE reuse_key = ? ORDER BY created_at DESC, answer_id LIMIT 1"
        with self._database.transaction(writes=False) as run:
            rows = run(_ANSWER + order, reuse_key).rows
        return _kept(rows[0]) if rows else None

    def save_feedback(self, feedback: Feedback) -> None:
        """Keep what a reader said."""
        said = {
            "comment": feedback.comment,
            "expected_answer": feedback.expected_answer,
            "expected_items": list(feedback.expected_items),
        }
        with self._database.transaction(writes=True) as run:
            run(
                "INSERT INTO feedback (feedback_id, answer_id, created_at, rating, said) "
                "VALUES (?, ?, ?, ?, ?)",
                *(feedback.feedback_id, feedback.answer_id, feedback.created_at, feedback.rating),
                _packed(said),
            )

    def feedback(self) -> Sequence[Feedback]:
        """All that readers said, oldest first."""
        order = "ORDER BY created_at, feedback_id"
        with self._database.transaction(writes=False) as run:
            rows = run(f"SELECT feedback_id, answer_id, rating, said, created_at FROM feedback {order}").rows
        return [_feedback(row) for row in rows]

    def add_key(self, key: StoredKey) -> None:
        """Keep an API key."""
        with self._database.transaction(writes=True) as run:
            run(
                "INSERT INTO api_keys (key_id, name, digest, created_at, revoked_at) VALUES (?, ?, ?, ?, ?)",
                *(key.key_id, _packed(key.name), key.digest, key.created_at, key.revoked_at),
            )

    def keys(self) -> Sequence[StoredKey]:
        """All API keys, oldest first."""
        with self._database.transaction(writes=False) as run:
            return [_key(row) for row in run(_KEY + " ORDER BY created_at, key_id").rows]

    def key(self, key_id: str) -> StoredKey | None:
        """An API key."""
        with self._database.transaction(writes=False) as run:
            rows = run(_KEY + " WHERE key_id = ?", key_id).rows
        return _key(rows[0]) if rows else None

    def revoke_key(self, key_id: str, now: float) -> bool:
        """Mark a key as no longer valid."""
        with self._database.transaction(writes=True) as run:
            changed = run(
                "UPDATE api_keys SET revoked_at = ? WHERE key_id = ? AND revoked_at IS NULL", now, key_id
            ).changed
        return changed > 0

    def close(self) -> None:
        """Give the connection back."""
        self._database.close()


def _packed(value: str | Mapping[str, Any]) -> str:
    """As JSON in plain ASCII: PostgreSQL takes no NUL and no lone surrogate in a text."""
    return json.dumps(value)


def _session(row: tuple[Any, ...]) -> Session:
    return Session(row[0], json.loads(row[1]), float(row[2]), float(row[3]), int(row[4]))


def _kept(row: tuple[Any, ...]) -> KeptAnswer:
    return KeptAnswer(row[0], float(row[1]), json.loads(row[2]), json.loads(row[3]), row[4], row[5])


def _feedback(row: tuple[Any, ...]) -> Feedback:
    said = json.loads(row[3])
    return Feedback(
        row[0],
        row[1],
        row[2],
        said["comment"],
        said["expected_answer"],
        tuple(said["expected_items"]),
        float(row[4]),
    )


def _key(row: tuple[Any, ...]) -> StoredKey:
    revoked = None if row[4] is None else float(row[4])
    return StoredKey(row[0], json.loads(row[1]), row[2], float(row[3]), revoked)
