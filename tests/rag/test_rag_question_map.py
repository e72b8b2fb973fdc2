"""The map that turns a question's vector: its file, whose encoder it is for, what verdicts make of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from chain_fakes import FakeEncoder

from rag.question_map import MAP_FILE, QuestionMap, map_for
from rag.retrieve import Limits, Retriever
from rag.snapshot import Index
from rag.verdict_model import Logistic, MappedSteps, Said, Signals, VerdictModel
from rag.verdicts import VerdictJudge

SURE = Logistic((0.0,) * 5, 20.0)
BY_MAP = Logistic((0.0,) * 9 + (40.0, 0.0), 1.0)
UNFITTED = Logistic((), 0.0)
MAPPED = VerdictModel(UNFITTED, UNFITTED, 1.0, 0.0, 0.5, 0.4, mapped=MappedSteps(BY_MAP, BY_MAP, SURE, SURE))
"""Says yes to the plan that the turned question is nearest to, and looks at nothing else."""


def square(dimension: int, encoder: str = "fake") -> QuestionMap:
    """A map that turns every vector to its opposite."""
    return QuestionMap(-np.eye(dimension, dtype=np.float32), encoder)


def test_a_map_comes_back_from_its_file(tmp_path: Path) -> None:
    matrix = np.random.default_rng(3).normal(size=(6, 6)).astype(np.float16).astype(np.float32)
    kept = QuestionMap(matrix, "fake")
    kept.save(tmp_path / "map.npz")
    again = QuestionMap.load(tmp_path / "map.npz")
    assert np.array_equal(again.matrix, matrix) and again.encoder == "fake"
    assert again.digest == kept.digest != square(6).digest


@pytest.mark.parametrize("content", [b"", b"no map", b"PK\x05\x06" + 18 * b"\0"])
def test_a_file_without_a_map_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "map.npz").write_bytes(content)
    with pytest.raises(ValueError, match="holds no question map"):
        QuestionMap.load(tmp_path / "map.npz")
    with pytest.raises(ValueError, match="holds no question map"):
        QuestionMap.load(tmp_path / "missing.npz")


def test_a_matrix_that_is_not_square_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 3\)"):
        QuestionMap(np.zeros((2, 3), dtype=np.float32), "fake")


def test_what_is_turned_is_of_unit_length() -> None:
    turned = QuestionMap(3 * np.eye(4, dtype=np.float32), "fake").turn(np.array([0, 2, 0, 0], np.float32))
    assert turned.tolist() == [0, 1, 0, 0] and turned.dtype == np.float32
    nothing = QuestionMap(np.zeros((4, 4), dtype=np.float32), "fake").turn(np.array([1, 0, 0, 0], np.float32))
    assert nothing.tolist() == [1, 0, 0, 0]


def test_the_shipped_map_is_for_its_encoder_alone() -> None:
    shipped = QuestionMap.load(MAP_FILE)
    assert shipped.matrix.shape == (768, 768)
    assert shipped.encoder.startswith("embeddinggemma-300m@")
    assert map_for(FakeEncoder()) is None
    assert not square(7, FakeEncoder().name).fits(FakeEncoder())
    assert square(FakeEncoder().dimension, FakeEncoder().name[:3]).fits(FakeEncoder())


def test_the_turned_question_decides_where_there_is_a_map(sample_index: Index) -> None:
    retriever = Retriever(sample_index, FakeEncoder())
    scores = retriever.score("新建幼儿园")
    matrix = np.eye(FakeEncoder().dimension, dtype=np.float32)
    straight = VerdictJudge(retriever, MAPPED, QuestionMap(matrix, "fake")).signals(scores)
    turned = VerdictJudge(retriever, MAPPED, QuestionMap(-matrix, "fake")).signals(scores)
    for plan_id, (signals, _) in straight.items():
        rows = retriever.rows([plan_id])
        assert signals.said is not None
        assert signals.said.best == pytest.approx(float(scores.dense[rows].max()))
        other = turned[plan_id][0].said
        assert other is not None and other.best == pytest.approx(-float(scores.dense[rows].min()))
    nearest = max(straight, key=lambda plan_id: float(scores.dense[retriever.rows([plan_id])].max()))
    judge = VerdictJudge(retriever, MAPPED)
    assert judge.word(judge.probability(straight[nearest][0])) == "yes"
    said = straight[nearest][0].said
    assert said is not None and said.gap == 0.0 < said.standing


def test_without_a_map_nothing_of_it_is_known(sample_index: Index) -> None:
    retriever = Retriever(sample_index, FakeEncoder())
    judge = VerdictJudge(retriever, VerdictModel.load())
    for signals, _ in judge.signals(retriever.score("新建幼儿园")).values():
        assert signals.said is None
        assert 0 <= judge.probability(signals) <= 1
        with pytest.raises(ValueError, match="no map for this encoder"):
            signals.mapped_vector()


def test_in_a_large_index_only_scored_sentences_are_compared_with_the_turned_question(
    sample_index: Index,
) -> None:
    encoder = FakeEncoder()
    few = Limits(score_all=10, score_plans=10, candidates=3, candidates_for_plans=30)
    likely, exact = Retriever(sample_index, encoder, limits=few), Retriever(sample_index, encoder)
    scores = likely.score("新建幼儿园", per_plan=True)
    turned = -encoder.encode_question("新建幼儿园")
    found, wanted = likely.scores_of(turned, scores), exact.scores_of(turned, exact.score("新建幼儿园"))
    assert scores.rows is not None and scores.typical is not None
    compared = np.union1d(scores.rows, scores.typical)
    assert np.allclose(found[compared], wanted[compared], atol=1e-6)
    left = np.setdiff1d(np.arange(found.size), compared)
    assert (found[left] == -1).all()


def test_signals_without_their_map_are_weighed_by_the_plain_steps() -> None:
    model = VerdictModel.load()
    assert model.mapped is not None
    plain = Signals(4.0, 0.0, 0.9, 6.0, False, 0.8, 0.8, 0.9)
    near, far = (replace(plain, said=Said(best, gap, z)) for best, gap, z in ((0.7, 0, 6), (0.1, -0.5, 0)))
    assert model.probability(near) > model.probability(far)
    assert model.probability(plain) == replace(model, mapped=None).probability(near)
