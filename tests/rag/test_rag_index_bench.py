from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from chain_fakes import FakeEncoder, small_plans

from commands.bench import read_sizes
from rag.chunks import chunk_plans, context
from rag.index_bench import BenchQuestions, bench_index, peak_mb
from rag.varied_chunks import BLOCK, RealChunks, VariedVectors, varied_texts

QUESTIONS = ("新建幼儿园多少所?", "哪些城市建设标准化食堂", "游泳")


@pytest.fixture(scope="module")
def real() -> RealChunks:
    chunks = chunk_plans(small_plans())
    texts, contexts = [chunk.text for chunk in chunks], [context(chunk) for chunk in chunks]
    return RealChunks(FakeEncoder().encode_passages(texts, contexts), texts, contexts)


def test_varied_vectors_are_the_same_however_they_are_read(real: RealChunks) -> None:
    vectors = VariedVectors(real.vectors, BLOCK + 100)
    assert vectors.shape == (BLOCK + 100, 256)
    across = vectors[BLOCK - 3 : BLOCK + 5]
    np.testing.assert_array_equal(across[:3], vectors[0:BLOCK][-3:])
    np.testing.assert_array_equal(across[3:], vectors[BLOCK : BLOCK + 100][:5])
    np.testing.assert_allclose(np.linalg.norm(across, axis=1), 1, atol=1e-6)
    assert len(vectors[BLOCK:]) == 100
    assert len(np.unique(vectors[0:500], axis=0)) > 450


def test_varied_texts_are_made_of_the_real_ones(real: RealChunks) -> None:
    texts = list(varied_texts(real, 300))
    assert len(texts) == 300
    assert texts == list(varied_texts(real, 400))[:300]
    assert len(set(texts)) > len(real.texts)
    above = set(real.contexts)
    assert all(text.partition("\n")[0] in above for text in texts)


def test_every_size_is_measured_and_nothing_is_left_behind(real: RealChunks, tmp_path: Path) -> None:
    questions = BenchQuestions(QUESTIONS, np.stack([FakeEncoder().encode_question(q) for q in QUESTIONS]))
    told: list[str] = []
    small, large = bench_index(real, questions, [150, 400], tmp_path, told.append)
    assert (small.n_chunks, large.n_chunks, small.kind) == (150, 400, "flat")
    assert (small.dense_recall, small.keyword_recall) == (1.0, 1.0)
    assert large.vectors_mb > small.vectors_mb > 150 * 256 * 4 / 1e6
    assert large.keywords_mb > small.keywords_mb > 0
    for report in (small, large):
        assert 0 < report.dense.median_ms <= report.dense.p95_ms
        assert 0 < report.both.median_ms <= report.both.p95_ms
        assert report.chunks_per_s > 0 and report.add_plan_s > 0
        assert 20 < report.search_peak_mb
    assert list(tmp_path.iterdir()) == []
    assert told == [
        f"{size} chunks: {step}" for size in (150, 400) for step in ("building", "searching", "adding a plan")
    ]


def test_the_peak_of_memory_grows_with_what_is_held() -> None:
    before = peak_mb()
    held = np.ones(int(before * 1e6) // 8 + 8_000_000)
    assert peak_mb() - before > 50
    assert held.size > 0


def test_sizes_are_read_as_people_write_them() -> None:
    assert read_sizes("1000, 1_000_000") == [1000, 1_000_000]
    for wrong in ("many", "", "0", "5,-1"):
        with pytest.raises(ValueError, match="sizes"):
            read_sizes(wrong)
