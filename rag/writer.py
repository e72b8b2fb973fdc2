"""Takes a language model's words sentence by sentence; none leaves that the evidence does not carry."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rag.citations import marks
from rag.generate import Message
from rag.prompts import REFUSAL
from rag.records import Chunk, Claim, Event
from rag.steps import Steps
from rag.support import Similarity, judge_claim

_SENTENCE_END = re.compile(r"[。！？!?]|\n|\.(?=\s)")
_MARKS = re.compile(r"[\[【]\d+[\]】]|^\s*[-*•]\s*|^\s*\d+[.、]\s*(?=\D)")


@dataclass(slots=True)
class Writer:
    """Takes the model's words sentence by sentence; what the evidence does not carry never leaves."""

    steps: Steps
    evidence: Sequence[Chunk]
    lead: str = ""
    """What stands between the text before and the first sentence."""
    accepts: Callable[[str], bool] | None = None
    """One more condition that a sentence must meet."""
    claims: list[Claim] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    n_dropped: int = 0
    _carried: set[int] = field(default_factory=set)
    _buffer: str = ""
    _refused: bool = False

    def run(self, prompt: Sequence[Message]) -> bool:
        """Let the model write; returns whether it said that the evidence does not answer."""
        steps = self.steps
        if steps.generator is None:
            return False
        steps.emit(Event("status", {"stage": "generate"}))
        steps.evidence_ids += [chunk.chunk_id for chunk in self.evidence]
        generation = steps.generator.generate(prompt, steps.max_tokens, self._take)
        steps.count(generation)
        cut_off = generation.stopped or generation.generated_tokens >= steps.max_tokens
        if cut_off and any(character.isalnum() for character in self._buffer):
            self._drop()  # half a sentence can say the opposite of the whole
        elif not self._refused and not steps.cancelled():
            self._sentence(self._buffer)
        return self._refused

    def warnings(self) -> tuple[str, ...]:
        """How much was dropped, where anything was."""
        if not self.n_dropped:
            return ()
        return (f"{self.n_dropped} generated sentences were removed: their evidence does not carry them",)

    def left_out(self, n: int) -> list[Chunk]:
        """Of the first ``n`` sentences those that no checked claim rests on; all of them for English words.

        English words are checked against Chinese ones by their numbers and by vectors alone.
        """
        if self.steps.reading.language == "en":
            return list(self.evidence[:n])
        return [chunk for i, chunk in enumerate(self.evidence[:n]) if i not in self._carried]

    def _drop(self) -> None:
        self.n_dropped += 1
        self.steps.n_removed += 1

    def _take(self, piece: str) -> bool:
        self._buffer += piece
        while not self._refused and (match := _SENTENCE_END.search(self._buffer)):
            sentence, self._buffer = self._buffer[: match.end()], self._buffer[match.end() :]
            self._sentence(sentence)
        return not self._refused and not self.steps.cancelled()

    def _sentence(self, raw: str) -> None:
        sentence = _without_marks(raw)
        language = self.steps.reading.language
        if not any(character.isalnum() for character in sentence):
            return
        if REFUSAL[language].lower() in sentence.lower():
            self._refused = not self.claims
            return
        if any(claim.text == sentence for claim in self.claims):
            return
        judgement = judge_claim(
            sentence,
            self.evidence,
            self._allowed(),
            self._similarity(),
            subjects=self.steps.subjects,
        )
        accepted = self.accepts is None or self.accepts(sentence)
        carriers = judgement.carriers if accepted and judgement.support != "unsupported" else ()
        numbers = tuple(n for i in carriers if (n := self.steps.book.cite(self.evidence[i])) is not None)
        if not numbers:
            self._drop()
            return
        self.claims.append(Claim(sentence, numbers, judgement.support))
        self._carried.update(carriers if judgement.support == "verified" else ())
        gap = (" " if language == "en" else "") if self.parts else self.lead
        self.parts.append(f"{gap}{sentence}{marks(numbers)}")
        self.steps.say(self.parts[-1])

    def _allowed(self) -> frozenset[str]:
        years = {str(plan.year) for plan in self.steps.plans if plan.year is not None}
        return frozenset(years | set(self.steps.reading.item_numbers))

    def _similarity(self) -> Similarity | None:
        if self.steps.reading.language == "zh":
            return None

        def likeness(claim: str, chunks: Sequence[Chunk]) -> list[float]:
            vector = self.steps.encoder.encode_passages([claim], [""])[0]
            ids = [chunk.chunk_id for chunk in chunks]
            return [float(score) for score in self.steps.retriever.index.vectors.scores(vector, ids)]

        return likeness


def _without_marks(text: str) -> str:
    """The text without the model's own marks and list numbers, also those that appear as others go."""
    before, after = None, text
    while after != before:
        before, after = after, _MARKS.sub("", after)
    return after.strip()
