"""Training the map on pairs that a plain encoder cannot tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from embeddings.encoder import Progress, Vectors
from eval.pairs import Asked, PairsError, Sentence, Topic
from eval.train_map import embed_pairs, held_out, held_out_table, train
from planqa import app

DIMENSION = 24


class AxisEncoder:
    """Every topic has an axis; what a sentence does with it, and what a question asks, are on two more.

    A question about doing lies on the axis of asking: one that does and one that stops are alike to it.
    """

    name = "axes@1/exact/24"
    dimension = DIMENSION

    def encode_question(self, question: str) -> NDArray[np.float32]:
        return self._vector(question, asks=1.0)

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str, asks: float = 0.0) -> NDArray[np.float32]:
        vector = np.zeros(DIMENSION, dtype=np.float32)
        vector[int(text.split()[1])] = 1.0
        vector[20] = asks
        vector[21], vector[22] = ("does" in text) * 1.0, ("stops" in text) * 1.0
        unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit


def topic(number: int) -> Topic:
    sentences = tuple(
        Sentence("", "", f"topic {number} {word}") for word in ("does", "stops", "does", "stops", "half")
    )
    asked = tuple(Asked(f"topic {number} who?", language, "which", (0, 2), (4,)) for language in ("zh", "en"))
    return Topic(f"t-{number}", "x", sentences, asked)


TOPICS = [topic(number) for number in range(20)]


def test_every_question_of_a_topic_is_paired_with_its_sentences() -> None:
    steps: list[tuple[int, int]] = []
    pairs = embed_pairs(TOPICS[:3], AxisEncoder(), lambda done, total: steps.append((done, total)))
    assert pairs.questions.shape == (6, DIMENSION) and pairs.sentences.shape == (15, DIMENSION)
    assert pairs.labels[:5].tolist() == pytest.approx([1, 0, 1, 0, 0.4])
    assert pairs.said[-5:].tolist() == [10, 11, 12, 13, 14]
    assert pairs.topics.tolist() == [0] * 10 + [1] * 10 + [2] * 10
    assert pairs.is_chinese[:10].tolist() == [True] * 5 + [False] * 5
    assert steps[-1] == (6, 6)
    with pytest.raises(PairsError, match="no topic"):
        embed_pairs([], AxisEncoder())


def test_the_map_learns_what_topics_have_in_common_and_holds_on_others() -> None:
    pairs = embed_pairs(TOPICS, AxisEncoder())
    figures = held_out(pairs, "axes@1")
    assert figures["all"]["plain"] == pytest.approx(0.5)
    assert figures["all"]["mapped"] > 0.95
    assert set(figures) == {"all", "zh", "en"}
    assert "20 topics, 200 pairs" in held_out_table(figures, 20, 200)


def test_the_same_seed_gives_the_same_map() -> None:
    pairs = embed_pairs(TOPICS, AxisEncoder())
    first, second = (train(pairs, pairs.of_topics(range(10)), "axes@1") for _ in range(2))
    assert np.allclose(first.matrix, second.matrix, atol=1e-5)
    assert first.fits(AxisEncoder()) and not np.allclose(first.matrix, np.eye(DIMENSION), atol=1e-3)
    other = train(pairs, pairs.of_topics(range(10)), "axes@1", seed=1)
    assert not np.allclose(first.matrix, other.matrix, atol=1e-5)


@pytest.mark.parametrize("command", ["train-map", "embed-phrases"])
def test_a_file_in_no_folder_is_refused_before_anything_is_done(tmp_path: Path, command: str) -> None:
    out = tmp_path / "missing" / "map.npz"
    refused = CliRunner().invoke(app, ["eval", command, "--out", str(out), "--home", str(tmp_path / "home")])
    assert refused.exit_code == 2
    assert "is no folder" in " ".join(refused.stderr.replace("│", " ").split())
    assert not (tmp_path / "home").exists()
