"""The page for everyone: keyboard, screen readers, reduced motion, plans browsed, answers copied."""

from __future__ import annotations

from collections.abc import Iterator

import page_scripts as scripted
import pytest
from page_visit import BROWSER, DONE, House, Visit, expect, let_all

pytestmark = BROWSER
MOST_STEPS = 60


@pytest.fixture
def visit(house: House) -> Iterator[Visit]:
    with house.visit() as visiting:
        let_all(visiting.stage)
        yield visiting


def tab_to(visit: Visit, selector: str, key: str = "Tab") -> None:
    """Press a key until something that fits has the focus, and it shows."""
    for _ in range(MOST_STEPS):
        visit.page.keyboard.press(key)
        if visit.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            break
    outline = visit.run("getComputedStyle(document.activeElement).outlineStyle")
    assert visit.page.evaluate("selector => document.activeElement.matches(selector)", selector), selector
    assert outline != "none", f"{selector} has the focus and does not show it"


def test_the_whole_journey_needs_no_mouse(visit: Visit) -> None:
    page = visit.open()
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(scripted.ENUMERATE)
    page.keyboard.press("Enter")
    page.wait_for_selector(DONE)
    tab_to(visit, ".words .chip", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".plan-item.in-view")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".words .chip").last).to_be_focused()
    tab_to(visit, ".verdict-count")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict-count").first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    tab_to(visit, ".fold")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict-table tr[data-plan]")).to_have_count(7)
    tab_to(visit, ".sources-fold > summary")
    page.keyboard.press("Enter")
    tab_to(visit, ".source-name")
    tab_to(visit, ".tools button")
    tab_to(visit, ".mode")
    tab_to(visit, ".scope-button")
    page.keyboard.press("Enter")
    expect(page.locator("#scope-panel")).to_be_visible()


