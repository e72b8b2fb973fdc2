"""Whether a second look at the first hits would put them in a better order, and what it would cost.

None of these is part of the chain; they are measured so that the choice to do without them can be checked.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from embeddings.encoder import Vectors
from eval.ablation import OURS, REWORDED, Ablation, Searched
from eval.measures import Share
from eval.questions import Question
from eval.statistics import Difference, Estimate, compare_pairs, estimate
from rag.chunks import context
from rag.generate import Generator, Message
from rag.records import Chunk
from rag.tokenise import is_chinese
from rag.verdicts import judge_odds

DEPTH = 10
"""How many hits are looked at again."""
MEASURES = ("recall@5", "ndcg@10", "mrr")
"""What an order of the same ten can change."""
_SEED = 20240613
_WRITE_CHINESE = "以上出自一个城市的教育工作要点。请针对这段话提一个问题。"
_WRITE_ENGLISH = "This stands in a city's education work plan. Please write a question about it, in English."


class Reranker(Protocol):
    """Scores the sentences that the first hits were found by."""

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    def prepare(self, chunks: Sequence[Chunk]) -> None:
        """Do what an index would have done beforehand; its time does not count."""
        ...

    def scores(self, question: str, chunks: Sequence[Chunk]) -> list[float]:
        """One score a sentence; higher is better."""
        ...


class YesNoReranker:
    """Asks the language model whether a sentence answers the question, and goes by its odds."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    @property
    def name(self) -> str:
        """Says which model is asked."""
        return f"yes/no likelihood, {self._generator.name}"

    def prepare(self, chunks: Sequence[Chunk]) -> None:
        """Nothing can be done before the question is known."""

    def scores(self, question: str, chunks: Sequence[Chunk]) -> list[float]:
        """The log-odds of yes."""
        return [judge_odds(self._generator, question, chunk) for chunk in chunks]


@runtime_checkable
class ReplyScorer(Protocol):
    """A language model that tells how likely an answer is which it did not write itself."""

    @property
    def name(self) -> str:
        """What to show as the model's name."""
        ...

    def likelihood(self, messages: Sequence[Message], reply: str) -> float:
        """Mean log-probability of the reply's tokens, had it been the answer."""
        ...


class QuestionLikelihood:
    """How likely the question is, given the sentence: the mean log-probability of the question's tokens.

    After Sachan et al. 2022, "Improving Passage Retrieval with Zero-Shot Question Generation" (UPR). The
    model is told to write a question about the sentence; none is written, only the one asked is scored.
    """

    def __init__(self, model: ReplyScorer) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """Says which model is asked."""
        return f"likelihood of the question given the sentence (UPR), {self._model.name}"

    def prepare(self, chunks: Sequence[Chunk]) -> None:
        """Nothing can be done before the question is known."""

    def scores(self, question: str, chunks: Sequence[Chunk]) -> list[float]:
        """The mean log-probability of the question after each sentence."""
        task = _WRITE_CHINESE if is_chinese(question) else _WRITE_ENGLISH
        prompts = [f"{context(chunk)}\n{chunk.text}\n\n{task}" for chunk in chunks]
        return [self._model.likelihood([Message("user", prompt)], question) for prompt in prompts]


@runtime_checkable
class TokenEncoder(Protocol):
    """An encoder that gives a vector for every token."""

    def question_tokens(self, question: str) -> Vectors:
        """Unit vectors of the question's tokens."""
        ...

    def passage_tokens(self, texts: Sequence[str], titles: Sequence[str]) -> list[Vectors]:
        """Unit vectors of every passage's tokens."""
        ...


