"""Vectors kept on disk by what they were made from, so that unchanged text is never embedded twice."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder, Progress, Vectors
from embeddings.unit_vectors import check_passages

PromptKind = Literal["question", "passage"]

_SCHEMA = 1
_BUSY_TIMEOUT_S = 30.0
_KEYS_A_QUERY = 500
# What an interruption can lose at most: the vectors of so many texts.
_TEXTS_A_WRITE = 64

_log = logging.getLogger(__name__)


def vector_key(encoder_name: str, kind: PromptKind, title: str, text: str) -> bytes:
    """The digest under which a vector is kept; each part counts with its length, so none run together."""
    digest = hashlib.sha256()
    for part in (encoder_name, kind, title, text):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.digest()


class VectorCache:
    """One SQLite file of vectors, for several threads and processes at once; a killed writer harms nothing.

    It holds digests and vectors, no text. Deleting the file costs only the time to embed again.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise ValueError(
                f"The vector cache {path} cannot be read ({error}). "
                "Move it away or delete it: its vectors are then computed again."
            ) from error
        except ValueError:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        found = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, _SCHEMA):
            raise ValueError(
                f"The vector cache {self._path} has version {found}; this planqa reads version {_SCHEMA}. "
                "Move it away or delete it: its vectors are then computed again."
            )
        # Readers go on while another process writes; where the file system cannot do that, SQLite stays
        # with its ordinary journal by itself.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY NOT NULL, vector BLOB NOT NULL)"
        )
        self._connection.execute(f"PRAGMA user_version = {_SCHEMA}")

    def __len__(self) -> int:
        with self._lock:
            return int(self._connection.execute("SELECT count(*) FROM vectors").fetchone()[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the cache cannot be used after that."""
        with self._lock:
            self._connection.close()

    def get(self, keys: Iterable[bytes], dimension: int) -> dict[bytes, NDArray[np.float32]]:
        """The vectors that are there; a stored one of another length counts as missing."""
        wanted = list(dict.fromkeys(keys))
        found: dict[bytes, NDArray[np.float32]] = {}
        for start in range(0, len(wanted), _KEYS_A_QUERY):
            some = wanted[start : start + _KEYS_A_QUERY]
            marks = ",".join("?" * len(some))
            with self._lock:
                rows = self._connection.execute(
                    f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some
                ).fetchall()
            for key, blob in rows:
                if len(blob) == 4 * dimension:
                    found[key] = np.frombuffer(blob, dtype="<f4").astype(np.float32)
        return found

    def put(self, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Keep vectors, all of them or (when interrupted) none."""
        rows = [(key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()]
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                self._connection.execute("COMMIT")
            except (
                BaseException
            ):  # whatever stops the write, a key pressed included, the transaction must end
                self._connection.execute("ROLLBACK")
                raise


class CachingEncoder:
    """An encoder that asks the cache first and embeds only what is not there, each distinct text once.

    A cache that fails while in use is reported in the log and costs time, never a vector.
    """

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self._encoder = encoder
        self._cache = cache
        self._count_lock = threading.Lock()
        self._hits = 0
        self._misses = 0

    @property
    def name(self) -> str:
        """The name of the encoder within."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return self._encoder.dimension

    @property
    def inner(self) -> Encoder:
        """The encoder within, which keeps nothing: what times a first question honestly."""
        return self._encoder

    @property
    def hits(self) -> int:
        """How many vectors needed no embedding: found in the cache, or a repetition within one call."""
        return self._hits

    @property
    def misses(self) -> int:
        """How many texts were embedded."""
        return self._misses

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """One unit vector of shape ``(dimension,)``, with the model's own question prompt."""
        key = vector_key(self.name, "question", "", question)
        found = self._read([key])
        self._count(hits=len(found), misses=1 - len(found))
        if key in found:
            return found[key]
        vector = self._encoder.encode_question(question)
        self._write({key: vector})
        return vector

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        """Unit vectors of shape ``(len(texts), dimension)``, in the order given."""
        check_passages(len(texts), len(titles))
        keys = [
            vector_key(self.name, "passage", title, text) for text, title in zip(texts, titles, strict=True)
        ]
        found = self._read(keys)
        position = {key: i for i, key in reversed(list(enumerate(keys))) if key not in found}
        missing = sorted(position, key=lambda key: (-len(texts[position[key]]), position[key]))
        n_ready = len(keys) - len(missing)
        self._count(hits=n_ready, misses=len(missing))
        for start in range(0, len(missing), _TEXTS_A_WRITE):
            some = missing[start : start + _TEXTS_A_WRITE]
            rows = [position[key] for key in some]
            vectors = self._encoder.encode_passages(
                [texts[i] for i in rows],
                [titles[i] for i in rows],
                _shifted(progress, n_ready + start, len(keys)),
            )
            fresh = dict(zip(some, vectors, strict=True))
            self._write(fresh)
            found.update(fresh)
        if progress is not None and not missing:
            progress(len(keys), len(keys))
        if not keys:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([found[key] for key in keys])

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        try:
            return self._cache.get(keys, self.dimension)
        except sqlite3.Error as error:
            _log.warning("vector cache cannot be read (%s); embedding instead", error)
            return {}

    def _write(self, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        try:
            self._cache.put(vectors)
        except sqlite3.Error as error:
            _log.warning("vector cache cannot be written (%s); %d vectors not kept", error, len(vectors))

    def _count(self, hits: int, misses: int) -> None:
        with self._count_lock:
            self._hits += hits
            self._misses += misses


def _shifted(progress: Progress | None, ready: int, total: int) -> Progress | None:
    if progress is None:
        return None
    report = progress
    return lambda done, _: report(ready + done, total)
