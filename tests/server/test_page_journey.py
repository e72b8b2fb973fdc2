"""The whole journey in a real browser: the real server, store and chain, a scripted model."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from page_visit import BROWSER, DONE, House, Visit, expect, open_browser, open_real_house
from small_chain import LOOKUP_REPLY, PairEncoder, ScriptedGenerator, small_answerer
from waiting import WAIT_S, wait_for

from corpus.library import load_sample_plans
from corpus.parse import parse_file
from rag.settings import Settings
from rag.snapshot import Index, build_index, load_index
from server.app import Engine, create_app

pytestmark = BROWSER

LOOKUP = "天津2014年计划新建改扩建各类型幼儿园多少所?"
QUESTIONS = {
    "lookup": LOOKUP,
    "enumerate": "哪些城市提出托育扩容?",
    "compare": "上海2023年和青岛2018年在学前教育方面有什么不同?",
    "summarise": "概括天津2014年学前教育的内容",
    "count": "天津2014年和青岛2018年一共新建改扩建多少所幼儿园?",
}
SCRIPT_LIMIT = 150_000
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
MARKUP = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'
REFUSALS = {
    "out_of_corpus": "北京2023年的托育计划是什么?",
    "not_found": "天津2014年要造几座核电站?",
    "hidden": "邯郸2022年第35条写了什么?",
}


@pytest.fixture(scope="module")
def generator() -> ScriptedGenerator:
    return ScriptedGenerator()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def house(index: Index, generator: ScriptedGenerator, browser: Any) -> Iterator[House]:
    with open_real_house(create_app(Engine(small_answerer(index, generator)), "1.2.3"), browser) as opened:
        yield opened


def plan_text(visit: Visit, plan_id: str) -> str:
    return str(visit.house.fetch(f"/v1/plans/{plan_id}")["text"])


def last_answer(visit: Visit) -> dict[str, Any]:
    """The answer that was kept last."""
    [session, *_] = visit.house.fetch("/v1/sessions")["sessions"]
    answer: dict[str, Any] = visit.house.fetch(f"/v1/sessions/{session['session_id']}")["answers"][-1]
    return answer


@pytest.mark.parametrize("mode", QUESTIONS)
def test_each_mode_is_answered_with_quotes_that_open_in_their_plan(visit: Visit, mode: str) -> None:
    page = visit.open()
    visit.ask(QUESTIONS[mode])
    answer = last_answer(visit)
    assert answer["mode"] == mode
    assert answer["citations"]
    expect(page.locator(".mode-again")).to_have_value(mode)
    expect(page.locator(".coverage")).to_contain_text("已核查")
    page.locator(".words .chip").first.click()
    current = page.locator("mark.current")
    expect(current.first).to_be_in_viewport()
    quoted = "".join(current.all_text_contents())
    first = next(
        c for c in answer["citations"] if c["n"] == int(page.locator(".words .chip").first.inner_text())
    )
    assert "".join(quoted.split()) == "".join(first["quote"].split())
    assert first["quote"] in plan_text(visit, first["plan_id"])
    assert page.url.endswith("#/items/" + first["item_id"].replace("#", "%23"))


YEARS = "青岛2018年和2023年的学前教育工作有什么变化?"
MOST = "哪个城市新建改扩建的幼儿园最多?"


@pytest.mark.parametrize("question", [QUESTIONS["compare"], YEARS], ids=["compare", "years"])
def test_plans_side_by_side_show_every_cell_and_every_change(visit: Visit, question: str) -> None:
    page = visit.open()
    visit.ask(question)
    table = last_answer(visit)["table"]
    expect(page.locator(".matrix .aspect-cell")).to_have_text([aspect["name"] for aspect in table["aspects"]])
    cells = [cell for aspect in table["aspects"] for cell in aspect["cells"]]
    expect(page.locator(".matrix td")).to_have_count(len(cells))
    assert any(not cell["citations"] for cell in cells)
    for shown, cell in zip(page.locator(".matrix td").all(), cells, strict=True):
        expect(shown.locator(".chip")).to_have_text([str(n) for n in cell["citations"]])
        expect(shown.locator(".cell-empty")).to_have_count(0 if cell["citations"] else 1)
        expect(shown.locator(".change")).to_have_count(1 if cell["change"] else 0)


@pytest.mark.parametrize("question", [QUESTIONS["count"], MOST], ids=["sum", "most"])
def test_counted_numbers_are_drawn_each_with_its_citation(visit: Visit, question: str) -> None:
    page = visit.open()
    visit.ask(question)
    figures = last_answer(visit)["figures"]
    bars = page.locator(".bar-target")
    expect(bars).to_have_count(len(figures["bars"]))
    expect(page.locator(".figures-result")).to_contain_text(f"{figures['result']}{figures['unit']}")
    bars.first.click()
    expect(page.locator("mark.current").first).to_be_in_viewport()


def test_which_plans_gives_every_plan_a_verdict(visit: Visit) -> None:
    page = visit.open()
    visit.ask(QUESTIONS["enumerate"])
    expect(page.locator(".coverage")).to_contain_text("7/7")
    page.locator(".fold").click()
    expect(page.locator(".verdict-table tr[data-plan]")).to_have_count(7)
    expect(page.locator('tr[data-plan="shanghai-2023"] .verdict-cell')).to_contain_text("提到")


def test_a_follow_up_keeps_the_topic_and_shows_the_question_it_was_understood_as(visit: Visit) -> None:
    page = visit.open()
    visit.ask(QUESTIONS["lookup"])
    visit.ask("那青岛2018年呢?")
    expect(page.locator(".turn.last .resolved")).to_contain_text("青岛2018年")
    expect(page.locator(".turn.last .resolved")).to_contain_text("幼儿园")
    expect(page.locator(".turn.last .source-place").first).to_have_text("青岛 · 2018")
    page.locator(".turn.last").get_by_role("button", name="按原话问").click()
    expect(page.locator(".turn[data-state=done]")).to_have_count(3)
    assert last_answer(visit)["question_resolved"] == "那青岛2018年呢?"


@pytest.mark.parametrize("why", REFUSALS)
def test_a_refusal_says_why(visit: Visit, why: str) -> None:
    page = visit.open()
    visit.ask(REFUSALS[why])
    if why == "out_of_corpus":
        expect(page.locator(".note-out_of_corpus")).to_contain_text("资料里没有所问的城市或年份")
        expect(page.locator(".tag-unknown")).to_contain_text("北京")
    else:
        expect(page.locator(".note-not_found")).to_contain_text("没有写到，不等于没有做")
    if why == "hidden":
        expect(page.locator(".gaps")).to_contain_text("第 28–48 条被来源隐藏")
    expect(page.locator(".words .chip")).to_have_count(0)


def test_a_question_that_is_asked_back_is_settled_with_one_click(visit: Visit) -> None:
    page = visit.open()
    visit.ask("它写了什么?")
    expect(page.locator(".note-ambiguous")).to_contain_text("请选一种")
    choices = page.locator(".choice")
    expect(choices).to_have_count(7)
    choices.filter(has_text="天津（2014）").click()
    expect(page.locator(".turn[data-state=done]")).to_have_count(2)
    answer = last_answer(visit)
    assert answer["filters_applied"]["plans"] == ["tianjin-2014"]
    assert answer["status"] in ("answered", "partial")
    words = page.locator(".turn.last .words")
    expect(words.locator(".bullet")).to_have_count(8)
    expect(words.locator(".bullet").first).to_contain_text("（第1–7条）")
    expect(words.locator(".chip")).to_have_count(len(answer["citations"]))
    expect(page.locator(".turn.last .coverage")).to_contain_text("1/1")
    words.locator(".chip").last.click()
    expect(page.locator("mark.current").first).to_have_text("加强反腐倡廉建设")


def test_a_search_marks_the_other_words_it_looked_for(visit: Visit) -> None:
    page = visit.open("#/plans")
    page.fill("#search", "托位")
    expect(page.locator(".search-terms")).to_contain_text("托额")
    expect(page.locator(".search-hits mark").filter(has_text="托额").first).to_be_visible()


def test_a_conversation_is_the_servers_and_not_this_browsers(house: House, tmp_path: Path) -> None:
    with house.visit() as first:
        page = first.open()
        first.ask(LOOKUP)
        address = page.url
        assert re.search(r"#/conversations/[0-9a-f]{32}$", address)
        assert first.run("Object.keys(localStorage)") == []
    with house.visit() as second:
        page = second.open()
        # By its address: an answer of an earlier test may be kept last, and stand first.
        own = page.locator(f'.conversation-open[href$="{address.rpartition("/")[2]}"]')
        row = page.locator(".conversation-row").filter(has=own)
        expect(row).to_have_text(re.compile(re.escape(LOOKUP)))
        row.locator(".conversation-open").click()
        expect(page.locator(".words")).to_contain_text(LOOKUP_REPLY[:8])
        assert page.url == address
        page.reload()
        expect(page.locator(".words")).to_contain_text(LOOKUP_REPLY[:8])
        _rename(page, row, "天津的幼儿园")
        exported = _export(page, row, "Markdown")
        assert exported.startswith("# 天津的幼儿园") and "参考文献" in exported
        assert json.loads(_export(page, row, "JSON"))["answers"][0]["question"] == LOOKUP
    with house.visit() as third:
        page = third.open(address[address.index("#") :])
        row = page.locator(".conversation-row").filter(has_text="天津的幼儿园")
        expect(row.locator(".conversation-open")).to_have_attribute("aria-current", "page")
        _menu(row, "删除")
        expect(row).to_have_count(0)
        expect(page.locator("#welcome")).to_be_visible()
        page.goto("about:blank")  # whoever leaves can bring nothing back
        # The browser is still there: what a page asks for as it is left is sent after it has gone.
        wait_for(lambda: "天津的幼儿园" not in _titles(house), "it is deleted")


def _titles(house: House) -> list[str]:
    return [session["title"] for session in house.fetch("/v1/sessions")["sessions"]]


def _menu(row: Any, name: str) -> None:
    row.hover()
    row.locator("summary").click()
    row.get_by_role("button", name=name).click()


def _rename(page: Any, row: Any, title: str) -> None:
    _menu(row, "重命名")
    page.locator(".rename").fill(title)
    page.keyboard.press("Enter")
    expect(row.locator(".conversation-open")).to_have_text(title)


def _export(page: Any, row: Any, name: str) -> str:
    with page.expect_download() as waiting:
        _menu(row, f"导出为 {name}")
    return Path(waiting.value.path()).read_text("utf-8")


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh-CN", "模型写的 1 句话没有原文支持，已删去。"),
        ("en-GB", "1 sentence of the model was removed: no quote bears it out."),
    ],
)
def test_what_was_removed_of_the_models_words_is_said(
    house: House, generator: ScriptedGenerator, locale: str, words: str
) -> None:
    with house.visit(locale=locale) as visit:
        page = visit.open()
        generator.reply = "新建、改扩建各类型幼儿园70所。"
        try:
            visit.ask(f"天津2014年新建改扩建幼儿园多少所呢?{locale}")
        finally:
            generator.reply = LOOKUP_REPLY
        expect(page.locator(".warnings li")).to_have_text([words])
        expect(page.locator(".words")).not_to_contain_text("70所")


def test_a_shared_link_opens_the_answer_in_another_profile(house: House) -> None:
    with house.visit(permissions=["clipboard-read", "clipboard-write"]) as first:
        page = first.open()
        first.ask(LOOKUP)
        page.get_by_role("button", name="复制链接").click()
        expect(page.locator(".toast")).to_contain_text("已复制")
        link = first.run("navigator.clipboard.readText()")
        words = page.locator(".words").inner_text()
    with house.visit(locale="en-GB") as second:
        page = second.open(link[link.index("#") :])
        expect(page.locator(".toast")).to_contain_text("This is a stored answer")  # first: it goes by itself
        expect(page.locator(".asked")).to_have_text(LOOKUP)
        assert page.locator(".words").inner_text() == words
        page.locator(".words .chip").first.click()
        expect(page.locator("mark.current").first).to_be_in_viewport()
    with house.visit() as third:
        page = third.open("#/answers/" + "0" * 32)
        expect(page.locator(".toast")).to_contain_text("已经不在了")


def test_the_place_in_the_queue_is_shown(visit: Visit, house: House, generator: ScriptedGenerator) -> None:
    body = {"question": "天津2014年新建改扩建幼儿园有多少所?"}
    other = threading.Thread(
        target=httpx.post, args=(f"{house.address}/v1/ask",), kwargs={"json": body, "timeout": 4 * WAIT_S}
    )
    page = visit.open()
    before = len(generator.started)
    generator.gate.clear()
    try:
        other.start()
        generator.wait_started(before + 1)
        page.fill("#question", "天津2014年提升改造多少所村办幼儿园?")
        page.press("#question", "Enter")
        expect(page.locator(".progress-words")).to_have_text("排队中，前面还有 1 个问题")
    finally:
        generator.gate.set()
        other.join()
    page.wait_for_selector(DONE)


def test_without_a_model_the_page_says_so_and_answers_with_quotes(index: Index, browser: Any) -> None:
    with (
        open_real_house(create_app(Engine(small_answerer(index, None)), "1"), browser) as house,
        house.visit() as visit,
    ):
        page = visit.open()
        expect(page.locator(".notice")).to_have_text("没有语言模型：只列出核对过的原文。")
        visit.ask(LOOKUP)
        expect(page.locator(".made-by")).to_contain_text("未用语言模型")
        expect(page.locator(".words")).to_contain_text("50所")


def test_a_server_that_still_loads_says_so_and_answers_once_it_can(index: Index, browser: Any) -> None:
    engine = Engine()
    engine.load("index", "model")
    with open_real_house(create_app(engine, "1"), browser) as house, house.visit() as visit:
        page = visit.page
        page.goto(visit.address)
        expect(page.locator(".notice")).to_contain_text("正在建立索引")
        page.fill("#question", LOOKUP)
        page.press("#question", "Enter")
        expect(page.locator(".progress-words")).to_have_text("正在载入模型")
        engine.put(small_answerer(index, ScriptedGenerator()))
        page.wait_for_selector(DONE)
        expect(page.locator(".words")).to_contain_text("50所")
        expect(page.locator(".notice")).to_have_count(0)


def test_a_server_that_keeps_nothing_lists_and_shares_nothing(index: Index, browser: Any) -> None:
    answerer = small_answerer(index, ScriptedGenerator())
    app = create_app(Engine(answerer), "1", Settings(keep_answers=False))
    with open_real_house(app, browser) as house, house.visit() as visit:
        page = visit.open()
        visit.ask(LOOKUP)
        expect(page.locator(".side-hint")).to_contain_text("不留存对话")
        expect(page.get_by_role("button", name="复制链接")).to_have_count(0)
        assert visit.house.fetch("/v1/sessions")["sessions"] == []


def test_a_fault_of_the_server_is_shown_with_its_request_id(
    visit: Visit, house: House, generator: ScriptedGenerator
) -> None:
    page = visit.open()
    page.route(
        "**/v1/ask",
        lambda route: route.continue_(headers={**route.request.headers, "x-request-id": "abc123"}),
    )
    page.select_option("#mode", "lookup")
    page.evaluate("document.getElementById('question').removeAttribute('maxlength')")
    visit.ask("问" * 2001, until=".turn.last[data-state=failed]")
    expect(page.locator(".failure")).to_contain_text("问题太长了")
    expect(page.locator(".request-id code")).to_have_text("abc123")


def test_a_plan_and_a_question_that_carry_markup_do_nothing(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "邯郸市2020年工作要点.txt"
    file.write_text(f"邯郸市教育局2020年工作要点\n\n1.新建幼儿园。{MARKUP}要建三所。\n2.{MARKUP}\n", "utf-8")
    [plan] = parse_file(file).plans
    assert MARKUP in plan.text
    encoder = PairEncoder()
    build_index((*load_sample_plans(), plan), encoder, tmp_path / "index")
    answerer = small_answerer(load_index(tmp_path / "index", encoder), ScriptedGenerator(MARKUP))
    with open_real_house(create_app(Engine(answerer), "1"), browser) as house, house.visit() as visit:
        page = visit.open("#/plans")
        page.fill("#search", "新建幼儿园")
        expect(page.locator(".search-hits .quote").filter(has_text="onerror").first).to_be_visible()
        page.goto(f"{visit.address}/#/items/{plan.plan_id}%231")
        expect(page.locator(".plan-item.in-view")).to_contain_text("<script>")
        page.keyboard.press("Escape")
        page.goto(f"{visit.address}/#/")
        for question in (MARKUP, f"邯郸2020年新建几所幼儿园?{MARKUP}"):
            visit.ask(question)
            expect(page.locator(".turn.last .asked")).to_have_text(question)
        expect(page.locator(".conversation-open")).to_contain_text("<img src=x")
        assert visit.run("window.broken") is None
        assert (
            visit.run("document.querySelectorAll('main img, .reader img, body script, iframe').length") == 0
        )


def test_an_answer_prints_with_its_quotes(visit: Visit, tmp_path: Path) -> None:
    page = visit.open()
    visit.ask(QUESTIONS["enumerate"])
    page.pdf(path=tmp_path / "answer.pdf", format="A4")
    with pypdfium2.PdfDocument(tmp_path / "answer.pdf") as document:
        printed = "".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    flat = "".join(printed.split())
    for citation in last_answer(visit)["citations"]:
        assert "".join(citation["quote"].split()) in flat
    assert QUESTIONS["enumerate"] in flat and "接着问" not in flat


def test_the_first_load_is_small_and_from_this_server_alone(visit: Visit, house: House) -> None:
    visit.open()
    loaded = visit.run(
        """performance.getEntriesByType('resource').filter((each) => each.name.endsWith('.js'))
        .map((each) => [each.name, each.decodedBodySize])"""
    )
    assert len(loaded) > 20 and all(name.startswith(house.address) for name, _ in loaded)
    assert sum(size for _, size in loaded) < SCRIPT_LIMIT


def test_the_first_paint_comes_within_a_second(house: House) -> None:
    paints, bare = [], []
    for _ in range(3):  # a busy machine may delay one of them, and that says nothing of the page
        with house.visit() as visit:
            visit.open()
            paints.append(visit.run(FIRST_PAINT))
        with house.visit() as visit:
            visit.page.goto(f"{visit.address}/healthz")
            visit.page.wait_for_function(f"() => ({FIRST_PAINT}) !== null")
            bare.append(visit.run(FIRST_PAINT))
    # Where a page of one line takes long already, the machine is slow.
    assert min(paints) < max(1000, 10 * min(bare))


def test_even_with_a_chart_little_script_goes_over_the_line(visit: Visit) -> None:
    visit.open()
    visit.run("import('/static/js/chart.js').then(() => import('/static/vendor/chartist-1.5.0.js'))")
    sent = visit.run(
        """performance.getEntriesByType('resource').filter((each) => each.name.endsWith('.js'))
        .map((each) => [each.name.split('/').pop(), each.encodedBodySize])"""
    )
    assert "chartist-1.5.0.js" in dict(sent)
    assert 0 < sum(size for _, size in sent) < SCRIPT_LIMIT / 2
