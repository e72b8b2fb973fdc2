"""Collecting what verdicts are fitted on, over two tiny plans, and telling what a fit changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from worlds import PLANS, PairEncoder, question

from eval.fit_verdicts import Cell
from eval.pairs import Asked, PairsError, Topic, load_topics
from eval.questions import Question
from eval.refit import (
    Examples,
    PlansDiffer,
    collect_examples,
    difference_text,
    differences,
    figures_table,
    index_over,
    refit,
    shipped_model,
    silent_topics,
    was_heard,
)
from rag.question_map import QuestionMap
from rag.snapshot import Index
from rag.verdict_model import VerdictModel

NO = {"verdict": "no_evidence"}


def asks(name: str, text: str, alpha: str, beta: str, language: str = "zh") -> Question:
    """A "which plans" question with the gold of both plans; the items play no part in the fit."""
    gold = {
        plan_id: NO if word == "no_evidence" else {"verdict": word, "items": [f"{plan_id}#1"], "quote": "x"}
        for plan_id, word in (("beta-2021", beta), ("alpha-2020", alpha))
    }
    return question(id=name, type="enumerate", topic=name, question=text, language=language, verdicts=gold)


QUESTIONS = [
    asks("sports", "哪些城市要加强体育?", "no_evidence", "yes"),
    asks("model", "哪些城市要评选示范校?", "yes", "no_evidence"),
    asks("trips", "哪些城市推进研学?", "partial", "yes"),
    asks("trips-en", "Which cities plan study trips?", "yes", "yes", "en"),
    asks("sports-en", "Which cities strengthen sports?", "no_evidence", "yes", "en"),
    asks("model-en", "Which cities select model schools?", "yes", "no_evidence", "en"),
    question(id="lookup", question="甲城新建多少所幼儿园?"),
]
METRO = Topic(
    "soc-901",
    "地铁",
    (),
    (
        Asked("哪些城市要开通地铁?", "zh", "which", (), ()),
        Asked("地铁多长?", "zh", "detail", (), ()),
        Asked("Which cities open a metro line?", "en", "which", (), ()),
    ),
)
PARKS = Topic(
    "soc-902",
    "公园",
    (),
    (
        Asked("哪些城市要修建公园?", "zh", "which", (), ()),
        Asked("Which cities build parks?", "en", "which", (), ()),
    ),
)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return index_over(PLANS, PairEncoder(), tmp_path / "index")


@pytest.fixture
def examples(index: Index) -> Examples:
    return collect_examples(index, PairEncoder(), QUESTIONS, [METRO, PARKS])


def test_every_plan_of_every_which_question_is_collected_twice(examples: Examples) -> None:
    for cells in (examples.cells, examples.without_terms):
        assert [(cell.question_id, cell.plan_id) for cell in cells] == [
            (asked.question_id, plan_id)
            for asked in QUESTIONS
            if asked.verdicts
            for plan_id in ("alpha-2020", "beta-2021")
        ]
        assert [cell.gold for cell in cells[:6]] == [
            "no_evidence", "yes", "yes", "no_evidence", "partial", "yes"
        ]  # fmt: skip
        assert [cell.signals.foreign for cell in cells] == [False] * 6 + [True] * 6
        assert all(chunk.plan_id == cell.plan_id for cell in cells for chunk in cell.sentences)


def test_the_plan_that_says_it_stands_out(examples: Examples) -> None:
    cells = {(cell.question_id, cell.plan_id): cell for cell in examples.cells}
    says, silent = cells["sports", "beta-2021"], cells["sports", "alpha-2020"]
    assert says.signals.fused > silent.signals.fused
    assert says.signals.words > silent.signals.words
    assert says.signals.gap == 0.0 > silent.signals.gap
    assert "体育" in says.sentences[0].text


def test_without_terms_an_english_question_has_no_words(examples: Examples) -> None:
    def words(cells: Sequence[Cell]) -> list[float]:
        return [cell.signals.words for cell in cells if cell.question_id == "trips-en"]

    assert min(words(examples.cells)) > 0
    assert words(examples.without_terms) == [0.0, 0.0]
    # a Chinese question whose words the plans print is the same either way
    assert examples.cells[:6] == examples.without_terms[:6]


def test_silent_questions_are_a_no_for_every_plan(examples: Examples) -> None:
    assert {cell.gold for cell in examples.silent} == {"no_evidence"}
    asked = ["soc-901?0", "soc-901?2", "soc-902?0", "soc-902?1"]
    once = [(name, plan_id) for name in asked for plan_id in ("alpha-2020", "beta-2021")]
    assert [(cell.question_id, cell.plan_id) for cell in examples.silent] == 2 * once
    assert {cell.topic for cell in examples.silent} == {"soc-901", "soc-902"}


def test_a_question_that_every_plan_is_silent_on_is_no_verdict_to_fit_on(index: Index) -> None:
    toilets = asks("which-toilets", "哪些城市要改造厕所?", "no_evidence", "no_evidence")
    found = collect_examples(index, PairEncoder(), [*QUESTIONS, toilets], [METRO])
    assert "which-toilets" not in {cell.question_id for cell in (*found.cells, *found.without_terms)}
    own = [cell for cell in found.silent if cell.question_id == "which-toilets"]
    assert [cell.plan_id for cell in own] == 2 * ["alpha-2020", "beta-2021"]


def test_with_a_map_both_kinds_of_steps_are_fitted(index: Index, tmp_path: Path) -> None:
    encoder = PairEncoder()
    turn = QuestionMap(np.eye(encoder.dimension, dtype=np.float32), encoder.name)
    toilets = asks("which-toilets", "哪些城市要改造厕所?", "no_evidence", "no_evidence")
    examples = collect_examples(index, encoder, [*QUESTIONS, toilets], [METRO, PARKS], question_map=turn)
    assert all(cell.signals.said is not None for cell in (*examples.cells, *examples.silent))
    fitted = refit(examples)
    assert [len(step["weights"]) for step in fitted["mapped"].values()] == [11, 11, 5, 5]
    assert [len(fitted[step]["weights"]) for step in ("cheap", "foreign", "anywhere")] == [8, 8, 4]
    assert {"zh", "en", "zh, near"} == set(fitted["mapped_silent_questions_with_a_yes"])
    (tmp_path / "fitted.json").write_text(json.dumps(fitted), encoding="utf-8")
    model = VerdictModel.load(tmp_path / "fitted.json")
    assert model.mapped is not None and model.mapped.which != model.cheap
    # what is fitted without the map is the same, whether there is one or not
    plain = refit(collect_examples(index, encoder, [*QUESTIONS, toilets], [METRO, PARKS]))
    assert "mapped" not in plain
    by_subject = plain.pop("by_subject")
    assert {name: fitted[name] for name in plain} == plain
    assert {name: fitted["by_subject"][name] for name in by_subject} == by_subject


def test_steps_that_go_by_the_subject_are_fitted_beside_the_others(index: Index, tmp_path: Path) -> None:
    examples = collect_examples(index, PairEncoder(), QUESTIONS, [METRO, PARKS])
    for own in (*examples.cells, *examples.silent):
        assert own.by_subject is not None
        assert own.by_subject.by_subject and not own.signals.by_subject
    fitted = refit(examples)
    (tmp_path / "fitted.json").write_text(json.dumps(fitted), encoding="utf-8")
    model = VerdictModel.load(tmp_path / "fitted.json")
    assert model.by_subject is not None and model.by_subject.cheap != model.cheap
    for own in examples.cells:
        assert own.by_subject is not None
        assert model.probability(own.by_subject) == model.by_subject.probability(own.by_subject)
        assert model.probability(own.by_subject) != model.probability(
            replace(own.by_subject, by_subject=False)
        )


def test_progress_counts_the_questions_to_their_end(index: Index) -> None:
    steps: list[tuple[int, int]] = []
    collect_examples(
        index, PairEncoder(), QUESTIONS, [METRO, PARKS], lambda done, total: steps.append((done, total))
    )
    assert [total for _, total in steps] == [20] * len(steps)
    assert steps[-1][0] == 20
    assert steps == sorted(set(steps))


def test_questions_about_other_plans_than_the_indexed_are_refused(tmp_path: Path) -> None:
    alone = index_over(PLANS[:1], PairEncoder(), tmp_path / "alone")
    encoder = PairEncoder()
    with pytest.raises(PlansDiffer) as refused:
        collect_examples(alone, encoder, QUESTIONS, [METRO])
    assert "the index lacks beta-2021" in refused.value.message
    assert encoder.n_questions == 0  # before anything is embedded


def test_an_index_with_plans_that_no_question_judges_is_refused(index: Index) -> None:
    verdicts = {"alpha-2020": {"verdict": "yes", "items": ["alpha-2020#1"], "quote": "x"}, "gamma-2022": NO}
    other = question(id="other", type="enumerate", question="哪些城市?", verdicts=verdicts)
    with pytest.raises(
        PlansDiffer, match="the index lacks gamma-2022; it holds beta-2021, which none judges"
    ):
        collect_examples(index, PairEncoder(), [other], [METRO])


def test_a_collected_fit_is_one_that_the_chain_reads(
    index: Index, examples: Examples, tmp_path: Path
) -> None:
    fitted = refit(examples)
    again = refit(collect_examples(index, PairEncoder(), QUESTIONS, [METRO, PARKS]))
    assert fitted == again
    assert fitted["fitted_on"]["cells"] == 12
    assert fitted["fitted_on"]["decided"] == 11
    assert fitted["fitted_on"]["silent"] == 16
    (tmp_path / "fitted.json").write_text(json.dumps(fitted), encoding="utf-8")
    model = VerdictModel.load(tmp_path / "fitted.json")
    cells = {(cell.question_id, cell.plan_id): cell for cell in examples.cells}
    says, silent = cells["sports", "beta-2021"], cells["sports", "alpha-2020"]
    assert model.probability(says.signals) > model.probability(silent.signals)


def test_silent_topics_are_those_of_other_departments() -> None:
    topics = load_topics()
    chosen = silent_topics(topics)
    assert 0 < len(chosen) < len(topics)
    assert all(topic.topic_id.startswith("soc-") for topic in chosen)
    with pytest.raises(PairsError, match="none of the 2 topics"):
        silent_topics([Topic("pre-001", "托育", (), ()), Topic("gov-001", "党建", (), ())])


def test_the_shipped_weights_differ_from_themselves_in_nothing() -> None:
    shipped = shipped_model()
    assert differences(shipped, shipped) == []
    assert "the same as the shipped weights" in difference_text(shipped, shipped)


def test_what_differs_is_named_with_both_values() -> None:
    shipped = {"cheap": {"weights": [1.0, 2.0], "intercept": -3.0}, "fitted_on": {"silent": 4000}, "gone": 1}
    fitted = {
        "cheap": {"weights": [1.0002, 2.5], "intercept": -3.0},
        "fitted_on": {"silent": 4001},
        "new": "x",
    }
    assert differences(shipped, fitted) == [
        "cheap.weights.1: 2.0 -> 2.5",
        "fitted_on.silent: 4000 -> 4001",
        "gone: 1 -> nothing",
        "new: nothing -> x",
    ]
    assert difference_text(shipped, fitted).startswith(
        "4 values differ from the shipped ones:\ncheap.weights.1"
    )


def test_the_table_shows_figures_and_data() -> None:
    fitted = {
        "left_out_by_topic": {"all": {"auc": 0.5, "f1": 0.25}, "en, no terms": {"auc": 0.75, "f1": 1.0}},
        "silent_questions_with_a_yes": {"zh": 0.125, "en": 0.0},
        "mapped_left_out_by_topic": {"zh": {"auc": 0.875, "f1": 0.5}},
        "mapped_silent_questions_with_a_yes": {"zh, near": 0.25},
        "by_subject": {
            "left_out_by_topic": {"zh": {"auc": 0.625, "f1": 0.5}},
            "silent_questions_with_a_yes": {"zh": 0.5},
        },
        "fitted_on": {"cells": 12, "decided": 11, "silent": 16, "sha256": "ab"},
    }
    assert figures_table(fitted).splitlines() == [
        "topics left out      AUC      F1",
        "all               0.5000  0.2500",
        "en, no terms      0.7500  1.0000",
        "questions that no plan answers with a yes in some: zh 0.1250; en 0.0000",
        "with the question's map:",
        "zh                0.8750  0.5000",
        "questions that no plan answers with a yes in some: zh, near 0.2500",
        "by the question's subject:",
        "zh                0.6250  0.5000",
        "questions that no plan answers with a yes in some: zh 0.5000",
        "fitted on 12 verdicts (11 of them yes or no) and 16 of questions that no plan answers; sha256 ab",
    ]


def test_a_fit_says_whether_a_model_was_heard() -> None:
    assert not was_heard({"left_out_by_topic": {"all": {}}})
    assert was_heard({"left_out_by_topic": {"all": {}, "judged": {}}})
