"""Which sentences of a plan stand for its verdict."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.quantities import read_measured
from rag.records import Chunk
from rag.retrieve import Scores
from rag.sentences import names_units

N_SENTENCES = 2
"""How many of a plan's best sentences are looked at by the model, and may be quoted."""
_OF_BEST, _OF_BEST_NAMED = 0.75, 0.6
"""A second sentence of the best one's item is quoted where it has this share of what the best one is above
the mean sentence; the lower one where it names the question's specific matter as the best one does.

Of 60 such pairs of development questions, looked at one by one, it keeps nearly all that add something; of
those that name less of the matter than the best one hardly any did.
"""


def best_sentences(
    rows: Sequence[int], quotable: NDArray[np.float32], scores: Scores, chunks: Sequence[Chunk]
) -> Sequence[int]:
    """The best of a plan's ``rows``, without one of the same item that would be quoted for nothing.

    ``quotable`` is what rows are chosen by, one value for each of ``chunks``. Lines that only say who is in
    charge come last. A sentence on the matter with figures stays beside one without.
    """

    def rank(row: int) -> tuple[bool, float, int]:
        return names_units(chunks[row].text), -float(quotable[row]), row

    first, *others = sorted(rows, key=rank)[:N_SENTENCES]
    mean = float(quotable[slice(None) if scores.typical is None else scores.typical].mean())

    def adds(row: int) -> bool:
        if chunks[row].item_id != chunks[first].item_id:
            return True
        if names_units(chunks[row].text):
            return False
        named = 0.0 if scores.naming is None else float(scores.naming.sentences[row])
        if scores.naming is not None and named < float(scores.naming.sentences[first]):
            return False
        if named and read_measured(chunks[row].text) and not read_measured(chunks[first].text):
            return True
        share = _OF_BEST_NAMED if named else _OF_BEST
        return float(quotable[row]) - mean >= share * (float(quotable[first]) - mean)

    return [first, *filter(adds, others)]
