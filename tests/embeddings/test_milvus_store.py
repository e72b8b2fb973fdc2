"""The Milvus store, over the embedded edition."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from stored_vectors import clustered, random_unit

from embeddings.faiss_store import FaissStore
from embeddings.milvus_store import MilvusStore, drop_saved
from embeddings.vector_store import Rows, VectorStore

pytest.importorskip("milvus_lite")

N, DIMENSION = 400, 32
WORDS = [["新建", f"w{row % 5}", "1.5%"] + ["食堂"] * (row % 3 == 0) for row in range(N)]
IDS = [f"甲-2023#{row}:1" for row in range(N)]
ATTRIBUTES = {
    "plan": [f"p{row // 100}" for row in range(N)],
    "city": [("青岛", "上海")[row // 200] for row in range(N)],
    "year": [2018 + row // 100 for row in range(N)],
}


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("milvus") / "test.db")


@pytest.fixture(scope="module")
def stores(uri: str) -> Iterator[tuple[MilvusStore, FaissStore]]:
    vectors = clustered(N, DIMENSION, 1)
    milvus, faiss = MilvusStore(uri), FaissStore()
    for store in (milvus, faiss):
        store.build(Rows(IDS, vectors, ATTRIBUTES, WORDS))
    yield milvus, faiss


def assert_same(found: list[tuple[str, float]], wanted: list[tuple[str, float]]) -> None:
    """The same ids in the same order up to ties, and the same scores."""
    np.testing.assert_allclose([s for _, s in found], [s for _, s in wanted], atol=1e-5)
    of_score = dict(wanted)
    assert {id_ for id_, _ in found} == set(of_score)
    for id_, score in found:
        assert score == pytest.approx(of_score[id_], abs=1e-5)


def test_both_stores_find_the_same(stores: tuple[MilvusStore, FaissStore]) -> None:
    milvus, faiss = stores
    both: tuple[VectorStore, VectorStore] = (milvus, faiss)
    assert len({len(store) for store in both}) == len({tuple(store.ids) for store in both}) == 1
    narrowings = (
        None,
        {"plan": ["p1", "p3"]},
        {"city": ["青岛"], "year": [2018]},
        {"year": [1999]},
    )
    for question in clustered(8, DIMENSION, 2):
        for where in narrowings:
            assert_same(*(store.search(question, 10, where=where) for store in both))
        assert_same(*(store.search(question, 5, IDS[7:30], {"plan": ["p0"]}) for store in both))
        np.testing.assert_allclose(*(store.scores(question) for store in both), atol=1e-6)
        np.testing.assert_allclose(*(store.scores(question, IDS[9:2:-1]) for store in both), atol=1e-6)
    np.testing.assert_allclose(*(store.vectors(IDS[3:5]) for store in both))


def test_words_are_searched_by_milvus_with_the_same_filters(stores: tuple[MilvusStore, FaissStore]) -> None:
    milvus, _ = stores
    found = milvus.search_words(["食堂", "w3"], 400)
    rows = {IDS.index(id_) for id_, _ in found}
    assert rows == {row for row in range(N) if row % 3 == 0 or row % 5 == 3}
    best = {IDS.index(id_) for id_, score in found if score == found[0][1]}
    assert best == {row for row in rows if row % 15 == 3}
    assert [id_ for id_, _ in found[: len(best)]] == sorted(IDS[row] for row in best)
    narrowed = milvus.search_words(["食堂"], 400, where={"city": ["上海"], "year": [2021]})
    assert {IDS.index(id_) for id_, _ in narrowed} == {row for row in range(300, 400) if row % 3 == 0}
    assert [id_ for id_, _ in milvus.search_words(["w3"], 3, within=[IDS[8], IDS[9]])] == [IDS[8]]
    # a number is one token, points and signs in it or not
    assert len(milvus.search_words(["1.5%"], 400)) == N
    assert milvus.search_words(["1", "5"], 10) == []


def test_it_is_taken_up_again_where_it_was_saved(uri: str, tmp_path: Path) -> None:
    vectors = random_unit(6, 8, 3)
    store = MilvusStore(uri)
    store.build(Rows(list("abcdef"), vectors))
    store.save(tmp_path / "one")
    store.remove(["b", "e"])
    store.add(Rows(["g"], vectors[1:2]))
    store.save(tmp_path / "two")
    again = MilvusStore(uri)
    with pytest.raises(ValueError, match=r"has 5 rows for 6 ids.*planqa index"):
        again.load(tmp_path / "one")
    again.load(tmp_path / "two")
    assert list(again.ids) == ["a", "c", "d", "f", "g"]
    assert again.search(vectors[1], 1) == [("g", pytest.approx(1.0, abs=1e-6))]
    drop_saved(uri, "", tmp_path / "one", unless=tmp_path / "two")
    again.load(tmp_path / "two")
    drop_saved(uri, "", tmp_path / "two")
    with pytest.raises(ValueError, match=r"no collection planqa_.*planqa index"):
        again.load(tmp_path / "two")
    assert list(again.ids) == ["a", "c", "d", "f", "g"]


def test_rows_that_another_process_added_are_passed_over(uri: str, tmp_path: Path) -> None:
    vectors = random_unit(4, 8, 4)
    writer, reader = MilvusStore(uri), MilvusStore(uri)
    writer.build(Rows(["a", "b"], vectors[:2]))
    writer.save(tmp_path)
    reader.load(tmp_path)
    writer.add(Rows(["c", "d"], vectors[2:]))
    assert {id_ for id_, _ in reader.search(vectors[2], 4)} == {"a", "b"}
    assert len(writer.search(vectors[2], 4)) == 4


def test_many_rows_get_an_approximate_index(uri: str) -> None:
    vectors = clustered(800, DIMENSION, 5)
    ids = [f"{row:04}" for row in range(800)]
    store = MilvusStore(uri, flat_limit=500)
    store.build(Rows(ids, vectors))
    found = 0
    for question in clustered(10, DIMENSION, 6):
        best = {ids[row] for row in np.argsort(-(vectors @ question))[:10]}
        found += len(best & {id_ for id_, _ in store.search(question, 10)})
        np.testing.assert_allclose(store.scores(question, ids[:3]), vectors[:3] @ question, atol=1e-6)
    assert found / 100 >= 0.95


@pytest.mark.parametrize(
    ("ids", "message"), [(["a", "a"], "already in the store"), (["a"], "1 ids and vectors of shape")]
)
def test_bad_vectors_are_refused(uri: str, ids: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MilvusStore(uri).build(Rows(ids, random_unit(2, 8, 7)))


def test_bad_questions_are_refused(stores: tuple[MilvusStore, FaissStore]) -> None:
    for store in stores:
        with pytest.raises(ValueError, match="k is 0"):
            store.search(clustered(1, DIMENSION, 8)[0], 0)
        with pytest.raises(ValueError, match=f"8 dimensions; the store holds {DIMENSION}"):
            store.search(random_unit(1, 8, 8)[0], 1)
        with pytest.raises(KeyError, match="'nobody' in a store of 400"):
            store.scores(clustered(1, DIMENSION, 8)[0], ["nobody"])


def test_nowhere_to_connect_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    with pytest.raises(ValueError, match="milvus_uri is empty"):
        MilvusStore("")
    FaissStore().save(tmp_path)
    store = MilvusStore(str(tmp_path / "x.db"))
    with pytest.raises(ValueError, match="kind flat; wanted 2, milvus"):
        store.load(tmp_path)
    assert json.loads((tmp_path / "store.json").read_text())["kind"] == "flat"
