"""What keyword search is asked for: words of the question, terms for others, alternatives."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.keyword_view import SharesOf
from rag.terms import Concept

_ALTERNATIVES = re.compile(r"或者|或|还是|以及")
_CLAUSES = re.compile(r"[,，。;；:：?？!！—]\s*(?=\S)")
_OF_ALTERNATIVE = 0.8
"""What all words of one alternative (课后服务或延时托管) are worth beside all words of the question."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text without the words that terms stand for, and these terms."""

    text: str
    concepts: tuple[Concept, ...]

    @property
    def forms(self) -> list[tuple[str, ...]]:
        """Each term's forms, of which a chunk need hold only one."""
        return [concept.forms for concept in self.concepts]


@dataclass(frozen=True, slots=True)
class Wording:
    """What the keyword view is searched for: the whole question, and the alternatives that it names."""

    whole: Words
    alternatives: tuple[Words, ...] = ()
    foreign: bool = False


def share_of_best(wording: Wording, shares_of: SharesOf) -> NDArray[np.float32]:
    """The share of the whole question, or of the alternative that is held best, if that is more."""
    shares, *of_each = [
        shares_of(one.text, concepts=one.forms) for one in (wording.whole, *wording.alternatives)
    ]
    if not of_each:
        return shares
    best = _OF_ALTERNATIVE * np.max(of_each, axis=0) + (1 - _OF_ALTERNATIVE) * shares
    found: NDArray[np.float32] = np.maximum(shares, best).astype(np.float32)
    return found


def alternatives_in(question: str) -> list[str]:
    """The question and, where it names alternatives, each of them.

    Not those of a question of several clauses: half of a sentence that leads up to the matter is no matter.
    """
    parts = [part for part in _ALTERNATIVES.split(question) if len(part) > 1]
    return [question, *parts] if len(parts) > 1 and not _CLAUSES.search(question) else [question]
