"""The answers that must come out over HTTP, with the default models and settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from rag.answer import Answerer
from server.app import Engine, create_app

pytestmark = [pytest.mark.model, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def client(real_answerer: Answerer) -> Iterator[TestClient]:
    with TestClient(create_app(Engine(real_answerer), "test"), "http://127.0.0.1") as opened:
        yield opened


def ask(client: TestClient, question: str, **fields: object) -> dict[str, Any]:
    """The answer to a question, after its quotes were compared with the plans."""
    reply = client.post("/v1/ask", json={"question": question, **fields})
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    for citation in answer["citations"]:
        plan = client.get(f"/v1/plans/{citation['plan_id']}").json()
        assert plan["text"][citation["start"] : citation["end"]] == citation["quote"]
    return answer


def cited_items(answer: dict[str, Any]) -> set[str]:
    return {citation["item_id"] for citation in answer["citations"]}


def test_the_default_models_answer(client: TestClient) -> None:
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["model"] == "qwen2.5-coder-1.5b-instruct-q4_k_m"


def test_which_cities_expand_childcare(client: TestClient) -> None:
    answer = ask(client, "哪些城市提出托育扩容?")
    assert answer["mode"] == "enumerate"
    assert len(answer["verdicts"]) == 7
    yes = [verdict for verdict in answer["verdicts"] if verdict["verdict"] == "yes"]
    assert [verdict["plan_id"] for verdict in yes] == ["shanghai-2023"]
    quotes = {citation["n"]: citation["quote"] for citation in answer["citations"]}
    assert any("2000个" in quotes[n] for n in yes[0]["citations"])


@pytest.mark.parametrize(
    ("question", "number", "item_id"),
    [
        ("天津2014年计划新建改扩建各类型幼儿园多少所?", "50", "tianjin-2014#10"),
        ("上海每区新增多少宝宝屋托额?", "200", "shanghai-2023#11"),
        ("邯郸2022年新建多少所智慧校园?", "113", "handan-2022#3"),
    ],
)
def test_figures(client: TestClient, question: str, number: str, item_id: str) -> None:
    answer = ask(client, question)
    assert answer["status"] == "answered"
    first = answer["claims"][0]
    assert number in re.findall(r"\d+", first["text"])
    assert answer["citations"][first["citations"][0] - 1]["item_id"] == item_id
    assert answer["model"]["used"]


def test_an_english_question_is_answered_in_english(client: TestClient) -> None:
    answer = ask(client, "How many new childcare places will Shanghai's public kindergartens add?")
    assert answer["status"] == "answered"
    assert answer["language"] == "en"
    first = answer["claims"][0]["text"]
    assert "2000" in first.replace(",", "")
    assert len(re.findall(r"[A-Za-z]+", first)) > len(re.findall(r"[㐀-鿿]", first))
    assert "shanghai-2023#11" in cited_items(answer)


def test_a_city_without_a_plan(client: TestClient) -> None:
    answer = ask(client, "北京2023年的托育计划是什么?")
    assert answer["status"] == "out_of_corpus"
    assert (answer["claims"], answer["citations"]) == ([], [])


def test_an_item_that_the_source_hides(client: TestClient) -> None:
    answer = ask(client, "邯郸2022年第35条写了什么?")
    assert answer["status"] == "not_found"
    assert answer["citations"] == []
    assert "28–48" in answer["answer"]
