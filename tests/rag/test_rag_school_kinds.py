"""Kinds of schools in questions and figures."""

import pytest

from rag.quantities import read_quantities
from rag.school_kinds import kinds_asked, kinds_named, lumps_together


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("新建幼儿园", {"kindergarten"}),
        ("新建中小学幼儿园", {"kindergarten", "primary", "junior", "senior"}),
        ("九所中学", {"junior", "senior"}),
        ("公办中等职业学校", {"vocational"}),
        ("劳动教育示范学校", set()),
        ("260所义务教育学校", {"primary", "junior"}),
        ("new high schools and colleges", {"senior", "university"}),
    ],
)
def test_the_kinds_that_words_name(words: str, kinds: set[str]) -> None:
    assert kinds_named(words) == kinds


def test_schools_without_a_kind_are_any_school() -> None:
    schools = {"primary", "junior", "senior"}
    assert kinds_asked("新建多少所学校和幼儿园?") == {"kindergarten"} | schools
    assert kinds_asked("新建多少所职业学校?") == {"vocational"}
    assert kinds_asked("How many schools?") == schools


@pytest.mark.parametrize(
    ("sentence", "question", "lumps"),
    [
        ("新建中小学幼儿园80所", "新建多少所幼儿园?", True),
        ("新建中小学幼儿园80所", "新建多少所学校和幼儿园?", False),
        ("新建中小学幼儿园80所", "How many kindergartens?", True),
        ("新建中小学30所", "新建多少所学校?", False),
        ("新建幼儿园30所", "新建多少所幼儿园?", False),
        ("新建中小学食堂30个", "新建多少个食堂?", False),
    ],
)
def test_a_figure_on_several_kinds_says_nothing_of_one(sentence: str, question: str, lumps: bool) -> None:
    [quantity] = read_quantities(sentence)
    assert lumps_together(quantity, question) is lumps
