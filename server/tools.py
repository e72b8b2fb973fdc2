"""The Model Context Protocol: planqa as tools for other programs' language models."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import asdict
from typing import Annotated, Any, NoReturn

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from corpus.library import record
from rag.errors import PlanqaError
from rag.records import Answer, AskRequest, Event, Filters, Language, Mode
from server.asking import Asker, Asking
from server.engine import Engine
from server.library import find_part

INSTRUCTIONS = (
    "planqa answers questions about yearly work plans of Chinese city education departments. Every answer "
    "cites items of the plans word for word; pass the citations on. `not_found` means that the plans read do "
    "not say it, not that a city does not do it. Questions may be in Chinese or English."
)
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
Cities = Annotated[list[str] | None, Field(description="short names, as 上海 or Shanghai; none for all")]
Years = Annotated[list[int] | None, Field(description="years of the plans; none for all")]
Plans = Annotated[list[str] | None, Field(description="plan ids, as shanghai-2023; none for all")]


def mcp_server(asker: Asker, engine: Engine, version: str) -> MCPServer[Any]:
    """The four tools: ask, search_items, list_plans, get_item."""
    server: MCPServer[Any] = MCPServer(
        "planqa", instructions=INSTRUCTIONS, version=version, log_level="WARNING"
    )
    _add_asking(server, asker, engine)
    _add_reading(server, engine)
    return server


def _add_asking(server: MCPServer[Any], asker: Asker, engine: Engine) -> None:
    @server.tool(annotations=_READS)
    async def ask(
        question: Annotated[str, Field(description="what you want to know")],
        context: Context[Any, Any],
        mode: Mode = "auto",
        cities: Cities = None,
        years: Years = None,
        plans: Plans = None,
        language: Language = "auto",
        generate: Annotated[bool, Field(description="false for quotes alone, at once")] = True,
    ) -> dict[str, Any]:
        """Answer a question from the plans, with marks like [1] and the quotes that they stand for."""
        request = AskRequest(
            question,
            mode=mode,
            filters=_filters(cities, years, plans),
            language=language,
            generate=generate,
        )
        try:
            return asdict(await _answer(asker, context, request))
        except PlanqaError as error:
            _refuse(error)

    @server.tool(annotations=_READS)
    async def search_items(
        question: Annotated[str, Field(description="what to look for")],
        k: Annotated[int, Field(ge=1, le=50)] = 10,
        per_plan: Annotated[bool, Field(description="rank inside every plan, k hits each")] = False,
        cities: Cities = None,
        years: Years = None,
        plans: Plans = None,
    ) -> dict[str, Any]:
        """Find items of the plans without any language model, each with its best sentence."""
        try:
            request = AskRequest(question, filters=_filters(cities, years, plans))
            found = await asyncio.to_thread(engine.require().search, request, k, per_plan)
        except PlanqaError as error:
            _refuse(error)
        return found._asdict() | {"hits": [asdict(hit) for hit in found.hits]}


def _add_reading(server: MCPServer[Any], engine: Engine) -> None:
    @server.tool(annotations=_READS)
    async def list_plans() -> dict[str, Any]:
        """List the plans of the corpus with city, year, and how both are known."""
        try:
            return {"plans": [record(plan) for plan in engine.require().index.plans]}
        except PlanqaError as error:
            _refuse(error)

    @server.tool(annotations=_READS)
    async def get_item(
        item_id: Annotated[str, Field(description="as shanghai-2023#11, or rongcheng-2023#16.3")],
    ) -> dict[str, Any]:
        """Give the whole text of one item or sub-point."""
        try:
            return find_part(engine.require(), item_id)
        except PlanqaError as error:
            _refuse(error)


async def _answer(asker: Asker, context: Context[Any, Any], request: AskRequest) -> Answer:
    """The answer; a caller that asked for progress is told of every step."""
    run = await asker.begin(_asking(context, request))
    n_steps = 0
    async with aclosing(run.events()) as events:
        async for event in events:
            if words := _step_words(event):
                n_steps += 1
                await context.report_progress(n_steps, message=words)
    return run.result()


def _step_words(event: Event) -> str:
    """What a step is called; empty for the words of the answer, which come whole in the end."""
    data = event.data
    if event.kind == "verdict":
        return f"plan {data['done']} of {data['total']}, {data['plan_id']}: {data['verdict']}"
    if event.kind == "evidence":
        return f"{len(data['hits'])} items found"
    if event.kind != "status":
        return ""
    if data["stage"] == "queued":
        return f"waiting for the model, position {data['position']}"
    return {"read": "question read", "generate": "wording the answer"}.get(data["stage"], str(data["stage"]))


def _asking(context: Context[Any, Any], request: AskRequest) -> Asking:
    """The question as the caller's; over HTTP the caller is known by key or address."""
    over_http = context.request_context.request
    scope = over_http.scope if over_http is not None else {}
    return Asking(request, str(scope.get("planqa.client", "mcp")), str(scope.get("planqa.owner", "")))


def _filters(cities: Cities, years: Years, plans: Plans) -> Filters:
    return Filters(tuple(cities or ()), tuple(years or ()), tuple(plans or ()))


def _refuse(error: PlanqaError) -> NoReturn:
    raise ToolError(f"{error.code}: {error.message}") from error
