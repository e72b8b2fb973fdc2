"""Training what reads modes: the table of questions, and what is learnt from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from corpus.library import load_sample_plans
from embeddings.encoder import Progress, Vectors
from eval.commands import question_files
from eval.questions import load_questions
from eval.train_modes import (
    ModeQuestion,
    ModeQuestionsError,
    embed,
    held_out,
    held_out_table,
    load_mode_questions,
    of_evaluation,
    train,
)
from planqa import app
from rag.mode_model import MODES
from rag.place_names import PlaceNames
from rag.places import CorpusPlaces
from rag.reading import QuestionReader

WORDS = {"lookup": "甲", "enumerate": "乙", "compare": "丙", "summarise": "丁", "count": "戊"}
"""A word that no rule knows, and the mode that it stands for."""


class WordEncoder:
    """A vector has an axis for each of the words, and one for all else."""

    name = "words@1/exact/6"
    dimension = len(WORDS) + 1

    def encode_question(self, question: str) -> NDArray[np.float32]:
        vector = np.array([*(word in question for word in WORDS.values()), True], dtype=np.float32)
        unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        return np.stack([self.encode_question(text) for text in texts])


QUESTIONS = [
    ModeQuestion(f"w{writer}", f"{WORDS[mode]}的事项{n}多少?", mode)
    for writer in range(3)
    for mode in MODES
    for n in range(4)
]


@pytest.fixture(scope="module")
def reader() -> QuestionReader:
    plans = load_sample_plans()
    return QuestionReader(plans, CorpusPlaces(plans, PlaceNames()))


def test_the_table_that_comes_with_planqa_has_every_mode_of_every_writer() -> None:
    questions = load_mode_questions()
    assert len({question.text for question in questions}) == len(questions) > 1400
    for writer in {question.writer for question in questions}:
        assert {question.mode for question in questions if question.writer == writer} == set(MODES)


def test_no_question_of_a_sealed_split_is_trained_on() -> None:
    trained = {question.text for question in load_mode_questions()}
    for split in ("test", "which_test", "other_test", "testers_test"):
        assert not trained & {question.text for question in load_questions(question_files(split))}


def test_evaluation_questions_that_stand_for_themselves_are_taken() -> None:
    questions = load_questions(question_files("dev"))
    taken = of_evaluation("dev", questions)
    assert {question.mode for question in taken} == set(MODES)
    kinds = {question.text: question.type for question in questions}
    assert all(kinds[question.text] == question.mode for question in taken)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "begins with nothing"),
        ("question\tmode\n甲?\tlookup\n", "begins with question mode"),
        ("writer\tquestion\tmode\n", "then questions"),
        ("writer\tquestion\tmode\na\t甲?\tguess\n", "line 2: found .*guess.* wanted a writer"),
        ("writer\tquestion\tmode\na\t \tlookup\n", "line 2"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "questions.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(ModeQuestionsError, match=said):
        load_mode_questions(tmp_path / "questions.tsv")
    with pytest.raises(ModeQuestionsError, match="cannot be read"):
        load_mode_questions(tmp_path / "missing.tsv")


def test_what_is_learnt_holds_for_writers_left_out(reader: QuestionReader) -> None:
    steps: list[tuple[int, int]] = []
    embedded = embed(QUESTIONS, reader, WordEncoder(), lambda done, total: steps.append((done, total)))
    assert embedded.features.shape == (60, 12) and steps[-1] == (60, 60)
    figures = held_out(embedded, "words@1")
    assert {one["n"] for one in figures.values()} == {20}
    assert all(one["vector"] == 1.0 and one["rules"] < 0.5 for one in figures.values())
    assert "w0" in held_out_table(figures)


def test_training_wants_questions_of_every_mode(reader: QuestionReader) -> None:
    with pytest.raises(ModeQuestionsError, match="no question to train on;"):
        embed([], reader, WordEncoder())
    embedded = embed(QUESTIONS[:4], reader, WordEncoder())
    with pytest.raises(ModeQuestionsError, match="enumerate, compare, summarise, count"):
        train(embedded, range(4), "words@1")


def test_a_file_in_no_folder_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    out = tmp_path / "missing" / "modes.npz"
    refused = CliRunner().invoke(
        app, ["eval", "train-modes", "--out", str(out), "--home", str(tmp_path / "home")]
    )
    assert refused.exit_code == 2
    assert "is no folder" in " ".join(refused.stderr.replace("│", " ").split())
    assert not (tmp_path / "home").exists()
