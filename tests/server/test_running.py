"""A server process from its start to its end: loading, draining, reloading, killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
from reading_events import Sent, of_kind, read_events
from small_chain import LOOKUP, PairEncoder
from waiting import WAIT_S, wait_for

from corpus.library import load_sample_plans
from rag.errors import SettingsError
from rag.settings import Settings
from rag.snapshot import build_index
from server.run import bind, serve

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Running:
    """A server process and a client of it."""

    process: subprocess.Popen[str]
    client: httpx.Client
    home: Path

    @property
    def output(self) -> IO[str]:
        if self.process.stdout is None:
            raise RuntimeError("there is no pipe")
        return self.process.stdout

    def wait_ready(self) -> None:
        line = self.output.readline()
        assert line == "ready\n", line

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_S)

    def log(self) -> str:
        return (self.home / "log").read_text("utf-8")


@contextmanager
def server(home: Path, piece_s: float = 0.0, **settings: object) -> Iterator[Running]:
    """A server with these settings, whose model takes ``piece_s`` for every piece of an answer."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    environment["PIECE_S"] = str(piece_s)
    environment |= {f"PLANQA_{name.upper()}": str(value) for name, value in settings.items()}
    program = [sys.executable, str(Path(__file__).parent / "small_server.py"), str(home)]
    with (
        (home / "log").open("a") as log,
        subprocess.Popen(
            program, stdout=subprocess.PIPE, stderr=log, text=True, env=environment, cwd=home
        ) as process,
    ):
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=WAIT_S) as client:
                yield Running(process, client, home)
        finally:
            if process.poll() is None:
                process.kill()


def wait_for_status(running: Running, status: int) -> httpx.Response:
    """The first reply of /readyz with this status."""
    found: list[httpx.Response] = []

    def answers() -> bool:
        try:
            found.append(running.client.get("/readyz"))
        except httpx.TransportError:
            return False  # it does not listen yet
        return found[-1].status_code == status

    wait_for(answers, f"/readyz is {status}")
    return found[-1]


def ask(running: Running, number: int) -> httpx.Response:
    return running.client.post("/v1/ask", json={"question": f"{LOOKUP}（{number}）"})


def follow(running: Running, number: int, seen: list[Sent], generating: threading.Event) -> None:
    body = {"question": f"{LOOKUP}（{number}）", "stream": True}
    with running.client.stream("POST", "/v1/ask", json=body) as reply:
        for event in read_events(reply.iter_lines()):
            seen.append(event)
            if event.data.get("stage") == "generate":
                generating.set()


def test_it_serves_while_it_loads_and_says_when_it_is_ready(tmp_path: Path) -> None:
    (tmp_path / "load").touch()
    with server(tmp_path) as running:
        loading = wait_for_status(running, 503)
        assert loading.json()["missing"] == ["index", "model"]
        assert running.client.get("/").status_code == 200
        assert ask(running, 1).json()["error"]["code"] == "index_missing"
        (tmp_path / "load").unlink()
        running.wait_ready()
        assert wait_for_status(running, 200).json()["missing"] == []
        assert ask(running, 1).json()["status"] == "answered"
        assert running.stop() == -signal.SIGTERM
    assert LOOKUP not in running.log()


def test_loading_that_fails_ends_the_server_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "fail").touch()
    with server(tmp_path) as running:
        assert running.process.wait(WAIT_S) == 1
    assert "GeneratorUnavailable: the weights are not there" in running.log()


def test_a_stopped_server_lets_running_answers_end(tmp_path: Path) -> None:
    seen: list[Sent] = []
    generating = threading.Event()
    with server(tmp_path) as running, ThreadPoolExecutor(1) as pool:
        running.wait_ready()
        (tmp_path / "hold").touch()
        following = pool.submit(follow, running, 1, seen, generating)
        assert generating.wait(WAIT_S)
        running.process.send_signal(signal.SIGTERM)
        wait_refused(running)
        (tmp_path / "hold").unlink()
        following.result()
        assert running.process.wait(WAIT_S) == -signal.SIGTERM
    assert seen[-1].kind == "final"
    assert "".join(delta["text"] for delta in of_kind(seen, "delta")) == seen[-1].data["answer"]


