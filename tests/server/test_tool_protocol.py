"""The Model Context Protocol through its own client, over HTTP and over standard input and output."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from live_server import live
from mcp import Client, StdioServerParameters
from small_chain import ENUMERATE, LOOKUP, ScriptedGenerator

from rag.answer import Answerer
from server.app import Engine, create_app

ROOT = Path(__file__).parents[2]


def over_http(answerer: Answerer, work: Callable[[Client], Awaitable[None]]) -> None:
    with live(create_app(Engine(answerer), "1")) as address:

        async def run() -> None:
            async with Client(f"{address}/mcp") as client:
                await work(client)

        asyncio.run(run())


def content(result: Any) -> dict[str, Any]:
    assert not result.is_error, result.content
    found: dict[str, Any] = json.loads(result.content[0].text)
    return found


async def use_every_tool(client: Client) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"ask", "search_items", "list_plans", "get_item"}
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools.values())
    answer = content(await client.call_tool("ask", {"question": LOOKUP}))
    assert answer["answer"] == "新建、改扩建各类型幼儿园50所。[1]"
    found = content(await client.call_tool("search_items", {"question": "幼儿园", "k": 2, "years": [2018]}))
    assert [hit["plan_id"] for hit in found["hits"]] == ["qingdao-2018"] * 2
    plans = content(await client.call_tool("list_plans", {}))["plans"]
    assert len(plans) == 7
    item_id = answer["citations"][0]["item_id"]
    item = content(await client.call_tool("get_item", {"item_id": item_id}))
    assert answer["citations"][0]["quote"] in item["text"]


async def make_mistakes(client: Client) -> None:
    for tool, arguments, words in (
        ("ask", {"question": " "}, "bad_question"),
        ("ask", {"question": LOOKUP, "cities": ["亚特兰蒂斯"]}, "unknown_filter"),
        ("search_items", {"question": "x" * 2001}, "question_too_long"),
        ("search_items", {"question": LOOKUP, "k": 0}, "greater than or equal to 1"),
        ("get_item", {"item_id": "no-such#1"}, "not_found"),
    ):
        result = await client.call_tool(tool, arguments)
        assert result.is_error
        assert words in result.content[0].text, result.content


def test_every_tool_works_over_http(answerer: Answerer) -> None:
    over_http(answerer, use_every_tool)


def test_mistakes_are_told_in_words(answerer: Answerer) -> None:
    over_http(answerer, make_mistakes)


def test_a_tool_without_an_index_says_so() -> None:
    async def work(client: Client) -> None:
        for tool, arguments in (("list_plans", {}), ("ask", {"question": LOOKUP})):
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert "index_missing" in result.content[0].text

    with live(create_app(Engine(missing=["index"]), "1")) as address:

        async def run() -> None:
            async with Client(f"{address}/mcp") as client:
                await work(client)

        asyncio.run(run())


def test_a_call_that_is_given_up_stops_the_model(answerer: Answerer, generator: ScriptedGenerator) -> None:
    generator.gate.clear()

    async def work(client: Client) -> None:
        call = asyncio.create_task(client.call_tool("ask", {"question": LOOKUP}))
        await asyncio.to_thread(generator.wait_started, 1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await asyncio.to_thread(generator.wait_idle)

    over_http(answerer, work)
    assert generator.n_stopped == 1


async def follow_progress(client: Client) -> None:
    steps: list[tuple[float, str | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        steps.append((progress, message))

    result = await client.call_tool("ask", {"question": ENUMERATE}, progress_callback=hear)
    verdicts = content(result)["verdicts"]
    words = [message for _, message in steps]
    assert [number for number, _ in steps] == list(range(1, len(steps) + 1))
    assert words[0] == "question read"
    assert [word for word in words if word and word.startswith("plan ")] == [
        f"plan {n} of 7, {verdict['plan_id']}: {verdict['verdict']}"
        for n, verdict in enumerate(verdicts, start=1)
    ]


def test_a_caller_is_told_of_every_step(answerer: Answerer) -> None:
    over_http(answerer, follow_progress)


STDIO = """
import sys, tempfile
from pathlib import Path
sys.path.insert(0, {here!r})
from small_chain import ScriptedGenerator, small_answerer, small_index
from rag.settings import Settings
from server.engine import Engine
from server.run import serve_tools
with tempfile.TemporaryDirectory() as folder:
    answerer = small_answerer(small_index(Path(folder)), ScriptedGenerator())
    serve_tools(Settings(home=Path(folder)), "1", answerer)
"""


@asynccontextmanager
async def over_stdio() -> AsyncIterator[Client]:
    program = STDIO.format(here=str(Path(__file__).parent))
    server = StdioServerParameters(
        command=sys.executable, args=["-c", program], cwd=str(ROOT), env={"PYTHONPATH": str(ROOT)}
    )
    async with Client(server) as client:
        yield client


def test_every_tool_works_over_standard_input_and_output() -> None:
    async def run() -> None:
        async with over_stdio() as client:
            await use_every_tool(client)
            await make_mistakes(client)
            await follow_progress(client)

    asyncio.run(run())
