"""Keyword search over chunks by BM25."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.bm25 import concept_weights, length_norms, rarity_of_words, word_gains
from rag.grouped_words import GroupedWords
from rag.postings import Postings, Rows
from rag.tokenise import tokenise, weighted_words

Scores = NDArray[np.float32]
_RECORD_FILE = "record.json"
PART_ROWS = 131_072
"""The most rows of one part: what a question adds up in it stays in the processor's cache, and building one
takes some 100 MB whatever the size of the whole."""
_TERMS_KEPT = 4096
"""Words whose places are remembered: a question's are looked up several times, and often by the next one."""


@dataclass(frozen=True, slots=True)
class _Term:
    """A token of a question: the rows that hold it and how often, part by part, and how many rows in all."""

    postings: list[tuple[NDArray[np.int32], NDArray[Any]]]
    n_holding: int


class KeywordIndex:
    """BM25 scores of chunks for a question; row ``i`` is the chunk at place ``i``.

    The index holds counts, and works scores out when a question comes: so a chunk that is added or removed
    changes the rarity of words for all at once, and nothing is written again. Chunks that are added are a
    part of their own, of which two of like size are merged. The parts' arrays are memory-mapped when loaded.
    """

    def __init__(self, parts: Sequence[Postings]) -> None:
        self._parts = list(parts)
        self._refresh()

    @classmethod
    def build(cls, texts: Iterable[str]) -> KeywordIndex:
        """Index ``texts``; raises ValueError where there is none."""
        index = cls(list(_in_parts(texts)))
        if len(index) == 0:
            raise ValueError("a keyword index needs at least one text; found none")
        return index

    def __len__(self) -> int:
        return self._n_rows

    def add(self, texts: Iterable[str]) -> None:
        """Add texts; their rows follow the last one."""
        for part in _in_parts(texts):
            self._parts.append(part)
            while len(self._parts) > 1 and self._are_alike(*self._parts[-2:]):
                self._parts[-2:] = [Postings.merge(self._parts[-2:])]
        self._refresh()

    def remove(self, rows: Sequence[int]) -> None:
        """Remove rows; those that follow move up. Raises IndexError, and removes none, for a row beyond."""
        wanted = np.unique(np.array(rows, dtype=np.int64))
        if wanted.size > 0 and not 0 <= int(wanted[0]) <= int(wanted[-1]) < self._n_rows:
            raise IndexError(f"rows {wanted[0]} to {wanted[-1]} were to go; there are {self._n_rows}")
        for first, part in zip(self._firsts, self._parts, strict=True):
            part.remove(wanted[(wanted >= first) & (wanted < first + len(part))] - first)
        self._parts = [part for part in self._parts if len(part) > 0]
        self._refresh()

    def scores(self, question: str, rows: Rows | None = None) -> Scores:
        """The score of every row, or of ``rows``; zero where the chunk shares no token with the question."""
        tokens = tokenise(question)
        terms = self._terms(tokens)
        found = np.zeros(self._n_rows if rows is None else len(rows), dtype=np.float32)
        for n, places, part_rows in self._chosen(rows):
            found[places] = self._part_scores(n, tokens, terms, part_rows)
        return found

    def search(self, question: str, k: int, rows: Rows | None = None) -> tuple[Rows, Scores]:
        """The best ``k`` rows that share a token with the question, by (-score, row): of all, of ``rows``."""
        if k < 1:
            raise ValueError(f"k is {k}; wanted at least 1.")
        tokens = tokenise(question)
        terms = self._terms(tokens)
        numbers = np.arange(self._n_rows) if rows is None else np.unique(np.asarray(rows, dtype=np.int64))
        best_rows, best = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
        for n, places, part_rows in self._chosen(None if rows is None else numbers):
            found = self._part_scores(n, tokens, terms, part_rows)
            top = _best(found, k)
            best.append(found[top])
            best_rows.append(numbers[places][top])
        all_rows, all_scores = np.concatenate(best_rows), np.concatenate(best)
        order = np.lexsort((all_rows, -all_scores))[:k]
        return all_rows[order], all_scores[order]

    def word_shares(
        self, question: str, rows: Rows | None = None, concepts: Sequence[Sequence[str]] = ()
    ) -> Scores:
        """For every row, or for ``rows``: the share of the question's words that the chunk holds, by rarity.

        Between 0 and 1 whatever the question, so that it can be compared between questions. A word that no
        chunk holds counts as the rarest. Each concept, a list of forms, counts as one word that a chunk holds
        where it holds one of them.
        """
        terms = self._terms(tokenise(question))
        weights = {token: self._rarity(term.n_holding) for token, term in terms.items()}
        return self._shares(terms, weights, [(forms, self._rarity) for forms in concepts], rows)

    def subject_shares(
        self, question: str, rows: Rows | None = None, concepts: Sequence[Sequence[str]] = ()
    ) -> Scores:
        """The same by what the words and the concepts tell of the question's subject.

        Words count as :func:`rag.tokenise.weighted_words` has it, concepts as
        :func:`rag.bm25.concept_weights`.
        """
        counts = weighted_words(question)
        terms = self._terms(list(counts))
        weights = {token: counts[token] * self._rarity(term.n_holding) for token, term in terms.items()}
        return self._shares(terms, weights, [(forms, self._concept_weight) for forms in concepts], rows)

    def _shares(
        self,
        terms: Mapping[str, _Term],
        weights: Mapping[str, float],
        concepts: Sequence[tuple[Sequence[str], Callable[[int], float]]],
        rows: Rows | None,
    ) -> Scores:
        """How much of the weights' sum the terms and concepts make up that each row holds."""
        held = np.zeros(self._n_rows if rows is None else len(rows), dtype=np.float64)
        for n, places, part_rows in self._chosen(rows):
            part = self._parts[n]
            sums = np.zeros(part.n_rows if part_rows is None else part_rows.size, dtype=np.float64)
            for token, term in terms.items():
                sums[_held(*term.postings[n], part_rows)[0]] += weights[token]
            held[places] = sums[part.alive_rows] if part_rows is None else sums
        total = sum(weights.values())
        for forms, weigh in concepts:
            found, n_holding = self._holding(forms, rows)
            held[found] += weigh(n_holding)
            total += weigh(n_holding)
        return (held / total if total else held).astype(np.float32)

    def concept_scores(self, concepts: Sequence[Sequence[str]], rows: Rows | None = None) -> Scores:
        """For every row, or for ``rows``: the rarity of the concepts that it holds, added up."""
        found = np.zeros(self._n_rows if rows is None else len(rows), dtype=np.float32)
        for forms in concepts:
            places, n_holding = self._holding(forms, rows)
            if n_holding:
                found[places] += np.float32(self._rarity(n_holding))
        return found

    def holds(self, form: str) -> bool:
        """Tell whether some row holds all the tokens of ``form``."""
        return self.rows_holding((form,)).size > 0

    def by_group(self, groups: Sequence[Sequence[int] | Rows]) -> GroupedWords:
        """The scores where each group of rows is a corpus of its own."""
        return GroupedWords(self, groups)

    @property
    def lengths(self) -> NDArray[np.int32]:
        """How many tokens each row has."""
        return np.concatenate([np.zeros(0, np.int32), *(part.lengths for part in self._parts)])

    def held(self, token: str) -> tuple[Rows, NDArray[Any]]:
        """The rows that hold the token, in order, and how often each does."""
        held = zip(self._firsts, self._parts, self._term(token).postings, strict=True)
        rows, counts = [np.zeros(0, np.int64)], [np.zeros(0, np.uint8)]
        for first, part, postings in held:
            numbers, own = part.left_of(*postings)
            rows.append(first + numbers)
            counts.append(own)
        return np.concatenate(rows), np.concatenate(counts)

    def _rarity(self, n_holding: int) -> float:
        return float(rarity_of_words(self._n_rows, n_holding))

    def _concept_weight(self, n_holding: int) -> float:
        return float(concept_weights(rarity_of_words(self._n_rows, n_holding)))

    def _holding(self, forms: Sequence[str], rows: Rows | None) -> tuple[Rows, int]:
        """Where all tokens of one of the forms are held: rows, or places in ``rows``; in how many of all."""
        found = self.rows_holding(forms)
        places = found if rows is None else np.flatnonzero(np.isin(rows, found))
        return places, found.size

    def rows_holding(self, forms: Sequence[str]) -> Rows:
        """The rows that hold all tokens of one of the forms, in order."""
        every: list[Rows] = [np.zeros(0, np.int64)]
        for form in forms:
            terms = list(self._terms(tokenise(form)).values())
            for n, (first, part) in enumerate(zip(self._firsts, self._parts, strict=True)):
                if terms:
                    common = terms[0].postings[n][0]
                    for term in terms[1:]:
                        common = np.intersect1d(common, term.postings[n][0], assume_unique=True)
                    every.append(first + _places(part.alive_rows, common))
        return np.unique(np.concatenate(every))

    def save(self, directory: Path) -> None:
        """Write the index into ``directory``, which must not exist yet; parts that were loaded are linked.

        The record goes last and holds the digests of all other files, so that a damaged one is noticed.
        """
        directory.mkdir(parents=True)
        # Parts that only get linked keep their names, so they come first; new ones find a free name.
        order = sorted(range(len(self._parts)), key=lambda n: not self._parts[n].is_saved)
        written = {n: self._parts[n].save(directory) for n in order}
        record = {"rows": self._n_rows, "parts": [written[n] for n in range(len(self._parts))]}
        (directory / _RECORD_FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> KeywordIndex:
        """Read what :meth:`save` wrote; raises OSError or ValueError where files are missing or damaged."""
        record = json.loads((directory / _RECORD_FILE).read_text(encoding="utf-8"))
        index = cls([Postings.load(directory, part) for part in record["parts"]])
        if len(index) != record["rows"]:
            raise ValueError(f"{directory} holds {len(index)} rows; its record says {record['rows']}")
        return index

    def _refresh(self) -> None:
        """Work out anew what depends on all rows together."""
        sizes = [len(part) for part in self._parts]
        self._n_rows = sum(sizes)
        self._firsts = [sum(sizes[:n]) for n in range(len(sizes))]
        n_tokens = sum(int(part.lengths.sum()) for part in self._parts)
        mean_length = n_tokens / max(1, self._n_rows)
        self._norms = [length_norms(part.all_lengths(), mean_length) for part in self._parts]
        self._known: dict[str, _Term] = {}

    def _are_alike(self, earlier: Postings, later: Postings) -> bool:
        return len(earlier) <= 2 * len(later) and len(earlier) + len(later) <= PART_ROWS

    def _terms(self, tokens: Iterable[str]) -> dict[str, _Term]:
        """Where each of the tokens is held."""
        return {token: self._term(token) for token in dict.fromkeys(tokens)}

    def _term(self, token: str) -> _Term:
        known = self._known.get(token)
        if known is None:
            postings = [part.find(token) for part in self._parts]
            counted = zip(self._parts, postings, strict=True)
            known = _Term(postings, sum(part.n_holding(rows) for part, (rows, _) in counted))
            if len(self._known) >= _TERMS_KEPT:
                self._known.clear()
            self._known[token] = known
        return known

    def _chosen(self, numbers: Rows | None) -> Iterator[tuple[int, slice | Rows, Rows | None]]:
        """Each part to look at: its number, where its rows stand in the result, which rows (None: all)."""
        for n, (first, part) in enumerate(zip(self._firsts, self._parts, strict=True)):
            if numbers is None:
                yield n, slice(first, first + len(part)), None
                continue
            places = np.flatnonzero((numbers >= first) & (numbers < first + len(part)))
            if places.size > 0:
                yield n, places, part.alive_rows[numbers[places] - first]

    def _part_scores(
        self, n: int, tokens: Sequence[str], terms: dict[str, _Term], part_rows: Rows | None
    ) -> Scores:
        """Add up, token by token in the question's order, what each gives to the rows of one part."""
        part, norms = self._parts[n], self._norms[n]
        sums = np.zeros(part.n_rows if part_rows is None else part_rows.size, dtype=np.float32)
        gains: dict[str, tuple[Rows, Scores]] = {}
        for token in tokens:
            if token not in gains:
                places, rows, counts = _held(*terms[token].postings[n], part_rows)
                gain = word_gains(self._n_rows, terms[token].n_holding, counts, norms[rows])
                gains[token] = places, gain
            places, gain = gains[token]
            sums[places] += gain
        return sums[part.alive_rows] if part_rows is None and len(part) < part.n_rows else sums


def _held(
    rows: NDArray[np.int32], counts: NDArray[Any], wanted: Rows | None
) -> tuple[Rows, Rows, NDArray[Any]]:
    """Of the rows that hold a token those that are wanted: their places there, the rows, the counts."""
    if wanted is None:
        return rows, rows, counts  # type: ignore[return-value]  # 32 bits are as good an index as 64
    if rows.size == 0:
        return wanted[:0], wanted[:0], counts
    at = np.minimum(np.searchsorted(rows, wanted), rows.size - 1)
    places = np.flatnonzero(rows[at] == wanted)
    return places, wanted[places], counts[at[places]]


def _places(rows: Rows, wanted: NDArray[Any]) -> Rows:
    """Where in the sorted rows the wanted ones stand, those that do; costs as many steps as are wanted."""
    if rows.size == 0:
        return np.zeros(0, np.int64)
    at: Rows = np.minimum(np.searchsorted(rows, wanted), rows.size - 1)
    found: Rows = at[rows[at] == wanted]
    return found


def _best(scores: Scores, k: int) -> Rows:
    """The places of the ``k`` highest scores above zero, in the order of places; of equal ones the first."""
    places = np.flatnonzero(scores > 0)
    if places.size <= k:
        return places
    kth = np.partition(scores[places], places.size - k)[places.size - k]
    above, equal = places[scores[places] > kth], places[scores[places] == kth]
    return np.sort(np.concatenate((above, equal[: k - above.size])))


def _in_parts(texts: Iterable[str]) -> Iterator[Postings]:
    """The texts as parts; each text is cut into tokens when its turn comes, so that few are held at once."""
    tokens = (tokenise(text) for text in texts)
    while (part := Postings.build(islice(tokens, PART_ROWS))).n_rows > 0:
        yield part
