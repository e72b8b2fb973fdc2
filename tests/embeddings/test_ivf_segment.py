from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from stored_vectors import clustered, random_unit

from embeddings import ivf_segment
from embeddings.faiss_store import FaissStore, faiss_kind
from embeddings.ivf_segment import IvfSegment
from embeddings.vector_store import Rows

N, DIMENSION, LIMIT = 5000, 320, 1000


@pytest.fixture(scope="module")
def ivf(tmp_path_factory: pytest.TempPathFactory) -> FaissStore:
    store = FaissStore(LIMIT, tmp_path_factory.mktemp("scratch"))
    plans = [f"plan-{row // 500}" for row in range(N)]
    store.build(Rows([f"{row:05}" for row in range(N)], clustered(N, DIMENSION, 1), {"plan": plans}))
    return store


def exact(vectors: np.ndarray, question: np.ndarray, k: int) -> list[str]:
    return [f"{row:05}" for row in np.argsort(-(vectors @ question), kind="stable")[:k]]


def test_the_kind_goes_by_size() -> None:
    assert [faiss_kind(n, LIMIT) for n in (0, LIMIT, LIMIT + 1)] == ["flat", "flat", "ivf"]


def test_many_vectors_are_compressed_and_found_all_the_same(ivf: FaissStore) -> None:
    vectors = clustered(N, DIMENSION, 1)
    assert (ivf.kind, len(ivf), ivf.dimension) == ("ivf", N, DIMENSION)
    found = 0
    for question in clustered(40, DIMENSION, 2):
        neighbours = ivf.search(question, 10)
        assert [score for _, score in neighbours] == sorted((s for _, s in neighbours), reverse=True)
        found += len({id_ for id_, _ in neighbours} & set(exact(vectors, question, 10)))
    assert found / 400 >= 0.95


def test_scores_are_those_of_the_whole_vectors(ivf: FaissStore) -> None:
    vectors, question = clustered(N, DIMENSION, 1), clustered(1, DIMENSION, 3)[0]
    ids = ["04999", "00000", "02500"]
    np.testing.assert_allclose(ivf.scores(question, ids), vectors[[4999, 0, 2500]] @ question, atol=1e-3)
    np.testing.assert_allclose(ivf.scores(question), vectors @ question, atol=1e-3)
    assert ivf.search(question, 3)[0][1] == ivf.scores(question, [ivf.search(question, 1)[0][0]])[0]


def test_a_filter_looks_at_all_that_it_leaves(ivf: FaissStore) -> None:
    vectors, question = clustered(N, DIMENSION, 1), clustered(1, DIMENSION, 4)[0]
    scores = vectors @ question
    far = np.argsort(scores)[:30]  # what an unfiltered search would never reach
    within = [f"{row:05}" for row in far]
    found = ivf.search(question, 5, within)
    assert {id_ for id_, _ in found} <= set(within)
    np.testing.assert_allclose([score for _, score in found], np.sort(scores[far])[::-1][:5], atol=1e-3)
    of_plan = ivf.search(question, 500, where={"plan": ["plan-3"]})
    assert sorted(id_ for id_, _ in of_plan) == [f"{row:05}" for row in range(1500, 2000)]
    assert ivf.search(question, 5, within, where={"plan": ["nowhere"]}) == []
    with pytest.raises(KeyError, match="no attribute 'province'; known: plan"):
        ivf.search(question, 5, where={"province": ["x"]})


