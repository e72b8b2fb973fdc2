"""Measures the index at several sizes: how fast it is built and searched, how large it is, what it misses."""

from __future__ import annotations

import multiprocessing
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.faiss_store import FaissStore
from embeddings.vector_store import Rows
from rag.keyword_index import KeywordIndex
from rag.varied_chunks import BLOCK, RealChunks, VariedVectors, varied_texts

K = 10
CANDIDATES = 100
"""How many of each view one search takes, to score them in both views."""
PLAN_CHUNKS = 190
"""The chunks of one plan: the sample plans have 1,333 in seven."""
_VECTORS, _KEYWORDS, _ADDED = "vectors", "keywords", "added"
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class BenchQuestions:
    """Real questions with their vectors."""

    texts: Sequence[str]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one search, over all questions."""

    median_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class SizeReport:
    """What was measured at one size. Sizes are in MB (1e6 bytes); memory is a process' peak resident size."""

    n_chunks: int
    kind: str
    build_vectors_s: float
    build_keywords_s: float
    chunks_per_s: float
    vectors_mb: float
    keywords_mb: float
    build_peak_mb: float
    search_peak_mb: float
    load_s: float
    dense: Timing
    dense_recall: float
    keyword: Timing
    keyword_recall: float
    both: Timing
    """Candidates of both views, and both scores of each."""
    add_plan_s: float
    """Adding one plan to both views in memory, its vectors being known."""
    save_plan_s: float
    """Writing the index with that plan beside the old one."""


Tell = Callable[[str], None]


def bench_index(
    real: RealChunks, questions: BenchQuestions, sizes: Sequence[int], folder: Path, tell: Tell
) -> list[SizeReport]:
    """Measure each of ``sizes``; ``folder`` takes the indexes, one at a time, and is left empty.

    Building and searching are processes of their own, so that the memory of one is not taken for the other's.
    """
    reports: list[SizeReport] = []
    for size in sizes:
        place = Path(tempfile.mkdtemp(prefix="bench-", dir=folder))
        try:
            tell(f"{size} chunks: building")
            built = _apart(_build, real, size, place)
            tell(f"{size} chunks: searching")
            searched = _apart(_search, real, questions, size, place)
            tell(f"{size} chunks: adding a plan")
            added = _apart(_add, real, size, place)
        finally:
            shutil.rmtree(place, ignore_errors=True)
        reports.append(SizeReport(n_chunks=size, **built, **searched, **added))
    return reports


def _apart(work: Callable[..., _Result], *arguments: object) -> _Result:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _build(real: RealChunks, size: int, place: Path) -> dict[str, Any]:
    started = time.perf_counter()
    store = FaissStore(scratch=place)
    store.build(Rows(_ids(0, size), VariedVectors(real.vectors, size)))
    store.save(place / _VECTORS)
    kind = store.kind
    del store
    between = time.perf_counter()
    KeywordIndex.build(varied_texts(real, size)).save(place / _KEYWORDS)
    ended = time.perf_counter()
    return {
        "kind": kind,
        "build_vectors_s": between - started,
        "build_keywords_s": ended - between,
        "chunks_per_s": size / (ended - started),
        "vectors_mb": _megabytes(place / _VECTORS),
        "keywords_mb": _megabytes(place / _KEYWORDS),
        "build_peak_mb": peak_mb(),
    }


def _search(real: RealChunks, questions: BenchQuestions, size: int, place: Path) -> dict[str, Any]:
    started = time.perf_counter()
    store, words = _loaded(place)
    load_s = time.perf_counter() - started
    asked = list(zip(questions.texts, questions.vectors, strict=True))
    for text, vector in asked[:5]:  # the first touch of a memory map reads the disk
        _both(store, words, text, vector)
    dense, found = _timed(lambda _, vector: [id_ for id_, _ in store.search(vector, K)], asked)
    keyword, rows = _timed(lambda text, _: words.search(text, K)[1], asked)
    both, _ = _timed(lambda text, vector: _both(store, words, text, vector), asked)
    peak = peak_mb()
    # what is exact is worked out afterwards: it takes more memory than a search
    best = _exact(real, questions.vectors, size)
    dense_recall = statistics.fmean(len(set(a) & set(b)) / len(b) for a, b in zip(found, best, strict=True))
    return {
        "search_peak_mb": peak,
        "load_s": load_s,
        "dense": dense,
        "dense_recall": dense_recall,
        "keyword": keyword,
        "keyword_recall": _keyword_recall(words, questions.texts, rows),
        "both": both,
    }


