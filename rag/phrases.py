"""What sentences have in common, in whole words: the run that all share, and phrases that few others have."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.tokenise import cut_words, normalise, tokenise

_RUN = re.compile(r"[㐀-鿿]+")
_LITTLE_WORDS = "的了和与及等在对将把为以是有就都也还或并而之其中"
_MIN_PHRASE = 4
"""Characters of a phrase that can tell a matter: of three there are too many that any plan has (中小学)."""
_FEW, _FEW_OF = 3, 0.015
"""A phrase is distinct where so many sentences hold it at the most, or this share of them if that is more."""


def phrases(text: str) -> list[str]:
    """The shortest runs of whole words, of four characters at least, with telling words at the ends."""
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        words = cut_words(run)
        for start in range(len(words)):
            end, phrase = start, ""
            while end < len(words) and len(phrase) < _MIN_PHRASE:
                phrase += words[end]
                end += 1
            if len(phrase) >= _MIN_PHRASE and tokenise(words[start]) and tokenise(words[end - 1]):
                found.append(phrase)
    return list(dict.fromkeys(found))


def distinct_phrases(text: str, among: Sequence[str]) -> list[str]:
    """The phrases of ``text`` that only few of the (normalised) sentences ``among`` hold, it included."""
    few = max(_FEW, _FEW_OF * len(among))
    return [phrase for phrase in phrases(text) if sum(phrase in other for other in among) <= few]


def common_run(texts: Sequence[str], least: int) -> str:
    """The longest run of whole Chinese words that all the texts have, ``least`` characters long; or nothing.

    A run that ends within a word of one of them is no words of that one (医药大 in 中医药大学).
    """
    shortest, *others = sorted(texts, key=len)
    marked = [_marked(text) for text in others]
    best = ""
    for run in _RUN.findall(shortest):
        words = cut_words(run)
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                if not all(_joined(words[start:end]) in other for other in marked):
                    break
                best = max(best, _trimmed(words[start:end]), key=len)
    return best if len(best) >= least else ""


def _marked(text: str) -> str:
    """The text's Chinese runs with a mark around each word."""
    return "".join(_joined(cut_words(run)) for run in _RUN.findall(text))


def _joined(words: Sequence[str]) -> str:
    return "|" + "".join(f"{word}|" for word in words)


def _trimmed(words: Sequence[str]) -> str:
    """The words without verbs that plans use for everything before them (加强), and 和 or the like behind."""
    telling = [i for i, word in enumerate(words) if tokenise(word)]
    if not telling:
        return ""
    return "".join(words[telling[0] :]).rstrip(_LITTLE_WORDS)
