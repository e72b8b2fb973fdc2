"""The ablation as a record for the report, and as a table in Markdown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.ablation import Cell, Line
from eval.rerank import Reranked
from eval.statistics import Difference, Estimate

_RECORD, _TABLE = "ablation.json", "ablation.md"


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows of text."""

    heads: list[str]
    rows: list[list[str]]


COLUMNS = (("all", "recall@10"), ("zh", "recall@10"), ("en", "recall@10"), ("all", "plan_first_hit"))
"""What the table shows of every line: the goals of retrieval."""


def ablation_record(
    about: Mapping[str, Any], lines: Sequence[Line], reranked: Sequence[Reranked]
) -> dict[str, Any]:
    """Everything that was measured, as JSON holds it."""
    return {
        "about": dict(about),
        "lines": [
            {
                "name": line.name,
                "cells": [
                    {"group": group, "measure": measure, **_cell_record(cell)}
                    for (group, measure), cell in line.cells.items()
                ],
            }
            for line in lines
        ],
        "reranked": [asdict(one) for one in reranked],
    }


def save_ablation(folder: Path, record: Mapping[str, Any]) -> Path:
    """Write the record and its table; returns where the table lies."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {_RECORD: json.dumps(record, ensure_ascii=False, indent=1), _TABLE: markdown(record)}
    for name, text in texts.items():
        aside = (folder / name).with_suffix(".tmp")
        aside.write_text(text + "\n", encoding="utf-8")
        aside.replace(folder / name)
    return folder / _TABLE


def load_ablation(folder: Path) -> dict[str, Any] | None:
    """The record of the folder; None where there is none."""
    path = folder / _RECORD
    if not path.is_file():
        return None
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def ablation_tables(record: Mapping[str, Any]) -> list[Table]:
    """The tables: what each part is worth and, where they were tried, what rerankers add."""
    tables = [Table(["retrieval", *_headings(record)], _rows(record))]
    if record["reranked"]:
        names = [f"{measure}, change against ours" for measure in record["reranked"][0]["cells"]]
        heads = ["the first ten put in another order", "n", *names, "adds to a question"]
        tables.append(Table(heads, _reranked_rows(record)))
    return tables


def markdown(record: Mapping[str, Any]) -> str:
    """The tables in Markdown, with what was measured above them."""
    lines = [f"{name}: {value}  " for name, value in record["about"].items()]
    for table in ablation_tables(record):
        rows = [table.heads, ["---"] * len(table.heads), *table.rows]
        lines += ["", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)


def _rows(record: Mapping[str, Any]) -> list[list[str]]:
    """Every line: its name, and figures with the change against ours."""
    rows: list[list[str]] = []
    for line in record["lines"]:
        cells = {(cell["group"], cell["measure"]): cell for cell in line["cells"]}
        rows.append([line["name"], *(_shown(cells.get(column)) for column in COLUMNS)])
    return rows


def _headings(record: Mapping[str, Any]) -> list[str]:
    """The columns' headings with the number of questions that each is over."""
    cells = {(cell["group"], cell["measure"]): cell["n"] for cell in record["lines"][0]["cells"]}
    names = {"recall@10": "recall@10", "plan_first_hit": "right item first in its plan"}
    groups = {"all": "all", "zh": "Chinese", "en": "English"}
    over = {column: cells.get(column, 0) for column in COLUMNS}
    return [f"{names[measure]}, {groups[group]} (n={n})" for (group, measure), n in over.items()]


def _reranked_rows(record: Mapping[str, Any]) -> list[list[str]]:
    """Every reranker: its figures with the change of each measure, and the time that it adds."""
    rows: list[list[str]] = []
    for one in record["reranked"]:
        changes = [
            f"{own['value']:.3f}, {change['value']:+.3f} [{change['low']:+.3f}, {change['high']:+.3f}]"
            for own, change in one["cells"].values()
        ]
        rows.append([one["name"], str(one["n"]), *changes, f"{one['milliseconds']:,.0f} ms"])
    return rows


def _shown(cell: Mapping[str, Any] | None) -> str:
    if cell is None:
        return ""
    if cell["change"] is None:
        return f"{cell['value']:.3f} [{cell['low']:.3f}, {cell['high']:.3f}]"
    change = cell["change"]
    mark = " *" if cell["p_adjusted"] < 0.05 else ""
    return f"{cell['value']:.3f}, {change['value']:+.3f} [{change['low']:+.3f}, {change['high']:+.3f}]{mark}"


def _cell_record(cell: Cell) -> dict[str, Any]:
    estimate: Estimate = cell.estimate
    change: Difference | None = cell.change
    return {
        **asdict(estimate),
        "change": None if change is None else asdict(change),
        "p_adjusted": cell.p_adjusted,
    }
