"""What a question wants counted, by its own words."""

import pytest

from rag.counted_things import are_people, counted_things


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("青岛新建多少个标准化食堂?", ("食堂",)),
        ("要多少作业在学校完成?", ("作业",)),
        ("要招多少新老师、增加多少编制?", ("老师", "编制")),
        ("天津有几所学校要验收?", ("学校",)),
        ("要建多少间给学生学画的教室?", ()),
        ("幼儿园要建多少所?", ()),
        ("由哪几个科室负责?", ()),
        ("How many school canteens will be built?", ("school canteens",)),
        ("How much homework has to be finished at school?", ("homework",)),
    ],
)
def test_the_things_that_are_counted(question: str, things: tuple[str, ...]) -> None:
    assert counted_things(question) == things


@pytest.mark.parametrize(
    ("things", "are"),
    [
        (("老师",), True),
        (("外国留学生",), True),
        (("new teachers", "学生"), True),
        (("老师", "编制"), False),
        (("教师周转房",), False),
        ((), False),
    ],
)
def test_people_are_told_from_things(things: tuple[str, ...], are: bool) -> None:
    assert are_people(things) is are
