"""Quantities: the same figure however it is written, its bound, and what may be added up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.numbers import missing_numbers, read_numbers
from rag.quantities import not_comparable, read_quantities

_DIGITS = "零一二三四五六七八九"


def in_chinese(value: int) -> str:
    """The number from 11 to 9999 in Chinese numerals, as plans write it."""
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + name
        zero = not digit if text else False
    return text


@given(st.integers(11, 9999))
def test_a_figure_is_the_same_in_every_script(value: int) -> None:
    forms = (f"{value}", f"{value:,}", in_chinese(value))
    for form in forms:
        [quantity] = read_quantities(f"新增托额{form}个")
        assert (quantity.value, quantity.unit, quantity.kind) == (value, "个", "added")
        for other in forms:
            assert missing_numbers(f"新增{form}个", [f"新增托额{other}个"]) == []
        assert missing_numbers(f"新增{form}个", [f"新增托额{value + 1}个"]) == [str(value)]


@given(st.integers(1, 99_999))
def test_ten_thousands_are_the_same_in_every_form(tenths: int) -> None:
    value = Decimal(tenths) / 10
    whole = int(value * 10_000)
    [quantity] = read_quantities(f"新增学位{value}万个")
    assert quantity.value == whole
    assert read_numbers(f"新增学位{value}万个") == read_numbers(f"新增学位{whole}个")


@given(st.integers(11, 99))
def test_a_share_is_never_a_count(value: int) -> None:
    for share in (f"{value}%", f"{value}％", f"百分之{in_chinese(value)}"):
        [quantity] = read_quantities(f"公办园占比达到{share}")
        assert (quantity.value, quantity.unit, quantity.kind) == (value, "%", "reached")
        assert missing_numbers(f"达到{value}所", [f"占比达到{share}"]) == [str(value)]


@pytest.mark.parametrize(
    ("sentence", "bound"),
    [
        ("新增不少于2000个公办幼儿园托额", "at_least"),
        ("每区新增不低于200个托额", "at_least"),
        ("比例达到90%以上", "at_least"),
        ("每班不超过45人", "at_most"),
        ("新建幼儿园30所", ""),
    ],
)
def test_a_bound_is_read(sentence: str, bound: str) -> None:
    [quantity] = read_quantities(sentence)
    assert quantity.bound == bound


def test_what_only_goes_on_counting_has_the_subject_before() -> None:
    added, reached = read_quantities("新增城市一类园15所、达到175所")
    assert "城市一类园" in reached.subject
    assert (added.kind, reached.kind) == ("added", "reached")
    assert not_comparable([added, reached]) == "kind"


@pytest.mark.parametrize(
    ("sentences", "why"),
    [
        (("新建幼儿园30所", "新建幼儿园50所"), None),
        (("新增编制1500名", "补充师资4000人"), None),  # both count people
        (("新建幼儿园30所", "新增学位3000个"), "unit"),
        (("新增示范园10所", "示范园达到305所"), "kind"),
    ],
)
def test_only_like_figures_are_added_up(sentences: tuple[str, ...], why: str | None) -> None:
    assert not_comparable([quantity for s in sentences for quantity in read_quantities(s)]) == why


@pytest.mark.parametrize("words", ["千方百计做好工作", "百名讲师进校园", "第二十条措施", "三年行动计划"])
def test_manners_of_speaking_are_no_quantities(words: str) -> None:
    assert read_quantities(words) == []
