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
from functools import partial
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

from corpus.library import corpus_digest, load_plans, save_plans
from corpus.plan import Plan
from corpus.store import CorpusDamagedError
from embeddings.encoder import Encoder, Progress
from embeddings.vector_store import VectorStore
from rag.chunks import CHUNKING
from rag.errors import IndexMismatch, IndexMissing
from rag.keyword_view import KeywordView
from rag.plan_rows import Change, PlanRows, chunks_in_order, compare, read_rows, rows_digest, write_rows
from rag.records import Chunk
from rag.stores import StorePlace
from rag.tokenise import TOKENISER
from rag.view_files import read_views, write_views

SCHEMA = 2
_POINTER = "current"
_MANIFEST = "manifest.json"
_ROWS = "rows.json"
_BUILDING = ".building-"
_LOCK = ".lock"
_LIBRARIES = ("faiss-cpu", "rjieba", "opencc", "numpy")


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
    vectors: VectorStore
    keywords: KeywordView


def build_index(
    plans: Sequence[Plan],
    encoder: Encoder,
    index_dir: Path,
    progress: Progress | None = None,
    place: StorePlace | None = None,
) -> IndexManifest:
    """Build an index under ``index_dir`` and make it the current one; the old one stays until then.

    Plans that the current index already has are taken over from it: only new ones are embedded and written.
    An index with the same manifest that is already there and whole is taken as it is; a damaged one is built
    again. Two builds at once wait for each other. Raises ValueError for an empty corpus.
    """
    if not plans:
        raise ValueError("there is no plan to index; add plans with `planqa ingest PATH`.")
    store = place or StorePlace()
    ordered = sorted(plans, key=lambda plan: plan.plan_id)
    index_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(index_dir / _LOCK):
        before, old = _reusable(index_dir, encoder, store)
        change = compare(ordered, old)
        manifest = _make_manifest(ordered, change, encoder, store)
        if not _is_whole(index_dir / manifest.index_id, store):
            write = partial(_write_snapshot, index_dir, manifest, ordered, encoder, store, progress)
            if before is None or not _is_worth_taking(before, change, manifest) or not write(change, before):
                write(compare(ordered, ()), None)
        _point_to(index_dir, manifest.index_id)
        _remove_others(index_dir, manifest.index_id, store)
    return manifest


def load_index(index_dir: Path, encoder: Encoder, place: StorePlace | None = None) -> Index:
    """Load the current index; raises IndexMissing or IndexMismatch, each with what to do."""
    store = place or StorePlace()
    directory, manifest = _current(index_dir)
    _check(manifest, encoder, store)
    try:
        return _read_snapshot(directory, manifest, store)
    except IndexMissing:
        # Another process may have swapped in a new index, and removed this one, while it was being read.
        directory, manifest = _current(index_dir)
        _check(manifest, encoder, store)
        return _read_snapshot(directory, manifest, store)


def read_manifest(index_dir: Path) -> IndexManifest:
    """The current index's manifest; raises IndexMissing where there is none."""
    return _current(index_dir)[1]


def _make_manifest(
    plans: Sequence[Plan], change: Change, encoder: Encoder, place: StorePlace
) -> IndexManifest:
    return IndexManifest(
        SCHEMA,
        encoder.name,
        encoder.dimension,
        CHUNKING,
        TOKENISER,
        place.kind(change.n_chunks),
        corpus_digest(plans),
        rows_digest(change.rows),
        len(plans),
        sum(len(plan.items) for plan in plans),
        change.n_chunks,
        {library: version(library) for library in _LIBRARIES},
    )


def _reusable(
    index_dir: Path, encoder: Encoder, place: StorePlace
) -> tuple[Path | None, tuple[PlanRows, ...]]:
    """The current index's folder and rows, where it was built by the same rules; else nothing."""
    try:
        directory, manifest = _current(index_dir)
        _check(manifest, encoder, place)
        rows = read_rows(directory / _ROWS)
    except (IndexMissing, IndexMismatch, OSError, ValueError, TypeError):
        return None, ()
    if manifest.versions != {library: version(library) for library in _LIBRARIES}:
        return None, ()
    return directory, rows


