"""Errors on the wire: the right status, one shape, a request id; the text of a surprise stays in the log."""

from __future__ import annotations

import logging
import uuid

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import PlanqaError

_log = logging.getLogger(__name__)
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}


def request_id(request: Request) -> str:
    """The id under which this request stands in the log."""
    return str(request.scope.get("planqa.request_id", "unknown"))


def problem(request: Request, status: int, code: str, message: str, detail: object = None) -> JSONResponse:
    """An error in the shape that every error has."""
    body = {
        "error": {
            "code": code,
            "message": message,
            "detail": jsonable_encoder(detail),
            "request_id": request_id(request),
        }
    }
    headers = {"Retry-After": "5"} if status == 503 else None
    return JSONResponse(body, status, headers)


class RequestIds:
    """Gives each request an id and sends it back as ``X-Request-ID``; a sane one of the client is kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        identifier = given if given.isascii() and given.isalnum() and len(given) <= 64 else uuid.uuid4().hex
        scope["planqa.request_id"] = identifier

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", []).append((b"x-request-id", identifier.encode()))
            await send(message)

        await self._app(scope, receive, send_with_id)


def add_error_handlers(app: FastAPI) -> None:
    """Map every error to its reply."""

    @app.exception_handler(PlanqaError)
    async def known(request: Request, error: PlanqaError) -> JSONResponse:
        return problem(request, error.status, error.code, error.message, error.detail)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        message = f"{where or 'the body'}: {first['msg']}."
        detail = [{"where": list(e["loc"]), "message": e["msg"], "type": e["type"]} for e in error.errors()]
        return problem(request, 422, "invalid_request", message, detail)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        code = _CODES.get(error.status_code, "http_error")
        return problem(request, error.status_code, code, str(error.detail))

    @app.exception_handler(Exception)
    async def surprise(request: Request, error: Exception) -> JSONResponse:
        _log.error("request %s failed", request_id(request), exc_info=error)
        message = "something went wrong here; the log has it under this request id."
        return problem(request, 500, "internal", message)
