"""Fits the decision of ``rag.verdicts`` on the development questions.

Signals are computed by the chain's own code, so that what is fitted is what runs: first whether any plan says
it, on questions that some plan answers and on ones that none can; then which plans do, on every cell, with
the terms and without them; then, on the cells that this leaves in doubt, the stage that has heard the
language model. Probabilities for the figures come from leaving out one topic at a time; the weights that are
written are fitted on all of them. Cells whose gold verdict is ``partial`` are left out: they are neither.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

from eval.pairs import Topic
from eval.questions import Question
from rag.generate import Generator
from rag.reading import QuestionReader
from rag.records import AskRequest, Chunk
from rag.retrieve import Retriever, Scores
from rag.verdict_model import Logistic, Signals
from rag.verdicts import VerdictJudge, judge_odds
from rag.views import score_question

Matrix = NDArray[np.float64]
ASK_ABOVE, ASK_BELOW = 0.12, 0.88
"""The model is asked where the cheap probability lies between these."""
YES_FROM, UNDECIDED_FROM = 0.34, 0.24
"""Below half of the F1 that is reached (Lipton, Elkan, Naryanaswamy 2014): the first step counts a question
that no plan answers as often as one that some does, which lowers all probabilities beyond what is true of
questions that people ask of these plans.
"""
REGULARISATION = 1 / 0.3
"""Of 1, 1 / 0.3 and 10 the one with the least log-loss of the second step over left-out topics, in both
languages; the first, with two signals, keeps scikit-learn's 1.
"""


NEAR_TOPICS = ("which-", "testers-")
"""How the topics begin of questions by other hands, which an education plan might well answer."""
_NEAR = ", near"
_SCORE_AS_IT_IS = 4
"""The place of that signal in a cell's values."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One question put to one plan."""

    question_id: str
    topic: str
    plan_id: str
    gold: str
    signals: Signals
    question: str
    sentences: tuple[Chunk, ...]
    by_subject: Signals | None = None
    """The signals where words count by what they tell of the question's subject."""
    odds: float | None = None
    """The model's log-odds, where it was asked."""


def collect(
    questions: Sequence[Question],
    reader: QuestionReader,
    retriever: Retriever,
    judge: VerdictJudge,
    generator: Generator | None,
) -> list[Cell]:
    """Signals for every plan of every "which plans" question; the model only renders questions.

    Without those of a conversation, whose words are half of what they ask, and those that tell a story
    first: where that hides their matter, they are answered by the part that asks (``rag.asking_part``).
    """
    cells: list[Cell] = []
    for question in questions:
        if not question.verdicts or question.history or "rambling" in question.traits:
            continue
        reading = reader.read(AskRequest(question.text, mode="enumerate"))
        scores = score_question(retriever, reading, generator).scores
        gold = {plan_id: verdict.verdict for plan_id, verdict in sorted(question.verdicts)}
        cells += _cells(judge, scores, (question.question_id, question.topic, reading.topic), gold)
    return cells


def collect_silent(
    topics: Sequence[Topic], reader: QuestionReader, retriever: Retriever, judge: VerdictJudge
) -> list[Cell]:
    """Signals of every plan for the topics' "which" questions, which no plan in the index may answer."""
    cells: list[Cell] = []
    gold = {plan_id: "no_evidence" for plan_id in sorted(plan.plan_id for plan in retriever.index.plans)}
    for topic in topics:
        for number, asked in enumerate(topic.questions):
            if asked.kind != "which":
                continue
            reading = reader.read(AskRequest(asked.text, mode="enumerate"))
            scores = score_question(retriever, reading, None).scores
            name = f"{topic.topic_id}?{number}"
            cells += _cells(judge, scores, (name, topic.topic_id, reading.topic), gold)
    return cells


def _cells(
    judge: VerdictJudge, scores: Scores, asked: tuple[str, str, str], gold: Mapping[str, str]
) -> list[Cell]:
    """The question's cells, in the order of ``gold``; ``asked`` are its id, its topic and its words."""
    question_id, topic, words = asked
    known, by_subject = judge.signals(scores), judge.signals(scores, by_subject=True)
    cells: list[Cell] = []
    for plan_id, verdict in gold.items():
        signals, sentences = known[plan_id]
        own = by_subject[plan_id][0]
        cells.append(Cell(question_id, topic, plan_id, verdict, signals, words, sentences, own))
    return cells


