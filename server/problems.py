"""Errors on the wire: the right status, one shape, a request id; the text of a surprise stays in the log."""

from __future__ import annotations

import math

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from rag.errors import PlanqaError
from server.errors import TooMany

_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}
_OPENAI_TYPES = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
OPENAI_PREFIXES = ("/v1/chat/", "/v1/models")
RETRY_AFTER_S = 5


def request_id(request: Request) -> str:
    """The id under which this request stands in the log."""
    return str(request.scope.get("planqa.request_id", "unknown"))


def error_body(code: str, message: str, detail: object, identifier: str) -> dict[str, object]:
    """What every error has."""
    return {"code": code, "message": message, "detail": jsonable_encoder(detail), "request_id": identifier}


def openai_error(status: int, body: dict[str, object]) -> dict[str, object]:
    """The same with the fields that OpenAI's clients look for."""
    kind = _OPENAI_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    detail = body["detail"]
    param = detail.get("param") if isinstance(detail, dict) else None
    return body | {"type": kind, "param": param}


def problem(
    request: Request,
    status: int,
    code: str,
    message: str,
    detail: object = None,
    retry_after_s: int | None = None,
) -> JSONResponse:
    """An error in the shape that every error has."""
    request.scope["planqa.error_code"] = code
    body = error_body(code, message, detail, request_id(request))
    if request.scope["path"].startswith(OPENAI_PREFIXES):
        body = openai_error(status, body)
    headers = {}
    if status in (429, 503):
        headers["Retry-After"] = str(retry_after_s or RETRY_AFTER_S)
    if status == 401:
        # A browser that opens the page asks for the key by itself; everything else reads the message.
        headers["WWW-Authenticate"] = 'Basic realm="planqa", charset="UTF-8"'
    return JSONResponse({"error": body}, status, headers)


def known_problem(request: Request, error: PlanqaError) -> JSONResponse:
    """The reply to an error that was foreseen."""
    retry_after_s = error.retry_after_s if isinstance(error, TooMany) else None
    return problem(request, error.status, error.code, error.message, error.detail, retry_after_s)


def add_error_handlers(app: FastAPI) -> None:
    """Map every error that was foreseen to its reply; RequestContext has the others."""

    @app.exception_handler(PlanqaError)
    async def known(request: Request, error: PlanqaError) -> JSONResponse:
        return known_problem(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        message = f"{where or 'the body'}: {first['msg']}."
        found = [{"where": list(e["loc"]), "message": e["msg"], "type": e["type"]} for e in error.errors()]
        detail = {"param": where or None, "errors": jsonable_encoder(found, custom_encoder={float: _finite})}
        return problem(request, 422, "invalid_request", message, detail)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        code = _CODES.get(error.status_code, "http_error")
        reply = problem(request, error.status_code, code, str(error.detail))
        for name, value in (error.headers or {}).items():
            reply.headers[name] = value
        if error.status_code == 405:
            # The router names the methods of the first route that fits the path; there may be several.
            reply.headers["Allow"] = ", ".join(_methods(app, request.scope["path"])) or reply.headers["Allow"]
        return reply


def _methods(app: FastAPI, path: str) -> list[str]:
    return sorted(
        method.upper()
        for template, operations in app.openapi()["paths"].items()
        if compile_path(template)[0].fullmatch(path)
        for method in operations
    )


def _finite(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
