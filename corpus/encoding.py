"""Bytes to text: byte-order marks, UTF-8, and the two old Chinese encodings told apart."""

from __future__ import annotations

import codecs
from typing import Final

import charset_normalizer

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD: Final = ("gb18030", "big5hkscs")
_CANDIDATES: Final = ("gb18030", "big5", "big5hkscs", "cp950")
_SAMPLE_BYTES: Final = 60_000


class UndecodableError(ValueError):
    """Bytes that are no text in any encoding that plans come in."""


def decode(data: bytes) -> tuple[str, str]:
    """Decode a file's bytes; also name the encoding.

    :raises UndecodableError: where no encoding fits.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, name), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        name = _old_encoding(data)
        return _strictly(data, name), name


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        place = f"byte {error.start} is not {name}"
        raise UndecodableError(f"{place}; save the file as UTF-8, GB18030 or Big5") from error


def _old_encoding(data: bytes) -> str:
    """GB18030 or Big5: where the bytes are valid in both, the one that reads as commoner Chinese."""
    fitting = {name: text for name in _OLD if (text := _try(data, name)) is not None}
    if not fitting:
        raise UndecodableError("neither UTF-8 nor GB18030 nor Big5; is it a text file?")
    if len(fitting) == 1:
        return next(iter(fitting))
    sample = data if len(data) <= _SAMPLE_BYTES else data[: data.rfind(b"\n", 0, _SAMPLE_BYTES) + 1] or data
    best = charset_normalizer.from_bytes(
        sample, cp_isolation=["gb18030", "big5", "big5hkscs", "cp950"]
    ).best()
    if best is not None and best.encoding != "gb18030":
        return "big5hkscs"
    return "gb18030"


def _try(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None
