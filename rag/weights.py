"""What identifies the weights of a model of the user's own, which no catalog pins."""

from __future__ import annotations

import hashlib
from pathlib import Path

_PARTS = ("*.safetensors", "*.bin", "*.json", "*.model", "*.jinja", "*.txt")
"""The files of a folder that decide what its model says."""


def model_digest(path: Path) -> str:
    """The SHA-256 of the file, or of names and digests of the files that make up the folder."""
    if path.is_file():
        return _sha256(path)
    whole = hashlib.sha256()
    for file in sorted({file for pattern in _PARTS for file in path.glob(pattern)}):
        whole.update(f"{file.name}\0{_sha256(file)}\n".encode())
    return whole.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
