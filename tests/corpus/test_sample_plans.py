"""The seven sample plans come out whole: counts, ids, places, gaps, and nothing of the page around them."""

import re

import pytest

from corpus.library import load_sample_plans
from corpus.plan import Item, Plan
from corpus.sources import read_sources

COUNTS = {
    "handan-2022": 29,
    "nanning-2023": 38,
    "qingdao-2018": 27,
    "qingdao-2023": 20,
    "rongcheng-2023": 54,
    "shanghai-2023": 43,
    "tianjin-2014": 38,
}
LEVELS = {
    "handan-2022": (4, 5, 29),
    "nanning-2023": (7, 38),
    "qingdao-2018": (6, 27),
    "qingdao-2023": (5, 20),
    "rongcheng-2023": (5, 9, 54),
    "shanghai-2023": (12, 43),
    "tianjin-2014": (8, 38),
}
CITIES = {
    "handan": "邯郸",
    "nanning": "南宁",
    "qingdao": "青岛",
    "rongcheng": "荣成",
    "shanghai": "上海",
    "tianjin": "天津",
}
FURNITURE = (
    "推荐访问|上一篇|下一篇|版权|ICP备|Copyright|网友投稿|隐藏内容|权限查看|会员用户|8.8积分|如果您对该文件|日印发|"
    "市委教育工委办公室|字体大小|索引号|小编|篇[123]"
)


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    return {plan.plan_id: plan for plan in load_sample_plans()}


def item(plans: dict[str, Plan], item_id: str) -> Item:
    return next(i for i in plans[item_id.split("#")[0]].items if i.item_id == item_id)


def test_seven_plans_of_249_items(plans: dict[str, Plan]) -> None:
    assert {plan_id: len(plan.items) for plan_id, plan in plans.items()} == COUNTS
    assert sum(len(plan.items) for plan in plans.values()) == 249
    assert {plan_id: plan.levels for plan_id, plan in plans.items()} == LEVELS


def test_ids_follow_the_printed_numbers(plans: dict[str, Plan]) -> None:
    for plan_id, plan in plans.items():
        numbers = [*range(1, 28), 49, 50] if plan_id == "handan-2022" else range(1, COUNTS[plan_id] + 1)
        assert [i.item_id for i in plan.items] == [f"{plan_id}#{number}" for number in numbers]
        assert [i.number for i in plan.items] == [str(number) for number in numbers]


def test_every_part_stands_where_it_says(plans: dict[str, Plan]) -> None:
    for plan in plans.values():
        for part in plan.parts():
            assert plan.text[part.start : part.end] == part.text
            for point in part.sub_points:
                assert plan.text[point.start : point.end] == point.text
                assert part.start <= point.start < point.end <= part.end
        for section in plan.sections:
            assert "\n" not in plan.text[section.start : section.end]
            assert (
                plan.text[section.start : section.end].endswith(section.title)
                or section.number in "一二三四五"
            )


def test_parts_and_headings_cover_the_text(plans: dict[str, Plan]) -> None:
    for plan in plans.values():
        spans = [(part.start, part.end) for part in plan.parts()]
        spans += [(section.start, section.end) for section in plan.sections]
        place = 0
        for start, end in sorted(spans):
            assert plan.text[place:start] == ("\n" if place else "")
            place = end
        assert place == len(plan.text)


def test_items_hold_nothing_of_the_page_or_their_neighbours(plans: dict[str, Plan]) -> None:
    headings = {plan.text[s.start : s.end] for plan in plans.values() for s in plan.sections}
    assert len(headings) == 61
    for plan in plans.values():
        for part in plan.parts():
            assert not re.search(FURNITURE, part.text), part.item_id
            assert not any(line in headings for line in part.text.split("\n")), part.item_id
        for one in plan.items:
            assert re.match(rf"{one.number}\.", one.text)
            assert one.text[-1] in "。)", one.item_id
            assert not re.search(r"\n\s*\d+[.、]", one.text), one.item_id


def test_cities_and_years_say_how_they_are_known(plans: dict[str, Plan]) -> None:
    for plan_id, plan in plans.items():
        city, year = plan_id.split("-")
        assert (plan.city, plan.year) == (CITIES[city], int(year))
        assert plan.city_source == ("stated" if plan_id in ("tianjin-2014", "qingdao-2018") else "inferred")
        assert plan.city_evidence and plan.year_evidence
        for words in (*plan.city_evidence, *plan.year_evidence):
            assert words in plan.text or words in plan.title


def test_the_hidden_items_are_a_gap_that_quotes_the_source(plans: dict[str, Plan]) -> None:
    (gap,) = plans["handan-2022"].gaps
    assert (gap.kind, gap.first, gap.last) == ("hidden", 28, 48)
    assert "此处内容需要权限查看" in gap.reason
    assert gap.position == item(plans, "handan-2022#49").start
    assert item(plans, "handan-2022#49").headings == ()
    assert item(plans, "handan-2022#50").headings == ("五、着力办好一批民生实事",)
    assert all(not plan.gaps for plan_id, plan in plans.items() if plan_id != "handan-2022")


