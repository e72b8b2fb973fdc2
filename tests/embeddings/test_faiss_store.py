from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.encoder import Vectors
from embeddings.faiss_store import FaissStore
from embeddings.vector_store import Rows, VectorStore


def unit(rows: list[list[float]]) -> Vectors:
    matrix = np.array(rows, dtype=np.float32)
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


def random_unit(n: int, dimension: int, seed: int) -> Vectors:
    return unit(np.random.default_rng(seed).standard_normal((n, dimension)).tolist())


def filled(ids: list[str], vectors: Vectors) -> FaissStore:
    store = FaissStore()
    store.build(Rows(ids, vectors))
    return store


def test_it_is_a_vector_store() -> None:
    store: VectorStore = filled(["a"], unit([[1, 0]]))
    assert store.search(np.array([1, 0], dtype=np.float32), 5) == [("a", 1.0)]


def test_neighbours_come_by_score_and_ties_by_id() -> None:
    store = filled(["c", "b", "z", "a"], unit([[1, 0], [1, 0], [0, 1], [1, 0]]))
    assert store.search(np.array([1, 0], dtype=np.float32), 2) == [("a", 1.0), ("b", 1.0)]
    assert [id_ for id_, _ in store.search(np.array([1, 0], dtype=np.float32), 9)] == ["a", "b", "c", "z"]


def test_more_ties_than_the_first_look_holds() -> None:
    ids = [f"{i:03}" for i in range(200)]
    store = filled(ids[::-1], unit([[1.0, 0.0]] * 200))
    assert [id_ for id_, _ in store.search(np.array([1, 0], dtype=np.float32), 3)] == ["000", "001", "002"]


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 12))
def test_search_agrees_with_plain_arithmetic_whatever_the_order(seed: int, n: int, k: int) -> None:
    vectors = random_unit(n, 24, seed)
    ids = [f"id{i:02}" for i in range(n)]
    question = random_unit(1, 24, seed + 1)[0]
    exact = {
        id_: float(np.float32(np.dot(row.astype(np.float64), question.astype(np.float64))))
        for id_, row in zip(ids, vectors, strict=True)
    }
    expected = sorted(exact.items(), key=lambda pair: (-pair[1], pair[0]))[:k]
    shuffled = np.random.default_rng(seed).permutation(n)
    found = filled(ids, vectors).search(question, k)
    other = filled([ids[i] for i in shuffled], vectors[shuffled]).search(question, k)
    assert found == other
    assert [id_ for id_, _ in found] == [id_ for id_, _ in expected]
    np.testing.assert_allclose([s for _, s in found], [s for _, s in expected], atol=1e-6)


def test_within_looks_at_those_ids_alone() -> None:
    vectors = random_unit(50, 8, 1)
    ids = [f"{i:02}" for i in range(50)]
    store = filled(ids, vectors)
    question = vectors[7]
    assert store.search(question, 1)[0][0] == "07"
    within = ["31", "12", "40", "12"]
    found = store.search(question, 10, within)
    assert sorted(id_ for id_, _ in found) == ["12", "31", "40"]
    assert [s for _, s in found] == store.scores(question, [id_ for id_, _ in found]).tolist()
    assert store.search(question, 3, []) == []


def test_scores_come_in_the_order_asked() -> None:
    store = filled(["a", "b", "c"], unit([[1, 0], [0, 1], [-1, 0]]))
    question = np.array([1, 0], dtype=np.float32)
    np.testing.assert_array_equal(store.scores(question, ["c", "a"]), [-1.0, 1.0])
    np.testing.assert_array_equal(store.scores(question), [1.0, 0.0, -1.0])
    assert list(store.ids) == ["a", "b", "c"]


def test_add_and_remove_equal_a_fresh_build() -> None:
    vectors = random_unit(30, 8, 2)
    ids = [f"{i:02}" for i in range(30)]
    store = filled(ids[:20], vectors[:20])
    store.remove(["03", "17", "00"])
    store.add(Rows(ids[20:], vectors[20:]))
    store.add(Rows(["03"], vectors[3:4]))
    kept = [i for i in range(30) if i not in (0, 17)]
    fresh = filled([ids[i] for i in kept], vectors[kept])
    assert len(store) == 28 and "17" not in store and "03" in store
    for question in random_unit(5, 8, 3):
        assert store.search(question, 28) == fresh.search(question, 28)
    np.testing.assert_array_equal(store.vectors(["25", "03"]), vectors[[25, 3]])


