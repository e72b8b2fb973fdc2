"""axe-core looks at the main states of the page, light and dark, wide and phone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import page_scripts as scripted
import page_tables as tables
import pytest
from axe_core import AxeMissing, axe_source
from page_visit import BROWSER, House, Visit, let_all

pytestmark = BROWSER
WIDE = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  return violations
    .filter((each) => each.impact === 'serious' || each.impact === 'critical')
    .flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target} ${node.failureSummary}`));
}"""
FAULTY = """async () => {
  const button = document.createElement('button');
  document.querySelector('main').append(button);
  const found = await (%s)();
  button.remove();
  return found;
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    try:
        return axe_source()
    except AxeMissing as missing:
        pytest.skip(str(missing))


def faults(visit: Visit, axe: str) -> list[str]:
    """The serious and critical faults of what is shown now."""
    if not visit.run("'axe' in window"):
        visit.page.evaluate(axe)
    found: list[str] = visit.page.evaluate(RUN)
    return found


def asked(visit: Visit) -> Iterator[str]:
    """Shows each kind of answer and names it."""
    page: Any = visit.page
    yield "welcome"
    for question in (
        scripted.LOOKUP,
        tables.COMPARE,
        tables.YEARS,
        tables.MOST,
        scripted.DOUBTFUL,
        scripted.NOT_FOUND,
        scripted.OUT_OF_CORPUS,
        scripted.AMBIGUOUS,
        scripted.ENUMERATE,
    ):
        visit.ask(question)
        yield question
    page.locator(".turn.last .fold").click()
    yield "unfolded"
    page.locator(".scope-button").click()
    yield "scope"
    page.locator(".scope-button").click()
    visit.ask(scripted.BUSY, until=".turn.last[data-state=failed]")
    yield "failed"


def looked_up(visit: Visit) -> Iterator[str]:
    """Shows plans and the reader, and names them."""
    page: Any = visit.page
    page.goto(f"{visit.address}/#/plans")
    page.wait_for_selector(".plan-row")
    page.locator(".browse-filters summary").click()
    page.locator("#browse").get_by_label("青岛", exact=True).check()
    yield "plans"
    page.fill("#search", "幼儿园")
    page.wait_for_selector(".search-hits .source")
    yield "search"
    page.locator(".search-hits .source-name").first.click()
    page.wait_for_selector("mark.current")
    page.locator(".outline summary").click()
    yield "reader"
    page.keyboard.press("Escape")


@pytest.mark.parametrize("profile", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_has_a_serious_fault(house: House, axe: str, profile: dict[str, Any], scheme: str) -> None:
    with house.visit(color_scheme=scheme, **profile) as visit:
        let_all(visit.stage)
        visit.open()
        found = {state: faults(visit, axe) for state in chain(asked(visit), looked_up(visit))}
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_the_checker_finds_a_fault_where_there_is_one(house: House, axe: str) -> None:
    with house.visit() as visit:
        visit.open()
        visit.page.evaluate(axe)
        assert any("button-name" in fault for fault in visit.page.evaluate(FAULTY % RUN))


def test_the_open_side_column_of_a_phone_has_no_serious_fault(house: House, axe: str) -> None:
    with house.visit(**PHONE) as visit:
        let_all(visit.stage)
        page = visit.open()
        visit.ask(scripted.LOOKUP)
        page.locator("#open-sidebar").tap()
        page.locator(".conversation-row summary").tap()
        assert faults(visit, axe) == []
