"""Who may come in: API keys where the server asks for them, else its own names; and how often."""

from __future__ import annotations

import asyncio
import base64
import binascii
import ipaddress
import math
import time
from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import PlanqaError, SettingsError
from rag.settings import Settings
from server.errors import KeyNeeded, TooMany, WrongHost
from server.keys import KeyRing
from server.problems import known_problem

_OPEN = ("/healthz", "/readyz", "/openapi.json", "/static/")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def needs_key(settings: Settings) -> bool:
    """Whether the settings ask for API keys."""
    return settings.require_key or not is_loopback(settings.host)


def check_access(settings: Settings, keys: KeyRing) -> None:
    """Refuse to serve to others without any key; raises SettingsError."""
    if needs_key(settings) and not keys.has_valid():
        raise SettingsError(
            f"serving on {settings.host} needs an API key and there is none: make one with "
            "`planqa keys create NAME`, or serve on 127.0.0.1.",
            {"host": settings.host},
        )


class Rates:
    """Lets each key make so many requests a minute, in bursts up to as many."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key_id: str) -> None:
        """Count one request; raises TooMany where the key has none left."""
        if not self._per_minute:
            return
        now = self._clock()
        left, since = self._left.get(key_id, (float(self._per_minute), now))
        left = min(float(self._per_minute), left + (now - since) * self._per_minute / 60)
        if left < 1:
            self._left[key_id] = (left, now)
            raise TooMany(self._per_minute, math.ceil((1 - left) * 60 / self._per_minute))
        self._left[key_id] = (left - 1, now)


class Access:
    """Tells every request apart by its key or its address, and turns away those who may not come in."""

    def __init__(self, app: ASGIApp, settings: Settings, keys: KeyRing) -> None:
        self._app = app
        self._keys = keys
        self._needs_key = needs_key(settings)
        self._hosts = frozenset(name.lower() for name in (*settings.allowed_hosts, settings.host))
        self._rates = Rates(settings.requests_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["planqa.owner"] = ""
        scope["planqa.client"] = (scope.get("client") or ("unknown", 0))[0]
        try:
            if self._needs_key:
                await self._check_key(scope)
            else:
                self._check_host(scope)
        except PlanqaError as error:
            await known_problem(Request(scope), error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _check_key(self, scope: Scope) -> None:
        if scope["path"].startswith(_OPEN):
            return
        text = _key_of(scope["headers"])
        stored = await asyncio.to_thread(self._keys.find, text)
        if stored is None:
            raise KeyNeeded
        scope["planqa.owner"] = scope["planqa.client"] = stored.key_id
        self._rates.take(stored.key_id)

    def _check_host(self, scope: Scope) -> None:
        """Turn away pages that reach this server under a name of theirs, made to point here."""
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
        name = _without_port(host)
        if name not in self._hosts and not is_loopback(name):
            raise WrongHost(host)


def _key_of(headers: Sequence[tuple[bytes, bytes]]) -> str:
    """The key in ``Authorization``, as bearer or as the password that a browser asks for."""
    given = dict(headers).get(b"authorization", b"").decode("latin-1")
    scheme, _, value = given.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
