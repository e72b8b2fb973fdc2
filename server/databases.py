"""The two databases that a store can stand on: a SQLite file, or PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import pg8000.dbapi  # type: ignore[import-untyped]

from rag.errors import SettingsError
from server.errors import StoreFailed
from server.migrations import MIGRATIONS

_BUSY_S = 10.0
_MIGRATION_LOCK = 7_204_117
"""Any number that no one else uses: servers that start together migrate one after the other."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a statement gave back."""

    rows: list[tuple[Any, ...]]
    changed: int
    """How many rows it changed."""


Run = Callable[..., Result]
"""Runs one statement, its values in place of the question marks."""


class Database(Protocol):
    """Runs statements in transactions. Safe to call from several threads; a failure is StoreFailed."""

    def transaction(self, *, writes: bool) -> AbstractContextManager[Run]:
        """Run what is inside as one; what it wrote is on disk when the block has ended."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class SqliteDatabase:
    """One file beside its write-ahead log; None keeps everything in memory."""

    def __init__(self, path: Path | None) -> None:
        self._where = "memory" if path is None else str(path)
        self._lock = threading.RLock()
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                ":memory:" if path is None else path,
                timeout=_BUSY_S,
                isolation_level=None,
                check_same_thread=False,
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            # With FULL a commit is on disk before it is acknowledged, even where the machine loses power.
            self._connection.execute("PRAGMA synchronous = FULL")
        except (sqlite3.Error, OSError) as error:
            raise StoreFailed(
                f"the database {self._where} cannot be opened: {error}.", {"path": self._where}
            ) from error
        migrate(self)

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[Run]:
        """Run what is inside as one."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
                try:
                    yield self._run
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise StoreFailed(f"the database {self._where} failed: {error}.") from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _run(self, statement: str, *values: object) -> Result:
        cursor = self._connection.execute(statement, values)
        return Result(cursor.fetchall(), cursor.rowcount)


class PostgresDatabase:
    """A PostgreSQL database; a connection that was lost is opened anew."""

    def __init__(self, url: str) -> None:
        self._arguments = _connect_arguments(url)
        self._where = f"{self._arguments['host']}:{self._arguments['port']}"
        self._lock = threading.RLock()
        self._connection: Any = None
        migrate(self)

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[Run]:
        """Run what is inside as one."""
        with self._lock:
            try:
                connection = self._open()
                try:
                    yield self._run
                except BaseException:
                    connection.rollback()
                    raise
                connection.commit()
            except (pg8000.dbapi.Error, OSError) as error:
                self._drop()
                raise StoreFailed(f"the database at {self._where} failed: {error}.") from error

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._drop()

    def _open(self) -> Any:  # noqa: ANN401 - the driver ships no types
        if self._connection is not None:
            try:
                self._run("SELECT 1")
            except (pg8000.dbapi.Error, OSError):
                self._drop()
        if self._connection is None:
            self._connection = pg8000.dbapi.connect(**self._arguments, timeout=_BUSY_S)
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            try:
                self._connection.close()
            except (pg8000.dbapi.Error, OSError):  # it is gone already
                pass
            self._connection = None

    def _run(self, statement: str, *values: object) -> Result:
        cursor = self._connection.cursor()
        try:
            cursor.execute(statement.replace("?", "%s"), values)
            rows = [] if cursor.description is None else [tuple(row) for row in cursor.fetchall()]
            return Result(rows, cursor.rowcount)
        finally:
            cursor.close()


def open_database(url: str, file: Path) -> Database:
    """The database that a ``postgresql://`` URL names, or the file where the URL is empty."""
    if not url:
        return SqliteDatabase(file)
    if urlsplit(url).scheme in ("postgresql", "postgres"):
        return PostgresDatabase(url)
    raise SettingsError(
        f"the setting 'database' begins with {urlsplit(url).scheme!r}; wanted is a postgresql:// URL, or "
        "nothing for a file in the home folder.",
        {"key": "database"},
    )


def migrate(database: Database) -> None:
    """Bring the tables up to date; raises StoreFailed where a newer planqa has been here."""
    with database.transaction(writes=True) as run:
        if isinstance(database, PostgresDatabase):
            run("SELECT pg_advisory_xact_lock(?)", _MIGRATION_LOCK)
        run("CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY)")
        done = {int(row[0]) for row in run("SELECT version FROM schema_versions").rows}
        if done and max(done) > len(MIGRATIONS):
            raise StoreFailed(
                f"the database has the form {max(done)}, and this planqa knows up to {len(MIGRATIONS)}; "
                "use the newer planqa that wrote it.",
                {"found": max(done), "known": len(MIGRATIONS)},
            )
        for version, statements in enumerate(MIGRATIONS, start=1):
            if version in done:
                continue
            for statement in statements:
                run(statement)
            run("INSERT INTO schema_versions (version) VALUES (?)", version)


def _connect_arguments(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = parse_qs(parts.query)
    arguments: dict[str, Any] = {
        "user": unquote(parts.username or "postgres"),
        "password": None if parts.password is None else unquote(parts.password),
        "host": parts.hostname or "localhost",
        "port": parts.port or 5432,
        "database": parts.path.lstrip("/") or None,
        "application_name": "planqa",
    }
    if "host" in options:  # a folder, as libpq has it: the socket inside is meant
        arguments["unix_sock"] = f"{options['host'][0]}/.s.PGSQL.{arguments['port']}"
    if options.get("sslmode", ["prefer"])[0] in ("require", "verify-ca", "verify-full"):
        arguments["ssl_context"] = True
    return arguments
