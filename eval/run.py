"""A run: one system, a set of questions, a folder.

The folder holds ``run.json`` (what was measured with what), ``questions.jsonl`` (the questions as they were)
and ``outcomes.jsonl`` (one line a question, with its scores). An interrupted run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from eval.citable import Citable
from eval.measures import Share
from eval.outcomes import N_HITS, N_PLAN_HITS, Outcome, answer_record, hit_pairs
from eval.questions import Question, load_questions
from eval.scoring import Scores, score
from eval.systems import System
from rag.errors import PlanqaError
from rag.records import Answer, AskRequest, Event

SCHEMA = 1
SCORING = "2"
"""Changes whenever a measure is computed in another way: runs of two scorings are not compared."""
_RECORD, _QUESTIONS, _OUTCOMES = "run.json", "questions.jsonl", "outcomes.jsonl"
_LIBRARIES = ("ir-measures", "numpy")
Progress = Callable[[int, int], None]


class RunError(PlanqaError):
    """A run folder that cannot be used as asked; the message says why and what to do."""

    code = "bad_run"


@dataclass(frozen=True, slots=True)
class Scored:
    """A question with what the system made of it and how good that was."""

    question: Question
    outcome: Outcome
    scores: Scores


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was read from its folder."""

    folder: Path
    record: dict[str, Any]
    results: tuple[Scored, ...]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def title(self) -> str:
        """System, name and day, for tables."""
        return f"{self.record['system']['system']} ({self.name}, {self.record['started'][:10]})"

    @property
    def complete(self) -> bool:
        """Whether every question has an outcome."""
        return len(self.results) == int(self.record["n_questions"])


def choose_questions(questions: Sequence[Question], limit: int | None) -> list[Question]:
    """The first ``limit`` questions, taking the types in turn so that a small run has all of them."""
    if limit is None or limit >= len(questions):
        return list(questions)
    queues: dict[str, list[Question]] = {}
    for question in questions:
        queues.setdefault(question.type, []).append(question)
    chosen: list[Question] = []
    while len(chosen) < limit:
        for queue in queues.values():
            if queue and len(chosen) < limit:
                chosen.append(queue.pop(0))
    return chosen


def run_questions(
    system: System,
    questions: Sequence[Question],
    citable: Citable,
    folder: Path,
    generate: bool = True,
    progress: Progress | None = None,
) -> Run:
    """Put every question to the system that has no outcome yet, and return the whole run.

    :raises RunError: where the folder holds a run of something else.
    """
    record = _open(system, questions, citable, folder, generate)
    done = {outcome.question_id for outcome, _ in _read_outcomes(folder / _OUTCOMES)}
    with (folder / _OUTCOMES).open("a", encoding="utf-8") as lines:
        for number, question in enumerate(questions, start=1):
            if question.question_id not in done:
                outcome = ask(system, question, generate)
                lines.write(_line(outcome, score(question, outcome, citable)) + "\n")
                lines.flush()
                os.fsync(lines.fileno())
            if progress is not None:
                progress(number, len(questions))
    if record["finished"] is None:
        record["finished"] = _now()
        _write_json(folder / _RECORD, record)
    return load_run(folder)


def load_run(folder: Path) -> Run:
    """Read a run. :raises RunError: where the folder holds none, or one of another schema."""
    path = folder / _RECORD
    if not path.is_file():
        raise RunError(f"{folder} holds no run (no {_RECORD}); name a folder that `planqa eval run` wrote")
    record = json.loads(path.read_text(encoding="utf-8"))
    if record.get("schema") != SCHEMA:
        raise RunError(f"{path} has schema {record.get('schema')}, wanted {SCHEMA}; run it again")
    questions = {question.question_id: question for question in load_questions([folder / _QUESTIONS])}
    results = tuple(
        Scored(questions[outcome.question_id], outcome, scores)
        for outcome, scores in _read_outcomes(folder / _OUTCOMES)
    )
    return Run(folder, record, results)


