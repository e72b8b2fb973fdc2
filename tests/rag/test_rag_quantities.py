"""Quantities: the same figure however it is written, its bound, and what may be added up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.numbers import missing_numbers, read_numbers
from rag.quantities import is_measured, not_comparable, read_quantities, show_amount

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
        (("创建市级劳动教育示范学校50所", "评选5个市级劳动教育示范校"), None),  # measure words of one thing
        (("新建示范学校50所", "新建示范学校食堂5个"), "unit"),
        (("开发劳动课程50门", "开发劳动课程达50%"), "unit"),
    ],
)
def test_only_like_figures_are_added_up(sentences: tuple[str, ...], why: str | None) -> None:
    assert not_comparable([quantity for s in sentences for quantity in read_quantities(s)]) == why


@pytest.mark.parametrize("words", ["千方百计做好工作", "百名讲师进校园", "第二十条措施", "三年行动计划"])
def test_manners_of_speaking_are_no_quantities(words: str) -> None:
    assert read_quantities(words) == []


@pytest.mark.parametrize(
    "name", ["实施“三名”培育项目", "开展“十个一”活动", "做到“4个统一”", "推进“两项改革”"]
)
def test_a_number_at_the_head_of_a_quoted_name_is_no_quantity(name: str) -> None:
    assert read_quantities(name) == []


def test_a_range_is_read_whole_and_not_computed_with() -> None:
    [quantity] = read_quantities("培育3-5家骨干企业")
    assert (quantity.low, quantity.value, quantity.shown) == (Decimal(3), Decimal(5), "3–5家")
    assert not is_measured(quantity)


def test_each_of_two_things_joined_by_and_has_its_own_subject() -> None:
    first, second = read_quantities("新增7个社区书屋和30个流动书车")
    assert "流动书车" not in first.subject
    assert "社区书屋" not in second.subject
    assert "流动书车" in second.subject
    assert (first.kind, second.kind) == ("added", "added")
    first, second = read_quantities("命名文明楼院40所和示范街区6个")
    assert "示范街区" not in first.subject
    assert "文明楼院" not in second.subject


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("新增2个国家级、9个省级实验室", "added"),  # the second goes on with what the first began
        ("推动12家单位共建产业共同体", "plain"),
        ("确保18家企业通过达标验收", "plain"),
        ("把床位增加到900个", "reached"),
        ("全市共有书屋50个", "reached"),
        ("失业率控制在4%以内", "reached"),
    ],
)
def test_what_is_reached_is_told_from_what_is_added(sentence: str, kind: str) -> None:
    assert read_quantities(sentence)[-1].kind == kind


@pytest.mark.parametrize(
    ("sentence", "measured"),
    [("组织10次演练", True), ("推进二期工程", False), ("第3届展会", False), ("评选12节精品课", True)],
)
def test_units_of_names_count_only_with_digits(sentence: str, measured: bool) -> None:
    assert any(map(is_measured, read_quantities(sentence))) == measured


def test_what_holds_for_each_is_told_from_a_total() -> None:
    each, total = read_quantities("每区新增座位300个,全市新增座位2000个")
    assert (each.per, total.per) == ("每区", "")


def test_money_is_shown_as_plans_write_it() -> None:
    [quantity] = read_quantities("安排专项资金3.2亿元")
    assert quantity.shown == "3.2亿元"
    assert show_amount(Decimal(56_000), "元") == "5.6万元"
    assert show_amount(Decimal(56_000), "人") == "56000人"


def test_what_only_tells_a_grade_has_the_noun_behind() -> None:
    first, second = read_quantities("力争新增1个国家级、6个市级协同创新中心")
    assert (first.subject.strip(), second.subject.strip()) == (
        "力争新增 国家级协同创新中心",
        "力争新增 市级协同创新中心",
    )


def test_china_and_abroad_is_no_part_of_a_whole() -> None:
    first, _ = read_quantities("新增5个中外合作办学项目和50个引智项目")
    assert "中外合作办学项目" in first.subject


def test_parts_that_add_up_to_a_total_are_known_as_its_parts() -> None:
    total, *parts = read_quantities("新改扩建193所中幼儿园70所、小学72所、初中51所,食堂20所")
    assert total.whole == ""
    assert [part.whole for part in parts] == ["新改扩建", "新改扩建", "新改扩建", ""]
    assert {part.kind for part in parts[:3]} == {"added"}


def test_figures_that_add_up_to_nothing_are_no_parts() -> None:
    assert not any(one.whole for one in read_quantities("新建书屋20所,其中幼儿园7所、小学8所"))
