"""What the server answers with: filled while the server already runs, exchanged while it answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rag.answer import Answerer
from rag.errors import IndexMissing

Require = Callable[[], Answerer]
"""Gives the answerer, or raises IndexMissing."""


@dataclass(slots=True)
class Engine:
    """Holds the current answerer. A request keeps the one that it began with, so exchanging it fails none."""

    answerer: Answerer | None = None
    missing: list[str] = field(default_factory=list)
    """Short names of what is not there yet: corpus, encoder, index, model."""
    warnings: list[str] = field(default_factory=list)
    index_dir: Path = Path()
    loading: bool = False
    """Whether what is missing is on its way."""
    draining: bool = False
    """Whether the server is being stopped."""
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def require(self) -> Answerer:
        """The answerer; raises IndexMissing where it is not there yet."""
        if self.answerer is None:
            why = (
                f"{', '.join(self.missing) or 'everything'} {'still loading' if self.loading else 'missing'}"
            )
            raise IndexMissing(self.index_dir, why)
        return self.answerer

    def load(self, *missing: str) -> None:
        """Say that these parts are being loaded."""
        with self._changed:
            self.missing = list(missing)
            self.loading = True
            self._changed.notify_all()

    def put(self, answerer: Answerer, *missing: str, warnings: tuple[str, ...] = ()) -> None:
        """Answer with this one from now on; ``missing`` is what it still lacks, as the model."""
        with self._changed:
            self.answerer = answerer
            self.missing = list(missing)
            self.warnings = list(warnings)
            self.loading = bool(missing)
            self._changed.notify_all()

    def fail(self, *warnings: str) -> None:
        """Say that loading ended and what is missing stays missing."""
        with self._changed:
            self.loading = False
            self.warnings = list(warnings)
            self._changed.notify_all()

    def wait(self, timeout_s: float, stopped: Callable[[], bool]) -> Answerer:
        """Wait while the answerer is being loaded, then give it; raises IndexMissing where none comes.

        ``stopped`` is asked whenever :meth:`wake` was called.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self.answerer is not None or not self.loading or stopped(), timeout_s
            )
        return self.require()

    def wake(self) -> None:
        """Let everyone who waits look whether they were stopped."""
        with self._changed:
            self._changed.notify_all()
