"""Health, readiness, request ids, security headers and the page itself."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from server.app import Engine, create_app


def test_the_process_says_that_it_runs(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_readiness_names_the_model_and_the_index(client: TestClient) -> None:
    reply = client.get("/readyz")
    body = reply.json()
    assert (reply.status_code, body["status"], body["missing"]) == (200, "ready", [])
    assert (body["model"], len(body["index"])) == ("scripted", 16)


def test_a_server_without_an_index_says_what_is_missing() -> None:
    with TestClient(
        create_app(Engine(missing=["index", "encoder"]), "1"), base_url="http://127.0.0.1"
    ) as client:
        reply = client.get("/readyz")
        assert (reply.status_code, reply.json()["missing"]) == (503, ["index", "encoder"])
        assert client.get("/healthz").status_code == 200
        for refused in (client.get("/v1/plans"), client.post("/v1/search", json={"question": "幼儿园"})):
            assert (refused.status_code, refused.json()["error"]["code"]) == (503, "index_missing")
            assert int(refused.headers["retry-after"]) > 0


def test_a_request_id_of_the_client_is_kept_where_it_is_sane(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc123"}).headers["x-request-id"] == "abc123"
    for odd in ("a b", "x" * 65, "é", "a\tb"):
        given = client.get("/healthz", headers={"X-Request-ID": odd.encode()}).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{32}", given)


@pytest.mark.parametrize("path", ["/", "/v1/plans", "/v1/nothing", "/static/js/main.js"])
def test_every_reply_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_page_keeps_to_the_policy(client: TestClient) -> None:
    reply = client.get("/")
    assert reply.headers["content-type"].startswith("text/html")
    assert "1.2.3" in reply.text
    for script in re.findall(r"<script\b[^>]*>(.*?)</script>", reply.text, re.DOTALL):
        assert script.strip() == ""
    assert not re.search(r"\son\w+\s*=|style\s*=|<style|https?://", reply.text)
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', reply.text):
        assert client.get(path).status_code == 200


def test_no_other_origin_may_read(client: TestClient) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in client.options("/v1/ask", headers=headers).headers
    assert "access-control-allow-origin" not in client.get("/v1/plans", headers=headers).headers
