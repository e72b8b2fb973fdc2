"""The accessibility checker axe-core as npm publishes it: fetched once, its digest checked, then cached."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

VERSION = "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
"""As the registry states it for this version's tarball."""
FETCH_S = 120


class AxeMissing(Exception):
    """The checker cannot be had here; the message says why."""


def axe_source() -> str:
    """The script that adds ``axe`` to a page."""
    kept = user_cache_path("planqa") / "tests" / f"axe-core-{VERSION}.tgz"
    tarball = kept.read_bytes() if kept.exists() else b""
    if digest(tarball) != SHA512:
        tarball = _fetch()
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(tarball)
    with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
        member = archive.extractfile("package/axe.min.js")
        if member is None:
            raise AxeMissing(f"axe-core {VERSION} has no axe.min.js")
        return member.read().decode("utf-8")


def digest(data: bytes) -> str:
    """SHA-512 as npm writes it."""
    return base64.b64encode(hashlib.sha512(data).digest()).decode()


def _fetch() -> bytes:
    npm = shutil.which("npm")
    if npm is None:
        raise AxeMissing("no npm here (apt-get install npm); axe-core comes from there")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", f"axe-core@{VERSION}", "--silent", "--pack-destination", folder]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=FETCH_S)
        except subprocess.TimeoutExpired:
            raise AxeMissing(f"npm did not bring axe-core within {FETCH_S} s") from None
        found = list(Path(folder).glob("*.tgz"))
        if done.returncode or not found:
            raise AxeMissing(
                f"npm could not bring axe-core: {done.stderr.strip()[-200:] or 'no reason given'}"
            )
        tarball = found[0].read_bytes()
    if digest(tarball) != SHA512:
        raise RuntimeError(f"axe-core {VERSION} is not what was pinned: its SHA-512 is {digest(tarball)}")
    return tarball
