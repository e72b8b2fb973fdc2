"""English words as questions use them: which of them carry a meaning, and which forms are one word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

Phrase = tuple[str, ...]
"""Words in the form that :func:`words` gives."""
Forms = tuple[str, ...]
"""The Chinese words that a phrase stands for."""
_LATIN_WORD = re.compile(r"[a-z0-9+]+")
_POSSESSIVE = re.compile(r"['’]s\b|['’]")
_BRITISH = ((re.compile(r"(?<=\w{3})is(e|ed|ing|ation)?$"), r"iz\1"), (re.compile(r"(?<=\w{2})our$"), "or"))
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed)$")
_VOWEL = re.compile(r"[aeiouy]")
_DOUBLED = re.compile(r"([bdgklmnprt])\1$")
_IRREGULAR = dict(
    pair.split(":")
    for pair in "bought:buy built:build chosen:choose chose:choose driven:drive fed:feed grew:grow "
    "grown:grow held:hold kept:keep lent:lend paid:pay sent:send sold:sell spent:spend taught:teach "
    "told:tell won:win written:write".split()
)
_FRAME = frozenset(
    "a an the this that these those it its they them their theirs there here he she his her him i me "
    "my we us our you your one and or but nor so if than then as at by for from in into of off on "
    "onto out over to up with without within about across after before against between during per "
    "through under until upon via is are was were be been being am do does did done doing has have "
    "had having can could may might shall should will would must ought what which who whom whose "
    "when where why how many much more most any some all both each every either neither no not none "
    "only own same such too very just also even ever still yet again once already plan planned "
    "planning city town place anywhere anyone anybody anything someone somebody something somewhere "
    "nobody nothing everyone everybody everything mention mentioned say saying tell state propose "
    "proposed proposal intend intended want wanted promise promised commit pledge call called aim go "
    "going get getting got give given giving make making made take taking taken put set use used "
    "using see seen look let letting keep try like need year new now next other another else local "
    "actually really whether while because since instead rather well way kind sort thing bit lot "
    "least less please talk talking official document work working happen happening provide provided "
    "offer offered include included including ask asked detail bring come first last long far soon "
    "big great good better best".split()
)
"""Words that a question is put in, and that no question is about; in the form :func:`words` gives."""

_STOP = re.compile(r"[;:?!\n]|[.](?=\s|$)")
"""Not commas and brackets: they stand within phrases as well (“county-managed, school-hired”)."""


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of the text: without capitals, accents, possessive and plural endings."""
    plain = _POSSESSIVE.sub("", text.lower())
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(character for character in apart if not unicodedata.combining(character))
    return tuple(_singular(word) for word in _LATIN_WORD.findall(plain))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """What is left of a word of :func:`words` without the endings of verbs and the spelling of a country.

    Coarse: it only has to do the same to a question's words and to those that they are compared with.
    """
    word = _IRREGULAR.get(word, word)
    for pattern, other in _BRITISH:
        word = pattern.sub(other, word)
    shorter = _ENDING.sub("", word)
    if shorter != word and _VOWEL.search(shorter):
        word = _DOUBLED.sub(r"\1", shorter)
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def says_something(word: str) -> bool:
    """Tell whether a word of :func:`words` can be what a question is about."""
    return len(word) > 1 and not word.isdigit() and word not in _FRAME


def longest_phrases(text: str, longest: int, find: Callable[[Phrase], Forms]) -> Iterator[tuple[str, Forms]]:
    """The phrases of a text that ``find`` has forms for, of at most ``longest`` words, with these, in order.

    Of phrases that begin at the same word the longest counts, no word is part of two, and none goes over a
    stop: "kindergartens: places and staff" names no kindergarten places.
    """
    for clause in _STOP.split(text):
        yield from _longest_in(words(clause), longest, find)


def _longest_in(asked: Phrase, longest: int, find: Callable[[Phrase], Forms]) -> Iterator[tuple[str, Forms]]:
    at = 0
    while at < len(asked):
        for length in range(min(longest, len(asked) - at), 0, -1):
            phrase = asked[at : at + length]
            if (length > 1 or says_something(phrase[0])) and (forms := find(phrase)):
                yield " ".join(phrase), forms
                at += length
                break
        else:
            at += 1


def join_forms(first: Forms, second: Forms) -> Forms:
    """Both, each form once."""
    return tuple(dict.fromkeys((*first, *second)))


def _singular(word: str) -> str:
    """The word without a plural ending."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("es") and len(word) > 4 and word[-3] in "sxz":
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
