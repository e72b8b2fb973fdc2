"""What can go wrong between a question and its answer, each with what to do about it."""

from __future__ import annotations

from pathlib import Path


class PlanqaError(Exception):
    """Base of the errors that a user can act on.

    ``code`` is stable and part of the HTTP contract; ``status`` is the HTTP status that goes with it.
    """

    code = "error"
    status = 500

    def __init__(self, message: str, detail: dict[str, object] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail or {}


class BadQuestion(PlanqaError):
    """The question is empty, too long or asks for something that does not exist."""

    code = "bad_question"
    status = 400


class QuestionTooLong(BadQuestion):
    """The question has more characters than the settings allow."""

    code = "question_too_long"
    status = 413

    def __init__(self, found: int, limit: int) -> None:
        super().__init__(
            f"the question has {found} characters; at most {limit} are taken. Shorten it.",
            {"found": found, "limit": limit},
        )


class UnknownFilter(PlanqaError):
    """A filter names a city, year or plan that the corpus does not hold."""

    code = "unknown_filter"
    status = 400

    def __init__(self, kind: str, value: object, known: list[str]) -> None:
        super().__init__(
            f"filter {kind} has the value {value!r}, which no plan in the corpus matches; "
            f"known values: {', '.join(known)}.",
            {"filter": kind, "found": value, "known": known},
        )


class NotInCorpus(PlanqaError):
    """A plan or item id that the corpus does not hold."""

    code = "not_found"
    status = 404


class SettingsError(PlanqaError):
    """A setting is unknown or has a value that it cannot have."""

    code = "bad_setting"


class IndexMissing(PlanqaError):
    """There is no finished index where one was expected."""

    code = "index_missing"
    status = 503

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"no usable index in {path}: {why}. Run `planqa index`.", {"why": why})


class IndexMismatch(PlanqaError):
    """The index was built with other parts than the ones now in use."""

    code = "index_mismatch"
    status = 503

    def __init__(self, what: str, found: object, wanted: object) -> None:
        super().__init__(
            f"the index was built with {what} {found!r}, but {wanted!r} is in use. Run `planqa index`.",
            {"what": what, "found": found, "wanted": wanted},
        )


class GeneratorUnavailable(PlanqaError):
    """The language model is not there or failed while it answered."""

    code = "generator_unavailable"
    status = 503
