"""Printed numbers are recognised, and what only looks like one is not."""

import pytest

from corpus.numbering import han_value, read_marker


@pytest.mark.parametrize(
    ("printed", "value"),
    [("一", 1), ("十", 10), ("十三", 13), ("二十", 20), ("三十一", 31), ("一百零五", 105), ("叁", 3),
     ("拾贰", 12), ("12", 12), ("１２", 12), ("两", 2)],
)  # fmt: skip
def test_chinese_numbers(printed: str, value: int) -> None:
    assert han_value(printed) == value


@pytest.mark.parametrize("printed", ["一二", "甲", ""])
def test_what_is_no_number(printed: str) -> None:
    if printed:
        with pytest.raises(ValueError, match="not a number"):
            han_value(printed)
    else:
        assert han_value(printed) == 0


@pytest.mark.parametrize(
    ("line", "style", "ordinal", "rest"),
    [
        ("一、总体要求", "han", 1, "总体要求"),
        ("二十三、加强领导", "han", 23, "加强领导"),
        ("（三）学前教育", "paren", 3, "学前教育"),
        ("(十二)学前教育", "paren", 12, "学前教育"),
        ("4.抓好落实", "dec", 4, "抓好落实"),
        ("4. 抓好落实", "dec", 4, "抓好落实"),
        ("5、抓好落实", "dec", 5, "抓好落实"),
        ("６．抓好落实", "dec", 6, "抓好落实"),
        ("20.2026年十件实事", "dec", 20, "2026年十件实事"),
        ("（1）新建", "dec_paren", 1, "新建"),
        ("①新建", "circled", 1, "新建"),
        ("第三条 本办法", "article", 3, "本办法"),
        ("第二章 职责", "chapter", 2, "职责"),
        ("任务一：线网", "task", 1, "线网"),
        ("任務二：場站", "task", 2, "場站"),
        ("一是加快建设", "shi", 1, "加快建设"),
        ("第一，加强农业", "ordinal", 1, "加强农业"),
        ("［12］名词", "bracket", 12, "名词"),
        ("1.2 依据", "deci2", 2, "依据"),
        ("2.1.3 职责", "deci3", 3, "职责"),
        ("3 组织", "deci1", 3, "组织"),
        ("壹、前言", "formal", 1, "前言"),
        ("——坚持原则", "dash", 0, "坚持原则"),
        ("● 加强领导", "bullet", 0, "加强领导"),
    ],
)
def test_styles(line: str, style: str, ordinal: int, rest: str) -> None:
    marker = read_marker(line)
    assert marker is not None
    assert (marker.style, marker.ordinal, line[marker.length :]) == (style, ordinal, rest)


@pytest.mark.parametrize(
    "line",
    ["2026年新建幼儿园", "21.5+2就业之家", "2.5亿元投资", "3-6岁儿童", "100%覆盖", "第一书记工作",
     "第39个教师节", "十四五规划", "一流大学", "5所学校", "第三方评估", "", "。", "2.0行动"],
)  # fmt: skip
def test_text_that_only_looks_numbered(line: str) -> None:
    assert read_marker(line) is None
