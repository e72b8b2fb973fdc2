"""What surrounds every request: its id, its line in the log, its count, and the catch for surprises."""

from __future__ import annotations

import logging
import time
import uuid

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import Internal
from server.logs import request_id_var
from server.metrics import Metrics
from server.problems import known_problem

_log = logging.getLogger(__name__)
_QUIET = ("/healthz", "/readyz", "/metrics")
"""Asked every few seconds by machines: logged at the level debug."""


class RequestContext:
    """Gives each request an id, sent back as ``X-Request-ID``; a sane one of the client is kept."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identifier = _identifier(scope)
        scope["planqa.request_id"] = identifier
        token = request_id_var.set(identifier)
        started, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", []).append((b"x-request-id", identifier.encode()))
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:  # a surprise: the log has it, the client a reply in the shape of every error
            _log.error("request %s failed", identifier, exc_info=True)
            if not status:
                reply = known_problem(Request(scope), Internal())
                await reply(scope, receive, send_with_id)
        finally:
            self._report(scope, status, time.perf_counter() - started)
            request_id_var.reset(token)

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        # The route's pattern, not the path: a path may name what somebody reads.
        route = getattr(scope.get("route"), "path", None) or scope.get("planqa.route", "other")
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.request(route, method, status, seconds)
        if code := scope.get("planqa.error_code"):
            self._metrics.error(code)
        fields = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "client": (scope.get("client") or ("", 0))[0],
        }
        if scope.get("planqa.owner"):
            fields["key"] = scope["planqa.owner"]
        level = logging.DEBUG if route in _QUIET else logging.INFO
        _log.log(level, "request", extra={"fields": fields})


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _identifier(scope: Scope) -> str:
    given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    if given.isascii() and given.isalnum() and len(given) <= 64:
        return str(given)
    return uuid.uuid4().hex
