"""Which sentences of a plan are quoted for its verdict."""

import numpy as np
import pytest

from rag.naming import Naming
from rag.quoted_sentences import best_sentences
from rag.records import Chunk
from rag.retrieve import Scores


def chunk(text: str, item: int, number: int) -> Chunk:
    return Chunk(f"p#{item}.{number}", f"p#{item}", "p", text, 0, len(text), "")


def best(texts: list[tuple[int, str, float]], named: list[float] | None = None) -> list[str]:
    """The texts chosen of sentences given with item and score, beside four that say nothing (score 0)."""
    chunks = [chunk(text, item, n) for n, (item, text, _) in enumerate(texts)]
    chunks += [chunk("无关的话。", 90 + n, 0) for n in range(4)]
    quotable = np.array([score for _, _, score in texts] + [0.0] * 4, dtype=np.float32)
    naming = None
    if named is not None:
        shares = np.array(named + [0.0] * 4, dtype=np.float32)
        naming = Naming(shares, shares)
    scores = Scores(quotable, quotable, quotable, naming=naming)
    rows = best_sentences(range(len(texts)), quotable, scores, chunks)
    return [chunks[row].text for row in rows]


BUS, MORE, PARTY, UNIT = (
    "为农村学生配备校车40辆。",
    "校车全部安装定位设备。",
    "加强机关党支部建设。",
    "(责任单位:安全科)",
)


@pytest.mark.parametrize(
    ("texts", "named", "chosen"),
    [
        ([(1, BUS, 0.9), (1, MORE, 0.8)], None, [BUS, MORE]),
        ([(1, BUS, 0.9), (1, PARTY, 0.4)], None, [BUS]),  # far behind
        ([(1, BUS, 0.9), (2, PARTY, 0.4)], None, [BUS, PARTY]),  # another item: the model may prefer it
        ([(1, BUS, 0.9), (1, PARTY, 0.85)], [1.0, 0.0], [BUS]),  # does not name what is asked for
        ([(1, BUS, 0.9), (1, MORE, 0.7)], [1.0, 1.0], [BUS, MORE]),  # names it, so may lie lower
        ([(1, BUS, 0.9), (1, MORE, 0.7)], [0.0, 0.0], [BUS]),
        ([(1, MORE, 0.9), (1, BUS, 0.2)], [1.0, 1.0], [MORE, BUS]),  # has the number
        ([(1, MORE, 0.9), (1, BUS, 0.2)], [1.0, 0.0], [MORE]),  # a number of something else
        ([(1, UNIT, 0.9), (1, BUS, 0.7)], None, [BUS]),  # a line of units is no evidence
        ([(1, UNIT, 0.9)], None, [UNIT]),  # but better than nothing
    ],
)
def test_a_second_sentence_is_there_only_where_it_adds_something(
    texts: list[tuple[int, str, float]], named: list[float] | None, chosen: list[str]
) -> None:
    assert best(texts, named) == chosen
