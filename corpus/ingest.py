"""Files and folders into a corpus directory: nothing twice, nothing lost, each file with its report."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from corpus.document import DEFAULT_LIMITS, DocumentRefused, Limits
from corpus.formats import READERS, read_bytes
from corpus.library import record
from corpus.manifest import Manifest
from corpus.parse import ParsedFile, PlanParseError, parse_file
from corpus.paths import NamedFile, find_files
from corpus.plan import Plan, Source
from corpus.ready_items import SUFFIX, parse_ready_items
from corpus.reports import FileReport, IngestReport, PlanReport, PlanStatus, compare
from corpus.restate import Stated, free_id, rename
from corpus.sources import RecordedFile, read_sources
from corpus.statements import How, Statements, read_statements
from corpus.store import CorpusDamagedError, Entry, read_manifest, read_plan, swap_manifest, write_plan

PARSER_VERSION: Final = 1
"""Raised whenever the same file would come out as another plan, so that it is read again."""
_LOCK_NAME: Final = ".lock"
_HOW: Final[tuple[How, ...]] = ("manifest", "corrected")

Progress = Callable[[int, int, str], None]
"""Called with the files done, the files in all, and the name of the file that comes next."""


class CorpusBusyError(RuntimeError):
    """Somebody else is writing to the corpus directory."""


class NoSuchPlanError(LookupError):
    """A plan id that the corpus does not have."""


class _Corpus:
    """A corpus directory while it is being changed."""

    def __init__(self, directory: Path, limits: Limits, manifest: Manifest) -> None:
        self.directory = directory
        self.limits = limits
        self.manifest = manifest
        self.statements: Statements = read_statements(directory)
        self.samples: dict[str, RecordedFile] = {sample.sha256: sample for sample in read_sources()}
        self.entries: dict[str, Entry] = {}
        self.touched = False
        self.damage: list[str] = []
        self._by_content: dict[str, set[str]] = defaultdict(set)
        self._by_file: dict[str, set[str]] = defaultdict(set)
        for entry in read_manifest(directory):
            self._add(entry)

    def of_content(self, digest: str) -> list[Entry]:
        """The entries that came from a file of this digest, by part."""
        return sorted((self.entries[i] for i in self._by_content[digest]), key=lambda e: (e.part, e.plan_id))

    def of_file(self, name: str) -> list[Entry]:
        """The entries that came from a file of this name, by part."""
        return sorted((self.entries[i] for i in self._by_file[name]), key=lambda e: (e.part, e.plan_id))

    def inputs(self, source: Source) -> str:
        """A digest of all that goes into a plan besides the file itself."""
        stated = [asdict(self.statements.about(source, how)) for how in _HOW]
        return hashlib.sha256(json.dumps([PARSER_VERSION, stated]).encode()).hexdigest()[:16]

    def plan_of(self, entry: Entry) -> Plan | None:
        """The stored plan; None where its file is damaged, so that it is read anew."""
        try:
            return read_plan(self.directory, entry)
        except CorpusDamagedError as error:
            self.damage.append(str(error))
            return None

    def state(self, source: Source) -> None:
        """Keep what the manifest says about a source."""
        stated = self.manifest.about(source.file, source.part)
        if not stated.is_empty():
            self.statements.add(source, "manifest", stated)

    def put(self, plan: Plan, old: Entry | None) -> Entry:
        """Write a plan in the place of ``old``."""
        if old is not None:
            self.drop(old)
        entry = write_plan(self.directory, plan, self.inputs(plan.source))
        self._add(entry)
        self.touched = True
        return entry

    def drop(self, entry: Entry) -> None:
        """Take a plan out."""
        del self.entries[entry.plan_id]
        self._by_content[entry.sha256].discard(entry.plan_id)
        self._by_file[entry.file].discard(entry.plan_id)
        self.touched = True

    def save(self) -> None:
        """Make what was put and dropped the corpus, in one step."""
        if self.statements.changed:
            self.statements.write(self.directory)
        if self.touched:
            swap_manifest(self.directory, self.entries.values())

    def _add(self, entry: Entry) -> None:
        self.entries[entry.plan_id] = entry
        self._by_content[entry.sha256].add(entry.plan_id)
        self._by_file[entry.file].add(entry.plan_id)


def ingest(
    paths: Sequence[Path],
    corpus_dir: Path,
    limits: Limits = DEFAULT_LIMITS,
    manifest: Manifest | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """Read files and folders into the corpus of ``corpus_dir``.

    The corpus changes in one step at the end; a file that cannot be read leaves it as it was.

    :raises CorpusBusyError: where another ingestion is under way.
    :raises CorpusDamagedError: where the corpus that is there cannot be read.
    :raises ValueError: where there are more files than the limit.
    """
    files = find_files(paths)
    if len(files) > limits.max_files:
        raise ValueError(f"there are {len(files)} files; the limit is {limits.max_files}")
    with _locked(corpus_dir):
        corpus = _Corpus(corpus_dir, limits, manifest or Manifest({}))
        reports = []
        for place, named in enumerate(files):
            if progress is not None:
                progress(place, len(files), named.name)
            reports.append(_ingest_file(corpus, named))
        corpus.save()
    if progress is not None:
        progress(len(files), len(files), "")
    return IngestReport(tuple(reports), (*corpus.manifest.warnings, *corpus.damage))


def set_plan(corpus_dir: Path, plan_id: str, stated: Stated) -> Plan:
    """Correct what is known of a plan; the correction holds when its file is read again.

    :raises NoSuchPlanError: where the corpus has no such plan.
    :raises CorpusBusyError: where an ingestion is under way.
    :raises CorpusDamagedError: where the plan cannot be read.
    """
    with _locked(corpus_dir):
        corpus = _Corpus(corpus_dir, DEFAULT_LIMITS, Manifest({}))
        entry = _entry(corpus.entries, plan_id)
        plan = read_plan(corpus_dir, entry)
        corpus.statements.add(plan.source, "corrected", stated)
        corrected = corpus.statements.apply(plan)
        corrected = rename(
            corrected, free_id(corrected, lambda name: name != plan_id and name in corpus.entries)
        )
        corpus.put(corrected, entry)
        corpus.save()
    return corrected


def remove_plan(corpus_dir: Path, plan_id: str) -> None:
    """Take a plan out of the corpus.

    :raises NoSuchPlanError: where the corpus has no such plan.
    :raises CorpusBusyError: where an ingestion is under way.
    """
    with _locked(corpus_dir):
        entries = {entry.plan_id: entry for entry in read_manifest(corpus_dir)}
        del entries[_entry(entries, plan_id).plan_id]
        swap_manifest(corpus_dir, entries.values())


def _entry(entries: dict[str, Entry], plan_id: str) -> Entry:
    if plan_id not in entries:
        known = ", ".join(sorted(entries)) or "none"
        raise NoSuchPlanError(f"the corpus has no plan {plan_id}; it has {known}")
    return entries[plan_id]


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(directory / _LOCK_NAME, timeout=0):
            yield
    except Timeout as error:
        raise CorpusBusyError(
            f"another ingestion is writing to {directory}; wait until it is done"
        ) from error


def _ingest_file(corpus: _Corpus, named: NamedFile) -> FileReport:
    suffix = named.path.suffix.lower()
    if suffix not in READERS and suffix != SUFFIX and not named.given:
        return FileReport(named.name, "skipped", f"files of kind {suffix or '(none)'} are not read")
    try:
        digest = hashlib.sha256(read_bytes(named.path, corpus.limits)).hexdigest()
    except DocumentRefused as error:
        return FileReport(named.name, "refused", error.reason)
    stored = _stored(corpus, named.name, digest)
    if stored is not None:
        return stored
    try:
        parsed = _parse(corpus, named, digest)
    except PlanParseError as error:
        return FileReport(named.name, "refused", error.reason)
    gone = _parts_gone(corpus, named.name, parsed)
    reports = tuple(_ingest_plan(corpus, plan, named.name) for plan in parsed.plans)
    return FileReport(named.name, "read", "", reports, (*parsed.warnings, *gone), parsed.dropped)


def _stored(corpus: _Corpus, name: str, digest: str) -> FileReport | None:
    """The report of a file that the corpus already holds as it is; None where it must be read."""
    same = corpus.of_content(digest)
    own = [entry for entry in same if entry.file == name] or same
    plans = []
    for entry in own:
        source = Source(name, digest, part=entry.part)
        corpus.state(source)
        plan = corpus.plan_of(entry) if entry.inputs == corpus.inputs(source) else None
        if plan is None:
            return None
        plans.append(_report(plan, "unchanged"))
    if not plans:
        return None
    others = {entry.file for entry in own} - {name}
    twins = tuple(f"the same content is in the corpus as {other}" for other in sorted(others))
    return FileReport(name, "unchanged", "", tuple(plans), twins)


def _parse(corpus: _Corpus, named: NamedFile, digest: str) -> ParsedFile:
    if named.path.suffix.lower() == SUFFIX:
        return parse_ready_items(named.path, corpus.limits)
    sample = corpus.samples.get(digest)
    return parse_file(named.path, sample.known if sample else None, corpus.limits)


def _parts_gone(corpus: _Corpus, name: str, parsed: ParsedFile) -> tuple[str, ...]:
    """Take out the plans of a collection file that its new version does not hold any more."""
    parts = {plan.source.part for plan in parsed.plans}
    gone = [entry for entry in corpus.of_file(name) if entry.part not in parts and len(parts) > 1]
    for entry in gone:
        corpus.drop(entry)
    return tuple(f"{entry.plan_id} is not in the file any more and was taken out" for entry in gone)


def _ingest_plan(corpus: _Corpus, parsed: Plan, name: str) -> PlanReport:
    plan = replace(parsed, source=replace(parsed.source, file=name))
    corpus.state(plan.source)
    plan = corpus.statements.apply(plan)
    entry = _predecessor(corpus, plan)
    if entry is not None and _keeps_id(entry.plan_id, plan.plan_id):
        plan = rename(plan, entry.plan_id)
    else:
        own = entry.plan_id if entry is not None else ""
        plan = rename(plan, free_id(plan, lambda name: name != own and name in corpus.entries))
    old = corpus.plan_of(entry) if entry is not None else None
    written = corpus.put(plan, entry)
    if entry is not None and written.name == entry.name:
        return _report(plan, "unchanged")
    return _report(plan, "added" if entry is None else "updated", old)


def _predecessor(corpus: _Corpus, plan: Plan) -> Entry | None:
    """The earlier reading of a plan: the same content, or the same file where it still is the same plan."""
    source = plan.source
    for entry in corpus.of_content(source.sha256):
        if entry.part == source.part:
            return entry
    for entry in corpus.of_file(source.file):
        same = entry.title == plan.title or _keeps_id(entry.plan_id, plan.plan_id)
        if entry.part == source.part and same:
            return entry
    return None


def _keeps_id(held: str, found: str) -> bool:
    """Whether a plan keeps the id it has: the found one, or the found one made different from another's."""
    return held == found or held.startswith(f"{found}-")


def _report(plan: Plan, status: PlanStatus, old: Plan | None = None) -> PlanReport:
    added, changed, removed = ((), (), ()) if status == "unchanged" else compare(old, plan)
    return PlanReport(
        record(plan), status, added, changed, removed, plan.warnings, plan.dropped, plan.flagged
    )
