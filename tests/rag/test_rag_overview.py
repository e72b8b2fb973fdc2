"""Overviews of plans: their own outline in order, titles quoted under each heading, gaps where they stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from chain_fakes import FakeGenerator, Heard, answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from corpus.plan import Gap
from rag.generate import Generator
from rag.overview import MAX_PLANS, number_runs, title_of
from rag.records import Answer, AskRequest, Filters, Turn
from rag.snapshot import Index


def told(index: Index, question: str, generator: Generator | None = None, **fields: object) -> Answer:
    heard = Heard()
    answer = ask(answerer_over(index, generator), question, heard, **fields)
    check_guarantees(index, answer, heard)
    return answer


def test_every_part_of_a_plan_stands_in_its_order_with_quotes(small_index: Index) -> None:
    answer = told(small_index, "青岛2018写了什么?")
    assert (answer.status, answer.mode) == ("answered", "summarise")
    assert answer.answer.split("\n") == [
        "青岛（2018）：《青岛2018年教育工作要点》，共 3 条。",
        "- 一、发展学前教育（第1–2条）：“新建幼儿园”[1]、“建设标准化食堂”[2]",
        "- 二、建设教师队伍（第3条）：“加强师德建设”[3]",
    ]
    assert [claim.text for claim in answer.claims] == ["“新建幼儿园”", "“建设标准化食堂”", "“加强师德建设”"]
    assert (answer.coverage.plans_checked, answer.coverage.items_scored) == (1, 3)


def test_in_english_too(small_index: Index) -> None:
    answer = told(small_index, "What does the Tianjin plan say?")
    assert answer.answer.split("\n") == [
        "Tianjin (2014): 《天津2014年教育工作要点》, 4 items.",
        "- 一、学前教育 (items 1.1–1.2): “提升改造幼儿园”[1], “加强教师培训”[2]",
        "- 二、教育信息化 (items 2.1–2.2): “建设智慧校园”[3], “开放网络课程”[4]",
    ]


def test_hidden_items_are_said_where_they_are_missing(tmp_path: Path) -> None:
    printed = ["1|1、公共阅读。建设阅读空间。", "2|2、消防。", "6|6、供水。改造管网。"]
    hidden = Gap("hidden", 3, 5, "the source does not show this part", len("".join(printed[:2])) - 2)
    index = make_index([write_plan("weihai-2021", "威海", 2021, printed, [hidden])], tmp_path)
    assert told(index, "总结一下威海2021").answer.split("\n") == [
        "威海（2021）：《威海2021年教育工作要点》，可见 3 条。",
        "- 第1条：“公共阅读”[1]",
        "- 第2条：“消防”[2]",
        "威海（2021）的第3–5条在来源中被隐藏，无法核查。",
        "- 第6条：“供水”[3]",
    ]


def test_the_sample_plan_that_hides_items_says_so_between_its_parts(sample_index: Index) -> None:
    lines = told(sample_index, "邯郸2022年的要点主要讲什么?").answer.split("\n")
    at = lines.index("邯郸（2022）的第28–48条在来源中被隐藏，无法核查。")
    assert "（第27条）" in lines[at - 1] and lines[at + 1].startswith("- 第49条：")


def test_a_city_of_two_years_is_told_of_year_by_year(small_index: Index) -> None:
    answer = told(small_index, "青岛的要点写了什么?")
    heads = [line for line in answer.answer.split("\n") if not line.startswith("- ")]
    assert [head[:8] for head in heads] == ["青岛（2018）", "青岛（2023）"]
    assert {citation.plan_id for citation in answer.citations} == {"qingdao-2018", "qingdao-2023"}


@pytest.mark.parametrize("question", ["这些要点都写了什么?", "What do the plans say?"])
def test_of_all_plans_each_has_a_line_for_each_outer_heading(sample_index: Index, question: str) -> None:
    answer = told(sample_index, question)
    assert answer.status == "answered"
    assert answer.coverage.plans_checked == 7
    cited = [citation.plan_id for citation in answer.citations]
    for plan in sample_index.plans:
        outer = {section.title for section in plan.sections if section.level == 1}
        assert cited.count(plan.plan_id) >= len(outer)
        assert all(title.rstrip("。") in answer.answer for title in outer)


def test_of_one_plan_inner_headings_stand_under_their_outer_one(sample_index: Index) -> None:
    lines = told(sample_index, "介绍一下荣成的要点").answer.split("\n")
    [first] = [n for n, line in enumerate(lines) if "二、加快推进教育高质量发展 › (一)" in line]
    assert lines[first].startswith("- 二、加快推进教育高质量发展 › (一)学前教育")
    assert "（第5–8条）" in lines[first]
    assert lines[first + 1].startswith("- (二)义务教育")


def test_the_first_and_the_last_item_of_a_part_are_quoted(sample_index: Index) -> None:
    answer = told(sample_index, "天津2014写了什么?")
    numbers = [int(citation.number) for citation in answer.citations]
    assert numbers == sorted(numbers)
    assert {1, 7, 8, 12, 13, 16, 34, 38} <= set(numbers)
    assert "”[2]……“" in answer.answer


def test_the_source_pages_title_is_not_taken_for_the_plans_year(sample_index: Index) -> None:
    head = told(sample_index, "上海2023写了什么?").answer.split("\n")[0]
    assert "2024" in head and "年份以正文为准" in head


def test_no_model_is_needed_and_none_is_asked(small_index: Index) -> None:
    generator = FakeGenerator("天津要建一千所学校。")
    answer = told(small_index, "天津2014写了什么?", generator)
    assert (generator.n_calls, answer.model["used"]) == (0, False)
    assert answer.answer == told(small_index, "天津2014写了什么?").answer


def test_a_matter_is_still_summarised(sample_index: Index) -> None:
    answer = told(sample_index, "天津2014年在学前教育上写了什么")
    assert answer.mode == "summarise"
    assert "第10条" in answer.answer and "第34" not in answer.answer


@pytest.mark.parametrize("question", ["它写了什么?", "这份要点写了什么?", "What does the plan say?"])
def test_which_plan_is_asked_back_where_one_is_meant(small_index: Index, question: str) -> None:
    assert told(small_index, question).status == "ambiguous"
    answer = told(small_index, question, filters=Filters(plans=("tianjin-2014",)))
    assert {citation.plan_id for citation in answer.citations} == {"tianjin-2014"}


def test_the_plan_that_was_chosen_is_told_of(small_index: Index) -> None:
    asked = told(small_index, "它写了什么?")
    history = (Turn("user", asked.question), Turn("assistant", asked.answer))
    answer = told(small_index, "天津（2014）", history=history)
    assert answer.question_resolved == "天津2014年写了什么?"
    assert answer.answer == told(small_index, "天津2014写了什么?").answer


def test_beyond_a_few_plans_the_reader_is_asked_to_name_some(tmp_path: Path) -> None:
    cities = ["威海", "烟台", "潍坊", "临沂", "泰安", "济宁", "德州", "聊城", "滨州", "菏泽"]
    plans = [
        write_plan(f"city{n}-2021", city, 2021, [f"# 一、{city}的任务", "1|1.公共阅读。建设阅读空间。"])
        for n, city in enumerate(cities)
    ]
    answer = told(make_index(plans, tmp_path), "这些要点都写了什么?")
    assert answer.status == "partial"
    assert answer.answer.count("共 1 条") == MAX_PLANS == answer.coverage.plans_checked
    assert answer.answer.split("\n")[-1] == "另有 2 份要点未列出；请按城市或年份提问。"


def test_a_stop_leaves_what_was_done_so_far(small_index: Index) -> None:
    heard = Heard()

    def stopped() -> bool:
        return True

    answer = answerer_over(small_index).answer(AskRequest("天津2014写了什么?"), heard, stopped)
    assert (answer.claims, answer.coverage.plans_checked) == ((), 0)


def test_missing_and_repeated_numbers_are_said(tmp_path: Path) -> None:
    gaps = [Gap("missing", 2, 2, "not printed", 8), Gap("repeated", 3, 3, "printed twice", 99)]
    plan = write_plan("weihai-2021", "威海", 2021, ["1|1.公共阅读。", "3|3.消防。"], gaps)
    lines = told(make_index([plan], tmp_path), "威海写了什么?").answer.split("\n")
    assert "威海（2021）的来源中没有第2条。" in lines
    assert lines[-1] == "威海（2021）的来源中第3条重复编号。"


def test_a_long_plan_without_headings_is_told_in_portions(tmp_path: Path) -> None:
    lines = [f"{n}|{n}.事项{'甲乙丙丁戊己庚辛壬癸'[n % 10]}。内容。" for n in range(1, 61)]
    plan = write_plan("weihai-2021", "威海", 2021, lines)
    shown = told(make_index([plan], tmp_path), "威海写了什么?").answer.split("\n")
    assert shown[0].endswith("共 60 条。")
    assert len(shown) == 1 + 20
    assert shown[1].startswith("- 第1–3条：") and shown[-1].startswith("- 第58–60条：")


def test_numbers_that_follow_one_another_are_one_run() -> None:
    lines = ["1|1.甲。", "2|2.乙。", "4|4.丙。", "5|5.丁。", "9|9.戊。"]
    items = write_plan("weihai-2021", "威海", 2021, lines).items
    assert number_runs(items) == ("1–2", "4–5", "9")
    restarting = write_plan(
        "a-2021", "威海", 2021, ["# 一、甲", *lines[:2], "# 二、乙", *lines[:2]], (), True
    )
    assert number_runs(restarting.items) == ("1.1–1.2", "2.1–2.2")


def test_an_item_without_a_title_is_quoted_by_its_first_sentence() -> None:
    [item] = write_plan("weihai-2021", "威海", 2021, ["1|1.建设阅读空间。延长开放时间。"]).items
    assert title_of(item).text == "建设阅读空间"
    assert title_of(replace(item, title="")).text == "建设阅读空间。"
