"""A file as lines of text, whatever its format was, and the limits it is read under."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from corpus.lines import Line, split_lines, strip_hidden
from corpus.plan import DroppedBlock


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold at the most; a larger one is refused, never cut."""

    max_file_bytes: int = 50_000_000
    max_unpacked_bytes: int = 200_000_000
    """For formats that are archives: all their members together."""
    max_members: int = 5_000
    max_text_chars: int = 20_000_000
    max_pdf_pages: int = 3_000
    max_files: int = 100_000
    """How many files one ingestion takes."""


DEFAULT_LIMITS: Final = Limits()


class DocumentRefused(ValueError):
    """A file that is not read, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Document:
    """The visible lines of a file."""

    lines: list[Line]
    sha256: str
    encoding: str = "utf-8"
    title: str = ""
    """What the file's own frame (an html title, document properties) calls it."""
    url: str = ""
    wrapped: bool = False
    """Whether the format breaks paragraphs into lines."""
    dropped: list[DroppedBlock] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def document_of_text(text: str, sha256: str, encoding: str = "utf-8") -> Document:
    """Lay plain text out as a document."""
    visible, n_hidden = strip_hidden(text)
    document = Document(split_lines(visible), sha256, encoding)
    if n_hidden:
        document.warnings.append(f"{n_hidden} hidden characters were taken out")
    return document
