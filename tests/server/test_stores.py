"""The store, with the same tests over SQLite and over a real PostgreSQL server."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from postgres import NO_POSTGRES, PROGRAMS, running_postgres

from rag.errors import SettingsError
from server.databases import PostgresDatabase, SqliteDatabase, migrate, open_database
from server.errors import StoreFailed
from server.migrations import MIGRATIONS
from server.sql_store import SqlStore
from server.store import Feedback, KeptAnswer, StoredKey

TEXT = "托育 \x00 \ud800 '; DROP TABLE answers; -- 😀"


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.skipif(PROGRAMS is None, reason=NO_POSTGRES)),
    ]
)
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    given = request.getfixturevalue("postgres_url")
    database = PostgresDatabase(given)
    with database.transaction(writes=True) as run:
        for table in ("feedback", "answers", "sessions", "api_keys", "schema_versions"):
            run(f"DROP TABLE {table}")
    database.close()
    return str(given)


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[SqlStore]:
    opened = SqlStore(open_database(url, tmp_path / "planqa.sqlite"))
    yield opened
    opened.close()


def kept(session_id: str | None = None, **fields: Any) -> KeptAnswer:
    answer_id = uuid.uuid4().hex
    request = {"question": TEXT, "history": []}
    return replace(
        KeptAnswer(answer_id, time.time(), request, {"id": answer_id, "answer": TEXT}, session_id), **fields
    )


def test_conversations_are_listed_last_used_first(store: SqlStore) -> None:
    first, second = store.add_session("", "一"), store.add_session("", TEXT)
    assert [session.title for session in store.sessions("", 10)] == [TEXT, "一"]
    store.save_answer(kept(first.session_id))
    found = store.sessions("", 10)
    assert [(session.session_id, session.n_answers) for session in found] == [
        (first.session_id, 1),
        (second.session_id, 0),
    ]
    assert [session.session_id for session in store.sessions("", 1, 1)] == [second.session_id]


def test_a_conversation_is_renamed_and_deleted_with_all_that_hangs_on_it(store: SqlStore) -> None:
    session = store.add_session("", "一")
    answer = kept(session.session_id)
    store.save_answer(answer)
    store.save_feedback(Feedback("f", answer.answer_id, "bad", TEXT, "", ("a#1",), 1.0))
    assert store.rename_session("", session.session_id, "二")
    assert store.session("", session.session_id) == replace(
        session, title="二", updated_at=answer.created_at, n_answers=1
    )
    assert store.delete_session("", session.session_id)
    assert store.session("", session.session_id) is None
    assert store.answer(answer.answer_id) is None
    assert list(store.feedback()) == []
    assert not store.delete_session("", session.session_id)
    assert not store.rename_session("", session.session_id, "三")


def test_nobody_sees_or_changes_the_conversations_of_another(store: SqlStore) -> None:
    session = store.add_session("anna", "一")
    answer = kept(session.session_id)
    store.save_answer(answer)
    assert list(store.sessions("bert", 10)) == []
    assert store.session("bert", session.session_id) is None
    assert not store.rename_session("bert", session.session_id, "二")
    assert not store.delete_session("bert", session.session_id)
    assert store.session("anna", session.session_id) is not None
    assert store.answer(answer.answer_id) is not None


def test_an_answer_comes_back_as_it_was(store: SqlStore) -> None:
    session = store.add_session("", "一")
    answers = [kept(session.session_id, created_at=float(at)) for at in range(3)]
    for answer in reversed(answers):
        store.save_answer(answer)
    assert list(store.session_answers(session.session_id)) == answers
    assert store.answer(answers[0].answer_id) == answers[0]
    assert store.answer("nothing") is None


def test_an_answer_to_a_conversation_deleted_meanwhile_is_kept_for_itself(store: SqlStore) -> None:
    session = store.add_session("", "一")
    store.delete_session("", session.session_id)
    answer = kept(session.session_id)
    store.save_answer(answer)
    found = store.answer(answer.answer_id)
    assert found is not None
    assert found.session_id is None


def test_the_latest_equal_answer_is_found(store: SqlStore) -> None:
    for at in (1.0, 3.0, 2.0):
        store.save_answer(kept(created_at=at, reuse_key="same"))
    store.save_answer(kept(created_at=9.0))
    found = store.equal_answer("same")
    assert found is not None
    assert found.created_at == 3.0
    assert store.equal_answer("other") is None


def test_an_answer_is_kept_once(store: SqlStore) -> None:
    answer = kept()
    store.save_answer(answer)
    with pytest.raises(StoreFailed):
        store.save_answer(answer)
    assert store.answer(answer.answer_id) == answer


def test_feedback_needs_its_answer(store: SqlStore) -> None:
    answer = kept()
    store.save_answer(answer)
    said = Feedback("f", answer.answer_id, "good", TEXT, "好", ("a#1", "b#2"), 2.0)
    store.save_feedback(said)
    assert list(store.feedback()) == [said]


def test_keys_are_kept_and_revoked_once(store: SqlStore) -> None:
    key = StoredKey("k1", TEXT, "0" * 64, 1.0)
    store.add_key(key)
    assert store.key("k1") == key
    assert store.revoke_key("k1", 2.0)
    assert not store.revoke_key("k1", 3.0)
    assert list(store.keys()) == [replace(key, revoked_at=2.0)]
    assert store.key("k2") is None


def test_many_threads_lose_nothing(store: SqlStore) -> None:
    session = store.add_session("", "一")

    def work() -> None:
        for _ in range(5):
            store.save_answer(kept(session.session_id))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.session_answers(session.session_id)) == 30


def test_two_servers_share_one_database(store: SqlStore, url: str, tmp_path: Path) -> None:
    answer = kept()
    other = SqlStore(open_database(url, tmp_path / "planqa.sqlite"))
    store.save_answer(answer)
    assert other.answer(answer.answer_id) == answer
    other.close()


def test_migrating_twice_changes_nothing_and_a_newer_form_is_refused(url: str, tmp_path: Path) -> None:
    database = open_database(url, tmp_path / "planqa.sqlite")
    store = SqlStore(database)
    answer = kept()
    store.save_answer(answer)
    migrate(database)
    assert store.answer(answer.answer_id) == answer
    with database.transaction(writes=True) as run:
        assert [row[0] for row in run("SELECT version FROM schema_versions").rows] == [
            *range(1, len(MIGRATIONS) + 1)
        ]
        run("INSERT INTO schema_versions (version) VALUES (?)", 999)
    with pytest.raises(StoreFailed, match="999"):
        migrate(database)
    with database.transaction(writes=True) as run:
        run("DELETE FROM schema_versions WHERE version = ?", 999)
    store.close()


def test_what_fails_inside_leaves_nothing_behind(url: str, tmp_path: Path) -> None:
    database = open_database(url, tmp_path / "planqa.sqlite")
    store = SqlStore(database)
    with pytest.raises(ZeroDivisionError), database.transaction(writes=True) as run:
        run("INSERT INTO schema_versions (version) VALUES (?)", 500)
        raise ZeroDivisionError
    with database.transaction(writes=False) as run:
        assert not run("SELECT version FROM schema_versions WHERE version = ?", 500).rows
    store.close()


KILLED = """
import sys, uuid
from pathlib import Path
from server.databases import open_database
from server.sql_store import SqlStore
from server.store import KeptAnswer
store = SqlStore(open_database(sys.argv[1], Path(sys.argv[2])))
while True:
    name = uuid.uuid4().hex
    store.save_answer(KeptAnswer(name, 1.0, {"question": "?"}, {"answer": "!" * 5000}))
    print(name, flush=True)
