"""What the steps of one answer share: the reading, the parts, the citations, the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from corpus.plan import Plan
from embeddings.encoder import Encoder
from rag.citations import CitationBook
from rag.errors import GeneratorUnavailable
from rag.generate import Generation, Generator
from rag.matter import matter_of
from rag.reading import Reading
from rag.records import Event, Filters, Hit
from rag.retrieve import Retriever, Scores
from rag.subjects import Subjects
from rag.views import has_words, needs_rendering, score_question
from rag.wording import model_warning

Emit = Callable[[Event], None]
Cancelled = Callable[[], bool]


def silent(event: Event) -> None:
    """Take an event and do nothing: for callers that want the answer alone."""


def never() -> bool:
    """Tell that nobody has asked to stop."""
    return False


@dataclass(frozen=True, slots=True)
class Look:
    """What a search found: the scores of the chunks, the words they were found by, the hits."""

    scores: Scores
    keywords: str
    hits: tuple[Hit, ...]


@dataclass(slots=True)
class Steps:
    """One answer in the making."""

    reading: Reading
    filters: Filters
    retriever: Retriever
    encoder: Encoder
    generator: Generator | None
    no_model_reason: str | None
    """Why there is no generator; None where there is one."""
    book: CitationBook
    subjects: Subjects
    plans: tuple[Plan, ...]
    """The plans in scope."""
    emit: Emit
    cancelled: Cancelled
    n_evidence: int
    max_tokens: int
    timings: dict[str, float] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    model_used: bool = False
    n_removed: int = 0
    """Generated sentences that did not leave."""
    evidence_ids: list[str] = field(default_factory=list)
    """The chunks that the language model read."""
    _cited: int = 0

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the time inside to the stage ``name``, in milliseconds."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = self.timings.get(name, 0.0) + (time.perf_counter() - started) * 1000

    def look(self, k: int, per_plan: bool = False) -> Look:
        """Search, and show what was found; once more by a Chinese rendering where that is needed."""
        plan_ids = self.reading.plan_ids
        with self.timed("retrieve"):
            view = score_question(self.retriever, self.reading, None, per_plan)
            hits = self.retriever.search(view.keywords, plan_ids, k, per_plan, view.scores)
        self.emit(Event("evidence", {"hits": [asdict(hit) for hit in hits]}))
        if not needs_rendering(view) or self.generator is None:
            return Look(view.scores, view.keywords, tuple(hits))
        try:
            with self.timed("render"):
                view = score_question(self.retriever, self.reading, self.generator, per_plan)
        except GeneratorUnavailable as error:
            self.lose_model(error.message)
        if view.rendering is not None:
            hits = self.retriever.search(view.keywords, plan_ids, k, per_plan, view.scores)
            self.emit(Event("evidence", {"hits": [asdict(hit) for hit in hits]}))
        return Look(view.scores, view.keywords, tuple(hits))

    def matter_scores(self, look: Look) -> Scores:
        """The scores for the matter alone; those for the whole question where its words stand in no plan."""
        matter = matter_of(self.reading)
        if matter == self.reading.topic:
            return look.scores
        with self.timed("retrieve"):
            scores = self.retriever.score(matter, self.reading.plan_ids, True)
        return look.scores if scores.foreign and not has_words(scores) else scores

    def say(self, text: str) -> None:
        """Send text that stands in the answer, and the citations that were placed since the last text."""
        for citation in self.book.citations[self._cited :]:
            self.emit(Event("citation", asdict(citation)))
        self._cited = len(self.book.citations)
        if text:
            self.emit(Event("delta", {"text": text}))

    def count(self, generation: Generation) -> None:
        """Add up what the model read and wrote."""
        self.model_used = True
        for name, value in (
            ("prompt_tokens", generation.prompt_tokens),
            ("cached_tokens", generation.cached_tokens),
            ("generated_tokens", generation.generated_tokens),
        ):
            self.tokens[name] = self.tokens.get(name, 0) + value

    def lose_model(self, reason: str) -> None:
        """Go on without the language model, and say so in the answer."""
        self.generator = None
        self.no_model_reason = reason

    def warnings(self) -> list[str]:
        """What the reader should know about how the answer was made."""
        if self.no_model_reason is None or self.no_model_reason == "generate: false":
            return []
        return [model_warning(self.no_model_reason, self.reading.language)]
