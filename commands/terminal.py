"""Shows long work: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any, Self

from tqdm import tqdm

from embeddings.model_source import PullStatus

_LINE_EVERY_S = 5.0


class Bar:
    """A counter that is called with (done, total)."""

    def __init__(self, what: str, unit: str, total: int | None = None, scale: bool = False) -> None:
        self._what = what
        self._unit = unit
        self._on_terminal = sys.stderr.isatty()
        self._bar: tqdm[Any] | None = None
        self._scale = scale
        self._last_line = 0.0
        self._total = total

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` are done."""
        if self._on_terminal:
            if self._bar is None:
                self._bar = tqdm(total=total, desc=self._what, unit=f" {self._unit}", unit_scale=self._scale)
            self._bar.update(done - self._bar.n)
            return
        now = time.monotonic()
        if done >= total or now - self._last_line >= _LINE_EVERY_S:
            self._last_line = now
            sys.stderr.write(f"{self._what}: {self._number(done)} of {self._number(total)} {self._unit}\n")
            sys.stderr.flush()

    def close(self) -> None:
        """End the bar, where there is one."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _number(self, value: int) -> str:
        return f"{value / 1e6:,.0f}M" if self._scale else str(value)


class PullLines:
    """Shows the steps of fetching a model."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._key: tuple[str, str, str] | None = None

    def __call__(self, status: PullStatus) -> None:
        """Show one step."""
        key = (status.model, status.stage, status.source)
        if key != self._key:
            self.close()
            self._key = key
            if status.stage != "ready":
                sys.stderr.write(f"{status.model}: {status.message}\n")
                sys.stderr.flush()
        if status.total_bytes:
            if self._bar is None:
                self._bar = Bar(f"{status.model} {status.stage}", "B", status.total_bytes, scale=True)
            self._bar(status.done_bytes, status.total_bytes)

    def close(self) -> None:
        """End the bar, where there is one."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
