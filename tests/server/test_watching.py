"""The log and the metrics: what they say, and what they must not."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from small_chain import ENUMERATE, LOOKUP, PairEncoder, ScriptedGenerator

from rag.records import Answer
from rag.settings import Settings
from server.keeping import as_answer
from server.logs import LogFormatter, configure_logs
from server.metrics import Metrics

SECRET = "哪些城市提出秘密托育扩容"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the log holds at the level info."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(LogFormatter(as_json=True, redact=False, full_errors=False))
    logger = logging.getLogger("server")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield text
    logger.removeHandler(handler)
    logger.setLevel(level)


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_every_request_has_one_line_with_its_id(client: TestClient, lines: io.StringIO) -> None:
    reply = client.get("/v1/items/shanghai-2023%2311", headers={"X-Request-ID": "abc"})
    assert reply.status_code == 200
    [line] = read(lines)
    assert (line["request_id"], line["route"], line["status"]) == ("abc", "/v1/items/{item_id}", 200)
    assert (line["level"], line["method"]) == ("info", "GET")
    assert line["ms"] > 0


def test_health_checks_stay_out_of_the_log(client: TestClient, lines: io.StringIO) -> None:
    client.get("/healthz")
    client.get("/readyz")
    assert read(lines) == []


def test_nothing_of_a_question_a_plan_or_an_error_reaches_the_log(
    client: TestClient, lines: io.StringIO, encoder: PairEncoder, generator: ScriptedGenerator
) -> None:
    client.post("/v1/ask", json={"question": SECRET})
    client.post("/v1/search", json={"question": SECRET})
    client.post("/v1/ask", json={"question": SECRET, "filters": {"cities": [SECRET]}})
    client.post("/v1/ask", json={"question": SECRET, "mode": SECRET})
    client.get(f"/v1/plans/{SECRET}")
    client.get(f"/{SECRET}")
    session_id = client.post("/v1/sessions", json={"title": SECRET}).json()["session_id"]
    client.post("/v1/ask", json={"question": LOOKUP, "session_id": session_id})
    generator.broken = SECRET
    client.post("/v1/ask", json={"question": LOOKUP + SECRET})
    encoder.broken = RuntimeError(SECRET)
    for route in ("/v1/search", "/v1/ask"):
        assert client.post(route, json={"question": SECRET + "!"}).status_code == 500
    found = read(lines)
    assert len(found) >= 11
    assert "RuntimeError at " in lines.getvalue()
    for word in ("秘密", "托育", "幼儿园", "天津", "shanghai"):
        assert word not in lines.getvalue()
    assert "\\u" not in lines.getvalue()


def test_the_log_names_a_surprise_under_the_id_that_the_client_has(
    client: TestClient, lines: io.StringIO, encoder: PairEncoder
) -> None:
    encoder.broken = RuntimeError("boom")
    for route in ("/v1/search", "/v1/ask"):
        error = client.post(route, json={"question": "幼儿园"}).json()["error"]
        logged = [line for line in read(lines) if line["level"] == "error"]
        assert logged[-1]["request_id"] == error["request_id"]


def record(**fields: Any) -> logging.LogRecord:
    made = logging.LogRecord("server.x", logging.INFO, "x.py", 1, "request", (), None)
    made.fields = fields
    return made


def test_the_switch_leaves_out_who_asked() -> None:
    asked = record(client="10.0.0.7", key="k1", status=200)
    open_line = LogFormatter(True, False, False).format(asked)
    redacted = LogFormatter(True, True, False).format(asked)
    assert "10.0.0.7" in open_line
    assert "k1" in open_line
    assert json.loads(redacted)["status"] == 200
    assert "10.0.0.7" not in redacted
    assert "k1" not in redacted


def test_the_log_can_be_words(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        configure_logs(Settings(log_format="text", log_level="info"))
        logging.getLogger("server.x").info("hello", extra={"fields": {"status": 200}})
        logging.getLogger("elsewhere").info("not this")
    finally:
        for handler in list(root.handlers):
            root.removeHandler(handler)
        for handler in handlers:
            root.addHandler(handler)
        root.setLevel(level)
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("info server.x: hello status=200")


def value(client: TestClient, name: str) -> float:
    for line in client.get("/metrics").text.splitlines():
        if line.startswith(f"{name} "):
            return float(line.rpartition(" ")[2])
    return 0.0


def test_requests_answers_tokens_and_refusals_are_counted(client: TestClient) -> None:
    client.post("/v1/ask", json={"question": LOOKUP})
    client.post("/v1/ask", json={"question": ENUMERATE, "generate": False})
    client.post("/v1/ask", json={"question": LOOKUP})
    client.post("/v1/ask", json={"question": " "})
    asked = 'planqa_requests_total{method="POST",route="/v1/ask",status="%s"}'
    assert value(client, asked % 200) == 3
    assert value(client, asked % 400) == 1
    assert value(client, 'planqa_errors_total{code="bad_question"}') == 1
    assert value(client, 'planqa_answers_total{mode="lookup",status="answered"}') == 1
    assert value(client, 'planqa_answers_total{mode="enumerate",status="answered"}') == 1
    assert value(client, "planqa_reused_answers_total") == 1
    assert value(client, 'planqa_tokens_total{kind="prompt_tokens"}') == 100
    assert value(client, 'planqa_tokens_total{kind="generated_tokens"}') == 6
    assert value(client, 'planqa_stage_seconds_count{stage="retrieve"}') == 2
    assert value(client, "planqa_queue_seconds_count") == 2
    assert value(client, "planqa_queue_waiting") == 0
    assert value(client, "planqa_answers_in_flight") == 0


def test_unknown_paths_do_not_grow_the_metrics(client: TestClient) -> None:
    for number in range(5):
        client.get(f"/nothing/{number}")
    text = client.get("/metrics").text
    assert "nothing" not in text
    assert value(client, 'planqa_requests_total{method="GET",route="other",status="404"}') == 5


def test_removed_claims_are_counted(client: TestClient) -> None:
    body = client.post("/v1/ask", json={"question": LOOKUP}).json()
    answer: Answer = as_answer(body | {"model": body["model"] | {"removed_claims": 2, "removed_quotes": 1}})
    metrics = Metrics()
    metrics.answer(answer, 0.5)
    text = metrics.text().decode()
    assert 'planqa_removed_total{kind="removed_claims"} 2.0' in text
    assert 'planqa_removed_total{kind="removed_quotes"} 1.0' in text
