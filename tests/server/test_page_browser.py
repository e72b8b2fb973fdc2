"""Asking in a real browser: each kind of answer, with scripted answers behind the page."""

from __future__ import annotations

import page_scripts as scripted
import pytest
from page_visit import BROWSER, DONE, Visit, expect, let_all
from waiting import wait_for

pytestmark = BROWSER


def test_an_answer_grows_evidence_first_then_words_then_the_whole(visit: Visit) -> None:
    page = visit.open()
    visit.ask(scripted.LOOKUP, until=".slot-evidence .source")
    expect(page.locator(".words p")).to_have_count(0)
    expect(page.locator(".understood .tag-button")).to_have_text(["天津", "2014"])
    visit.stage.release("words")
    expect(page.locator(".words p")).to_have_count(2)
    expect(page.locator(".turn")).to_have_attribute("data-state", "asking")
    chips = page.locator(".words .chip")
    expect(chips).to_have_text(["1", "2"])
    first = chips.first.element_handle()
    visit.stage.release("end")
    page.wait_for_selector(DONE)
    assert first is not None and first.evaluate("chip => chip.isConnected"), "a chip keeps its place"
    expect(page.locator(".slot-evidence")).to_be_empty()
    expect(page.locator("ol.sources .source")).to_have_count(2)
    expect(page.locator(".coverage")).to_contain_text("已核查 8/8 份要点")
    expect(page.locator(".understood .tag-button")).to_have_text(["天津", "2014"])


def test_verdicts_come_one_by_one_and_end_as_a_table(visit: Visit) -> None:
    page = visit.open()
    visit.ask(scripted.ENUMERATE, until=".progress progress")
    expect(page.locator(".progress-words")).to_have_text("逐份核查 3/7")
    expect(page.locator(".verdict-count")).to_have_text(["● 提到 1", "？ 存疑 1", "○ 未在该要点中找到 1"])
    let_all(visit.stage)
    page.wait_for_selector(DONE)
    rows = page.locator(".verdict-table tbody tr[data-plan]")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("上海 · 2023")
    expect(rows.first.locator(".quote")).to_have_text("全市新增不少于2000个公办幼儿园托额")
    page.click(".fold")
    expect(rows).to_have_count(7)
    page.click('.verdict-count[data-verdict="partial"]')
    expect(rows).to_have_count(1)
    page.click('.verdict-count[data-verdict="partial"]')
    page.click('[data-sort="plan"]')
    expect(rows.first).to_have_attribute("data-plan", "handan-2022")
    expect(page.locator(".coverage")).to_have_text("已核查 7/7 份要点249 条1 份提到1 份部分提到")
    expect(page.locator(".gaps")).to_contain_text("邯郸 · 2022：第 28–48 条被来源隐藏")


def test_a_chip_shows_its_quote_on_hover_and_on_focus(visit: Visit) -> None:
    let_all(visit.stage)
    page = visit.open()
    visit.ask(scripted.LOOKUP)
    card = page.locator("#quote-card")
    page.locator(".words .chip").nth(1).hover()
    expect(card.locator("blockquote")).to_have_text("提升改造100所村办幼儿园")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.locator(".tools button").first.focus()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if visit.run("document.activeElement.matches('.words .chip')"):
            break
    expect(card.locator("blockquote")).to_have_text("提升改造100所村办幼儿园")
    assert visit.run("document.activeElement.getAttribute('aria-describedby')") == "quote-card"
    expect(page.locator(".words .chip").first).to_have_attribute("aria-label", "引文 1：天津 · 2014 第10条")


def test_an_inferred_city_says_from_which_words(visit: Visit) -> None:
    let_all(visit.stage)
    page = visit.open()
    visit.ask(scripted.ENUMERATE)
    page.locator('tr[data-plan="shanghai-2023"] .inferred').click()
    expect(page.locator("#quote-card")).to_contain_text("在沪高校")
    expect(page.locator('tr[data-plan="tianjin-2014"] .inferred')).to_have_count(0)


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        (scripted.NOT_FOUND, "not_found", "没有写到，不等于没有做"),
        (scripted.OUT_OF_CORPUS, "out_of_corpus", "资料里没有所问的城市或年份"),
        (scripted.AMBIGUOUS, "ambiguous", "请选一种"),
        (scripted.DOUBTFUL, "partial", "只有一部分能从原文得到证实"),
    ],
)
def test_each_status_has_its_own_words(visit: Visit, question: str, status: str, words: str) -> None:
    page = visit.open()
    visit.ask(question)
    expect(page.locator(f".note-{status}")).to_contain_text(words)


def test_what_the_corpus_lacks_is_said_and_no_model_is_named(visit: Visit) -> None:
    page = visit.open()
    visit.ask(scripted.OUT_OF_CORPUS)
    expect(page.locator(".tag-unknown")).to_have_text("北京：资料里没有")
    expect(page.locator(".note-plans button")).to_have_count(8)
    expect(page.locator(".made-by")).to_contain_text("未用语言模型")


