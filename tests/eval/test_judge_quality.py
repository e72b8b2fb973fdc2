"""The local model's agreement with the gold, by hand arithmetic."""

from collections.abc import Sequence

import pytest

from eval.fit_verdicts import Cell
from eval.judge_quality import measure_judge, sample_cells
from rag.generate import Generation, Message, Sink
from rag.records import Chunk
from rag.verdict_model import Signals

SIGNALS = Signals(0.5, 0.0, 0.0, 0.0, False)


class Judge:
    """Says yes to sentences with a plus."""

    name = "judge"
    digest = "1"

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        return Generation("", 0, 0, 0)

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        return (0.0, -3.0) if "+" in messages[-1].content else (-3.0, 0.0)


def cell(question: str, plan: str, gold: str, *sentences: str) -> Cell:
    chunks = tuple(Chunk(f"{plan}#1:{n}", f"{plan}#1", plan, text, 0, len(text), "")
                   for n, text in enumerate(sentences))  # fmt: skip
    return Cell(question, question, plan, gold, SIGNALS, "研学?", chunks)


CELLS = [
    cell("q1", "a", "yes", "甲", "乙+"),
    cell("q1", "b", "no_evidence", "丙"),
    cell("q2", "a", "yes", "丁"),
    cell("q2", "b", "no_evidence", "戊+"),
    cell("q2", "c", "partial", "己+"),
]


def test_agreement_counts_plans_and_one_good_sentence_is_enough() -> None:
    quality = measure_judge(sample_cells(CELLS, None), Judge())
    assert (quality.n, quality.n_yes, quality.agreement.n) == (4, 2, 2)
    # right: yes of q1/a, no of q1/b; wrong: q2/a missed, q2/b claimed
    assert quality.agreement.value == 0.5
    assert quality.f1.value == 0.5
    assert quality.kappa == 0.0
    assert quality.auc == 0.5
    assert "agreement 0.500" in str(quality)


def test_a_sample_leaves_partial_out_and_is_the_same_each_time() -> None:
    assert all(one.gold != "partial" for one in sample_cells(CELLS, None))
    assert sample_cells(CELLS, 2) == sample_cells(CELLS, 2)
    assert len(sample_cells(CELLS, 2)) == 2


def test_one_verdict_alone_measures_nothing() -> None:
    with pytest.raises(ValueError, match="both yes and no are wanted"):
        measure_judge(CELLS[:1], Judge())
