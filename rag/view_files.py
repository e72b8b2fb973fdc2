"""The two views of an index on disk, vectors and words: written anew, or changed where plans changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embeddings.encoder import Encoder, Progress, Vectors
from embeddings.faiss_store import FLAT_LIMIT
from embeddings.vector_cache import CachingEncoder
from embeddings.vector_store import Rows, Value, VectorRows, VectorStore, Words
from rag.chunks import context
from rag.keyword_index import KeywordIndex
from rag.plan_rows import Change
from rag.quantities import read_measured
from rag.records import Chunk
from rag.stores import StorePlace
from rag.tokenise import tokenise

_VECTORS, _KEYWORDS = "vectors", "keywords"


def keyword_text(chunk: Chunk) -> str:
    """What keyword search sees of a chunk: the sentence and what stands above it."""
    return f"{context(chunk)}\n{chunk.text}"


def read_views(directory: Path, place: StorePlace) -> tuple[VectorStore, KeywordIndex]:
    """Read both views; raises OSError, ValueError, KeyError or TypeError where one cannot be read."""
    vectors = place.open()
    vectors.load(directory / _VECTORS)
    return vectors, KeywordIndex.load(directory / _KEYWORDS)


def write_views(
    directory: Path,
    change: Change,
    before: Path | None,
    encoder: Encoder,
    place: StorePlace,
    progress: Progress | None,
) -> bool:
    """Write both views into ``directory``: all of the change's rows, or with ``before`` what changed from it.

    False, and nothing written, where the views in ``before`` cannot be read.
    """
    chunks = [chunk for _, own in change.new for chunk in own]
    if before is None:
        words = KeywordIndex.build(keyword_text(chunk) for chunk in chunks)
        vectors = place.open(directory)
        _fill(vectors, change, chunks, encoder, progress, directory, anew=True)
    else:
        try:
            vectors, words = read_views(before, place)
        except (OSError, ValueError, KeyError, TypeError):
            return False
        _take_out(vectors, words, change)
        if chunks:
            words.add(keyword_text(chunk) for chunk in chunks)
            _fill(vectors, change, chunks, encoder, progress, directory, anew=False)
    vectors.save(directory / _VECTORS)
    words.save(directory / _KEYWORDS)
    return True


def _take_out(vectors: VectorStore, words: KeywordIndex, change: Change) -> None:
    rows = [row for gone in change.gone for row in gone]
    if rows:
        ids = vectors.ids
        vectors.remove([ids[row] for row in rows])
        words.remove(rows)


def _fill(
    vectors: VectorStore,
    change: Change,
    chunks: Sequence[Chunk],
    encoder: Encoder,
    progress: Progress | None,
    folder: Path,
    anew: bool,
) -> None:
    """Embed the new chunks and put them into the store, with what a search can be narrowed to."""
    attributes: dict[str, list[Value]] = {"plan": [], "city": [], "year": []}
    for plan, own in change.new:
        attributes["plan"] += [plan.plan_id] * len(own)
        attributes["city"] += [plan.city] * len(own)
        attributes["year"] += [plan.year or 0] * len(own)
    tokens: Words | None = None
    if vectors.searches_words:
        tokens = [tokenise(keyword_text(chunk)) for chunk in chunks]
    put = vectors.build if anew else vectors.add
    file = folder / "passages.f32"
    embedded = _encoded(chunks, encoder, progress, file)
    put(Rows([chunk.chunk_id for chunk in chunks], embedded, attributes, tokens))
    file.unlink(missing_ok=True)
    if isinstance(encoder, CachingEncoder):
        _keep_phrases(chunks, encoder)


def _keep_phrases(chunks: Sequence[Chunk], encoder: CachingEncoder) -> None:
    """Put the vectors of the figures' phrases into the cache: the first question that counts needs them."""
    phrases = sorted({figure.phrase for chunk in chunks for figure in read_measured(chunk.text)})
    encoder.encode_passages(phrases, ["" for _ in phrases])


def _encoded(chunks: Sequence[Chunk], encoder: Encoder, progress: Progress | None, file: Path) -> VectorRows:
    """The chunks' vectors: in memory, or in ``file`` where there are too many of them."""
    if len(chunks) <= FLAT_LIMIT:
        return _embed(chunks, encoder, progress)
    vectors = np.memmap(file, np.float32, "w+", shape=(len(chunks), encoder.dimension))
    for start in range(0, len(chunks), FLAT_LIMIT):
        vectors[start : start + FLAT_LIMIT] = _embed(chunks[start : start + FLAT_LIMIT], encoder, progress)
    return vectors


def _embed(chunks: Sequence[Chunk], encoder: Encoder, progress: Progress | None) -> Vectors:
    return encoder.encode_passages(
        [chunk.text for chunk in chunks], [context(chunk) for chunk in chunks], progress
    )
