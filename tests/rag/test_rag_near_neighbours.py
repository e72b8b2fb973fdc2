"""Sentences that many plans share come back under each plan that prints them, and under no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_fakes import FakeEncoder, answerer_over, make_index, write_plan

from rag.records import AskRequest
from rag.retrieve import Retriever
from rag.snapshot import Index

SHARED = "1|1.安全。开展校园安全大检查,消除隐患。"


@pytest.fixture
def index(tmp_path: Path) -> Index:
    plans = [
        write_plan("wuhu-2024", "芜湖", 2024, [SHARED, "2|2.食堂。改造食堂6个。"]),
        write_plan("bengbu-2024", "蚌埠", 2024, [SHARED, "2|2.操场。新建操场9个。"]),
        write_plan("hefei-2024", "合肥", 2024, ["1|1.照明。新装路灯30盏。"]),
    ]
    return make_index(plans, tmp_path)


def test_the_same_sentence_in_two_plans_is_two_hits(index: Index) -> None:
    hits = Retriever(index, FakeEncoder()).search("校园安全大检查", [p.plan_id for p in index.plans], 2)
    assert [hit.item_id for hit in hits] == ["bengbu-2024#1", "wuhu-2024#1"]
    assert hits[0].score == hits[1].score


@pytest.mark.parametrize(("city", "plan_id"), [("芜湖", "wuhu-2024"), ("蚌埠", "bengbu-2024")])
def test_it_comes_back_under_the_city_that_was_asked_about(index: Index, city: str, plan_id: str) -> None:
    found = answerer_over(index).search(AskRequest(f"{city}开展校园安全大检查吗?"), 3)
    assert {hit.plan_id for hit in found.hits} == {plan_id}
    assert found.hits[0].item_id == f"{plan_id}#1"
    assert found.filters_applied["cities"] == [city]
