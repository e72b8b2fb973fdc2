"""Turns about the two things said before: to be compared, counted, told of both, or summed up."""

from __future__ import annotations

import pytest
from conversations import read

from rag.joint_words import joint_of
from rag.reading import QuestionReader

BUILDING = ("青岛2018年要盖多少中小学?", "2023年呢?")
HOMEWORK = ("How does Tianjin 2014 keep homework down?", "And Rongcheng?")
PAY = ("南宁老师的工资有保障吗?", "那在乡下教书的有补贴没?")


@pytest.mark.parametrize(
    ("earlier", "question", "resolved", "mode"),
    [
        (BUILDING, "这么说哪年多?多多少?", "青岛2018年和2023年要盖多少中小学?哪年多,多多少?", "count"),
        (BUILDING, "两年比一下", "青岛2018年和2023年要盖多少中小学?有什么不同?", "compare"),
        (BUILDING[:1], "两年比一下", "青岛2018年和2023年要盖多少中小学?有什么不同?", "compare"),
        (HOMEWORK, "what's the main difference between the two?",
         "How do Tianjin 2014 and Rongcheng keep homework down, and what is the difference?", "compare"),
        (HOMEWORK, "compare the two",
         "How do Tianjin 2014 and Rongcheng keep homework down, and what is the difference?", "compare"),
        (("天津2014年对外国留学生有什么目标?",), "和上海比呢?",
         "天津2014年和上海对外国留学生有什么目标?有什么不同?", "compare"),
        (("Which cities move teachers around between schools?",),
         "Just Qingdao then - do both of its years mention it?",
         "Do Qingdao 2018 and 2023 move teachers around between schools?", "compare"),
        (("哪些城市搞教师轮岗?",), "青岛两年都有吗?", "青岛2018年和2023年搞教师轮岗吗?", "compare"),
        (("青岛有没有研学?", "上海呢?", "天津呢?"), "三个城市比较一下",
         "青岛、上海和天津有没有研学?有什么不同?", "compare"),
        (("荣成和邯郸怎么抓心理健康?",), "有啥不一样的?", "荣成和邯郸怎么抓心理健康?有什么不同?", "compare"),
        (("What is Qingdao doing in 2018 to train its teachers?", "How about 2023?"), "compare them",
         "What are Qingdao 2018 and 2023 doing to train its teachers, and what is the difference?",
         "compare"),
        # the turn's own word for more, what is alike, how much together, what changed
        (HOMEWORK, "So which one is stricter?",
         "How do Tianjin 2014 and Rongcheng keep homework down, and which is stricter?", "compare"),
        (("上海怎么管预收费?", "南宁呢?"), "两地做法一样吗?",
         "上海和南宁怎么管预收费?有什么共同点?", "compare"),
        (("邯郸要建多少幼儿园?", "南宁呢?"), "加起来多少?", "邯郸和南宁要建多少幼儿园?加起来多少?", "count"),
        (("青岛2018年的海洋教育?", "2023年还提吗?"), "有什么变化?",
         "青岛2018年和2023年的海洋教育?有什么不同?", "compare"),
        (("上海怎么抓校园安全?",), "只说重点", "总结一下:上海怎么抓校园安全?", "summarise"),
        # all those counted one after another
        (("邯郸要建多少幼儿园?", "南宁呢?", "上海呢?"), "一共多少所?",
         "邯郸、南宁和上海要建多少幼儿园?加起来多少?", "count"),
        (("How many kindergartens will Shanghai build?", "And Nanning?"), "how many in total?",
         "How many kindergartens will Shanghai and Nanning build, and how many in total?", "count"),
        # of the cities that a question for cities finds
        (("哪些城市要新建幼儿园?",), "哪个最多?", "哪些城市要新建幼儿园?哪个最多?", "count"),
        (("哪些城市要新建幼儿园?",), "哪些是新增数量最多的?", "哪些城市要新建幼儿园?哪个最多?", "count"),
        (("Which cities build kindergartens?",), "Which has the most?",
         "Which cities build kindergartens, and which has the most?", "count"),
        # what is done is said by the first question alone
        (("邯郸怎么帮毕业生找工作?", "上海怎么说的?"), "两个城市有什么不同?",
         "邯郸和上海怎么帮毕业生找工作?有什么不同?", "compare"),
        # two matters of one city
        (PAY, "把刚才这两条帮我总结一下",
         "总结一下:南宁老师的工资有保障吗?南宁在乡下教书的有补贴没?", "summarise"),
        (PAY, "总结一下刚才说的", "总结一下:南宁老师的工资有保障吗?南宁在乡下教书的有补贴没?", "summarise"),
        (("上海的托育怎么搞?", *PAY), "把南宁这两条总结一下",
         "总结一下:南宁老师的工资有保障吗?南宁在乡下教书的有补贴没?", "summarise"),
        (("How does Rongcheng keep private kindergartens in check?", "And the cram schools?"),
         "sum up both for me in a line or two",
         "Sum up: How does Rongcheng keep private kindergartens in check?"
         " How does Rongcheng keep the cram schools in check?", "summarise"),
    ],
)  # fmt: skip
def test_it_names_what_was_said_before(
    reader: QuestionReader, earlier: tuple[str, ...], question: str, resolved: str, mode: str
) -> None:
    reading = read(reader, question, *earlier)
    assert (reading.question, reading.mode) == (resolved, mode)


