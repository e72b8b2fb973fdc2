"""Builds the web application around a ready-made answerer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

from rag.answer import Answerer
from rag.errors import IndexMissing
from server.answers import answer_router
from server.library import library_router
from server.problems import RequestIds, add_error_handlers
from server.security import SecurityHeaders
from server.wire import ErrorBody, Health, Readiness

_HERE = Path(__file__).parent


@dataclass(slots=True)
class Engine:
    """What the server answers with; it may come ready, or be filled while the server already runs."""

    answerer: Answerer | None = None
    missing: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    index_dir: Path = Path()

    def require(self) -> Answerer:
        """The answerer; raises IndexMissing where it is not there yet."""
        if self.answerer is None:
            raise IndexMissing(self.index_dir, "; ".join(self.missing) or "it is still being prepared")
        return self.answerer


def create_app(engine: Engine, version: str, max_waiting: int = 16) -> FastAPI:
    """The application; ``max_waiting`` questions may wait for the model before a further one gets a 503."""
    app = FastAPI(
        title="planqa",
        version=version,
        summary="Ask questions of government work plans; every answer quotes the plans word for word.",
        docs_url=None,
        redoc_url=None,
        responses={422: {"model": ErrorBody, "description": "The request does not have the right form."}},
    )
    add_error_handlers(app)
    app.include_router(answer_router(engine.require, max_waiting))
    app.include_router(library_router(engine.require))
    _add_operations(app, engine)
    _add_page(app, version)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestIds)
    return app


def _add_operations(app: FastAPI, engine: Engine) -> None:
    @app.get("/healthz", response_model=Health, tags=["operations"])
    async def healthz() -> dict[str, str]:
        """Tell that the process runs."""
        return {"status": "ok"}

    @app.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}}, tags=["operations"])
    async def readyz(response: Response) -> Readiness:
        """Tell whether questions can be answered, and what is missing."""
        answerer = engine.answerer
        if answerer is None:
            response.status_code = 503
            missing = engine.missing or ["the index and the models are still being loaded"]
            return Readiness(
                status="not_ready", missing=missing, warnings=engine.warnings, model=None, index=None
            )
        model = answerer.generator.name if answerer.generator else None
        return Readiness(
            status="ready",
            missing=[],
            warnings=engine.warnings,
            model=model,
            index=answerer.index.manifest.index_id,
        )


def _add_page(app: FastAPI, version: str) -> None:
    templates = Jinja2Templates(_HERE / "templates")

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def page(request: Request) -> Response:
        context: dict[str, Any] = {"version": version}
        return templates.TemplateResponse(request, "index.html", context)

    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")


Require = Callable[[], Answerer]
"""Gives the answerer, or raises IndexMissing."""
