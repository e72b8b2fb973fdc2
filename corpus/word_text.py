"""Word files to paragraphs, with the numbers that Word itself would print before them."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from typing import Final

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree  # type: ignore[import-untyped]

from corpus.document import DocumentRefused, Limits

_HAN: Final = "零一二三四五六七八九"
_FORMAL: Final = "零壹贰叁肆伍陆柒捌玖"


def read_word(data: bytes, limits: Limits) -> list[str]:
    """Read the paragraphs and table rows of a docx file in order.

    :raises DocumentRefused: where it is over a limit or no docx file.
    """
    _check_archive(data, limits)
    try:
        return _paragraphs(docx.Document(io.BytesIO(data)))
    except Exception as error:  # the library trips over a damaged file in any way that its parts allow
        raise DocumentRefused(f"it is no readable docx file ({type(error).__name__}: {error})") from error


def _paragraphs(document: WordDocument) -> list[str]:
    numbers = _Numbers(document)
    paragraphs: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            paragraphs.extend(_rows(block))
        else:
            paragraphs.append(numbers.of(block) + block.text)
    return paragraphs


def _check_archive(data: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise DocumentRefused("it is no docx file (not an archive)") from error
    if len(members) > limits.max_members:
        raise DocumentRefused(f"the archive has {len(members)} members; the limit is {limits.max_members}")
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.max_unpacked_bytes:
        raise DocumentRefused(f"it unpacks to {unpacked} bytes; the limit is {limits.max_unpacked_bytes}")


def _rows(table: Table) -> list[str]:
    rows = []
    for row in table.rows:
        cells: list[str] = []
        seen: set[int] = set()
        for cell in row.cells:
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                cells.append(" ".join(cell.text.split()))
        rows.append("| " + " | ".join(cells) + " |" if len(cells) > 1 else "".join(cells))
    return rows


class _Numbers:
    """Counts the automatic numbering, which Word keeps apart from the text."""

    def __init__(self, document: WordDocument) -> None:
        self._formats: dict[tuple[str, str], tuple[str, str, int]] = {}
        self._counters: dict[str, dict[int, int]] = defaultdict(dict)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {
            element.get(qn("w:abstractNumId")): element for element in root.findall(qn("w:abstractNum"))
        }
        for number in root.findall(qn("w:num")):
            reference = number.find(qn("w:abstractNumId"))
            definition = abstract.get(reference.get(qn("w:val"))) if reference is not None else None
            if definition is None:
                continue
            for level in definition.findall(qn("w:lvl")):
                key = (number.get(qn("w:numId")), level.get(qn("w:ilvl")))
                self._formats[key] = (_value(level, "w:numFmt"), _value(level, "w:lvlText"),
                                      int(_value(level, "w:start") or 1))  # fmt: skip

    def of(self, paragraph: Paragraph) -> str:
        """The number printed before a paragraph; empty where it has none."""
        numbering = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if numbering is None or not paragraph.text.strip():
            return ""
        list_id = _value(numbering, "w:numId")
        level = int(_value(numbering, "w:ilvl") or 0)
        if (list_id, str(level)) not in self._formats:
            return ""
        counters = self._counters[list_id]
        start = self._formats[(list_id, str(level))][2]
        counters[level] = counters[level] + 1 if level in counters else start
        for deeper in [key for key in counters if key > level]:
            del counters[deeper]
        return self._print(list_id, level, counters)

    def _print(self, list_id: str, level: int, counters: dict[int, int]) -> str:
        text = self._formats[(list_id, str(level))][1]
        for upper in range(level + 1):
            kind = self._formats.get((list_id, str(upper)), ("decimal", "", 1))[0]
            text = text.replace(f"%{upper + 1}", printed_number(counters.get(upper, 1), kind))
        return text


def _value(level: etree._Element, name: str) -> str:
    element = level.find(qn(name))
    return "" if element is None else str(element.get(qn("w:val")) or "")


def printed_number(number: int, kind: str) -> str:
    """A number as Word prints it in one of its list formats."""
    if kind == "bullet":
        return "●"
    if kind.startswith(("chinese", "japanese", "taiwanese", "ideograph")):
        formal = kind in ("chineseLegalSimplified", "japaneseLegal", "ideographLegalTraditional")
        return _han_number(number, _FORMAL if formal else _HAN)
    if kind.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    return str(number)


def _han_number(number: int, digits: str) -> str:
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    ten = "拾" if digits is _FORMAL else "十"
    head = "" if tens == 0 else ten if tens == 1 else digits[tens] + ten
    return head + (digits[ones] if ones else "")
