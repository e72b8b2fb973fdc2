"""Refusals of three kinds, and follow-ups that point into the answer before."""

from __future__ import annotations

import pytest
from chain_fakes import Heard, answerer_over, ask
from guarantees import check_guarantees

from corpus.plan import Plan
from rag.earlier import EarlierQuestions
from rag.follow_ups import name_ordinals
from rag.places import CorpusPlaces
from rag.reading import QuestionReader
from rag.records import Answer, AskRequest, Filters, Turn
from rag.snapshot import Index


def told(index: Index, question: str, *history: str, **fields: object) -> Answer:
    turns = tuple(Turn("assistant" if n % 2 else "user", content) for n, content in enumerate(history))
    heard = Heard()
    answer = ask(answerer_over(index), question, heard, history=turns, **fields)
    check_guarantees(index, answer, heard)
    assert heard.words() == answer.answer
    return answer


@pytest.mark.parametrize(
    ("question", "choice"),
    [
        ("第2条说了什么?", "1. 邯郸（2022）"),
        ("What does item 2 say?", "1. Handan (2022)"),
        ("那里怎么样?", "天津（2014）"),
        ("它的食堂有多少?", "青岛（2018）"),
        ("青岛2018呢?", "1. 发展学前教育"),
        ("你好,你是谁?", "1. 扩大普惠资源"),
        ("你能做什么?", "1. 扩大普惠资源"),
        ("Who are you and what can you do?", "1. 扩大普惠资源"),
        ("Can you help me?", "1. 扩大普惠资源"),
    ],
)
def test_what_no_answer_can_serve_is_asked_back_with_choices(
    small_index: Index, question: str, choice: str
) -> None:
    answer = told(small_index, question)
    assert answer.status == "ambiguous"
    assert choice in answer.answer.split("\n")[1:] or choice in answer.answer
    assert (answer.claims, answer.citations) == ((), ())


def test_who_asks_what_this_is_hears_what_there_is(small_index: Index) -> None:
    assert "青岛（2018）" in told(small_index, "你是谁?").answer.split("\n")[0]
    assert "Qingdao (2018)" in told(small_index, "How does this work?").answer.split("\n")[0]


def test_only_plans_with_such_an_item_are_choices(small_index: Index) -> None:
    answer = told(small_index, "第6条写了什么?")
    assert answer.status == "ambiguous"
    assert answer.answer.split("\n")[1:] == ["1. 邯郸（2022）"]


@pytest.mark.parametrize(
    "question",
    [
        "青岛第2条写了什么?",
        "新建幼儿园多少所?",
        "第2条提到的食堂有多少?",
        "青岛有哪些食堂?",
        "哪里要建食堂?",
        "Can you help me find canteens?",
    ],
)
def test_a_question_that_can_be_answered_is_not_asked_back(small_index: Index, question: str) -> None:
    assert told(small_index, question).status != "ambiguous"


def test_a_filter_on_one_plan_says_which_is_meant(small_index: Index) -> None:
    answer = told(small_index, "第2条说了什么?", filters=Filters(plans=("qingdao-2018",)))
    assert answer.status == "answered"
    assert answer.citations[0].item_id == "qingdao-2018#2"


def test_the_choice_is_taken_up(small_index: Index) -> None:
    first = told(small_index, "第2条说了什么?")
    answer = told(small_index, "第二个呢?", "第2条说了什么?", first.answer)
    assert answer.question_resolved == "青岛2018年第2条说了什么?"
    assert answer.citations[0].item_id == "qingdao-2018#2"


def test_what_is_related_is_never_an_answer(sample_index: Index) -> None:
    for question in ("荣成2023年新增多少个托育托位?", "天津2014年给教师涨多少工资?"):
        answer = told(sample_index, question)
        if answer.status == "not_found" and answer.claims:
            assert answer.claims[0].text.startswith("相关但没有回答这一问题的是：")


