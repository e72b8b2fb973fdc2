"""A full queue, a client that leaves, reads slowly or waits too long; search beside generations."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from live_server import live
from reading_events import Sent, of_kind, read_events
from small_chain import LOOKUP, LOOKUP_REPLY, ScriptedGenerator
from waiting import WAIT_S, wait_for

from rag.answer import Answerer
from rag.settings import Settings
from server.app import Engine, create_app


@contextmanager
def serving(
    answerer: Answerer | None, engine: Engine | None = None, **settings: Any
) -> Iterator[httpx.Client]:
    app = create_app(engine or Engine(answerer), "1", Settings(**settings))
    with live(app) as address, httpx.Client(base_url=address, timeout=WAIT_S) as client:
        yield client


def question(number: int) -> str:
    """Questions that differ, so that none is answered from the store."""
    return f"{LOOKUP}（{number}）"


def count(client: httpx.Client, name: str) -> float:
    """A value of /metrics."""
    for line in client.get("/metrics").text.splitlines():
        if line.startswith(f"{name} "):
            return float(line.rpartition(" ")[2])
    raise AssertionError(f"no metric {name}")


def wait_count(client: httpx.Client, name: str, value: float) -> None:
    wait_for(lambda: count(client, name) == value, f"{name} is {value}")


def asking(client: httpx.Client, number: int, **fields: Any) -> httpx.Response:
    return client.post("/v1/ask", json={"question": question(number), **fields})


def test_a_full_queue_refuses_and_says_when_to_come_again(
    answerer: Answerer, generator: ScriptedGenerator
) -> None:
    generator.gate.clear()
    with serving(answerer, max_waiting=2) as client, ThreadPoolExecutor(2) as pool:
        running = [pool.submit(asking, client, number) for number in range(2)]
        wait_count(client, "planqa_answers_in_flight", 2)
        refused = asking(client, 3)
        generator.gate.set()
        assert [done.result().status_code for done in running] == [200, 200]
        assert asking(client, 4).status_code == 200
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "busy")
    assert int(refused.headers["retry-after"]) > 0
    assert generator.most_at_once == 1


def test_one_client_cannot_take_every_place(answerer: Answerer, generator: ScriptedGenerator) -> None:
    generator.gate.clear()
    with serving(answerer, max_waiting=3, max_waiting_per_client=1) as client, ThreadPoolExecutor(1) as pool:
        running = pool.submit(asking, client, 1)
        wait_count(client, "planqa_answers_in_flight", 1)
        refused = asking(client, 2)
        generator.gate.set()
        assert running.result().status_code == 200
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "busy")


def collect(client: httpx.Client, number: int, seen: list[Sent], ready: Callable[[Sent], None]) -> None:
    body = {"question": question(number), "stream": True}
    with client.stream("POST", "/v1/ask", json=body) as reply:
        for event in read_events(reply.iter_lines()):
            seen.append(event)
            ready(event)


def test_who_waits_is_told_the_position_and_evidence_comes_at_once(
    answerer: Answerer, generator: ScriptedGenerator
) -> None:
    generator.gate.clear()
    queued = threading.Event()
    seen: list[Sent] = []
    with serving(answerer) as client, ThreadPoolExecutor(2) as pool:
        first = pool.submit(asking, client, 1)
        generator.wait_started(1)
        second = pool.submit(
            collect, client, 2, seen, lambda e: queued.set() if e.data.get("stage") == "queued" else None
        )
        assert queued.wait(WAIT_S)
        assert of_kind(seen, "evidence")
        generator.gate.set()
        second.result()
        first.result()
    stages = [(s["stage"], s.get("position")) for s in of_kind(seen, "status")]
    assert stages == [("read", None), ("generate", None), ("queued", 1)]
    assert seen[-1].kind == "final"


def open_question(client: httpx.Client, number: int, stream: bool = True) -> socket.socket:
    """A connection that has sent a question and read nothing."""
    parts = urlsplit(str(client.base_url))
    body = json.dumps({"question": question(number), "stream": stream}).encode()
    head = f"POST /v1/ask HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
    connection = socket.create_connection((str(parts.hostname), int(parts.port or 0)), WAIT_S)
    connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return connection


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_stops_its_generation_within_a_second(
    answerer: Answerer, generator: ScriptedGenerator, stream: bool
) -> None:
    generator.gate.clear()
    took_s: list[float] = []
    with serving(answerer) as client:
        for number in (1, 2, 3):  # a busy machine may delay one of them
            connection = open_question(client, number, stream)
            generator.wait_started(number)
            connection.close()
            left = time.monotonic()
            generator.wait_idle()
            took_s.append(time.monotonic() - left)
            wait_count(client, "planqa_answers_in_flight", 0)
        assert count(client, "planqa_clients_gone_total") == 3
        generator.gate.set()
        assert asking(client, 4).json()["status"] == "answered"
    assert generator.n_stopped == 3
    assert min(took_s) < 1.0


def test_a_client_that_leaves_the_queue_never_reaches_the_model(
    answerer: Answerer, generator: ScriptedGenerator
) -> None:
    generator.gate.clear()
    with serving(answerer) as client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(asking, client, 1)
        generator.wait_started(1)
        connection = open_question(client, 2)
        wait_count(client, "planqa_queue_waiting", 1)
        connection.close()
        wait_count(client, "planqa_queue_waiting", 0)
        generator.gate.set()
        assert first.result().status_code == 200
        wait_count(client, "planqa_answers_in_flight", 0)
    assert len(generator.started) == 1


def test_a_client_that_reads_slowly_holds_nobody_up(answerer: Answerer, generator: ScriptedGenerator) -> None:
    with serving(answerer) as client:
        slow = open_question(client, 1)
        assert asking(client, 2).status_code == 200
        wait_count(client, "planqa_answers_in_flight", 0)
        received = b""
        while b"event: final" not in received:
            piece = slow.recv(64)
            assert piece
            received += piece
        slow.close()


def test_an_answer_that_takes_too_long_is_given_up(answerer: Answerer, generator: ScriptedGenerator) -> None:
    generator.gate.clear()
    with serving(answerer, request_timeout_s=0.3) as client:
        plain = asking(client, 1)
        seen: list[Sent] = []
        collect(client, 2, seen, lambda event: None)
        generator.wait_idle()
    assert (plain.status_code, plain.json()["error"]["code"]) == (504, "timed_out")
    assert (seen[-1].kind, seen[-1].data["error"]["code"]) == ("error", "timed_out")
    assert "0.3" in seen[-1].data["error"]["message"]


def test_a_stream_that_begins_while_things_load_waits_for_them(answerer: Answerer) -> None:
    engine = Engine()
    engine.load("index", "model")
    loading = threading.Event()
    seen: list[Sent] = []
    with serving(None, engine) as client, ThreadPoolExecutor(1) as pool:
        plain = asking(client, 1)
        waiting = pool.submit(
            collect, client, 2, seen, lambda e: loading.set() if e.data.get("stage") == "loading" else None
        )
        assert loading.wait(WAIT_S)
        engine.put(answerer)
        waiting.result()
        ready = client.get("/readyz")
    assert (plain.status_code, plain.json()["error"]["code"]) == (503, "index_missing")
    assert seen[0].data == {"stage": "loading", "missing": ["index", "model"]}
    assert seen[-1].kind == "final"
    assert ready.status_code == 200


def test_loading_that_fails_ends_the_wait_with_an_error() -> None:
    engine = Engine()
    engine.load("index")
    loading = threading.Event()
    seen: list[Sent] = []
    with serving(None, engine) as client, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(
            collect, client, 2, seen, lambda e: loading.set() if e.data.get("stage") == "loading" else None
        )
        assert loading.wait(WAIT_S)
        engine.fail("no weights")
        waiting.result()
    assert (seen[-1].kind, seen[-1].data["error"]["code"]) == ("error", "index_missing")


def test_a_question_is_bounded_in_history_and_body(answerer: Answerer) -> None:
    with serving(answerer, max_history_chars=10, max_body_bytes=2000) as client:
        turns = [{"role": "user", "content": "字" * 11}]
        history = client.post("/v1/ask", json={"question": LOOKUP, "history": turns})
        body = client.post("/v1/ask", json={"question": "字" * 1000})
        pieces = client.post(
            "/v1/ask", content=(b"x" * 500 for _ in range(10)), headers={"content-type": "application/json"}
        )
    for reply in (history, body, pieces):
        assert (reply.status_code, reply.json()["error"]["code"]) == (413, "too_large")
        assert reply.json()["error"]["detail"]["limit"] in (10, 2000)


def test_too_many_turns_are_refused(answerer: Answerer) -> None:
    turns = [{"role": "user", "content": "字"}] * 41
    with serving(answerer) as client:
        reply = client.post("/v1/ask", json={"question": LOOKUP, "history": turns})
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "bad_question")


def test_search_does_not_wait_for_generations(answerer: Answerer, generator: ScriptedGenerator) -> None:
    generator.gate.clear()
    with serving(answerer) as client, ThreadPoolExecutor(8) as pool:
        running = [pool.submit(asking, client, number) for number in range(8)]
        wait_count(client, "planqa_answers_in_flight", 8)
        found = client.post("/v1/search", json={"question": "幼儿园"})
        quotes = asking(client, 9, generate=False)
        plans = client.get("/v1/plans")
        in_flight = count(client, "planqa_answers_in_flight")
        generator.gate.set()
        texts = {done.result().json()["answer"] for done in running}
    assert (found.status_code, quotes.status_code, plans.status_code, in_flight) == (200, 200, 200, 8)
    assert texts == {f"{LOOKUP_REPLY}[1]"}
