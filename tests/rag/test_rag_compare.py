"""Comparisons: aspects from the question or the plans, a quote in each cell, two years of one city."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from chain_fakes import BY_WORDS, FakeEncoder, Heard, answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.aspects import leading_phrase, read_aspects, shared_name, shared_run
from rag.lacking import Absence
from rag.records import Answer, Chunk
from rag.retrieve import Retriever
from rag.snapshot import Index


@pytest.mark.parametrize(
    ("topic", "matter", "aspects"),
    [
        ("学前教育的目标和师资有什么变化?", "学前教育", ("目标", "师资")),
        ("比较和心理健康教育的师资、筛查和档案", "心理健康教育", ("师资", "筛查", "档案")),
        ("比较和的托育和课后服务", "托育和课后服务", ("托育", "课后服务")),
        ("Compare Handan and Shanghai on the goals and teachers of preschool education.",
         "preschool education", ("goals", "teachers")),
    ],
)  # fmt: skip
def test_the_aspects_that_a_question_names(topic: str, matter: str, aspects: tuple[str, ...]) -> None:
    named = read_aspects(topic)
    assert named is not None
    assert (named.matter, named.aspects) == (matter, aspects)


@pytest.mark.parametrize(
    "topic",
    [
        "学生心理健康上的做法有什么相同和不同?",
        "两年的信息化要点对比",
        "How do they differ in special education?",
        "课后服务各有什么特点?",
        "家长会这件事,当年的写法和的写法差在哪儿?",
    ],
)
def test_a_question_without_aspects_names_none(topic: str) -> None:
    assert read_aspects(topic) is None


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("根据群众需要,延长书屋开放时间。", "延长书屋开放时间"),
        ("通过以奖代补等方式,扶持社区书屋。", "扶持社区书屋"),
        ("以社区为单位,配备图书管理员。", "配备图书管理员"),
        ("依托社区书屋。", "依托社区书屋"),
    ],
)
def test_a_row_is_called_by_what_is_done(sentence: str, name: str) -> None:
    assert leading_phrase(sentence) == name


def chunk(text: str) -> Chunk:
    return Chunk("c", "p#1", "p", text, 0, len(text), "")


def test_a_row_is_called_by_the_words_its_sentences_share() -> None:
    assert shared_name([chunk("加强师德师风建设。"), chunk("持续抓好师德师风建设。")]) == "师德师风建设"
    assert shared_name([chunk("新建食堂。"), chunk("招聘教师。")]) == ""
    both = [chunk("选派教师轮岗。"), chunk("轮岗期满的教师优先评优。")]
    assert shared_name(both) == "教师、轮岗"
    assert shared_run(both) == ""


def test_a_name_never_cuts_a_number() -> None:
    assert leading_phrase("新建、改扩建中小学幼儿园80所,扩大学位。") == "新建、改扩建中小学幼儿园…"
    assert leading_phrase("评选师德标兵,表彰先进。") == "评选师德标兵"


def cells_hold(answer: Answer) -> None:
    """Fail where a cell is missing, doubled, or cites another plan."""
    table = answer.table
    assert table is not None
    by_number = {citation.n: citation for citation in answer.citations}
    for aspect in table.aspects:
        assert tuple(cell.plan_id for cell in aspect.cells) == table.plans
        for cell in aspect.cells:
            assert all(by_number[n].plan_id == cell.plan_id for n in cell.citations)
        assert any(cell.citations for cell in aspect.cells) or "未在该要点中找到" in answer.answer


@pytest.mark.parametrize("question", ["青岛2023和天津的幼儿园建设有什么不同?", "比较邯郸和青岛2018的食堂"])
def test_a_table_has_a_cell_for_every_plan(small_index: Index, question: str) -> None:
    heard = Heard()
    answer = ask(answerer_over(small_index), question, heard)
    check_guarantees(small_index, answer, heard)
    cells_hold(answer)
    assert answer.table is not None
    assert (answer.mode, answer.table.kind) == ("compare", "compare")
    assert heard.words() == answer.answer


_LIBRARIES = {
    "weihai-2021": (
        "威海",
        "建设公共书屋30个,进一步统一思想认识,不断巩固已有成果,切实加强组织领导。延长公共书屋开放时间。",
    ),
    "yantai-2021": ("烟台", "改造公共书屋45个。公共书屋配备管理员。"),
    "rizhao-2021": ("日照", "检查消防通道。"),
}  # fmt: skip


def libraries(tmp_path: Path, *plan_ids: str) -> Index:
    plans = [
        write_plan(plan_id, _LIBRARIES[plan_id][0], 2021, [f"1|1.工作。{_LIBRARIES[plan_id][1]}"])
        for plan_id in plan_ids
    ]
    return make_index(plans, tmp_path)


def test_a_comparison_has_one_short_line_for_each_plan(tmp_path: Path) -> None:
    index = libraries(tmp_path, "weihai-2021", "yantai-2021")
    heard = Heard()
    answer = ask(answerer_over(index, None, BY_WORDS), "比较威海和烟台的公共书屋", heard)
    check_guarantees(index, answer, heard)
    cells_hold(answer)
    lines = [line for line in answer.answer.split("\n") if line.startswith("- ")]
    assert [line.partition("：")[0] for line in lines] == ["- 威海（2021）", "- 烟台（2021）"]
    assert "建设公共书屋30个" in lines[0]
    assert "切实" not in lines[0]
    quotes = {citation.n: citation.quote for citation in answer.citations}
    for words, n in re.findall(r"“([^”]+)”\[(\d+)\]", answer.answer):
        assert all(piece in quotes[int(n)] for piece in words.split("……"))


def test_no_sentence_that_is_to_be_told_is_lost_with_its_row(tmp_path: Path) -> None:
    deeds = {
        "weihai-2021": ("威海", "粉刷 改造 评比 检查 宣传"),
        "yantai-2021": ("烟台", "清洗 扩大 编目 赠送 开放"),
    }
    plans = [
        write_plan(id_, city, 2021, ["1|1.书屋。" + "".join(f"{deed}公共书屋。" for deed in words.split())])
        for id_, (city, words) in deeds.items()
    ]
    answer = ask(answerer_over(make_index(plans, tmp_path), None, BY_WORDS), "比较威海和烟台的公共书屋")
    for _, words in deeds.values():
        assert all(f"{deed}公共书屋" in answer.answer for deed in words.split())


def test_figures_stand_in_one_sentence_where_they_are_asked_for(tmp_path: Path) -> None:
    index = libraries(tmp_path, "weihai-2021", "yantai-2021")
    answerer = answerer_over(index, None, BY_WORDS)
    answer = ask(answerer, "比较威海和烟台的公共书屋各有多少个")
    assert "数字：威海（2021）30个，烟台（2021）45个。" in answer.answer
    assert answer.figures is not None
    assert [bar.value for bar in answer.figures.bars] == [30, 45]
    assert "数字：" not in ask(answerer, "比较威海和烟台的公共书屋").answer


def test_all_plans_are_said_to_share_only_what_all_of_them_print(tmp_path: Path) -> None:
    index = libraries(tmp_path, "weihai-2021", "yantai-2021", "rizhao-2021")
    answer = ask(answerer_over(index, None, BY_WORDS), "比较威海、烟台和日照的公共书屋")
    assert "各份要点都写到" not in answer.answer
    shared = re.search("只在威海（2021）、烟台（2021）的要点中找到：([^。]*)。", answer.answer)
    assert shared is None or all(
        name in text for name in shared.group(1).split("、") for _, text in list(_LIBRARIES.values())[:2]
    )


def test_an_empty_cell_is_said_in_words(small_index: Index) -> None:
    answer = ask(answerer_over(small_index), "比较天津和青岛2023的幼儿园和研学")
    assert answer.table is not None
    assert [aspect.name for aspect in answer.table.aspects] == ["幼儿园", "研学"]
    empty = [(aspect, cell) for aspect in answer.table.aspects for cell in aspect.cells if not cell.citations]
    for _, cell in empty:
        name = {"tianjin-2014": "天津（2014）", "qingdao-2023": "青岛（2023）"}[cell.plan_id]
        assert re.search(rf"未在该要点中找到：[^。]*{name}", answer.answer)


def test_two_years_show_what_is_kept_new_and_not_found_again(small_index: Index) -> None:
    heard = Heard()
    answer = ask(answerer_over(small_index), "青岛2018和2023年有什么变化,幼儿园建设方面?", heard)
    check_guarantees(small_index, answer, heard)
    cells_hold(answer)
    assert answer.table is not None
    assert (answer.table.kind, answer.table.plans) == ("years", ("qingdao-2018", "qingdao-2023"))
    for aspect in answer.table.aspects:
        before, after = aspect.cells
        assert before.change is None
        assert after.change == (
            "kept" if before.citations and after.citations else "new" if after.citations else "gone"
        )
    assert "kept" in {aspect.cells[1].change for aspect in answer.table.aspects}
    assert not re.search("取消|停止|废止|不再", answer.answer)


_SEVENTEEN = "改建公共书屋12个。试行书屋学徒制,培训管理员。发布书屋服务目录。"
_TWENTY_ONE = "深化书屋学徒制改革。配送盲文读物上门。"


def two_years(tmp_path: Path) -> Index:
    other = [
        f"{n}|{n}.工作。{words}" for n, words in enumerate(("检修路灯。", "疏浚河道。", "栽植行道树。"), 1)
    ]
    plans = [
        write_plan("weihai-2017", "威海", 2017, [f"1|1.书屋。{_SEVENTEEN}"]),
        write_plan("weihai-2021", "威海", 2021, [f"1|1.书屋。{_TWENTY_ONE}"]),
        write_plan("rizhao-2021", "日照", 2021, other),
    ]
    return make_index(plans, tmp_path)


def test_a_word_of_both_years_is_neither_new_nor_gone(tmp_path: Path) -> None:
    index = two_years(tmp_path)
    heard = Heard()
    answer = ask(answerer_over(index, None, BY_WORDS), "威海2017和2021年的书屋有什么变化", heard)
    check_guarantees(index, answer, heard)
    lines = [line for line in answer.answer.split("\n") if "书屋学徒制" in line]
    assert len(lines) == 1
    assert lines[0].startswith("- 2017年和2021年都有：")


def test_a_cell_is_unclear_unless_the_whole_plan_lacks_it(tmp_path: Path) -> None:
    index = two_years(tmp_path)
    absence = Absence(Retriever(index, FakeEncoder()))
    said = {chunk.text: chunk for chunk in index.chunks}
    assert absence.is_only_in([said["配送盲文读物上门。"]], ["weihai-2017"])
    assert not absence.is_only_in([said["深化书屋学徒制改革。"]], ["weihai-2017"])
    assert not absence.is_only_in([said["配送盲文读物上门。"], said["深化书屋学徒制改革。"]], ["weihai-2017"])
    assert absence.is_only_in([said["深化书屋学徒制改革。"]], ["rizhao-2021"])


def test_an_english_comparison_is_worded_in_english(small_index: Index) -> None:
    answer = ask(answerer_over(small_index), "How did Qingdao's kindergartens change between 2018 and 2023?")
    assert answer.table is not None
    assert answer.table.kind == "years"
    assert re.search(r"In both 2018 and 2023: |not found in the plan of 20", answer.answer)


def test_a_fact_about_a_city_of_two_years_has_no_table(small_index: Index) -> None:
    answer = ask(answerer_over(small_index), "青岛新建幼儿园多少所?")
    assert (answer.mode, answer.table) == ("lookup", None)
    assert {citation.plan_id for citation in answer.citations} == {"qingdao-2018", "qingdao-2023"}


def test_what_all_or_only_some_say_is_not_told_in_words_that_tell_nothing(tmp_path: Path) -> None:
    long = "鼓励各类社会力量共同参与校园足球场地灯光改造设施更新"
    plans = [
        write_plan(
            "weihai-2021", "威海", 2021, [f"1|1.体育。推广校园足球。{long}。", "2|2.环卫。清运垃圾。"]
        ),
        write_plan("yantai-2021", "烟台", 2021, ["1|1.体育。举办校园足球。", "2|2.绿化。补种树木。"]),
    ]
    index = make_index(plans, tmp_path)
    answer = ask(answerer_over(index, None, BY_WORDS), "威海和烟台的校园足球有什么不同?")
    assert answer.mode == "compare" and len(answer.citations) >= 2
    assert "各份要点都写到" not in answer.answer
    assert "只在威海（2021）的要点中找到" not in answer.answer
