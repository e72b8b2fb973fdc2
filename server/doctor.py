"""Looks at a machine and says what would keep planqa from running well there, and what to do about it."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from corpus.library import corpus_digest
from corpus.store import CorpusDamagedError
from rag.assembly import corpus_plans, model_store, needed_models, open_endpoint
from rag.errors import IndexMissing, PlanqaError
from rag.settings import Settings
from rag.snapshot import read_manifest
from server.access import check_access, needs_key
from server.databases import open_database
from server.keys import KeyRing
from server.sql_store import SqlStore

_GB = 1_000_000_000
_MEMORY_GB = 4.0
"""What the default models, the index and the server take together, with some room."""
_DISK_GB = 3.0
State = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    found: str
    advice: str = ""
    """What to do; empty where nothing needs to be done."""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one finding after the other; nothing is changed or fetched."""
    yield _python()
    yield _processor()
    yield _memory(psutil.virtual_memory().available / _GB)
    yield _disk(settings.home)
    yield _encoding(locale.getpreferredencoding(False), sys.stdout.encoding or "")
    yield from _weights(settings)
    yield from _generator(settings)
    yield _index(settings)
    yield _port(settings.host, settings.port)
    yield from _database(settings)


def _python() -> Finding:
    return Finding("python", "ok", f"{platform.python_version()} at {sys.executable}")


def _processor() -> Finding:
    cores = os.cpu_count() or 1
    found = f"{cores} cores, {platform.machine()}"
    if cores < 2:
        return Finding("processor", "warning", found, "answers take long on one core; two or more are better")
    return Finding("processor", "ok", found)


def _memory(free_gb: float) -> Finding:
    found = f"{free_gb:.1f} GB free"
    if free_gb < _MEMORY_GB:
        advice = (
            f"the default models want {_MEMORY_GB:g} GB: end other programs, choose smaller models, or set "
            "generate = false"
        )
        return Finding("memory", "warning", found, advice)
    return Finding("memory", "ok", found)


def _disk(home: Path) -> Finding:
    folder = next(parent for parent in (home, *home.parents) if parent.exists())
    free = shutil.disk_usage(folder).free / _GB
    found = f"{free:.1f} GB free at {folder}"
    if not os.access(folder, os.W_OK):
        return Finding("disk", "failed", f"{folder} cannot be written", "set home to a folder of yours")
    if free < _DISK_GB:
        return Finding(
            "disk", "warning", found, f"weights and index want {_DISK_GB:g} GB; set home elsewhere"
        )
    return Finding("disk", "ok", found)


def _encoding(preferred: str, terminal: str) -> Finding:
    found = f"{preferred or 'none'}, terminal {terminal or 'none'}"
    if "utf" not in preferred.lower() or (terminal and "utf" not in terminal.lower()):
        return Finding("locale", "warning", found, "Chinese may not show: set LANG=C.UTF-8 or PYTHONUTF8=1")
    return Finding("locale", "ok", found)


def _weights(settings: Settings) -> Iterator[Finding]:
    try:
        needed = {spec.name for spec in needed_models(settings)}
    except PlanqaError as error:
        yield Finding("weights", "failed", error.message, "see `planqa models list`")
        return
    for row in model_store(settings).status():
        if row.spec.name not in needed:
            continue
        name, advice = f"weights {row.spec.name}", f"run `planqa models pull {row.spec.name}`"
        if row.state == "ready":
            yield Finding(name, "ok", str(row.path))
        elif row.state == "missing":
            yield Finding(name, "warning", "not fetched yet", advice)
        else:
            yield Finding(
                name, "failed", row.detail or row.state, f"run `planqa models pull {row.spec.name}`"
            )


def _generator(settings: Settings) -> Iterator[Finding]:
    """An answering model that no catalog knows: an endpoint, or a file or folder of the user's own."""
    where = "generator"
    if not settings.generate:
        return
    if settings.generator == "openai":
        try:
            endpoint = open_endpoint(settings)
            endpoint.check()
        except PlanqaError as error:
            advice = (
                "see generator_url, generator_model and PLANQA_GENERATOR_API_KEY; quotes answer till then"
            )
            yield Finding(where, "failed", error.message, advice)
        else:
            yield Finding(where, "ok", f"{endpoint.digest} answers")
    elif settings.generator_model and len(needed_models(settings)) == 1:
        path = Path(settings.generator_model).expanduser()
        if path.exists():
            yield Finding(where, "ok", str(path))
        else:
            yield Finding(where, "failed", f"{path} is not there", "correct generator_model")


def _index(settings: Settings) -> Finding:
    try:
        manifest = read_manifest(settings.index_dir)
        wanted = corpus_digest(corpus_plans(settings))
    except IndexMissing as error:
        return Finding("index", "warning", error.message, "run `planqa index`")
    except (CorpusDamagedError, OSError) as error:
        return Finding("index", "failed", f"the corpus cannot be read: {error}", "run `planqa ingest` again")
    found = f"{manifest.n_plans} plans, {manifest.n_items} items"
    if manifest.corpus_digest != wanted:
        return Finding(
            "index", "warning", f"{found}, of another corpus than there is now", "run `planqa index`"
        )
    return Finding("index", "ok", found)


def _port(host: str, port: int) -> Finding:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        advice = "end what listens there, or choose another with PLANQA_HOST and PLANQA_PORT"
        return Finding("port", "failed", f"{host}:{port}: {error}", advice)
    return Finding("port", "ok", f"{host}:{port} is free")


def _database(settings: Settings) -> Iterator[Finding]:
    where = "database"
    if not settings.database and not settings.database_file.exists():
        yield Finding(where, "ok", f"{settings.database_file} will be made")
        if needs_key(settings):
            yield Finding("keys", "failed", "no API key", "run `planqa keys create NAME`")
        return
    try:
        store = SqlStore(open_database(settings.database, settings.database_file))
    except PlanqaError as error:
        yield Finding(where, "failed", error.message, "see the setting database")
        return
    try:
        yield Finding(where, "ok", "can be read")
        check_access(settings, KeyRing(store))
        n_valid = sum(key.revoked_at is None for key in KeyRing(store).listed())
        yield Finding("keys", "ok", f"{n_valid} valid, {'needed' if needs_key(settings) else 'not needed'}")
    except PlanqaError as error:
        yield Finding("keys", "failed", error.message, "run `planqa keys create NAME`")
    finally:
        store.close()
