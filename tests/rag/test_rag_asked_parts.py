"""Questions that ask two things one after the other: each is looked up, and what one does not say is left."""

from pathlib import Path

import pytest
from chain_fakes import answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.asked_parts import asked_parts
from rag.figure_parts import read_operation
from rag.records import Answer

LINES = (
    "1|1.老年教育。新增5所区级老年大学。加强老年大学师资。",
    "2|2.社区教育。社区助学志愿者队伍达到7万人。",
    "3|3.劳动教育。建设校内劳动基地。组织劳动技能比赛。",
    "4|4.财务。加强审计。",
)


def answered(tmp_path: Path, question: str) -> Answer:
    index = make_index([write_plan("shanghai-2023", "上海", 2023, list(LINES))], tmp_path)
    answer = ask(answerer_over(index), question)
    check_guarantees(index, answer)
    return answer


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("要新开几所大学?志愿者要凑到多少人?", ("要新开几所大学", "志愿者要凑到多少人")),
        ("招多少名教师,以及怎么培训他们", ("招多少名教师", "怎么培训他们")),
        (
            "How many labs will be built, and how many teachers will they train?",
            ("How many labs will be built", "and how many teachers will they train"),
        ),
        ("Who runs the shared canteens and what do meals cost there?", 2),
        ("收的钱太多了,收费标准怎么定,由谁来管这件事?", ("收的钱太多了，收费标准怎么定", "由谁来管这件事")),
        ("要新开几所老年大学?", ()),
        ("学校食堂怎么管,安全吗?", ()),
        ("托育怎么办?学前怎么办?小学怎么办?中学怎么办?", ()),
    ],
)
def test_what_a_question_asks_one_after_the_other(question: str, parts: tuple[str, ...] | int) -> None:
    found = asked_parts(question)
    assert len(found) == parts if isinstance(parts, int) else found == parts


def test_two_numbers_of_two_items_are_both_quoted(tmp_path: Path) -> None:
    answer = answered(tmp_path, "上海2023年要新增几所区级老年大学?社区助学志愿者队伍达到多少人?")
    assert "新增5所区级老年大学" in answer.answer and "队伍达到7万人" in answer.answer


def test_the_second_sentence_of_the_same_item_is_quoted(tmp_path: Path) -> None:
    answer = answered(tmp_path, "上海2023年劳动基地怎么建设?有没有劳动技能比赛?")
    assert "校内劳动基地" in answer.answer and "劳动技能比赛" in answer.answer


def test_a_part_that_no_sentence_answers_adds_none(tmp_path: Path) -> None:
    answer = answered(tmp_path, "上海2023年要新增几所区级老年大学?校车线路要开通多少条?")
    assert {citation.item_id for citation in answer.citations} == {"shanghai-2023#1"}


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("天津要新建多少所幼儿园,改造多少所村办园?", "list"),
        ("How many kindergartens will they build, and how many nursery places will they add?", "list"),
        ("天津要新建多少所幼儿园,改造多少所村办园,加起来多少?", "sum"),
        ("天津要新建和改造多少所幼儿园?", "sum"),
        ("How many kindergartens and how many schools, added together?", "sum"),
    ],
)
def test_numbers_asked_for_one_after_the_other_are_not_added_up(question: str, operation: str) -> None:
    assert read_operation(question) == operation