class LateInteraction:
    """Compares token with token: the sum over the question's tokens of the best match in the sentence."""

    name = "late interaction on token vectors (MaxSim)"

    def __init__(self, encoder: TokenEncoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    @property
    def stored_mb(self) -> float:
        """What the token vectors of the sentences seen so far take, in 2 bytes a number."""
        return sum(vectors.size for vectors in self._known.values()) * 2 / 2**20

    @property
    def n_stored(self) -> int:
        """How many sentences have token vectors."""
        return len(self._known)

    def prepare(self, chunks: Sequence[Chunk]) -> None:
        """Embed the sentences that are new; an index would hold them all."""
        fresh = [chunk for chunk in chunks if chunk.chunk_id not in self._known]
        vectors = self._encoder.passage_tokens([c.text for c in fresh], [context(c) for c in fresh])
        self._known |= {chunk.chunk_id: found for chunk, found in zip(fresh, vectors, strict=True)}

    def scores(self, question: str, chunks: Sequence[Chunk]) -> list[float]:
        """The mean over the question's tokens."""
        asked = self._encoder.question_tokens(question)
        return [float((asked @ self._known[chunk.chunk_id].T).max(axis=1).mean()) for chunk in chunks]


@dataclass(frozen=True, slots=True)
class Reranked:
    """One reranker's figures over a sample of questions."""

    name: str
    n: int
    milliseconds: float
    """Median time that it adds to a question; the mean where the questions were not timed one by one."""
    cells: Mapping[str, tuple[Estimate, Difference]]
    """By measure: its own figure, and the change against the order that it was given."""


def sample_questions(questions: Sequence[Question], n: int) -> list[Question]:
    """``n`` of the questions that require items, drawn by a fixed seed."""
    usable = [question for question in questions if question.required]
    return random.Random(_SEED).sample(usable, min(n, len(usable)))


def measure_reranker(
    reranker: Reranker,
    ablation: Ablation,
    questions: Sequence[Question],
    progress: Callable[[int, int], None] | None = None,
) -> list[Reranked]:
    """The reranker by itself and joined with the order it was given, against that order.

    :raises ValueError: without questions.
    """
    searched = ablation.search(OURS, questions)
    alone: list[Mapping[str, Share]] = []
    joined: list[Mapping[str, Share]] = []
    spent: list[float] = []
    for number, one in enumerate(searched, start=1):
        chunks = [ablation.chunk(hit) for hit in one.hits[:DEPTH]]
        reranker.prepare(chunks)
        started = time.perf_counter()
        scores = reranker.scores(one.reading.topic, chunks)
        spent.append((time.perf_counter() - started) * 1000)
        places = ranks_of(scores)
        alone.append(_rescored(ablation, one, places))
        both = [place + rank for rank, place in enumerate(places, start=1)]
        joined.append(_rescored(ablation, one, both))
        if progress is not None:
            progress(number, len(searched))
    base = [one.scores for one in searched]
    taken = float(np.median(spent))
    return [
        Reranked(reranker.name, len(searched), taken, _compare(base, alone)),
        Reranked(f"{reranker.name}, ranks added to ours", len(searched), taken, _compare(base, joined)),
    ]


def measure_rewording(ablation: Ablation, questions: Sequence[Question]) -> Reranked:
    """What it adds to search for the question in the model's other words, too, and what that costs.

    :raises ValueError: without questions.
    """
    base = ablation.search(OURS, questions)
    started = time.perf_counter()
    changed = ablation.search(REWORDED, questions)
    taken = (time.perf_counter() - started) * 1000 / len(changed)
    cells = _compare([one.scores for one in base], [one.scores for one in changed])
    return Reranked(f"searched for {REWORDED.name}", len(changed), taken, cells)


def ranks_of(scores: Sequence[float]) -> list[int]:
    """The place of every score, from 1; of equal ones the first comes first."""
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    places = [0] * len(scores)
    for place, i in enumerate(order, start=1):
        places[i] = place
    return places


def _rescored(ablation: Ablation, one: Searched, places: Sequence[int]) -> Mapping[str, Share]:
    first = [hit.item_id for hit in one.hits[:DEPTH]]
    order = sorted(range(len(first)), key=lambda i: (places[i], i))
    rest = [hit.item_id for hit in one.hits[DEPTH:]]
    return ablation.score(one.question, [first[i] for i in order] + rest)


def _compare(
    base: Sequence[Mapping[str, Share]], changed: Sequence[Mapping[str, Share]]
) -> dict[str, tuple[Estimate, Difference]]:
    cells: dict[str, tuple[Estimate, Difference]] = {}
    for measure in MEASURES:
        before, after = [one[measure] for one in base], [one[measure] for one in changed]
        cells[measure] = (estimate(after), compare_pairs(before, after))
    return cells