def test_preambles(plans: dict[str, Plan]) -> None:
    starts = {plan_id: plan.preamble.text[:12] if plan.preamble else None for plan_id, plan in plans.items()}
    assert starts == {
        "handan-2022": "2022年是全面实施“十",
        "nanning-2023": "xx年是全面贯彻落实党的",
        "qingdao-2018": "2018年全市教育工作的",
        "qingdao-2023": None,
        "rongcheng-2023": "2023年是全面学习贯彻",
        "shanghai-2023": "xx年是贯彻党的二十大精",
        "tianjin-2014": "2014年教育工作总的要",
    }
    assert {plan.preamble.item_id for plan in plans.values() if plan.preamble} == {
        f"{plan_id}#0" for plan_id in COUNTS if plan_id != "qingdao-2023"
    }


def test_sub_points_of_rongcheng(plans: dict[str, Plan]) -> None:
    assert plans["rongcheng-2023"].n_sub_points == 181
    assert all(one.sub_points and one.lead_units for one in plans["rongcheng-2023"].items)
    third = item(plans, "rongcheng-2023#16").sub_points[2]
    assert (third.item_id, third.number, third.ordinal) == ("rongcheng-2023#16.3", "③", 3)
    assert third.text.startswith("③探索构建高校与高中联合育人协作新机制")
    inline = item(plans, "rongcheng-2023#37").sub_points
    assert [point.number for point in inline] == ["①", "②"]
    assert "一是在实践中心" in inline[1].text and "三是创建*市第二批" in inline[1].text
    last = item(plans, "rongcheng-2023#54")
    assert not last.sub_points[-1].text.endswith(")")
    assert last.text.endswith("(责任单位:秘书科,各基层学校)")


def test_units(plans: dict[str, Plan]) -> None:
    assert item(plans, "rongcheng-2023#1").lead_units == ("秘书科", "教研中心", "各基层党组织")
    second = item(plans, "handan-2022#2")
    assert (second.lead_units, second.joint_units) == (("发展规划处",), ("机关各处室",))
    assert item(plans, "handan-2022#17").lead_units == ("语言文字工作处",)
    assert item(plans, "handan-2022#3").lead_units == ("办公室",)
    assert item(plans, "handan-2022#3").joint_units[-1] == "电教馆"
    assert all(one.lead_units for one in plans["handan-2022"].items)
    assert not any(one.lead_units for one in plans["tianjin-2014"].items)


def test_headings_are_printed_lines_outermost_first(plans: dict[str, Plan]) -> None:
    assert item(plans, "handan-2022#27").headings == (
        "三、强力推进八项工程",
        "(三)实施中小学幼儿园建设扩容增位工程",
    )
    assert item(plans, "rongcheng-2023#31").headings == (
        "三、落实立德树人根本任务",
        "二是全面推进“五育融合”。",
    )
    assert item(plans, "shanghai-2023#11").headings == ("三、加大优质教育资源供给,促进基础教育优质均衡发展",)


def test_titles(plans: dict[str, Plan]) -> None:
    assert item(plans, "shanghai-2023#11").title == "创新托育服务资源供给模式"
    assert item(plans, "handan-2022#3").title == "全面完成年度发展目标"
    assert all(one.title and not one.title.endswith("。") for p in plans.values() for one in p.items)


def test_broken_lines_are_joined_and_second_paragraphs_kept(plans: dict[str, Plan]) -> None:
    assert "综合楼;续建*小学" in item(plans, "rongcheng-2023#9").text
    assert "\n推动学校依法办学。" in item(plans, "qingdao-2018#6").text
    assert "\n改进加强教育装备工作。" in item(plans, "qingdao-2018#26").text


def test_metadata_and_dropped_blocks_are_kept(plans: dict[str, Plan]) -> None:
    plan = plans["qingdao-2018"]
    assert plan.metadata["发文字号"] == "青教发〔2018〕8号"
    assert plan.metadata["有效性"] == "有效"
    reasons = {block.reason for block in plan.dropped}
    assert {"metadata table", "notice header", "feedback note", "page tools", "title"} <= reasons
    box = next(block for block in plans["handan-2022"].dropped if block.reason == "login box")
    assert box.line == 75 and "8.8积分" in box.text
    assert any("2014122日印发" in block.text for block in plans["tianjin-2014"].dropped)


def test_the_record_names_every_sample_file() -> None:
    recorded = read_sources()
    assert len(recorded) == 5
    assert sum(len(one.known.identities) for one in recorded) == 7
