"""One visit to the page in a real browser: a fresh profile, everything it asked for and complained about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from live_server import live
from page_app import Stage, create_page_app
from page_scripts import build_stage
from waiting import WAIT_S

try:
    from playwright.sync_api import expect, sync_playwright
except ModuleNotFoundError:  # conftest.py reads this module for the tests without a browser, too
    CHROMIUM = expect = sync_playwright = None
else:
    CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
    expect.set_options(timeout=WAIT_S * 1000)

BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no chromium here (apt-get install chromium; pip install playwright)"
    ),
]
"""The marks of tests that drive a browser."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DONE = ".turn.last[data-state=done]"
GATES = ("verdicts", "words", "end")


def let_all(stage: Stage) -> None:
    """Let every scripted answer run to its end."""
    for gate in GATES:
        stage.release(gate)


class House:
    """A running server and the browser that visits it; the stage is the scripted server's."""

    def __init__(self, browser: Any, address: str, stage: Stage) -> None:
        self.browser = browser
        self.address = address
        self.stage = stage

    def fetch(self, path: str) -> Any:
        """What the server answers beside the page."""
        return httpx.get(f"{self.address}{path}", timeout=WAIT_S).json()

    @contextmanager
    def visit(self, **profile: Any) -> Iterator[Visit]:
        """A visit; at its end the page must have no complaint and have asked no other host."""
        self.stage.hold_again()
        visiting = Visit(self, profile)
        yield visiting
        let_all(self.stage)
        visiting.context.close()
        assert visiting.complaints == []
        assert [url for url in visiting.requests if not url.startswith((self.address, "blob:"))] == []


@contextmanager
def open_browser() -> Iterator[Any]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def open_house() -> Iterator[House]:
    """The scripted server and the browser, both closed at the end."""
    stage = build_stage()
    with live(create_page_app(stage)) as address, open_browser() as browser:
        yield House(browser, address, stage)
        stage.closing.set()
    stage.store.close()


@contextmanager
def open_real_house(app: FastAPI, browser: Any) -> Iterator[House]:
    """The server as it is, and the browser; its stage has no part in it."""
    with live(app) as address:
        yield House(browser, address, Stage({}, {}))


class Visit:
    """A page in a fresh profile."""

    def __init__(self, house: House, profile: dict[str, Any]) -> None:
        settings = {"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}} | profile
        self.context = house.browser.new_context(**settings)
        self.context.set_default_timeout(WAIT_S * 1000)
        self.page = self.context.new_page()
        self.house = house
        self.address = house.address
        self.stage = house.stage
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self._note(line.type, line.text))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _note(self, kind: str, words: str) -> None:
        # A refused question is a failed resource to the browser, and no fault of the page.
        if kind in {"error", "warning"} and "Failed to load resource" not in words:
            self.complaints.append(words)

    def open(self, hash_: str = "") -> Any:
        """Go to the page and wait until it has its plans."""
        self.page.goto(f"{self.address}/{hash_}")
        self.page.wait_for_selector(".suggestion", state="attached")
        return self.page

    def ask(self, question: str, until: str = DONE) -> None:
        """Ask and wait for something to appear."""
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.page.wait_for_selector(until)

    def run(self, script: str) -> Any:
        """What a script in the page gives."""
        return self.page.evaluate(script)
