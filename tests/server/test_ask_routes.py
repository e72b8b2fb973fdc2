"""POST /v1/ask and /v1/search over the real chain."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from reading_events import Sent, of_kind, read_events
from small_chain import ENUMERATE, LOOKUP, PairEncoder, ScriptedGenerator

QUESTIONS = (LOOKUP, ENUMERATE, "北京2023年的托育计划是什么?", "邯郸2022年第35条写了什么?")


def ask(client: TestClient, question: str, **fields: Any) -> dict[str, Any]:
    reply = client.post("/v1/ask", json={"question": question, **fields})
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


def stream(client: TestClient, question: str, **fields: Any) -> list[Sent]:
    body = {"question": question, "stream": True, **fields}
    with client.stream("POST", "/v1/ask", json=body) as reply:
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/event-stream")
        assert reply.headers["cache-control"] == "no-store"
        return list(read_events(reply.iter_lines()))


def stable(answer: dict[str, Any]) -> dict[str, Any]:
    """What two askings of one question share."""
    return {key: value for key, value in answer.items() if key not in ("id", "timings_ms")}


def test_a_lookup_is_answered_with_a_checked_quote(client: TestClient) -> None:
    answer = ask(client, LOOKUP)
    assert answer["status"] == "answered"
    assert answer["answer"] == "新建、改扩建各类型幼儿园50所。[1]"
    [citation] = answer["citations"]
    plan = client.get(f"/v1/plans/{citation['plan_id']}").json()
    assert plan["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert citation["item_id"] == "tianjin-2014#10"
    assert answer["model"]["generated_tokens"] == 6


def test_enumerate_has_a_verdict_for_every_plan(client: TestClient) -> None:
    answer = ask(client, ENUMERATE)
    assert len(answer["verdicts"]) == answer["coverage"]["plans_checked"] == 7
    numbers = {citation["n"] for citation in answer["citations"]}
    assert all(set(verdict["citations"]) <= numbers for verdict in answer["verdicts"])


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_final_event_is_the_plain_answer(client: TestClient, question: str) -> None:
    events = stream(client, question)
    [final] = of_kind(events, "final")
    assert events[-1].kind == "final"
    assert stable(final) == stable(ask(client, question))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_pieces_joined_are_the_answer(client: TestClient, question: str) -> None:
    events = stream(client, question)
    [final] = of_kind(events, "final")
    pieces = [delta["text"] for delta in of_kind(events, "delta")]
    assert "".join(pieces) == final["answer"]
    assert all(piece.count("[") == len(re.findall(r"\[\d+\]", piece)) for piece in pieces)
    assert of_kind(events, "citation") == final["citations"]


def test_a_citation_comes_before_the_words_and_the_verdict_that_use_it(client: TestClient) -> None:
    for question in (LOOKUP, ENUMERATE):
        known: set[int] = set()
        for event in stream(client, question):
            if event.kind == "citation":
                known.add(event.data["n"])
            elif event.kind == "verdict":
                assert set(event.data["citations"]) <= known
            elif event.kind == "delta":
                assert {int(n) for n in re.findall(r"\[(\d+)\]", event.data["text"])} <= known
        assert known


def test_the_stages_are_told_in_order(client: TestClient) -> None:
    events = stream(client, LOOKUP)
    assert [status["stage"] for status in of_kind(events, "status")] == ["read", "generate"]
    [evidence] = of_kind(events, "evidence")
    assert "tianjin-2014#10" in [hit["item_id"] for hit in evidence["hits"]]
    progress = [(v["done"], v["total"]) for v in of_kind(stream(client, ENUMERATE), "verdict")]
    assert progress == [(done, 7) for done in range(1, 8)]


def test_without_a_model_the_quotes_answer(client: TestClient, generator: ScriptedGenerator) -> None:
    answer = ask(client, LOOKUP, generate=False)
    assert answer["status"] == "answered"
    assert answer["model"]["used"] is False
    assert all(citation["quote"] in answer["answer"] for citation in answer["citations"])
    assert generator.started == []


def test_a_model_that_fails_leaves_the_quotes_and_a_warning(
    client: TestClient, generator: ScriptedGenerator
) -> None:
    generator.broken = "the engine fell over"
    answer = ask(client, LOOKUP)
    assert answer["status"] == "answered"
    assert any("the engine fell over" in warning for warning in answer["warnings"])


def test_a_follow_up_is_completed_from_the_history(client: TestClient) -> None:
    history = [{"role": "user", "content": LOOKUP}, {"role": "assistant", "content": "50所。[1]"}]
    answer = ask(client, "那青岛2018呢?", history=history, generate=False)
    assert answer["question_resolved"] != answer["question"]
    assert answer["filters_applied"]["plans"] == ["qingdao-2018"]


def test_search_gives_one_hit_an_item(client: TestClient, generator: ScriptedGenerator) -> None:
    reply = client.post("/v1/search", json={"question": "新建幼儿园", "k": 5})
    hits = reply.json()["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3, 4, 5]
    assert len({hit["item_id"] for hit in hits}) == 5
    item = client.get(f"/v1/items/{hits[0]['item_id'].replace('#', '%23')}").json()
    shift = item["start"]
    assert item["text"][hits[0]["start"] - shift : hits[0]["end"] - shift] == hits[0]["quote"]
    assert generator.started == []


def test_search_inside_every_plan(client: TestClient) -> None:
    reply = client.post("/v1/search", json={"question": "新建幼儿园", "k": 2, "per_plan": True})
    ranks: dict[str, list[int]] = {}
    for hit in reply.json()["hits"]:
        ranks.setdefault(hit["item_id"].partition("#")[0], []).append(hit["rank"])
    assert len(ranks) == 7
    assert all(found == [1, 2] for found in ranks.values())


def test_search_keeps_to_its_filters(client: TestClient) -> None:
    body = {"question": "幼儿园", "filters": {"cities": ["Qingdao"], "years": [2018]}}
    hits = client.post("/v1/search", json=body).json()["hits"]
    assert {hit["item_id"].partition("#")[0] for hit in hits} == {"qingdao-2018"}


@pytest.mark.parametrize("route", ["/v1/ask", "/v1/search"])
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"question": "   "}, 400, "bad_question"),
        ({"question": "？！……"}, 400, "bad_question"),
        ({"question": "字" * 2001}, 413, "question_too_long"),
        ({"question": "幼儿园", "filters": {"cities": ["亚特兰蒂斯"]}}, 400, "unknown_filter"),
        ({"question": "幼儿园", "filters": {"years": [1900]}}, 400, "unknown_filter"),
        ({"question": "幼儿园", "filters": {"plans": ["no-such"]}}, 400, "unknown_filter"),
        ({"question": "幼儿园", "filters": {"cites": ["上海"]}}, 422, "invalid_request"),
        ({"question": 7}, 422, "invalid_request"),
        ({}, 422, "invalid_request"),
        ({"question": "幼儿园", "nonsense": 1}, 422, "invalid_request"),
    ],
)
def test_bad_input_has_a_status_a_code_and_says_what_is_wrong(
    client: TestClient, route: str, body: dict[str, Any], status: int, code: str
) -> None:
    reply = client.post(route, json=body)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (status, code)
    assert set(error) == {"code", "message", "detail", "request_id"}
    assert error["message"]
    assert error["request_id"] == reply.headers["x-request-id"]


def test_bad_input_of_a_stream_is_a_plain_error(client: TestClient) -> None:
    reply = client.post("/v1/ask", json={"question": " ", "stream": True})
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "bad_question")


def test_a_body_that_is_no_json(client: TestClient) -> None:
    reply = client.post("/v1/ask", content=b"{", headers={"content-type": "application/json"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "invalid_request")


def test_a_surprise_is_a_500_that_tells_nothing_of_the_question(
    client: TestClient, encoder: PairEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    encoder.broken = RuntimeError("the weights melted over 幼儿园")
    reply = client.post("/v1/search", json={"question": "幼儿园"})
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (500, "internal")
    assert "melted" not in reply.text
    assert error["request_id"] in caplog.text