def ask(system: System, question: Question, generate: bool = True) -> Outcome:
    """Put one question to the system. An error that a user could meet is an outcome; others go up."""
    request = AskRequest(question.text, question.history, generate=generate)
    reached: dict[str, float] = {}
    started = time.perf_counter()

    def note(event: Event) -> None:
        reached.setdefault(event.kind, (time.perf_counter() - started) * 1000)

    answer: Answer | None = None
    error = ""
    try:
        answer = system.answer(request, note)
    except PlanqaError as failure:
        error = f"{failure.code}: {failure.message}"
    wall = (time.perf_counter() - started) * 1000
    memory = psutil.Process().memory_info().rss / 2**20
    return replace(
        _search(system, question, request),
        answer=answer_record(answer),
        error=error,
        wall_ms=wall,
        reached_ms=reached,
        memory_mb=round(memory, 1),
    )


def _search(system: System, question: Question, request: AskRequest) -> Outcome:
    started = time.perf_counter()
    try:
        hits = system.search(request, N_HITS, False)
        spent = (time.perf_counter() - started) * 1000
        per_plan: dict[str, list[str]] = {}
        if question.verdicts and hits is not None:
            for hit in system.search(request, N_PLAN_HITS, True) or []:
                per_plan.setdefault(hit.plan_id, []).append(hit.item_id)
    except PlanqaError:
        # the same question failed to be answered for the same reason, which is kept with the answer
        return Outcome(question.question_id, searched=True)
    return Outcome(question.question_id, hit_pairs(hits or []), hits is not None, per_plan, search_ms=spent)


def _open(
    system: System, questions: Sequence[Question], citable: Citable, folder: Path, generate: bool
) -> dict[str, Any]:
    """Start the folder's record, or check that what is there is the same run."""
    text = "".join(question.line + "\n" for question in questions)
    same = {
        "schema": SCHEMA,
        "scoring": SCORING,
        "system": json.loads(json.dumps(system.describe())),
        "generate": generate,
        "questions": hashlib.sha256(text.encode()).hexdigest(),
        "n_questions": len(questions),
        "corpus": hashlib.sha256("\0".join(sorted(citable.plan_texts.values())).encode()).hexdigest(),
    }
    path = folder / _RECORD
    if path.is_file():
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        changed = [name for name, value in same.items() if record.get(name) != value]
        if changed:
            raise RunError(
                f"{folder} holds a run with another {', '.join(changed)}; name another folder, "
                "or delete this one to run it anew"
            )
        return record
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _QUESTIONS).write_text(text, encoding="utf-8")
    record = {
        **same,
        "started": _now(),
        "finished": None,
        "machine": {
            "processor": platform.machine(), "cores": psutil.cpu_count(logical=False),
            "memory_gb": round(psutil.virtual_memory().total / 2**30, 1), "python": platform.python_version(),
        },
        "versions": {library: version(library) for library in _LIBRARIES},
    }  # fmt: skip
    _write_json(path, record)
    return record


def _read_outcomes(path: Path) -> list[tuple[Outcome, Scores]]:
    """The outcomes so far; a last line that was cut off by an interruption is taken off the file."""
    if not path.is_file():
        return []
    data = path.read_bytes()
    whole = data.rpartition(b"\n")[0] + b"\n" if b"\n" in data else b""
    if len(whole) != len(data):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    return [_parse(line) for line in whole.decode("utf-8").splitlines() if line]


def _line(outcome: Outcome, scores: Scores) -> str:
    data = {"outcome": json.loads(outcome.to_line()), "scores": {name: list(s) for name, s in scores.items()}}
    return json.dumps(data, ensure_ascii=False)


def _parse(line: str) -> tuple[Outcome, Scores]:
    data = json.loads(line)
    scores = {name: Share(*share) for name, share in data["scores"].items()}
    return Outcome.from_line(json.dumps(data["outcome"])), scores


def _write_json(path: Path, data: dict[str, Any]) -> None:
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    aside.replace(path)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def collect(results: Iterable[Scored], measure: str) -> list[Share]:
    """What the results contribute to one measure, in order; those it does not apply to are left out."""
    return [result.scores[measure] for result in results if measure in result.scores]
