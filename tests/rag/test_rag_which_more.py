"""Which of several builds more: the sum of each is set against those of the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_fakes import answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.answer import Answerer
from rag.figure_parts import asks_which_builds_more
from rag.modes import Asked, detect_mode
from rag.snapshot import Index

TWO_YEARS = (
    ("青岛", 2018, ("1|1.幼儿园。新建、改扩建60所幼儿园。", "2|2.中小学。新建、改扩建中小学30所。")),
    ("青岛", 2023, ("1|1.学位。新建、改扩建中小学幼儿园80所。改造农村薄弱幼儿园70所。",)),
)


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Index:
    plans = [write_plan(f"qingdao-{year}", city, year, list(lines)) for city, year, lines in TWO_YEARS]
    return make_index(plans, tmp_path_factory.mktemp("years"))


@pytest.mark.parametrize(
    ("question", "operation", "result", "said"),
    [
        ("青岛2018年跟2023年比,哪一年打算盖的学校和幼儿园多?", "most", "90", "青岛（2018） 60 + 30 = 90。"),
        (
            "青岛2018和2023哪年建的学校和幼儿园多,多几所?",
            "difference",
            "10",
            "60 + 30 - 80 = 10 所。式中：青岛（2018）60 + 30，青岛（2023）80。",
        ),
    ],
)
def test_what_each_year_builds_is_added_and_then_compared(
    two_years: Index, question: str, operation: str, result: str, said: str
) -> None:
    answer = ask(answerer_over(two_years), question)
    check_guarantees(two_years, answer)
    assert answer.figures is not None
    assert (answer.figures.operation, answer.figures.result) == (operation, result)
    assert said in answer.answer
    assert sorted(bar.value for bar in answer.figures.bars) == [30.0, 60.0, 80.0]


def test_plans_that_give_no_figures_are_set_side_by_side(tmp_path: Path) -> None:
    plans = [
        write_plan("shanghai-2023", "上海", 2023, ["1|1.书屋。推进社区书屋建设。"]),
        write_plan("tianjin-2014", "天津", 2014, ["1|1.书屋。加强社区书屋管理。"]),
    ]
    answer = ask(answerer_over(make_index(plans, tmp_path)), "上海和天津谁建的社区书屋多?")
    assert answer.status == "answered" and len(answer.citations) == 2


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("哪年建的学校多?", True),
        ("上海和天津谁盖的幼儿园更多些", True),
        ("哪个城市建的书屋最多?", False),
        ("谁的办法更多?", False),
        ("哪年新建多少所学校?", False),
    ],
)
def test_which_builds_more(question: str, asks: bool) -> None:
    assert asks_which_builds_more(question) is asks


@pytest.mark.parametrize(
    ("question", "mode"),
    [
        ("青岛2018和2023哪年建的学校多?", "count"),
        ("Both build kindergartens. What is the difference in number?", "count"),
        ("New ones plus the village ones: how many is that altogether in Tianjin?", "count"),
        ("What is the difference in approach?", "compare"),
    ],
)
def test_the_words_that_want_figures_put_together(question: str, mode: str) -> None:
    assert detect_mode(question, Asked(1, 1, 2, 2)) == mode


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "result"),
    [
        ("天津2014年要通过达标验收的学校里,义务教育阶段比普通高中多多少所?", "230"),
        # 36 中小学 are not what is asked for, where the plan has a figure of the 小学
        ("邯郸幼儿园和小学新改扩建哪个多,多几个", "2"),
    ],
)
def test_kinds_of_schools_are_set_against_each_other(
    real_answerer: Answerer, question: str, result: str
) -> None:
    answer = ask(real_answerer, question)
    assert answer.figures is not None and answer.figures.result == result
