"""Fitting the verdicts on made-up signals: what weights learn, what is left out, when the model is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from eval.fit_verdicts import ASK_ABOVE, ASK_BELOW, YES_FROM, Cell, fit, write_model
from rag.generate import Generation, Message, Sink
from rag.records import Chunk
from rag.verdict_model import Signals, VerdictModel

YES = Signals(4.0, 0.0, 0.8, 5.0, False, 0.7, side=0.9)
NO = Signals(0.5, -0.4, 0.1, 0.5, False, 0.3, side=-0.9)
SAID, UNSAID = 0.7, 0.3
"""Scores of the best sentence of the corpus: where some plan answers, and where none does."""
TOPICS = tuple(f"topic{n}" for n in range(5))


class Hearer:
    """A language model whose odds come from the sentence that it is shown."""

    name = "hearer"
    digest = "1"

    def __init__(self, odds: Callable[[str], float]) -> None:
        self._odds = odds
        self.shown: list[str] = []

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        return Generation("", 0, 0, 0)

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        self.shown.append(messages[-1].content)
        return (self._odds(messages[-1].content), 0.0)


def truth(prompt: str) -> float:
    """The odds of a model that always knows: the sentences of a yes carry a plus."""
    return 4.0 if "+" in prompt else -4.0


def cell(question_id: str, topic: str, n: int, gold: str, signals: Signals) -> Cell:
    plan_id = f"plan{n}"
    text = f"{topic}{'+' if gold == 'yes' else ''}"
    sentences = (Chunk(f"{plan_id}#1:1", f"{plan_id}#1", plan_id, text, 0, len(text), ""),)
    return Cell(question_id, topic, plan_id, gold, signals, "研学?", sentences)


def cells(spread: float = 0.05) -> list[Cell]:
    """A question of every topic in both languages, three of six plans a yes; ``spread`` blurs the signals."""
    rng = np.random.default_rng(7)
    made: list[Cell] = []
    for foreign in (False, True):
        for topic in TOPICS:
            best_score, best_words = SAID + rng.normal(0, 0.02), 0.8 + rng.normal(0, 0.02)
            for n in range(6):
                gold, base = ("yes", YES) if n % 2 else ("no_evidence", NO)
                values = np.array(base.vector())
                blurred = values + rng.normal(0, spread, values.size)
                fused, gap, words, keyword, score, side = blurred[:6].tolist()
                signals = Signals(
                    fused, gap, words, keyword, foreign, score, best_score, best_words, side=side
                )
                made.append(cell(f"{topic}{'-en' if foreign else ''}", topic, n, gold, signals))
    return made


def silent(best_score: float = UNSAID, foreign: bool | None = None, best_words: float = 0.1) -> list[Cell]:
    """Questions of four topics that no plan answers; in one language, or in both."""
    rng = np.random.default_rng(8)
    made: list[Cell] = []
    for is_foreign in (False, True) if foreign is None else (foreign,):
        for topic in range(4):
            score = best_score + rng.normal(0, 0.02)
            signals = Signals(1.0, 0.0, 0.1, 1.0, is_foreign, score, score, best_words)
            made.append(cell(f"metro{topic}{is_foreign}", f"metro{topic}", 0, "no_evidence", signals))
    return made


def loaded(fitted: dict[str, Any], folder: Path) -> VerdictModel:
    """The fit as the chain reads it."""
    write_model(fitted, folder / "fitted.json")
    return VerdictModel.load(folder / "fitted.json")


BLURRED = 2.2
"""A spread at which some cells lie on the wrong side and some in doubt."""


@pytest.fixture(scope="module")
def blurred() -> list[Cell]:
    return cells(BLURRED)


@pytest.fixture(scope="module")
def fitted_blurred(blurred: list[Cell]) -> dict[str, Any]:
    return fit(blurred, blurred, silent(), None)


def test_weights_tell_yes_from_no(tmp_path: Path) -> None:
    clear = cells()
    fitted = fit(clear, clear, silent(), None)
    model = loaded(fitted, tmp_path)
    words = {(one.gold, model.word(model.probability(one.signals))) for one in clear}
    assert words == {("yes", "yes"), ("no_evidence", "no_evidence")}
    assert fitted["left_out_by_topic"]["all"] == {"auc": 1.0, "f1": 1.0}
    assert set(fitted["left_out_by_topic"]) == {
        name + terms for name in ("all", "zh", "en") for terms in ("", ", no terms")
    }


def test_a_partial_verdict_is_neither(blurred: list[Cell], fitted_blurred: dict[str, Any]) -> None:
    halves = [replace(one, gold="partial", signals=YES) for one in blurred[:5]]
    fitted = fit([*blurred, *halves], [*blurred, *halves], silent(), None)
    assert (fitted["fitted_on"]["cells"], fitted["fitted_on"]["decided"]) == (len(blurred) + 5, len(blurred))
    assert fitted["cheap"] == fitted_blurred["cheap"]
    assert fitted["left_out_by_topic"] == fitted_blurred["left_out_by_topic"]


def test_questions_that_no_plan_answers_lower_the_probability(
    blurred: list[Cell], fitted_blurred: dict[str, Any], tmp_path: Path
) -> None:
    model = loaded(fitted_blurred, tmp_path)
    answered = replace(YES, best_score=SAID, best_words=0.8)
    unanswered = replace(answered, best_score=UNSAID, best_words=0.1)
    # nothing but the best of the whole corpus differs, and the first step alone looks at it
    assert model.probability_anywhere(answered) > 0.5 > model.probability_anywhere(unanswered)
    assert model.word(model.probability(answered)) == "yes" != model.word(model.probability(unanswered))
    # silent questions that look like answered ones cost those their certainty
    alike = silent(best_score=SAID, best_words=0.8)
    near = loaded(fit(blurred, blurred, alike, None), tmp_path)
    assert near.probability_anywhere(answered) < model.probability_anywhere(answered)
    # which plans say it, given that some does, is no matter of theirs
    assert near.cheap == model.cheap


def test_silent_questions_that_find_a_yes_are_counted() -> None:
    clear = cells()
    as_answered = replace(YES, best_score=SAID, best_words=0.8)
    loud = [replace(one, signals=as_answered) for one in silent(foreign=False)]
    fitted = fit(clear, clear, [*loud, *silent(foreign=True)], None)
    assert fitted["silent_questions_with_a_yes"] == {"zh": 1.0, "en": 0.0}


@pytest.mark.parametrize("foreign", [False, True])
def test_a_language_without_silent_questions_is_refused(blurred: list[Cell], foreign: bool) -> None:
    with pytest.raises(ValueError, match="0 that none does"):
        fit(blurred, blurred, silent(foreign=foreign), None)


def test_chinese_and_other_questions_are_fitted_apart(
    blurred: list[Cell], fitted_blurred: dict[str, Any]
) -> None:
    def turned(one: Cell) -> Cell:
        """The same plan, with the words of an English question against the gold."""
        if not one.signals.foreign:
            return one
        return replace(one, signals=replace(one.signals, words=-one.signals.words, gap=-one.signals.gap))

    other = [turned(one) for one in blurred]
    fitted = fit(other, other, silent(), None)
    assert fitted["cheap"] == fitted_blurred["cheap"]
    straight, reverse = fitted_blurred["foreign"]["weights"], fitted["foreign"]["weights"]
    assert reverse[2] == pytest.approx(-straight[2], abs=1e-3)
    assert abs(straight[2]) > 0.05
    # the score as it is helps questions in other languages alone
    assert fitted["cheap"]["weights"][4] == 0.0 != fitted["foreign"]["weights"][4]


def test_cells_without_terms_are_fitted_on_too(blurred: list[Cell], fitted_blurred: dict[str, Any]) -> None:
    bare = [replace(one, signals=replace(one.signals, words=0.0, keyword=0.0)) for one in blurred]
    fitted = fit(blurred, bare, silent(), None)
    assert fitted["cheap"] != fitted_blurred["cheap"]
    with_terms, without = (fitted["left_out_by_topic"][f"all{end}"] for end in ("", ", no terms"))
    assert without["auc"] < with_terms["auc"]


def test_a_topic_is_judged_by_weights_that_have_not_seen_it(
    blurred: list[Cell], fitted_blurred: dict[str, Any], tmp_path: Path
) -> None:
    left_out: list[float] = []
    labels: list[bool] = []
    for topic in TOPICS:
        others = [one for one in blurred if one.topic != topic]
        model = loaded(fit(others, others, silent(), None), tmp_path)
        own = [one for one in blurred if one.topic == topic]
        left_out += [model.probability(one.signals) for one in own]
        labels += [one.gold == "yes" for one in own]
    assert fitted_blurred["left_out_by_topic"]["all"] == pytest.approx(
        {"auc": roc_auc_score(labels, left_out), "f1": f1_score(labels, np.array(left_out) >= YES_FROM)},
        abs=1e-4,
    )
    seen = loaded(fitted_blurred, tmp_path)
    by_topic = [one for topic in TOPICS for one in blurred if one.topic == topic]
    flattered = roc_auc_score(labels, [seen.probability(one.signals) for one in by_topic])
    assert fitted_blurred["left_out_by_topic"]["all"]["auc"] < flattered - 1e-4


def test_without_a_language_model_none_is_asked(fitted_blurred: dict[str, Any], tmp_path: Path) -> None:
    model = loaded(fitted_blurred, tmp_path)
    assert (model.ask_above, model.ask_below) == (1.0, 0.0)
    # nobody is asked; had the file a stage for it, it would decide as the cheap one does
    assert model.judged.weights == (*model.cheap.weights, 0.0)
    assert "judged" not in fitted_blurred["left_out_by_topic"]


def test_a_model_that_knows_is_asked_about_what_is_in_doubt(blurred: list[Cell], tmp_path: Path) -> None:
    hearer = Hearer(truth)
    steps: list[tuple[int, int]] = []
    fitted = fit(blurred, blurred, silent(), hearer, lambda done, total: steps.append((done, total)))
    figures, model = fitted["left_out_by_topic"], loaded(fitted, tmp_path)
    assert figures["judged"]["f1"] > figures["all"]["f1"]
    assert (model.ask_above, model.ask_below) == (ASK_ABOVE, ASK_BELOW)
    assert model.judged.weights[5] > 0
    assert 0 < len(hearer.shown) < len(blurred)
    assert steps[-1] == (len(hearer.shown), len(hearer.shown))


def test_a_model_is_not_asked_where_the_signals_are_right_already(tmp_path: Path) -> None:
    hearer = Hearer(truth)
    near = cells(spread=0.6)
    fitted = fit(near, near, silent(), hearer)
    figures, model = fitted["left_out_by_topic"], loaded(fitted, tmp_path)
    assert hearer.shown  # some were in doubt, on the right side
    assert figures["judged"]["f1"] == figures["all"]["f1"] == 1.0
    assert (model.ask_above, model.ask_below) == (1.0, 0.0)


def test_a_model_is_not_heard_where_nothing_is_in_doubt(tmp_path: Path) -> None:
    hearer = Hearer(truth)
    fitted = fit(cells(), cells(), silent(), hearer)
    assert hearer.shown == []
    assert "judged" not in fitted["left_out_by_topic"]
    assert loaded(fitted, tmp_path).ask_above == 1.0


def test_the_digest_is_of_questions_plans_and_gold(
    blurred: list[Cell], fitted_blurred: dict[str, Any]
) -> None:
    def digest(changed: list[Cell]) -> str:
        return str(fit(changed, blurred, silent(), None)["fitted_on"]["sha256"])

    first, *rest = blurred
    known = fitted_blurred["fitted_on"]["sha256"]
    assert digest([replace(first, signals=YES), *rest]) == known
    assert digest([replace(first, gold="partial"), *rest]) != known
    assert digest([replace(first, plan_id="other"), *rest]) != known


def test_the_same_cells_give_the_same_file(
    blurred: list[Cell], fitted_blurred: dict[str, Any], tmp_path: Path
) -> None:
    again = fit(cells(BLURRED), cells(BLURRED), silent(), None)
    assert json.dumps(again) == json.dumps(fitted_blurred)
    write_model(again, tmp_path / "again.json")
    assert json.loads((tmp_path / "again.json").read_text(encoding="utf-8")) == fitted_blurred