def test_a_wide_filter_is_searched_like_the_whole(ivf: FaissStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ivf_segment, "_EXACT_ROWS", 100)
    vectors = clustered(N, DIMENSION, 1)
    plans = ["plan-0", "plan-4", "plan-9"]
    rows = np.concatenate([np.arange(plan * 500, plan * 500 + 500) for plan in (0, 4, 9)])
    found = 0
    for question in clustered(20, DIMENSION, 13):
        best = rows[np.argsort(-(vectors[rows] @ question))[:10]]
        neighbours = ivf.search(question, 10, where={"plan": plans})
        assert {int(id_) // 500 for id_, _ in neighbours} <= {0, 4, 9}
        found += len({int(id_) for id_, _ in neighbours} & set(best.tolist()))
    assert found / 200 >= 0.95


def test_saved_and_mapped_again_it_finds_the_same(ivf: FaissStore, tmp_path: Path) -> None:
    ivf.save(tmp_path / "store")
    loaded = FaissStore(LIMIT)
    loaded.load(tmp_path / "store")
    for question in clustered(5, DIMENSION, 5):
        assert loaded.search(question, 10) == ivf.search(question, 10)
        assert loaded.search(question, 10, where={"plan": ["plan-1"]}) == ivf.search(
            question, 10, where={"plan": ["plan-1"]}
        )
    np.testing.assert_array_equal(loaded.vectors(["00007"]), ivf.vectors(["00007"]))


def test_a_plan_more_and_a_plan_less_leave_the_rest_as_it_was(ivf: FaissStore, tmp_path: Path) -> None:
    ivf.save(tmp_path / "store")
    store = FaissStore(LIMIT)
    store.load(tmp_path / "store")
    new = clustered(150, DIMENSION, 6)
    store.add(Rows([f"new-{row:03}" for row in range(150)], new, {"plan": ["new"] * 150}))
    store.remove([f"{row:05}" for row in range(500)])
    assert len(store) == N + 150 - 500
    assert store.search(new[7], 1) == [("new-007", pytest.approx(1.0, abs=1e-6))]
    gone = clustered(N, DIMENSION, 1)[42]
    assert "00042" not in {id_ for id_, _ in store.search(gone, 50)}
    assert [id_ for id_, _ in store.search(gone, 200, where={"plan": ["plan-0"]})] == []
    with pytest.raises(KeyError, match="00042"):
        store.scores(gone, ["00042"])
    store.save(tmp_path / "more")
    # the large files are the old ones under a second name
    for file in (tmp_path / "store").glob("000000.*"):
        assert (tmp_path / "more" / file.name).samefile(file)
    assert len(list((tmp_path / "more").iterdir())) < 12
    again = FaissStore(LIMIT)
    again.load(tmp_path / "more")
    assert list(again.ids) == list(store.ids)
    assert again.search(gone, 20) == store.search(gone, 20)


def test_small_additions_are_merged_and_compressed_when_they_are_many() -> None:
    store = FaissStore(300)
    vectors = clustered(1000, 32, 8)
    for start in range(0, 1000, 25):
        ids = [f"{row:05}" for row in range(start, start + 25)]
        store.add(Rows(ids, vectors[start : start + 25], {"plan": [f"p{start // 25}"] * 25}))
        assert len(store._segments) <= 8
    assert store.kind == "ivf"
    assert sorted(store.ids) == [f"{row:05}" for row in range(1000)]
    found = sum(
        len({id_ for id_, _ in store.search(question, 10)} & set(exact(vectors, question, 10)))
        for question in clustered(20, 32, 9)
    )
    assert found / 200 >= 0.95
    assert {id_ for id_, _ in store.search(vectors[0], 100, where={"plan": ["p30"]})} == {
        f"{row:05}" for row in range(750, 775)
    }


def test_vectors_are_shortened_only_where_that_keeps_their_neighbours(tmp_path: Path) -> None:
    graded, even = clustered(3000, 400, 10), random_unit(3000, 400, 11)
    assert IvfSegment.build(graded, tmp_path).short_dimension < 400
    assert IvfSegment.build(even, tmp_path).short_dimension == 400


def test_the_scratch_file_goes_with_the_segment(tmp_path: Path) -> None:
    segment = IvfSegment.build(clustered(500, 16, 12), tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    del segment
    gc.collect()
    assert list(tmp_path.iterdir()) == []
