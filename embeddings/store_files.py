"""The record of a saved store: which files it has and their digests. Written last, read first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

RECORD_FILE = "store.json"
SCHEMA = 2

_Read = TypeVar("_Read")


def sha256_of(file: Path) -> str:
    """The digest of a file, read block by block."""
    with file.open("rb") as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest()


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second name, or where the file system cannot do that, copy it block by block."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:
        with source.open("rb") as reader, target.open("wb") as writer:
            while data := reader.read(1 << 24):
                writer.write(data)


def write_record(directory: Path, record: dict[str, Any]) -> None:
    """Write the record; with it the store is whole."""
    text = json.dumps({"schema": SCHEMA, **record}, indent=2, ensure_ascii=False) + "\n"
    (directory / RECORD_FILE).write_text(text, encoding="utf-8")


def read_store(directory: Path, kinds: tuple[str, ...], read: Callable[[dict[str, Any]], _Read]) -> _Read:
    """Read a store through its record, whatever is wrong with it being said in one way.

    Raises FileNotFoundError where there is no record, ValueError where it is of another kind or damaged.
    """
    path = directory / RECORD_FILE
    if not path.is_file():
        raise FileNotFoundError(
            f"No vector store in {directory}: found no {RECORD_FILE}. Build the index with `planqa index`."
        )
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["schema"] != SCHEMA or record["kind"] not in kinds:
            raise ValueError(
                f"schema {record['schema']}, kind {record['kind']}; wanted {SCHEMA}, {' or '.join(kinds)}"
            )
        return read(record)
    except (ValueError, KeyError, TypeError, OSError, RuntimeError) as error:  # FAISS raises RuntimeError
        raise ValueError(
            f"The vector store in {directory} cannot be read ({error}). "
            "Build the index again with `planqa index`."
        ) from error


def check_digests(directory: Path, digests: dict[str, str]) -> None:
    """Refuse files that are not the ones that were saved."""
    for name, digest in digests.items():
        if sha256_of(directory / name) != digest:
            raise ValueError(f"{name} is not the file that was saved")
