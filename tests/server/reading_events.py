"""Reads server-sent events the way the standard says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Sent:
    """One server-sent event."""

    kind: str
    data: Any


def read_events(lines: Iterable[str]) -> Iterator[Sent]:
    """The events of a stream, one at each empty line."""
    kind, data = "message", []
    for line in lines:
        if line == "":
            if data:
                yield Sent(kind, json.loads("\n".join(data)))
            kind, data = "message", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            kind = value
        elif field == "data":
            data.append(value)


def of_kind(events: Iterable[Sent], kind: str) -> list[Any]:
    """The data of the events of one kind."""
    return [event.data for event in events if event.kind == kind]
