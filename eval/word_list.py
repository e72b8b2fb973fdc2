"""The words that people ask in, counted in invented questions and sentences: ``rag/everyday_words.txt``."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable

from eval.pairs import Topic
from rag.misspelt import chinese_words
from rag.spelling import PAIR
from rag.tokenise import simplify

_LONGEST = 6
_LATIN = re.compile(r"[a-z]+")
_LEAST = {"word": 2, "pair": 3, "single": 2}
"""How often Chinese must stand there to be kept; an English word needs to stand there once."""


def count_words(topics: Iterable[Topic]) -> Counter[str]:
    """The words with their counts.

    Of questions and sentences Chinese words, pairs of them joined by a plus, and characters that stood
    alone; of questions English words.
    """
    chinese: dict[str, Counter[str]] = {kind: Counter() for kind in _LEAST}
    english: Counter[str] = Counter()
    for topic in topics:
        texts = [sentence.text for sentence in topic.sentences]
        texts += [asked.text for asked in topic.questions if asked.language == "zh"]
        for run in (run for text in texts for run in re.findall(r"[㐀-鿿]+", simplify(text))):
            words = chinese_words(run)
            chinese["word"].update(word for word in words if len(word) > 1)
            chinese["single"].update(word for word in words if len(word) == 1)
            chinese["pair"].update(
                f"{first}{PAIR}{second}"
                for first, second in itertools.pairwise(words)
                if min(len(first), len(second)) > 1 and len(first + second) <= _LONGEST
            )
        for asked in topic.questions:
            if asked.language != "zh":
                english.update(word for word in _LATIN.findall(asked.text.lower()) if len(word) > 1)
    for kind, counts in chinese.items():
        english.update({word: n for word, n in counts.items() if n >= _LEAST[kind]})
    return english


def word_list(counts: Counter[str]) -> str:
    """The words as a file: one a line with its count, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return "".join(f"{word} {n}\n" for word, n in ordered)
