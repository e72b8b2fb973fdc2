"""Which rows of an index name the specific matters that a question asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.fuse import NAMED_WEIGHT
from rag.named_matters import Matter, names_one_of

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Naming:
    """What share of a question's specific matters each row names, 0 to 1; nothing where it was not scored."""

    sentences: Floats
    """By itself."""
    items: Floats
    """With the other sentences of its item."""

    def spread(self, rows: Rows, n_rows: int) -> Naming:
        """The same for all rows of an index, of which these are ``rows`` and the others name nothing."""
        spread = Naming(np.zeros(n_rows, dtype=np.float32), np.zeros(n_rows, dtype=np.float32))
        spread.sentences[rows], spread.items[rows] = self.sentences, self.items
        return spread

    def at(self, rows: Sequence[int] | Rows | slice) -> Naming:
        """That of these rows alone, in their order."""
        return Naming(self.sentences[rows], self.items[rows])

    @property
    def worth(self) -> Floats:
        """What it counts beside the two views of a row."""
        worth: Floats = (NAMED_WEIGHT * (self.sentences + self.items) / 2).astype(np.float32)
        return worth


def naming_of(texts: Iterable[str], item_of_row: Rows, matters: Sequence[Matter]) -> Naming | None:
    """What each text names of the matters, by itself and with its item; None where there are no matters."""
    if not matters:
        return None
    named = [[names_one_of(text, matter.forms) for matter in matters] for text in texts]
    of_row = np.array(named, dtype=np.bool_).reshape(-1, len(matters))
    numbers, places = np.unique(item_of_row, return_inverse=True)
    of_item = np.zeros((numbers.size, len(matters)), dtype=np.bool_)
    np.logical_or.at(of_item, places, of_row)
    return Naming(of_row.mean(axis=1, dtype=np.float32), of_item[places].mean(axis=1, dtype=np.float32))
