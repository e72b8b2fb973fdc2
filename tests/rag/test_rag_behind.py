"""A plan that has only what stands beside the matter is silent in a comparison."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_fakes import FakeEncoder, make_index, write_plan

from rag.behind import plans_without, silent_by_both, without_summary
from rag.question_map import map_for
from rag.retrieve import Retriever
from rag.verdict_model import Logistic, VerdictModel
from rag.verdicts import VerdictJudge

_EVEN = Logistic((0.0,) * 8, 0.0)


def model(probability_below_doubt: bool) -> VerdictModel:
    """One that finds every plan doubtful, or none."""
    sure = Logistic((0.0,) * 8, -2.0 if probability_below_doubt else 2.0)
    return VerdictModel(sure, _EVEN, ask_above=1.0, ask_below=0.0, yes_from=0.5, undecided_from=0.4)


@pytest.mark.parametrize(
    ("doubtful", "beside", "silent"),
    [
        (True, ["检修学校路灯。", "检修学校围墙。", "检修学校水管。"], True),  # each as near as the next
        (True, ["公共书屋延长开放。", "检修路灯。", "栽植树木。"], False),
        (False, ["检修学校路灯。", "检修学校围墙。", "检修学校水管。"], False),  # no doubt, no second look
    ],
)
def test_a_plan_is_silent_where_nothing_in_it_stands_out(
    tmp_path: Path, doubtful: bool, beside: list[str], silent: bool
) -> None:
    plans = [
        write_plan("weihai-2021", "威海", 2021, ["1|1.书屋。建设学校公共书屋30个。", "2|2.疏浚河道。"]),
        write_plan("yantai-2021", "烟台", 2021, [f"{n}|{n}.{text}" for n, text in enumerate(beside, 1)]),
    ]
    retriever = Retriever(make_index(plans, tmp_path), FakeEncoder())
    judge = VerdictJudge(retriever, model(doubtful), map_for(FakeEncoder()))
    scores = retriever.score("建设学校公共书屋")
    found = plans_without(retriever, judge, scores, scores, ["weihai-2021", "yantai-2021"])
    assert ("yantai-2021" in found) == silent
    assert "weihai-2021" not in found


@pytest.mark.parametrize(("matter", "silent"), [(-9.0, True), (2.0, False)])
def test_a_question_and_its_matter_are_weighed_together(tmp_path: Path, matter: float, silent: bool) -> None:
    plans = [write_plan("weihai-2021", "威海", 2021, ["1|1.书屋。建设学校公共书屋30个。", "2|2.疏浚河道。"])]
    retriever = Retriever(make_index(plans, tmp_path), FakeEncoder())
    # probable by how many of the words are there, which the question and its matter differ in
    by_words = Logistic((0.0, 0.0, matter) + (0.0,) * 5, 0.0)
    judge = VerdictJudge(retriever, VerdictModel(by_words, _EVEN, 1.0, 0.0, 0.5, 0.4), map_for(FakeEncoder()))
    whole, alone = retriever.score("栽植树木"), retriever.score("建设学校公共书屋")
    assert ("weihai-2021" in silent_by_both(judge, whole, alone)) == silent


@pytest.mark.parametrize(
    ("doubtful", "beside", "silent"),
    [
        (True, ["检修学校路灯。", "检修学校围墙。", "检修学校水管。"], True),
        (True, ["检修学校路灯。", "检修学校围墙。", *["疏浚河道。"] * 40], False),  # two stand out
        (False, ["检修学校路灯。", "检修学校围墙。", "检修学校水管。"], False),
    ],
)
def test_a_plan_has_nothing_to_sum_up_where_nothing_in_it_stands_out(
    tmp_path: Path, doubtful: bool, beside: list[str], silent: bool
) -> None:
    plans = [
        write_plan("weihai-2021", "威海", 2021, ["1|1.书屋。建设学校公共书屋30个。", "2|2.疏浚河道。"]),
        write_plan("yantai-2021", "烟台", 2021, [f"{n}|{n}.{text}" for n, text in enumerate(beside, 1)]),
    ]
    retriever = Retriever(make_index(plans, tmp_path), FakeEncoder())
    judge = VerdictJudge(retriever, model(doubtful), map_for(FakeEncoder()))
    scores = retriever.score("建设学校公共书屋")
    found = without_summary(retriever, judge, scores, scores, ["yantai-2021"])
    assert ("yantai-2021" in found) == silent
