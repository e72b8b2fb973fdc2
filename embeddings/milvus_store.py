"""Vector store in Milvus: its embedded edition for a file, a cluster for a URL."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.faiss_store import FLAT_LIMIT
from embeddings.store_files import RECORD_FILE, check_digests, read_store, sha256_of, write_record
from embeddings.vector_store import (
    Attributes,
    Neighbour,
    Rows,
    Value,
    Where,
    check_dimension,
    check_k,
    check_question,
    exact_scores,
    unknown_id,
)

MAX_RESULTS = 16_384
"""The most rows that Milvus gives for one question."""
_BATCH = 500
"""Rows of one request: 6 MB as JSON where a request may have 64."""
_IDS_FILE = "ids.json"
_PREFIX = "planqa_"
_WORDS, _SPARSE, _VECTOR = "words", "sparse", "vector"
_K1, _B = 1.5, 0.75
_TEXT_BYTES = 65_535
_HNSW = {"M": 16, "efConstruction": 200}


class MilvusStore:
    """One Milvus collection: vectors, the words of each row for Milvus' own BM25, attributes to filter by.

    Adding and removing happen in the collection at once, in time that goes with the rows that change. A store
    that was loaded before another process changed the collection passes over rows that it does not know.
    """

    kind = "milvus"

    def __init__(self, uri: str, token: str = "", flat_limit: int = FLAT_LIMIT) -> None:
        self._milvus = _pymilvus()
        self._embedded = "://" not in uri
        self._client: Any = _connect(self._milvus, uri, token)
        self._flat_limit = flat_limit
        self._collection = ""
        self._dimension = 0
        self._is_flat = True
        self._ids: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._ids

    @property
    def ids(self) -> Sequence[str]:
        """Every id, in the order in which :meth:`scores` gives all scores: the order they came in."""
        return tuple(self._ids)

    @property
    def dimension(self) -> int:
        """Length of one vector; 0 while the store has never been filled."""
        return self._dimension

    @property
    def searches_words(self) -> bool:
        """Yes: see :meth:`search_words`."""
        return True

    def build(self, rows: Rows) -> None:
        """Fill the store anew, in a collection of its own; the old collection stays until it is dropped."""
        rows.check()
        self._collection = f"{_PREFIX}{uuid.uuid4().hex}"
        self._dimension = rows.dimension
        self._is_flat = len(rows) <= self._flat_limit
        self._ids = {}
        self._create(rows.attributes)
        self._insert(rows)

    def add(self, rows: Rows) -> None:
        """Add vectors under ids that are not in the store yet, with the same attributes as the others."""
        if not self._collection:
            self.build(rows)
            return
        rows.check(self)
        check_dimension(rows.dimension, self._dimension)
        self._insert(rows)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove ids that are in the store; ``KeyError``, and nothing removed, where one is not."""
        self._check_known(ids)
        for part in _batches(ids):
            self._client.delete(self._collection, ids=list(part))
        for id_ in ids:
            self._ids.pop(id_, None)

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        within: Sequence[str] | None = None,
        where: Where | None = None,
    ) -> list[Neighbour]:
        """Up to ``k`` neighbours by (-score, id): of all, of the ids in ``within``, of the rows ``where``."""
        check_k(k)
        question = check_question(vector, self._dimension)
        params = {"metric_type": "IP", "params": {} if self._is_flat else {"ef": max(64, 4 * k)}}
        return self._search(question.tolist(), _VECTOR, params, k, within, where)

    def search_words(
        self, words: Sequence[str], k: int, within: Sequence[str] | None = None, where: Where | None = None
    ) -> list[Neighbour]:
        """Up to ``k`` rows that hold one of ``words``, by (-BM25, id); scores on Lucene's scale."""
        check_k(k)
        found = self._search(_as_text(words), _SPARSE, {"metric_type": "BM25"}, k, within, where)
        # The embedded edition gives the score with its sign turned, as a distance; all have a factor k1 + 1
        # that Lucene leaves out.
        return [(id_, abs(score) / (_K1 + 1)) for id_, score in found]

    def scores(self, vector: NDArray[np.float32], ids: Sequence[str] | None = None) -> NDArray[np.float32]:
        """The exact score of each of ``ids``, or of all of :attr:`ids`, in that order."""
        question = check_question(vector, self._dimension)
        if ids is None and self._is_flat and len(self) <= MAX_RESULTS:
            by_id = dict(
                self._search(question.tolist(), _VECTOR, {"metric_type": "IP"}, len(self), None, None)
            )
            return np.array([by_id[id_] for id_ in self._ids], dtype=np.float32)
        wanted = self.ids if ids is None else ids
        parts = [exact_scores(self.vectors(part), question) for part in _batches(wanted)]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """The stored vectors of ``ids``, in that order."""
        self._check_known(ids)
        found: dict[str, Any] = {}
        for part in _batches(ids):
            rows = self._client.get(self._collection, ids=list(part), output_fields=["id", _VECTOR])
            found.update((row["id"], row[_VECTOR]) for row in rows)
        vectors = [np.asarray(found[id_], dtype=np.float32) for id_ in ids]
        return np.stack(vectors) if vectors else np.zeros((0, self._dimension), dtype=np.float32)

    def save(self, directory: Path) -> None:
        """Write into ``directory`` which collection holds the store; the vectors stay in Milvus."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / RECORD_FILE).unlink(missing_ok=True)
        ids_file = directory / _IDS_FILE
        ids_file.write_text(json.dumps(list(self._ids), ensure_ascii=False), encoding="utf-8")
        record = {
            "kind": self.kind,
            "collection": self._collection,
            "dimension": self._dimension,
            "flat": self._is_flat,
            "rows": len(self),
            "sha256": {_IDS_FILE: sha256_of(ids_file)},
        }
        write_record(directory, record)

    def load(self, directory: Path) -> None:
        """Take up the collection that :meth:`save` wrote down; ValueError where it is not as it was."""

        def read(record: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
            check_digests(directory, record["sha256"])
            ids = json.loads((directory / _IDS_FILE).read_text(encoding="utf-8"))
            name = record["collection"]
            if not self._client.has_collection(name):
                raise ValueError(f"Milvus has no collection {name}")
            self._client.load_collection(name)
            counted = self._client.query(name, filter="", output_fields=["count(*)"])
            if not int(counted[0]["count(*)"]) == len(ids) == record["rows"]:
                raise ValueError(
                    f"the collection {name} has {counted[0]['count(*)']} rows for {len(ids)} ids"
                )
            return record, ids

        record, ids = read_store(directory, (self.kind,), read)
        self._collection = record["collection"]
        self._dimension = int(record["dimension"])
        self._is_flat = bool(record["flat"])
        self._ids = dict.fromkeys(ids)

    def _create(self, attributes: Attributes) -> None:
        kinds, function = self._milvus.DataType, self._milvus.Function
        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", kinds.VARCHAR, is_primary=True, max_length=512)
        schema.add_field(_VECTOR, kinds.FLOAT_VECTOR, dim=self._dimension)
        # Our own tokens, with blanks between: the server cuts at blanks. The embedded edition has no such
        # analyzer, but its standard one cuts nowhere else in what _as_text gives.
        analyzer = {"tokenizer": "standard" if self._embedded else "whitespace"}
        schema.add_field(
            _WORDS, kinds.VARCHAR, max_length=_TEXT_BYTES, enable_analyzer=True, analyzer_params=analyzer
        )
        schema.add_field(_SPARSE, kinds.SPARSE_FLOAT_VECTOR)
        for name, values in attributes.items():
            if len(values) > 0 and isinstance(values[0], int):
                schema.add_field(name, kinds.INT64)
            else:
                schema.add_field(name, kinds.VARCHAR, max_length=512)
        schema.add_function(
            function(
                name="bm25",
                input_field_names=[_WORDS],
                output_field_names=[_SPARSE],
                function_type=self._milvus.FunctionType.BM25,
            )
        )
        indexes = self._client.prepare_index_params()
        dense = {"index_type": "FLAT"} if self._is_flat else {"index_type": "HNSW", "params": _HNSW}
        indexes.add_index(_VECTOR, metric_type="IP", **dense)
        indexes.add_index(
            _SPARSE,
            index_type="SPARSE_INVERTED_INDEX",
            metric_type="BM25",
            params={"bm25_k1": _K1, "bm25_b": _B},
        )
        self._client.create_collection(self._collection, schema=schema, consistency_level="Strong")
        # loading waits for the indexes, so that nothing else needs to
        self._client.create_index(self._collection, indexes, sync=False)
        self._client.load_collection(self._collection)

    def _insert(self, rows: Rows) -> None:
        for start in range(0, len(rows), _BATCH):
            block = rows.vectors[start : start + _BATCH]
            records: list[dict[str, Any]] = []
            for place, id_ in enumerate(rows.ids[start : start + _BATCH], start=start):
                record: dict[str, Any] = {"id": id_, _VECTOR: block[place - start].tolist()}
                record[_WORDS] = "" if rows.words is None else _as_text(rows.words[place])
                records.append(record | {name: values[place] for name, values in rows.attributes.items()})
            self._client.insert(self._collection, records)
        self._client.flush(self._collection)
        self._ids.update(dict.fromkeys(rows.ids))

    def _search(
        self,
        data: object,
        field: str,
        params: dict[str, Any],
        k: int,
        within: Sequence[str] | None,
        where: Where | None,
    ) -> list[Neighbour]:
        if within is not None:
            self._check_known(within)
        conditions = [_condition(name, list(values)) for name, values in (where or {}).items()]
        if within is not None:
            conditions.append(_condition("id", list(dict.fromkeys(within))))
        if not self._ids or within == []:
            return []
        found = self._client.search(
            self._collection,
            data=[data],
            anns_field=field,
            # more than k, so that equal scores at the end are put in the order of ids
            limit=min(MAX_RESULTS, k + 16),
            filter=" and ".join(conditions),
            search_params=params,
            output_fields=["id"],
        )
        pairs = [(str(hit["id"]), float(hit["distance"])) for hit in found[0] if hit["id"] in self._ids]
        return sorted(pairs, key=lambda pair: (-abs(pair[1]) if field == _SPARSE else -pair[1], pair[0]))[:k]

    def _check_known(self, ids: Sequence[str]) -> None:
        for id_ in ids:
            if id_ not in self._ids:
                raise unknown_id(id_, len(self))


def drop_saved(uri: str, token: str, directory: Path, unless: Path | None = None) -> None:
    """Drop the collection of the store saved in ``directory``, unless that in ``unless`` has the same."""
    collection = _saved_collection(directory)
    if collection is None or (unless is not None and _saved_collection(unless) == collection):
        return
    client = _connect(_pymilvus(), uri, token)
    if client.has_collection(collection):
        client.drop_collection(collection)


def _saved_collection(directory: Path) -> str | None:
    try:
        return str(json.loads((directory / RECORD_FILE).read_text(encoding="utf-8"))["collection"])
    except (OSError, ValueError, KeyError):
        return None


def _connect(milvus: Any, uri: str, token: str) -> Any:  # noqa: ANN401 - pymilvus is an extra
    if not uri:
        raise ValueError("milvus_uri is empty; give a server's address, or a path that ends in .db.")
    if "://" not in uri:
        Path(uri).parent.mkdir(parents=True, exist_ok=True)
    try:
        return milvus.MilvusClient(uri, token=token)
    except milvus.MilvusException as error:
        raise OSError(f"no Milvus answers at {uri} ({error.message}); check milvus_uri.") from error


def _pymilvus() -> Any:  # noqa: ANN401 - pymilvus is an extra
    try:
        return import_module("pymilvus")
    except ModuleNotFoundError as error:
        raise OSError(
            "vector_store is milvus, and the package pymilvus is not installed. "
            'Install it with `pip install "planqa[milvus]"`, or set vector_store to faiss.'
        ) from error


def _condition(name: str, values: Sequence[Value]) -> str:
    return f"{name} in {json.dumps(values, ensure_ascii=False)}"


def _as_text(words: Sequence[str]) -> str:
    """The words with blanks between; points and per cent signs in them become what no analyzer cuts at."""
    return " ".join(word.replace(".", "_").replace("%", "__") for word in words)


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
