from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from pathlib import Path

import pytest
from huggingface_hub import hf_hub_download
from loopback import HOLD_S, LoopbackHub
from small_models import SmallModel, content, small_file_model, small_folder_model

from embeddings.hub_source import HubSource
from embeddings.model_source import DigestMismatch, PullStatus, SourceFailed, staged_path


def hub_of(model: SmallModel) -> LoopbackHub:
    if model.spec.hub is None:
        raise ValueError("this small model is on no hub")
    return LoopbackHub(model.spec.hub.repo_id, model.spec.hub.revision, model.data)


def source_at(address: str, tmp_path: Path, timeout_s: float = HOLD_S) -> HubSource:
    return HubSource(endpoint=address, cache_dir=tmp_path / "hub-cache", timeout_s=timeout_s)


def staged(model: SmallModel, staging: Path) -> dict[str, bytes]:
    return {file.path: staged_path(staging, file).read_bytes() for file in model.spec.files}


def test_a_folder_comes_from_the_pinned_commit_with_progress(tmp_path: Path) -> None:
    model = small_folder_model()
    hub = hub_of(model)
    seen: list[PullStatus] = []
    with hub.serving() as address:
        source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", seen.append)
    assert staged(model, tmp_path / "staging") == model.data
    assert {path for _, path, _ in hub.requests} == set(model.data)
    counts = [s.done_bytes for s in seen]
    assert counts == sorted(counts) and counts[-1] == seen[-1].total_bytes == model.spec.size
    assert {s.stage for s in seen} == {"fetch"} and {s.message for s in seen} == set(model.data)


def filled_cache(model: SmallModel, address: str, tmp_path: Path) -> Path:
    """The standard client's own cache, filled by the client."""
    hub = model.spec.hub
    if hub is None:
        raise ValueError("this small model is on no hub")
    for path in model.data:
        hf_hub_download(
            hub.repo_id, path, revision=hub.revision, cache_dir=tmp_path / "hub-cache", endpoint=address
        )
    return tmp_path / "hub-cache"


def test_what_the_cache_holds_needs_no_network(tmp_path: Path) -> None:
    model = small_folder_model()
    with hub_of(model).serving() as address:
        cache = filled_cache(model, address, tmp_path)
    # The server is gone now.
    source_at(address, tmp_path, 0.5).fetch(model.spec, tmp_path / "staging", lambda _: None)
    assert staged(model, tmp_path / "staging") == model.data
    # Emptying the cache takes nothing away from what was staged.
    shutil.rmtree(cache)
    assert staged(model, tmp_path / "staging") == model.data
    assert not any(path.is_symlink() for path in (tmp_path / "staging").rglob("*"))


def test_a_wrong_file_in_the_cache_is_passed_over_and_left_alone(tmp_path: Path) -> None:
    model = small_file_model()
    hub = hub_of(model)
    with hub.serving() as address:
        hub.files["tiny.gguf"] = content("evil", 3000)
        cache = filled_cache(model, address, tmp_path)
        hub.files.update(model.data)
        source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", lambda _: None)
    assert staged(model, tmp_path / "staging") == model.data
    assert [p.read_bytes() for p in cache.rglob("tiny.gguf")] == [content("evil", 3000)]


def test_other_bytes_than_the_pinned_ones_are_refused(tmp_path: Path) -> None:
    model = small_file_model()
    hub = hub_of(model)
    hub.files["tiny.gguf"] = content("evil", 3000)
    with hub.serving() as address:
        with pytest.raises(DigestMismatch, match=r"tiny\.gguf has SHA-256 [0-9a-f]{64}; wanted [0-9a-f]{64}"):
            source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", lambda _: None)
        assert not staged_path(tmp_path / "staging", model.spec.files[0]).exists()
        # The bad bytes are gone: the next fetch begins anew.
        hub.files.update(model.data)
        source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", lambda _: None)
    assert staged(model, tmp_path / "staging") == model.data


def test_another_size_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    model = small_file_model()
    hub = hub_of(model)
    hub.files["tiny.gguf"] += b"more"
    with (
        hub.serving() as address,
        pytest.raises(DigestMismatch, match=r"3,004 bytes; wanted 3,000"),
    ):
        source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", lambda _: None)


