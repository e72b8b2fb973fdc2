"""The log: JSON lines with the request's id, and never a word of a question or a plan."""

from __future__ import annotations

import contextvars
import json
import logging
import sys
import time
import traceback
from types import TracebackType
from typing import Any

from rag.settings import Settings

request_id_var: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
"""The id of the request that the running code belongs to; empty outside of one."""

_PRIVATE = ("client", "key")
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LogFormatter(logging.Formatter):
    """One line a record, as JSON or as words.

    What an exception says is left out, since it may hold a question's words: its type and the lines of code
    that it passed through are enough. At the level ``debug`` it is told in full.
    """

    def __init__(self, as_json: bool, redact: bool, full_errors: bool) -> None:
        super().__init__()
        self._as_json = as_json
        self._redact = redact
        self._full_errors = full_errors

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{record.msecs:03.0f}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if identifier := request_id_var.get():
            line["request_id"] = identifier
        for name, value in getattr(record, "fields", {}).items():
            if not (self._redact and name in _PRIVATE):
                line[name] = value
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        if self._as_json:
            return json.dumps(line, ensure_ascii=False, default=str)
        return _as_words(line)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the name is the standard library's
        """The exception's type and path, without its words unless they are wanted."""
        if self._full_errors:
            return super().formatException(ei)
        if ei[1] is None:
            return ""
        frames = traceback.extract_tb(ei[2])
        path = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        return f"{type(ei[1]).__name__} at {path}"


def configure_logs(settings: Settings) -> None:
    """Let every logger of the process write to standard error in the form that the settings name."""
    full_errors = settings.log_level == "debug"
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LogFormatter(settings.log_format == "json", settings.log_redact, full_errors))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for ours in ("corpus", "embeddings", "rag", "server"):
        logging.getLogger(ours).setLevel(settings.log_level.upper())


def _as_words(line: dict[str, Any]) -> str:
    first = f"{line.pop('time')} {line.pop('level')} {line.pop('logger')}: {line.pop('message')}"
    return " ".join([first, *(f"{name}={value}" for name, value in line.items())])
