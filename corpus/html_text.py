"""A saved web page to lines: blocks, table rows, and nothing that the page does not show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import trafilatura
from lxml import etree, html  # type: ignore[import-untyped]

from corpus.head import is_title
from corpus.lines import Line
from corpus.numbering import read_marker

_NO_TEXT: Final = frozenset(
    ("script style noscript template head iframe object svg select textarea button").split()
)
_BLOCKS: Final = frozenset(
    (
        "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure "
        "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody td tfoot th "
        "thead title tr ul"
    ).split()
)
_SERVER_CODE: Final = re.compile(r"<%.*?%>|<\?.*?\?>", re.S)
_UNSEEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)", re.I
)
_STOPS: Final = "。！？；：:;!?"
_SPACE: Final = re.compile(r"\s+")
_HAN: Final = r"[\u3400-\u9fff。，、；：！？（）《》“”]"
_BETWEEN_HAN: Final = re.compile(rf"(?<={_HAN})\n+(?={_HAN})")
_ENOUGH: Final = 0.5
"""The extracted main text is trusted where it holds at least this share of the page's characters."""


@dataclass(slots=True)
class Page:
    """The visible lines of a page, in two heaps; they are counted as a reader sees them."""

    lines: list[Line]
    outside: list[Line] = field(default_factory=list)
    """Lines before and after the main text."""
    unseen: list[Line] = field(default_factory=list)
    """Text that the page's own markup hides from its reader."""
    title: str = ""


def read_html(source: str) -> Page:
    """Read the lines of an html page.

    :raises ValueError: where the source holds no html element.
    """
    cleaned = _SERVER_CODE.sub(" ", source)
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(cleaned, parser=parser)
    except etree.ParserError as error:
        raise ValueError(f"no html in it ({error})") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise ValueError("its elements are nested too deeply to be read whole")
    unseen = _take_unseen(root)
    reader = _BlockReader()
    reader.read(root)
    lines = [Line(text, number) for number, text in enumerate(reader.lines, start=1)]
    page = Page(lines, unseen=unseen, title=_SPACE.sub(" ", root.findtext(".//title") or "").strip())
    _set_main_apart(page, cleaned)
    return page


def _take_unseen(root: html.HtmlElement) -> list[Line]:
    unseen = []
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        if element.get("hidden") is None and not _UNSEEN.search(element.get("style") or ""):
            continue
        text = _SPACE.sub(" ", "".join(element.itertext())).strip()
        if text and element.tag not in _NO_TEXT:
            unseen.append(Line(text, 0))
        element.drop_tree()
    return unseen


def _set_main_apart(page: Page, source: str) -> None:
    """Move what stands before the first and after the last line of the main text out of the way."""
    main = trafilatura.extract(source, favor_recall=True, include_comments=False, include_tables=True) or ""
    squeezed = _SPACE.sub("", main.replace("|", ""))
    total = sum(len(line.text) for line in page.lines)
    if not total or len(squeezed) < _ENOUGH * total:
        return
    inside = [
        place
        for place, line in enumerate(page.lines)
        if _SPACE.sub("", line.text.replace("|", "")) in squeezed or read_marker(line.text) is not None
    ]
    if inside:
        first, last = inside[0], inside[-1]
        titles = [place for place in range(first) if is_title(page.lines[place].text)]
        first = titles[-1] if titles else first
        page.outside = page.lines[:first] + page.lines[last + 1 :]
        page.lines = page.lines[first : last + 1]


class _BlockReader:
    """Walks the tree once; a block element ends a line, a row of a data table is one line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._text: list[str] = []

    def read(self, root: html.HtmlElement) -> None:
        """Collect the lines below ``root`` without recursion, which a deep page would exhaust."""
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._leave(element)
            elif element.tag in _NO_TEXT or (element.tag == "tr" and self._row(element)):
                walker.skip_subtree()
            else:
                self._enter(element)
        self._end_line()

    def _enter(self, element: html.HtmlElement) -> None:
        if element.tag in _BLOCKS:
            self._end_line()
        self._add(element.text)

    def _leave(self, element: html.HtmlElement) -> None:
        if element.tag in _BLOCKS:
            self._end_line()
        self._add(element.tail)

    def _row(self, row: html.HtmlElement) -> bool:
        """Write a row of a data table; False where the row only lays out the page."""
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if len(cells) < 2 or any(True for _ in row.iter("table")):
            return False
        texts = [_tight("".join(_visible(cell))) for cell in cells]
        if sum(1 for text in texts if text) < 2 or any(len(cell.findall(".//p")) > 6 for cell in cells):
            return False
        self._end_line()
        self.lines.append("| " + " | ".join(texts) + " |")
        return True

    def _add(self, text: str | None) -> None:
        if not text:
            return
        for place, piece in enumerate(text.split("\n")):
            if place and self._breaks_before(piece):
                self._end_line()
            elif place:
                self._text.append("\n")
            self._text.append(piece)

    def _breaks_before(self, piece: str) -> bool:
        """A line end in the source counts where a sentence ended before it, or a number follows."""
        written = "".join(self._text).strip()
        return bool(written) and (written[-1] in _STOPS or read_marker(piece.strip()) is not None)

    def _end_line(self) -> None:
        text = _tight("".join(self._text))
        self._text.clear()
        if text:
            self.lines.append(text)


def _visible(cell: html.HtmlElement) -> Iterator[str]:
    for element in cell.iter():
        if element.tag not in _NO_TEXT:
            yield element.text or ""
        if element is not cell:
            yield element.tail or ""


def _tight(text: str) -> str:
    """Fold white space; between Chinese characters a line end of the source is nothing."""
    folded = re.sub(r"[ \t\r]*\n[ \t\r]*", "\n", text.strip())
    folded = re.sub(
        r"(?<=[\u3400-\u9fff。，、；：！？（）《》“”])\n+(?=[\u3400-\u9fff。，、；：！？（）《》“”])",
        "",
        folded,
    )
    return _SPACE.sub(" ", folded).strip()
