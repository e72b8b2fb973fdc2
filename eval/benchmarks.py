"""Public test sets beside published figures: what the report shows of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.beir import BeirSet, Passage, Rank, score_rankings
from eval.measures import Share
from eval.statistics import estimate
from rag.keyword_index import KeywordIndex

PUBLISHED: Mapping[tuple[str, str], str] = {
    ("cmrc2018", "nDCG@10"): "BM25 on characters and pairs 0.984",
    ("drcd", "nDCG@10"): "BM25 0.959",
    ("drcd (queries_simplified.jsonl)", "nDCG@10"): "BM25 0.850 without normalising",
    ("xquad_zh", "nDCG@10"): "BM25 0.967",
    ("xquad_en", "nDCG@10"): "BM25 0.961",
    ("zh_refine", "noise 0"): "qwen2:1.5b 0.677, llama3.2:1b 0.803, gemma2:2b 0.933",
    ("zh_refine", "noise 0.4"): "qwen2:1.5b 0.617, llama3.2:1b 0.693, gemma2:2b 0.907",
    ("zh_refine", "noise 0.8"): "qwen2:1.5b 0.453, llama3.2:1b 0.420, gemma2:2b 0.730",
}
"""Figures that others published or measured for a set and a measure."""


def keyword_rank(passages: Sequence[Passage]) -> Rank:
    """Our keyword view alone over passages: no model, so it runs anywhere in seconds."""
    keywords = KeywordIndex.build([f"{passage.title}\n{passage.text}" for passage in passages])
    ids = [passage.passage_id for passage in passages]

    def rank(question: str) -> list[str]:
        scores = keywords.scores(question)
        found = [row for row in range(len(ids)) if scores[row] > 0]
        return [ids[row] for row in sorted(found, key=lambda row: (-float(scores[row]), ids[row]))[:100]]

    return rank


def retrieval_results(test_set: BeirSet, name: str, system: str, rank: Rank) -> list[dict[str, Any]]:
    """One result for each measure; ``name`` is the set's, with what was changed about it."""
    shares = score_rankings(test_set, rank)
    return [result(name, system, measure, values) for measure, values in shares.items()]


def result(name: str, system: str, measure: str, shares: Sequence[Share]) -> dict[str, Any]:
    """A line of the report's table."""
    found = estimate(shares)
    return {
        "set": name, "system": system, "measure": measure, "value": found.value, "low": found.low,
        "high": found.high, "n": found.n, "beside": PUBLISHED.get((name, measure), ""),
    }  # fmt: skip


def save_results(path: Path, results: Iterable[Mapping[str, Any]]) -> None:
    """Add the results to a file; one of the same set, system and measure is replaced."""
    kept = {(entry["set"], entry["system"], entry["measure"]): entry for entry in load_results(path)}
    kept |= {(entry["set"], entry["system"], entry["measure"]): dict(entry) for entry in results}
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(list(kept.values()), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    aside.replace(path)


def load_results(path: Path) -> list[dict[str, Any]]:
    """The results of the file; none where there is no file."""
    if not path.is_file():
        return []
    results: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return results
