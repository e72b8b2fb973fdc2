"""The work behind ``planqa eval``: everything but reading flags and printing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.plan import Plan
from embeddings.encoder import Encoder, Progress
from eval.beir import load_beir
from eval.benchmarks import keyword_rank, result, retrieval_results, save_results
from eval.check import Fault, check_questions
from eval.citable import Citable
from eval.plain_way import PlainSystem
from eval.questions import QUESTIONS_DIR, Question, load_questions
from eval.report import write_report
from eval.rgb import load_rgb, score_rgb
from eval.run import Run, choose_questions, load_run, run_questions
from eval.systems import OneViewSystem, PlanqaSystem, System
from eval.text_chain import PassageSearch, TextAnswerer
from rag.answer import Answerer
from rag.errors import PlanqaError
from rag.generate import Generator
from rag.snapshot import Index

SYSTEMS = ("planqa", "no-model", "keyword", "dense", "plain")
"""What can be measured, by the names of the command line: ours, ours without a model, and the baselines."""
SPLITS = ("dev", "test")
REPORT, BENCHMARKS = "report.html", "benchmarks.json"
RGB_NOISE = (0.0, 0.4, 0.8, 1.0)


class BadGold(PlanqaError):
    """Questions whose gold does not hold against the plans in use."""

    code = "bad_gold"

    def __init__(self, faults: Sequence[Fault]) -> None:
        shown = "; ".join(f"{fault.question_id}: {fault.message}" for fault in faults[:5])
        more = f" (and {len(faults) - 5} more)" if len(faults) > 5 else ""
        super().__init__(
            f"{len(faults)} faults in the questions: {shown}{more}. Mend the questions, or evaluate on the "
            "plans that they were written for."
        )


class UnknownSystem(PlanqaError):
    """A system, split or test set that does not exist, or that cannot run as things are."""

    code = "unknown_system"


@dataclass(frozen=True, slots=True)
class Workbench:
    """The parts that the systems are made of."""

    answerer: Answerer
    index: Index
    encoder: Encoder
    generator: Generator | None


def question_files(split: str, extra: Sequence[Path] = ()) -> list[Path]:
    """The files to take questions from: the user's own, or else the split that comes with the project."""
    if extra:
        return list(extra)
    if split not in SPLITS:
        raise UnknownSystem(f"no split is called {split!r}; known are {', '.join(SPLITS)}")
    return [QUESTIONS_DIR / f"{split}.jsonl"]


def prepare_questions(
    files: Sequence[Path], plans: Sequence[Plan], limit: int | None = None
) -> list[Question]:
    """Read, choose and prove the questions. :raises BadGold: where one does not hold."""
    chosen = choose_questions(load_questions(files), limit)
    faults = check_questions(chosen, plans)
    if faults:
        raise BadGold(faults)
    return chosen


def make_system(name: str, bench: Workbench, progress: Progress | None = None) -> System:
    """The system of this name. :raises UnknownSystem: for another name, or one that needs a missing model."""
    if name == "no-model":
        return PlanqaSystem(bench.answerer, bench.index, None)
    if name in ("keyword", "dense"):
        view: Any = name
        return OneViewSystem(view, bench.index, bench.encoder, bench.answerer.check)
    if name not in SYSTEMS:
        raise UnknownSystem(f"no system is called {name!r}; known are {', '.join(SYSTEMS)}")
    if bench.generator is None:
        raise UnknownSystem(
            f"{name!r} needs the language model, which is not here; measure 'no-model' instead"
        )
    if name == "plain":
        return PlainSystem(bench.index.plans, bench.encoder, bench.generator, progress)
    return PlanqaSystem(bench.answerer, bench.index, bench.generator)


def evaluate(
    name: str,
    bench: Workbench,
    questions: Sequence[Question],
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Run one system over the questions into ``folder`` and write its report page there."""
    system = make_system(name, bench)
    citable = Citable.of(bench.index.plans)
    run = run_questions(system, questions, citable, folder, name in ("planqa", "plain"), progress)
    write_report(run, folder / REPORT)
    return run


def report(folder: Path, beside: Sequence[Path] = (), benchmarks: Sequence[dict[str, Any]] = ()) -> Path:
    """Write a run's page anew, with other runs beside it; returns where it lies."""
    path = folder / REPORT
    write_report(load_run(folder), path, [load_run(other) for other in beside], benchmarks)
    return path


def measure_retrieval(
    folder: Path,
    results_file: Path,
    encoder: Encoder | None,
    index_dir: Path,
    questions_file: str = "queries.jsonl",
    sample_file: str | None = None,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Our keyword view on a set in BEIR's layout and, with an encoder, our whole retrieval."""
    test_set = load_beir(folder, questions_file, sample_file)
    name = folder.name if questions_file == "queries.jsonl" else f"{folder.name} ({questions_file})"
    results = retrieval_results(test_set, name, "keyword only", keyword_rank(test_set.passages))
    if encoder is not None:
        search = PassageSearch(test_set.passages, encoder, index_dir, progress)
        results += retrieval_results(test_set, name, f"planqa, {encoder.name}", search.rank)
    save_results(results_file, results)
    return results


def measure_rgb(
    path: Path,
    results_file: Path,
    bench: Workbench,
    index_dir: Path,
    limit: int | None = None,
    progress: Callable[[], None] | None = None,
) -> list[dict[str, Any]]:
    """Our answering on one of RGB's files at every share of noise; the last, 1.0, measures rejection."""
    cases = load_rgb(path)[:limit]
    answerer = TextAnswerer(bench.encoder, bench.generator, index_dir)
    system = f"planqa, {bench.generator.name}" if bench.generator else "planqa without a model"
    results: list[dict[str, Any]] = []
    for noise in RGB_NOISE:
        shares = score_rgb(cases, noise, answerer.answer, progress)
        measure = "rejection" if noise >= 1.0 else f"noise {noise:g}"
        results.append(result(path.stem, system, measure, shares))
    save_results(results_file, results)
    return results
