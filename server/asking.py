"""Runs answers: admits a bounded number, keeps the model's queue fair, stops what nobody waits for.

The chain works in threads; the event loop only passes events on.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
import time
from collections import Counter
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace

from rag.answer import Answerer
from rag.errors import PlanqaError
from rag.records import Answer, AskRequest, Event
from rag.settings import Settings
from server.engine import Engine
from server.errors import Busy, ClientGone, Internal, ShuttingDown, TimedOut, TooLarge
from server.keeping import Keeper, events_of, new_answer_id
from server.metrics import Metrics
from server.model_queue import Call, FairQueue, QueuedGenerator

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question and who asks it."""

    request: AskRequest
    client: str
    """Whom the queue is fair to."""
    owner: str = ""
    """Whose conversations may be used."""
    session_id: str | None = None
    own_history: bool = False
    """Whether the request says itself what went before, be it nothing."""


class _Admission:
    """Counts the answers that run or wait, over all and by client."""

    def __init__(self, limit: int, limit_per_client: int) -> None:
        self._limit = limit
        self._limit_per_client = limit_per_client
        self._by_client: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def n_admitted(self) -> int:
        with self._lock:
            return self._by_client.total()

    def enter(self, client: str) -> None:
        with self._lock:
            total, own = self._by_client.total(), self._by_client[client]
            if total >= self._limit:
                raise Busy(total, "of all clients")
            if own >= self._limit_per_client:
                raise Busy(own, "of yours")
            self._by_client[client] += 1

    def leave(self, client: str) -> None:
        with self._lock:
            self._by_client[client] -= 1
            if not self._by_client[client]:
                del self._by_client[client]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all answers share."""

    engine: Engine
    keeper: Keeper
    metrics: Metrics
    queue: FairQueue
    admission: _Admission
    threads: ThreadPoolExecutor
    timeout_s: float
    running: set[Run]


class Asker:
    """Answers questions for the routes, whichever protocol they speak."""

    def __init__(self, engine: Engine, settings: Settings, keeper: Keeper, metrics: Metrics) -> None:
        queue = FairQueue(settings.parallel_answers)
        admission = _Admission(settings.max_waiting, settings.max_waiting_per_client)
        threads = ThreadPoolExecutor(settings.max_waiting, thread_name_prefix="answer")
        self._shared = _Shared(
            engine, keeper, metrics, queue, admission, threads, settings.request_timeout_s, set()
        )
        self._max_history_chars = settings.max_history_chars
        metrics.watch("queue_waiting", "Answers that wait for the model.", lambda: queue.n_waiting)
        metrics.watch("queue_running", "Answers that hold the model.", lambda: queue.n_running)
        metrics.watch("answers_in_flight", "Answers that run or wait.", lambda: admission.n_admitted)

    async def begin(self, asking: Asking, *, may_wait: bool = False) -> Run:
        """Check the question and admit it; raises what is wrong with it, or Busy.

        With ``may_wait`` a question is taken while the index and the models are still being loaded.
        """
        engine = self._shared.engine
        if engine.draining:
            raise ShuttingDown
        self._check_history(asking.request)
        request = await asyncio.to_thread(
            self._shared.keeper.complete,
            asking.request,
            asking.owner,
            asking.session_id,
            asking.own_history,
        )
        asking = replace(asking, request=request)
        answerer = engine.answerer
        if answerer is not None:
            await asyncio.to_thread(answerer.check, request)
        elif not (may_wait and engine.loading):
            engine.require()
        self._shared.admission.enter(asking.client)
        run = Run(self._shared, asking)
        self._shared.running.add(run)
        run.start()
        return run

    async def answer(self, asking: Asking) -> Answer:
        """Answer a question; a cancelled caller stops the work."""
        run = await self.begin(asking)
        async with aclosing(run.events()) as events:
            async for _ in events:
                pass
        return run.result()

    def stop_all(self) -> None:
        """Stop every answer that still runs, each with an error that says why."""
        for run in list(self._shared.running):
            run.stop(ShuttingDown())

    def close(self) -> None:
        """Stop everything and let the threads end."""
        self.stop_all()
        self._shared.threads.shutdown(wait=True)

    def _check_history(self, request: AskRequest) -> None:
        found = sum(len(turn.content) for turn in request.history)
        if found > self._max_history_chars:
            raise TooLarge("the history", found, self._max_history_chars, "characters")


class Run:
    """One answer in the making: a thread that works, a queue of events that it fills."""

    def __init__(self, shared: _Shared, asking: Asking) -> None:
        self._shared = shared
        self._asking = asking
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._call = Call(shared.queue, asking.client, self._tell_position)
        self._answer: Answer | None = None
        self._error: PlanqaError | None = None
        self._ended = False

    def start(self) -> None:
        """Let the thread begin."""
        self._shared.threads.submit(contextvars.copy_context().run, self._work)

    def stop(self, reason: PlanqaError) -> None:
        """Ask the thread to stop."""
        self._call.stop(reason)
        self._shared.engine.wake()

    def result(self) -> Answer:
        """The answer; only there once the events have ended."""
        if self._answer is None:
            raise self._call.reason or ClientGone()
        return self._answer

    async def events(self) -> AsyncGenerator[Event]:
        """The events as they come; leaving early stops the work. Raises what went wrong."""
        deadline = self._loop.time() + self._shared.timeout_s
        try:
            while (event := await self._next(deadline)) is not None:
                yield event
            if self._error is not None:
                raise self._error
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Nobody reads the events any more: stop the work, where it has not ended by itself."""
        if not self._ended and not self._call.is_stopped():
            self._shared.metrics.gone()
            self.stop(ClientGone())

    async def _next(self, deadline: float) -> Event | None:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._events.get()
        except TimeoutError:
            late = TimedOut(self._shared.timeout_s)
            self.stop(late)
            raise late from None

    def _work(self) -> None:
        try:
            self._answer_now()
        except PlanqaError as error:
            self._error = error
        except Exception:  # a surprise: the log has it, the client an error that says where
            _log.error("an answer failed", exc_info=True)
            self._error = Internal()
        finally:
            self._call.leave()
            self._shared.admission.leave(self._asking.client)
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._ended = True
        self._shared.running.discard(self)
        self._events.put_nowait(None)

    def _answer_now(self) -> None:
        shared, asking = self._shared, self._asking
        answerer = self._answerer()
        started = time.perf_counter()
        known = shared.keeper.equal(answerer, asking.request)
        if known is not None:
            self._repeat(known, (time.perf_counter() - started) * 1000)
            return
        answer = self._with_queue(answerer).answer(asking.request, self._pass_on, self._call.is_stopped)
        if self._call.reason is not None:
            raise self._call.reason
        shared.metrics.answer(answer, self._call.waited_s)
        self._finish(shared.keeper.keep(answerer, asking.request, answer, asking.session_id))

    def _answerer(self) -> Answerer:
        engine = self._shared.engine
        if engine.answerer is None:
            self._emit(Event("status", {"stage": "loading", "missing": list(engine.missing)}))
        answerer = engine.wait(self._shared.timeout_s, self._call.is_stopped)
        if self._call.reason is not None:
            raise self._call.reason
        return answerer

    def _with_queue(self, answerer: Answerer) -> Answerer:
        """The same answerer for this one answer, its model behind the queue."""
        if answerer.generator is None:
            return answerer
        return answerer.with_generator(QueuedGenerator(answerer.generator, self._call))

    def _repeat(self, known: Answer, milliseconds: float) -> None:
        """Give an answer again that was given before, as one of this conversation."""
        shared, asking = self._shared, self._asking
        shared.metrics.reused()
        elapsed = round(milliseconds, 1)
        answer = replace(known, timings_ms={"store": elapsed, "total": elapsed})
        if asking.session_id is not None:
            answer = replace(answer, id=new_answer_id())
            answer = shared.keeper.keep(None, asking.request, answer, asking.session_id)
        for event in events_of(answer):
            self._emit(event)
        self._finish(answer)

    def _finish(self, answer: Answer) -> None:
        self._answer = answer
        self._emit(Event("final", asdict(answer)))

    def _pass_on(self, event: Event) -> None:
        # The last event waits until the answer is kept: what was acknowledged must not be lost.
        if event.kind != "final" and not self._call.is_stopped():
            self._emit(event)

    def _emit(self, event: Event) -> None:
        self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    def _tell_position(self, position: int) -> None:
        self._emit(Event("status", {"stage": "queued", "position": position}))
