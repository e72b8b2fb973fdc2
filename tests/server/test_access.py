"""Keys, hosts, origins and rates."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient
from small_chain import LOOKUP

from rag.answer import Answerer
from rag.errors import SettingsError
from rag.settings import Settings
from server.access import Rates, check_access, is_loopback
from server.app import Engine, create_app
from server.databases import SqliteDatabase
from server.errors import TooMany
from server.keys import KeyRing
from server.sql_store import SqlStore


@pytest.fixture
def store() -> SqlStore:
    return SqlStore(SqliteDatabase(None))


@contextmanager
def serving(
    answerer: Answerer,
    store: SqlStore | None = None,
    base_url: str = "http://127.0.0.1:8000",
    **settings: Any,
) -> Iterator[TestClient]:
    app = create_app(Engine(answerer), "1", Settings(**settings), store)
    with TestClient(app, base_url=base_url) as client:
        yield client


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False),
        ("::", False), ("192.168.1.5", False), ("planqa.example", False), ("", False),
        ("127.0.0.1.example", False), ("localhost.example", False),
    ],
)  # fmt: skip
def test_only_loopback_is_loopback(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_serving_to_others_needs_a_valid_key(store: SqlStore) -> None:
    keys = KeyRing(store)
    check_access(Settings(), keys)
    for settings in (Settings(host="0.0.0.0"), Settings(require_key=True)):
        with pytest.raises(SettingsError, match="keys create"):
            check_access(settings, keys)
    made = keys.create("laptop")
    check_access(Settings(host="0.0.0.0"), keys)
    keys.revoke(made.stored.key_id)
    with pytest.raises(SettingsError):
        check_access(Settings(host="0.0.0.0"), keys)


def test_a_key_is_shown_once_and_kept_as_a_digest(store: SqlStore) -> None:
    keys = KeyRing(store)
    made = keys.create(" laptop ")
    secret = made.text.rpartition("_")[2]
    [kept] = keys.listed()
    assert kept.name == "laptop"
    assert secret not in repr(kept)
    assert made.text not in repr(kept)
    assert keys.find(made.text) == kept
    assert keys.create("other").text != made.text
    for name in ("", "  ", "x" * 101):
        with pytest.raises(ValueError, match="characters"):
            keys.create(name)


def test_no_other_text_is_a_key(store: SqlStore) -> None:
    keys = KeyRing(store)
    made = keys.create("laptop")
    wrong = ("A" if made.text[-1] != "A" else "B").join((made.text[:-1], ""))
    for text in ("", "pq_", wrong, made.text + "A", made.text.upper(), made.stored.digest, "pq_" + "0" * 12):
        assert keys.find(text) is None
    assert keys.revoke(made.stored.key_id)
    assert keys.find(made.text) is None


def test_every_way_in_asks_for_the_key(answerer: Answerer, store: SqlStore) -> None:
    made = KeyRing(store).create("laptop")
    with serving(answerer, store, "http://planqa.example", host="0.0.0.0") as client:
        for method, path in (
            ("GET", "/"), ("GET", "/v1/plans"), ("POST", "/v1/ask"), ("POST", "/v1/chat/completions"),
            ("POST", "/mcp"), ("GET", "/metrics"), ("GET", "/v1/sessions"), ("GET", "/nothing"),
        ):  # fmt: skip
            for headers in ({}, bearer("pq_0"), {"Authorization": "Basic !!"}, {"Authorization": "x"}):
                reply = client.request(method, path, headers=headers)
                assert (reply.status_code, reply.json()["error"]["code"]) == (401, "unauthorized"), path
                assert reply.headers["www-authenticate"].startswith("Basic")
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 200
        assert client.get("/static/js/main.js").status_code == 200
        assert client.get("/v1/plans", headers=bearer(made.text)).status_code == 200
        browser = base64.b64encode(f"anyone:{made.text}".encode()).decode()
        assert client.get("/", headers={"Authorization": f"Basic {browser}"}).status_code == 200
        KeyRing(store).revoke(made.stored.key_id)
        assert client.get("/v1/plans", headers=bearer(made.text)).status_code == 401


def test_each_key_has_its_own_conversations(answerer: Answerer, store: SqlStore) -> None:
    anna, bert = (bearer(KeyRing(store).create(name).text) for name in ("anna", "bert"))
    with serving(answerer, store, require_key=True) as client:
        session_id = client.post("/v1/sessions", json={"title": "一"}, headers=anna).json()["session_id"]
        body = {"question": LOOKUP, "session_id": session_id}
        assert client.post("/v1/ask", json=body, headers=anna).status_code == 200
        assert client.post("/v1/ask", json=body, headers=bert).status_code == 404
        assert client.get(f"/v1/sessions/{session_id}", headers=bert).status_code == 404
        assert client.delete(f"/v1/sessions/{session_id}", headers=bert).status_code == 404
        assert client.get("/v1/sessions", headers=bert).json() == {"sessions": []}
        assert client.get(f"/v1/sessions/{session_id}", headers=anna).json()["n_answers"] == 1


def test_a_key_has_its_rate(answerer: Answerer, store: SqlStore) -> None:
    anna, bert = (bearer(KeyRing(store).create(name).text) for name in ("anna", "bert"))
    with serving(answerer, store, require_key=True, requests_per_minute=1) as client:
        codes = [client.get("/v1/plans", headers=anna).status_code for _ in range(2)]
        refused = client.get("/v1/plans", headers=anna)
        assert client.get("/v1/plans", headers=bert).status_code == 200
    assert codes == [200, 429]
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_rates_fill_up_again_and_never_beyond_a_minutes_worth() -> None:
    now = 0.0
    rates = Rates(6, lambda: now)
    for _ in range(6):
        rates.take("k")
    with pytest.raises(TooMany) as caught:
        rates.take("k")
    assert caught.value.retry_after_s == 10
    now = 10.0
    rates.take("k")
    now = 10_000.0
    for _ in range(6):
        rates.take("k")
    with pytest.raises(TooMany):
        rates.take("k")
    unlimited = Rates(0, lambda: now)
    for _ in range(100):
        unlimited.take("k")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""])
def test_a_keyless_server_answers_to_its_own_names_alone(answerer: Answerer, host: str) -> None:
    with serving(answerer) as client:
        reply = client.get("/v1/plans", headers={"Host": host})
    assert (reply.status_code, reply.json()["error"]["code"]) == (421, "wrong_host")


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:8000", "LOCALHOST", "proxy.example:80"])
def test_names_of_its_own_and_names_that_were_allowed(answerer: Answerer, host: str) -> None:
    with serving(answerer, allowed_hosts="proxy.example") as client:
        assert client.get("/v1/plans", headers={"Host": host}).status_code == 200


def test_an_origin_that_is_allowed_may_ask_and_no_other(answerer: Answerer) -> None:
    ours, theirs = "https://reader.example", "https://elsewhere.example"
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    with serving(answerer, allowed_origins=ours) as client:
        allowed = client.options("/v1/ask", headers={"Origin": ours, **wanted})
        refused = client.options("/v1/ask", headers={"Origin": theirs, **wanted})
        read = client.get("/v1/plans", headers={"Origin": ours})
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, ours)
    assert "access-control-allow-origin" not in refused.headers
    assert read.headers["access-control-allow-origin"] == ours
    assert "access-control-allow-credentials" not in read.headers


def test_a_form_of_another_page_is_not_read_as_a_question(answerer: Answerer) -> None:
    with serving(answerer) as client:
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            reply = client.post("/v1/ask", content=b'{"question": "x"}', headers={"Content-Type": kind})
            assert reply.status_code == 422
