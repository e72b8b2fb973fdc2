import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.numbers import chinese_number, missing_numbers, read_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("新增2000个托额", ["2000"]),
        ("新增两千个托额", ["2000"]),
        ("adds 2,000 places", ["2000"]),
        ("adds two thousand places", ["2000"]),
        ("２０００个", ["2000"]),
        ("1.2万名", ["12000"]),
        ("一万两千名", ["12000"]),
        ("12,000 pupils", ["12000"]),
        ("2千万元", ["20000000"]),  # 2 x 1000 x 10000
        ("三点五万人", ["35000"]),
        ("2.5 million yuan", ["2500000"]),
        ("10余万人", ["100000"]),
        ("二十多所", ["20"]),
        ("达到56%", ["56%"]),
        ("达到98.5％", ["98.5%"]),
        ("达到百分之五十六", ["56%"]),
        ("达到百分之九十五点五", ["95.5%"]),
        ("reach fifty-six percent", ["56%"]),
        ("三分之一的学校", ["1/3"]),
        ("3-5所", ["3", "5"]),
        ("三至五年", ["3", "5"]),
        ("2018—2020年", ["2018", "2020"]),
        ("二〇二三年", ["2023"]),
        ("第三十五条", ["35"]),
        ("第三批", ["3"]),
        ("item 35", ["35"]),
        ("No.35", ["35"]),
        ("一百一十三所", ["113"]),
        ("one hundred and thirteen", ["113"]),
        ("twenty-five schools", ["25"]),
        ("two and three", ["2", "3"]),
        ("三轮评估", ["3"]),
        ("RMB2000", ["2000"]),
        ("“十四五”规划", ["14-5"]),
        ("the 14th Five-Year Plan", ["14-5"]),
    ],
)
def test_a_number_reads_the_same_however_it_is_written(text: str, numbers: list[str]) -> None:
    assert read_numbers(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "一体化发展",
        "统一部署",
        "百年名校",
        "千方百计",
        "一批学校",
        "几十所",
        "数十所",
        "K12",
        "一一对应",
        "两会精神",
        "the one who",
    ],
)
def test_words_that_hold_a_numeral_are_no_numbers(text: str) -> None:
    assert read_numbers(text) == []


def test_a_list_of_the_best_hundred_is_not_multiplied_into_the_year() -> None:
    assert read_numbers("2018百强校") == ["2018"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("三十五", 35), ("一百零三", 103), ("两千", 2000), ("二〇二三", 2023),
     ("三亿零五万", 300_050_000), ("两万亿", 2_000_000_000_000),
     ("十四五", None), ("", None), ("三所", None)],
)  # fmt: skip
def test_chinese_numbers(text: str, value: int | None) -> None:
    assert chinese_number(text) == value


@pytest.mark.parametrize(
    ("claim", "source", "missing"),
    [
        ("新增2,000个", "新增两千个", []),
        ("新增2000个", "新增200个", ["2000"]),
        ("占比56%", "占比百分之五十六", []),
        ("占比56%", "共56所", ["56%"]),  # a percentage matches the same percentage only
        ("56所", "占比56%", ["56"]),
        ("两轮三年", "三轮两年", []),  # the same figures; the words are compared elsewhere
        ("三轮", "两轮", ["3"]),
    ],
)
def test_missing_numbers(claim: str, source: str, missing: list[str]) -> None:
    assert missing_numbers(claim, [source]) == missing


def test_numbers_may_come_from_several_sources_or_be_allowed() -> None:
    assert missing_numbers("2014年30所和50所", ["30所", "50所"], frozenset({"2014"})) == []
    assert missing_numbers("2014年30所", ["30所"]) == ["2014"]


@given(st.integers(min_value=0, max_value=10**9))
def test_separators_change_nothing(value: int) -> None:
    assert read_numbers(f"共{value:,}个") == read_numbers(f"共{value}个") == [str(value)]


@pytest.mark.parametrize("digits", ["1" + 28 * "0", 40 * "7", "1" + 28 * "0" + "万", 30 * "3" + ".5%"])
def test_numbers_of_any_length_can_be_read(digits: str) -> None:
    assert len(read_numbers(f"共{digits}个")) == 1
    assert missing_numbers(f"共{digits}个", [f"共{digits}个"]) == []
    assert missing_numbers(f"共{digits}个", ["共1个"]) != []


@given(st.text(max_size=60))
def test_any_text_can_be_read_and_holds_its_own_numbers(text: str) -> None:
    assert missing_numbers(text, [text]) == []
