"""Makes ``rag/verdict_model.json`` anew: collects what verdicts are fitted on, fits, and says what changed.

Fitted are the questions of the development split alone, over the sample plans alone: they are what the gold
was written for, and a sentence more in the index moves every standardised score.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.plan import Plan
from embeddings.encoder import Encoder, Progress
from eval.fit_verdicts import Cell, collect, collect_silent, fit
from eval.pairs import PairsError, Topic
from eval.questions import Question
from rag.errors import PlanqaError
from rag.generate import Generator
from rag.place_names import PlaceNames
from rag.places import CorpusPlaces
from rag.question_map import QuestionMap
from rag.reading import QuestionReader
from rag.retrieve import Retriever
from rag.snapshot import Index, build_index, load_index
from rag.spelling import Spelling
from rag.terms import Terms
from rag.verdict_model import MODEL_FILE, Logistic, VerdictModel
from rag.verdicts import VerdictJudge

TOLERANCE = 1e-3
"""Values nearer than this are the same: encoders of two machines differ in the last places."""
_OTHER_DEPARTMENTS = "soc-"
"""How the ids of topics begin that lie outside education."""
_UNFITTED = VerdictModel(Logistic((), 0.0), Logistic((), 0.0), 1.0, 0.0, 1.0, 1.0)
"""Signals are asked for alone, and need no weights; those in use may be what is to be replaced."""


class PlansDiffer(PlanqaError):
    """The index holds other plans than the questions judge."""

    code = "plans_differ"

    def __init__(self, missing: Sequence[str], unjudged: Sequence[str]) -> None:
        found = f"the index lacks {', '.join(missing)}" if missing else ""
        if unjudged:
            found += f"{'; it' if missing else 'the index'} holds {', '.join(unjudged)}, which none judges"
        super().__init__(
            f"the questions judge other plans than those that were indexed: {found}. Wanted are the same; "
            "complete the verdicts of the questions, or fit over the plans that they were written for."
        )


@dataclass(frozen=True, slots=True)
class Examples:
    """What the verdicts are fitted on."""

    cells: tuple[Cell, ...]
    """The development questions' plans, as a retriever with the terms sees them."""
    without_terms: tuple[Cell, ...]
    """The same, without any term."""
    silent: tuple[Cell, ...]
    """Plans and questions that none of them answers: with the terms, then without."""


def silent_topics(topics: Sequence[Topic]) -> list[Topic]:
    """The topics that lie outside education: no education plan says what they ask.

    :raises PairsError: where there is none.
    """
    chosen = [topic for topic in topics if topic.topic_id.startswith(_OTHER_DEPARTMENTS)]
    if not chosen:
        raise PairsError(
            f"none of the {len(topics)} topics has an id that begins with {_OTHER_DEPARTMENTS}; wanted are "
            "the topics of other departments, for questions that no plan answers."
        )
    return chosen


def index_over(
    plans: Sequence[Plan], encoder: Encoder, index_dir: Path, progress: Progress | None = None
) -> Index:
    """An index of these plans and no others, kept in a folder of its own."""
    build_index(plans, encoder, index_dir, progress)
    return load_index(index_dir, encoder)


def collect_examples(
    index: Index,
    encoder: Encoder,
    questions: Sequence[Question],
    topics: Sequence[Topic],
    progress: Progress | None = None,
    question_map: QuestionMap | None = None,
) -> Examples:
    """The signals of every plan for the "which plans" questions, and for the topics' that none answers.

    A question that no plan says yes to, not even half, is a silent one. ``question_map`` must be for this
    encoder.

    No language model renders questions: the weights must hold without one.

    :raises PlansDiffer: where the questions' plans are not those of the index.
    """
    judged = [question for question in questions if question.verdicts]
    _check_plans(index, judged)
    places = CorpusPlaces(index.plans, PlaceNames())
    spelling = Spelling(index.plans, Terms.load().forms(), places.latin_names, places.names_place)
    reader = QuestionReader(index.plans, places, spelling=spelling)
    total = 2 * (len(judged) + sum(map(_n_asked, topics)))
    done = 0

    def counted(n: int) -> None:
        nonlocal done
        done += n
        if progress is not None:
            progress(done, total)

    with_terms: list[Cell] = []
    without: list[Cell] = []
    silent: list[Cell] = []
    for terms, cells in ((Terms.load(), with_terms), (Terms.load(()), without)):
        retriever = Retriever(index, encoder, terms)
        judge = VerdictJudge(retriever, _UNFITTED, question_map)
        for question in judged:
            found = collect([question], reader, retriever, judge, None)
            (cells if any(cell.gold != "no_evidence" for cell in found) else silent).extend(found)
            counted(1)
        for topic in topics:
            silent += collect_silent([topic], reader, retriever, judge)
            counted(_n_asked(topic))
    return Examples(tuple(with_terms), tuple(without), tuple(silent))


