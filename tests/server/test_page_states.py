"""Honest states in a real browser, each in its own words in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import page_scripts as scripted
import pytest
from page_visit import BROWSER, House, Visit, expect, let_all

pytestmark = BROWSER
LANGUAGES = {"zh": 0, "en": 1}
NOTICES = {
    "index": ("正在建立索引", "The index is being built"),
    "model": ("语言模型还没有载入", "The language model is not loaded yet"),
    "encoder": ("正在载入检索模型", "The search model is loading"),
}


@pytest.fixture(params=LANGUAGES)
def spoken(house: House, request: pytest.FixtureRequest) -> Iterator[tuple[Visit, int]]:
    """A visit in a language, and which of two wordings is that language's."""
    with house.visit(locale="zh-CN" if request.param == "zh" else "en-GB") as visiting:
        yield visiting, LANGUAGES[request.param]


@pytest.mark.parametrize("missing", NOTICES)
def test_what_is_still_being_made_ready_is_said(spoken: tuple[Visit, int], missing: str) -> None:
    visit, language = spoken
    ready = dict(visit.stage.readiness)
    visit.stage.readiness = {"status": "not_ready", "missing": [missing], "warnings": []}
    try:
        page = visit.open()
        expect(page.locator(".notice")).to_contain_text(NOTICES[missing][language])
        visit.stage.readiness = ready
        expect(page.locator(".notice")).to_have_count(0)
        expect(page.locator(".toast")).to_have_text(("已经恢复。", "Back again.")[language])
    finally:
        visit.stage.readiness = ready


def test_that_there_is_no_model_is_said(spoken: tuple[Visit, int]) -> None:
    visit, language = spoken
    ready = dict(visit.stage.readiness)
    visit.stage.readiness = ready | {"model": None}
    try:
        words = (
            "没有语言模型：只列出核对过的原文。",
            "There is no language model here: checked quotes only.",
        )
        expect(visit.open().locator(".notice")).to_have_text(words[language])
    finally:
        visit.stage.readiness = ready


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (scripted.QUEUED, ("排队中，前面还有 3 个问题", "Waiting in the queue, 3 questions ahead")),
        (scripted.LOADING, ("正在载入模型", "Loading the model")),
    ],
)
def test_what_a_question_waits_for_is_said(
    spoken: tuple[Visit, int], question: str, words: tuple[str, str]
) -> None:
    visit, language = spoken
    page = visit.open()
    visit.ask(question, until=".progress")
    expect(page.locator(".progress-words")).to_have_text(words[language])
    page.locator(".send.stop").click()
    expect(page.locator(".stopped")).to_contain_text(("已停止", "Stopped")[language])


@pytest.mark.parametrize(
    ("question", "words", "why"),
    [
        (scripted.BUSY, ("现在太忙了", "The server is busy"), "too many questions are waiting"),
        (
            scripted.REFUSED,
            ("服务器拒绝了这次请求", "The server refused the request"),
            "this key may not ask",
        ),
        (scripted.BREAKS, ("服务器出了错", "The server made an error"), "the language model stopped midway"),
    ],
)
def test_a_refusal_says_that_and_why_with_the_request_id(
    spoken: tuple[Visit, int], question: str, words: tuple[str, str], why: str
) -> None:
    visit, language = spoken
    page = visit.open()
    visit.ask(question, until=".turn.last[data-state=failed]")
    expect(page.locator(".failure")).to_contain_text(words[language])
    expect(page.locator(".failure")).to_contain_text(why)
    expect(page.locator(".request-id")).to_contain_text(("请求编号", "Request")[language])
    assert len(page.locator(".request-id code").inner_text()) == 16


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (
            scripted.OUT_OF_CORPUS,
            ("资料里没有所问的城市或年份", "There is no plan here for that city or year"),
        ),
        (scripted.NOT_FOUND, ("没有写到，不等于没有做", "Not said does not mean not done")),
        (scripted.AMBIGUOUS, ("有几种读法", "can be read in several ways")),
    ],
)
def test_an_answer_that_is_none_says_why(
    spoken: tuple[Visit, int], question: str, words: tuple[str, str]
) -> None:
    visit, language = spoken
    page = visit.open()
    visit.ask(question)
    expect(page.locator(".note")).to_contain_text(words[language])


def test_a_lost_connection_is_said_and_taken_up_again(spoken: tuple[Visit, int]) -> None:
    visit, language = spoken
    page = visit.open()
    page.route("**/readyz", lambda route: route.abort())
    visit.ask(scripted.RESUMED, until=".turn.last[data-state=reconnecting]")
    words = ("连接断了，恢复后会自动接着问。", "The connection was lost. The question is asked again")
    expect(page.locator(".slot-failure")).to_contain_text(words[language])
    expect(page.locator(".notice")).to_contain_text(("连不上服务器", "cannot be reached")[language])
    page.unroute("**/readyz")
    page.wait_for_selector(".turn.last[data-state=done]")
    expect(page.locator(".words")).to_have_text("接上了。")
    assert [body["question"] for body in visit.stage.asked] == [scripted.RESUMED] * 2


def test_a_choice_of_plans_that_leaves_none_is_said_and_not_sent(spoken: tuple[Visit, int]) -> None:
    visit, language = spoken
    let_all(visit.stage)
    page = visit.open()
    page.locator(".scope-button").click()
    page.locator("#scope-panel").get_by_label(("天津", "Tianjin")[language], exact=True).check()
    page.locator("#scope-panel").get_by_label("2018", exact=True).check()
    page.fill("#question", scripted.LOOKUP)
    page.press("#question", "Enter")
    words = ("没有一份要点同时符合这些条件", "No plan matches all of these")
    expect(page.locator("#scope-panel .scope-foot")).to_contain_text(words[language])
    assert visit.stage.asked == []
    expect(page.locator("#question")).to_have_value(scripted.LOOKUP)
