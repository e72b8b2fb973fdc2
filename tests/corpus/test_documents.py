"""Real government documents against hand counts; they are kept beside the project and may be absent."""

import csv
import resource
import time
from pathlib import Path

import pytest

from corpus.parse import parse_file
from corpus.plan import Plan

DOCUMENTS = Path(__file__).parents[3] / "shared" / "documents"
ABSENT = "the documents with hand counts are not beside the project (../shared/documents)"
needs_documents = pytest.mark.skipif(not (DOCUMENTS / "INDEX.tsv").exists(), reason=ABSENT)

KNOWN_DIFFERENCES = {
    "govcn_liangshi_yingji.html": (7, 24, 22, 49),
    "prov2026_yunnan.txt": (3, 21),
    "layout_trad_jiangmen_bus_2015.txt": (3, 3, 7, 3),
}
"""Where the count has no column for a depth (（1） below 1.1.1, 任務 above （一）) or misses one number."""

NATIONAL = {"国务院(中央)": "国务院", "发改委/税务总局": "发展改革委"}


def rows() -> list[dict[str, str]]:
    if not (DOCUMENTS / "INDEX.tsv").exists():
        return []
    with (DOCUMENTS / "INDEX.tsv").open(encoding="utf-8") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def plan_of(name: str) -> Plan:
    (plan,) = parse_file(DOCUMENTS / name).plans
    return plan


@needs_documents
def test_printed_numbers_are_counted_as_by_hand() -> None:
    differences = {}
    for row in rows():
        counted = tuple(int(row[column] or 0) for column in ("L1", "L2", "L3"))
        wanted = tuple(number for number in counted if number)
        levels = plan_of(row["file"]).levels
        if levels != wanted:
            differences[row["file"]] = levels
    assert differences == KNOWN_DIFFERENCES


@needs_documents
def test_cities_are_right_or_unknown() -> None:
    found = 0
    for row in rows():
        plan = plan_of(row["file"])
        right = row["city"] in NATIONAL and plan.city == NATIONAL[row["city"]]
        assert right or plan.city in row["city"], (row["file"], plan.city)
        found += bool(plan.city)
    assert found >= 24


@needs_documents
def test_years_are_right_or_unknown() -> None:
    years = {row["file"]: (plan_of(row["file"]).year, int(row["year"])) for row in rows()}
    assert {name: pair for name, pair in years.items() if pair[0] not in (None, pair[1])} == {}
    assert sum(1 for year, _ in years.values() if year is not None) >= 29


@needs_documents
def test_offsets_hold_and_no_page_furniture_stays() -> None:
    for row in rows():
        plan = plan_of(row["file"])
        for part in plan.parts():
            assert plan.text[part.start : part.end] == part.text
            assert all(plan.text[point.start : point.end] == point.text for point in part.sub_points)
        starts = (
            "【打印",
            "打印本页",
            "关闭窗口",
            "扫一扫",
            "相关报道",
            "Public domain",
            "推荐访问",
            "【字体",
        )
        assert [line for line in plan.text.split("\n") if line.startswith(starts)] == [], row["file"]


@needs_documents
def test_tables_of_an_annex_become_items() -> None:
    plan = plan_of("govcn_chuangxin_gaige_table.html")
    annex = [item for item in plan.items if "#a" in item.item_id and item.headings]
    assert len([item for item in annex if "|" in item.text]) == 17
    assert [(gap.kind, gap.first, gap.last) for gap in plan.gaps] == [("missing", 15, 20)]
    assert len(plan_of("layout_table_qiaocheng_2020.txt").items) == 8


def test_memory_does_not_grow_with_the_number_of_files(tmp_path: Path) -> None:
    text = "青岛市教育局2023年工作要点\n一、党建\n" + "\n".join(
        f"{n}.任务{n}。抓好落实。" for n in range(1, 40)
    )
    path = tmp_path / "a.txt"

    def grow(times: int) -> int:
        for number in range(times):
            path.write_text(text + str(number), "utf-8")
            parse_file(path)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    settled = grow(300)
    assert grow(600) - settled < 20_000, "kilobytes"


def test_speed() -> None:
    """Five megabytes a second on one core of the reference machine; a fiftieth still tells a bad slip."""
    paths = sorted((Path(__file__).parents[2] / "corpus" / "plans").glob("*.txt"))
    size = sum(path.stat().st_size for path in paths)
    spent = []
    for _ in range(3):
        started = time.process_time()
        for path in paths:
            parse_file(path)
        spent.append(time.process_time() - started)
    assert size / min(spent) > 100_000
