"""Quoted words of a question: whether a plan holds them is for code to decide, not for a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.plan import Plan
from rag.chunks import chunk_item, slice_of
from rag.records import Chunk
from rag.sentences import sentence_spans
from rag.tokenise import is_chinese, normalise

_QUOTED = re.compile(r"[“\"「『‘《]([^”\"」』’》]{2,20})[”\"」』’》]")
_GLOSS = re.compile(r"[(（]\s*([㐀-鿿]{2,12})\s*[)）]")
"""The Chinese words for what an English question names before them."""
_WORD_ASKED = re.compile(
    r"这个词|一词|字样|字眼|明确写|写出|出现|提到|写了|写到|写明"
    r"|\bthe (?:word|term|phrase)\b|\bcontains?\b|\bmention",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Literal:
    """The quoted words, and whether the question asks for the words themselves."""

    words: tuple[str, ...]
    asked_for: bool
    """Then a plan without them does not say it; otherwise it may say it in other words."""

    def find(self, plan: Plan) -> Chunk | None:
        """The plan's first sentence that holds one of the words, leading phrases of items included."""
        for item in plan.parts():
            if self._holds(item.text):
                for start, end in sentence_spans(item.text):
                    if self._holds(item.text[start:end]):
                        return slice_of(item, start, end)
        return None

    def find_below(self, plan: Plan) -> Chunk | None:
        """The first sentence below the plan's first heading that holds one of the words."""
        for item in plan.parts():
            if self.heading_of(item.headings):
                return chunk_item(item)[0]
        return None

    def heading_of(self, headings: Sequence[str]) -> str:
        """The heading that holds one of the words; empty where none does."""
        return next((heading for heading in headings if self._holds(heading)), "")

    def is_in(self, chunk: Chunk) -> bool:
        """Tell whether the sentence itself holds one of the words."""
        return self._holds(chunk.text)

    def _holds(self, text: str) -> bool:
        plain = normalise(text)
        return any(word in plain for word in self.words)


def lacks_quoted_words(question: str, plan: Plan) -> bool:
    """Tell whether a plan lacks the Chinese words that a question quotes, or explains English ones with.

    Such a plan may deal with something near, but not with what is called so ("silver-age (银龄) teachers").
    """
    literal = read_literal(question)
    glosses = [] if is_chinese(_GLOSS.sub("", question)) else _GLOSS.findall(question)
    asked = [literal] if literal else []
    asked += [Literal(tuple(map(normalise, glosses)), False)] if glosses else []
    return any(one.find(plan) is None and one.find_below(plan) is None for one in asked)


def read_literal(question: str) -> Literal | None:
    """The quoted Chinese words of a question; None where it quotes none."""
    words = [normalise(match.group(1)) for match in _QUOTED.finditer(question)]
    chinese = tuple(word for word in words if re.search(r"[㐀-鿿]", word))
    return Literal(chinese, bool(_WORD_ASKED.search(question))) if chinese else None