def _is_worth_taking(before: Path, change: Change, manifest: IndexManifest) -> bool:
    """Tell whether less changes than stays, and the kind of store can stay, too.

    A store can grow into the kind for many vectors, but not back.
    """
    old = _manifest_in(before)
    n_new = sum(len(chunks) for _, chunks in change.new)
    grows = manifest.n_chunks >= old.n_chunks
    return 2 * n_new <= change.n_chunks and (manifest.store == old.store or grows)


def _read_snapshot(directory: Path, manifest: IndexManifest, place: StorePlace) -> Index:
    try:
        plans = load_plans(directory / "plans")
        rows = read_rows(directory / _ROWS)
        chunks = chunks_in_order(plans, rows)
        vectors, words = read_views(directory, place)
    except (OSError, ValueError, KeyError, TypeError, CorpusDamagedError) as error:
        raise IndexMissing(directory, f"it cannot be read ({error})") from error
    if rows_digest(rows) != manifest.chunks_digest:
        raise IndexMissing(directory, "its plans are not the ones that it was built from")
    if len(vectors) != len(chunks) or len(words) != len(chunks):
        raise IndexMissing(directory, f"it holds {len(vectors)} vectors for {len(chunks)} chunks")
    return Index(manifest, plans, chunks, vectors, place.keyword_view(words, vectors))


def _write_snapshot(
    index_dir: Path,
    manifest: IndexManifest,
    plans: Sequence[Plan],
    encoder: Encoder,
    place: StorePlace,
    progress: Progress | None,
    change: Change,
    before: Path | None,
) -> bool:
    """Write all files aside and rename them into place; False where ``before`` turned out to be damaged."""
    target = index_dir / manifest.index_id
    building = index_dir / f"{_BUILDING}{uuid.uuid4().hex}"
    building.mkdir(parents=True)
    try:
        if not write_views(building, change, before, encoder, place, progress):
            return False
        save_plans(plans, building / "plans", before and before / "plans")
        write_rows(change.rows, building / _ROWS)
        # The manifest goes last: a directory without one was never finished.
        (building / _MANIFEST).write_text(
            json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        if target.exists():
            place.forget(target / "vectors")
            shutil.rmtree(target)
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return True


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


def _check(manifest: IndexManifest, encoder: Encoder, place: StorePlace) -> None:
    wanted = {
        "schema": SCHEMA,
        "encoder": encoder.name,
        "dimension": encoder.dimension,
        "chunking": CHUNKING,
        "tokeniser": TOKENISER,
        "store": place.kind(manifest.n_chunks),
    }
    for what, value in wanted.items():
        found = getattr(manifest, what)
        if found != value:
            raise IndexMismatch(what, found, value)


def _is_whole(directory: Path, place: StorePlace) -> bool:
    """Tell whether a finished index lies here and can still be read."""
    try:
        _read_snapshot(directory, _manifest_in(directory), place)
    except IndexMissing:
        return False
    return True


def _point_to(index_dir: Path, index_id: str) -> None:
    fresh = index_dir / f".{_POINTER}-{uuid.uuid4().hex}"
    fresh.write_text(index_id + "\n", encoding="ascii")
    os.replace(fresh, index_dir / _POINTER)  # noqa: PTH105 - Path.replace is the same call


def _remove_others(index_dir: Path, index_id: str, place: StorePlace) -> None:
    """Remove what no pointer names; a reader that still has an old file open keeps it."""
    for entry in index_dir.iterdir():
        if entry.is_dir() and entry.name != index_id:
            with contextlib.suppress(OSError):
                place.forget(entry / "vectors", unless=index_dir / index_id / "vectors")
                shutil.rmtree(entry)
