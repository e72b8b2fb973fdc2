"""Every plan searched as if it were the whole corpus, without an index of each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from chain_fakes import FakeEncoder, make_index, write_plan
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.plan import Plan
from rag.keyword_index import KeywordIndex
from rag.retrieve import Limits, Retriever
from rag.snapshot import Index
from rag.terms import Group, Terms

QUESTIONS = (
    "新建幼儿园多少所",
    "哪些城市提出标准化食堂或校园餐",
    "哪些城市增加托位或者课后服务",
    "Which cities add nursery places?",
    "游泳池",
    "教师、教师培训以及教师待遇",
)
WORDS = ("食堂", "幼儿园", "教师", "校园", "体育", "阅读", "托额")


@settings(max_examples=30)
@given(st.integers(0, 1000), st.integers(1, 5))
def test_each_group_scores_as_an_index_of_its_own_does(seed: int, n_groups: int) -> None:
    random = np.random.default_rng(seed)
    texts = ["".join(random.choice(WORDS, random.integers(0, 6))) for _ in range(40)]
    index = KeywordIndex.build(texts[:25])
    index.add(texts[25:])
    index.remove([3, 30])
    texts = [text for row, text in enumerate(texts) if row not in (3, 30)]
    groups = [part.tolist() for part in np.array_split(random.permutation(len(texts))[:30], n_groups)]
    words = index.by_group(groups)
    alone = [KeywordIndex.build([texts[row] for row in rows]) for rows in groups]
    question, concepts = "幼儿园食堂的体育教师,食堂", [("托额", "托位"), ("校园阅读",)]
    for found, of_each in (
        (words.scores(question), [own.scores(question) for own in alone]),
        (words.word_shares(question), [own.word_shares(question) for own in alone]),
        (
            words.word_shares(question, concepts=concepts),
            [own.word_shares(question, concepts=concepts) for own in alone],
        ),
        (words.concept_scores(concepts), [own.concept_scores(concepts) for own in alone]),
    ):
        np.testing.assert_array_equal(found, np.concatenate(of_each))
    for form in (*WORDS, "校园阅读", "游泳"):
        held = [own.holds(form) for own in alone]
        assert words.groups_holding(form).tolist() == held
        assert words.holds(form) == any(held)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("limits", [None, Limits(score_all=0)], ids=["small", "large"])
def test_per_plan_gives_what_an_index_of_each_plan_alone_does(
    sample_index: Index, tmp_path: Path, question: str, limits: Limits | None
) -> None:
    together = Retriever(sample_index, FakeEncoder(), limits=limits)
    plans = sample_index.plans[::-1]
    expected = []
    for plan in plans:
        alone = Retriever(make_index([plan], tmp_path / plan.plan_id), FakeEncoder())
        expected += alone.search(question, [plan.plan_id], 6)
    assert together.search(question, [plan.plan_id for plan in plans], 6, per_plan=True) == expected


def test_an_alternative_may_use_a_term_that_the_whole_question_does_not(tmp_path: Path) -> None:
    terms = Terms([Group(["食堂和超市", "饭店"], []), Group(["食堂", "餐厅"], [])])
    plans = [
        write_plan("wuhu-2024", "芜湖", 2024, ["1|1.新建餐厅3个。", "2|2.安全检查。"]),
        write_plan("bengbu-2024", "蚌埠", 2024, ["1|1.安全检查。", "2|2.改造食堂2个。"]),
    ]
    retriever = Retriever(make_index(plans, tmp_path), FakeEncoder(), terms)
    hits = retriever.search("食堂和超市", ["wuhu-2024", "bengbu-2024"], 1, per_plan=True)
    assert [hit.item_id for hit in hits] == ["wuhu-2024#1", "bengbu-2024#2"]


def test_plans_that_are_not_there_have_no_hits(sample_plans: tuple[Plan, ...], sample_index: Index) -> None:
    retriever = Retriever(sample_index, FakeEncoder())
    assert retriever.search("新建幼儿园", ["nowhere-1999"], 3, per_plan=True) == []
    assert retriever.search("新建幼儿园", [], 3) == []
    first = sample_plans[0].plan_id
    found = retriever.search("新建幼儿园", [first, "nowhere-1999"], 3, per_plan=True)
    assert [hit.rank for hit in found] == [1, 2, 3]
