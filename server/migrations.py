"""The tables, as numbered steps that both databases understand. A step that was released never changes."""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE sessions (
            session_id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            title TEXT NOT NULL,
            created_at DOUBLE PRECISION NOT NULL,
            updated_at DOUBLE PRECISION NOT NULL
        )
        """,
        "CREATE INDEX sessions_by_owner ON sessions (owner, updated_at)",
        """
        CREATE TABLE answers (
            answer_id TEXT PRIMARY KEY,
            session_id TEXT REFERENCES sessions (session_id) ON DELETE CASCADE,
            created_at DOUBLE PRECISION NOT NULL,
            request TEXT NOT NULL,
            answer TEXT NOT NULL,
            reuse_key TEXT
        )
        """,
        "CREATE INDEX answers_by_session ON answers (session_id, created_at)",
        "CREATE INDEX answers_by_reuse_key ON answers (reuse_key, created_at)",
        """
        CREATE TABLE feedback (
            feedback_id TEXT PRIMARY KEY,
            answer_id TEXT NOT NULL REFERENCES answers (answer_id) ON DELETE CASCADE,
            created_at DOUBLE PRECISION NOT NULL,
            rating TEXT NOT NULL,
            said TEXT NOT NULL
        )
        """,
        "CREATE INDEX feedback_by_answer ON feedback (answer_id)",
        """
        CREATE TABLE api_keys (
            key_id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            created_at DOUBLE PRECISION NOT NULL,
            revoked_at DOUBLE PRECISION
        )
        """,
    ),
)
"""Step ``n`` is ``MIGRATIONS[n - 1]``: the statements that it runs, in one transaction."""
