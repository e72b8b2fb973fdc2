"""One fair queue before the language model: clients take turns, however many questions each has waiting.

A place is held from an answer's first use of the model to the answer's end, so that the engine's cached
prompt prefix serves all the calls of one answer. Whatever needs no model never waits here.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

from rag.errors import PlanqaError
from rag.generate import Generation, Generator, Message, Sink

Tell = Callable[[int], None]
"""Called with the position in the queue, from 1, whenever it changes."""


class Call:
    """One answer's claim to the model. All methods may be called from any thread."""

    def __init__(self, queue: FairQueue, client: str, tell: Tell) -> None:
        self.client = client
        self.tell = tell
        self.waited_s = 0.0
        self._queue = queue
        self._holds = False
        self._reason: PlanqaError | None = None

    @property
    def reason(self) -> PlanqaError | None:
        """Why the answer was stopped; None where it was not."""
        return self._reason

    def is_stopped(self) -> bool:
        """Whether the answer should do no further work."""
        return self._reason is not None

    def stop(self, reason: PlanqaError) -> None:
        """Ask the answer to stop; the first reason stands. A call that waits leaves the queue at once."""
        if self._reason is None:
            self._reason = reason
            self._queue.wake()

    def enter(self) -> None:
        """Wait for a place, unless one is held already; raises the reason where the answer is stopped."""
        if self._reason is not None:
            raise self._reason
        if self._holds:
            return
        started = time.monotonic()
        try:
            self._queue.take(self)
        finally:
            self.waited_s += time.monotonic() - started
        self._holds = True

    def leave(self) -> None:
        """Free the place, where one is held."""
        if self._holds:
            self._holds = False
            self._queue.free()


class FairQueue:
    """Gives ``places`` to calls, one client after the other."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._places = places
        self._waiting: OrderedDict[str, deque[Call]] = OrderedDict()
        """Calls by client, in the order in which clients come next."""
        self._changed = threading.Condition()

    @property
    def n_waiting(self) -> int:
        """How many calls wait."""
        with self._changed:
            return sum(len(calls) for calls in self._waiting.values())

    @property
    def n_running(self) -> int:
        """How many calls hold a place."""
        with self._changed:
            return self._places - self._free

    def take(self, call: Call) -> None:
        """Block until the call has a place; raises its reason where it is stopped before."""
        told: int | None = None
        with self._changed:
            self._waiting.setdefault(call.client, deque()).append(call)
            self._changed.notify_all()
            while True:
                if call.reason is not None:
                    self._remove(call)
                    raise call.reason
                position = self._position(call)
                if self._free and position == 1:
                    self._remove(call)
                    self._to_the_end(call.client)
                    self._free -= 1
                    self._changed.notify_all()
                    return
                if position != told:
                    told = position
                    call.tell(position)
                self._changed.wait()

    def free(self) -> None:
        """Give a place back."""
        with self._changed:
            self._free += 1
            self._changed.notify_all()

    def wake(self) -> None:
        """Let every waiting call look whether it was stopped."""
        with self._changed:
            self._changed.notify_all()

    def _position(self, call: Call) -> int:
        """How many calls are served up to and with this one, if no other comes."""
        ahead = self._waiting[call.client].index(call)
        position, mine_passed = ahead + 1, False
        for client, calls in self._waiting.items():
            if client == call.client:
                mine_passed = True
            else:
                position += min(len(calls), ahead if mine_passed else ahead + 1)
        return position

    def _remove(self, call: Call) -> None:
        calls = self._waiting[call.client]
        calls.remove(call)
        if not calls:
            del self._waiting[call.client]
            self._changed.notify_all()

    def _to_the_end(self, client: str) -> None:
        if client in self._waiting:
            self._waiting.move_to_end(client)


class QueuedGenerator:
    """A generator that waits for its call's place before it works, and stops when the call is stopped."""

    def __init__(self, inner: Generator, call: Call) -> None:
        self._inner = inner
        self._call = call

    @property
    def name(self) -> str:
        """The name of the model behind it."""
        return self._inner.name

    @property
    def digest(self) -> str:
        """The digest of the model behind it."""
        return self._inner.digest

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        """Wait, then answer; raises the call's reason where it was stopped."""
        self._call.enter()
        generation = self._inner.generate(messages, max_tokens, self._asking(sink))
        if self._call.reason is not None:
            raise self._call.reason
        return generation

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        """Wait, then weigh the choices; raises the call's reason where it was stopped."""
        self._call.enter()
        scores = self._inner.choose(messages, choices, self._asking(sink))
        if self._call.reason is not None:
            raise self._call.reason
        return scores

    def _asking(self, sink: Sink | None) -> Sink:
        def take(piece: str) -> bool:
            return not self._call.is_stopped() and (sink is None or sink(piece))

        return take
