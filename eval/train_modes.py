"""Trains the weights of ``rag.mode_model`` on questions whose mode people have told.

Multinomial logistic regression over the unit vector of a question's topic and what the question is about. A
writer's questions are all in the training or all left out: people have their own ways of asking.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from embeddings.encoder import Encoder, Progress
from eval.questions import Question
from rag.errors import PlanqaError
from rag.mode_model import MODES, Counts, ModeModel
from rag.reading import QuestionReader
from rag.records import AskRequest, Mode

QUESTIONS_FILE = Path(__file__).parent / "mode_questions" / "questions.tsv"
SCALE = 4.0
"""What unit vectors are multiplied by beside the counts, which are 0 or 1."""
C = 4.0
"""How little weights are held back, as scikit-learn counts it."""
_COLUMNS = ("writer", "question", "mode")


class ModeQuestionsError(PlanqaError):
    """A table of questions and modes cannot be used."""

    code = "bad_mode_questions"


@dataclass(frozen=True, slots=True)
class ModeQuestion:
    """A question and the mode that serves it."""

    writer: str
    text: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Embedded:
    """Questions as the classifier sees them."""

    writers: tuple[str, ...]
    features: NDArray[np.float32]
    """Of shape ``(n, dimension + N_COUNTS)``, the vectors of unit length."""
    counts: tuple[Counts, ...]
    by_rules: tuple[Mode, ...]
    wanted: tuple[Mode, ...]


def load_mode_questions(file: Path = QUESTIONS_FILE) -> list[ModeQuestion]:
    """The questions of a tab-separated table with the columns writer, question, mode.

    :raises ModeQuestionsError: where it is missing, has other columns, no row, or a mode that is none.
    """
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as error:
        raise ModeQuestionsError(f"{file} cannot be read: {error.strerror}") from error
    if not rows or tuple(rows[0]) != _COLUMNS or len(rows) < 2:
        found = " ".join(rows[0]) if rows else "nothing"
        raise ModeQuestionsError(f"{file} begins with {found}; wanted {' '.join(_COLUMNS)}, then questions.")
    questions: list[ModeQuestion] = []
    for number, row in enumerate(rows[1:], start=2):
        mode = next((mode for mode in MODES if row[2:] == [mode]), None)
        if mode is None or not row[1].strip():
            raise ModeQuestionsError(
                f"{file}, line {number}: found {row!r}; "
                f"wanted a writer, a question and one of {', '.join(MODES)}."
            )
        questions.append(ModeQuestion(row[0], row[1], mode))
    return questions


def of_evaluation(split: str, questions: Sequence[Question]) -> list[ModeQuestion]:
    """The evaluation questions whose type is a mode and that stand for themselves, as by one writer."""
    modes: dict[str, Mode] = {mode: mode for mode in get_args(Mode)}
    return [
        ModeQuestion(split, question.text, modes[question.type])
        for question in questions
        if question.type in modes and not question.history
    ]


def embed(
    questions: Sequence[ModeQuestion],
    reader: QuestionReader,
    encoder: Encoder,
    progress: Progress | None = None,
) -> Embedded:
    """Read the questions by the rules, and put their topics into vectors.

    :raises ModeQuestionsError: where there is none.
    """
    if not questions:
        raise ModeQuestionsError("there is no question to train on; wanted questions with their modes.")
    features: list[NDArray[np.float32]] = []
    told: list[Counts] = []
    by_rules: list[Mode] = []
    for number, question in enumerate(questions, start=1):
        reading = reader.read(AskRequest(question.text))
        counts = Counts(len(reading.cities), len(reading.years), len(reading.plan_ids))
        features.append(np.concatenate([encoder.encode_question(reading.topic), counts.features()]))
        told.append(counts)
        by_rules.append(reading.mode)
        if progress is not None:
            progress(number, len(questions))
    return Embedded(
        tuple(question.writer for question in questions),
        np.stack(features).astype(np.float32),
        tuple(told),
        tuple(by_rules),
        tuple(question.mode for question in questions),
    )


def train(embedded: Embedded, among: Sequence[int], encoder: str) -> ModeModel:
    """Weights trained on the questions ``among``, for the encoder of that name.

    :raises ModeQuestionsError: where one of the modes is not among them.
    """
    wanted = [embedded.wanted[i] for i in among]
    missing = [mode for mode in MODES if mode not in wanted]
    if missing:
        raise ModeQuestionsError(f"no question to train on wants {', '.join(missing)}; add some.")
    scale = _scale(embedded.features.shape[1])
    fitted = LogisticRegression(C=C, max_iter=3000).fit(embedded.features[list(among)] * scale, wanted)
    rows = [list(fitted.classes_).index(mode) for mode in MODES]
    weights = (fitted.coef_[rows] * scale).astype(np.float32)
    return ModeModel(weights, fitted.intercept_[rows].astype(np.float32), encoder)


def held_out(embedded: Embedded, encoder: str) -> dict[str, dict[str, float]]:
    """For each writer how many of the questions are read right by weights that have not seen the writer.

    ``n`` questions; the share that ``rules`` alone, the ``vector`` alone and ``both`` together get right.
    """
    figures: dict[str, dict[str, float]] = {}
    dimension = embedded.features.shape[1] - len(Counts(0, 0, 0).features())
    for writer in sorted(set(embedded.writers)):
        own = [i for i, name in enumerate(embedded.writers) if name == writer]
        model = train(embedded, [i for i, name in enumerate(embedded.writers) if name != writer], encoder)
        right = {"rules": 0, "vector": 0, "both": 0}
        for i in own:
            vector, counts, rule = embedded.features[i][:dimension], embedded.counts[i], embedded.by_rules[i]
            right["rules"] += rule == embedded.wanted[i]
            right["vector"] += model.decide(vector, counts, rule, heed_rules=False) == embedded.wanted[i]
            right["both"] += model.decide(vector, counts, rule) == embedded.wanted[i]
        figures[writer] = {"n": len(own)} | {name: round(n / len(own), 3) for name, n in right.items()}
    return figures


def held_out_table(figures: dict[str, dict[str, float]]) -> str:
    """The same as plain text."""
    lines = ["modes read right, each writer by weights that have not seen the writer"]
    lines.append(f"{'':<12}{'n':>6}{'rules':>8}{'vector':>8}{'both':>8}")
    for name, one in figures.items():
        shares = "".join(f"{one[column]:>8.3f}" for column in ("rules", "vector", "both"))
        lines.append(f"{name:<12}{one['n']:>6.0f}{shares}")
    return "\n".join(lines)


def _scale(width: int) -> NDArray[np.float32]:
    scale = np.full(width, SCALE, dtype=np.float32)
    scale[width - len(Counts(0, 0, 0).features()) :] = 1.0
    return scale
