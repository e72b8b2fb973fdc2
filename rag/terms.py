"""The words that mean the same: a file of policy terms, Chinese and English, that anybody can edit.

An English question is searched for by the Chinese forms of the terms that it uses; a Chinese one by the other
forms of a term that no plan prints as the question has it (托位 where the plans write 托额). Chinese forms
that plans do print are left alone: on the development questions every widening of those made plans harder to
tell apart.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import SettingsError
from rag.tokenise import normalise

TERMS_FILE = Path(__file__).with_name("terms.toml")
_LATIN_WORD = re.compile(r"[a-z0-9+]+")


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of a question and the Chinese forms that it is searched for by."""

    label: str
    """The question's own words."""
    forms: tuple[str, ...]


class Terms:
    """Finds the terms of a question; longer ones first, so that 特殊教育 is not taken for 教育."""

    def __init__(self, groups: Iterable[tuple[Sequence[str], Sequence[str]]]) -> None:
        """Each group holds the Chinese forms and the English ones of one concept."""
        self._of_english: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._of_chinese: dict[str, tuple[str, ...]] = {}
        for chinese, english in groups:
            forms = tuple(dict.fromkeys(normalise(form) for form in chinese))
            for phrase in english:
                words = _words(phrase)
                self._of_english[words] = _joined(self._of_english.get(words, ()), forms)
            for form in forms:
                self._of_chinese[form] = _joined(self._of_chinese.get(form, ()), forms)
        listed = repr((sorted(self._of_english.items()), sorted(self._of_chinese.items())))
        self.digest = hashlib.sha256(listed.encode()).hexdigest()[:16]
        """Changes with every term."""
        self._longest = max((len(words) for words in self._of_english), default=0)
        self._chinese = sorted(self._of_chinese, key=lambda form: (-len(form), form))

    @classmethod
    def load(cls, files: Sequence[Path] = (TERMS_FILE,)) -> Terms:
        """Read term files; raises SettingsError where one is missing or not of the form."""
        return cls([group for file in files for group in _read(file)])

    def of_english(self, question: str) -> tuple[Concept, ...]:
        """The terms that an English question uses, each once, in the question's order."""
        words = _words(question)
        found: dict[tuple[str, ...], Concept] = {}
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                phrase = words[at : at + length]
                forms = self._of_english.get(phrase)
                if forms:
                    found.setdefault(forms, Concept(" ".join(phrase), forms))
                    at += length
                    break
            else:
                at += 1
        return tuple(found.values())

    def for_missing(self, question: str, holds: Callable[[str], bool]) -> tuple[Concept, ...]:
        """The terms of a Chinese question that no plan prints, with their other forms that one does.

        ``holds`` tells whether any plan prints a form. Terms without a printed form are left out.
        """
        rest = normalise(question)
        found: list[Concept] = []
        for form in self._chinese:
            if form not in rest:
                continue
            rest = rest.replace(form, " ")
            if holds(form):
                continue
            printed = tuple(other for other in self._of_chinese[form] if other != form and holds(other))
            if printed:
                found.append(Concept(form, printed))
        return tuple(found)


def without(question: str, concepts: Sequence[Concept]) -> str:
    """The question without the words that the concepts stand for."""
    rest = normalise(question)
    for concept in concepts:
        rest = rest.replace(concept.label, " ")
    return rest


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(
        _singular(word) for word in _LATIN_WORD.findall(text.lower().replace("'s", "").replace("’s", ""))
    )


def _singular(word: str) -> str:
    """The word without a plural ending: terms and questions only need the same rule."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("es") and len(word) > 4 and word[-3] in "sxz":
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _read(file: Path) -> list[tuple[Sequence[str], Sequence[str]]]:
    try:
        data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"the term file {file} cannot be read: {error}") from error
    groups: list[tuple[Sequence[str], Sequence[str]]] = []
    for name, forms in _concepts(data):
        if (
            not isinstance(forms, dict)
            or not _are_words(forms.get("zh"))
            or not _are_words(forms.get("en", []))
        ):
            raise SettingsError(
                f"the term file {file}, {name}: found {forms!r}; wanted "
                'zh = ["…"] and en = ["…"], lists of words.'
            )
        groups.append((forms["zh"], forms.get("en", [])))
    return groups


def _concepts(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The concepts of a file, which may stand in tables by field or by themselves."""
    for field, value in data.items():
        if isinstance(value, dict) and not {"zh", "en"} & value.keys():
            yield from ((f"{field}.{name}", forms) for name, forms in value.items())
        else:
            yield field, value


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)
