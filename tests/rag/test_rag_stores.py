"""The same index in both vector stores, and what changing it costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from chain_fakes import FakeEncoder, small_plans, write_plan

from corpus.library import load_sample_plans
from corpus.plan import Plan
from rag.errors import IndexMismatch, IndexMissing
from rag.records import Hit
from rag.retrieve import Retriever
from rag.snapshot import Index, build_index, load_index, read_manifest
from rag.stores import StorePlace

QUESTIONS = ("新建幼儿园多少所?", "childcare places", "哪些城市建设标准化食堂", "研学基地", "教师培训 2023")
NEW = ["1|1.建设游泳馆。新建3座。", "2|2.开展研学。建设基地8个。"]


def hits_of(index: Index, per_plan: bool = False) -> list[list[Hit]]:
    retriever = Retriever(index, FakeEncoder())
    plan_ids = [plan.plan_id for plan in index.plans]
    return [retriever.search(question, plan_ids, 8, per_plan) for question in QUESTIONS]


def assert_same_up_to_ties(one: list[list[Hit]], other: list[list[Hit]]) -> None:
    for own, others in zip(one, other, strict=True):
        assert [hit.score for hit in own] == pytest.approx([hit.score for hit in others], abs=1e-5)
        last = min((hit.score for hit in own), default=0.0)
        safe = [{hit.item_id for hit in hits if hit.score > last + 1e-5} for hits in (own, others)]
        assert safe[0] == safe[1]


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> StorePlace:
    pytest.importorskip("milvus_lite")
    return StorePlace("milvus", str(tmp_path_factory.mktemp("milvus") / "planqa.db"))


def made(plans: list[Plan], folder: Path, place: StorePlace | None = None) -> Index:
    build_index(plans, FakeEncoder(), folder, place=place)
    return load_index(folder, FakeEncoder(), place)


def test_both_stores_give_the_same_results(tmp_path: Path, milvus: StorePlace) -> None:
    plans = list(load_sample_plans()[:3])
    ours, theirs = made(plans, tmp_path / "faiss"), made(plans, tmp_path / "milvus", milvus)
    assert (ours.manifest.store, theirs.manifest.store) == ("faiss-flat", "milvus")
    assert_same_up_to_ties(hits_of(ours), hits_of(theirs))
    assert_same_up_to_ties(hits_of(ours, per_plan=True), hits_of(theirs, per_plan=True))
    for question in QUESTIONS:
        np.testing.assert_allclose(
            ours.keywords.scores(question), theirs.keywords.scores(question), atol=1e-4
        )
        rows, scores = theirs.keywords.search(question, 10)
        np.testing.assert_allclose(scores, ours.keywords.search(question, 10)[1], atol=1e-4)
        assert len(rows) == len(scores)
        vector = FakeEncoder().encode_question(question)
        for where in ({"plan": [plans[1].plan_id]}, {"city": [plans[0].city], "year": [plans[0].year or 0]}):
            found = [index.vectors.search(vector, 5, where=where) for index in (ours, theirs)]
            assert [s for _, s in found[0]] == pytest.approx([s for _, s in found[1]], abs=1e-5)
            assert len(found[0]) == 5


def test_a_plan_more_in_milvus_changes_its_collection(tmp_path: Path, milvus: StorePlace) -> None:
    first = made(small_plans(), tmp_path, milvus)
    encoder = FakeEncoder()
    more = [*small_plans()[1:], write_plan("a-2020", "甲", 2020, NEW)]
    manifest = build_index(more, encoder, tmp_path, place=milvus)
    assert encoder.n_passages < first.manifest.n_chunks
    second = load_index(tmp_path, FakeEncoder(), milvus)
    assert second.manifest == manifest
    assert_same_up_to_ties(hits_of(second), hits_of(made(more, tmp_path / "fresh")))
    assert {hit.plan_id for hits in hits_of(second) for hit in hits} <= {plan.plan_id for plan in more}


def test_another_store_is_a_mismatch_and_is_built(tmp_path: Path, milvus: StorePlace) -> None:
    ours = made(small_plans(), tmp_path)
    with pytest.raises(IndexMismatch, match=r"store 'faiss-flat'.*'milvus'.*planqa index"):
        load_index(tmp_path, FakeEncoder(), milvus)
    assert_same_up_to_ties(hits_of(made(small_plans(), tmp_path, milvus)), hits_of(ours))
    assert read_manifest(tmp_path).store == "milvus"


def test_a_collection_that_was_changed_elsewhere_is_built_again(tmp_path: Path, milvus: StorePlace) -> None:
    index = made(small_plans(), tmp_path, milvus)
    before = hits_of(index)
    index.vectors.remove([index.chunks[0].chunk_id])
    with pytest.raises(IndexMissing, match=r"rows for.*planqa index"):
        load_index(tmp_path, FakeEncoder(), milvus)
    assert_same_up_to_ties(hits_of(made(small_plans(), tmp_path, milvus)), before)


def test_only_new_plans_are_embedded_and_written(tmp_path: Path) -> None:
    first = made(small_plans(), tmp_path)
    folder = tmp_path / first.manifest.index_id
    kept = {file.name: file.stat().st_ino for file in folder.rglob("000000.*")}
    saved = {file.name: file.stat().st_ino for file in (folder / "plans" / "plans").iterdir()}
    assert len(kept) > 6 and len(saved) == first.manifest.n_plans
    encoder = FakeEncoder()
    more = [*small_plans(), write_plan("a-2020", "甲", 2020, NEW)]
    manifest = build_index(more, encoder, tmp_path)
    assert encoder.n_passages == manifest.n_chunks - first.manifest.n_chunks > 0
    now = {file.name: file.stat().st_ino for file in (tmp_path / manifest.index_id).rglob("000000.*")}
    assert now["000000.faiss"] == kept["000000.faiss"]
    plans = (tmp_path / manifest.index_id / "plans" / "plans").iterdir()
    assert saved.items() <= {file.name: file.stat().st_ino for file in plans}.items()
    index = load_index(tmp_path, FakeEncoder())
    assert [chunk.plan_id for chunk in index.chunks][-1] == "a-2020"  # plans stay sorted, rows do not
    assert [plan.plan_id for plan in index.plans] == sorted(plan.plan_id for plan in more)


@pytest.mark.parametrize("change", ["less", "changed", "other"])
def test_a_changed_index_gives_the_hits_of_a_fresh_one(tmp_path: Path, change: str) -> None:
    plans = small_plans()
    made(plans, tmp_path / "index")
    words = [f"{item.number}|{item.text}" for item in plans[1].items]
    now = {
        "less": plans[:1] + plans[2:],
        "changed": [*plans[:1], write_plan(plans[1].plan_id, plans[1].city, 1999, words), *plans[2:]],
        "other": [write_plan("a-2020", "甲", 2020, NEW), *plans[1:3]],
    }[change]
    index, fresh = made(list(now), tmp_path / "index"), made(list(now), tmp_path / "fresh")
    assert index.manifest == fresh.manifest
    assert hits_of(index) == hits_of(fresh)
    assert hits_of(index, per_plan=True) == hits_of(fresh, per_plan=True)
    assert sorted(c.chunk_id for c in index.chunks) == sorted(c.chunk_id for c in fresh.chunks)


def test_an_index_before_that_is_damaged_is_no_hindrance(tmp_path: Path) -> None:
    first = made(small_plans(), tmp_path)
    next((tmp_path / first.manifest.index_id / "keywords").glob("*.rows.npy")).write_bytes(b"x")
    more = [*small_plans(), write_plan("a-2020", "甲", 2020, NEW)]
    assert hits_of(made(more, tmp_path)) == hits_of(made(more, tmp_path / "fresh"))
