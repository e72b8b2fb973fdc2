"""Runs the examples of the README against a server: what a reader copies must work."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_server import live
from small_chain import ScriptedGenerator, small_answerer
from waiting import WAIT_S

from rag.snapshot import Index
from server.app import Engine, create_app

README = Path(__file__).parents[2] / "README.md"
ADDRESS = re.compile(r"(?:http://)?(?:localhost|127\.0\.0\.1):8000")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(*languages: str) -> list[str]:
    """The examples in one of the languages that speak to the server."""
    text = README.read_text("utf-8")
    return [body for word, body in _BLOCK.findall(text) if word in languages and ADDRESS.search(body)]


CURL = [line for body in blocks("", "sh", "bash") for line in body.splitlines() if line.startswith("curl ")]
PYTHON = blocks("python")
JAVASCRIPT = blocks("js", "javascript")


@pytest.fixture(scope="module")
def address(index: Index) -> Iterator[str]:
    with live(create_app(Engine(small_answerer(index, ScriptedGenerator())), "1")) as running:
        yield running


def run(command: list[str], cwd: Path) -> str:
    """What the command prints; it must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=4 * WAIT_S, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert '"error"' not in done.stdout
    return done.stdout


def test_there_are_examples() -> None:
    assert len(CURL) >= 3
    assert PYTHON
    assert JAVASCRIPT


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("line", CURL)
def test_curl(address: str, line: str, tmp_path: Path) -> None:
    run(["sh", "-c", ADDRESS.sub(address, line)], tmp_path)


@pytest.mark.parametrize("body", PYTHON)
def test_python(address: str, body: str, tmp_path: Path) -> None:
    run([sys.executable, "-c", ADDRESS.sub(address, body)], tmp_path)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("body", JAVASCRIPT)
def test_javascript(address: str, body: str, tmp_path: Path) -> None:
    script = tmp_path / "example.mjs"
    script.write_text(ADDRESS.sub(address, body), encoding="utf-8")
    run(["node", str(script)], tmp_path)
