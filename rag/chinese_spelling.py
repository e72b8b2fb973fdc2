"""Finds Chinese words that were misspelt: homophones of an input method, characters that look alike.

A question's characters are compared with words that plans print and people ask in. What the segmenter knows
as a word of two characters is left alone: 失明 sounds as 实名 does and means another thing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.misspelt import chinese_words, single_characters
from rag.sounds import near_sound, sound

_LONGEST = 6
_LEAST_SEEN = 3
"""How often a word of two characters stands in the texts at least, before another is taken for it."""
_OFTEN_ALONE = 10
"""A character that stood alone so often is a word of its own, and no wrong half of another."""
_MASK = "?"
_LEAST_MASKED = 4
"""Shorter words are not recognised by the characters around a wrong one."""
_FIXED = frozenset(
    "零一二两三四五六七八九十百千万亿第几半每各某哪那这此该其本全上中下前后左右东南西北大小多少高低老新升"
)
"""Characters that tell one thing from its like (初中, 高中): never changed for a look, nor put in."""
_HELPING = frozenset("能会要想可应该须得肯敢已被把将让给")
"""Characters that stand before a verb: with the one behind them they make no word (能授博士)."""
_NEVER_MEANT = frozenset("的地得了着过在是有和与跟及或也都就还又很太更最不没未吗呢吧啊呀么个我你他她它们")

_PARTICLES = frozenset("啊呀嘛")
"""Characters that are hardly ever written for another: they stand behind words (招人啊培训啊)."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A misspelt stretch of a text, and what is meant."""

    start: int
    end: int
    right: str


