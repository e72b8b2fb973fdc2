"""Builds the web application around an engine, a store and the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

from rag.settings import Settings
from server.access import Access
from server.answers import answer_router
from server.asking import Asker
from server.chat import chat_router
from server.context import RequestContext
from server.databases import SqliteDatabase
from server.document import complete_document
from server.engine import Engine
from server.errors import StoreFailed
from server.examples import EVERYWHERE, NOT_READY, READY, errors, example
from server.keeping import Keeper
from server.keys import KeyRing
from server.library import library_router
from server.metrics import CONTENT_TYPE, Metrics
from server.problems import add_error_handlers
from server.security import BodyLimit, SecurityHeaders
from server.sessions import kept_router, session_router
from server.sql_store import SqlStore
from server.store import Store
from server.tools import mcp_server
from server.wire_records import Health, Readiness

__all__ = ["Engine", "create_app", "make_asker"]
_HERE = Path(__file__).parent


def create_app(
    engine: Engine, version: str, settings: Settings | None = None, store: Store | None = None
) -> FastAPI:
    """The application; without a store it keeps things in memory, as long as it lives."""
    settings = settings or Settings()
    store = store or SqlStore(SqliteDatabase(None))
    metrics = Metrics()
    asker = make_asker(engine, version, settings, store, metrics)
    tools = mcp_server(asker, engine, version)
    app = FastAPI(
        title="planqa",
        version=version,
        summary="Ask questions of government work plans; every answer quotes the plans word for word.",
        docs_url=None,
        redoc_url=None,
        responses=errors("invalid_request", *EVERYWHERE),
        lifespan=_lifespan(asker, tools, store),
    )
    app.state.asker = asker
    add_error_handlers(app)
    app.include_router(answer_router(asker, engine.require))
    app.include_router(library_router(engine.require))
    app.include_router(session_router(store, engine))
    app.include_router(kept_router(store))
    app.include_router(chat_router(asker, settings.max_history))
    _add_operations(app, engine, store, metrics)
    _add_page(app, version, settings.keep_answers)
    _add_tools(app, tools, settings.max_body_bytes)
    _surround(app, settings, store, metrics)
    complete_document(app, engine, settings)
    return app


def make_asker(engine: Engine, version: str, settings: Settings, store: Store, metrics: Metrics) -> Asker:
    """What answers the questions of every interface."""
    keeper = Keeper(store, settings.keep_answers, settings.max_history, version)
    return Asker(engine, settings, keeper, metrics)


def _lifespan(asker: Asker, tools: MCPServer[Any], store: Store) -> Any:  # noqa: ANN401 - FastAPI's own type
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield
        asker.close()
        store.close()

    return lifespan


def _surround(app: FastAPI, settings: Settings, store: Store, metrics: Metrics) -> None:
    """Add what every request passes; the last one added is met first."""
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(Access, settings=settings, keys=KeyRing(store))
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "X-Request-ID", "Mcp-Protocol-Version"],
            expose_headers=["X-Request-ID", "Retry-After"],
        )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestContext, metrics=metrics)


def _add_operations(app: FastAPI, engine: Engine, store: Store, metrics: Metrics) -> None:
    @app.get(
        "/healthz", response_model=Health, tags=["operations"], responses={200: example({"status": "ok"})}
    )
    async def healthz() -> dict[str, str]:
        """Tell that the process runs."""
        return {"status": "ok"}

    replies: Mapping[int | str, dict[str, Any]] = {
        200: example(READY),
        503: {"model": Readiness, "description": "Something is missing.", **example(NOT_READY)},
    }

    @app.get("/readyz", response_model=Readiness, responses=dict(replies), tags=["operations"])
    def readyz(response: Response) -> Readiness:
        """Tell whether questions can be answered, and what is missing."""
        answerer = engine.answerer
        missing = [*engine.missing, *_database_trouble(store)]
        if answerer is None and not missing:
            missing = ["index"]
        ready = answerer is not None and not engine.draining and "database" not in missing
        if not ready:
            response.status_code = 503
        generator = answerer.generator if answerer is not None else None
        return Readiness(
            status="ready" if ready else "not_ready",
            missing=missing,
            warnings=engine.warnings,
            model=None if generator is None else generator.name,
            index=None if answerer is None else answerer.index.manifest.index_id,
        )

    shown = {"text/plain": {"schema": {"type": "string"}, "example": "planqa_answers_total 1.0\n"}}
    text: dict[int | str, dict[str, Any]] = {200: {"content": shown}}

    @app.get("/metrics", response_class=Response, responses=text, tags=["operations"])
    def numbers() -> Response:
        """Give the counts that Prometheus reads."""
        return Response(metrics.text(), media_type=CONTENT_TYPE)


def _database_trouble(store: Store) -> list[str]:
    try:
        store.key("")
    except StoreFailed:
        return ["database"]
    return []


def _add_tools(app: FastAPI, tools: MCPServer[Any], max_bytes: int) -> None:
    """The tools over streamable HTTP at /mcp; the host was checked before, by Access."""
    inner = tools.streamable_http_app(
        stateless_http=True,
        max_request_body_size=max_bytes,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    app.router.routes.extend(inner.routes)


def _add_page(app: FastAPI, version: str, keeps: bool) -> None:
    templates = Jinja2Templates(_HERE / "templates")

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def page(request: Request) -> Response:
        context: dict[str, Any] = {"version": version, "keeps": "yes" if keeps else "no"}
        return templates.TemplateResponse(request, "index.html", context)

    app.mount("/static", GZipMiddleware(StaticFiles(directory=_HERE / "static")), name="static")
