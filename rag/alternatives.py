"""Things that a question names side by side, of which any is enough (香港或者台湾, "skating or skiing")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.english import Forms, join_forms

_BETWEEN = re.compile(
    r"\s*(?:、|[,，]|/|或者?|还是)\s*|[a-z]{0,3}\W*(?:[,/]\s*(?:or\b)?|\bor\b)\W*(?:(?:the|an?)\b)?\W*",
    re.IGNORECASE,
)
"""What stands between two alternatives; in English behind the ending of the first one's word."""

Named = tuple[str, Forms]
"""A question's words for a thing, and the forms of which a text on it has one."""


def join_alternatives(text: str, named: Iterable[Named]) -> Iterator[Named]:
    """The things that ``text`` names, with those that are alternatives in one that any of their forms names.

    ``named`` are in the order of the text; what cannot be found in it stands for itself.
    """
    last: Named | None = None
    start, end = 0, 0
    for label, forms in named:
        found = _pattern(label).search(text, end)
        if last is not None and found and _BETWEEN.fullmatch(text, end, found.start()):
            last = text[start : found.end()], join_forms(last[1], forms)
        else:
            if last is not None:
                yield last
            last = label, forms
            start = found.start() if found else end
        end = found.end() if found else end
    if last is not None:
        yield last


def _pattern(label: str) -> re.Pattern[str]:
    """Finds a label, in English with whatever ends its words."""
    if not label.isascii():
        return re.compile(re.escape(label))
    stems = (re.escape(word[:-1] if word.endswith("y") else word) for word in label.split())
    return re.compile(r"\b" + r"\w*\W+".join(stems), re.IGNORECASE)
