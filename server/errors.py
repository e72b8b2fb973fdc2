"""What a server can refuse, beside what the chain refuses."""

from __future__ import annotations

from rag.errors import PlanqaError


class Busy(PlanqaError):
    """Too many questions run or wait."""

    code = "busy"
    status = 503

    def __init__(self, waiting: int, whose: str) -> None:
        super().__init__(
            f"{waiting} questions {whose} run or wait already; try again in a few seconds.",
            {"waiting": waiting},
        )


class TimedOut(PlanqaError):
    """An answer took longer than the settings allow."""

    code = "timed_out"
    status = 504

    def __init__(self, limit_s: float) -> None:
        super().__init__(
            f"the answer was not ready after {limit_s:g} s and was given up; ask a narrower question, "
            "ask with generate: false, or try again later.",
            {"limit_s": limit_s},
        )


class ShuttingDown(PlanqaError):
    """The server is being stopped."""

    code = "shutting_down"
    status = 503

    def __init__(self) -> None:
        super().__init__("the server is being stopped; try again in a moment.")


class ClientGone(PlanqaError):
    """The client went away; nobody reads this."""

    code = "client_gone"
    status = 499

    def __init__(self) -> None:
        super().__init__("the client went away before the answer was ready.")


class TooLarge(PlanqaError):
    """A request or a part of it is larger than the settings allow."""

    code = "too_large"
    status = 413

    def __init__(self, what: str, found: int, limit: int, unit: str) -> None:
        super().__init__(
            f"{what} has {found} {unit}; at most {limit} are taken.", {"found": found, "limit": limit}
        )


class TooMany(PlanqaError):
    """An API key made more requests than it may."""

    code = "too_many_requests"
    status = 429

    def __init__(self, limit: int, retry_after_s: int) -> None:
        super().__init__(
            f"this API key may make {limit} requests a minute; try again in {retry_after_s} s.",
            {"limit": limit, "retry_after_s": retry_after_s},
        )
        self.retry_after_s = retry_after_s


class KeyNeeded(PlanqaError):
    """There is no API key in the request, or not one that is known."""

    code = "unauthorized"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "this server needs an API key: send it as `Authorization: Bearer KEY`. "
            "Whoever runs the server makes one with `planqa keys create NAME`."
        )


class WrongHost(PlanqaError):
    """A keyless server was addressed by a name that is not its own."""

    code = "wrong_host"
    status = 421

    def __init__(self, host: str) -> None:
        super().__init__(
            "this server needs no key and therefore answers to its loopback names alone; "
            "add a name that you trust to `allowed_hosts`.",
            {"found": host},
        )


class UnknownRecord(PlanqaError):
    """A session or an answer that is not kept here."""

    code = "not_found"
    status = 404

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__(
            f"there is no {kind} {record_id!r}; it was deleted, or never kept.", {f"{kind}_id": record_id}
        )


class StoreFailed(PlanqaError):
    """The database cannot be read or written."""

    code = "store_failed"
    status = 503


class Internal(PlanqaError):
    """A fault of ours; the log has what happened."""

    code = "internal"
    status = 500

    def __init__(self) -> None:
        super().__init__("something went wrong here; the log has it under this request id.")
