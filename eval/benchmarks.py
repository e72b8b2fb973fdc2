"""Public test sets beside published figures: what the report shows of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from embeddings.encoder import Encoder, Progress
from eval.beir import BeirSet, Passage, Rank, score_rankings
from eval.measures import Share
from eval.published import published_figures
from eval.statistics import estimate
from rag.keyword_index import KeywordIndex


def keyword_rank(passages: Sequence[Passage]) -> Rank:
    """Our keyword view alone over passages: no model, so it runs anywhere in seconds."""
    keywords = KeywordIndex.build([f"{passage.title}\n{passage.text}" for passage in passages])
    ids = [passage.passage_id for passage in passages]

    def rank(question: str) -> list[str]:
        scores = keywords.scores(question)
        found = [row for row in range(len(ids)) if scores[row] > 0]
        return [ids[row] for row in sorted(found, key=lambda row: (-float(scores[row]), ids[row]))[:100]]

    return rank


def passage_rank(passages: Sequence[Passage], encoder: Encoder, progress: Progress | None = None) -> Rank:
    """The dense view alone, one vector a passage: how published figures of encoders are made."""
    vectors = encoder.encode_passages(
        [passage.text for passage in passages], [passage.title for passage in passages], progress
    )
    ids = [passage.passage_id for passage in passages]

    def rank(question: str) -> list[str]:
        scores = vectors @ encoder.encode_question(question)
        order = sorted(range(len(ids)), key=lambda row: (-float(scores[row]), ids[row]))
        return [ids[row] for row in order[:100]]

    return rank


def retrieval_results(test_set: BeirSet, system: str, rank: Rank) -> list[dict[str, Any]]:
    """One result for each measure, with how many of the set's passages they are over."""
    over = {"passages": len(test_set.passages), "passages_of": test_set.n_all}
    shares = score_rankings(test_set, rank)
    return [result(test_set.name, system, measure, values) | over for measure, values in shares.items()]


def result(name: str, system: str, measure: str, shares: Sequence[Share]) -> dict[str, Any]:
    """A line of the report's table, with what others reached."""
    found = estimate(shares)
    beside = published_figures().get((name, measure))
    return {
        "set": name, "system": system, "measure": measure, "value": found.value, "low": found.low,
        "high": found.high, "n": found.n, "beside": "" if beside is None else str(beside),
    }  # fmt: skip


def benchmark_table(results: Iterable[Mapping[str, Any]]) -> str:
    """The results as lines of text, for a terminal."""
    lines: list[str] = []
    for entry in results:
        figure = f"{entry['value']:.3f} [{entry['low']:.3f}, {entry['high']:.3f}]"
        over = f"n={entry['n']}" + (f", {passages_of(entry)}" if "passages" in entry else "")
        lines.append(f"{entry['set']:32} {entry['system']:44} {entry['measure']:10} {figure:22} {over}")
        if entry["beside"]:
            lines.append(f"{'':32} beside: {entry['beside']}")
    return "\n".join(lines)


def passages_of(entry: Mapping[str, Any]) -> str:
    """How many passages were searched, and of how many where the set was cut."""
    cut = "" if entry["passages"] == entry["passages_of"] else f" of {entry['passages_of']:,}"
    return f"{entry['passages']:,}{cut} passages"


def save_results(path: Path, results: Iterable[Mapping[str, Any]]) -> None:
    """Add the results to a file; one of the same thing over as many questions and passages is replaced."""
    kept = {_what(entry): dict(entry) for entry in (*load_results(path), *results)}
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(list(kept.values()), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    aside.replace(path)


def _what(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    return (*(entry[name] for name in ("set", "system", "measure", "n")), entry.get("passages"))


def load_results(path: Path) -> list[dict[str, Any]]:
    """The results of the file; none where there is no file."""
    if not path.is_file():
        return []
    results: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return results
