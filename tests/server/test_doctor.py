"""What `doctor` finds on machines in different states."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from small_chain import small_index

from rag.settings import Settings
from server.doctor import Finding, examine
from server.keys import KeyRing
from server.run import open_store


def findings(folder: Path, **fields: Any) -> dict[str, Finding]:
    settings = Settings(**{"home": folder / "home", "models_dir": folder / "models", "port": 0, **fields})
    return {finding.name: finding for finding in examine(settings)}


def test_a_new_machine_is_told_what_to_run(tmp_path: Path) -> None:
    found = findings(tmp_path)
    assert "planqa index" in found["index"].advice
    weights = [finding for name, finding in found.items() if name.startswith("weights ")]
    assert len(weights) == 2
    for finding in weights:
        assert finding.state == "warning"
        assert "planqa models pull" in finding.advice
    assert found["port"].state == found["database"].state == "ok"
    assert not (tmp_path / "home").exists()
    assert all(finding.advice for finding in found.values() if finding.state != "ok")


def test_without_a_model_its_weights_are_not_asked_for(tmp_path: Path) -> None:
    found = findings(tmp_path, generate=False)
    assert len([name for name in found if name.startswith("weights ")]) == 1
    assert findings(tmp_path, encoder="no-such")["weights"].state == "failed"


def test_an_index_of_the_corpus_is_well_and_one_of_another_is_not(tmp_path: Path) -> None:
    small_index(tmp_path / "home" / "index")
    assert findings(tmp_path)["index"] == Finding("index", "ok", "7 plans, 249 items")
    changed = findings(tmp_path, samples=False)["index"]
    assert (changed.state, changed.advice) == ("warning", "run `planqa index`")


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = findings(tmp_path, port=port)["port"]
    assert found.state == "failed"
    assert str(port) in found.found
    assert "PLANQA_PORT" in found.advice


@pytest.mark.parametrize("made", [False, True])
def test_serving_to_others_without_a_key_is_said(tmp_path: Path, made: bool) -> None:
    if made:
        open_store(Settings(home=tmp_path / "home")).close()
    assert findings(tmp_path, host="0.0.0.0")["keys"].state == "failed"


def test_keys_are_counted(tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path / "home"))
    keys = KeyRing(store)
    keys.create("one")
    keys.revoke(keys.create("two").stored.key_id)
    store.close()
    assert findings(tmp_path, host="0.0.0.0")["keys"].found == "1 valid, needed"
    assert findings(tmp_path)["keys"].found == "1 valid, not needed"


def test_a_database_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "planqa.sqlite").write_bytes(b"x" * 5000)
    assert findings(tmp_path)["database"].state == "failed"