def test_save_and_load_give_the_same_neighbours(tmp_path: Path) -> None:
    store = filled(["青岛#1", "b"], random_unit(2, 8, 4))
    store.save(tmp_path / "store")
    loaded = FaissStore()
    loaded.load(tmp_path / "store")
    question = random_unit(1, 8, 5)[0]
    assert loaded.search(question, 2) == store.search(question, 2)
    loaded.add(Rows(["c"], random_unit(1, 8, 6)))
    assert list(loaded.ids) == ["青岛#1", "b", "c"]


def test_two_saves_of_the_same_store_are_the_same_bytes(tmp_path: Path) -> None:
    store = filled(["a", "b"], random_unit(2, 8, 4))
    store.save(tmp_path / "one")
    store.save(tmp_path / "two")
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


@pytest.mark.parametrize("name", ["000000.faiss", "000000.ids.json", "000000.attributes.json", "store.json"])
@pytest.mark.parametrize("harm", ["gone", "cut", "changed"])
def test_a_harmed_store_is_refused_and_the_loaded_one_stays(tmp_path: Path, name: str, harm: str) -> None:
    filled(["a", "b"], random_unit(2, 8, 4)).save(tmp_path)
    file = tmp_path / name
    data = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(data[: len(data) // 2] if harm == "cut" else data[:-1] + b"~")
    store = filled(["old"], random_unit(1, 8, 7))
    with pytest.raises((ValueError, FileNotFoundError), match="planqa index"):
        store.load(tmp_path)
    assert list(store.ids) == ["old"]


def test_an_unknown_kind_of_index_is_refused(tmp_path: Path) -> None:
    filled(["a"], random_unit(1, 8, 4)).save(tmp_path)
    record = json.loads((tmp_path / "store.json").read_text())
    (tmp_path / "store.json").write_text(json.dumps({**record, "kind": "tree"}))
    with pytest.raises(ValueError, match="kind tree; wanted 2, flat or ivf"):
        FaissStore().load(tmp_path)


@pytest.mark.parametrize(
    ("ids", "vectors", "message"),
    [
        (["a", "a"], unit([[1, 0], [0, 1]]), "'a' is already in the store"),
        (["a"], unit([[1, 0], [0, 1]]), "1 ids and vectors of shape"),
        (["a"], np.array([[3, 4]], dtype=np.float32), "has length 5.0000; wanted unit length"),
        (["a"], np.array([[np.nan, 1]], dtype=np.float32), "wanted unit length"),
    ],
)
def test_bad_vectors_are_refused_and_the_store_stays(ids: list[str], vectors: Vectors, message: str) -> None:
    store = filled(["old"], unit([[1, 0]]))
    with pytest.raises(ValueError, match=message):
        store.build(Rows(ids, vectors))
    with pytest.raises(ValueError, match=message):
        store.add(Rows(ids, vectors))
    assert list(store.ids) == ["old"]


def test_bad_questions_are_refused() -> None:
    store = filled(["a"], unit([[1, 0]]))
    with pytest.raises(ValueError, match="3 dimensions; the store holds 2"):
        store.search(np.ones(3, dtype=np.float32), 1)
    with pytest.raises(ValueError, match="one finite vector"):
        store.search(np.array([np.nan, 1], dtype=np.float32), 1)
    with pytest.raises(ValueError, match="k is 0"):
        store.search(np.array([1, 0], dtype=np.float32), 0)
    with pytest.raises(KeyError, match="'nobody' in a store of 1"):
        store.scores(np.array([1, 0], dtype=np.float32), ["nobody"])
    with pytest.raises(KeyError, match="nobody"):
        store.remove(["a", "nobody"])
    assert list(store.ids) == ["a"]


def test_an_empty_store_finds_nothing() -> None:
    store = FaissStore()
    assert store.dimension == 0
    assert store.search(np.array([1, 0], dtype=np.float32), 3) == []
    store.add(Rows(["a"], unit([[1, 0]])))
    assert store.search(np.array([1, 0], dtype=np.float32), 3) == [("a", 1.0)]


@pytest.mark.parametrize("dimension", [7, 16, 768])
def test_a_vector_scores_the_same_whatever_row_it_lies_in(dimension: int) -> None:
    vectors = random_unit(101, dimension, 8)
    vectors[[3, 50, 100]] = vectors[0]
    ids = [f"{i:03}" for i in range(101)]
    question = random_unit(1, dimension, 9)[0]
    store = filled(ids, vectors)
    scores = store.scores(question)
    assert len({float(scores[i]) for i in (0, 3, 50, 100)}) == 1
    assert [float(store.scores(question, [ids[i]])[0]) for i in (3, 50)] == [float(scores[0])] * 2
    by_score = [id_ for id_, score in store.search(question, 101) if score == float(scores[0])]
    assert by_score == ["000", "003", "050", "100"]
