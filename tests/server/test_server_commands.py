"""The commands around the server, run as a user runs them: keys and doctor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planqa import app
from rag.settings import Settings
from server.keys import KeyRing
from server.run import open_store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLANQA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PLANQA_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("PLANQA_PORT", "0")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def is_valid(home: Path, key: str) -> bool:
    store = open_store(Settings(home=home))
    try:
        return KeyRing(store).find(key) is not None
    finally:
        store.close()


def test_a_key_is_made_listed_and_revoked(home: Path) -> None:
    code, out, told = run("keys", "create", "大屏")
    key = out.strip()
    assert code == 0
    assert is_valid(home, key)
    code, listed, _ = run("keys", "list")
    key_id = listed.split()[0]
    assert code == 0
    assert key_id in told
    assert ("大屏" in listed, "valid" in listed, key in listed) == (True, True, False)
    assert run("keys", "revoke", key_id)[0] == 0
    assert not is_valid(home, key)
    assert "revoked" in run("keys", "list")[1]
    code, _, told = run("keys", "revoke", key_id)
    assert (code, "planqa keys list" in told) == (1, True)


def test_the_file_of_the_database_holds_no_key(home: Path) -> None:
    key = run("keys", "create", "one")[1].strip()
    secret = key.split("_", 2)[2].encode()
    assert len(secret) >= 20
    for file in home.iterdir():
        assert secret not in file.read_bytes()


def test_doctor_tells_what_to_do_and_fails_where_something_does(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = run("doctor", "--json")
    found = {finding["name"]: finding for finding in json.loads(out)}
    assert code == 0
    assert {"python", "processor", "memory", "disk", "locale", "index", "port", "database"} <= set(found)
    assert "planqa index" in found["index"]["advice"]
    monkeypatch.setenv("PLANQA_HOST", "0.0.0.0")
    code, out, _ = run("doctor")
    assert code == 1
    assert "planqa keys create" in out


def test_the_key_of_an_endpoint_is_not_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANQA_GENERATOR_API_KEY", "sk-hidden-1234")
    for arguments in (("config", "show"), ("config", "show", "--json")):
        code, out, _ = run(*arguments)
        assert code == 0
        assert "sk-hidden" not in out
        assert "PLANQA_GENERATOR_API_KEY" in out