class ChineseSpelling:
    """Knows words and how often they are used, and which of them follow each other.

    ``words`` are those that count as one, terms of several words among them; ``pairs`` are two neighbouring
    words joined; ``singles`` the characters that make a word alone. Each with how often it was seen.
    """

    def __init__(
        self, words: Mapping[str, int], pairs: Mapping[str, int], singles: Mapping[str, int]
    ) -> None:
        self._words = {word: n for word, n in words.items() if 2 <= len(word) <= _LONGEST}
        self._counts = self._words | {pair: n for pair, n in pairs.items() if pair not in self._words}
        self._singles = frozenset(one for one, n in singles.items() if n >= _OFTEN_ALONE)
        self._by_sound: dict[tuple[str, ...], list[str]] = {}
        self._by_mask: dict[str, list[str]] = {}
        self._beside: set[str] = set()
        for word in self._counts:
            self._by_sound.setdefault(_heard(word), []).append(word)
            self._beside.update(map("".join, itertools.pairwise(word)))
        for word in self._words:
            for mask in _masks(word) if len(word) >= _LEAST_MASKED else ():
                self._by_mask.setdefault(mask, []).append(word)

    def slips(self, run: str) -> list[Slip]:
        """The misspelt stretches of a run of Chinese characters, in order, none over another."""
        alone = frozenset(single_characters(run))
        found: list[Slip] = []
        for length in range(min(_LONGEST, len(run)), 1, -1):
            for start in range(len(run) - length + 1):
                window = _Window(run, start, start + length, alone)
                if window.text in self._counts or any(window.overlaps(slip) for slip in found):
                    continue
                right = self._best(window)
                if right:
                    found.append(Slip(window.start, window.end, right))
        return sorted(found, key=lambda slip: slip.start)

    def _best(self, window: _Window) -> str:
        """The word that is most likely meant by a window; empty where it stands for itself."""
        meant = [
            word for word in self._by_sound.get(_heard(window.text), ()) if self._sounds_like(word, window)
        ]
        if not meant and len(window.text) >= _LEAST_MASKED:
            near = {word for mask in _masks(window.text) for word in self._by_mask.get(mask, ())}
            meant = [word for word in near if self._looks_like(word, window)]
        return max(meant, key=lambda word: (self._counts[word], word), default="")

    def _sounds_like(self, word: str, window: _Window) -> bool:
        wrong = window.unlike(word)
        if len(wrong) == len(word) or any(word[at] in _NEVER_MEANT for at in wrong):
            return False
        if len(word) >= _LEAST_MASKED and word in self._words:
            return 2 * len(wrong) <= len(word) and not self._is_used_more(window, wrong, word)
        if 2 * len(wrong) > len(word) or not all(self._is_odd(window, at) for at in wrong):
            return False
        return len(word) > 2 or (
            window.stands_alone(0)
            and window.stands_alone(1)
            and window.text[1 - wrong[0]] not in _HELPING
            and not self._fits_outside(window, wrong[0])
            and self._counts[word] >= _LEAST_SEEN
        )

    def _is_used_more(self, window: _Window, wrong: Sequence[int], word: str) -> bool:
        """Whether all that would be changed are words by themselves, and one of them is used more often.

        So are 教室 in 小学教室, which sounds as 小学教师 does, and 实事 in 实事里学校 (私立学校).
        """
        places = {window.start + at for at in wrong}
        changed, position = [], 0
        for part in chinese_words(window.run):
            if places & set(range(position, position + len(part))):
                changed.append(part)
            position += len(part)
        known = all(part in self._words if len(part) > 1 else part in self._singles for part in changed)
        return known and max(self._words.get(part, 0) for part in changed) > self._counts[word]

    def _is_odd(self, window: _Window, at: int) -> bool:
        """Whether a character makes no word with its neighbours, and is none by itself."""
        character = window.text[at]
        return window.stands_alone(at) and character not in self._singles | _FIXED | _PARTICLES

    def _looks_like(self, word: str, window: _Window) -> bool:
        (at,) = window.unlike(word)
        fits = any(window.run[i : i + 2] in self._beside for i in (window.start + at - 1, window.start + at))
        return self._is_odd(window, at) and not fits and word[at] not in _FIXED | _NEVER_MEANT

    def _fits_outside(self, window: _Window, at: int) -> bool:
        """Whether the character makes a known pair with the one outside a window of two."""
        place = window.start + at
        outside = window.run[place - 1 : place + 1] if at == 0 else window.run[place : place + 2]
        return len(outside) == 2 and outside in self._beside


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of a run, and where characters of the run stand alone."""

    run: str
    start: int
    end: int
    alone: frozenset[int]

    @property
    def text(self) -> str:
        return self.run[self.start : self.end]

    def stands_alone(self, at: int) -> bool:
        return self.start + at in self.alone

    def overlaps(self, slip: Slip) -> bool:
        return self.start < slip.end and slip.start < self.end

    def unlike(self, word: str) -> list[int]:
        return [at for at, pair in enumerate(zip(self.text, word, strict=True)) if pair[0] != pair[1]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of some texts, each with its count."""

    words: dict[str, int]
    pairs: dict[str, int]
    """Two neighbouring words of two characters or more, joined."""
    singles: dict[str, int]
    """Characters that stood alone."""


def read_vocabulary(runs: Iterable[str]) -> Vocabulary:
    """The vocabulary of runs of Chinese characters."""
    found = Vocabulary({}, {}, {})
    for run in runs:
        words = chinese_words(run)
        for word in words:
            counts = found.words if len(word) > 1 else found.singles
            counts[word] = counts.get(word, 0) + 1
        for first, second in itertools.pairwise(words):
            if min(len(first), len(second)) > 1 and len(first + second) <= _LONGEST:
                found.pairs[first + second] = found.pairs.get(first + second, 0) + 1
    return found


def _heard(word: str) -> tuple[str, ...]:
    """How a word sounds: of two characters exactly, of more as most speakers say them."""
    return tuple(map(sound if len(word) == 2 else near_sound, word))


def _masks(word: str) -> Iterator[str]:
    return (word[:at] + _MASK + word[at + 1 :] for at in range(len(word)))
