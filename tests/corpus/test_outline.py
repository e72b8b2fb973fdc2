"""The outline of short texts in every numbering style."""

from pathlib import Path

from plan_reading import ids, read

from corpus.document import document_of_text
from corpus.parse import parse_document


def test_numbers_that_run_on_across_sections_are_ids_by_themselves() -> None:
    plan = read("青岛市2023年工作要点\n一、甲\n1.学习。抓好。\n2.党建。抓好。\n二、乙\n3.学前。新建5所。")
    assert ids(plan) == ["1", "2", "3"]
    assert plan.items[2].headings == ("二、乙",)
    assert plan.levels == (2, 3)


def test_numbers_that_start_again_carry_their_section() -> None:
    plan = read(
        "青岛市2023年工作要点\n一、甲\n1.学习。\n2.党建。\n二、乙\n1.学前。\n2.小学。\n三、丙\n抓好落实。"
    )
    assert ids(plan) == ["1.1", "1.2", "2.1", "2.2", "3"]


def test_articles_run_through_chapters() -> None:
    plan = read("某市规定\n第一章 总则\n第一条 为了规范。\n第二条 适用本市。\n第二章 职责\n第三条 各局负责。")
    assert ids(plan) == ["1", "2", "3"]
    assert [section.number for section in plan.sections] == ["一", "二"]
    assert plan.levels == (2, 3)


def test_decimal_outlines() -> None:
    plan = read("应急预案\n1 总则\n1.1 目的\n为了安全。\n1.2 依据\n依法。\n2 组织\n2.1 机构\n设立。")
    assert ids(plan) == ["1.1", "1.2", "2.1"]
    assert plan.items[0].number == "1.1"
    assert plan.levels == (2, 3)


def test_tasks_and_layers() -> None:
    plan = read(
        "行動方案\n二、行動\n一、總則\n任務一：線網\n（一）優化。\n層次一：快線。\n層次二：支線。\n任務二：場站\n（一）新建。"
    )
    assert plan.levels == (1, 2, 2, 2)
    assert plan.items[0].headings == ("一、總則", "任務一：線網", "（一）優化。")


def test_lines_of_yi_shi_with_numbered_parts_are_sections() -> None:
    plan = read(
        "工作要点\n一、甲\n一是抓队伍。\n1.师德。抓好。\n2.培训。抓好。\n二是抓质量。\n3.教研。抓好。"
    )
    assert ids(plan) == ["1", "2", "3"]
    assert plan.items[2].headings == ("一、甲", "二是抓质量。")


def test_lines_of_yi_shi_alone_under_a_heading_are_items() -> None:
    plan = read("工作要点\n一、甲\n一是抓队伍，配齐人员。\n二是抓质量，开好课。\n二、乙\n（一）丙。")
    assert [item.text[:2] for item in plan.items] == ["一是", "二是", "（一"]


def test_inline_yi_shi_are_sub_points() -> None:
    plan = read("工作要点\n一、甲\n1.路网。一是高速新增5公里；二是国道改造；三是农村路。")
    (item,) = plan.items
    assert [point.text for point in item.sub_points] == [
        "一是高速新增5公里；",
        "二是国道改造；",
        "三是农村路。",
    ]
    assert [point.item_id for point in item.sub_points] == [f"{item.item_id}.{n}" for n in (1, 2, 3)]


def test_circled_numbers_dashes_and_bullets_are_sub_points() -> None:
    plan = read(
        "工作要点\n一、甲\n（一）软管\n① 更换；\n② 安装。\n（二）原则\n——坚持一。\n——坚持二。\n"
        "二、乙\n● 领导\n● 资金"
    )
    assert [len(item.sub_points) for item in plan.items] == [2, 2, 2]
    assert plan.levels[-1] == 2


def test_numbers_in_brackets_are_items_under_a_section_and_sub_points_under_an_item() -> None:
    assert ids(read("要点\n一、甲\n（1）学习。\n（2）党建。\n二、乙\n（1）学前。")) == ["1.1", "1.2", "2.1"]
    inside = read("要点\n一、甲\n1.学习。包括：（1）原著；（2）文件。\n2.党建。")
    assert [len(item.sub_points) for item in inside.items] == [2, 0]


def test_a_missing_number_is_a_gap() -> None:
    plan = read("要点\n一、甲\n1.学习。\n2.党建。\n5.廉政。\n6.统战。")
    (gap,) = plan.gaps
    assert (gap.kind, gap.first, gap.last) == ("missing", 3, 4)
    assert plan.text[gap.position :].startswith("5.廉政")


def test_a_number_printed_twice_is_recorded_and_both_items_stay() -> None:
    plan = read("要点\n一、甲\n1.学习。\n2.党建。\n2.廉政。\n3.统战。")
    assert ids(plan) == ["1", "2", "2~2", "3"]
    assert [(gap.kind, gap.first) for gap in plan.gaps] == [("repeated", 2)]


def test_hidden_items_are_a_gap_that_quotes_the_page() -> None:
    plan = read("要点\n一、甲\n1.学习。\n2.党建。\n登录后查看全文\n9.廉政。\n三、丙\n10.统战。")
    (gap,) = plan.gaps
    assert (gap.kind, gap.first, gap.last) == ("hidden", 3, 8)
    assert "登录后查看全文" in gap.reason
    assert plan.items[2].headings == ()
    assert plan.items[3].headings == ("三、丙",)


