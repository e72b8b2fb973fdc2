"""Fits the decision of ``rag.verdicts`` on the development questions.

Signals are computed by the chain's own code, so that what is fitted is what runs. Probabilities for the
figures come from leaving out one topic at a time; the weights that are written are fitted on all of them.
Cells whose gold verdict is ``partial`` are left out of both: they are neither.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

from eval.questions import Question
from rag.generate import Generator
from rag.reading import QuestionReader
from rag.records import AskRequest
from rag.retrieve import Retriever
from rag.verdicts import Signals, VerdictJudge, judge_odds
from rag.views import score_question

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cell:
    """One question put to one plan."""

    question_id: str
    topic: str
    plan_id: str
    gold: str
    signals: Signals
    odds: float


def collect(
    questions: Sequence[Question],
    reader: QuestionReader,
    retriever: Retriever,
    judge: VerdictJudge,
    generator: Generator,
) -> list[Cell]:
    """Signals and the model's odds for every plan of every "which plans" question."""
    cells: list[Cell] = []
    for question in questions:
        if not question.verdicts:
            continue
        reading = reader.read(AskRequest(question.text, mode="enumerate"))
        view = score_question(retriever, reading, generator)
        known = judge.signals(view.scores)
        for plan_id, gold in sorted(question.verdicts):
            signals, sentences = known[plan_id]
            odds = max(judge_odds(generator, reading.topic, chunk) for chunk in sentences)
            cells.append(Cell(question.question_id, question.topic, plan_id, gold.verdict, signals, odds))
    return cells


def fit(cells: Sequence[Cell]) -> dict[str, Any]:
    """The fitted model as ``verdict_model.json`` holds it, with its own figures."""
    decided = [cell for cell in cells if cell.gold != "partial"]
    report: dict[str, Any] = {}
    stages: dict[str, Any] = {}
    for stage, with_odds in (("cheap", False), ("judged", True)):
        stages[stage] = {
            "with_words": _weights([c for c in decided if c.signals.keyword is not None], True, with_odds),
            "without_words": _weights(decided, False, with_odds),
        }
        report[stage] = _figures(decided, with_odds)
    digest = hashlib.sha256("\n".join(f"{c.question_id} {c.plan_id} {c.gold}" for c in cells).encode())
    threshold = report["judged"]["threshold"]
    return {
        **stages,
        "ask_above": 0.1,
        "ask_below": 0.9,
        "yes_from": threshold,
        "undecided_from": round(threshold - 0.12, 3),
        "fitted_on": {"cells": len(cells), "decided": len(decided), "sha256": digest.hexdigest()},
        "left_out_by_topic": report,
    }


def write_model(model: dict[str, Any], file: Path) -> None:
    """Write the fitted model for the chain to read."""
    file.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")


def _row(cell: Cell, with_words: bool, with_odds: bool) -> list[float]:
    values = list(cell.signals.vector())[: 4 if with_words else 2]
    return [*values, cell.odds] if with_odds else values


def _fit(rows: Matrix, labels: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Weights and intercept for the raw values: standardised for the fit, and folded back."""
    scaler = StandardScaler().fit(rows)
    regression = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(rows), labels)
    weights = regression.coef_[0] / scaler.scale_
    return weights, float(regression.intercept_[0] - weights @ scaler.mean_)


def _weights(cells: Sequence[Cell], with_words: bool, with_odds: bool) -> dict[str, Any]:
    rows = np.array([_row(cell, with_words, with_odds) for cell in cells])
    weights, intercept = _fit(rows, np.array([cell.gold == "yes" for cell in cells]))
    return {"weights": [round(float(w), 6) for w in weights], "intercept": round(intercept, 6)}


def _figures(cells: Sequence[Cell], with_odds: bool) -> dict[str, Any]:
    labels = np.array([cell.gold == "yes" for cell in cells])
    probabilities = np.zeros(len(cells))
    for topic in sorted({cell.topic for cell in cells}):
        for with_words in (True, False):
            out = [
                i
                for i, c in enumerate(cells)
                if c.topic == topic and (c.signals.keyword is not None) == with_words
            ]
            rest = [
                i
                for i, c in enumerate(cells)
                if c.topic != topic and (not with_words or c.signals.keyword is not None)
            ]
            if not out:
                continue
            rows = np.array([_row(cells[i], with_words, with_odds) for i in rest])
            weights, intercept = _fit(rows, labels[rest])
            held_out = np.array([_row(cells[i], with_words, with_odds) for i in out])
            probabilities[out] = 1 / (1 + np.exp(-(held_out @ weights + intercept)))
    scored = [(f1_score(labels, probabilities >= t), t) for t in np.arange(0.3, 0.71, 0.02)]
    best, threshold = max(scored, key=lambda pair: (pair[0], -abs(pair[1] - 0.5)))
    return {
        "auc": round(float(roc_auc_score(labels, probabilities)), 4),
        "f1": round(float(best), 4),
        "threshold": round(float(threshold), 2),
    }
