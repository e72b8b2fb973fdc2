"""The work behind ``planqa eval``: everything but reading flags and printing."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.plan import Plan
from embeddings.encoder import Encoder, Progress
from embeddings.vector_cache import CachingEncoder
from eval.ablation import OURS, VARIANTS, Ablation, Searched, tabulate
from eval.ablation_table import ablation_record
from eval.beir import BeirSet
from eval.benchmarks import keyword_rank, passage_rank, result, retrieval_results, save_results
from eval.check import Fault, check_questions
from eval.citable import Citable
from eval.fit_verdicts import collect
from eval.judge_quality import JudgeQuality, measure_judge, sample_cells
from eval.kept_replies import KeptReplies
from eval.plain_way import PlainSystem
from eval.questions import QUESTIONS_DIR, Question, load_questions, with_rewordings
from eval.report import write_report
from eval.rerank import (
    LateInteraction,
    QuestionLikelihood,
    ReplyScorer,
    Reranked,
    Reranker,
    TokenEncoder,
    YesNoReranker,
    measure_reranker,
    measure_rewording,
    sample_questions,
)
from eval.rgb import load_rgb, score_rgb
from eval.run import Run, choose_questions, load_run, run_questions
from eval.systems import Anew, FreshQuestions, OneViewSystem, PlanqaSystem, System
from eval.text_chain import PassageSearch, TextAnswerer
from rag.answer import Answerer
from rag.errors import PlanqaError
from rag.generate import Generator
from rag.place_names import PlaceNames
from rag.places import CorpusPlaces
from rag.reading import QuestionReader
from rag.records import AskRequest
from rag.retrieve import Retriever
from rag.snapshot import Index
from rag.verdict_model import VerdictModel
from rag.verdicts import VerdictJudge

SYSTEMS = ("planqa", "no-model", "keyword", "dense", "plain")
"""What can be measured, by the names of the command line: ours, ours without a model, and the baselines."""
NO_CROSS_ENCODER = "a cross-encoder, since the catalog has none"
NO_LIKELIHOOD = (
    "the likelihood of the question given the sentence, since this engine tells no probabilities of tokens "
    "that it did not write (PLANQA_GENERATOR=transformers does)"
)
SPLITS = (
    "dev",
    "test",
    "which_dev",
    "testers_dev",
    "opened_dev",
    "testers_test",
    "which_test",
    "other_dev",
    "other_test",
    "written_dev",
    "written_test",
)
WRITTEN = {"written_dev": ("dev", "which_dev", "other_dev"), "written_test": ("test", "which_test")}
"""Splits of questions in other words, and those whose questions they are."""
REPORT = "report.html"
_SEED = 20240613
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
    return [QUESTIONS_DIR / f"{name}.jsonl" for name in (*WRITTEN.get(split, ()), split)]


def prepare_questions(
    files: Sequence[Path], plans: Sequence[Plan], limit: int | None = None, reworded: bool = False
) -> list[Question]:
    """Read, choose and prove the questions; ``reworded`` keeps rewordings and what they reword.

    :raises BadGold: where one does not hold.
    """
    questions = load_questions(files)
    chosen = choose_questions(with_rewordings(questions) if reworded else questions, limit)
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
    if isinstance(bench.encoder, FreshQuestions):
        system = Anew(system, bench.encoder)
    citable = Citable.of(bench.index.plans)
    run = run_questions(system, questions, citable, folder, name in ("planqa", "plain"), progress)
    write_report(run, folder / REPORT, baselines=siblings(run))
    return run


def siblings(run: Run) -> list[Run]:
    """The newest finished run of every other system in the same folder, over the same questions and plans.

    They give every table its own comparison; what cannot be read is no run, and is passed over.
    """
    found: dict[str, Run] = {}
    for folder in sorted(run.folder.resolve().parent.iterdir()):
        try:
            other = load_run(folder)
        except (PlanqaError, OSError, ValueError):
            continue
        same = all(run.record[name] == other.record[name] for name in ("scoring", "questions", "corpus"))
        name = str(other.record["system"]["system"])
        newer = name not in found or found[name].record["started"] < other.record["started"]
        if same and other.complete and name != run.record["system"]["system"] and newer:
            found[name] = other
    return [found[name] for name in sorted(found)]


def report(
    folder: Path,
    beside: Sequence[Path] = (),
    benchmarks: Sequence[dict[str, Any]] = (),
    ablation: dict[str, Any] | None = None,
) -> Path:
    """Write a run's page anew, with other runs and results beside it; returns where it lies."""
    path = folder / REPORT
    run, others = load_run(folder), [load_run(other) for other in beside]
    named = {other.record["system"]["system"] for other in others}
    baselines = [other for other in siblings(run) if other.record["system"]["system"] not in named]
    write_report(run, path, others, benchmarks, ablation, baselines)
    return path