@pytest.mark.parametrize(
    ("question", "answer", "named"),
    [
        ("第一个呢?", "上海（2023）第11条…[1] 邯郸（2022）第9条…[2]", "上海2023年呢?"),
        ("第二个城市的目标呢?", "上海（2023）…邯郸（2022）…", "邯郸2022年的目标呢?"),
        ("最后一个呢?", "上海、天津、邯郸", "邯郸呢?"),
        ("How many labs does the first one build?", "Qingdao 2023 and Nanning 2023 [1][2].",
         "How many labs does Qingdao 2023 build?"),
        ("and the second?", "Qingdao (2018), item 1 … Shanghai (2023)", "and Shanghai 2023?"),
        ("前两个比一下", "上海（2023）第11条…[1] 邯郸（2022）第9条…[2] 天津", "上海2023年和邯郸2022年比一下"),
        ("后两个呢?", "上海、天津、邯郸", "天津和邯郸呢?"),
        ("compare the first two", "Qingdao 2023, Nanning, Handan", "compare Qingdao 2023 and Nanning"),
        ("前三个比一下", "上海（2023）、邯郸（2022）", "前三个比一下"),
        ("前两个月做什么?", "上海（2023）、邯郸（2022）", "前两个月做什么?"),
        ("the first two schools", "Qingdao 2023, Nanning 2023", "the first two schools"),
        ("第一个教师节在哪年?", "上海（2023）、邯郸（2022）", "第一个教师节在哪年?"),
        ("第三个呢?", "上海（2023）、邯郸（2022）", "第三个呢?"),
        ("第一个呢?", "没有找到", "第一个呢?"),
        ("the first year of school", "Qingdao 2023, Nanning 2023", "the first year of school"),
    ],
)  # fmt: skip
def test_the_first_one_is_named(sample_places: CorpusPlaces, question: str, answer: str, named: str) -> None:
    assert name_ordinals(question, answer, sample_places.find) == named


def test_a_long_conversation_completes_each_question_once(
    sample_plans: tuple[Plan, ...], sample_places: CorpusPlaces
) -> None:
    again = Turn("user", "五年后的学前教育安排,加上邯郸比一比")
    earlier = EarlierQuestions(sample_plans, sample_places)
    history = (Turn("user", "青岛2018年的学前教育安排?"), *[again] * 39)
    # twice for each turn would never end
    completed = earlier.resolve(again.content, history)
    assert completed.startswith("青岛和邯郸") and completed.endswith("2018年的学前教育安排?")


@pytest.mark.parametrize(
    ("earlier", "reply", "question", "resolved"),
    [
        ("哪些城市提出托育扩容?", "上海（2023）…邯郸（2022）…", "第一个呢?", "上海2023年提出托育扩容?"),
        ("哪些城市提出托育扩容?", "上海", "那青岛呢?", "青岛提出托育扩容?"),
        ("Which cities build canteens?", "Shanghai", "What about Qingdao?", "Does Qingdao build canteens?"),
        ("How many canteens are planned?", "100", "And in 2018?", "How many canteens are planned in 2018?"),
        ("青岛的学前教育?", "…", "那2018年呢?", "青岛2018年的学前教育?"),
        ("上海的托育?", "2000个", "那里怎么样?", "上海的托育?"),
        ("青岛2018年的学前教育?", "…", "那五年之后呢?", "青岛2023年的学前教育?"),
        ("青岛2023年的学前教育?", "…", "五年前还有吗?", "青岛2018年的学前教育?"),
        ("What does Qingdao plan in 2018?", "…", "And five years later?", "What does Qingdao plan in 2023?"),
        ("What did Shanghai plan in 2023?", "…", "The previous year?", "What did Shanghai plan in 2022?"),
        ("青岛2018年的学前教育?", "…", "三年后要达到多少?", "青岛2018年三年后要达到多少?"),
        ("青岛2018年对困难学生有什么补助?", "…", "到了2023年还提吗?", "青岛2023年对困难学生有什么补助?"),
        ("青岛2018年对困难学生有什么补助?", "…", "2023年还在做吗?", "青岛2023年对困难学生有什么补助?"),
        ("What did Qingdao 2018 do for the poor?", "…", "Still mentioned in 2023?",
         "What did Qingdao 2023 do for the poor?"),
        ("哪些城市提出托育扩容?", "上海", "还有哪些?", "哪些城市提出托育扩容?"),
    ],
)  # fmt: skip
def test_a_follow_up_is_a_question_of_its_own(
    sample_plans: tuple[Plan, ...],
    sample_places: CorpusPlaces,
    earlier: str,
    reply: str,
    question: str,
    resolved: str,
) -> None:
    reader = QuestionReader(sample_plans, sample_places)
    history = (Turn("user", earlier), Turn("assistant", reply))
    assert reader.read(AskRequest(question, history=history)).question == resolved