def test_broken_headings_and_sentences_are_joined() -> None:
    plan = read(
        "要点\n一、加强党的领导，全面提升教育系统\n党的建设水平\n1.学习。抓好学习，\n坚持读原著。\n（\n二）不是\n2.党建。"
    )
    assert plan.items[0].headings == ("一、加强党的领导，全面提升教育系统党的建设水平",)
    assert "抓好学习，坚持读原著。" in plan.items[0].text


def test_a_text_on_one_line_is_parted() -> None:
    plan = read(
        "报告。一、成绩去年很好。二、任务（一）稳增长。投资5亿元。（二）惠民生。建校2所。三、建设依法行政。"
    )
    assert ids(plan) == ["1", "2.1", "2.2", "3"]
    assert plan.items[1].text == "（一）稳增长。投资5亿元。"


def test_a_contents_list_is_dropped() -> None:
    plan = read(
        "长沙市2023年工作要点\n目录\n一、学习……1\n（一）理论……2\n二、教育……3\n一、学习\n（一）理论\n抓理论。\n二、教育\n抓教育。"
    )
    assert ids(plan) == ["1.1", "2"]
    assert [block.reason for block in plan.dropped] == ["title", "contents list"]


def test_an_annex_that_reuses_numbers_keeps_its_own_ids() -> None:
    plan = read("要点\n一、甲\n1.学习。\n2.党建。\n附件\n民生实事清单\n一、新建幼儿园\n二、新建小学")
    assert ids(plan) == ["1", "2", "a1.1", "a1.2"]
    assert plan.items[2].headings == ("附件 民生实事清单",)
    assert plan.levels == (1, 2)


def test_a_task_table() -> None:
    plan = read(
        "要点\n现将任务表印发给你们。\n一、责任。落实。\n附件：任务表\n"
        "| 序号 | 工作任务 | 牵头单位 | 配合单位 | 完成时限 |\n|---|---|---|---|---|\n"
        "| 1 | 新建学校 | 教育局 | 财政局、住建局 | 8月底 |\n| 2 | 修路 | 交通局 | 各镇 | 9月底 |"
    )
    assert plan.levels == (1, 2)
    row = plan.items[1]
    assert (row.item_id.partition("#")[2], row.title, row.lead_units, row.joint_units, row.deadline) == (
        "a1.1", "新建学校", ("教育局",), ("财政局", "住建局"), "8月底",
    )  # fmt: skip
    assert row.text == "1 | 新建学校 | 教育局 | 财政局、住建局 | 8月底"


def test_text_without_numbers_is_parted_by_paragraphs() -> None:
    plan = read("我们要办好学校。\n我们要修好道路。")
    assert ids(plan) == ["p1", "p2"]
    assert plan.levels == ()
    assert any("nothing in it is numbered" in warning for warning in plan.warnings)


def test_headings_without_numbers_part_a_plan_that_numbers_no_sections() -> None:
    plan = read(
        "工作报告\n各位代表：\n今年的主要目标任务如下，请审议。\n2026年重点工作\n（一）稳增长\n"
        "抓好投资。\n（二）惠民生\n抓好学校。"
    )
    assert [section.title for section in plan.sections] == ["2026年重点工作"]
    assert all(item.headings == ("2026年重点工作",) for item in plan.items)


def test_closing_words_belong_to_no_item() -> None:
    plan = read(
        "报告\n各位代表：\n请审议。\n一、回顾\n很好。\n二、任务\n抓好落实。\n各位代表！让我们努力奋斗。\n谢谢大家！"
    )
    assert plan.items[-1].text == "二、任务\n抓好落实。"
    assert plan.intros[-1].item_id.endswith("#end")


def test_words_between_heading_and_first_item_are_kept_apart() -> None:
    plan = read("要点\n一、甲\n今年重点做好以下工作：\n1.学习。\n2.党建。")
    (intro,) = plan.intros
    assert (intro.item_id.partition("#")[2], intro.text) == ("1.0", "今年重点做好以下工作：")
    assert len(plan.items) == 2


def test_duties_and_deadline() -> None:
    plan = read(
        "要点\n一、甲\n1.学习。抓好。（责任单位：机关党委；配合单位：各科室、各学校；完成时限：6月底前）\n2.建设。12月底前完成。（教育局、财政局负责）"
    )
    first, second = plan.items
    assert (first.lead_units, first.joint_units, first.deadline) == (
        ("机关党委",),
        ("各科室", "各学校"),
        "6月底前",
    )
    assert (second.lead_units, second.deadline) == (("教育局", "财政局"), "12月底前")


def test_a_note_of_scope_is_no_unit() -> None:
    plan = read(
        "要点\n一、甲\n（一）放宽准入。（负责部门：银保监会、证监会，适用范围：福建）\n（二）开放市场。"
    )
    assert plan.items[0].lead_units == ("银保监会", "证监会")


def test_a_glossary_in_square_brackets_is_parted() -> None:
    plan = read("报告\n一、甲\n抓好。\n二、乙\n抓好。\n注释\n［1］两重：重大战略。\n［2］两新：设备更新。")
    assert ids(plan) == ["1", "2", "a1.1", "a1.2"]


def test_collections_are_parted_by_labels_before_or_after_the_titles() -> None:
    text = "计划范文\n篇一：青岛市2021年工作计划\n一、甲\n1.学。\n2.做。\n"
    text += "篇二：南宁市2022年工作计划\n一、乙\n1.学。\n2.做。"
    document = document_of_text(text, "0" * 64)
    plans = parse_document(document, Path("a.txt")).plans
    assert [(plan.plan_id, plan.source.part) for plan in plans] == [("qingdao-2021", 1), ("nanning-2022", 2)]
    assert [plan.title for plan in plans] == ["篇一：青岛市2021年工作计划", "篇二：南宁市2022年工作计划"]