def test_the_keyboard_goes_through_the_side_column_and_the_plans(visit: Visit) -> None:
    page = visit.open()
    visit.ask(scripted.LOOKUP)
    tab_to(visit, ".conversation-row summary", "Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="重命名")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".rename")).to_be_focused()
    page.keyboard.press("Escape")
    tab_to(visit, "#go-plans", "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(visit, "#search")
    page.keyboard.type("托育")
    page.wait_for_selector(".search-hits .source")
    tab_to(visit, ".search-hits .source-name")
    page.keyboard.press("Enter")
    expect(page.locator(".plan-item.in-view")).to_be_focused()


def test_what_happens_is_said_to_screen_readers(visit: Visit) -> None:
    page = visit.open()
    live = page.locator("#live")
    assert live.get_attribute("aria-live") == "polite"
    visit.stage.gates.clear()
    visit.ask(scripted.LOOKUP, until=".slot-evidence .source")
    expect(live).to_have_text("正在理解问题")
    expect(page.locator(".turn.last .card")).to_have_attribute("aria-busy", "true")
    let_all(visit.stage)
    expect(live).to_contain_text("已回答. 天津2014年计划新建、改扩建各类型幼儿园50所")
    expect(page.locator(".turn.last .card")).to_have_attribute("aria-busy", "false")
    page.locator(".words .chip").first.click()
    expect(live).to_contain_text("原文: 天津 · 2014 第10条 新建改扩建各类型幼儿园50所")


def test_nothing_moves_for_those_who_want_it_so(house: House) -> None:
    moving = """[...document.querySelectorAll('*')].filter((element) => {
      const style = getComputedStyle(element);
      return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
    }).length"""
    counts = {}
    for motion in ("no-preference", "reduce"):
        with house.visit(reduced_motion=motion) as visit:
            visit.open()
            visit.ask(scripted.LOOKUP, until=".slot-evidence .source")
            counts[motion] = visit.run(moving)
    assert counts["no-preference"] > 0
    assert counts["reduce"] == 0


def test_all_plans_say_what_they_are_and_can_be_narrowed_down(visit: Visit) -> None:
    page = visit.open("#/plans")
    row = page.locator(".plan-row").filter(has_text="青岛市教育局(市委高校工委)2018年工作要点")
    expect(row).to_contain_text("青岛2018")
    expect(row.locator(".plan-facts span")).to_have_text(
        ["青岛市教育局(市委高校工委)", "27 条", "城市如何得知: 原文写明"]
    )
    masked = page.locator(".plan-row").filter(has_text="邯郸")
    masked.locator(".inferred").click()
    expect(page.locator("#quote-card")).to_contain_text("由这些词推断")
    page.locator(".browse-filters summary").click()
    choices = page.locator("#browse")
    choices.get_by_label("青岛", exact=True).check()
    expect(page.locator(".plan-row")).to_have_count(2)
    choices.get_by_label("2018", exact=True).check()
    expect(page.locator(".plan-row")).to_have_count(1)
    choices.get_by_label("市委教育工作委员会", exact=True).check()
    expect(page.locator(".plan-row")).to_have_count(0)
    expect(page.locator("#browse .scope-foot")).to_contain_text("没有一份要点同时符合这些条件")
    page.locator("#browse .chosen-filter").nth(1).click()
    expect(page.locator(".plan-row")).to_have_count(1)


def test_the_filters_of_the_plans_of_a_search_and_of_an_answer_are_the_same(visit: Visit) -> None:
    page = visit.open("#/plans")
    page.locator(".browse-filters summary").click()
    page.locator("#browse").get_by_label("天津", exact=True).check()
    with page.expect_request("**/v1/search") as sent:
        page.fill("#search", "幼儿园")
    assert sent.value.post_data_json["filters"] == {"cities": ["天津"], "years": [], "plans": []}
    page.locator("#browse .chosen-filter").click()
    page.click("#new-conversation")
    visit.ask(scripted.LOOKUP)
    applied = page.locator(".understood .tag-button")
    expect(applied).to_have_text(["天津", "2014"])
    applied.first.click()
    expect(page.locator("#composer .chosen-filter")).to_have_text(["天津"])


def test_a_word_that_does_not_stand_as_it_was_typed_is_marked_in_parts(visit: Visit) -> None:
    visit.open()
    found = visit.run(
        """async () => {
      const { findWords } = await import('/static/js/search-box.js');
      const pairs = [['新建公办幼儿园', '幼儿园新建'], ['托育服务', '托育'], ['abc', '托育']];
      return pairs.map(([text, words]) => findWords(text, words));
    }"""
    )
    assert found == [[[0, 2], [4, 7]], [[0, 2]], []]


def test_an_answer_can_be_copied_edited_and_asked_again(house: House) -> None:
    with house.visit(permissions=["clipboard-read", "clipboard-write"]) as visit:
        let_all(visit.stage)
        page = visit.open()
        visit.ask(scripted.LOOKUP)
        page.get_by_role("button", name="复制", exact=True).click()
        expect(page.locator(".toast")).to_have_text("已复制")
        copied = visit.run("navigator.clipboard.readText()")
        assert copied.startswith(scripted.LOOKUP)
        assert "[1] 天津 2014 第10条:「新建改扩建各类型幼儿园50所」" in copied
        page.get_by_role("button", name="改一改再问").click()
        expect(page.locator("#question")).to_have_value(scripted.LOOKUP)
        expect(page.locator("#question")).to_be_focused()
        page.get_by_role("button", name="再问一次").click()
        expect(page.locator(".turn[data-state=done]")).to_have_count(2)
        page.locator(".turn.last .mode-again").select_option("summarise")
        expect(page.locator(".turn[data-state=done]")).to_have_count(3)
        assert [body["mode"] for body in visit.stage.asked] == ["auto", "auto", "summarise"]


def test_on_a_phone_the_side_column_opens_over_the_page_and_closes_again(house: House) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with house.visit(**phone) as visit:
        let_all(visit.stage)
        page = visit.open()
        visit.ask(scripted.LOOKUP)
        page.locator("#open-sidebar").tap()
        expect(page.locator("#close-sidebar")).to_be_focused()
        expect(page.locator(".conversation-open")).to_be_in_viewport()
        page.locator("#close-sidebar").tap()
        expect(page.locator(".conversation-open")).to_be_hidden()
        expect(page.locator("#open-sidebar")).to_be_focused()
        page.locator("#open-sidebar").tap()
        page.locator("#new-conversation").tap()
        expect(page.locator("#welcome")).to_be_visible()
        expect(page.locator(".conversation-open")).to_be_hidden()
