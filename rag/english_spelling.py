"""Finds English words that were misspelt, by SymSpell (Garbe 2012) over words that questions are put in."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from importlib.resources import files

from symspellpy import SymSpell, Verbosity
from symspellpy.editdistance import DistanceAlgorithm, EditDistance

from rag.sounds import is_pinyin

_DICTIONARY = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
_COMMON = 30_000
"""So many of the dictionary's words, the most frequent, are taken for what a misspelt one means."""
_SHORTEST = 4
_RARE, _USED = 1_000_000, 3
"""A word seen less often in the dictionary's texts, beside one of that many questions, is taken for it."""
_LONG = 7
"""From so many letters on two may be wrong, where the word meant is one of questions on plans."""
_SAME_END = 1.5
"""What the same last letter is worth, beside the tenfold use in questions."""
_CAPITAL_LONG = 7
"""A shorter word with a capital inside a sentence is more often a name."""
_VARIANTS = (
    *((r"our", "or"), (r"or", "our"), (r"is(?=e|i)", "iz"), (r"iz(?=e|i)", "is")),
    *((r"s$", ""), (r"$", "s"), (r"$", "es")),
)
"""Spellings of another country, plural and singular, of words that the dictionary has."""
_CHAT = {
    "abt": "about", "arent": "aren't", "cant": "can't", "didnt": "didn't", "doesnt": "doesn't",
    "doin": "doing", "dont": "don't", "goin": "going", "govt": "government", "hasnt": "hasn't",
    "havent": "haven't", "intl": "international", "isnt": "isn't", "ppl": "people", "smth": "something",
    "thats": "that's", "theyll": "they'll", "theyre": "they're", "wasnt": "wasn't", "whats": "what's",
    "wheres": "where's", "whos": "who's", "wont": "won't", "wouldnt": "wouldn't",
}  # fmt: skip
"""Short forms of chats, and those that lost their apostrophe."""
_LIKE_CITY = re.compile(r"(?<=[^aeiou])ys$")
"""Plurals as in citys and companys."""
_SENTENCE = re.compile(r"(?:^|[.?!]\s+)\W*$")


class EnglishSpelling:
    """Knows the words of a dictionary, those of questions, and the names of the corpus' cities.

    ``words`` are words of questions and terms with their counts; ``cities`` are names in small letters;
    ``is_place`` tells whether a word is the name of another place.
    """

    def __init__(
        self, words: Mapping[str, int], cities: Mapping[str, str], is_place: Callable[[str], bool]
    ) -> None:
        self._own = {word: n for word, n in words.items() if word.isascii()}
        self._cities = cities
        self._is_place = is_place
        self._distance = EditDistance(DistanceAlgorithm.DAMERAU_OSA)

    def right(self, word: str, before: str) -> str:
        """The word that is meant by a misspelt one; the word itself where it is none.

        ``before`` is the text that stands before it.
        """
        small = word.lower()
        if small in _CHAT:
            return _CHAT[small].capitalize() if word[0].isupper() else _CHAT[small]
        if len(word) < _SHORTEST:
            return word
        if self._is_known(small):
            meant = self._confused(small)
            return (meant.capitalize() if word[0].isupper() else meant) if meant else word
        city = self._city(word, small)
        if city:
            return city
        starts = _SENTENCE.search(before) is not None
        if word.isupper() or (word[0].isupper() and not starts and len(word) < _CAPITAL_LONG):
            return word
        if is_pinyin(small) or self._is_place(word.capitalize()):
            return word
        meant = self._meant(small)
        return (meant.capitalize() if word[0].isupper() else meant) if meant else word

    def _is_known(self, word: str) -> bool:
        if word in self._known or word in self._own or word in self._cities:
            return True
        if _LIKE_CITY.search(word):
            return False
        variants = (re.sub(pattern, other, word) for pattern, other in _VARIANTS)
        return any(variant in self._known or variant in self._own for variant in variants)

    def _confused(self, word: str) -> str:
        """The word of many questions that a rare one, of no question, differs from in a letter (planing)."""
        if word in self._own or self._frequencies.get(word, _RARE) >= _RARE:
            return ""
        near = [
            one.term
            for one in self._speller.lookup(word, Verbosity.ALL, max_edit_distance=1)
            if one.distance == 1 and self._own.get(one.term, 0) >= _USED
            if one.term[0] == word[0] and one.term[-1] == word[-1] and len(one.term) > len(word)
        ]
        return near[0] if len(near) == 1 else ""

    def _city(self, word: str, small: str) -> str:
        """The one city of the corpus whose name is nearly the word."""
        most = 2 if len(small) >= _LONG else 1
        near = [
            (distance, city)
            for city in self._cities
            if city[0] == small[0] and 0 <= (distance := self._distance.compare(city, small, most)) <= most
        ]
        if not near or (min(near)[0] > 1 and self._is_place(word.capitalize())):
            return ""
        ordered = sorted(near)
        return "" if len(ordered) > 1 and ordered[0][0] == ordered[1][0] else self._cities[ordered[0][1]]

    def _meant(self, small: str) -> str:
        plural = _LIKE_CITY.sub("ies", small)
        if plural != small and (plural in self._known or plural in self._own):
            return plural
        found = self._speller.lookup(small, Verbosity.CLOSEST, max_edit_distance=2, include_unknown=False)
        likely = [
            one
            for one in found
            if one.term[0] == small[0] or one.term[:2] == small[1::-1]
            if one.distance == 1 or (len(small) >= _LONG and one.term in self._own)
        ]
        best = max(likely, key=lambda one: self._likelihood(one.term, small), default=None)
        return best.term if best else ""

    def _likelihood(self, meant: str, written: str) -> float:
        """How likely a word is meant: used often in questions, and with the end that was written."""
        used = math.log10(1 + self._own.get(meant, 0)) + math.log10(1 + self._frequencies.get(meant, 0)) / 10
        return used + _SAME_END * (meant[-1] == written[-1]) + (len(meant) >= len(written))

    @cached_property
    def _frequencies(self) -> dict[str, int]:
        lines = _DICTIONARY.read_text(encoding="utf-8-sig").splitlines()
        return {word: int(n) for word, n in (line.split() for line in lines)}

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._frequencies)

    @cached_property
    def _speller(self) -> SymSpell:
        speller = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        frequent = sorted(self._frequencies.items(), key=lambda entry: -entry[1])
        for word, n in itertools.chain(frequent[:_COMMON], self._own.items()):
            speller.create_dictionary_entry(word, n)
        return speller
