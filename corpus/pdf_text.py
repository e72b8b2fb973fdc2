"""The text layer of pdf files to lines."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import pypdfium2  # type: ignore[import-untyped]

from corpus.document import DocumentRefused, Limits

_PAGE_NUMBER: Final = re.compile(r"^[\s—－\-·第]*\d{1,4}[\s—－\-·页]*(?:/\s*\d{1,4})?$")
_HYPHENS: Final = str.maketrans({"\ufffe": "", "\u0002": ""})
_EVERY_PAGE: Final = 0.6


def read_pdf(data: bytes, limits: Limits) -> list[str]:
    """Read the lines of a pdf file, without page numbers and running heads.

    :raises DocumentRefused: where it is over a limit, locked, or no pdf file.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise DocumentRefused(f"it is no readable pdf file ({error})") from error
    try:
        if len(document) > limits.max_pdf_pages:
            raise DocumentRefused(f"it has {len(document)} pages; the limit is {limits.max_pdf_pages}")
        pages = [_page_lines(document[number], limits) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise DocumentRefused(f"a page cannot be read ({error})") from error
    finally:
        document.close()
    running = _running_lines(pages)
    return [line for page in pages for line in page if line not in running]


def _page_lines(page: pypdfium2.PdfPage, limits: Limits) -> list[str]:
    text_page = page.get_textpage()
    try:
        if text_page.count_chars() > limits.max_text_chars:
            raise DocumentRefused(f"a page holds over {limits.max_text_chars} characters")
        text = text_page.get_text_bounded()
    finally:
        text_page.close()
        page.close()
    lines = [line.strip().translate(_HYPHENS) for line in text.splitlines()]
    return [line for line in lines if line and not _PAGE_NUMBER.match(line)]


def _running_lines(pages: list[list[str]]) -> frozenset[str]:
    """First and last lines that most pages share."""
    if len(pages) < 3:
        return frozenset()
    edges = Counter(line for page in pages for line in {*page[:1], *page[-1:]})
    return frozenset(line for line, count in edges.items() if count >= _EVERY_PAGE * len(pages))
