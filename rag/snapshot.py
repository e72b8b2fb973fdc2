"""The index on disk: a snapshot directory with a manifest, built aside and swapped in whole."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

from corpus.library import corpus_digest, load_plans, save_plans
from corpus.plan import Plan
from corpus.store import CorpusDamagedError
from embeddings.encoder import Encoder, Progress
from embeddings.faiss_store import FaissStore
from rag.chunks import CHUNKING, chunk_plans, chunks_digest, context
from rag.errors import IndexMismatch, IndexMissing
from rag.keyword_index import KeywordIndex
from rag.records import Chunk
from rag.tokenise import TOKENISER

SCHEMA = 1
_POINTER = "current"
_MANIFEST = "manifest.json"
_BUILDING = ".building-"
_LOCK = ".lock"
_LIBRARIES = ("faiss-cpu", "bm25s", "rjieba", "opencc", "numpy")


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """Everything that the index was made from; two equal manifests mean equal hits."""

    schema: int
    encoder: str
    dimension: int
    chunking: str
    tokeniser: str
    store: str
    corpus_digest: str
    chunks_digest: str
    n_plans: int
    n_items: int
    n_chunks: int
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def index_id(self) -> str:
        """The first sixteen hex digits of the manifest's digest."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Index:
    """A loaded index. Row ``i`` of every view is ``chunks[i]``."""

    manifest: IndexManifest
    plans: tuple[Plan, ...]
    chunks: tuple[Chunk, ...]
    vectors: FaissStore
    keywords: KeywordIndex


def keyword_text(chunk: Chunk) -> str:
    """What keyword search sees of a chunk: the sentence and what stands above it."""
    return f"{context(chunk)}\n{chunk.text}"


def make_manifest(plans: Sequence[Plan], chunks: Sequence[Chunk], encoder: Encoder) -> IndexManifest:
    """The manifest that an index of these plans by this encoder has."""
    return IndexManifest(
        SCHEMA,
        encoder.name,
        encoder.dimension,
        CHUNKING,
        TOKENISER,
        f"faiss-{FaissStore.kind}",
        corpus_digest(plans),
        chunks_digest(chunks),
        len(plans),
        sum(len(plan.items) for plan in plans),
        len(chunks),
        {library: version(library) for library in _LIBRARIES},
    )


def build_index(
    plans: Sequence[Plan], encoder: Encoder, index_dir: Path, progress: Progress | None = None
) -> IndexManifest:
    """Build an index under ``index_dir`` and make it the current one; the old one stays until then.

    An index with the same manifest that is already there and whole is taken as it is; a damaged one is built
    again. Two builds at once wait for each other. Raises ValueError for an empty corpus.
    """
    if not plans:
        raise ValueError("there is no plan to index; add plans with `planqa ingest PATH`.")
    ordered = sorted(plans, key=lambda plan: plan.plan_id)
    chunks = chunk_plans(ordered)
    manifest = make_manifest(ordered, chunks, encoder)
    target = index_dir / manifest.index_id
    index_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(index_dir / _LOCK):
        if not _is_whole(target):
            _write_snapshot(target, manifest, ordered, chunks, encoder, progress)
        _point_to(index_dir, manifest.index_id)
        _remove_others(index_dir, manifest.index_id)
    return manifest


def load_index(index_dir: Path, encoder: Encoder) -> Index:
    """Load the current index; raises IndexMissing or IndexMismatch, each with what to do."""
    directory, manifest = _current(index_dir)
    _check(manifest, encoder)
    try:
        return _read_snapshot(directory, manifest)
    except IndexMissing:
        # Another process may have swapped in a new index, and removed this one, while it was being read.
        directory, manifest = _current(index_dir)
        _check(manifest, encoder)
        return _read_snapshot(directory, manifest)


