"""Summaries: a line for each item that belongs, more of it where few do, and targets that stand elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_fakes import BY_WORDS, Heard, answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.brevity import sentences_wanted

_LINES = [
    "1|1.公共阅读。建设公共阅读空间。延长公共阅读空间。装点公共阅读空间。宣传公共阅读空间。评选公共阅读空间。登记公共阅读空间。",
    "2|2.消防。检查消防通道。更换灭火器材。公共阅读空间配备灭火器材。开展疏散演练。",
    "3|3.年度目标。改造供水管网。公共阅读空间达到64个。整治占道经营。",
]


def test_a_summary_has_a_line_for_each_item_that_belongs(tmp_path: Path) -> None:
    index = make_index([write_plan("weihai-2021", "威海", 2021, _LINES)], tmp_path)
    heard = Heard()
    answer = ask(answerer_over(index, None, BY_WORDS), "总结威海的公共阅读空间工作", heard)
    check_guarantees(index, answer, heard)
    numbers = [citation.number for citation in answer.citations]
    lines = answer.answer.split("\n")
    assert len(lines) == len(set(numbers))
    assert numbers == sorted(numbers)
    assert "2" not in numbers
    assert numbers.count("1") > 4  # where few items belong, more of each is quoted


def test_a_target_is_found_in_an_item_on_something_else(tmp_path: Path) -> None:
    index = make_index([write_plan("weihai-2021", "威海", 2021, _LINES)], tmp_path)
    answer = ask(answerer_over(index, None, BY_WORDS), "总结威海的公共阅读空间工作")
    [target] = [citation.quote for citation in answer.citations if citation.number == "3"]
    assert target == "公共阅读空间达到64个。"


def test_items_are_counted_where_their_number_is_asked_for(tmp_path: Path) -> None:
    index = make_index([write_plan("weihai-2021", "威海", 2021, _LINES)], tmp_path)
    heard = Heard()
    answer = ask(answerer_over(index, None, BY_WORDS), "威海有几条是讲公共阅读空间的?", heard)
    check_guarantees(index, answer, heard)
    head, *lines = answer.answer.split("\n")
    assert answer.mode == "summarise"
    assert head == f"找到 {len(lines)} 条："
    assert len(lines) == len({citation.number for citation in answer.citations})


_ALL_NEAR = [
    "1|1.灯光。公共阅读空间更换照明灯光。公共阅读空间检修照明灯光。公共阅读空间打扫卫生。公共阅读空间张贴海报。公共阅读空间修剪花木。",
    "2|2.安全。公共阅读空间配备灭火器材。公共阅读空间开展疏散演练。",
    "3|3.服务。公共阅读空间延长开放。公共阅读空间招募人员。",
    "4|4.活动。公共阅读空间举办讲座。公共阅读空间评选读者。",
]


def test_what_an_item_says_of_another_matter_is_left_out(tmp_path: Path) -> None:
    index = make_index([write_plan("weihai-2021", "威海", 2021, _ALL_NEAR)], tmp_path)
    answer = ask(answerer_over(index, None, BY_WORDS), "总结威海的公共阅读空间照明灯光工作")
    assert [citation.quote for citation in answer.citations] == [
        "公共阅读空间更换照明灯光。",
        "公共阅读空间检修照明灯光。",
    ]


def test_a_summary_of_what_is_only_named_ahead_of_the_items_is_not_filled_up(tmp_path: Path) -> None:
    lines = [
        "持续深化公共阅读空间改革。",
        "1|1.路灯。更换公共路灯。",
        "2|2.食堂。检查食堂。",
        "3|3.消防。检查通道。",
    ]
    index = make_index([write_plan("weihai-2021", "威海", 2021, lines)], tmp_path)
    heard = Heard()
    answer = ask(answerer_over(index, None, BY_WORDS), "总结威海的公共阅读空间工作", heard)
    check_guarantees(index, answer, heard)
    assert (answer.mode, answer.status) == ("summarise", "not_found")
    [citation] = answer.citations
    assert citation.quote == "持续深化公共阅读空间改革。"


def test_a_line_that_opens_the_next_one_stands_with_it(tmp_path: Path) -> None:
    lines = [
        "1|1.灯光。公共阅读空间打扫卫生。\n围绕节能要求，\n公共阅读空间更换照明灯光。公共阅读空间张贴海报。公共阅读空间修剪花木。",
        *_ALL_NEAR[1:],
    ]
    index = make_index([write_plan("weihai-2021", "威海", 2021, lines)], tmp_path)
    answer = ask(answerer_over(index, None, BY_WORDS), "总结威海的公共阅读空间照明灯光工作")
    assert [citation.quote for citation in answer.citations] == [
        "围绕节能要求，",
        "公共阅读空间更换照明灯光。",
    ]


def test_of_several_plans_what_is_far_behind_the_best_is_left_out(tmp_path: Path) -> None:
    other = ["1|1.供水。公共阅读空间改造管网。", "2|2.环卫。清运垃圾。", "3|3.绿化。补种树木。"]
    plans = [
        write_plan("weihai-2021", "威海", 2021, _ALL_NEAR),
        write_plan("yantai-2021", "烟台", 2021, other),
    ]
    index = make_index(plans, tmp_path)
    answer = ask(answerer_over(index, None, BY_WORDS), "总结各地的公共阅读空间照明灯光工作")
    assert answer.mode == "summarise"
    assert {citation.plan_id for citation in answer.citations} == {"weihai-2021"}


@pytest.mark.parametrize(
    ("request_", "most"),
    [
        ("总结威海的公共阅读空间工作,一两句话就行", 2),
        ("Sum up the reading rooms of 威海 in one sentence", 2),
        ("简单说说威海的公共阅读空间工作", 8),
        ("Give me a brief overview of 公共阅读空间 in 威海", 8),
        ("说说威海的公共阅读空间工作有哪些内容", None),
        ("威海的公共阅读空间一句也别漏,都列出来", None),
        ("What does 威海 plan for its bus lines and reading rooms?", None),
    ],
)
def test_how_long_an_answer_is_wanted(request_: str, most: int | None) -> None:
    assert sentences_wanted(request_) == most


def test_a_short_summary_has_the_best_sentences_of_several_items(tmp_path: Path) -> None:
    lines = [
        "1|1.灯光。公共阅读空间更换灯光。公共阅读空间检修灯光。公共阅读空间购置灯光。",
        "2|2.维护。公共阅读空间擦拭灯光。公共阅读空间登记灯光。",
        "3|3.环卫。清运垃圾。",
        "4|4.绿化。补种树木。",
    ]
    index = make_index([write_plan("weihai-2021", "威海", 2021, lines)], tmp_path)
    answerer = answerer_over(index, None, BY_WORDS)
    whole = ask(answerer, "总结威海的公共阅读空间灯光工作")
    short = ask(answerer, "总结威海的公共阅读空间灯光工作,一两句话就行")
    assert len(whole.citations) == 5
    assert [citation.number for citation in short.citations] == ["1", "2"]
