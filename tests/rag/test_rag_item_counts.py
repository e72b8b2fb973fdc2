"""How many items plans have, and how many of them name a unit: counted by code."""

from __future__ import annotations

import pytest
from chain_fakes import Heard, answerer_over, ask
from guarantees import check_guarantees

from rag.snapshot import Index


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("上海2023和天津2014,谁列的工作任务条数多,多几条?", "上海（2023）多5条。"),
        ("七份计划哪一份列的条目最多?", "荣成（2023）最多。"),
        ("Which plan has the most items?", "Rongcheng (2023) has the most."),
        ("南宁和天津,哪份计划条数多?", "最多的不止一份。"),
    ],
)
def test_the_numbers_of_items_are_set_side_by_side(sample_index: Index, question: str, said: str) -> None:
    heard = Heard()
    answer = ask(answerer_over(sample_index), question, heard)
    check_guarantees(sample_index, answer, heard)
    assert answer.status == "answered"
    assert answer.answer.splitlines()[1] == said


def test_every_number_of_items_is_that_of_the_plan(sample_index: Index) -> None:
    answer = ask(answerer_over(sample_index), "七份计划哪一份列的条目最多?")
    first = answer.answer.splitlines()[0]
    for plan in sample_index.plans:
        assert f"{plan.city}（{plan.year}）{len(plan.items)}条" in first
    assert "邯郸（2022）的第28–48条在来源中被隐藏" in answer.answer


def test_a_matter_is_no_number_of_items(sample_index: Index) -> None:
    answer = ask(answerer_over(sample_index), "上海和天津,谁提到的减负措施条数多?")
    assert "条数：" not in answer.answer


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("荣成有几条的责任单位里有体育发展中心?", "荣成（2023）有 4 条的责任单位里写有“体育发展中心”："),
        (
            "How many tasks in the Rongcheng plan list 体育发展中心 as a responsible unit?",
            "4 items of Rongcheng (2023) name “体育发展中心” as responsible:",
        ),
    ],
)
def test_items_that_name_a_unit_are_counted_and_quoted(sample_index: Index, question: str, said: str) -> None:
    heard = Heard()
    answer = ask(answerer_over(sample_index), question, heard)
    check_guarantees(sample_index, answer, heard)
    assert answer.answer.splitlines()[0] == said
    assert [citation.item_id.partition("#")[2] for citation in answer.citations] == ["33", "46", "47", "48"]
    assert all("体育发展中心" in citation.quote for citation in answer.citations)


def test_a_unit_that_the_plan_does_not_name_is_not_counted(sample_index: Index) -> None:
    answer = ask(answerer_over(sample_index), "荣成有几条的责任单位里有航天中心?")
    assert "条的责任单位里写有" not in answer.answer
