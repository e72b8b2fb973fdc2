"""Tables and charts in a real browser: plans side by side, year on year, numbers with a bar each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import page_scripts as scripted
import page_tables as tables
import pytest
from page_visit import BROWSER, Visit, expect, let_all

pytestmark = BROWSER


def asked(visit: Visit, question: str) -> Any:
    page = visit.open()
    visit.ask(question)
    return page


def test_a_comparison_is_a_matrix_with_a_quote_in_each_cell(visit: Visit) -> None:
    page = asked(visit, tables.COMPARE)
    table = page.get_by_role("table", name="各份要点并排对照")
    expect(table.get_by_role("columnheader")).to_contain_text(["方面", "上海 · 2023", "青岛 · 2018"])
    expect(table.get_by_role("rowheader")).to_have_text(["新建、改扩建", "配套园"])
    cells = table.get_by_role("cell")
    expect(cells).to_have_count(4)
    expect(cells.nth(0).locator(".quote")).to_have_text("实施新一轮新建改扩建30所幼儿园工程")
    expect(cells.nth(3)).to_contain_text("未在该要点中找到")
    cells.nth(2).locator(".chip").click()
    expect(page.locator("mark.current")).to_have_text("指导各区将配套园办成公办园或普惠民办园")


def test_year_on_year_marks_each_change_with_a_sign_and_a_word(visit: Visit) -> None:
    page = asked(visit, tables.YEARS)
    rows = page.locator(".matrix tbody tr")
    expect(rows.locator(".change")).to_have_text(["＋ 新写入", "＝ 延续", "－ 后一年未再写"])
    expect(rows.nth(2).locator("td").nth(1)).to_contain_text("未在该要点中找到")
    page.locator('.verdict-count[data-change="gone"]').click()
    expect(rows).to_have_count(1)
    expect(rows.locator(".aspect-cell")).to_have_text("配套园督查")
    expect(page.locator('.verdict-count[data-change="gone"]')).to_be_focused()
    page.locator('.verdict-count[data-change="gone"]').click()
    expect(rows).to_have_count(3)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            tables.COMPARE,
            '"配套园","指导各区将配套园办成公办园或普惠民办园 [shanghai-2023#12]","未在该要点中找到"',
        ),
        (
            tables.YEARS,
            '"幼儿园延时托管","未在该要点中找到",'
            '"＋ 新写入 探索开展幼儿园延时托管服务工作 [qingdao-2023#14]"',
        ),
        (tables.SUM, '"tianjin-2014","天津 · 2014","50所","新建改扩建各类型幼儿园50所","tianjin-2014#10"'),
    ],
    ids=["compare", "years", "sum"],
)  # fmt: skip
def test_tables_export_with_their_quotes(visit: Visit, question: str, line: str) -> None:
    page = asked(visit, question)
    files = {}
    for name in ("CSV", "Markdown"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"导出为 {name}").click()
        files[name] = Path(waiting.value.path()).read_text("utf-8")
    assert line in files["CSV"].splitlines()
    first = line.split('"')[1]
    assert any(row.startswith(f"| {first} |") for row in files["Markdown"].splitlines())


def test_numbers_are_bars_as_long_as_their_values_and_the_sought_one_comes_first(visit: Visit) -> None:
    page = asked(visit, tables.MOST)
    page.wait_for_selector(".bar-target")
    bars = page.locator(".ct-bar").evaluate_all(
        "bars => bars.map((bar) => [bar.y1.baseVal.value, bar.x2.baseVal.value - bar.x1.baseVal.value])"
        ".sort((one, other) => one[0] - other[0]).map(([, length]) => length)"
    )
    assert [round(length / max(bars), 2) for length in bars] == [round(n / 60, 2) for n in (60, 50, 30)]
    values = page.locator(".bar-value").evaluate_all(
        "texts => texts.map((text) => [text.y.baseVal[0].value, text.textContent])"
        ".sort((one, other) => one[0] - other[0]).map(([, words]) => words)"
    )
    assert values == ["60所", "50所", "30所"]
    labels = page.locator(".bar-target").evaluate_all("bars => bars.map((bar) => bar.ariaLabel)")
    assert labels == [
        "青岛(2018)普惠性幼儿园：60所，引文 2",
        "天津(2014)幼儿园：50所，引文 1",
        "上海(2023)幼儿园：30所，引文 3",
    ]
    expect(page.locator(".figures-table tbody tr")).to_have_count(3)
    expect(page.locator(".figures-result")).to_have_text("最大青岛(2018)普惠性幼儿园 60所")


def test_a_bar_is_a_citation_that_the_keyboard_reaches(visit: Visit) -> None:
    page = asked(visit, tables.SUM)
    bars = page.locator(".bar-target")
    bars.first.wait_for()
    expect(page.locator(".figures-result")).to_have_text("合计50所 + 60所 = 110所")
    page.locator(".words .chip").last.focus()
    page.keyboard.press("Tab")
    expect(bars.nth(0)).to_be_focused()
    page.keyboard.press("Tab")
    expect(bars.nth(1)).to_be_focused()
    expect(page.locator("#quote-card blockquote")).to_have_text("新建、改扩建60所普惠性幼儿园")
    page.keyboard.press("Enter")
    expect(page.locator("mark.current")).to_have_text("新建、改扩建60所普惠性幼儿园")
    page.keyboard.press("Escape")
    expect(bars.nth(1)).to_be_focused()


def test_numbers_that_cannot_be_compared_get_no_chart_and_the_page_says_why(visit: Visit) -> None:
    page = asked(visit, tables.DIFFERENT)
    expect(page.locator(".figures-note")).to_contain_text("口径不同")
    expect(page.locator(".figures-table tbody tr")).to_have_count(2)
    expect(page.locator(".chart")).to_have_count(0)


def test_the_plotting_library_comes_only_with_a_chart(visit: Visit) -> None:
    let_all(visit.stage)
    asked(visit, scripted.LOOKUP)
    assert not any("/vendor/" in url for url in visit.requests)
    visit.ask(tables.SUM, until=".bar-target")
    assert [url.rpartition("/")[2] for url in visit.requests if "/vendor/" in url] == ["chartist-1.5.0.js"]


def test_a_chart_follows_the_width_of_its_place(visit: Visit) -> None:
    page = asked(visit, tables.MOST)
    page.wait_for_selector(".bar-target")
    wide = page.locator(".chart svg").bounding_box()["width"]
    page.locator(".bar-target").first.click()
    page.wait_for_selector("mark.current")
    page.wait_for_function(
        "wide => document.querySelector('.bar-target').getBoundingClientRect().width < wide - 250", arg=wide
    )
    right = page.locator(".bar-target").first.bounding_box()
    chart = page.locator(".chart").bounding_box()
    assert right["x"] + right["width"] <= chart["x"] + chart["width"] + 1
