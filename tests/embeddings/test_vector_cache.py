from __future__ import annotations

import logging
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest
from counting_encoder import CountingEncoder

from embeddings.vector_cache import CachingEncoder, VectorCache, vector_key


def test_only_changed_texts_are_embedded_again(tmp_path: Path) -> None:
    counting_encoder = CountingEncoder()
    with VectorCache(tmp_path / "vectors.sqlite") as cache:
        first = CachingEncoder(counting_encoder, cache)
        before = first.encode_passages(["甲", "乙乙", "丙"], ["", "题", ""])
        assert (first.hits, first.misses) == (0, 3)
    counting_encoder.passages.clear()
    with VectorCache(tmp_path / "vectors.sqlite") as cache:
        second = CachingEncoder(counting_encoder, cache)
        after = second.encode_passages(["丙", "新", "甲", "乙乙"], ["", "", "", "题"])
        assert (second.hits, second.misses) == (3, 1)
    assert counting_encoder.passages == [("新", "")]
    np.testing.assert_array_equal(after[[2, 3, 0]], before)


def test_result_equals_the_encoder_itself_and_repetitions_are_embedded_once(tmp_path: Path) -> None:
    counting_encoder = CountingEncoder()
    texts = ["a", "bb", "a", "ccc", "bb", "a"]
    with VectorCache(tmp_path / "v.sqlite") as cache:
        caching = CachingEncoder(counting_encoder, cache)
        vectors = caching.encode_passages(texts, [""] * 6)
    assert sorted(counting_encoder.passages) == [("a", ""), ("bb", ""), ("ccc", "")]
    np.testing.assert_array_equal(vectors, counting_encoder.encode_passages(texts, [""] * 6))
    assert (caching.hits, caching.misses) == (3, 3)


def test_every_part_of_the_key_counts() -> None:
    keys = {
        vector_key("e", "passage", "t", "x"),
        vector_key("f", "passage", "t", "x"),
        vector_key("e", "question", "t", "x"),
        vector_key("e", "passage", "", "x"),
        vector_key("e", "passage", "t", "y"),
        vector_key("e", "passage", "tx", ""),
        vector_key("e", "passage", "", "tx"),
    }
    assert len(keys) == 7


def test_questions_and_passages_do_not_share_vectors(tmp_path: Path) -> None:
    counting_encoder = CountingEncoder()
    with VectorCache(tmp_path / "v.sqlite") as cache:
        caching = CachingEncoder(counting_encoder, cache)
        passage = caching.encode_passages(["托育"], [""])[0]
        question = caching.encode_question("托育")
        again = caching.encode_question("托育")
    assert not np.array_equal(passage, question)
    np.testing.assert_array_equal(question, again)
    assert counting_encoder.questions == ["托育"]


def test_what_was_embedded_before_an_interruption_is_kept(tmp_path: Path) -> None:
    counting_encoder = CountingEncoder()
    texts = [f"text {i:03}" for i in range(150)]
    counting_encoder.stop_after = 100
    with VectorCache(tmp_path / "v.sqlite") as cache, pytest.raises(KeyboardInterrupt):
        CachingEncoder(counting_encoder, cache).encode_passages(texts, [""] * 150)
    done = len(counting_encoder.passages)
    assert 0 < done < 150
    counting_encoder.stop_after = None
    with VectorCache(tmp_path / "v.sqlite") as cache:
        caching = CachingEncoder(counting_encoder, cache)
        caching.encode_passages(texts, [""] * 150)
        assert (caching.hits, caching.misses) == (done, 150 - done)


def test_progress_counts_what_the_cache_had(tmp_path: Path) -> None:
    counting_encoder = CountingEncoder()
    calls: list[tuple[int, int]] = []
    with VectorCache(tmp_path / "v.sqlite") as cache:
        caching = CachingEncoder(counting_encoder, cache)
        caching.encode_passages(["a", "b"], ["", ""])
        caching.encode_passages(["a", "b", "c", "d"], [""] * 4, lambda *call: calls.append(call))
        assert calls == [(3, 4), (4, 4)]
        calls.clear()
        caching.encode_passages(["a", "b"], ["", ""], lambda *call: calls.append(call))
        assert calls == [(2, 2)]


def test_no_texts(tmp_path: Path) -> None:
    counting_encoder = CountingEncoder()
    with VectorCache(tmp_path / "v.sqlite") as cache:
        assert CachingEncoder(counting_encoder, cache).encode_passages([], []).shape == (0, 16)


def test_a_stored_vector_of_another_length_counts_as_missing(tmp_path: Path) -> None:
    with VectorCache(tmp_path / "v.sqlite") as cache:
        cache.put({b"k": np.ones(3, dtype=np.float32)})
        assert cache.get([b"k"], 4) == {}
        np.testing.assert_array_equal(cache.get([b"k", b"none"], 3)[b"k"], np.ones(3))


def test_writers_side_by_side_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "v.sqlite"
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            with VectorCache(path) as cache:
                for i in range(20):
                    cache.put({b"%d/%d" % (writer, i): np.full(4, writer, dtype=np.float32)})
        except sqlite3.Error as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with VectorCache(path) as cache:
        assert len(cache) == 120


def test_a_failed_write_keeps_all_or_nothing(tmp_path: Path) -> None:
    with VectorCache(tmp_path / "v.sqlite") as cache:
        cache.put({b"old": np.zeros(2, dtype=np.float32)})
        with pytest.raises(sqlite3.Error):
            cache.put({b"new": np.zeros(2, dtype=np.float32), None: np.zeros(2, dtype=np.float32)})  # type: ignore[dict-item]
        assert len(cache) == 1
        cache.put({b"next": np.zeros(2, dtype=np.float32)})
        assert len(cache) == 2


def test_a_file_that_is_no_cache_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "v.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(ValueError, match=r"v\.sqlite cannot be read .* Move it away"):
        VectorCache(path)
    assert path.read_bytes().startswith(b"not a database")


def test_a_cache_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "v.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ValueError, match="version 99; this planqa reads version 1"):
        VectorCache(path)


def test_a_cache_that_fails_in_use_costs_no_vector(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    counting_encoder = CountingEncoder()
    cache = VectorCache(tmp_path / "v.sqlite")
    cache.close()
    with caplog.at_level(logging.WARNING):
        vectors = CachingEncoder(counting_encoder, cache).encode_passages(["a"], [""])
    np.testing.assert_array_equal(vectors, counting_encoder.encode_passages(["a"], [""]))
    assert "cannot be read" in caplog.text
    assert "1 vectors not kept" in caplog.text
