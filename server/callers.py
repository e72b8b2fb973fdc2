"""Who asks, and whether they still wait."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TypeVar

import anyio
from fastapi import Request

from rag.records import AskRequest
from server.asking import Asking
from server.errors import ClientGone

T = TypeVar("T")


def asking(
    request: Request, question: AskRequest, session_id: str | None = None, own_history: bool = False
) -> Asking:
    """The question as this request's caller asks it."""
    owner = str(request.scope.get("planqa.owner", ""))
    client = str(request.scope.get("planqa.client", ""))
    # Without keys everyone on this machine has one address; a conversation tells them apart a little.
    return Asking(question, owner or f"{client} {session_id or ''}", owner, session_id, own_history)


async def while_there(request: Request, work: Coroutine[None, None, T]) -> T:
    """The result of ``work``, which is cancelled when the client goes away; then raises ClientGone."""
    results: list[T] = []
    errors: list[Exception] = []

    async def watch(scope: anyio.CancelScope) -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        scope.cancel()

    async with anyio.create_task_group() as group:
        group.start_soon(watch, group.cancel_scope)
        try:
            results.append(await work)
        except Exception as error:  # raised below as it is, and not in a group
            errors.append(error)
        group.cancel_scope.cancel()
    if errors:
        raise errors[0]
    if not results:
        raise ClientGone
    return results[0]
