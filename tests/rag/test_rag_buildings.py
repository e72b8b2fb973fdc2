"""Comparisons of what is built are led by the sentences that count the schools."""

import pytest

from rag.buildings import asks_of_building, counts_built_schools
from rag.records import Chunk


@pytest.mark.parametrize(
    "question",
    [
        "济南和宁波盖新学校这块有啥不一样?",
        "两个城市的建校建园任务各是多少?",
        "温州和嘉兴新建幼儿园的打算有什么不同?",
        "Compare the building programme for kindergartens and schools in Wuxi and Jinan.",
        "Which of the two builds more new kindergartens?",
    ],
)
def test_a_question_of_new_schools_asks_of_building(question: str) -> None:
    assert asks_of_building(question)


@pytest.mark.parametrize(
    "question",
    ["两市怎样建设家长学校以外的书香校园?", "济南和宁波的教师培训有什么不同?", "两市的学校食堂怎么管?"],
)
def test_another_question_does_not(question: str) -> None:
    assert not asks_of_building(question)


@pytest.mark.parametrize(
    ("sentence", "question", "counts"),
    [
        ("新建、改扩建普惠性幼儿园60所。", "新建幼儿园怎么比?", True),
        ("新建、改扩建普惠性幼儿园60所。", "盖新学校怎么比?", False),
        ("新建、改扩建普惠性幼儿园60所。", "建校建园任务怎么比?", True),
        ("全年投用中小学30所。", "盖新学校怎么比?", True),
        ("全年投用中小学30所。", "职业教育要新建什么学校?", False),
        ("评选示范幼儿园60所。", "新建幼儿园怎么比?", False),
        ("新建幼儿园要与小区同步交付。", "新建幼儿园怎么比?", False),
    ],
)
def test_a_sentence_counts_what_is_built_of_the_kind_asked_for(
    sentence: str, question: str, counts: bool
) -> None:
    chunk = Chunk("c", "p#1", "p", sentence, 0, len(sentence), "")
    assert counts_built_schools(chunk, question) == counts
