"""GET /v1/plans and /v1/items."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from corpus.library import load_sample_plans
from corpus.plan import Plan

RECORD = {
    "plan_id", "title", "city", "city_source", "year", "department", "sections", "items", "sub_points",
    "levels", "gaps", "source",
}  # fmt: skip
ITEM = {
    "item_id", "plan_id", "number", "headings", "title", "text", "start", "end", "sub_points", "lead_units",
}  # fmt: skip


def test_every_plan_has_its_record(client: TestClient) -> None:
    records = client.get("/v1/plans").json()["plans"]
    assert {record["plan_id"]: record["items"] for record in records} == {
        "qingdao-2023": 20, "nanning-2023": 38, "shanghai-2023": 43, "tianjin-2014": 38,
        "qingdao-2018": 27, "rongcheng-2023": 54, "handan-2022": 29,
    }  # fmt: skip
    assert all(set(record) >= RECORD for record in records)


def test_a_plan_comes_with_text_outline_and_how_its_city_is_known(client: TestClient) -> None:
    plan = client.get("/v1/plans/rongcheng-2023").json()
    assert set(plan) >= RECORD | {"text", "outline", "city_evidence"}
    assert plan["city_source"] == "inferred"
    assert all(words in plan["text"] or words in plan["title"] for words in plan["city_evidence"])
    starts = [node["start"] for node in plan["outline"]]
    assert starts == sorted(starts)
    assert sum(node["kind"] == "section" for node in plan["outline"]) == plan["sections"]


def test_a_gap_says_where_it_would_stand(client: TestClient) -> None:
    plan = client.get("/v1/plans/handan-2022").json()
    [hidden] = [gap for gap in plan["gaps"] if gap["kind"] == "hidden"]
    assert (hidden["first"], hidden["last"]) == (28, 48)
    before = next(node for node in plan["outline"] if node["item_id"] == "handan-2022#27")
    after = next(node for node in plan["outline"] if node["item_id"] == "handan-2022#49")
    assert before["start"] < hidden["position"] <= after["start"]


@pytest.mark.parametrize("plan", load_sample_plans(), ids=lambda plan: plan.plan_id)
def test_every_item_and_sub_point_can_be_read(client: TestClient, plan: Plan) -> None:
    for item in plan.parts():
        for part in (item, *item.sub_points):
            body = client.get(f"/v1/items/{quote(part.item_id, safe='')}").json()
            assert set(body) >= ITEM
            assert body["item_id"] == part.item_id
            assert plan.text[body["start"] : body["end"]] == body["text"] == part.text


def test_a_sub_point_has_its_items_heading(client: TestClient) -> None:
    whole = client.get("/v1/items/rongcheng-2023%2316").json()
    part = client.get("/v1/items/rongcheng-2023%2316.3").json()
    assert part["headings"] == whole["headings"]
    assert part["text"] in whole["text"]
    assert part["number"] == "③"


@pytest.mark.parametrize(
    "path", ["/v1/plans/no-such", "/v1/items/no-such%231", "/v1/items/shanghai-2023%23999", "/v1/items/x"]
)
def test_an_unknown_id_is_a_404_that_says_what_there_is(client: TestClient, path: str) -> None:
    reply = client.get(path)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (404, "not_found")
    assert "shanghai-2023" in error["message"]


def test_an_unknown_path_and_a_wrong_method_have_the_same_shape(client: TestClient) -> None:
    for reply, status, code in (
        (client.get("/v1/nothing"), 404, "not_found"),
        (client.get("/v1/ask"), 405, "method_not_allowed"),
    ):
        assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
