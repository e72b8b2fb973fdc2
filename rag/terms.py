"""The words that mean the same: a file of policy terms, Chinese and English, that anybody can edit.

An English question is searched for by the Chinese forms of the terms that it uses; a Chinese one by the other
forms of a term that no plan prints as the question has it (托位 where the plans write 托额). Chinese forms
that plans do print are left alone: on the development questions every widening of those made plans harder to
tell apart.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard

from rag.english import Forms, Phrase, join_forms, longest_phrases, stem, words
from rag.errors import SettingsError
from rag.tokenise import normalise

TERMS_FILE = Path(__file__).with_name("terms.toml")
_QUESTIONS_KEPT = 64
"""Texts whose terms are remembered: where plans are searched one by one, each asks for those of the same."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of a question and the Chinese forms that it is searched for by."""

    label: str
    """The question's own words."""
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One concept of a file: its Chinese and its English forms."""

    chinese: Sequence[str]
    english: Sequence[str]
    is_one_meaning: bool = True
    """Whether the Chinese forms stand for each other, too, and not for the English ones alone."""


class Terms:
    """Finds the terms of a question; longer ones first, so that 特殊教育 is not taken for 教育."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._of_english: dict[Phrase, tuple[str, ...]] = {}
        self._of_chinese: dict[str, tuple[str, ...]] = {}
        for group in groups:
            forms = tuple(dict.fromkeys(normalise(form) for form in group.chinese))
            for phrase in map(words, group.english):
                self._of_english[phrase] = join_forms(self._of_english.get(phrase, ()), forms)
            for form in forms if group.is_one_meaning else ():
                self._of_chinese[form] = join_forms(self._of_chinese.get(form, ()), forms)
        self._of_stems: dict[Phrase, tuple[str, ...]] = {}
        for phrase, forms in self._of_english.items():
            stems = tuple(map(stem, phrase))
            self._of_stems[stems] = join_forms(self._of_stems.get(stems, ()), forms)
        listed = repr((sorted(self._of_english.items()), sorted(self._of_chinese.items())))
        self.digest = hashlib.sha256(listed.encode()).hexdigest()[:16]
        """Changes with every term."""
        self._longest = max((len(phrase) for phrase in self._of_english), default=0)
        self._chinese = sorted(self._of_chinese, key=lambda form: (-len(form), form))
        self._in_chinese = lru_cache(_QUESTIONS_KEPT)(self._chinese_terms)

    @classmethod
    def load(cls, files: Sequence[Path] = (TERMS_FILE,)) -> Terms:
        """Read term files; raises SettingsError where one is missing or not of the form."""
        return cls([group for file in files for group in _read(file)])

    def forms(self) -> Iterator[str]:
        """Every word or phrase that the terms have: Chinese as it is, English without its endings."""
        yield from dict.fromkeys(form for group in self._of_english.values() for form in group)
        yield from self._of_chinese
        yield from map(" ".join, self._of_english)

    def of_english(self, question: str) -> tuple[Concept, ...]:
        """The terms that an English question uses, each once, in the question's order."""
        found: dict[Forms, Concept] = {}
        for label, forms in longest_phrases(question, self._longest, self._forms_of):
            found.setdefault(forms, Concept(label, forms))
        return tuple(found.values())

    def _forms_of(self, phrase: Phrase) -> Forms:
        """The forms of a term, as it is or in another form of its words; none where it is no term."""
        return self._of_english.get(phrase) or self._of_stems.get(tuple(map(stem, phrase)), ())

    def for_missing(self, question: str, holds: Callable[[str], bool]) -> tuple[Concept, ...]:
        """The terms of a Chinese question that no plan prints, with their other forms that one does.

        ``holds`` tells whether any plan prints a form. Terms without a printed form are left out.
        """
        found: list[Concept] = []
        for form in self._in_chinese(question):
            if holds(form):
                continue
            printed = tuple(other for other in self._of_chinese[form] if other != form and holds(other))
            if printed:
                found.append(Concept(form, printed))
        return tuple(found)

    def forms_near(self, question: str) -> tuple[str, ...]:
        """The Chinese terms of a question with their other forms: all that :meth:`for_missing` asks for."""
        near = (other for form in self._in_chinese(question) for other in self._of_chinese[form])
        return tuple(dict.fromkeys(near))

    def _chinese_terms(self, question: str) -> tuple[str, ...]:
        """The Chinese terms that a question uses, longer ones first."""
        rest = normalise(question)
        found: list[str] = []
        for form in self._chinese:
            if form in rest:
                rest = rest.replace(form, " ")
                found.append(form)
        return tuple(found)


def without(question: str, concepts: Sequence[Concept]) -> str:
    """The question without the words that the concepts stand for."""
    rest = normalise(question)
    for concept in concepts:
        rest = rest.replace(concept.label, " ")
    return rest


def _read(file: Path) -> list[Group]:
    try:
        data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"the term file {file} cannot be read: {error}") from error
    groups: list[Group] = []
    for name, forms in _concepts(data):
        group = _group(forms)
        if group is None:
            raise SettingsError(
                f"the term file {file}, {name}: found {forms!r}; wanted "
                'zh = ["…"] and en = ["…"], or to = ["…"] and en = ["…"], lists of words.'
            )
        groups.append(group)
    return groups


def _group(forms: object) -> Group | None:
    """The concept that a table of a file stands for; None where the table is not of the form."""
    if not isinstance(forms, dict) or ("zh" in forms) == ("to" in forms):
        return None
    chinese, english = forms.get("zh", forms.get("to")), forms.get("en", [])
    if not _are_words(chinese) or not _are_words(english):
        return None
    return Group(chinese, english, is_one_meaning="zh" in forms)


def _concepts(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The concepts of a file, which may stand in tables by field or by themselves."""
    for field, value in data.items():
        if isinstance(value, dict) and not {"zh", "to", "en"} & value.keys():
            yield from ((f"{field}.{name}", forms) for name, forms in value.items())
        else:
            yield field, value


def _are_words(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)
