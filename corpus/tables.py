"""Rows of task tables: which are numbered tasks, and what their columns say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from corpus.numbering import han_value

_RULE: Final = re.compile(r"^\|?[\s|:：+-]+\|?$")
_NUMBER: Final = re.compile(r"^(\d{1,3}|[一二三四五六七八九十]{1,3})[.、．]?$")
_HEAD_WORDS: Final = re.compile(
    r"序号|编号|任务|事项|项目|内容|指标|举措|单位|部门|处室|科室|时限|时间|目标|措施|备注|范围"
)
_TASK: Final = re.compile(r"任务|事项|项目|内容|指标|举措|名称|工作")
_LEAD: Final = re.compile(r"牵头|责任|负责|主办|实施主体|承办")
_JOINT: Final = re.compile(r"配合|协办|参与|协同|指导部门")
_DEADLINE: Final = re.compile(r"时限|完成时间|截止|进度安排|时间节点")
_SPLIT: Final = re.compile(r"[、,，;；\s]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One numbered row of a task table."""

    ordinal: int
    printed: str
    text: str
    title: str
    lead: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    deadline: str | None = None


def is_row(line: str) -> bool:
    """Whether a line is a row of a table."""
    return line.count("|") > 1 and (line.startswith("|") or line.count(" | ") > 1)


def is_rule(line: str) -> bool:
    """Whether a line only draws the table."""
    return line.startswith("|") and bool(_RULE.match(line))


def cells_of(line: str) -> list[str]:
    """The cells of a row, without the bars."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def row_text(cells: list[str]) -> str:
    """A row as it stands in the plan's text."""
    return " | ".join(cell for cell in cells if cell)


def is_table_head(cells: list[str]) -> bool:
    """Whether the cells name the columns."""
    named = [cell for cell in cells if cell and len(cell) <= 14 and _HEAD_WORDS.search(cell)]
    return len(named) >= 2 and len(named) >= len([cell for cell in cells if cell]) - 1


def numbered_row(cells: list[str], head: list[str]) -> Row | None:
    """Read a row whose first cell is a number; None for any other."""
    found = _NUMBER.match(cells[0]) if cells else None
    filled = [cell for cell in cells if cell]
    if not found or len(filled) < 2:
        return None
    try:
        ordinal = han_value(found.group(1))
    except ValueError:
        return None
    lead: list[str] = []
    joint: list[str] = []
    deadline: str | None = None
    title = ""
    for name, cell in zip(head, cells, strict=False):
        if _LEAD.search(name):
            lead += _units(cell)
        elif _JOINT.search(name):
            joint += _units(cell)
        elif _DEADLINE.search(name):
            deadline = deadline or cell or None
        elif _TASK.search(name) and not title:
            title = cell
    return Row(
        ordinal, found.group(1), row_text(cells), title or filled[1],
        tuple(lead), tuple(joint), deadline,
    )  # fmt: skip


def _units(cell: str) -> list[str]:
    return [unit for unit in _SPLIT.split(cell) if unit]
