"""The real chain over the sample plans, with an encoder and a model that cost nothing."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from waiting import WAIT_S

from corpus.library import load_sample_plans
from embeddings.encoder import Progress, Vectors
from rag.answer import Answerer
from rag.errors import GeneratorUnavailable
from rag.generate import Generation, Message, Sink
from rag.place_names import PlaceNames
from rag.snapshot import Index, build_index, load_index
from rag.verdict_model import VerdictModel

LOOKUP = "天津2014年计划新建改扩建各类型幼儿园多少所?"
LOOKUP_REPLY = "新建、改扩建各类型幼儿园50所。"
ENUMERATE = "哪些城市提出托育扩容?"


class PairEncoder:
    """A text is the pairs of characters in it; texts that share pairs are alike."""

    name = "pairs/1"
    dimension = 512

    def __init__(self) -> None:
        self.broken: Exception | None = None

    def encode_question(self, question: str) -> NDArray[np.float32]:
        if self.broken is not None:
            raise self.broken
        return self._vector(question)

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        return np.stack([self._vector(title + text) for title, text in zip(titles, texts, strict=True)])

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for first, second in itertools.pairwise(text):
            digest = hashlib.blake2b((first + second).encode(), digest_size=4).digest()
            vector[int.from_bytes(digest, "big") % self.dimension] += 1.0
        return (vector / np.linalg.norm(vector)).astype(np.float32)


class ScriptedGenerator:
    """Says what it was told to, piece by piece; while its gate is shut it stands still between pieces.

    Like an engine that reads a long prompt, it asks its sink with an empty piece whether to go on.
    """

    name = "scripted"
    digest = "0" * 64

    def __init__(self, reply: str | Callable[[str], str] = LOOKUP_REPLY) -> None:
        self.reply = reply
        self.gate = threading.Event()
        self.gate.set()
        self.broken: str | None = None
        self.started: list[str] = []
        """The last message of every prompt, in the order in which generation began."""
        self.n_stopped = 0
        self.most_at_once = 0
        self._running = 0
        self._changed = threading.Condition()

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        question = messages[-1].content
        self._enter(question)
        try:
            return self._write(self.reply if isinstance(self.reply, str) else self.reply(question), sink)
        finally:
            self._leave()

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        self._enter(messages[-1].content)
        try:
            stopped = not self._may_go_on(sink)
        finally:
            self._leave()
        self.n_stopped += stopped
        return (0.0,) * len(choices) if stopped else tuple(-float(place) for place in range(len(choices)))

    def wait_started(self, n: int) -> None:
        """Wait until ``n`` generations have begun."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.started) >= n, WAIT_S):
                raise TimeoutError(f"{len(self.started)} generations began, wanted {n}")

    def wait_idle(self) -> None:
        """Wait until no generation runs."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._running == 0, WAIT_S):
                raise TimeoutError(f"{self._running} generations still run after {WAIT_S} s")

    def _write(self, text: str, sink: Sink | None) -> Generation:
        pieces = [text[i : i + 3] for i in range(0, len(text), 3)]
        written: list[str] = []
        for piece in pieces:
            if not self._may_go_on(sink) or (sink is not None and not sink(piece)):
                self.n_stopped += 1
                return Generation("".join(written), 100, 60, len(written), True)
            written.append(piece)
        return Generation(text, 100, 60, len(pieces))

    def _may_go_on(self, sink: Sink | None) -> bool:
        if self.broken is not None:
            raise GeneratorUnavailable(self.broken)
        while not self.gate.wait(0.01):
            if sink is not None and not sink(""):
                return False
        return True

    def _enter(self, question: str) -> None:
        with self._changed:
            self.started.append(question)
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
            self._changed.notify_all()

    def _leave(self) -> None:
        with self._changed:
            self._running -= 1
            self._changed.notify_all()


def small_index(folder: Path, encoder: PairEncoder | None = None) -> Index:
    """An index of the sample plans by the pair encoder, built under ``folder``."""
    encoder = encoder or PairEncoder()
    build_index(load_sample_plans(), encoder, folder)
    return load_index(folder, encoder)


def small_answerer(
    index: Index,
    generator: ScriptedGenerator | None,
    encoder: PairEncoder | None = None,
    max_question_chars: int = 2000,
) -> Answerer:
    """An answerer over the index. That some plan says what is asked is taken for granted.

    Whether any does is decided by how near a real encoder finds a sentence, as it is: pairs of characters
    are never so near.
    """
    return Answerer(
        index,
        encoder or PairEncoder(),
        generator,
        PlaceNames(),
        max_question_chars=max_question_chars,
        verdict_model=_taking_a_yes_for_granted(VerdictModel.load()),
    )


def _taking_a_yes_for_granted(model: VerdictModel) -> VerdictModel:
    """The model without its first step, whose scores as they are are those of the real encoder."""
    told = None if model.by_subject is None else _taking_a_yes_for_granted(model.by_subject)
    return replace(model, anywhere=None, foreign_anywhere=None, by_subject=told)
