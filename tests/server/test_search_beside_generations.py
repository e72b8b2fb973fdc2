"""Search stays fast while eight generations run: the default models, a real server, one run."""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import platformdirs
import pytest
from live_server import live
from waiting import wait_for

from commands.opening import open_answerer
from rag.settings import Settings
from server.app import Engine, create_app

pytestmark = [pytest.mark.model, pytest.mark.timeout(1500)]

N_SEARCHES = 40
N_GENERATIONS = 8
TOPICS = "幼儿园 托育 食堂 体育 职业教育 教师培训 集团化办学 心理健康 校园安全 智慧校园".split()


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    answerer = open_answerer(Settings(home=platformdirs.user_cache_path("planqa") / "test-home"))
    app = create_app(Engine(answerer), "test", Settings(keep_answers=False, request_timeout_s=1200))
    with live(app) as address, httpx.Client(base_url=address, timeout=1200) as opened:
        yield opened


def search_ms(client: httpx.Client, n: int) -> list[float]:
    """How long each of ``n`` searches takes, as the client sees it."""
    found = []
    for number in range(n):
        question = f"{TOPICS[number % len(TOPICS)]}有哪些措施{number}"
        started = time.perf_counter()
        reply = client.post("/v1/search", json={"question": question})
        found.append((time.perf_counter() - started) * 1000)
        assert reply.status_code == 200
    return found


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def in_flight(client: httpx.Client) -> float:
    text = client.get("/metrics").text
    return float(text.partition("\nplanqa_answers_in_flight ")[2].partition("\n")[0])


def keep_asking(client: httpx.Client, number: int, enough: threading.Event) -> list[dict[str, Any]]:
    """Answers, one after the other, as long as the model words them and there are not enough."""
    answers = [ask(client, number)]
    while answers[-1]["model"]["used"] and not enough.is_set():
        answers.append(ask(client, number))
    return answers


def ask(client: httpx.Client, number: int) -> dict[str, Any]:
    question = f"上海2023年关于{TOPICS[number]}的计划是什么?"
    reply = client.post("/v1/ask", json={"question": question, "mode": "lookup"})
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


def test_search_keeps_its_pace_while_eight_generations_run(
    client: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    search_ms(client, 5)  # the first ones warm up
    rounds = [measure(client)]
    while rounds[-1]["ratio_of_p95"] >= 3 and len(rounds) < 3:  # a busy machine may spoil one of them
        rounds.append(measure(client))
    with capsys.disabled():
        sys.stdout.write(f"\nsearch beside generations: {json.dumps(rounds)}\n")
    assert all(figures["running_to_the_end"] >= N_GENERATIONS / 2 for figures in rounds)
    assert rounds[-1]["ratio_of_p95"] < 3


def measure(client: httpx.Client) -> dict[str, Any]:
    """How long searches take alone, and beside as many generations from the first search to the last."""
    idle = search_ms(client, N_SEARCHES)
    enough = threading.Event()
    with ThreadPoolExecutor(N_GENERATIONS) as pool:
        asking = [pool.submit(keep_asking, client, number, enough) for number in range(N_GENERATIONS)]
        try:
            wait_for(
                lambda: in_flight(client) + sum(done.done() for done in asking) >= N_GENERATIONS,
                "all are asked",
            )
            busy = search_ms(client, N_SEARCHES)
            running = sum(not done.done() for done in asking)
        finally:
            enough.set()
        answers = [answer for done in asking for answer in done.result()]
    return {
        "searches_idle": len(idle),
        "searches_busy": len(busy),
        "idle_ms": {"median": round(statistics.median(idle), 1), "p95": round(p95(idle), 1)},
        "busy_ms": {"median": round(statistics.median(busy), 1), "p95": round(p95(busy), 1)},
        "ratio_of_p95": round(p95(busy) / p95(idle), 2),
        "running_to_the_end": running,
        "generated": sum(answer["model"]["used"] for answer in answers),
    }
