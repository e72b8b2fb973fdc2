"""Where numbers fall into two groups, and what verdicts make of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from chain_fakes import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve import Retriever
from rag.snapshot import Index
from rag.split import split_point
from rag.verdict_model import VerdictModel
from rag.verdicts import VerdictJudge


def at(*values: float) -> float:
    return split_point(np.array(values, dtype=np.float32))


@pytest.mark.parametrize(
    ("values", "between"),
    [
        ((5.0, 4.8, 1.0, 0.9, 0.8), (1.0, 4.8)),
        ((5.0, 1.2, 1.0, 0.9, 0.8, 0.7, 0.6), (1.2, 5.0)),
        ((3.0, 2.9, 2.8, 2.9, 3.1, 0.1), (0.1, 2.8)),
        ((1.0, 2.0), (1.0, 2.0)),
    ],
)
def test_it_lies_between_the_groups(values: tuple[float, ...], between: tuple[float, float]) -> None:
    low, high = between
    assert low < at(*values) < high
    assert at(*reversed(values)) == pytest.approx(at(*values))


def test_what_does_not_differ_is_its_own_split_point() -> None:
    assert at(2.5) == 2.5
    assert at(1.5, 1.5, 1.5) == 1.5
    with pytest.raises(ValueError, match="no value to split"):
        at()


@given(st.lists(st.floats(-9, 9, width=32), min_size=2, max_size=40), st.floats(-5, 5, width=32))
def test_it_moves_with_the_values_and_stays_within(values: list[float], by: float) -> None:
    found = at(*values)
    assert min(values) - 1e-4 <= found <= max(values) + 1e-4
    if max(values) - min(values) > 0.1:
        assert min(values) < found < max(values)


def test_the_plans_that_say_it_lie_on_its_upper_side(sample_index: Index) -> None:
    retriever = Retriever(sample_index, FakeEncoder())
    judge = VerdictJudge(retriever, VerdictModel.load())
    known = judge.signals(retriever.score("新建幼儿园"))
    sides = {plan_id: signals.side for plan_id, (signals, _) in known.items()}
    standing = {plan_id: signals.fused for plan_id, (signals, _) in known.items()}
    assert sorted(sides, key=sides.__getitem__) == sorted(standing, key=standing.__getitem__)
    assert -1 < min(sides.values()) < 0 < max(sides.values()) < 1


def test_a_plan_of_which_nothing_was_scored_lies_below_the_split(sample_index: Index) -> None:
    retriever = Retriever(sample_index, FakeEncoder())
    scores = retriever.score("新建幼儿园")
    hidden = sample_index.plans[0].plan_id
    rows = np.setdiff1d(np.arange(len(sample_index.chunks)), np.array(retriever.rows([hidden])))
    judge = VerdictJudge(retriever, VerdictModel.load())
    some = scores.at(slice(None))
    known = judge.signals(replace(some, rows=rows, typical=rows))
    assert known[hidden][1] == () and known[hidden][0].side < min(
        signals.side for plan_id, (signals, _) in known.items() if plan_id != hidden
    )
