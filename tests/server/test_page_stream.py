"""The page's reading of server-sent events, fed with bytes cut anywhere, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from page_visit import BROWSER, House

pytestmark = BROWSER

FEED = """async (chunks) => {
  const { EventStreamParser } = await import('/static/js/event-stream.js');
  const parser = new EventStreamParser();
  return chunks.flatMap((chunk) => parser.feed(Uint8Array.from(chunk)));
}"""
WORDS = "托育𠮷😀 three"


@pytest.fixture(scope="module")
def page(house: House) -> Iterator[Any]:
    with house.visit() as visiting:
        yield visiting.open()


def feed(page: Any, data: bytes, size: int) -> list[tuple[str, str]]:
    chunks = [list(data[at : at + size]) for at in range(0, len(data), size)]
    return [(event["event"], event["data"]) for event in page.evaluate(FEED, chunks)]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_chunks_may_end_anywhere(page: Any, size: int, end: str) -> None:
    lines = [
        ": note",
        "event: delta",
        f"data: {WORDS}",
        "",
        "data: first",
        "data:second",
        "",
        "event: ping",
        "data",
        "",
        "",
    ]
    events = feed(page, end.join(lines).encode(), size)
    assert events == [("delta", WORDS), ("message", "first\nsecond"), ("ping", "")]


def test_an_unfinished_event_and_one_without_data_are_dropped(page: Any) -> None:
    assert feed(page, b"event: lonely\n\ndata: kept\n\nevent: final\ndata: cut off\n", 4) == [
        ("message", "kept")
    ]


def test_a_byte_order_mark_and_fields_that_are_not_known_do_no_harm(page: Any) -> None:
    assert feed(page, "\ufeffid: 7\nretry: 10\nevent:final\ndata: {}\n\n".encode(), 2) == [("final", "{}")]