def _read_snapshot(directory: Path, manifest: IndexManifest) -> Index:
    try:
        plans = load_plans(directory / "plans")
        chunks = chunk_plans(plans)
        vectors = FaissStore()
        vectors.load(directory / "vectors")
        keywords = KeywordIndex.load(directory / "keywords")
    except (OSError, ValueError, KeyError, TypeError, CorpusDamagedError) as error:
        raise IndexMissing(directory, f"it cannot be read ({error})") from error
    if chunks_digest(chunks) != manifest.chunks_digest:
        raise IndexMissing(directory, "its plans are not the ones that it was built from")
    if len(vectors.ids) != len(chunks) or len(keywords) != len(chunks):
        raise IndexMissing(directory, f"it holds {len(vectors.ids)} vectors for {len(chunks)} chunks")
    return Index(manifest, plans, chunks, vectors, keywords)


def read_manifest(index_dir: Path) -> IndexManifest:
    """The current index's manifest; raises IndexMissing where there is none."""
    return _current(index_dir)[1]


def _write_snapshot(
    target: Path,
    manifest: IndexManifest,
    plans: Sequence[Plan],
    chunks: Sequence[Chunk],
    encoder: Encoder,
    progress: Progress | None,
) -> None:
    vectors = encoder.encode_passages(
        [chunk.text for chunk in chunks], [context(chunk) for chunk in chunks], progress
    )
    building = target.parent / f"{_BUILDING}{uuid.uuid4().hex}"
    building.mkdir(parents=True)
    try:
        store = FaissStore()
        store.build([chunk.chunk_id for chunk in chunks], vectors)
        store.save(building / "vectors")
        KeywordIndex.build([keyword_text(chunk) for chunk in chunks]).save(building / "keywords")
        save_plans(plans, building / "plans")
        # The manifest goes last: a directory without one was never finished.
        (building / _MANIFEST).write_text(
            json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        if target.exists():
            shutil.rmtree(target)
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _current(index_dir: Path) -> tuple[Path, IndexManifest]:
    try:
        index_id = (index_dir / _POINTER).read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        raise IndexMissing(index_dir, "no index was ever finished here") from error
    except (OSError, ValueError) as error:
        raise IndexMissing(index_dir, f"its pointer cannot be read ({error})") from error
    directory = index_dir / index_id
    return directory, _manifest_in(directory)


def _manifest_in(directory: Path) -> IndexManifest:
    try:
        fields = json.loads((directory / _MANIFEST).read_text(encoding="utf-8"))
        manifest = IndexManifest(**fields)
    except (OSError, ValueError, TypeError) as error:
        raise IndexMissing(directory, f"its manifest cannot be read ({error})") from error
    if manifest.index_id != directory.name:
        raise IndexMissing(directory, "its manifest was changed after it was built")
    return manifest


def _check(manifest: IndexManifest, encoder: Encoder) -> None:
    wanted = {
        "schema": SCHEMA,
        "encoder": encoder.name,
        "dimension": encoder.dimension,
        "chunking": CHUNKING,
        "tokeniser": TOKENISER,
    }
    for what, value in wanted.items():
        found = getattr(manifest, what)
        if found != value:
            raise IndexMismatch(what, found, value)


def _is_whole(directory: Path) -> bool:
    """Tell whether a finished index lies here and can still be read."""
    try:
        _read_snapshot(directory, _manifest_in(directory))
    except IndexMissing:
        return False
    return True


def _point_to(index_dir: Path, index_id: str) -> None:
    fresh = index_dir / f".{_POINTER}-{uuid.uuid4().hex}"
    fresh.write_text(index_id + "\n", encoding="ascii")
    os.replace(fresh, index_dir / _POINTER)  # noqa: PTH105 - Path.replace is the same call


def _remove_others(index_dir: Path, index_id: str) -> None:
    """Remove what no pointer names; a reader that still has an old file open keeps it."""
    for entry in index_dir.iterdir():
        if entry.is_dir() and entry.name != index_id:
            with contextlib.suppress(OSError):
                shutil.rmtree(entry)
