"""What `doctor` finds on machines in different states."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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


def test_a_model_of_the_users_own_is_looked_for(tmp_path: Path) -> None:
    missing = findings(tmp_path, generator_model=str(tmp_path / "gone.gguf"))
    assert (missing["generator"].state, missing["generator"].advice) == ("failed", "correct generator_model")
    assert not [name for name in missing if "qwen" in name]
    (tmp_path / "own.gguf").touch()
    assert findings(tmp_path, generator_model=str(tmp_path / "own.gguf"))["generator"].state == "ok"
    assert "generator" not in findings(tmp_path)


def test_an_endpoint_is_asked_whether_it_is_there(tmp_path: Path) -> None:
    def found(url: str, key: str = "") -> Finding:
        fields = {"generator": "openai", "generator_model": "m", "generator_url": url}
        return findings(tmp_path, **fields, generator_api_key=key)["generator"]

    asked: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers.get("Authorization"))
            self.send_response(200 if asked[-1] == "Bearer right" else 401)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as endpoint:
        thread = threading.Thread(target=endpoint.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{endpoint.server_address[1]}/v1"
        right, wrong = found(url, "right"), found(url, "wrong-key")
        endpoint.shutdown()
        thread.join()
    assert (right.state, right.found) == ("ok", f"m@{url} answers")
    assert (wrong.state, "refused the API key" in wrong.found) == ("failed", True)
    assert "wrong-key" not in wrong.found + wrong.advice
    assert asked == ["Bearer right", "Bearer wrong-key"]
    assert "cannot be reached" in found("http://127.0.0.1:9/v1").found
    assert "generator_url" in found("").found


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
