"""Files of every supported format to documents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from corpus.document import Document, DocumentRefused, Limits, document_of_text
from corpus.encoding import UndecodableError, decode
from corpus.html_text import read_html
from corpus.lines import Line, split_lines, strip_hidden
from corpus.markdown_text import plain_lines
from corpus.pdf_text import read_pdf
from corpus.plan import DroppedBlock
from corpus.word_text import read_word

_Reader = Callable[[bytes, str, Limits], Document]


def read_document(path: Path, limits: Limits) -> Document:
    """Read a file's lines.

    :raises DocumentRefused: where its kind is not supported, it is over a limit, or it cannot be read.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        kinds = ", ".join(sorted(READERS))
        raise DocumentRefused(
            f"files of kind {path.suffix or '(none)'} are not read; supported are {kinds}, .jsonl"
        )
    data = read_bytes(path, limits)
    document = reader(data, hashlib.sha256(data).hexdigest(), limits)
    n_chars = sum(len(line.text) for line in document.lines)
    if n_chars > limits.max_text_chars:
        raise DocumentRefused(f"it holds {n_chars} characters; the limit is {limits.max_text_chars}")
    return document


def read_bytes(path: Path, limits: Limits) -> bytes:
    """Read a plain file that is not over the limit.

    :raises DocumentRefused: for a link, something that is no file, and a file over the limit.
    """
    try:
        if path.is_symlink():
            raise DocumentRefused("it is a symbolic link; give the file itself")
        if not path.is_file():
            raise DocumentRefused("it is not a file")
        size = path.stat().st_size
        if size > limits.max_file_bytes:
            raise DocumentRefused(f"it has {size} bytes; the limit is {limits.max_file_bytes}")
        return path.read_bytes()
    except OSError as error:
        raise DocumentRefused(f"it cannot be opened ({error.strerror})") from error


def _decoded(data: bytes) -> tuple[str, str]:
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentRefused("it is not text (it holds zero bytes)")
    try:
        return decode(data)
    except UndecodableError as error:
        raise DocumentRefused(f"it cannot be decoded: {error}") from error


def _read_text(data: bytes, sha256: str, limits: Limits) -> Document:
    text, encoding = _decoded(data)
    return document_of_text(text, sha256, encoding)


def _read_markdown(data: bytes, sha256: str, limits: Limits) -> Document:
    text, encoding = _decoded(data)
    document = document_of_text(text, sha256, encoding)
    document.lines, comments = plain_lines(document.lines)
    document.dropped = [DroppedBlock(line.text, "markup", line.number) for line in comments]
    return document


def _read_html(data: bytes, sha256: str, limits: Limits) -> Document:
    text, encoding = _decoded(data)
    visible, n_hidden = strip_hidden(text)
    try:
        page = read_html(visible)
    except ValueError as error:
        raise DocumentRefused(str(error)) from error
    dropped = [DroppedBlock(line.text, "outside the main text", line.number) for line in page.outside]
    dropped += [DroppedBlock(line.text, "hidden on the page", line.number) for line in page.unseen]
    document = Document(page.lines, sha256, encoding, title=page.title, dropped=dropped)
    if n_hidden:
        document.warnings.append(f"{n_hidden} hidden characters were taken out")
    return document


def _read_word(data: bytes, sha256: str, limits: Limits) -> Document:
    return _from_paragraphs(read_word(data, limits), sha256, "docx")


def _read_pdf(data: bytes, sha256: str, limits: Limits) -> Document:
    document = _from_paragraphs(read_pdf(data, limits), sha256, "pdf")
    document.wrapped = True
    return document


def _from_paragraphs(paragraphs: list[str], sha256: str, kind: str) -> Document:
    visible, n_hidden = strip_hidden("\n".join(paragraphs))
    lines: list[Line] = split_lines(visible)
    warnings = [f"{n_hidden} hidden characters were taken out"] if n_hidden else []
    if not lines:
        warnings.append(f"the {kind} holds no text layer")
    return Document(lines, sha256, kind, warnings=warnings)


READERS: Final[dict[str, _Reader]] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".shtml": _read_html,
    ".docx": _read_word,
    ".pdf": _read_pdf,
}
"""The supported endings; ``.jsonl`` files hold ready items and are read by :mod:`corpus.ready_items`."""