def _add(real: RealChunks, size: int, place: Path) -> dict[str, Any]:
    store, words = _loaded(place)
    vectors = VariedVectors(real.vectors, size + PLAN_CHUNKS)[size : size + PLAN_CHUNKS]
    texts = [f"{above}\n{text}" for above, text in zip(real.contexts, real.texts, strict=True)][:PLAN_CHUNKS]
    started = time.perf_counter()
    store.add(Rows(_ids(size, size + PLAN_CHUNKS), vectors))
    words.add((texts * PLAN_CHUNKS)[:PLAN_CHUNKS])
    between = time.perf_counter()
    store.save(place / _ADDED / _VECTORS)
    words.save(place / _ADDED / _KEYWORDS)
    return {"add_plan_s": between - started, "save_plan_s": time.perf_counter() - between}


def _loaded(place: Path) -> tuple[FaissStore, KeywordIndex]:
    store = FaissStore()
    store.load(place / _VECTORS)
    return store, KeywordIndex.load(place / _KEYWORDS)


def _both(store: FaissStore, words: KeywordIndex, text: str, vector: NDArray[np.float32]) -> int:
    """Candidates of each view, then both scores of all of them: what retrieval does with a question."""
    dense = store.search(vector, CANDIDATES)
    rows, _ = words.search(text, CANDIDATES)
    union = np.union1d(np.array([int(id_) for id_, _ in dense], dtype=np.int64), rows)
    fused = store.scores(vector, [f"{row:07}" for row in union.tolist()]) + words.word_shares(text, union)
    words.scores(text, union)
    return int(fused.argmax())


def _timed(
    search: Callable[[str, NDArray[np.float32]], _Result], asked: Sequence[tuple[str, NDArray[np.float32]]]
) -> tuple[Timing, list[_Result]]:
    times: list[float] = []
    results: list[_Result] = []
    for text, vector in asked:
        started = time.perf_counter()
        results.append(search(text, vector))
        times.append(1000 * (time.perf_counter() - started))
    return Timing(statistics.median(times), float(np.percentile(times, 95))), results


def _exact(real: RealChunks, questions: Vectors, size: int) -> list[list[str]]:
    """The ids of the nearest rows, every row being compared in single precision."""
    vectors = VariedVectors(real.vectors, size)
    scores = np.zeros((len(questions), 0), dtype=np.float32)
    rows = np.zeros((len(questions), 0), dtype=np.int64)
    for start in range(0, size, BLOCK):
        block = questions @ vectors[start : start + BLOCK].T
        scores = np.concatenate((scores, block), axis=1)
        own = np.broadcast_to(np.arange(start, start + block.shape[1]), block.shape)
        rows = np.concatenate((rows, own), axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :K]
        scores, rows = np.take_along_axis(scores, order, 1), np.take_along_axis(rows, order, 1)
    return [[f"{row:07}" for row in own] for own in rows.tolist()]


def _keyword_recall(
    words: KeywordIndex, questions: Sequence[str], found: Sequence[NDArray[np.float32]]
) -> float:
    """The share of the best rows found, by score: many copies have equal ones. All rows are scored for it."""
    shares: list[float] = []
    for text, scores in zip(questions, found, strict=True):
        every = words.scores(text)
        best = np.sort(every[every > 0])[::-1][:K]
        if best.size > 0:
            shares.append(float((scores >= best[-1]).sum()) / best.size)
    return statistics.fmean(shares) if shares else 1.0


def peak_mb() -> float:
    """The most memory that this process has had in use, in MB, memory-mapped files counted."""
    status = Path("/proc/self/status")
    if status.is_file():
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(fields["VmHWM"].split()[0]) * 1024 / 1e6
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1e6 if sys.platform == "darwin" else used * 1024 / 1e6


def _megabytes(directory: Path) -> float:
    return sum(file.stat().st_size for file in directory.rglob("*") if file.is_file()) / 1e6


def _ids(first: int, last: int) -> list[str]:
    return [f"{row:07}" for row in range(first, last)]
