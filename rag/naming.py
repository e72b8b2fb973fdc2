"""Which rows of an index name the specific matters that a question asks for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from rag.fuse import NAMED_WEIGHT
from rag.meant_matters import MeantMatters
from rag.named_matters import Matter, NamedMatters, stands_at
from rag.records import Chunk
from rag.tokenise import normalise

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Naming:
    """What share of a question's specific matters each row names, 0 to 1; nothing where it was not scored."""

    sentences: Floats
    """By itself."""
    items: Floats
    """With the other sentences of its item."""
    meant: bool = False
    """Whether the question does not name the matters itself, but comes near what names them."""

    def spread(self, rows: Rows, n_rows: int) -> Naming:
        """The same for all rows of an index, of which these are ``rows`` and the others name nothing."""
        none = np.zeros(n_rows, dtype=np.float32)
        spread = Naming(none, none.copy(), self.meant)
        spread.sentences[rows], spread.items[rows] = self.sentences, self.items
        return spread

    def at(self, rows: Sequence[int] | Rows | slice) -> Naming:
        """That of these rows alone, in their order."""
        return Naming(self.sentences[rows], self.items[rows], self.meant)

    @property
    def worth(self) -> Floats:
        """What it counts beside the two views of a row."""
        worth: Floats = (NAMED_WEIGHT * (self.sentences + self.items) / 2).astype(np.float32)
        return worth


class PlainTexts:
    """Texts that are searched for the words of matters; row ``i`` is the ``i``-th text."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [normalise(text) for text in texts]
        self._joined = "\n".join(self._texts)
        lengths = [len(text) + 1 for text in self._texts]
        self._starts = [0, *accumulate(lengths)]

    def __len__(self) -> int:
        return len(self._texts)

    def rows_naming(self, forms: Iterable[str]) -> Rows:
        """The rows in which one of the forms stands as words, in order."""
        found: set[int] = set()
        for form in forms:
            found.update(self._rows_with(form))
        return np.array(sorted(found), dtype=np.int64)

    def _rows_with(self, form: str) -> Iterator[int]:
        """All texts are searched as one: so a form that stands nowhere costs one search and not one a row."""
        at = self._joined.find(form)
        while at >= 0:
            row = bisect_right(self._starts, at) - 1
            stands = stands_at(self._texts[row], at - self._starts[row], len(form))
            if stands:
                yield row
            at = self._joined.find(form, self._starts[row + 1] if stands else at + 1)


def naming_of(texts: PlainTexts, item_of_row: Rows, matters: Sequence[Matter]) -> Naming:
    """What each text names of the matters, by itself and with its item."""
    numbers, places = np.unique(item_of_row, return_inverse=True)
    of_row = np.zeros((len(texts), len(matters)), dtype=np.bool_)
    of_item = np.zeros((numbers.size, len(matters)), dtype=np.bool_)
    for n, matter in enumerate(matters):
        rows = texts.rows_naming(matter.forms)
        of_row[rows, n] = True
        of_item[places[rows], n] = True
    return Naming(of_row.mean(axis=1, dtype=np.float32), of_item[places].mean(axis=1, dtype=np.float32))


class Namer:
    """Finds which rows of an index name the matters of a question."""

    def __init__(
        self,
        chunks: Sequence[Chunk],
        item_of_row: Rows,
        matters: NamedMatters,
        meant: MeantMatters | None = None,
    ) -> None:
        """``item_of_row`` has a number for each row's item, of shape ``(n_rows,)``."""
        self._chunks = chunks
        self._item_of_row = item_of_row
        self._matters = matters
        self._meant = meant
        self._whole: PlainTexts | None = None

    def naming(self, question: str, rows: Rows | None = None) -> Naming | None:
        """What the index' rows name, as far as they are among ``rows``; None where nothing is asked by name.

        ``rows`` are all of an item or none; None for all, whose texts are made ready to be searched once.
        """
        matters = self._matters.asked_in(question)
        return self._found(matters, rows) if matters else None

    def naming_meant(self, vector: Vector, rows: Rows | None = None) -> Naming | None:
        """The same of what a question means by its vector; None, too, where no row names it.

        The plans may say that in words which the list lacks: only of a matter that is named is it telling.
        """
        meant = None if self._meant is None else self._meant.meant_by(vector, self._matters)
        if meant is None:
            return None
        found = self._found((meant,), rows)
        return replace(found, meant=True) if found.items.any() else None

    def _found(self, matters: Sequence[Matter], rows: Rows | None) -> Naming:
        if rows is not None:
            texts = PlainTexts(self._chunks[row].text for row in rows.tolist())
            named = naming_of(texts, self._item_of_row[rows], matters)
            return named.spread(rows, len(self._chunks))
        self._whole = self._whole or PlainTexts(chunk.text for chunk in self._chunks)
        return naming_of(self._whole, self._item_of_row, matters)
