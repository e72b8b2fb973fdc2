"""Summaries: a line for each item that belongs, more of it where few do, and targets that stand elsewhere."""

from __future__ import annotations

from pathlib import Path

from chain_fakes import BY_WORDS, Heard, answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

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