def fit(
    cells: Sequence[Cell],
    without_terms: Sequence[Cell],
    silent: Sequence[Cell],
    generator: Generator | None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """The fitted model as ``verdict_model.json`` holds it, with its own figures.

    ``without_terms`` are the same cells as a retriever without any term sees them. Both are fitted on: the
    terms know the development questions too well, and weights that lean on them alone call everything a no
    where a new question, an English one above all, uses none. ``silent`` are cells of questions about what
    none of the plans can say: nearly every development question has a yes, so that without them the best plan
    always was one. Chinese and other questions are fitted apart; a score as it is helps the others alone.
    Where every cell knows what the question's map found, the steps are fitted a second time with it
    (``mapped``), and both once more for the signals that go by the subject (``by_subject``). Where hearing
    the model does not raise F1, or where there is none, it is not asked: the thresholds leave no doubt then.
    Raises ValueError where the cells, or the silent ones, of a language are missing.
    """
    given = (cells, without_terms, silent)
    by_subject = all(cell.by_subject is not None for some in given for cell in some)
    told = [_by_subject(some) for some in given] if by_subject else given
    plain = _fit_steps(*map(_unmapped, given))
    deciding = _fit_steps(*map(_unmapped, told)) if by_subject else plain
    judged = Logistic((*deciding.which[False].weights, 0.0), deciding.which[False].intercept)
    worth_asking = False
    heard = None if generator is None else _hear(deciding, generator, progress)
    if heard is not None:
        judged, plain.figures["judged"] = heard.step, heard.figures
        worth_asking = heard.figures["f1"] > deciding.figures["all"]["f1"]
    fitted: dict[str, Any] = {
        **_plain(plain),
        "judged": _data(judged),
        "ask_above": ASK_ABOVE if worth_asking else 1.0,
        "ask_below": ASK_BELOW if worth_asking else 0.0,
        "yes_from": YES_FROM,
        "undecided_from": UNDECIDED_FROM,
        "fitted_on": _fitted_on(cells, plain.decided, silent),
    }
    is_mapped = all(cell.signals.said is not None for some in given for cell in some)
    if is_mapped:
        fitted |= _mapped(_fit_steps(*given))
    if by_subject:
        mapped = _mapped(_fit_steps(*told)) if is_mapped else {}
        fitted["by_subject"] = _plain(deciding) | mapped
    return fitted


def _plain(steps: _Steps) -> dict[str, Any]:
    """The steps of an encoder without a map as the file has them, with their figures."""
    figures = {"left_out_by_topic": steps.figures, "silent_questions_with_a_yes": steps.silent_yes}
    return _weights(steps, "cheap", "foreign") | figures


def _mapped(steps: _Steps) -> dict[str, Any]:
    """The same for an encoder with a map."""
    return {
        "mapped": _weights(steps, "which", "foreign_which"),
        "mapped_left_out_by_topic": steps.figures,
        "mapped_silent_questions_with_a_yes": steps.silent_yes,
    }


def _weights(steps: _Steps, which: str, foreign_which: str) -> dict[str, Any]:
    """Both steps by the names that they have in the file."""
    return {
        which: _data(steps.which[False]),
        foreign_which: _data(steps.which[True]),
        "anywhere": _data(steps.anywhere[False]),
        "foreign_anywhere": _data(steps.anywhere[True]),
    }


def _by_subject(cells: Sequence[Cell]) -> list[Cell]:
    """The same with the signals that go by the subject of the question."""
    return [replace(cell, signals=cell.by_subject or cell.signals) for cell in cells]


@dataclass(frozen=True, slots=True)
class _Steps:
    """Both steps by whether a question is in another language than Chinese, and what they are worth."""

    which: dict[bool, Logistic]
    anywhere: dict[bool, Logistic]
    decided: list[Cell]
    held_out: NDArray[np.float64]
    some_say: NDArray[np.float64]
    figures: dict[str, dict[str, float]]
    silent_yes: dict[str, float]


def _fit_steps(cells: Sequence[Cell], without_terms: Sequence[Cell], silent: Sequence[Cell]) -> _Steps:
    decided = [cell for cell in cells if cell.gold != "partial"]
    unaided = [cell for cell in without_terms if cell.gold != "partial"]
    which: dict[bool, Logistic] = {}
    anywhere: dict[bool, Logistic] = {}
    silent_yes: dict[str, float] = {}
    held_out, unaided_held_out = np.zeros(len(decided)), np.zeros(len(unaided))
    some_say = np.zeros(len(decided))
    for foreign in (False, True):
        own = [i for i, cell in enumerate(decided) if cell.signals.foreign == foreign]
        bare = [i for i, cell in enumerate(unaided) if cell.signals.foreign == foreign]
        both = [*(decided[i] for i in own), *(unaided[i] for i in bare)]
        beside = [cell for cell in silent if cell.signals.foreign == foreign]
        which[foreign], anywhere[foreign] = _which(both), _anywhere(both, beside)
        some = _anywhere_held_out(both, beside)
        found = some * _held_out(both)
        held_out[own], unaided_held_out[bare] = found[: len(own)], found[len(own) :]
        some_say[own] = some[: len(own)]
        name = "en" if foreign else "zh"
        silent_yes |= {f"{name}{kind}": share for kind, share in _silent_yes(both, beside).items()}
    figures = _by_language(decided, held_out)
    figures |= {f"{name}, no terms": f for name, f in _by_language(unaided, unaided_held_out).items()}
    return _Steps(which, anywhere, decided, held_out, some_say, figures, silent_yes)


def _unmapped(cells: Sequence[Cell]) -> list[Cell]:
    """The same cells as an encoder without a map has them."""
    return [replace(cell, signals=replace(cell.signals, said=None)) for cell in cells]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A step that has heard the language model, and its figures over all cells."""

    step: Logistic
    figures: dict[str, float]


def _fitted_on(cells: Sequence[Cell], decided: Sequence[Cell], silent: Sequence[Cell]) -> dict[str, Any]:
    digest = hashlib.sha256("\n".join(f"{c.question_id} {c.plan_id} {c.gold}" for c in cells).encode())
    return {
        "cells": len(cells),
        "decided": len(decided),
        "silent": len(silent),
        "sha256": digest.hexdigest(),
    }


def _hear(steps: _Steps, generator: Generator, progress: Callable[[int, int], None] | None) -> _Heard | None:
    """Ask the model about the cells left in doubt; None where these are not both yes and no."""
    decided = steps.decided
    doubtful = [i for i, p in enumerate(steps.held_out) if ASK_ABOVE < p < ASK_BELOW]
    if len({decided[i].gold for i in doubtful}) < 2:
        return None
    asked: list[Cell] = []
    for n, i in enumerate(doubtful, start=1):
        cell = decided[i]
        odds = max(judge_odds(generator, cell.question, chunk) for chunk in cell.sentences)
        asked.append(replace(cell, odds=odds))
        if progress is not None:
            progress(n, len(doubtful))
    judged = steps.held_out.copy()
    judged[doubtful] = steps.some_say[doubtful] * _held_out(asked)
    return _Heard(_which(asked), _figures(_labels(decided), judged))


def _by_language(cells: Sequence[Cell], probabilities: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    labels = _labels(cells)
    foreign = np.array([cell.signals.foreign for cell in cells])
    groups = {"all": np.ones_like(foreign), "zh": ~foreign, "en": foreign}
    return {name: _figures(labels[own], probabilities[own]) for name, own in groups.items() if own.any()}


def write_model(model: dict[str, Any], file: Path) -> None:
    """Write the fitted model for the chain to read."""
    file.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")


def _labels(cells: Sequence[Cell]) -> NDArray[np.bool_]:
    return np.array([cell.gold == "yes" for cell in cells])


def _row(cell: Cell) -> list[float]:
    signals = cell.signals
    values = list(signals.vector() if signals.said is None else signals.mapped_vector())
    if not signals.foreign:
        values[_SCORE_AS_IT_IS] = 0.0
    return values if cell.odds is None else [*values, cell.odds]


def _corpus(signals: Signals) -> tuple[float, ...]:
    """What the whole corpus has to the question."""
    return signals.anywhere() if signals.said is None else signals.mapped_anywhere()


def _fit(rows: Matrix, labels: NDArray[np.bool_], regression: LogisticRegression) -> Logistic:
    """Weights and intercept for the raw values: standardised for the fit, and folded back."""
    scaler = StandardScaler().fit(rows)
    regression.fit(scaler.transform(rows), labels)
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - weights @ scaler.mean_)
    return Logistic(tuple(round(float(w), 6) for w in weights), round(intercept, 6))


def _which(cells: Sequence[Cell]) -> Logistic:
    """Which plans say it, given that some does."""
    rows = np.array([_row(cell) for cell in cells])
    return _fit(rows, _labels(cells), LogisticRegression(C=1 / REGULARISATION, max_iter=1000))


def _anywhere(cells: Sequence[Cell], silent: Sequence[Cell]) -> Logistic:
    """Whether any plan says it: a question with a yes, with its terms or without, against a silent one."""
    answered = {cell.question_id for cell in cells if cell.gold == "yes"}
    said = sorted({(c.question_id, _corpus(c.signals)) for c in cells if c.question_id in answered})
    unsaid = sorted({(cell.question_id, _corpus(cell.signals)) for cell in silent})
    if not said or not unsaid:
        raise ValueError(
            f"{len(said)} questions that a plan answers and {len(unsaid)} that none does were given for one "
            "language; at least one of each is needed."
        )
    rows = np.array([values for _, values in (*said, *unsaid)])
    return _fit(rows, np.arange(len(rows)) < len(said), LogisticRegression(class_weight="balanced"))


def _held_out(cells: Sequence[Cell]) -> NDArray[np.float64]:
    """Each cell's probability from a fit that has not seen its topic."""
    return _by_topic(cells, _which, lambda step, cell: step.probability(_row(cell)))


def _anywhere_held_out(cells: Sequence[Cell], silent: Sequence[Cell]) -> NDArray[np.float64]:
    return _by_topic(
        cells,
        lambda rest: _anywhere(rest, silent),
        lambda step, cell: step.probability(_corpus(cell.signals)),
    )


def _by_topic(
    cells: Sequence[Cell],
    fit_on: Callable[[Sequence[Cell]], Logistic],
    ask: Callable[[Logistic, Cell], float],
) -> NDArray[np.float64]:
    probabilities = np.zeros(len(cells))
    for topic in sorted({cell.topic for cell in cells}):
        step = fit_on([cell for cell in cells if cell.topic != topic])
        for i, cell in enumerate(cells):
            if cell.topic == topic:
                probabilities[i] = ask(step, cell)
    return probabilities


def _silent_yes(cells: Sequence[Cell], silent: Sequence[Cell]) -> dict[str, float]:
    """The share of silent questions that find a yes in some plan, by fits on the other half of the topics.

    Apart for questions of the question files, which are about what education plans might well say
    (``, near``), and for those of other departments' topics, which are not.
    """
    which = _which(cells)
    topics = sorted({cell.topic for cell in silent})
    found: dict[str, dict[tuple[str, tuple[float, ...]], bool]] = {}
    for half in (set(topics[::2]), set(topics[1::2])):
        anywhere = _anywhere(cells, [cell for cell in silent if cell.topic not in half])
        for cell in silent:
            if cell.topic in half:
                corpus = _corpus(cell.signals)
                is_yes = anywhere.probability(corpus) * which.probability(_row(cell)) >= YES_FROM
                of_kind = found.setdefault(_NEAR if cell.topic.startswith(NEAR_TOPICS) else "", {})
                key = cell.question_id, corpus
                of_kind[key] = of_kind.get(key, False) or is_yes
    return {kind: round(sum(each.values()) / len(each), 4) for kind, each in sorted(found.items())}


def _data(step: Logistic) -> dict[str, Any]:
    return {"weights": list(step.weights), "intercept": step.intercept}


def _figures(labels: NDArray[np.bool_], probabilities: NDArray[np.float64]) -> dict[str, float]:
    return {
        "auc": round(float(roc_auc_score(labels, probabilities)), 4),
        "f1": round(float(f1_score(labels, probabilities >= YES_FROM)), 4),
    }
