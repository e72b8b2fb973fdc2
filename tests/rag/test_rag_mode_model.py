"""The weights that read modes: their file, whose encoder they are for, and what they may overrule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from chain_fakes import FakeEncoder

from corpus.plan import Plan
from rag.answer import Answerer
from rag.mode_model import MODEL_FILE, MODES, N_COUNTS, Counts, ModeModel, mode_reader_for
from rag.places import CorpusPlaces
from rag.reading import QuestionReader
from rag.records import AskRequest, Mode, Turn

DIMENSION = 8
ONE_PLAN, ALL_PLANS = Counts(1, 0, 1), Counts(0, 0, 7)
VECTOR = np.eye(DIMENSION, dtype=np.float32)[0]


def sure_of(mode: Mode, worth: float) -> ModeModel:
    """Weights that give one mode this much more than any other, whatever is asked."""
    bias = np.array([worth if one == mode else 0.0 for one in MODES], dtype=np.float32)
    return ModeModel(np.zeros((len(MODES), DIMENSION + N_COUNTS), dtype=np.float32), bias, "fake")


def test_weights_come_back_from_their_file(tmp_path: Path) -> None:
    drawn = np.random.default_rng(5).normal(size=(len(MODES), DIMENSION + N_COUNTS + 1))
    drawn = drawn.astype(np.float16).astype(np.float32)
    kept = ModeModel(drawn[:, 1:], drawn[:, 0], "fake")
    kept.save(tmp_path / "modes.npz")
    again = ModeModel.load(tmp_path / "modes.npz")
    assert np.array_equal(again.weights, kept.weights) and np.array_equal(again.bias, kept.bias)
    assert again.encoder == "fake" and again.digest == kept.digest != sure_of("count", 1.0).digest


@pytest.mark.parametrize("content", [b"", b"no weights", b"PK\x05\x06" + 18 * b"\0"])
def test_a_file_without_weights_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "modes.npz").write_bytes(content)
    with pytest.raises(ValueError, match="holds no mode weights"):
        ModeModel.load(tmp_path / "modes.npz")
    with pytest.raises(ValueError, match="holds no mode weights"):
        ModeModel.load(tmp_path / "missing.npz")


def test_weights_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 9\)"):
        ModeModel(np.zeros((2, 9), dtype=np.float32), np.zeros(len(MODES), dtype=np.float32), "fake")
    with pytest.raises(ValueError, match="wanted"):
        replace(sure_of("count", 1.0), bias=np.zeros(2, dtype=np.float32))


def test_a_default_yields_sooner_than_a_form_that_the_rules_know() -> None:
    doubtful, sure = sure_of("summarise", 2.0), sure_of("summarise", 9.0)
    assert doubtful.decide(VECTOR, ONE_PLAN, "lookup") == "summarise"
    assert doubtful.decide(VECTOR, ONE_PLAN, "count") == "count"
    assert sure.decide(VECTOR, ONE_PLAN, "count") == "summarise"
    assert doubtful.decide(VECTOR, ONE_PLAN, "count", heed_rules=False) == "summarise"


@pytest.mark.parametrize("mode", ["enumerate", "compare"])
def test_one_plan_is_not_gone_through_nor_set_beside_itself(mode: Mode) -> None:
    model = sure_of(mode, 9.0)
    assert model.decide(VECTOR, ALL_PLANS, "lookup") == mode
    assert model.decide(VECTOR, ONE_PLAN, "lookup") == "lookup"
    # a second city that is not in the corpus can be what the rules go by
    assert model.decide(VECTOR, ONE_PLAN, mode) == mode


def test_what_a_question_is_about_is_told_beside_its_vector() -> None:
    weights = np.zeros((len(MODES), DIMENSION + N_COUNTS), dtype=np.float32)
    weights[MODES.index("compare"), DIMENSION + 2] = 9.0  # more than one city
    model = ModeModel(weights, np.zeros(len(MODES), dtype=np.float32), "fake")
    assert model.decide(VECTOR, Counts(2, 0, 2), "lookup") == "compare"
    assert model.decide(VECTOR, Counts(1, 0, 2), "lookup") == "lookup"


def test_another_encoder_goes_by_the_rules_alone() -> None:
    assert mode_reader_for(FakeEncoder()) is None
    assert ModeModel.load(MODEL_FILE).encoder.startswith("embeddinggemma-300m@")


def test_only_a_question_that_stands_for_itself_is_weighed(
    sample_plans: tuple[Plan, ...], sample_places: CorpusPlaces
) -> None:
    asked: list[tuple[str, Counts, Mode]] = []

    def read(topic: str, counts: Counts, by_rules: Mode) -> Mode:
        asked.append((topic, counts, by_rules))
        return "summarise"

    reader = QuestionReader(sample_plans, sample_places, read)
    assert reader.read(AskRequest("邯郸新建几所幼儿园?")).mode == "summarise"
    assert asked == [("新建几所幼儿园?", ONE_PLAN, "lookup")]
    history = (Turn("user", "邯郸新建几所幼儿园?"), Turn("assistant", "70所[1]。"))
    for request in (
        AskRequest("邯郸新建几所幼儿园?", mode="lookup"),
        AskRequest("邯郸第9条说了什么?"),
        AskRequest("邯郸的计划写了什么?"),
        AskRequest("那公办的呢?", history),
        AskRequest("Which medicinal plants will Rongcheng pupils grow?"),
    ):
        reader.read(request)
    assert len(asked) == 1
    assert reader.read(AskRequest("Which measures does Rongcheng take on herbs?")).mode == "summarise"


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "mode"),
    [
        ("天津打算怎样把高校办出水平?师资、经费都说说。", "summarise"),
        ("What is Shanghai up to for grandparents who want to learn?", "summarise"),
        ("荣成老师的补贴和校长的津贴,两笔合在一块是几万?", "count"),
        ("Handan had how many model kitchens before this year's dozen came on top?", "count"),
        ("南宁的校医由谁管?", "lookup"),
        ("Who signs off on Nanning's school menus?", "lookup"),
        ("谁家给娃发免费牛奶?", "enumerate"),
        ("Tianjin or Shanghai: whose school doctors get the better deal?", "compare"),
    ],
)
def test_questions_in_other_words_are_read(real_answerer: Answerer, question: str, mode: Mode) -> None:
    assert real_answerer.check(AskRequest(question)).mode == mode
