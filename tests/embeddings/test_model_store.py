from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from loopback import LoopbackHub
from small_models import SmallModel, content, small_file_model, small_folder_model

from embeddings.catalog import MULTILINGUAL_E5_SMALL
from embeddings.hub_source import HubSource
from embeddings.model_source import (
    DigestMismatch,
    ModelDamaged,
    ModelUnavailable,
    PullProgress,
    PullStatus,
    SourceFailed,
    staged_path,
)
from embeddings.model_spec import ModelSpec
from embeddings.model_store import ModelStore, local_model
from embeddings.package_index_source import PackageIndexSource


class FolderSource:
    """Hands out files of a dictionary; can fail, stop half-way, or wait for a sign."""

    def __init__(self, data: dict[str, bytes], name: str = "folder") -> None:
        self.name = name
        self.data = data
        self.fails: Exception | None = None
        self.stops_before: str | None = None
        self.started = threading.Event()
        self.go_on: threading.Event | None = None
        self.fetched: list[str] = []

    def needed_bytes(self, spec: ModelSpec, staging: Path) -> int:
        return 0

    def fetch(self, spec: ModelSpec, staging: Path, progress: PullProgress) -> None:
        self.started.set()
        if self.go_on is not None:
            self.go_on.wait(timeout=30)
        if self.fails is not None:
            raise self.fails
        for file in spec.files:
            target = staged_path(staging, file)
            if target.exists():
                continue
            if file.path == self.stops_before:
                raise KeyboardInterrupt
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.data[file.path])
            self.fetched.append(file.path)
            progress(PullStatus(spec.name, "fetch", file.path, self.name, len(self.fetched), len(spec.files)))


def read(model: SmallModel, found: Path) -> dict[str, bytes]:
    if found.is_file():
        return {found.name: found.read_bytes()}
    return {str(p.relative_to(found)): p.read_bytes() for p in found.rglob("*") if p.is_file()}


def interrupted_pull(folder: Path) -> tuple[SmallModel, FolderSource, ModelStore]:
    """A pull that was stopped before its last file; the source can go on."""
    model = small_folder_model()
    source = FolderSource(model.data)
    source.stops_before = "model.safetensors"
    store = ModelStore(folder, sources=[source])
    with pytest.raises(KeyboardInterrupt):
        store.pull(model.spec)
    source.stops_before = None
    return model, source, store


def test_pull_puts_the_model_in_place_and_find_finds_it(tmp_path: Path) -> None:
    for model in (small_file_model(), small_folder_model()):
        store = ModelStore(tmp_path, sources=[FolderSource(model.data)])
        assert store.find(model.spec) is None
        found = store.pull(model.spec)
        assert read(model, found) == model.data
        assert store.find(model.spec) == found == ModelStore(tmp_path, sources=[]).find(model.spec)
    assert list((tmp_path / ".staging").iterdir()) == []


def test_pull_shows_terms_before_the_first_fetch_and_nothing_is_fetched_twice(tmp_path: Path) -> None:
    model = small_file_model()
    source = FolderSource(model.data)
    store = ModelStore(tmp_path, sources=[source])
    seen: list[PullStatus] = []
    store.pull(model.spec, seen.append)
    assert [s.stage for s in seen] == ["terms", "source", "fetch", "verify", "ready"]
    assert "someone/tiny-gguf: Apache-2.0. Free to use. https://example.org/licence" in seen[0].message
    seen.clear()
    store.pull(model.spec, seen.append)
    assert [s.stage for s in seen] == ["ready"] and source.fetched == ["tiny.gguf"]


def test_sources_are_tried_in_order_until_one_has_it(tmp_path: Path) -> None:
    model = small_file_model()
    away, wrong, good = FolderSource({}, "away"), FolderSource({}, "wrong"), FolderSource(model.data, "good")
    away.fails = SourceFailed("out of reach")
    wrong.data = {"tiny.gguf": content("evil", 3000)}
    never = FolderSource(model.data, "never asked")
    seen: list[PullStatus] = []
    found = ModelStore(tmp_path, sources=[away, wrong, good, never]).pull(model.spec, seen.append)
    assert read(model, found) == model.data
    told = [(s.source, s.stage) for s in seen if s.stage in ("source", "skipped", "refused")]
    assert told == [
        ("away", "source"),
        ("away", "skipped"),
        ("wrong", "source"),
        ("wrong", "refused"),
        ("good", "source"),
    ]
    assert never.fetched == []


def test_no_source_is_an_error_that_names_each_answer_and_the_small_model(tmp_path: Path) -> None:
    model = small_file_model()
    away, wrong = FolderSource({}, "model hub"), FolderSource({}, "package index")
    away.fails = SourceFailed("out of reach")
    wrong.fails = DigestMismatch("part 3 has SHA-256 aa; wanted bb")
    with pytest.raises(ModelUnavailable) as caught:
        ModelStore(tmp_path, sources=[away, wrong]).pull(model.spec)
    message = str(caught.value)
    assert "No source has tiny-gguf" in message
    assert "model hub: out of reach" in message
    assert "package index: part 3 has SHA-256 aa; wanted bb" in message
    assert "The small model tinier-gguf can take its place, if you choose it yourself" in message
    assert "planqa models pull" in message