def test_an_ambiguous_question_can_be_settled_with_one_click(visit: Visit) -> None:
    page = visit.open()
    visit.ask(scripted.AMBIGUOUS)
    page.locator(".choice").first.click()
    page.wait_for_selector(".turn.last[data-state=failed]")
    assert visit.stage.asked[-1]["question"] == "上海2023年的目标是什么?"


def test_an_unsupported_claim_is_marked_and_kept(visit: Visit) -> None:
    page = visit.open()
    visit.ask(scripted.DOUBTFUL)
    expect(page.locator(".claim-unsupported")).to_have_text("这比上一年多三成。没有依据")
    expect(page.locator(".words")).to_contain_text("南宁2023年建成公办幼儿园15所。")


@pytest.mark.parametrize(
    ("question", "words", "request_id"),
    [
        (scripted.BUSY, "现在太忙了", "7f3a9c52d1e84b06"),
        (scripted.BREAKS, "the language model stopped midway.", "b41d07aa90ce4f13"),
    ],
)
def test_a_failure_says_why_and_gives_the_request_id(
    visit: Visit, question: str, words: str, request_id: str
) -> None:
    page = visit.open()
    visit.ask(question, until=".turn.last[data-state=failed]")
    expect(page.locator(".failure")).to_contain_text(words)
    expect(page.locator(".request-id code")).to_have_text(request_id)
    with page.expect_response("**/v1/ask"):
        page.locator(".failure button").click()
    expect(page.locator(".turn[data-state=failed] .request-id code")).to_have_text(request_id)
    expect(page.locator(".turn")).to_have_count(1)
    assert len(visit.stage.asked) == 2


def test_a_lost_connection_is_asked_again_once_and_then_said(visit: Visit) -> None:
    page = visit.open()
    visit.ask(scripted.LOST, until=".turn.last[data-state=lost]")
    expect(page.locator(".failure")).to_contain_text("连接断了")
    assert len(visit.stage.asked) == 2


def test_stop_ends_the_answer_and_the_server_notices(visit: Visit) -> None:
    page = visit.open()
    visit.ask(scripted.SLOW, until=".slot-evidence .source")
    page.click(".send.stop")
    expect(page.locator(".stopped")).to_contain_text("已停止")
    expect(page.locator(".send.stop")).to_have_count(0)
    wait_for(lambda: scripted.SLOW in visit.stage.left, "the server notices")


def test_a_follow_up_carries_the_conversation_and_shows_how_it_was_understood(visit: Visit) -> None:
    let_all(visit.stage)
    page = visit.open()
    visit.ask(scripted.LOOKUP)
    visit.ask(scripted.FOLLOW_UP)
    roles = [(turn["role"], turn["content"][:6]) for turn in visit.stage.asked[-1]["history"]]
    assert roles == [("user", "天津2014"), ("assistant", "天津2014")]
    expect(page.locator(".turn.last .resolved")).to_have_text(scripted.FOLLOW_UP_RESOLVED)
    page.locator(".turn.last .understood-question button").first.click()
    expect(page.locator("#question")).to_have_value(scripted.FOLLOW_UP_RESOLVED)
    page.locator(".turn.last .understood-question button").nth(1).click()
    expect(page.locator(".turn[data-state=done]")).to_have_count(3)
    assert visit.stage.asked[-1]["history"] == []


def test_enter_sends_shift_enter_does_not_nor_while_composing(visit: Visit) -> None:
    let_all(visit.stage)
    page = visit.open()
    page.fill("#question", "一")
    page.press("#question", "Shift+Enter")
    page.type("#question", "二")
    expect(page.locator("#question")).to_have_value("一\n二")
    visit.run("""() => document.getElementById('question').dispatchEvent(
        new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))""")
    assert visit.stage.asked == []
    page.fill("#question", scripted.LOOKUP)
    page.press("#question", "Enter")
    page.wait_for_selector(DONE)
    assert [body["question"] for body in visit.stage.asked] == [scripted.LOOKUP]


def test_mode_and_filters_are_sent_as_chosen(visit: Visit) -> None:
    let_all(visit.stage)
    page = visit.open()
    page.select_option("#mode", "enumerate")
    page.check("#quotes-only")
    page.click(".scope-button")
    page.get_by_label("青岛", exact=True).check()
    page.get_by_label("2018", exact=True).check()
    expect(page.locator("#composer .chosen-filter")).to_have_text(["青岛", "2018"])
    expect(page.locator(".scope-button")).to_have_text("共 1 份要点")
    visit.ask(scripted.LOOKUP)
    body = visit.stage.asked[-1]
    assert body["filters"] == {"cities": ["青岛"], "years": [2018], "plans": []}
    assert (body["mode"], body["generate"], body["stream"]) == ("enumerate", False, True)
    page.locator("#composer .chosen-filter").first.click()
    expect(page.locator("#composer .chosen-filter")).to_have_text(["2018"])


def test_suggestions_come_from_the_plans(visit: Visit) -> None:
    page = visit.open()
    titles = [part["title"] for plan in visit.stage.plans.values() for part in plan["outline"]]
    suggestions = page.locator(".suggestion").all_inner_texts()
    assert len(suggestions) == 3
    for words in suggestions:
        assert any(title and title.rstrip("。") in words for title in titles)
