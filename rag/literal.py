"""Quoted words of a question: whether a plan holds them is for code to decide, not for a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.records import Chunk
from rag.tokenise import normalise

_QUOTED = re.compile(r"[“\"「『‘《]([^”\"」』’》]{2,20})[”\"」』’》]")
_WORD_ASKED = re.compile(
    r"这个词|一词|字样|字眼|明确写|写出|出现|提到|写了|写到|写明|\bthe (?:word|term|phrase)\b|\bcontains?\b|\bmention",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Literal:
    """The quoted words, and whether the question asks for the words themselves."""

    words: tuple[str, ...]
    asked_for: bool
    """Then a plan without them does not say it; otherwise it may say it in other words."""

    def first_in(self, chunks: Sequence[Chunk]) -> Chunk | None:
        """The first chunk that holds one of the words, titles left aside."""
        for chunk in chunks:
            text = normalise(chunk.text)
            if any(word in text for word in self.words):
                return chunk
        return None


def read_literal(question: str) -> Literal | None:
    """The quoted Chinese words of a question; None where it quotes none."""
    words = [normalise(match.group(1)) for match in _QUOTED.finditer(question)]
    chinese = tuple(word for word in words if re.search(r"[㐀-鿿]", word))
    return Literal(chinese, bool(_WORD_ASKED.search(question))) if chinese else None
