"""What holds for any text at all."""

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan_reading import read

from corpus.document import document_of_text
from corpus.lines import split_lines, strip_hidden
from corpus.parse import PlanParseError, parse_document
from corpus.plan import Plan
from corpus.plan_json import plan_from_json, plan_to_json

RELAXED = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

PIECES = [
    *"一、 二、 三、 （一） （二） (三) 1. 2. 3、 4． （1） （2） ① ② 第一条 第二章 任务一： 一是".split(),
    *"二是 —— ● 附件 目录 隐藏内容 登录后查看 来源：网友 推荐访问：工作 时间：2024-01-01".split(),
    *"2023年工作要点 青岛市教育局 xx市 新建5所 抓好落实 加强领导 2026年 21.5+2 （责任单位：教育局）".split(),
    *"各位代表： 2023年5月1日 附件1：清单".split(),
    *"。 ； ， ： 、 《 》 “ ” （ ） |---|---|".split(),
    "1.1 ", "1.2 ", "\n", "\n\n", "\u3000", " ", "\u200b", "| a | b |", "| 1 | 任务 |",
]  # fmt: skip

plans_like = st.lists(st.sampled_from(PIECES), min_size=1, max_size=120).map("".join)
any_text = st.one_of(plans_like, st.text(max_size=300))


def parts_of(text: str) -> list[Plan]:
    """All plans of a text; none where it holds no text at all."""
    try:
        return list(parse_document(document_of_text(text, "0" * 64), Path("t.txt")).plans)
    except PlanParseError:
        return []


def shape(plan: Plan) -> list[tuple[str, int, int]]:
    """The structure of a plan, apart from its words."""
    return [
        (part.item_id.partition("#")[2], len(part.headings), len(part.sub_points)) for part in plan.parts()
    ]


@RELAXED
@given(any_text)
def test_every_part_stands_where_it_says_and_all_parts_cover_the_text(text: str) -> None:
    for plan in parts_of(text):
        spans = [(section.start, section.end) for section in plan.sections]
        for part in plan.parts():
            assert plan.text[part.start : part.end] == part.text
            spans.append((part.start, part.end))
            for point in part.sub_points:
                assert plan.text[point.start : point.end] == point.text
                assert part.start <= point.start < point.end <= part.end
        place = 0
        for start, end in sorted(spans):
            assert plan.text[place:start] == ("\n" if place else "")
            place = end
        assert place == len(plan.text)


@RELAXED
@given(any_text)
def test_ids_are_unique(text: str) -> None:
    for plan in parts_of(text):
        found = [part.item_id for part in plan.parts()]
        found += [point.item_id for part in plan.parts() for point in part.sub_points]
        assert len(found) == len(set(found))


@RELAXED
@given(any_text)
def test_no_character_is_lost(text: str) -> None:
    """What a file shows is in a plan's text or in a dropped block; rows of tables lose their bars alone."""
    try:
        parsed = parse_document(document_of_text(text, "0" * 64), Path("t.txt"))
    except PlanParseError:
        return
    held = [plan.text for plan in parsed.plans]
    held += [block.text for plan in parsed.plans for block in plan.dropped]
    held += [block.text for block in parsed.dropped]
    lines = split_lines(strip_hidden(text)[0])
    assert count("".join(held)) == count("".join(line.text for line in lines))


def count(text: str) -> dict[str, int]:
    """How often each character stands in a text, without spaces and table bars."""
    squeezed = re.sub(r"[\s|]", "", text)
    return {character: squeezed.count(character) for character in set(squeezed)}


@RELAXED
@given(any_text)
def test_parsing_twice_gives_the_same(text: str) -> None:
    assert parts_of(text) == parts_of(text)


@RELAXED
@given(plans_like)
def test_plans_survive_their_file(text: str) -> None:
    for plan in parts_of(text):
        assert plan_from_json(plan_to_json(plan)) == plan


@RELAXED
@given(plans_like, st.sampled_from(["\r\n", "\r", "\u2028"]))
def test_line_endings_change_nothing(text: str, ending: str) -> None:
    assert [shape(plan) for plan in parts_of(text.replace("\n", ending))] == [
        shape(p) for p in parts_of(text)
    ]


@RELAXED
@given(plans_like)
def test_the_kind_of_space_changes_no_structure(text: str) -> None:
    wide = text.replace(" ", "\u3000")
    assert [shape(plan) for plan in parts_of(wide)] == [shape(plan) for plan in parts_of(text)]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=6))
@RELAXED
def test_full_width_digits_change_no_structure(sizes: list[int]) -> None:
    names = "一二三四五六"
    lines = ["2023年工作要点"]
    for section, size in enumerate(sizes):
        lines.append(f"{names[section]}、标题{section}")
        lines += [f"{number}.任务{number}。内容共{number}所。" for number in range(1, size + 1)]
    text = "\n".join(lines)
    wide = text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    assert shape(read(wide)) == shape(read(text))
    assert len(read(text).items) == sum(sizes)
