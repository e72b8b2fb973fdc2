"""Conversations, kept answers, feedback and their exports."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from reading_events import of_kind, read_events
from small_chain import ENUMERATE, LOOKUP, ScriptedGenerator

from corpus.library import load_sample_plans
from eval.questions import parse_question
from rag.answer import Answerer
from rag.settings import Settings
from server.app import Engine, create_app
from server.databases import SqliteDatabase
from server.export import feedback_questions
from server.references import reference
from server.sql_store import SqlStore
from server.store import KeptAnswer

ADDRESS = "http://127.0.0.1"


@pytest.fixture
def store() -> SqlStore:
    return SqlStore(SqliteDatabase(None))


@pytest.fixture
def client(answerer: Answerer, store: SqlStore) -> Any:
    with TestClient(create_app(Engine(answerer), "1", Settings(), store), base_url=ADDRESS) as opened:
        yield opened


def ask(client: TestClient, question: str, **fields: Any) -> dict[str, Any]:
    reply = client.post("/v1/ask", json={"question": question, **fields})
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


def begin(client: TestClient, title: str = "托育") -> str:
    reply = client.post("/v1/sessions", json={"title": title})
    assert reply.status_code == 201
    return str(reply.json()["session_id"])


def test_an_answer_can_be_read_again_by_its_id(client: TestClient) -> None:
    answer = ask(client, LOOKUP)
    assert client.get(f"/v1/answers/{answer['id']}").json() == answer


def test_a_streamed_answer_is_kept_before_it_is_final(client: TestClient) -> None:
    with client.stream("POST", "/v1/ask", json={"question": ENUMERATE, "stream": True}) as reply:
        [final] = of_kind(read_events(reply.iter_lines()), "final")
    assert client.get(f"/v1/answers/{final['id']}").json() == final


def test_an_equal_question_is_answered_from_the_store(
    client: TestClient, generator: ScriptedGenerator
) -> None:
    for question in (LOOKUP, ENUMERATE):
        first = ask(client, question)
        n_calls = len(generator.started)
        second = ask(client, question)
        assert len(generator.started) == n_calls
        assert second | {"timings_ms": None} == first | {"timings_ms": None}
        again = [ask(client, question) for _ in range(2)]  # a busy machine may delay one of them
        assert min(answer["timings_ms"]["total"] for answer in (second, *again)) < 50
        with client.stream("POST", "/v1/ask", json={"question": question, "stream": True}) as reply:
            events = list(read_events(reply.iter_lines()))
        assert "".join(delta["text"] for delta in of_kind(events, "delta")) == first["answer"]
        assert of_kind(events, "citation") == first["citations"]
    assert len({ask(client, LOOKUP, generate=flag)["id"] for flag in (True, False)}) == 2


def test_an_answer_under_difficulties_is_made_anew(client: TestClient, generator: ScriptedGenerator) -> None:
    generator.broken = "out of memory"
    assert ask(client, LOOKUP)["warnings"]
    generator.broken = None
    assert ask(client, LOOKUP)["warnings"] == []


def test_nothing_is_kept_where_the_settings_say_so(answerer: Answerer, store: SqlStore) -> None:
    app = create_app(Engine(answerer), "1", Settings(keep_answers=False), store)
    with TestClient(app, base_url=ADDRESS) as client:
        answer = ask(client, LOOKUP)
        assert client.get(f"/v1/answers/{answer['id']}").status_code == 404
        session_id = begin(client)
        kept = ask(client, LOOKUP, session_id=session_id)
        assert client.get(f"/v1/answers/{kept['id']}").status_code == 200


def test_a_conversation_keeps_its_answers_and_completes_follow_ups(client: TestClient) -> None:
    session_id = begin(client)
    first = ask(client, LOOKUP, session_id=session_id)
    second = ask(client, "那青岛2018呢?", session_id=session_id)
    assert second["filters_applied"]["plans"] == ["qingdao-2018"]
    assert "幼儿园" in second["question_resolved"]
    detail = client.get(f"/v1/sessions/{session_id}").json()
    assert detail["answers"] == [first, second]
    assert detail["n_answers"] == 2
    exported = client.get(f"/v1/sessions/{session_id}/export").json()
    assert exported == detail


def test_the_same_question_twice_in_one_conversation_stands_there_twice(client: TestClient) -> None:
    session_id = begin(client)
    history = [{"role": "user", "content": "你好"}]
    answers = [ask(client, LOOKUP, session_id=session_id, history=history) for _ in range(2)]
    detail = client.get(f"/v1/sessions/{session_id}").json()
    assert detail["answers"] == answers
    assert answers[0]["id"] != answers[1]["id"]
    assert "store" in answers[1]["timings_ms"]


def test_a_history_of_its_own_be_it_empty_stands_for_that_of_the_conversation(client: TestClient) -> None:
    session_id = begin(client)
    ask(client, LOOKUP, session_id=session_id)
    alone = ask(client, "那青岛2018年呢?", session_id=session_id, history=[])
    assert alone["question_resolved"] == "那青岛2018年呢?"
    assert len(client.get(f"/v1/sessions/{session_id}").json()["answers"]) == 2


def test_conversations_are_listed_renamed_and_deleted(client: TestClient) -> None:
    first, second = begin(client, "一"), begin(client, "二")
    listed = client.get("/v1/sessions").json()["sessions"]
    assert [session["session_id"] for session in listed] == [second, first]
    renamed = client.patch(f"/v1/sessions/{first}", json={"title": " 三 "})
    assert renamed.json()["title"] == "三"
    assert client.delete(f"/v1/sessions/{second}").status_code == 204
    assert [s["title"] for s in client.get("/v1/sessions").json()["sessions"]] == ["三"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/sessions/{}", None),
        ("PATCH", "/v1/sessions/{}", {"title": "一"}),
        ("DELETE", "/v1/sessions/{}", None),
        ("GET", "/v1/sessions/{}/export?format=markdown", None),
        ("GET", "/v1/answers/{}", None),
        ("POST", "/v1/feedback", {"answer_id": "0" * 32, "rating": "good"}),
        ("POST", "/v1/ask", {"question": LOOKUP, "session_id": "0" * 32}),
    ],
)
def test_an_unknown_id_is_a_404(client: TestClient, method: str, path: str, body: Any) -> None:
    reply = client.request(method, path.format("0" * 32), json=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "a\nb", 7, None])
def test_a_title_is_one_short_line(client: TestClient, title: Any) -> None:
    reply = client.post("/v1/sessions", json={"title": title})
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "invalid_request")


def test_markdown_has_questions_answers_and_references(client: TestClient) -> None:
    session_id = begin(client, "托育 *与* <b>")
    answer = ask(client, LOOKUP, session_id=session_id)
    reply = client.get(f"/v1/sessions/{session_id}/export", params={"format": "markdown"})
    assert reply.headers["content-type"].startswith("text/markdown")
    assert session_id in reply.headers["content-disposition"]
    assert reply.text.startswith(r"# 托育 \*与\* \<b\>")
    assert f"## {LOOKUP}" in reply.text
    assert answer["answer"] in reply.text
    plan = next(plan for plan in load_sample_plans() if plan.plan_id == "tianjin-2014")
    line = next(line for line in reply.text.splitlines() if line.startswith("[1] "))
    assert plan.title in line
    assert line.endswith("2014: 第10条.")
    assert f"> {answer['citations'][0]['quote']}" in reply.text


def test_what_was_inferred_stands_in_brackets_in_a_reference() -> None:
    plans = {plan.plan_id: plan for plan in load_sample_plans()}
    for plan in plans.values():
        citation = {"n": 3, "plan_id": plan.plan_id, "number": "0", "city": plan.city, "year": plan.year}
        entry = reference(citation, plan)
        assert entry.startswith("[3] ")
        assert (f"[{plan.city}]" in entry) == (plan.city_source == "inferred")
        assert "前言" in entry
    gone = {"n": 1, "plan_id": "x-2020", "number": "7", "city": "", "year": None}
    assert reference(gone, None) == "[1] 佚名. x-2020[Z]. 出版年不详: 第7条."


def test_feedback_is_kept_and_becomes_evaluation_questions(client: TestClient, store: SqlStore) -> None:
    answer = ask(client, LOOKUP)
    said = {
        "answer_id": answer["id"],
        "rating": "bad",
        "comment": "漏了上海",
        "expected_answer": "50所",
        "expected_items": ["tianjin-2014#10"],
    }
    reply = client.post("/v1/feedback", json=said)
    assert reply.status_code == 201
    client.post("/v1/feedback", json={"answer_id": answer["id"], "rating": "good"})
    bad, good = feedback_questions(store)
    assert (bad["question"], bad["reference"], bad["required"]) == (LOOKUP, "50所", ["tianjin-2014#10"])
    assert bad["note"] == "漏了上海"
    assert (good["reference"], good["required"]) == (answer["answer"], ["tianjin-2014#10"])
    for line in (bad, good):
        parsed = parse_question(json.dumps(line, ensure_ascii=False), "feedback:1")
        assert parsed.text == LOOKUP


class FullDisk(SqlStore):
    """A store that can be read and not written."""

    def save_answer(self, kept: KeptAnswer) -> None:
        with self._database.transaction(writes=True) as run:
            run("INSERT INTO no_such_table VALUES (?)", kept.answer_id)


def test_an_answer_that_cannot_be_kept_is_given_with_a_warning(answerer: Answerer) -> None:
    app = create_app(Engine(answerer), "1", Settings(), FullDisk(SqliteDatabase(None)))
    with TestClient(app, base_url=ADDRESS) as client:
        answer = ask(client, LOOKUP)
    assert answer["status"] == "answered"
    assert any("could not be kept" in warning for warning in answer["warnings"])
