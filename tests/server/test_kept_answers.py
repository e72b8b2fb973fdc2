"""An answer comes back from the store as it went in, tables and figures with it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from rag.records import Answer, Aspect, Bar, Cell, Coverage, Figures, Table
from server.keeping import as_answer

PLAIN = Answer(
    "0" * 32, "q", "q", "compare", "zh", "answered", "", (), (), None, Coverage(2, 2, 10), {}, (), {}, {}, {}
)  # fmt: skip
TABLE = Table(
    "years",
    ("qingdao-2018", "qingdao-2023"),
    (Aspect("师资", (Cell("qingdao-2018", (1,), "gone"), Cell("qingdao-2023"))),),
)
FIGURES = Figures("sum", "所", True, (Bar("tianjin-2014", "天津", 50.0, "50所", 2),), "115")


def test_table_and_figures_come_back() -> None:
    answer = replace(PLAIN, table=TABLE, figures=FIGURES)
    assert as_answer(json.loads(json.dumps(asdict(answer)))) == answer


def test_an_answer_kept_before_there_were_tables_is_read() -> None:
    body = json.loads(json.dumps(asdict(PLAIN)))
    del body["table"], body["figures"]
    assert as_answer(body) == PLAIN
