"""A table of questions without a matter of their own, and of such as have one, whatever else they ask.

The places and years that a question names are out already, as :attr:`Reading.rest` has them.
"""

from __future__ import annotations

import pytest

from corpus.plan import Plan
from rag.places import CorpusPlaces
from rag.reading import QuestionReader
from rag.records import AskRequest, Filters, Turn
from rag.whole_plans import asks_of_whole_plans, names_several, points_at_one_plan

WHOLE = """
写了什么?
要点主要讲什么?
介绍一下的要点
总结一下
这些要点都写了什么?
它写了什么?
教育工作要点的主要内容
教育工作要点
有哪些工作?
有哪些重点任务?
的计划
的要点写了什么?
各城市的要点分别写了什么?
各写了什么?
今年要做什么?
教育局打算干什么?
的教育工作重点是什么?
这份要点有多少条?
有几个部分?
的要点是什么?
能不能帮我概括一下这份文件?
可以介绍一下吗?
都有哪些举措?
把的要点梳理一下
的教育工作情况
市教育局的年度计划大致包括哪些方面?
what does the  plan say?
what is in 's  plan?
what is 's plan about?
summarise the plans.
give me an overview of
tell me about
what are 's priorities?
what will  do?
what does 's education bureau plan to do in ?
what's in the plan?
can you summarise the  plan for me?
give me a brief summary of 's education plan
what are the main points of the  plan?
how many items does the  plan have?
an overview of each city's plan, please
what do these plans contain?
describe 's work in
"""
OF_A_MATTER = """
在学前教育上写了什么
在学前教育方面有哪些举措?
的职业教育干了些什么?
体育方面的主要任务
体育工作有哪些?
怎么抓教师队伍?
的目标是什么?
有哪些改革?
的总体要求是什么?
写字教育做了什么?
幼儿园写了什么?
学校工作要点
高校的重点任务
安全工作写了什么
教育信息化的安排
农村要做什么?
what does the plan say about ai?
what do the plans say about girls in physics?
what are 's policies on exams?
what is  doing about migrant children?
what is the target?
tell me about preschool in .
what are the new measures for teachers?
what does it do for rural schools
"""
OF_SOMETHING_ELSE = """
呢?
怎么样?
写了吗?
是谁写的?
什么时候写的?
为什么这么写?
哪些城市写了什么?
哪几个城市的要点写了托育?
有什么不同?
有哪些变化?
有多少份要点?
要建多少所中学?
who wrote the plan?
when was the plan published?
does the plan say so?
is it in the plan?
which plans say what?
what changed in the plan?
how do the plans differ?
how many schools?
"""


@pytest.mark.parametrize("rest", WHOLE.strip().split("\n"))
def test_a_question_without_a_matter_is_about_whole_plans(rest: str) -> None:
    assert asks_of_whole_plans(rest)


@pytest.mark.parametrize(
    "rest", [*OF_A_MATTER.strip().split("\n"), *OF_SOMETHING_ELSE.strip().split("\n"), ""]
)
def test_any_other_question_is_not(rest: str) -> None:
    assert not asks_of_whole_plans(rest)


@pytest.mark.parametrize(
    ("rest", "one", "several"),
    [
        ("它写了什么?", True, False),
        ("它们写了什么?", False, True),
        ("这份要点写了什么?", True, False),
        ("这些要点写了什么?", False, True),
        ("写了什么?", False, False),
        ("What does the plan say?", True, False),
        ("What do the plans say?", False, True),
        ("What does it say?", True, False),
        ("Summarise all of it, plan by plan, for each city.", False, True),
    ],
)
def test_one_plan_and_several_are_told_apart(rest: str, one: bool, several: bool) -> None:
    assert (points_at_one_plan(rest), names_several(rest)) == (one, several)


@pytest.fixture(scope="module")
def reader(sample_plans: tuple[Plan, ...], sample_places: CorpusPlaces) -> QuestionReader:
    return QuestionReader(sample_plans, sample_places)


