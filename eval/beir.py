"""Public retrieval test sets in BEIR's layout: corpus.jsonl, queries.jsonl, qrels.tsv."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ir_measures
from ir_measures import RR, R, nDCG

from eval.measures import Share
from rag.errors import PlanqaError

_SEED = 20240613
MEASURES = {nDCG @ 10: "nDCG@10", R @ 10: "recall@10", RR @ 10: "MRR@10"}
Rank = Callable[[str], Sequence[str]]
"""From a question to the ids of passages, best first."""


class BenchmarkError(PlanqaError):
    """A test set that cannot be read; the message says what is missing or wrong, and where."""

    code = "bad_benchmark"


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of the corpus."""

    passage_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class BeirSet:
    """A corpus, questions and which passages answer them."""

    name: str
    passages: tuple[Passage, ...]
    questions: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]
    n_all: int = 0
    """How many passages the whole set has; more than :attr:`passages` where it was cut."""

    def with_passages(self, n: int) -> BeirSet:
        """The set with only ``n`` passages: all that are judged, filled up with others drawn by a fixed seed.

        Fewer passages make a question easier, so figures are over what they say they are over. Where more
        than ``n`` are judged, all of those stay.
        """
        judged = {passage_id for judgements in self.qrels.values() for passage_id in judgements}
        others = [passage.passage_id for passage in self.passages if passage.passage_id not in judged]
        drawn = random.Random(_SEED).sample(others, min(len(others), max(0, n - len(judged))))
        kept = judged.union(drawn)
        passages = tuple(passage for passage in self.passages if passage.passage_id in kept)
        return replace(self, passages=passages)


def load_beir(folder: Path, questions_file: str = "queries.jsonl", sample_file: str | None = None) -> BeirSet:
    """Read a set; ``sample_file`` lists the question ids to take, one a line.

    Both names are taken from the folder on; ``../xquad_zh/queries.jsonl`` puts one set's questions to
    another's passages, where the ids are the same.

    :raises BenchmarkError: where a file is missing, a line is broken, or a judgement names what is not there.
    """
    passages = tuple(
        Passage(str(line["_id"]), str(line.get("title", "")), str(line["text"]))
        for line in _read_lines(folder / "corpus.jsonl")
    )
    questions = {str(line["_id"]): str(line["text"]) for line in _read_lines(folder / questions_file)}
    qrels = _read_qrels(_find(folder), {passage.passage_id for passage in passages})
    wanted = [question_id for question_id in questions if question_id in qrels]
    if sample_file is not None:
        sample = _existing(folder / sample_file).read_text(encoding="utf-8").split()
        unknown = sorted(set(sample) - set(wanted))
        if unknown:
            raise BenchmarkError(f"{sample_file} names {unknown[0]}, which has no question or no judgement")
        wanted = sample
    if not wanted:
        raise BenchmarkError(f"{folder} has no question with a judgement")
    kept = {question_id: questions[question_id] for question_id in wanted}
    judged = {question_id: qrels[question_id] for question_id in wanted}
    return BeirSet(_set_name(folder, questions_file), passages, kept, judged, len(passages))


def score_rankings(test_set: BeirSet, rank: Rank) -> dict[str, list[Share]]:
    """Every question's nDCG@10, recall@10 and MRR@10; a question that finds nothing counts as zero."""
    run: dict[str, dict[str, float]] = {}
    for question_id, text in test_set.questions.items():
        found = rank(text)[:100]
        # a made-up passage keeps questions without a hit in the average
        run[question_id] = {passage_id: -float(place) for place, passage_id in enumerate(found)} or {
            "\0": 0.0
        }
    shares: dict[str, list[Share]] = {name: [] for name in MEASURES.values()}
    qrels = {question_id: dict(judged) for question_id, judged in test_set.qrels.items()}
    for value in ir_measures.iter_calc(list(MEASURES), qrels, run):
        shares[MEASURES[value.measure]].append(Share(value.value))
    return shares


def _set_name(folder: Path, questions_file: str) -> str:
    asked = Path(questions_file)
    if questions_file == "queries.jsonl":
        return folder.name
    return f"{folder.name} ({f'questions of {asked.parent.name}' if asked.parent.name else asked.name})"


def _find(folder: Path) -> Path:
    for path in (folder / "qrels.tsv", folder / "qrels" / "test.tsv"):
        if path.is_file():
            return path
    raise BenchmarkError(f"{folder} has neither qrels.tsv nor qrels/test.tsv")


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise BenchmarkError(f"{path} is missing; a folder in BEIR's layout is wanted")
    return path


def _read_lines(path: Path) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for number, line in enumerate(_existing(path).read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            record["_id"], record["text"]
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise BenchmarkError(f"{path.name}:{number}: an object with _id and text is wanted") from error
        records.append(record)
    return records


def _read_qrels(path: Path, passage_ids: set[str]) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t"), start=1):
            if number == 1 and row[-1:] == ["score"]:
                continue
            if len(row) != 3 or not row[2].lstrip("-").isdigit():
                raise BenchmarkError(f"{path.name}:{number}: question, passage and score are wanted")
            if row[1] not in passage_ids:
                raise BenchmarkError(f"{path.name}:{number}: passage {row[1]} is not in the corpus")
            qrels.setdefault(row[0], {})[row[1]] = int(row[2])
    return qrels
