"""Specific matters, and the words of which a plan that deals with one holds at least one.

A plan that means to do something for autistic children says 孤独症 or 自闭症; one that only says 残疾 speaks
of the more general matter. Neither vectors nor shares of words tell the two apart, and most of what no plan
says lies close to something that one does say. So where a question asks for a matter of the list, each plan
is looked through for its words, and verdicts and the choice of sentences go by what is found, too.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rag.alternatives import join_alternatives
from rag.english import Forms, Phrase, join_forms, longest_phrases, says_something, stem, words
from rag.errors import SettingsError
from rag.tokenise import cut_words, normalise

MATTERS_FILE = Path(__file__).with_name("named_matters.jsonl")
_FIELDS = ("named", "asked", "printed", "en")
_TEXTS_KEPT = 16_384
"""Sentences whose words are remembered: those that name one matter are looked at again for the next."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One matter of the list."""

    matter_id: str
    named: tuple[str, ...]
    """What plans call it, and people too."""
    asked: tuple[str, ...] = ()
    """What only people call it."""
    printed: tuple[str, ...] = ()
    """What only plans call it: in a question the word would often mean something else."""
    english: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter that a question asks for."""

    label: str
    """The question's own words."""
    forms: Forms
    """The Chinese words of which a sentence on it holds one."""


class NamedMatters:
    """Finds the specific matters of a question.

    Of words that lie within each other the longest counts. Of matters that plans call by one word the one
    with the fewest words is meant, as 孤独症 stands among those of special education, too; what people call
    by one word may be any of the matters.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._of_chinese: dict[str, Forms] = {}
        self._of_english: dict[Phrase, Forms] = {}
        called: dict[str, Forms] = {}
        for entry in entries:
            forms = tuple(dict.fromkeys(normalise(form) for form in (*entry.named, *entry.printed)))
            for word in map(normalise, entry.named):
                if word not in called or len(forms) < len(called[word]):
                    called[word] = forms
            for word in map(normalise, entry.asked):
                self._of_chinese[word] = join_forms(self._of_chinese.get(word, ()), forms)
            for phrase in filter(None, map(_key, map(words, entry.english))):
                self._of_english[phrase] = join_forms(self._of_english.get(phrase, ()), forms)
        self._of_chinese |= called
        self._by_first: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._of_chinese:
            self._by_first[word[0]].append(word)
        self._longest = max(map(len, self._of_english), default=0)
        listed = repr((sorted(self._of_chinese.items()), sorted(self._of_english.items())))
        self.digest = hashlib.sha256(listed.encode()).hexdigest()[:16]
        """Changes with every word."""

    @classmethod
    def load(cls, files: Sequence[Path] = (MATTERS_FILE,)) -> NamedMatters:
        """Read lists, each once a process; raises SettingsError where one is missing or not of the form."""
        return _loaded(tuple(files))

    def asked_in(self, question: str) -> tuple[Matter, ...]:
        """The matters that a question names, each once; those of which any is enough are one."""
        in_english = longest_phrases(
            question, self._longest, lambda phrase: self._of_english.get(_key(phrase), ())
        )
        in_chinese = [(word, forms) for _, word, forms in sorted(self._chinese(question))]
        named = (
            *join_alternatives(normalise(question), in_chinese),
            *join_alternatives(question, in_english),
        )
        found = {forms: label for label, forms in named}
        return tuple(Matter(label, forms) for forms, label in found.items())

    def chinese_phrases(self) -> tuple[str, ...]:
        """What matters are called by in Chinese, each phrase once."""
        return tuple(self._of_chinese)

    def forms_of(self, phrase: str) -> Forms:
        """The Chinese words of which a plan that deals with what a listed Chinese phrase calls prints one."""
        return self._of_chinese.get(normalise(phrase), ())

    def _chinese(self, question: str) -> Iterator[tuple[int, str, Forms]]:
        text = normalise(question)
        hits = [
            (at, word)
            for at, first in enumerate(text)
            for word in self._by_first.get(first, ())
            if text.startswith(word, at)
        ]
        taken = [False] * len(text)
        for at, word in sorted(hits, key=lambda hit: (-len(hit[1]), hit[0])):
            here = slice(at, at + len(word))
            if not any(taken[here]) and stands_at(text, at, len(word)):
                taken[here] = [True] * len(word)
                yield at, word, self._of_chinese[word]


def stands_at(text: str, at: int, length: int) -> bool:
    """Tell whether what is there is no piece of a Latin word, nor ends one word and begins another.

    高考 does not stand in 提高考核. ``text`` is as :func:`rag.tokenise.normalise` gives it.
    """
    end = at + length
    if _are_of_one_run(text[at - 1 : at], text[at]) or _are_of_one_run(text[end - 1], text[end : end + 1]):
        return False
    bounds = _bounds(text)
    return at in bounds or end in bounds or not any(at < bound < end for bound in bounds)


def _are_of_one_run(before: str, after: str) -> bool:
    """Tell whether two neighbours, of which one may be missing, are letters or digits of one Latin word."""
    both = before + after
    return len(both) == 2 and both.isascii() and both.isalnum()


@lru_cache(_TEXTS_KEPT)
def _bounds(text: str) -> frozenset[int]:
    """Where words begin and end."""
    ends = [0]
    for word in cut_words(text):
        ends.append(ends[-1] + len(word))
    return frozenset(ends)


def _key(phrase: Phrase) -> Phrase:
    """A phrase without the endings of its words; one word as it is, as its forms mean too much else."""
    if len(phrase) > 1:
        return tuple(map(stem, phrase))
    return phrase if phrase and says_something(phrase[0]) else ()


@cache
def _loaded(files: tuple[Path, ...]) -> NamedMatters:
    return NamedMatters(entry for file in files for entry in _read(file))


def _read(file: Path) -> Iterator[Entry]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the list of matters {file} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _entry(line, f"the list of matters {file}, line {number}")


def _entry(line: str, place: str) -> Entry:
    try:
        data: Any = json.loads(line)
    except ValueError as error:
        raise SettingsError(f"{place} is no JSON: {error}") from error
    if not isinstance(data, dict) or not data.keys() <= {"id", *_FIELDS} or not _is_word(data.get("id")):
        raise SettingsError(f"{place}: found {line[:80]!r}; wanted an object with id, {', '.join(_FIELDS)}.")
    named, asked, printed, english = (data.get(field, []) for field in _FIELDS)
    for field in (named, asked, printed, english):
        if not isinstance(field, list) or not all(map(_is_word, field)):
            raise SettingsError(f"{place}: found {field!r}; wanted a list of words.")
    if not named and not printed:
        raise SettingsError(f"{place}: a matter needs words that plans print, in named or in printed.")
    return Entry(data["id"], tuple(named), tuple(asked), tuple(printed), tuple(english))


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
