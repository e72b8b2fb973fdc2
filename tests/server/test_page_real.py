"""The journey once more with the real models, and the README's pictures, taken on the way.

The pictures are written to the folder that PLANQA_PICTURES names; without it they are only looked at
for their size::

    PLANQA_PICTURES=docs .venv/bin/python -m pytest tests/server/test_page_real.py
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_visit import BROWSER, House, Visit, expect, open_browser, open_real_house
from PIL import Image

from rag.answer import Answerer
from server.app import Engine, create_app

pytestmark = [
    *BROWSER,
    pytest.mark.model,
    pytest.mark.timeout(1500),
]
ANSWER_MS = 180_000
DONE = ".turn.last[data-state=done]"
PICTURE_LIMIT = 300_000
COLOURS = 256
QUESTIONS = (
    ("enumerate", "哪些城市提出托育扩容?"),
    ("lookup", "天津2014年计划新建改扩建各类型幼儿园多少所?"),
    ("compare", "青岛2018年和2023年的学前教育工作有什么变化?"),
    ("count", "哪份要点新建改扩建的幼儿园最多?"),
    ("summarise", "概括天津2014年学前教育的内容"),
)


@pytest.fixture(scope="module")
def house(real_answerer: Answerer) -> Iterator[House]:
    with (
        open_browser() as browser,
        open_real_house(create_app(Engine(real_answerer), "test"), browser) as opened,
    ):
        yield opened


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """The folder that pictures go to."""
    return Path(os.environ.get("PLANQA_PICTURES", tmp_path)).resolve()


def ask(visit: Visit, question: str) -> None:
    visit.page.fill("#question", question)
    visit.page.press("#question", "Enter")
    visit.page.wait_for_selector(DONE, timeout=ANSWER_MS)


def take(page: Any, path: Path) -> None:
    """A picture with as many colours as the page needs."""
    page.mouse.move(0, 0)
    drawn = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
    drawn.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size < PICTURE_LIMIT


def open_first_quote(page: Any) -> None:
    page.locator(".turn.last .words .chip").first.click()
    expect(page.locator("mark.current").first).to_be_in_viewport()


@pytest.mark.parametrize(("mode", "question"), QUESTIONS)
def test_each_mode_is_answered_from_quotes_that_stand_in_their_plans(
    house: House, mode: str, question: str
) -> None:
    with house.visit() as visit:
        page = visit.open()
        ask(visit, question)
        expect(page.locator(".mode-again")).to_have_value(mode)
        answers = house.fetch(f"/v1/sessions/{page.url.rpartition('/')[2]}")["answers"]
        assert answers[-1]["status"] in ("answered", "partial") and answers[-1]["citations"]
        for citation in answers[-1]["citations"]:
            text = house.fetch(f"/v1/plans/{citation['plan_id']}")["text"]
            assert text[citation["start"] : citation["end"]] == citation["quote"]
        page.locator(f"{DONE} .chip").first.click()
        expect(page.locator("mark.current").first).to_be_in_viewport()


def test_a_follow_up_is_understood(house: House) -> None:
    with house.visit() as visit:
        page = visit.open()
        ask(visit, "天津2014年计划新建改扩建各类型幼儿园多少所?")
        ask(visit, "那青岛2018年呢?")
        expect(page.locator(".turn.last .resolved")).to_contain_text("幼儿园")
        expect(page.locator(".turn.last .words")).to_contain_text("60")


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("北京2023年的托育计划是什么?", "out_of_corpus"),
        ("邯郸2022年第35条写了什么?", "not_found"),
        ("天津2014年要造几座核电站?", "not_found"),
    ],
)
def test_what_the_plans_do_not_say_is_refused(house: House, question: str, status: str) -> None:
    with house.visit() as visit:
        page = visit.open()
        ask(visit, question)
        expect(page.locator(f".note-{status}")).to_be_visible()


def test_the_pictures_of_the_readme_can_be_taken_again(house: House, pictures: Path) -> None:
    with house.visit(viewport={"width": 1440, "height": 900}) as visit:
        page = visit.open()
        ask(visit, "哪些城市提出托育扩容?")
        open_first_quote(page)
        take(page, pictures / "which-cities.png")
        page.keyboard.press("Escape")
        ask(visit, "青岛2018年和2023年的学前教育工作有什么变化?")
        page.locator(".turn.last .comparison").evaluate("table => table.scrollIntoView({ block: 'start' })")
        expect(page.locator(".turn.last .change").first).to_be_in_viewport()
        take(page, pictures / "years.png")
    phone = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
    with house.visit(locale="en-GB", color_scheme="dark", is_mobile=True, **phone) as visit:
        page = visit.open()
        ask(visit, "Which cities plan more childcare places?")
        page.locator(".turn.last").evaluate("turn => turn.scrollIntoView({ block: 'start' })")
        take(page, pictures / "phone.png")