"""


def test_killed_at_any_moment_nothing_acknowledged_is_lost(url: str, tmp_path: Path) -> None:
    file = tmp_path / "killed.sqlite"
    arguments = [sys.executable, "-c", KILLED, url, str(file)]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as writer:
        if writer.stdout is None:
            raise RuntimeError("there is no pipe")
        acknowledged = [writer.stdout.readline().strip() for _ in range(40)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
    store = SqlStore(open_database(url, file))
    assert all(acknowledged)
    assert [name for name in acknowledged if store.answer(name) is None] == []
    store.close()


@pytest.mark.skipif(PROGRAMS is None, reason=NO_POSTGRES)
def test_a_lost_connection_is_opened_anew(postgres_url: str) -> None:
    database = PostgresDatabase(postgres_url)
    other = PostgresDatabase(postgres_url)
    with other.transaction(writes=True) as run:
        run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'planqa' AND pid <> pg_backend_pid()"
        )
    with database.transaction(writes=False) as run:
        assert run("SELECT 1").rows == [(1,)]
    database.close()
    other.close()


def test_a_database_that_is_not_there_is_said_with_its_address() -> None:
    with pytest.raises(StoreFailed, match=r"127\.0\.0\.1:1 "):
        open_database("postgresql://nobody@127.0.0.1:1/planqa", Path("unused"))


def test_a_url_of_another_kind_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match="mysql"):
        open_database("mysql://localhost/planqa", Path("unused"))


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "planqa.sqlite"
    file.write_bytes(b"not a database, but somebody's work" * 100)
    before = file.read_bytes()
    with pytest.raises(StoreFailed, match=r"planqa\.sqlite"):
        SqliteDatabase(file)
    assert file.read_bytes() == before


def test_sqlite_writes_ahead_and_to_the_disk(tmp_path: Path) -> None:
    SqlStore(SqliteDatabase(tmp_path / "planqa.sqlite")).close()
    connection = sqlite3.connect(tmp_path / "planqa.sqlite")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