def wait_refused(running: Running) -> None:
    """Wait until no new connection is taken."""

    def refuses() -> bool:
        try:
            httpx.get(f"{running.client.base_url}/healthz", timeout=WAIT_S)
        except httpx.ConnectError:
            return True
        except httpx.TransportError:
            return False  # the server was closing while it took the connection
        return False

    wait_for(refuses, "connections are refused")


def test_what_does_not_end_in_time_gets_an_error(tmp_path: Path) -> None:
    seen: list[Sent] = []
    generating = threading.Event()
    with server(tmp_path, drain_s=0.3) as running, ThreadPoolExecutor(1) as pool:
        running.wait_ready()
        (tmp_path / "hold").touch()
        following = pool.submit(follow, running, 1, seen, generating)
        assert generating.wait(WAIT_S)
        started = time.monotonic()
        assert running.stop() == -signal.SIGTERM
        # Without this setting the server would have waited for the answer half a minute.
        assert time.monotonic() - started < Settings().drain_s * 2 / 3
        following.result()
    assert (seen[-1].kind, seen[-1].data["error"]["code"]) == ("error", "shutting_down")


def test_a_newer_index_is_taken_up_and_no_request_fails(tmp_path: Path) -> None:
    with server(tmp_path, reload_check_s=0.05, keep_answers=False) as running:
        running.wait_ready()
        before = wait_for_status(running, 200).json()["index"]
        ended = threading.Event()
        statuses: list[int] = []

        def keep_asking() -> None:
            with httpx.Client(base_url=running.client.base_url, timeout=WAIT_S) as client:
                told = 0
                while told < 4 or not ended.is_set():
                    told += 1
                    statuses.append(client.post("/v1/ask", json={"question": LOOKUP}).status_code)
                    statuses.append(client.post("/v1/search", json={"question": "幼儿园"}).status_code)

        with ThreadPoolExecutor(3) as pool:
            asking = [pool.submit(keep_asking) for _ in range(3)]
            plans = [plan for plan in load_sample_plans() if plan.plan_id != "nanning-2023"]
            manifest = build_index(plans, PairEncoder(), tmp_path / "index")
            wait_for(lambda: readiness(running)["index"] == manifest.index_id, "the newer index is taken up")
            ended.set()
            for done in asking:
                done.result()
        assert manifest.index_id != before
        assert set(statuses) == {200}
        assert len(statuses) >= 24
        assert len(running.client.get("/v1/plans").json()["plans"]) == 6


def readiness(running: Running) -> dict[str, Any]:
    body: dict[str, Any] = running.client.get("/readyz").json()
    return body


def test_an_index_that_does_not_open_leaves_the_old_one(tmp_path: Path) -> None:
    class OtherEncoder(PairEncoder):
        name = "pairs/2"

    with server(tmp_path, reload_check_s=0.05) as running:
        running.wait_ready()
        before = wait_for_status(running, 200).json()["index"]
        build_index(load_sample_plans(), OtherEncoder(), tmp_path / "index")
        wait_for(lambda: bool(readiness(running)["warnings"]), "there is a warning")
        body = readiness(running)
        assert body["index"] == before
        assert "pairs/2" in body["warnings"][0]
        assert ask(running, 1).json()["status"] == "answered"


def test_killed_and_started_again_it_has_every_answer(tmp_path: Path) -> None:
    with server(tmp_path) as running:
        running.wait_ready()
        session_id = running.client.post("/v1/sessions", json={"title": "一"}).json()["session_id"]
        answers = [
            running.client.post(
                "/v1/ask", json={"question": f"{LOOKUP}{number}", "session_id": session_id}
            ).json()
            for number in range(3)
        ]
        running.process.kill()
        running.process.wait(WAIT_S)
    with server(tmp_path) as running:
        running.wait_ready()
        kept = running.client.get(f"/v1/sessions/{session_id}").json()
        assert kept["answers"] == answers


def test_another_address_needs_a_key(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, host="0.0.0.0")
    bound = bind("127.0.0.1", 0)
    with bound, pytest.raises(SettingsError, match="keys create"):
        serve(settings, "1", bound, lambda engine: None, lambda: None, lambda: pytest.fail("not reached"))


def test_an_address_that_is_taken_is_said_before_anything_slow() -> None:
    with bind("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=str(port)):
            bind("127.0.0.1", port)
