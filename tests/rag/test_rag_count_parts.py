"""Figures that are parts of one total, and things that a question names in its own words."""

from pathlib import Path

import pytest
from chain_fakes import answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.figure_parts import read_parts
from rag.modes import asks_how_many_plans
from rag.quantities import read_quantities
from rag.records import Answer
from rag.weighed_figures import counts_built

OF_TOTAL = "强力推进扩容,新改扩建193所中幼儿园70所、小学72所、初中51所。"
BUILT = f"抓好校舍民生实事,新改扩建中小学36所、幼儿园34所。{OF_TOTAL}"


def values(answer: Answer) -> list[float]:
    assert answer.figures is not None
    return [bar.value for bar in answer.figures.bars]


def test_parts_of_one_total_are_added_up_with_each_other(tmp_path: Path) -> None:
    index = make_index([write_plan("weihai-2022", "威海", 2022, [f"1|1.学校建设。{BUILT}"])], tmp_path)
    answer = ask(answerer_over(index), "威海新改扩建的幼儿园和小学一共多少所?")
    check_guarantees(index, answer)
    assert values(answer) == [70, 72]


def test_a_part_of_what_is_built_is_built() -> None:
    question = "哪一份新建、改扩建的幼儿园最多,是多少所?"
    total, kindergartens, schools, _ = read_quantities(OF_TOTAL)
    assert counts_built(question, kindergartens)
    assert not counts_built(question, total) and not counts_built(question, schools)
    assert not counts_built(question, read_quantities("评定幼儿园70所")[0])


def test_kindergartens_in_the_village_are_one_thing() -> None:
    assert read_parts("新盖的书屋,跟要整修的村里幼儿园,加一块多少个").wanted == (
        "新盖的书屋",
        "整修的村里幼儿园",
    )


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("In how many of the seven documents does a credit bank show up?", True),
        ("How many of these papers mention chess?", True),
        ("How many documents will Shanghai issue?", False),
        ("How many papers do pupils write?", False),
    ],
)
def test_documents_are_counted_as_plans_where_they_are_those_at_hand(question: str, asks: bool) -> None:
    assert asks_how_many_plans(question) is asks
