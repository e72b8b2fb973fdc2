"""Waiting for what must happen, as long as a slow machine may need for it."""

from __future__ import annotations

import time
from collections.abc import Callable

WAIT_S = 60.0
"""How long tests wait for one thing."""
_LOOK_EVERY_S = 0.005


def wait_for(true: Callable[[], bool], what: str) -> None:
    """Return once it is true; raises TimeoutError, which says ``what`` did not happen."""
    deadline = time.monotonic() + WAIT_S
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {WAIT_S:g} s: {what}")
        time.sleep(_LOOK_EVERY_S)
