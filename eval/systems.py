"""What can be measured: planqa itself and single views of its search, behind one protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder, Progress, Vectors
from rag.generate import Generator
from rag.provenance import prompts_digest
from rag.reading import Reading
from rag.records import Answer, AskRequest, Event, Found, Hit
from rag.snapshot import Index

Emit = Callable[[Event], None]


class System(Protocol):
    """Something that a question can be put to."""

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    def describe(self) -> dict[str, Any]:
        """Everything that its results depend on; two equal descriptions mean equal results."""
        ...

    def search(self, request: AskRequest, k: int, per_plan: bool) -> list[Hit] | None:
        """The best ``k`` items, of each plan for itself where ``per_plan``; None where it cannot search."""
        ...

    def answer(self, request: AskRequest, emit: Emit) -> Answer | None:
        """The answer; None where the system only searches."""
        ...


class Answers(Protocol):
    """What planqa's answering chain offers."""

    def search(self, request: AskRequest, k: int, per_plan: bool = False) -> Found:
        """The best items, and how they were looked for."""
        ...

    def answer(self, request: AskRequest, emit: Emit = ...) -> Answer:
        """The answer, its events going to ``emit``."""
        ...


class PlanqaSystem:
    """planqa as users have it, with its language model or without."""

    def __init__(self, answers: Answers, index: Index, generator: Generator | None) -> None:
        self._answers = answers
        self._index = index
        self._generator = generator

    @property
    def name(self) -> str:
        """``planqa``, and whether a model words the answers."""
        return "planqa" if self._generator else "planqa without a model"

    def describe(self) -> dict[str, Any]:
        """Index, model and prompts."""
        return {
            "system": self.name,
            "index": asdict(self._index.manifest),
            "prompts": prompts_digest() if self._generator else None,
            **describe_generator(self._generator),
        }

    def search(self, request: AskRequest, k: int, per_plan: bool) -> list[Hit] | None:
        """What ``POST /v1/search`` finds."""
        return self._answers.search(request, k, per_plan).hits

    def answer(self, request: AskRequest, emit: Emit) -> Answer | None:
        """What ``POST /v1/ask`` answers."""
        return self._answers.answer(request, emit)


class OneViewSystem:
    """Search by one view alone, keyword or dense, in the same scope: shows what joining them is worth."""

    def __init__(
        self,
        view: Literal["keyword", "dense"],
        index: Index,
        encoder: Encoder,
        read: Callable[[AskRequest], Reading],
    ) -> None:
        self._view = view
        self._index = index
        self._encoder = encoder
        self._read = read

    @property
    def name(self) -> str:
        """``keyword only`` or ``dense only``."""
        return f"{self._view} only"

    def describe(self) -> dict[str, Any]:
        """View and index."""
        return {"system": self.name, "index": asdict(self._index.manifest)}

    def search(self, request: AskRequest, k: int, per_plan: bool) -> list[Hit] | None:
        """The items with the best chunk in this view."""
        reading = self._read(request)
        scores = self._scores(reading.question)
        if not per_plan:
            return self._rank(scores, set(reading.plan_ids), k)
        return [hit for plan_id in reading.plan_ids for hit in self._rank(scores, {plan_id}, k)]

    def answer(self, request: AskRequest, emit: Emit) -> Answer | None:
        """It only searches."""
        return None

    def _scores(self, question: str) -> NDArray[np.float32]:
        if self._view == "keyword":
            return self._index.keywords.scores(question)
        return self._index.vectors.scores(self._encoder.encode_question(question))

    def _rank(self, scores: NDArray[np.float32], plan_ids: set[str], k: int) -> list[Hit]:
        best: dict[str, tuple[float, int]] = {}
        for row, chunk in enumerate(self._index.chunks):
            # keyword search gives 0 to what shares no word with the question: not found, not ranked last
            if chunk.plan_id not in plan_ids or (self._view == "keyword" and scores[row] <= 0):
                continue
            score = float(scores[row])
            if chunk.item_id not in best or score > best[chunk.item_id][0]:
                best[chunk.item_id] = (score, row)
        ordered = sorted(best, key=lambda item_id: (-best[item_id][0], item_id))[:k]
        return [self._hit(rank, item_id, *best[item_id]) for rank, item_id in enumerate(ordered, start=1)]

    def _hit(self, rank: int, item_id: str, score: float, row: int) -> Hit:
        chunk = self._index.chunks[row]
        dense = rank if self._view == "dense" else None
        keyword = rank if self._view == "keyword" else None
        return Hit(item_id, chunk.plan_id, score, rank, dense, keyword, chunk.text, chunk.start, chunk.end,
                   chunk.chunk_id)  # fmt: skip


class FreshQuestions:
    """An encoder that embeds every question anew, as a user's first question is, but knows the passages.

    With a cache in between, the second run over the same questions would look faster than any user finds it.
    Within one question it keeps what it has embedded, as the cache does for users; :meth:`forget` ends it.
    """

    def __init__(self, encoder: Encoder, cached: Encoder) -> None:
        self._encoder = encoder
        self._cached = cached
        self._known: dict[str, NDArray[np.float32]] = {}

    @property
    def name(self) -> str:
        """The name of the encoder within."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return self._encoder.dimension

    def forget(self) -> None:
        """Start the next question with nothing known of it."""
        self._known.clear()

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """The question's vector, never from a cache of earlier questions."""
        if question not in self._known:
            self._known[question] = self._encoder.encode_question(question)
        return self._known[question]

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        """The passages' vectors, from the cache where they are known."""
        return self._cached.encode_passages(texts, titles, progress)


class Anew:
    """A system each of whose answers and searches starts with nothing known of the question."""

    def __init__(self, system: System, encoder: FreshQuestions) -> None:
        self._system = system
        self._encoder = encoder

    @property
    def name(self) -> str:
        """The name of the system within."""
        return self._system.name

    def describe(self) -> dict[str, Any]:
        """What the system within depends on."""
        return self._system.describe()

    def search(self, request: AskRequest, k: int, per_plan: bool) -> list[Hit] | None:
        """The hits of the system within."""
        self._encoder.forget()
        return self._system.search(request, k, per_plan)

    def answer(self, request: AskRequest, emit: Emit) -> Answer | None:
        """The answer of the system within."""
        self._encoder.forget()
        return self._system.answer(request, emit)


def describe_generator(generator: Generator | None) -> dict[str, Any]:
    """Name and digest of the language model; both None without one."""
    if generator is None:
        return {"model": None, "model_digest": None}
    return {"model": generator.name, "model_digest": generator.digest}
