"""Lookups: facts of a kind that the plan lacks, lead units, and money that is for something else."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from chain_fakes import BY_WORDS, answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.lead_units import matter_in_charge_of
from rag.reading import QuestionReader
from rag.records import Answer, AskRequest, Chunk, Turn
from rag.second_quote import Pair, belongs_too

LINES = (
    "1|1.建设教育博物馆。加快筹建教育博物馆。（牵头处室：办公室）",
    "2|2.加强劳动教育。落实每周1课时劳动教育必修课。（牵头处室：思政体艺处。责任处室：教师处）",
    "3|3.加大教育投入。一般公共预算教育投入力争达到216亿元。（牵头处室：财务处）",
    "4|4.治理校外培训。加大对校外培训违规行为整治力度。（牵头处室：监管处）",
    "5|5.举办读书节。9月举办首届读书节。（牵头处室：宣传处）",
)


def answered(tmp_path: Path, question: str, before: Sequence[str] = ()) -> Answer:
    index = make_index([write_plan("handan-2022", "邯郸", 2022, list(LINES))], tmp_path)
    history = tuple(Turn("user", text) for text in before)
    answer = ask(answerer_over(index), question, history=history)
    check_guarantees(index, answer)
    return answer


@pytest.mark.parametrize("question", ["邯郸的教育博物馆几月几号开放?", "邯郸的教育博物馆由哪家公司承建?"])
def test_a_fact_of_a_kind_that_no_sentence_has_is_refused(tmp_path: Path, question: str) -> None:
    answer = answered(tmp_path, question)
    assert answer.status == "not_found"
    assert [citation.item_id for citation in answer.citations] in ([], ["handan-2022#1"])


def test_a_fact_of_the_kind_that_the_plan_states_is_answered(tmp_path: Path) -> None:
    answer = answered(tmp_path, "邯郸的读书节几月几号举办?")
    assert answer.status == "answered" and "9月举办首届读书节" in answer.answer


@pytest.mark.parametrize(
    ("question", "item", "unit"),
    [
        ("邯郸的劳动教育由哪个部门牵头?", "2", "思政体艺处"),
        ("邯郸负责校外培训治理的是哪个处室?", "4", "监管处"),
        ("邯郸谁负责筹建教育博物馆?", "1", "办公室"),
    ],
)
def test_who_is_in_charge_is_read_off_the_item_on_the_matter(
    tmp_path: Path, question: str, item: str, unit: str
) -> None:
    answer = answered(tmp_path, question)
    assert {citation.item_id for citation in answer.citations} == {f"handan-2022#{item}"}
    assert f"牵头处室：{unit}" in answer.answer


def test_money_for_something_else_is_no_answer(tmp_path: Path) -> None:
    assert answered(tmp_path / "one", "邯郸治理校外培训要花多少钱?").status == "not_found"
    assert "216亿元" in answered(tmp_path / "two", "邯郸的公共预算教育投入达到多少钱?").answer


@pytest.mark.parametrize(
    ("question", "item", "unit"),
    [
        ("邯郸查处校外培训违规行为是哪个科的活?", "4", "监管处"),
        ("邯郸举办读书节归哪个处管?", "5", "宣传处"),
        ("Which office in 邯郸 takes the lead on 劳动教育?", "2", "思政体艺处"),
        ("Which office inside Handan's education bureau is in charge of 劳动教育?", "2", "思政体艺处"),
        ("邯郸的读书节哪个科室在弄?", "5", "宣传处"),
        ("邯郸的校外培训治理由哪些处室负责?", "4", "监管处"),
        ("邯郸的读书节有哪几个部门配合?", "5", "宣传处"),
        (
            "Which office inside the Handan education bureau do I have to contact about 劳动教育?",
            "2",
            "思政体艺处",
        ),
    ],
)
def test_a_unit_is_asked_for_in_other_words(tmp_path: Path, question: str, item: str, unit: str) -> None:
    answer = answered(tmp_path, question)
    assert {citation.item_id for citation in answer.citations} == {f"handan-2022#{item}"}
    assert f"牵头处室：{unit}" in answer.answer


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("Which office inside Handan's education bureau is in charge of school football?", "school football"),
        ("Who runs school football in Handan?", "school football"),
        ("What team at the bureau of Handan deals with school football?", "school football"),
        ("Who plays school football in Handan?", ""),
        ("Whom do I talk to about school football in Handan?", "school football"),
        ("Which office do pupils paint in Handan?", ""),
        ("邯郸校园足球由谁主抓、哪几个部门配合?", "校园足球"),
    ],
)
def test_the_matter_that_somebody_is_in_charge_of(reader: QuestionReader, question: str, matter: str) -> None:
    found = matter_in_charge_of(reader.read(AskRequest(question)))
    assert matter in found if matter else not found


def test_a_bracket_with_a_unit_is_no_answer_where_none_is_asked_for(tmp_path: Path) -> None:
    lines = [
        "1|1.水产学校实践。专业课教师每年到企业累计不少于一个月。",
        "2|2.水产学校招生。扩大规模。（责任单位：水产学校教师发展中心）",
        "3|3.读书节。举办首届读书节。（责任单位：宣传处）",
    ]
    index = make_index([write_plan("handan-2022", "邯郸", 2022, lines)], tmp_path)
    answer = ask(answerer_over(index), "邯郸水产学校的教师每年去企业多久?")
    assert answer.citations[0].item_id == "handan-2022#1"
    assert not any("责任单位" in citation.quote for citation in answer.citations)


_REPORTING = (
    "1|1.校外培训。推动校外培训机构纳入监管平台。开通随手拍举报平台。更新黑板报。培训班主任20名。",
    "2|2.校舍。维修屋顶3处。更换门窗。",
    "3|3.绿化。补种树木。修剪花木。",
)


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        # the second one stands far behind, and has no word of the question that the first lacks
        ("邯郸校外培训机构纳入什么平台?", ["推动校外培训机构纳入监管平台。"]),
        # one number is asked for and given
        ("邯郸培训多少名班主任?", ["培训班主任20名。"]),
        # two are
        ("邯郸维修屋顶多少处,更换门窗多少?", ["维修屋顶3处。", "更换门窗。"]),
    ],
)
def test_a_second_sentence_is_quoted_where_it_adds_to_the_answer(
    tmp_path: Path, question: str, quotes: list[str]
) -> None:
    index = make_index([write_plan("handan-2022", "邯郸", 2022, list(_REPORTING))], tmp_path)
    answer = ask(answerer_over(index, None, BY_WORDS), question)
    assert sorted(citation.quote for citation in answer.citations) == sorted(quotes)


@pytest.mark.parametrize(
    ("topic", "second", "gap", "belongs"),
    [
        ("校外培训在哪个平台举报", "开通举报平台。", 0.2, True),
        ("校外培训在哪个平台举报", "更新黑板报。", 0.2, False),
        ("校外培训在哪个平台举报", "更新黑板报。", 0.08, True),
        ("校外培训在哪个平台举报", "开通举报平台。", 0.4, False),
        ("校外培训用什么平台,由谁登记", "更新黑板报。", 0.4, True),
    ],
)
def test_what_tells_that_a_second_sentence_adds(topic: str, second: str, gap: float, belongs: bool) -> None:
    first, other = (
        Chunk(f"handan-2022#1/{n}", "handan-2022#1", "handan-2022", text, 0, len(text), "", ())
        for n, text in enumerate(("校外培训纳入监管平台。", second))
    )
    assert belongs_too(Pair(first, other, gap, 0.5), topic, (), None) == belongs


_COUNTED = (
    "1|1.教师培训。健全教师培训体系,引进培训机构100个。完善教师补充机制。",
    "2|2.学校建设。新建、改扩建中小学80所。建设书法教室20间。",
    "3|3.食品安全。组织开展规范化食堂评定。",
    "4|4.作业管理。初中学生在校内完成大部分书面作业。",
)


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ("邯郸教师一共要补充多少个老师?", "教师"),
        ("邯郸建设多少个规范化食堂?", "食堂"),
        ("邯郸食品安全要评定多少个食堂?", "食堂"),
    ],
)
def test_a_number_of_something_else_is_no_answer(tmp_path: Path, question: str, near: str) -> None:
    index = make_index([write_plan("handan-2022", "邯郸", 2022, list(_COUNTED))], tmp_path)
    answer = ask(answerer_over(index, None, BY_WORDS), question)
    assert answer.status == "not_found"
    assert all(near in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("邯郸新建多少所学校?", "新建、改扩建中小学80所。"),
        # no plan prints the word, so that another may stand for it
        ("邯郸建设书法用的多少个屋子?", "建设书法教室20间。"),
        ("邯郸初中学生多少作业在校内完成?", "初中学生在校内完成大部分书面作业。"),
    ],
)
def test_an_amount_may_stand_in_other_words(tmp_path: Path, question: str, quote: str) -> None:
    index = make_index([write_plan("handan-2022", "邯郸", 2022, list(_COUNTED))], tmp_path)
    answer = ask(answerer_over(index, None, BY_WORDS), question)
    assert answer.status == "answered"
    assert [citation.quote for citation in answer.citations][:1] == [quote]