def test_an_interrupted_pull_goes_on_where_it_stopped(tmp_path: Path) -> None:
    model, source, store = interrupted_pull(tmp_path)
    assert store.find(model.spec) is None
    status = store.status([model.spec])[0]
    assert status.state == "partial" and "fetched so far" in status.detail
    assert read(model, store.pull(model.spec)) == model.data
    assert source.fetched == list(model.data)


def test_a_staged_file_that_changed_since_is_not_put_in_place(tmp_path: Path) -> None:
    model, _, store = interrupted_pull(tmp_path)
    staged = tmp_path / ".staging" / model.spec.name
    staged_path(staged, model.spec.files[0]).write_bytes(b"[[")
    with pytest.raises(ModelUnavailable, match=r"modules\.json has SHA-256"):
        store.pull(model.spec)
    assert read(model, store.pull(model.spec)) == model.data  # the bad one was dropped


def test_a_changed_model_is_noticed_and_stays_until_a_right_one_is_here(tmp_path: Path) -> None:
    model = small_folder_model()
    source = FolderSource(model.data)
    store = ModelStore(tmp_path, sources=[source])
    found = store.pull(model.spec)
    (found / "model.safetensors").write_bytes(content("evil", 5000))
    assert store.find(model.spec) is None
    status = store.status([model.spec])[0]
    assert status.state == "damaged" and "model.safetensors has SHA-256" in status.detail
    source.fails = SourceFailed("out of reach")
    with pytest.raises(ModelUnavailable):
        store.pull(model.spec)
    assert (found / "model.safetensors").read_bytes() == content("evil", 5000)
    source.fails = None
    assert read(model, store.pull(model.spec)) == model.data
    assert store.status([model.spec])[0].state == "ready"


def test_a_swap_that_was_cut_in_the_middle_is_finished_without_fetching(tmp_path: Path) -> None:
    model = small_folder_model()
    store = ModelStore(tmp_path, sources=[FolderSource(model.data)])
    found = store.pull(model.spec)
    # As if the process had been killed after the old model was moved aside and before the new one came in.
    staging = tmp_path / ".staging" / model.spec.name
    staging.mkdir(parents=True)
    shutil.copytree(found, staging / "files")
    found.rename(staging / "old")
    nowhere = FolderSource({})
    again = ModelStore(tmp_path, sources=[nowhere])
    assert read(model, again.pull(model.spec)) == model.data
    assert nowhere.fetched == [] and not staging.exists()


def test_digests_are_computed_once_and_again_when_a_file_changes(tmp_path: Path) -> None:
    model = small_file_model()
    store = ModelStore(tmp_path, sources=[FolderSource(model.data)])
    found = store.pull(model.spec)
    seen: list[PullStatus] = []
    store.verify(model.spec, seen.append)
    assert [s.stage for s in seen] == ["verify"]
    record = next((tmp_path / ".verified").iterdir())
    written = record.stat().st_mtime_ns
    store.find(model.spec)
    assert record.stat().st_mtime_ns == written  # vouched for, nothing read, nothing written
    found.write_bytes(content("evil", 3000))
    with pytest.raises(
        ModelDamaged, match=r"at .*tiny\.gguf is not the pinned model: .*`planqa models pull`"
    ):
        store.verify(model.spec)
    assert store.find(model.spec) is None


