"""The words of a comparison: of each plan one line with what is decisive in its sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from corpus.plan import Plan
from rag.citations import marks
from rag.excerpts import excerpt
from rag.records import Chunk, Claim
from rag.steps import Steps
from rag.tokenise import tokenise
from rag.wording import labelled, plan_label, see_also


def tokens_of(chunks: Iterable[Chunk]) -> frozenset[str]:
    """The words of several sentences."""
    return frozenset(token for chunk in chunks for token in tokenise(chunk.text))


@dataclass(slots=True)
class Telling:
    """One line of a comparison while it is put together; each sentence is quoted once and in part."""

    steps: Steps
    topic: Collection[str]
    """The tokens of what is compared."""
    others: Collection[str]
    """The tokens of the sentences that it is compared with."""
    room: int
    """Excerpts that are written out; of further sentences only the marks are given."""
    claims: list[Claim] = field(default_factory=list)
    found: list[tuple[Chunk, int]] = field(default_factory=list)
    """What was cited, with its number."""
    _pieces: list[str] = field(default_factory=list)
    _further: list[int] = field(default_factory=list)

    def take(self, cell: Sequence[Chunk], plan: Plan | None = None, label: str = "") -> tuple[int, ...]:
        """Quote the sentences of one cell, the first after the ``plan``'s name where that is given.

        Returns their citations.
        """
        language = self.steps.reading.language
        numbers: list[int] = []
        for chunk in cell:
            n = self.steps.book.cite(chunk)
            if n is None:
                continue
            numbers.append(n)
            if any(n == known for _, known in self.found):
                continue
            self.found.append((chunk, n))
            if len(self._pieces) >= self.room:
                self._further.append(n)
                continue
            words = f"“{excerpt(chunk.text, self.topic, self.others)}”"
            if label and len(numbers) == 1:
                words = labelled(label, words, language)
            if plan is not None and not self._pieces:
                words = plan_label(plan, language) + words
            self.claims.append(Claim(words, (n,), "verified"))
            self._pieces.append(words + marks((n,)))
        return tuple(numbers)

    @property
    def line(self) -> str:
        """What was taken, in one line; empty where nothing was."""
        language = self.steps.reading.language
        joint = "；" if language == "zh" else "; "
        pieces = list(self._pieces)
        if self._further:
            pieces.append(see_also(language) + marks(tuple(self._further)))
        return joint.join(pieces)