@pytest.mark.parametrize(
    ("earlier", "question", "plans"),
    [
        (BUILDING, "哪年多?", "qingdao-2018,qingdao-2023"),
        (HOMEWORK, "How do they differ?", "rongcheng-2023,tianjin-2014"),
        (("邯郸想盖多少新学校?",), "青岛两份呢?", "qingdao-2018,qingdao-2023"),
        (("荣成怎么抓心理健康?",), "比较荣成和邯郸", "handan-2022,rongcheng-2023"),
        # what was compared may be summed up
        ((*HOMEWORK, "compare the two"), "sum it up", "rongcheng-2023,tianjin-2014"),
    ],
)
def test_it_is_put_to_the_plans_of_what_was_said(
    reader: QuestionReader, earlier: tuple[str, ...], question: str, plans: str
) -> None:
    assert ",".join(read(reader, question, *earlier).plan_ids) == plans


@pytest.mark.parametrize(
    "earlier",
    [
        ("南宁要建多少幼儿园?",),  # one place alone
        ("上海怎么建幼儿园?", "南宁呢?"),  # nothing was counted
        ("上海要建多少幼儿园?", "南宁要招多少老师?"),  # not the same things
    ],
)
def test_what_cannot_be_added_up_is_asked_of_the_last_question_alone(
    reader: QuestionReader, earlier: tuple[str, ...]
) -> None:
    assert read(reader, "一共多少?", *earlier).plan_ids == ("nanning-2023",)


@pytest.mark.parametrize(
    "question",
    [
        "总结一下这份要点",
        "总结一下校园安全",
        "Compare school meals in the two.",
        "哪个城市的幼儿园多?",
        "Do both mention swimming?",
        "都有哪些?",
        "加起来多少所幼儿园?",
        "放假有什么变化?",
        "为什么?",
    ],
)
def test_what_names_a_matter_or_a_plan_is_not_about_what_was_said(question: str) -> None:
    assert joint_of(question) is None


@pytest.mark.parametrize("question", ["比一下", "哪个多?", "Sum it up."])
def test_without_anything_said_before_it_stays(reader: QuestionReader, question: str) -> None:
    assert read(reader, question).question == question


def test_many_such_turns_are_completed_once_each(reader: QuestionReader) -> None:
    turns = ["荣成怎么管作业?", *["天津呢?", "比一下"] * 19]
    # twice for each turn would never end
    assert read(reader, "sum it up", *turns).plan_ids == ("rongcheng-2023", "tianjin-2014")


@pytest.mark.parametrize(
    ("earlier", "question", "resolved"),
    [
        (("上海2023怎么管食堂?", "南宁呢?"), "这两个城市哪个说了家长可以投诉?",
         "上海2023年和南宁2023年哪个说了家长可以投诉?"),
        (("青岛2018年和上海怎么抓近视",), "那两个地方谁提到了户外活动?", "青岛2018年和上海谁提到了户外活动?"),
        (("How does Nanning go after tutoring?", "And Shanghai?"), "Which of those two gives us a hotline?",
         "Which of Nanning and Shanghai gives us a hotline?"),
        # one place, three, or two things that are no places
        (("上海怎么管食堂?",), "Which of those two gives parents a hotline?", None),
        (("邯郸、上海和南宁怎么管食堂?",), "这两个城市哪个说了家长可以投诉?", None),
    ],
)  # fmt: skip
def test_the_two_places_that_were_spoken_of_are_named(
    reader: QuestionReader, earlier: tuple[str, ...], question: str, resolved: str | None
) -> None:
    found = read(reader, question, *earlier).question
    assert found == resolved if resolved else "Nanning and" not in found and "和南宁哪个" not in found
