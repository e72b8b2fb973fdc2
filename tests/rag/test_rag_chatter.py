"""What an asker says beside a question is left out of it; what is asked stays."""

import pytest

from rag.reading import QuestionReader
from rag.records import AskRequest, Turn


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("我奶奶差点被电话骗了,就想问问有没有哪份计划说到防电信诈骗", "有没有哪份计划说到防电信诈骗"),
        ("你好,我是记者,想了解下上海2023年教育经费怎么安排", "上海2023年教育经费怎么安排"),
        ("统计一下,有几份计划讲到预防学生溺水?", "有几份计划讲到预防学生溺水?"),
        ("帮我统计一下有多少份计划讲到防溺水", "有多少份计划讲到防溺水"),
        ("数一数,有几份计划讲到防溺水?", "有几份计划讲到防溺水?"),
        ("算一下,天津新建和改造的幼儿园一共几所?", "天津新建和改造的幼儿园一共几所?"),
        ("请问哪些城市要建特殊教育学校?", "哪些城市要建特殊教育学校?"),
        ("小孙女才一岁,她爸妈都上班,哪些城市有托育班?", "哪些城市有托育班?"),
        ("我家娃班里人太多,急死了,想问问哪些计划说了要消除大班额呀", "哪些计划说了要消除大班额"),
        (
            "hi, i'm writing a piece on schools, so um which plans mention a scholarship?",
            "which plans mention a scholarship?",
        ),
        (
            "My mum's retired, so i was wondering, what will Shanghai do for older learners?",
            "what will Shanghai do for older learners?",
        ),
        (
            "For my thesis: which documents address labour education?",
            "which documents address labour education?",
        ),
        (
            "i run a school so i'm curious, is anyone merging schools, kind of like what we did?",
            "is anyone merging schools?",
        ),
    ],
)
def test_who_asks_and_why_is_left_out(reader: QuestionReader, said: str, asked: str) -> None:
    assert reader.read(AskRequest(said)).question == asked


@pytest.mark.parametrize(
    "question",
    [
        "消除大班额,哪些计划说了?",  # the matter comes first
        "统计工作怎么抓,荣成有说法吗?",  # is the matter
        "家里穷的孩子上学有人帮,青岛2018年和2023年的说法差在哪?",
        "我儿子有自闭症,哪些城市会帮这样的孩子?",  # points back
        "同事老念叨“县管校聘”,到底是哪些城市在做?",  # quotes what is asked
        "关于托育,上海2023年有什么安排?",
        "I heard Qingdao has a festival for teachers. What is it called?",
        "A tutoring place near us shut. Which cities watch those companies?",
        "I only want a tally, no names: cities where teachers rotate between schools.",
        "Tell me about Rongcheng and rural schools.",
    ],
)
def test_what_is_asked_stays(reader: QuestionReader, question: str) -> None:
    assert reader.read(AskRequest(question)).question == question


def test_a_place_that_only_the_asker_names_still_counts(reader: QuestionReader) -> None:
    reading = reader.read(AskRequest("My sister lives in Shanghai. Which classes can old people take?"))
    assert reading.cities == ("上海",)
    assert reading.topic == "Which classes can old people take?"


def test_a_place_without_a_plan_stays_where_no_other_is_asked_about(reader: QuestionReader) -> None:
    assert reader.read(AskRequest("我家要搬去杭州,外地户口的娃怎么上小学?")).unknown_places == ("杭州",)
    assert reader.read(AskRequest("我在杭州上班,哪些城市提出托育扩容?")).unknown_places == ()


def test_thanks_for_the_answer_before_are_no_question(reader: QuestionReader) -> None:
    history = (Turn("user", "南宁有送教上门吗?"), Turn("assistant", "有[1]。"))
    for words in ("哦那挺好的,那除了这儿还有哪些城市也有啊", "还有哪些城市有?"):
        reading = reader.read(AskRequest(words, history=history))
        assert reading.mode == "enumerate" and "送教上门" in reading.question
        assert len(reading.plan_ids) == 6 and "nanning-2023" not in reading.plan_ids


@pytest.mark.parametrize(
    "question",
    [
        "I volunteer with severely disabled kids. In which places do teachers go to the child's home?",
        "We look after severely disabled kids. Which plans do something for these children?",
    ],
)
def test_whom_an_english_question_points_back_to_stays(reader: QuestionReader, question: str) -> None:
    assert "severely disabled kids" in reader.read(AskRequest(question)).topic