def refit(
    examples: Examples, generator: Generator | None = None, progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """The fitted model as its file holds it; with a language model what hearing it is worth is tried, too."""
    return fit(examples.cells, examples.without_terms, examples.silent, generator, progress)


def shipped_model(file: Path = MODEL_FILE) -> dict[str, Any]:
    """What the file of weights holds now, figures and digest of data included."""
    held: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return held


def was_heard(model: Mapping[str, Any]) -> bool:
    """Tell whether a language model was asked when the weights were fitted."""
    return "judged" in model["left_out_by_topic"]


def differences(shipped: Mapping[str, Any], fitted: Mapping[str, Any]) -> list[str]:
    """What differs by more than ``TOLERANCE``, a line each: its name, what is shipped, what was fitted."""
    old, new = dict(_values("", shipped)), dict(_values("", fitted))
    return [
        f"{name}: {old.get(name, 'nothing')} -> {new.get(name, 'nothing')}"
        for name in [*old, *(name for name in new if name not in old)]
        if name not in old or name not in new or not _is_same(old[name], new[name])
    ]


def figures_table(fitted: Mapping[str, Any]) -> str:
    """The fit's own figures, each plan judged by weights that have not seen its topic, as plain text."""
    lines = [f"{'topics left out':<16}{'AUC':>8}{'F1':>8}"]
    for subject, found in (("", fitted), ("by the question's subject", fitted.get("by_subject", {}))):
        for kind, of_map in (("", ""), ("mapped_", "with the question's map")):
            if f"{kind}left_out_by_topic" not in found:
                continue
            if subject or of_map:
                lines.append(", ".join(filter(None, (subject, of_map))) + ":")
            for name, figures in found[f"{kind}left_out_by_topic"].items():
                lines.append(f"{name:<16}{figures['auc']:>8.4f}{figures['f1']:>8.4f}")
            shares = found[f"{kind}silent_questions_with_a_yes"].items()
            silent = "; ".join(f"{name} {share:.4f}" for name, share in shares)
            lines.append(f"questions that no plan answers with a yes in some: {silent}")
    data = fitted["fitted_on"]
    lines.append(
        f"fitted on {data['cells']} verdicts ({data['decided']} of them yes or no) and {data['silent']} of "
        f"questions that no plan answers; sha256 {data['sha256']}"
    )
    return "\n".join(lines)


def difference_text(shipped: Mapping[str, Any], fitted: Mapping[str, Any]) -> str:
    """How the fit differs from what is shipped, as plain text."""
    changed = differences(shipped, fitted)
    if not changed:
        return f"the same as the shipped weights, within {TOLERANCE:g}"
    return "\n".join([f"{len(changed)} values differ from the shipped ones:", *changed])


def _check_plans(index: Index, questions: Sequence[Question]) -> None:
    judged = {plan_id for question in questions for plan_id, _ in question.verdicts}
    indexed = {plan.plan_id for plan in index.plans}
    if judged != indexed:
        raise PlansDiffer(sorted(judged - indexed), sorted(indexed - judged))


def _n_asked(topic: Topic) -> int:
    return sum(asked.kind == "which" for asked in topic.questions)


def _values(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Every value with its path: ``cheap.weights.0``."""
    parts: Sequence[tuple[object, object]] = ()
    if isinstance(value, Mapping):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    else:
        yield name, value
    for key, part in parts:
        yield from _values(f"{name}.{key}" if name else str(key), part)


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):  # counts are whole numbers: equal or not
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return one == other
