"""What the server counts, in the form that Prometheus reads. Each application has a registry of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from rag.records import Answer

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300)
_TOKENS = ("prompt_tokens", "cached_tokens", "generated_tokens")
_REMOVED = ("removed_claims", "removed_quotes")


class Metrics:
    """Counts requests, stages, tokens, refusals and what was removed from answers."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = self._counter(
            "requests", "Requests by route and status.", "route", "method", "status"
        )
        self._seconds = self._histogram("request_seconds", "Time to the end of the reply.", "route")
        self._errors = self._counter("errors", "Refused and failed requests by code.", "code")
        self._answers = self._counter("answers", "Answers by mode and status.", "mode", "status")
        self._stages = self._histogram("stage_seconds", "Time of each stage of an answer.", "stage")
        self._waited = self._histogram("queue_seconds", "Time that answers waited for the model.")
        self._tokens = self._counter("tokens", "Tokens read and written by the model.", "kind")
        self._removed = self._counter(
            "removed", "Generated claims and quotes that failed a check and were removed.", "kind"
        )
        self._reused = self._counter("reused_answers", "Answers given again from the store.")
        self._gone = self._counter("clients_gone", "Answers stopped because their client went away.")
        for kind in _REMOVED:
            self._removed.labels(kind)
        for kind in _TOKENS:
            self._tokens.labels(kind)

    def watch(self, name: str, text: str, read: Callable[[], float]) -> None:
        """A value that is read when it is asked for."""
        Gauge(f"planqa_{name}", text, registry=self.registry).set_function(read)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request when its reply has ended."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def error(self, code: str) -> None:
        """Count a request that was refused or failed."""
        self._errors.labels(code).inc()

    def answer(self, answer: Answer, waited_s: float) -> None:
        """Count an answer that was made now."""
        self._answers.labels(answer.mode, answer.status).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)
        self._waited.observe(waited_s)
        self._add(self._tokens, _TOKENS, answer.model)
        self._add(self._removed, _REMOVED, answer.model)

    def reused(self) -> None:
        """Count an answer that came from the store."""
        self._reused.inc()

    def gone(self) -> None:
        """Count an answer whose client went away."""
        self._gone.inc()

    def text(self) -> bytes:
        """Everything, in the text form."""
        return generate_latest(self.registry)

    def _add(self, counter: Counter, kinds: tuple[str, ...], counts: Mapping[str, Any]) -> None:
        for kind in kinds:
            counter.labels(kind).inc(counts.get(kind, 0))

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"planqa_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, *labels: str) -> Histogram:
        return Histogram(f"planqa_{name}", text, labels, buckets=_SECONDS, registry=self.registry)
