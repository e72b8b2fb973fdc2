"""One part of the keyword index: for every token, the rows that hold it and how often; arrays on disk."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.store_files import link_or_copy, sha256_of

Rows = NDArray[np.int64]
_MAPPED_BYTES = 1 << 20
"""Smaller files are read: mapping saves nothing there."""
_ARRAYS = ("tokens", "offsets", "starts", "rows", "counts", "lengths")


class Postings:
    """Rows of tokens, by token. The arrays never change; removed rows are marked beside them.

    A row here is a place in this part, removed rows counted; a number is a place among those that are left.
    """

    def __init__(self, arrays: dict[str, NDArray[Any]], removed: Sequence[int] = ()) -> None:
        self._arrays = arrays
        self._tokens = arrays["tokens"]
        self._offsets = arrays["offsets"]
        self._starts = arrays["starts"]
        self._alive = np.ones(arrays["lengths"].size, dtype=np.bool_)
        self._saved: tuple[Path, dict[str, str]] | None = None
        self.remove(np.array(removed, dtype=np.int64))

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> Postings:
        """Index texts that were cut into tokens."""
        code_of: dict[str, int] = {}
        codes: list[NDArray[np.int64]] = []
        counts: list[NDArray[np.int64]] = []
        lengths: list[int] = []
        for tokens in texts:
            held = Counter(tokens)
            codes.append(np.array([code_of.setdefault(token, len(code_of)) for token in held], np.int64))
            counts.append(np.array(list(held.values()), np.int64))
            # A text without a token counts as one of a single token that no question has.
            lengths.append(max(1, len(tokens)))
        rows = np.repeat(np.arange(len(lengths)), [part.size for part in codes])
        return cls(_arrays(code_of, _joined(codes), rows, _joined(counts), np.array(lengths, np.int64)))

    @classmethod
    def merge(cls, parts: Sequence[Postings]) -> Postings:
        """One part in the place of several, removed rows left out."""
        code_of: dict[str, int] = {}
        codes, rows, counts = [], [], []
        before = 0
        for part in parts:
            own = np.array(
                [code_of.setdefault(token, len(code_of)) for token in part._all_tokens()], np.int64
            )
            keep = part._alive[part._arrays["rows"]]
            codes.append(np.repeat(own, np.diff(part._starts))[keep])
            rows.append(part._numbers[part._arrays["rows"][keep]] + before)
            counts.append(np.asarray(part._arrays["counts"][keep], np.int64))
            before += len(part)
        lengths = _joined([np.asarray(part.lengths, np.int64) for part in parts])
        return cls(_arrays(code_of, _joined(codes), _joined(rows), _joined(counts), lengths))

    def __len__(self) -> int:
        """How many rows were not removed."""
        return int(self.alive_rows.size)

    @property
    def n_rows(self) -> int:
        """How many rows there are, removed ones counted."""
        return int(self._alive.size)

    @property
    def lengths(self) -> NDArray[np.int32]:
        """How many tokens each row that is left has."""
        lengths: NDArray[np.int32] = self._arrays["lengths"][self.alive_rows]
        return lengths

    def all_lengths(self) -> NDArray[np.int32]:
        """How many tokens each row has."""
        lengths: NDArray[np.int32] = self._arrays["lengths"]
        return lengths

    def remove(self, numbers: Rows) -> None:
        """Take out the rows with these numbers; the numbers of later ones change."""
        if numbers.size > 0 and self._alive.all():
            self._alive[numbers] = False
        elif numbers.size > 0:
            self._alive[self.alive_rows[numbers]] = False
        self.alive_rows: Rows = np.flatnonzero(self._alive)
        self._numbers = np.cumsum(self._alive) - 1

    def find(self, token: str) -> tuple[NDArray[np.int32], NDArray[Any]]:
        """The rows that hold a token, removed ones too, in order, and how often each does."""
        wanted = token.encode()
        place = bisect_left(range(self._offsets.size - 1), wanted, key=self._token)
        if place == self._offsets.size - 1 or self._token(place) != wanted:
            return self._arrays["rows"][:0], self._arrays["counts"][:0]
        held = slice(int(self._starts[place]), int(self._starts[place + 1]))
        return self._arrays["rows"][held], self._arrays["counts"][held]

    def n_holding(self, rows: NDArray[np.int32]) -> int:
        """How many of these rows were not removed."""
        return int(rows.size) if len(self) == self.n_rows else int(self._alive[rows].sum())

    def left_of(self, rows: NDArray[np.int32], counts: NDArray[Any]) -> tuple[Rows, NDArray[Any]]:
        """The numbers of those of these rows that were not removed, and the counts of these."""
        if len(self) == self.n_rows:
            return rows.astype(np.int64), counts
        alive = self._alive[rows]
        return self._numbers[rows[alive]], counts[alive]

    @property
    def is_saved(self) -> bool:
        """Whether there are files of it that can be linked."""
        return self._saved is not None and self._saved[0].is_dir()

    def save(self, directory: Path) -> dict[str, Any]:
        """Write the arrays, or link the files that they were read from, and give their record."""
        if self._saved is not None and self.is_saved:
            source, digests = self._saved
            for name in digests:
                link_or_copy(source / name, directory / name)
        else:
            stem = _free_stem(directory)
            files = [directory / f"{stem}.{name}.npy" for name in _ARRAYS]
            for name, file in zip(_ARRAYS, files, strict=True):
                np.save(file, self._arrays[name], allow_pickle=False)
            digests = {file.name: sha256_of(file) for file in files}
        return {"removed": np.flatnonzero(~self._alive).tolist(), "sha256": digests}

    @classmethod
    def load(cls, directory: Path, record: dict[str, Any]) -> Postings:
        """Read or map what :meth:`save` wrote; OSError or ValueError where it is missing or damaged."""
        arrays: dict[str, NDArray[Any]] = {}
        for file_name, digest in record["sha256"].items():
            if sha256_of(directory / file_name) != digest:
                raise ValueError(f"{directory / file_name} is not the file that was saved")
            is_large = (directory / file_name).stat().st_size > _MAPPED_BYTES
            array = np.load(directory / file_name, mmap_mode="r" if is_large else None, allow_pickle=False)
            # A plain view is quicker to slice than the class that numpy puts around a memory map.
            arrays[file_name.split(".")[-2]] = array.view(np.ndarray)
        part = cls(arrays, record["removed"])
        part._saved = (directory, record["sha256"])
        return part

    def _token(self, place: int) -> bytes:
        return self._tokens[self._offsets[place] : self._offsets[place + 1]].tobytes()

    def _all_tokens(self) -> list[str]:
        return [self._token(place).decode() for place in range(self._offsets.size - 1)]


def _arrays(
    code_of: dict[str, int], codes: Rows, rows: Rows, counts: Rows, lengths: Rows
) -> dict[str, NDArray[Any]]:
    """Put the postings in the order of their tokens' bytes, and of rows within a token."""
    tokens = sorted(token.encode() for token in code_of)
    rank = np.zeros(len(tokens), dtype=np.int64)
    for place, token in enumerate(tokens):
        rank[code_of[token.decode()]] = place
    places = rank[codes]
    order = np.lexsort((rows, places))
    count_type = np.uint8 if counts.size == 0 or counts.max() < 256 else np.uint32
    return {
        "tokens": np.frombuffer(b"".join(tokens), dtype=np.uint8),
        "offsets": _starts([len(token) for token in tokens]),
        "starts": _starts(np.bincount(places, minlength=len(tokens))),
        "rows": rows[order].astype(np.int32),
        "counts": counts[order].astype(count_type),
        "lengths": lengths.astype(np.int32),
    }


def _starts(sizes: Sequence[int] | Rows) -> Rows:
    return np.concatenate(([0], np.cumsum(np.asarray(sizes, dtype=np.int64)))).astype(np.int64)


def _joined(parts: Sequence[Rows]) -> Rows:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _free_stem(directory: Path) -> str:
    """The first number that no file in the directory begins with: linked parts keep the names they had."""
    taken = {file.name.split(".")[0] for file in directory.iterdir()}
    return next(stem for stem in (f"{number:06d}" for number in count()) if stem not in taken)
