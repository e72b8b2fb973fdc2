"""Questions to several plans that ask for a figure which none of them gives."""

from pathlib import Path

import pytest
from chain_fakes import answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.records import Answer
from rag.required import required_of


def two_cities(tmp_path: Path, first: str, second: str, question: str) -> Answer:
    plans = [
        write_plan("shanghai-2023", "上海", 2023, [f"1|1.校车和教师。{first}"]),
        write_plan("nanning-2023", "南宁", 2023, [f"1|1.校车和教师。{second}"]),
    ]
    index = make_index(plans, tmp_path)
    answer = ask(answerer_over(index), question)
    check_guarantees(index, answer)
    return answer


@pytest.mark.parametrize(
    "question", ["上海和南宁各打算新招多少名教师,哪边更多?", "上海和南宁,坐校车哪边收费便宜点?"]
)
def test_a_figure_that_neither_plan_gives_is_not_compared(tmp_path: Path, question: str) -> None:
    texts = ("加强校车安全。加大教师补充力度。", "规范校车收费。统筹教师编制。")
    answer = two_cities(tmp_path, *texts, question)
    assert answer.status == "not_found" and "都没有给出所问的数字" in answer.answer


@pytest.mark.parametrize(
    ("first", "question"),
    [
        ("新招教师300名。", "上海和南宁各打算新招多少名教师,哪边更多?"),
        ("校车收费每月100元。", "上海和南宁,坐校车哪边收费便宜点?"),
        ("加大教师补充力度。", "上海和南宁各打算新招多少名教师,又有什么办法?"),
        ("加强校车安全。", "上海和南宁的校车安全有什么不同?"),
    ],
)
def test_what_one_plan_gives_is_told_and_so_are_words_where_they_may_answer(
    tmp_path: Path, first: str, question: str
) -> None:
    answer = two_cities(tmp_path, first, "加强校车安全。加大教师补充力度。", question)
    assert answer.status != "not_found" and "都没有给出" not in answer.answer


@pytest.mark.parametrize(
    ("question", "text", "gives"),
    [
        ("哪些城市给出了具体金额?", "投入216亿元。", True),
        ("哪些城市给出了具体金额?", "加大教育投入。", False),
        ("Compare the amounts of money, in yuan, for schools.", "投入216亿元。", True),
        ("Compare the amounts of money, in yuan, for schools.", "加大教育投入。", False),
        ("Which of the two is cheaper?", "规范收费。", False),
        ("哪几个城市规定早上几点上课?", "严格控制在校时间。", False),
        ("哪几个城市规定早上几点上课?", "上课不早于8点。", True),
    ],
)
def test_what_a_plan_must_give(question: str, text: str, gives: bool) -> None:
    required = required_of(question)
    assert required is not None and required.gives(text) is gives


@pytest.mark.parametrize(
    "question",
    [
        "哪些城市建新校?",
        "Which cities make buses cheaper for pupils?",
        "校服死贵,哪些城市管?",
        "多久检查一次?",
    ],
)
def test_words_may_answer(question: str) -> None:
    assert required_of(question) is None