def measure_retrieval(
    test_set: BeirSet,
    results_file: Path,
    encoder: Encoder | None,
    index_dir: Path,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Our keyword view on a BEIR set and, with an encoder, the dense view and our whole retrieval."""
    results = retrieval_results(test_set, "keyword only", keyword_rank(test_set.passages))
    save_results(results_file, results)
    if encoder is not None:
        dense = passage_rank(test_set.passages, encoder, progress)
        results += retrieval_results(test_set, f"dense only, whole passages, {encoder.name}", dense)
        search = PassageSearch(test_set.passages, encoder, index_dir, progress)
        results += retrieval_results(test_set, f"planqa, sentences and words, {encoder.name}", search.rank)
    save_results(results_file, results)
    return results


def measure_rgb(
    path: Path,
    results_file: Path,
    bench: Workbench,
    index_dir: Path,
    limit: int | None = None,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Our answering on one of RGB's files at every share of noise; the last, 1.0, measures rejection."""
    cases = load_rgb(path)
    cases = cases if limit is None else random.Random(_SEED).sample(cases, min(limit, len(cases)))
    answerer = TextAnswerer(bench.encoder, bench.generator, index_dir)
    system = f"planqa, {bench.generator.name}" if bench.generator else "planqa without a model"
    results: list[dict[str, Any]] = []
    total = len(cases) * len(RGB_NOISE)
    for step, noise in enumerate(RGB_NOISE):
        shares = score_rgb(cases, noise, answerer.answer, _from(progress, step * len(cases), total))
        measure = "rejection" if noise >= 1.0 else f"noise {noise:g}"
        results.append(result(path.stem, system, measure, shares))
        save_results(results_file, results)
    return results


def _from(progress: Progress | None, done: int, total: int) -> Callable[[], None] | None:
    """Counts on from ``done``."""
    if progress is None:
        return None
    steps, report = itertools.count(done + 1), progress
    return lambda: report(next(steps), total)


def measure_ablation(
    bench: Workbench,
    questions: Sequence[Question],
    folder: Path,
    n_rerank: int = 0,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """What each part of retrieval is worth; with ``n_rerank`` also what rerankers add on so many questions.

    The model's renderings of questions are kept in ``folder``, so that a second run is quick.
    """
    generator = None if bench.generator is None else KeptReplies(bench.generator, folder / "renderings.json")
    ablation = Ablation(
        bench.index,
        bench.encoder,
        generator,
        lambda question: bench.answerer.check(AskRequest(question.text, question.history)),
    )
    # without a model no question is put into Chinese, and leaving that out changes nothing
    variants = [variant for variant in VARIANTS if variant.rendering or generator is not None]
    searched: dict[str, list[Searched]] = {}
    for number, variant in enumerate(variants, start=1):
        searched[variant.name] = ablation.search(variant, questions)
        if progress is not None:
            progress(number, len(variants))
    reranked: list[Reranked] = []
    sample = sample_questions(questions, n_rerank)
    for reranker in _rerankers(bench) if sample else ():
        reranked += measure_reranker(reranker, ablation, sample, progress)
    if sample and generator is not None:
        reranked.append(measure_rewording(ablation, sample))
    about = {
        "questions": f"{len(questions)}, of which {len(searched[OURS.name])} require items",
        "index": bench.index.manifest.index_id,
        "encoder": bench.encoder.name,
        "model for renderings": "none" if generator is None else generator.name,
        "a figure": "value, change against ours with its 95 % interval; * where p after Holm is below 0.05",
        "not measured": "; ".join(_not_measured(bench)),
    }
    return ablation_record(about, tabulate(searched), reranked)


def _rerankers(bench: Workbench) -> list[Reranker]:
    rerankers: list[Reranker] = []
    encoder = bench.encoder.inner if isinstance(bench.encoder, CachingEncoder) else bench.encoder
    if isinstance(encoder, TokenEncoder):
        rerankers.append(LateInteraction(encoder))
    if bench.generator is not None:
        rerankers.append(YesNoReranker(bench.generator))
    if isinstance(bench.generator, ReplyScorer):
        rerankers.append(QuestionLikelihood(bench.generator))
    return rerankers


def _not_measured(bench: Workbench) -> list[str]:
    """What could not be tried with these parts, and why."""
    absent = [] if isinstance(bench.generator, ReplyScorer) else [NO_LIKELIHOOD]
    return [*absent, NO_CROSS_ENCODER]


def measure_judge_quality(
    bench: Workbench,
    questions: Sequence[Question],
    limit: int | None = None,
    progress: Progress | None = None,
) -> JudgeQuality:
    """The local model's agreement with the gold verdicts of the questions.

    :raises UnknownSystem: where there is no language model.
    """
    if bench.generator is None:
        raise UnknownSystem("the judge is the language model, which is not here; run `planqa models pull`")
    index = bench.index
    retriever = Retriever(index, bench.encoder)
    reader = QuestionReader(index.plans, CorpusPlaces(index.plans, PlaceNames()))
    judge = VerdictJudge(retriever, VerdictModel.load())
    cells = collect(questions, reader, retriever, judge, bench.generator)
    return measure_judge(sample_cells(cells, limit), bench.generator, progress)