def test_a_change_that_keeps_size_and_time_is_found_by_verify(tmp_path: Path) -> None:
    model = small_file_model()
    store = ModelStore(tmp_path, sources=[FolderSource(model.data)])
    found = store.pull(model.spec)
    before = found.stat()
    found.write_bytes(content("evil", 3000))

    os.utime(found, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.find(model.spec) == found
    with pytest.raises(ModelDamaged):
        store.verify(model.spec)
    assert store.find(model.spec) is None  # it is not vouched for any longer


def test_an_unreadable_record_only_costs_a_check(tmp_path: Path) -> None:
    model = small_file_model()
    store = ModelStore(tmp_path, sources=[FolderSource(model.data)])
    found = store.pull(model.spec)
    next((tmp_path / ".verified").iterdir()).write_text("{half a rec")
    assert store.find(model.spec) == found


def test_a_local_path_is_used_where_it_lies(tmp_path: Path) -> None:
    model = small_folder_model()
    mine = tmp_path / "mine"
    for path, data in model.data.items():
        (mine / path).parent.mkdir(parents=True, exist_ok=True)
        (mine / path).write_bytes(data)
    source = FolderSource(model.data)
    store = ModelStore(tmp_path / "models", local_paths={model.spec.name: mine}, sources=[source])
    assert store.find(model.spec) == mine == store.pull(model.spec) == store.verify(model.spec)
    assert source.fetched == []
    (mine / "modules.json").write_bytes(b"{}")
    with pytest.raises(ModelDamaged, match=r"modules\.json has SHA-256"):
        store.pull(model.spec)
    assert store.status([model.spec])[0].state == "damaged"
    assert source.fetched == []  # a wrong local path is an error, not a reason to fetch


def test_a_local_file_may_have_any_name(tmp_path: Path) -> None:
    model = small_file_model()
    (tmp_path / "my.gguf").write_bytes(model.data["tiny.gguf"])
    store = ModelStore(tmp_path / "m", local_paths={model.spec.name: tmp_path / "my.gguf"}, sources=[])
    assert store.find(model.spec) == tmp_path / "my.gguf"


def test_a_local_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    model = small_folder_model()
    store = ModelStore(tmp_path, local_paths={model.spec.name: tmp_path / "gone"}, sources=[])
    for call in (store.find, store.pull, store.verify):
        with pytest.raises(FileNotFoundError, match=r"path given for tiny-encoder does not exist: .*gone"):
            call(model.spec)
    assert store.status([model.spec])[0].state == "missing"
    (tmp_path / "gone").write_bytes(b"")
    with pytest.raises(ModelDamaged, match=r"is a file: .* Wanted the folder"):
        store.find(model.spec)


def test_a_model_of_ones_own_must_exist(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"No model at .*own\.gguf"):
        local_model(tmp_path / "own.gguf")
    (tmp_path / "own.gguf").write_bytes(b"")
    assert local_model(tmp_path / "own.gguf") == tmp_path / "own.gguf"


def test_two_at_once_fetch_once(tmp_path: Path) -> None:
    model = small_file_model()
    source = FolderSource(model.data)
    source.go_on = threading.Event()
    waiting = threading.Event()
    found: list[Path] = []

    def watch(status: PullStatus) -> None:
        if status.stage == "waiting":
            waiting.set()

    def pull() -> None:
        found.append(ModelStore(tmp_path, sources=[source]).pull(model.spec, watch))

    first, second = threading.Thread(target=pull), threading.Thread(target=pull)
    first.start()
    assert source.started.wait(timeout=30)
    second.start()
    assert waiting.wait(timeout=30)
    source.go_on.set()
    first.join()
    second.join()
    assert found[0] == found[1] and source.fetched == ["tiny.gguf"]


def test_too_little_disk_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    class Greedy(FolderSource):
        def needed_bytes(self, spec: ModelSpec, staging: Path) -> int:
            return 10**18

    source = Greedy({})
    with pytest.raises(
        OSError, match=r"Not enough room for tiny-gguf: .* GB free, 1000000000\.\d GB are needed"
    ):
        ModelStore(tmp_path, sources=[source]).pull(small_file_model().spec)
    assert not source.started.is_set()


def test_a_model_inside_a_package_is_never_fetched(tmp_path: Path) -> None:
    spec = ModelSpec(
        name="packaged",
        role="embedding",
        title="t",
        licence="MIT",
        terms="t",
        terms_url="u",
        package="no_such_package_anywhere",
        package_version="1.0",
    )
    store = ModelStore(tmp_path)
    assert store.find(spec) is None
    wanted = r"pip install no_such_package_anywhere==1\.0"
    with pytest.raises(ModelUnavailable, match=wanted):
        store.pull(spec)
    status = store.status([spec])[0]
    assert status.state == "missing" and "pip install" in status.detail


def test_status_covers_the_catalog_without_fetching(tmp_path: Path) -> None:
    source = FolderSource({})
    states = {s.spec.name: s.state for s in ModelStore(tmp_path, sources=[source]).status()}
    assert states.pop(MULTILINGUAL_E5_SMALL.name) in ("ready", "missing")
    assert states == {
        "embeddinggemma-300m": "missing",
        "qwen2.5-coder-1.5b-instruct-q4_k_m": "missing",
        "qwen2.5-coder-0.5b-instruct-q4_k_m": "missing",
    }
    assert not source.started.is_set() and list(tmp_path.iterdir()) == []


def test_hub_away_package_index_delivers(tmp_path: Path) -> None:
    """The real sources in their order: a hub that refuses, then wheels through pip."""
    model = small_folder_model()
    model.write_wheels(tmp_path / "wheels")
    hub = LoopbackHub("someone/else", "c" * 40, {})
    seen: list[PullStatus] = []
    with hub.serving() as address:
        sources = [
            HubSource(endpoint=address, cache_dir=tmp_path / "cache"),
            PackageIndexSource(pip_arguments=("--no-index", "--find-links", str(tmp_path / "wheels"))),
        ]
        found = ModelStore(tmp_path / "models", sources=sources).pull(model.spec, seen.append)
    assert read(model, found) == model.data
    assert [(s.source, s.stage) for s in seen if s.stage in ("source", "skipped")] == [
        ("model hub", "source"),
        ("model hub", "skipped"),
        ("package index", "source"),
    ]


def test_a_half_fetched_file_of_the_hub_does_not_end_up_in_the_model(tmp_path: Path) -> None:
    model = small_folder_model()
    stray = tmp_path / ".staging" / model.spec.name / "files" / "model.safetensors.partial"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"left by a killed process")
    assert (
        read(model, ModelStore(tmp_path, sources=[FolderSource(model.data)]).pull(model.spec)) == model.data
    )