def test_the_users_token_goes_to_the_hub_and_to_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    model = small_file_model()
    hub, network = hub_of(model), hub_of(model)
    with network.serving() as elsewhere, hub.serving() as address:
        hub.elsewhere = elsewhere
        source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", lambda _: None)
    assert staged(model, tmp_path / "staging") == model.data
    assert hub.tokens == {"Bearer hf_secret"}
    assert [method for method, _, _ in network.requests] == ["GET"] and network.tokens == {None}


def test_a_connection_that_breaks_off_is_made_again(tmp_path: Path) -> None:
    model = small_file_model(size=100_000)
    hub = hub_of(model)
    hub.cut_once.add("tiny.gguf")
    with hub.serving() as address:
        source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", lambda _: None)
    assert staged(model, tmp_path / "staging") == model.data
    assert [method for method, _, _ in hub.requests] == ["HEAD", "GET", "GET"]


@pytest.mark.parametrize("honours_range", [True, False])
def test_a_fetch_goes_on_where_an_interruption_stopped_it(tmp_path: Path, honours_range: bool) -> None:
    model = small_file_model(size=100_000)
    hub = hub_of(model)
    hub.honours_range = honours_range
    partial = tmp_path / "staging" / "hub" / "tiny.gguf"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(model.data["tiny.gguf"][:60_000])
    seen: list[PullStatus] = []
    with hub.serving() as address:
        source = source_at(address, tmp_path)
        assert source.needed_bytes(model.spec, tmp_path / "staging") == 40_000
        source.fetch(model.spec, tmp_path / "staging", seen.append)
    assert staged(model, tmp_path / "staging") == model.data
    assert hub.requests[-1] == ("GET", "tiny.gguf", "bytes=60000-")
    assert seen[-1].done_bytes == 100_000
    assert not partial.exists()


def test_an_unfinished_file_longer_than_the_pinned_one_is_begun_anew(tmp_path: Path) -> None:
    model = small_file_model()
    partial = tmp_path / "staging" / "hub" / "tiny.gguf"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(bytes(4000))
    with hub_of(model).serving() as address:
        source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", lambda _: None)
    assert staged(model, tmp_path / "staging") == model.data


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_hub_that_refuses_is_told_and_not_asked_again(tmp_path: Path, status: int) -> None:
    model = small_file_model()
    hub = hub_of(model)
    hub.refuse = status
    with hub.serving() as address, pytest.raises(SourceFailed, match=f"Error: .*{status}"):
        source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", lambda _: None)
    assert [method for method, _, _ in hub.requests] == ["HEAD"]


def test_a_hub_that_is_not_there_fails_at_once(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody answers there
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(SourceFailed, match="ConnectError"):
            source_at(address, tmp_path).fetch(small_file_model().spec, tmp_path / "s", lambda _: None)
        assert time.monotonic() - started < HOLD_S / 2  # it did not wait for an answer


def test_a_hub_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    model = small_file_model()
    hub = hub_of(model)
    hub.hold = threading.Event()
    started = time.monotonic()
    with hub.serving() as address:
        try:
            with pytest.raises(SourceFailed, match="Timeout"):
                source_at(address, tmp_path, 0.3).fetch(model.spec, tmp_path / "s", lambda _: None)
        finally:
            hub.hold.set()
    assert time.monotonic() - started < HOLD_S / 2


def test_an_interruption_passes_through(tmp_path: Path) -> None:
    model = small_folder_model()

    def stop(status: PullStatus) -> None:
        if status.message == "model.safetensors":
            raise KeyboardInterrupt

    hub = hub_of(model)
    with hub.serving() as address:
        with pytest.raises(KeyboardInterrupt):
            source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", stop)
        hub.requests.clear()
        source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", lambda _: None)
    assert staged(model, tmp_path / "staging") == model.data
    assert {path for _, path, _ in hub.requests} == {"model.safetensors"}


def test_where_links_are_impossible_a_checked_copy_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError("links are not possible here")

    monkeypatch.setattr(os, "link", no_links)
    model = small_file_model()
    with hub_of(model).serving() as address:
        filled_cache(model, address, tmp_path)
        source_at(address, tmp_path).fetch(model.spec, tmp_path / "staging", lambda _: None)
    assert staged(model, tmp_path / "staging") == model.data


def test_a_model_that_is_on_no_hub_is_passed_over(tmp_path: Path) -> None:
    model = small_file_model()
    with pytest.raises(SourceFailed, match="does not offer this model"):
        HubSource().fetch(model.without_hub(), tmp_path, lambda _: None)
