"""Starts a PostgreSQL server of its own from Debian's package, in a folder that goes away with it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waiting import WAIT_S, wait_for

_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def find_programs() -> Path | None:
    """The folder of initdb and postgres; None where they are not installed."""
    if _FOLDERS:
        return _FOLDERS[-1]
    found = shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


PROGRAMS = find_programs()
NO_POSTGRES = "PostgreSQL is not installed here (on Debian: the package postgresql)"


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of an empty database."""
    if PROGRAMS is None:
        raise RuntimeError(NO_POSTGRES)
    # The server refuses to run as root, which is what a container often is.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="planqa-postgres-") as name:
        folder = Path(name)
        if user is not None:
            shutil.chown(folder, user)
        data, port = folder / "data", _free_port()
        command = [str(PROGRAMS / "initdb"), "-D", str(data), "-U", "planqa", "-A", "trust", "-N"]
        subprocess.run(
            [*command, "-E", "UTF8", "--locale=C"], check=True, capture_output=True, user=user, cwd="/"
        )
        options = ["-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-c", "fsync=off"]
        with (folder.parent / f"{folder.name}.log").open("wb") as log:
            server = subprocess.Popen(
                [str(PROGRAMS / "postgres"), *options], stdout=log, stderr=log, user=user, cwd="/"
            )
        try:
            _wait(server, port)
            yield f"postgresql://planqa@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # end now, whoever is still connected
            server.wait(WAIT_S)
            (folder.parent / f"{folder.name}.log").unlink()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    ready = [str(_programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]

    def has_started() -> bool:
        return server.poll() is not None or subprocess.run(ready, check=False).returncode == 0

    wait_for(has_started, "PostgreSQL starts")
    if server.poll() is not None:
        raise RuntimeError("PostgreSQL did not start")


def _programs() -> Path:
    if PROGRAMS is None:
        raise RuntimeError(NO_POSTGRES)
    return PROGRAMS


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