@pytest.mark.parametrize(
    ("question", "plans"),
    [
        ("天津2014写了什么?", "tianjin-2014"),
        ("青岛2018年要点主要讲什么?", "qingdao-2018"),
        ("青岛2018和2023各写了什么?", "qingdao-2018,qingdao-2023"),
        ("What does the Nanning plan say?", "nanning-2023"),
        ("What is in Qingdao's 2023 plan?", "qingdao-2023"),
        ("總結一下邯鄲2022", "handan-2022"),
        ("what does 荣成 say?", "rongcheng-2023"),
    ],
)
def test_it_is_summarised_over_its_scope(reader: QuestionReader, question: str, plans: str) -> None:
    reading = reader.read(AskRequest(question))
    assert (reading.of_whole_plans, reading.mode) == (True, "summarise")
    assert ",".join(reading.plan_ids) == plans


@pytest.mark.parametrize(
    "question", ["天津2014年第3条写了什么?", "What does item 3 of the Tianjin plan say?"]
)
def test_an_item_is_no_whole_plan(reader: QuestionReader, question: str) -> None:
    assert not reader.read(AskRequest(question)).of_whole_plans


def test_a_mode_that_was_asked_for_is_kept(reader: QuestionReader) -> None:
    assert reader.read(AskRequest("青岛写了什么?", mode="compare")).mode == "compare"


def test_the_scope_may_come_from_the_filters_alone(reader: QuestionReader) -> None:
    reading = reader.read(AskRequest("它写了什么?", filters=Filters(plans=("tianjin-2014",))))
    assert (reading.of_whole_plans, reading.plan_ids) == (True, ("tianjin-2014",))


@pytest.mark.parametrize(
    ("before", "question", "resolved", "plans"),
    [
        ("它写了什么?", "天津（2014）", "天津2014年写了什么?", "tianjin-2014"),
        ("What does it say?", "Tianjin (2014)", "What does Tianjin 2014 say?", "tianjin-2014"),
        ("天津2014写了什么?", "那青岛2018年呢?", "青岛2018写了什么?", "qingdao-2018"),
        ("天津2014年计划新建幼儿园多少所?", "它写了什么?", "天津2014年它写了什么?", "tianjin-2014"),
        ("上海2023年有多少托位?", "总结一下这份要点", "上海2023年总结一下这份要点", "shanghai-2023"),
        ("How many kindergartens does Tianjin build?", "What does the plan say?",
         "What does the plan say? (Tianjin)", "tianjin-2014"),
        ("What does the Tianjin plan say?", "And Shanghai?",
         "What does the Shanghai plan say?", "shanghai-2023"),
        ("青岛写了什么?", "2018年呢?", "青岛2018年写了什么?", "qingdao-2018"),
    ],
)  # fmt: skip
def test_a_follow_up_is_about_the_whole_plan_where_it_carries_no_matter(
    reader: QuestionReader, before: str, question: str, resolved: str, plans: str
) -> None:
    reading = reader.read(AskRequest(question, (Turn("user", before),)))
    assert (reading.question, ",".join(reading.plan_ids)) == (resolved, plans)
    assert reading.of_whole_plans


@pytest.mark.parametrize("question", ["其他城市呢?", "还有哪些城市?"])
def test_the_others_are_all_gone_through(reader: QuestionReader, question: str) -> None:
    reading = reader.read(AskRequest(question, (Turn("user", "天津2014写了什么?"),)))
    assert (reading.of_whole_plans, len(reading.plan_ids)) == (True, 7)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("Which cities mention football?", "What does Shanghai say?"),
        ("哪些城市提到足球?", "那上海怎么说?"),
        ("天津2014年的学前教育工作怎么样?", "有哪些举措?"),
        ("天津2014写了什么?", "学前教育呢?"),
        ("What does the Tianjin plan say?", "What about preschool?"),
    ],
)
def test_a_follow_up_to_a_matter_keeps_it(reader: QuestionReader, before: str, question: str) -> None:
    reading = reader.read(AskRequest(question, (Turn("user", before),)))
    assert not reading.of_whole_plans
    assert any(word in reading.topic for word in ("football", "足球", "学前教育", "preschool"))
