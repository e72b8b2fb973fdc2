"""Reading in a real browser: quotes in their plans, search, files, conversations, languages, paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import page_scripts as scripted
import pytest
from page_visit import BROWSER, House, Visit, expect, let_all

pytestmark = BROWSER


@pytest.fixture
def phone(house: House) -> Iterator[Visit]:
    size = {"width": 390, "height": 844}
    with house.visit(viewport=size, has_touch=True, is_mobile=True) as visiting:
        yield visiting


@pytest.fixture
def english(house: House) -> Iterator[Visit]:
    with house.visit(locale="en-GB", color_scheme="dark") as visiting:
        yield visiting


def test_a_citation_opens_the_reader_with_the_quoted_words_marked(visit: Visit) -> None:
    let_all(visit.stage)
    page = visit.open()
    visit.ask(scripted.ENUMERATE)
    page.locator(".words .chip").first.click()
    current = page.locator(".plan-text mark.current")
    expect(current).to_have_text("全市新增不少于2000个公办幼儿园托额")
    expect(current).to_be_in_viewport()
    expect(page.locator(".plan-item.in-view")).to_be_focused()
    expect(page.locator(".plan-item")).to_have_count(44)
    assert page.url.endswith("#/items/shanghai-2023%2311")
    page.keyboard.press("j")
    expect(current).to_have_text("每区新增不低于200个“宝宝屋”托额")
    page.keyboard.press("j")
    expect(page.locator(".reader-plan")).to_contain_text("青岛 · 2023")
    page.keyboard.press("k")
    expect(page.locator(".reader-plan")).to_contain_text("上海 · 2023")
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator(".words .chip").first).to_be_focused()


def test_the_reader_shows_the_whole_text_and_nothing_else(visit: Visit) -> None:
    page = visit.open("#/plans/rongcheng-2023")
    page.wait_for_selector(".plan-item")
    parts = page.locator(".plan-text > .plan-heading, .plan-text p:not(.gap)").all_text_contents()
    whole = visit.stage.plans["rongcheng-2023"]["text"]
    assert "".join("".join(parts).split()) == "".join(whole.split())


def test_offsets_count_code_points(visit: Visit) -> None:
    page = visit.open()
    visit.ask(scripted.ASTRAL)
    page.locator(".words .chip").first.click()
    expect(page.locator("mark.current")).to_have_text(scripted.ASTRAL_QUOTE)


def test_a_hidden_stretch_shows_as_a_gap_and_each_item_has_its_address(visit: Visit) -> None:
    page = visit.open("#/items/handan-2022%2349")
    expect(page.locator(".plan-item.in-view")).to_have_attribute("data-item", "handan-2022#49")
    gap = page.locator(".gap")
    expect(gap).to_contain_text("第 28–48 条被来源隐藏")
    assert gap.evaluate("gap => gap.nextElementSibling.dataset.item") == "handan-2022#49"
    page.goto(f"{visit.address}/#/items/handan-2022%2335")
    expect(page.locator(".reader-note")).to_contain_text("handan-2022#35")


def test_hostile_text_stays_text(visit: Visit) -> None:
    page = visit.open()
    visit.ask(scripted.HOSTILE)
    expect(page.locator(".asked")).to_have_text(scripted.HOSTILE)
    expect(page.locator(".words")).to_contain_text(scripted.HOSTILE_WORDS)
    page.locator(".words .chip").first.click()
    expect(page.locator("mark.current")).to_have_text(scripted.HOSTILE_WORDS)
    page.keyboard.press("Escape")
    page.click("#go-plans")
    page.fill("#search", "当心标记")
    expect(page.locator(".search-hits mark")).to_have_text("当心标记")
    assert visit.run("window.broken") is None
    assert visit.run("document.querySelectorAll('.stage img, .reader img, body script').length") == 0


def test_search_as_you_type_leads_to_the_item(visit: Visit) -> None:
    page = visit.open("#/plans")
    expect(page.locator(".plan-row")).to_have_count(8)
    page.type("#search", "智慧校园113")
    expect(page.locator(".search-hits .source")).to_have_count(1)
    page.locator(".search-hits .source-name").click()
    expect(page.locator(".reader-item")).to_contain_text("第3条")
    expect(page.locator("mark.current").first).to_contain_text("3.全面完成年度发展目标")


def test_verdicts_export_as_csv_markdown_and_json(visit: Visit) -> None:
    let_all(visit.stage)
    page = visit.open()
    visit.ask(scripted.ENUMERATE)
    files = {}
    for name in ("CSV", "Markdown", "JSON"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"导出为 {name}").click()
        files[name] = Path(waiting.value.path()).read_text("utf-8")
    lines = files["CSV"].splitlines()
    assert len(lines) == 8 and lines[0].startswith('\ufeff"plan_id"')
    assert any('"shanghai-2023"' in line and "2000个公办幼儿园托额" in line for line in lines)
    assert "| shanghai-2023 | 上海 · 2023 | 提到 | 0.97 |" in files["Markdown"]
    assert len(json.loads(files["JSON"])["verdicts"]) == 7


def test_a_cell_that_looks_like_a_formula_is_kept_from_running(visit: Visit) -> None:
    visit.open()
    csv = visit.run(
        """async () => (await import('/static/js/answer-export.js')).toCsv([['=1+1', 'a"b', '+2']])"""
    )
    assert csv == '\ufeff"\'=1+1","a""b","\'+2"\r\n'


def test_conversations_are_kept_renamed_and_brought_back(visit: Visit) -> None:
    let_all(visit.stage)
    page = visit.open()
    visit.ask(scripted.LOOKUP)
    page.reload()
    row = page.locator(".conversation-row")
    expect(row.locator(".conversation-open")).to_have_text(scripted.LOOKUP)
    row.hover()
    row.locator("summary").click()
    row.get_by_role("button", name="重命名").click()
    page.locator(".rename").fill("天津的幼儿园")
    page.keyboard.press("Enter")
    expect(page.locator(".conversation-open")).to_have_text("天津的幼儿园")
    page.locator(".conversation-open").click()
    expect(page.locator(".asked")).to_have_text(scripted.LOOKUP)
    row.hover()
    row.locator("summary").click()
    row.get_by_role("button", name="删除").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(row).to_have_count(1)


def test_a_stored_answer_opens_by_its_address(visit: Visit) -> None:
    page = visit.open("#/answers/kept")
    expect(page.locator(".asked")).to_have_text(scripted.LOOKUP)
    expect(page.locator(".words .chip")).to_have_count(1)


def test_the_interface_speaks_the_browsers_language_and_can_be_switched(english: Visit) -> None:
    let_all(english.stage)
    page = english.open()
    expect(page.locator(".welcome-title")).to_have_text("Ask, and read what the plans say.")
    english.ask(scripted.ENUMERATE)
    expect(page.locator(".coverage")).to_contain_text("7 of 7 plans checked")
    page.click("#switch-language")
    expect(page.locator(".coverage")).to_contain_text("已核查 7/7 份要点")
    assert english.run("document.documentElement.lang") == "zh-CN"
    page.reload()
    expect(page.locator(".welcome-title")).to_have_text("问一句，看原文怎么说。")


def test_a_server_without_a_model_or_an_index_says_so(visit: Visit) -> None:
    visit.stage.readiness = {
        "status": "not_ready",
        "missing": ["index", "weights of the judge"],
        "warnings": [],
    }
    try:
        page = visit.open()
        expect(page.locator(".notice")).to_contain_text("正在建立索引")
        expect(page.locator(".notice")).to_contain_text("还缺：weights of the judge")
        visit.stage.readiness = {"status": "ready", "missing": [], "warnings": [], "model": None}
        expect(page.locator(".notice")).to_have_text("没有语言模型：只列出核对过的原文。")
    finally:
        visit.stage.readiness = {"status": "ready", "missing": [], "warnings": []}


def test_on_a_phone_the_reader_is_a_sheet_that_back_closes(phone: Visit) -> None:
    let_all(phone.stage)
    page = phone.open()
    phone.ask(scripted.ENUMERATE)
    page.locator(".words .chip").first.tap()
    expect(page.locator("#reader")).to_have_attribute("role", "dialog")
    expect(page.locator("mark.current")).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#reader")).to_be_hidden()
    assert phone.run("document.getElementById('main').inert") is False
    assert phone.run("document.documentElement.scrollWidth <= window.innerWidth")


def test_on_paper_only_the_answer_and_its_quotes_remain(visit: Visit) -> None:
    let_all(visit.stage)
    page = visit.open()
    visit.ask(scripted.LOOKUP)
    page.emulate_media(media="print", color_scheme="dark")
    for gone in (".sidebar", ".dock", ".tools"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("ol.sources .quote").first).to_be_visible()
    assert visit.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
