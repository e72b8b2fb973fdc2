"""An index with too many chunks to compare all vectors, which is any index once the limits are low."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
import pytest
from chain_fakes import BY_WORDS, FakeEncoder, FakeGenerator, ask

from rag.answer import Answerer
from rag.place_names import PlaceNames
from rag.places import CorpusPlaces
from rag.reading import QuestionReader
from rag.records import AskRequest, Hit
from rag.retrieve import Limits, Retriever
from rag.snapshot import Index
from rag.verdict_model import VerdictModel
from rag.verdicts import VerdictJudge
from rag.views import score_question

BY_PLANS = Limits(score_all=0, score_plans=100_000)
"""Where each plan needs hits of its own the plans in scope are scored whole, else the likely chunks."""
BY_CANDIDATES = Limits(score_all=0, score_plans=0, candidates=60, candidates_for_plans=90)
FEWEST = Limits(score_all=0, score_plans=0, candidates=1, candidates_for_plans=1)
QUESTIONS = (
    "新建幼儿园多少所",
    "哪些城市提出标准化食堂或校园餐",
    "心理健康教育",
    "childcare places",
    "游泳池",
    "教师培训",
)
ASKED = (
    "新建幼儿园多少所?",
    "哪些城市提出要发展托育?",
    "哪些城市既提到托育又提到食堂?",
    "比较青岛2018和天津的学前教育目标和师资",
    "青岛2018年和2023年的学前教育有什么变化?",
    "总结天津的教师工作",
    "一共新建多少所幼儿园?",
    "Which cities will add childcare places?",
    "哪里要建游泳池?",
)


def retriever_of(index: Index, limits: Limits | None = None) -> Retriever:
    return Retriever(index, FakeEncoder(), limits=limits)


def all_plans(index: Index) -> list[str]:
    return [plan.plan_id for plan in index.plans]


def but_for_ranks(hits: Sequence[Hit]) -> list[Hit]:
    """The hits without their ranks in each view, which count only what was scored."""
    return [replace(hit, dense_rank=None, keyword_rank=None) for hit in hits]


@pytest.mark.parametrize("question", QUESTIONS)
def test_candidates_give_the_hits_of_scoring_all(sample_index: Index, question: str) -> None:
    exact, likely = retriever_of(sample_index), retriever_of(sample_index, BY_CANDIDATES)
    some = all_plans(sample_index)[1:3]
    scored = likely.score(question, some).rows
    assert scored is not None and 0 < scored.size < len(sample_index.chunks) / 2
    for plan_ids in (some, all_plans(sample_index)):
        wanted = exact.search(question, plan_ids, 8)
        assert but_for_ranks(likely.search(question, plan_ids, 8)) == but_for_ranks(wanted)


@pytest.mark.parametrize("question", QUESTIONS)
def test_plans_that_are_scored_whole_give_the_same_to_the_bit(sample_index: Index, question: str) -> None:
    exact, whole = retriever_of(sample_index), retriever_of(sample_index, BY_PLANS)
    some = all_plans(sample_index)[:3]
    one, other = exact.score(question), whole.score(question, some, per_plan=True)
    assert other.rows is not None and other.rows.tolist() == exact.rows(some)
    np.testing.assert_array_equal(one.fused[other.rows], other.fused[other.rows])
    for per_plan in (False, True):
        wanted = exact.search(question, some, 5, per_plan, one)
        assert whole.search(question, some, 5, per_plan, other) == wanted


@pytest.mark.parametrize("limits", [BY_PLANS, BY_CANDIDATES, FEWEST])
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_plan_has_signals(sample_index: Index, limits: Limits, question: str) -> None:
    exact, likely = retriever_of(sample_index), retriever_of(sample_index, limits)
    model = VerdictModel.load()
    scores = likely.score(question, all_plans(sample_index), per_plan=True)
    wanted = VerdictJudge(exact, model).signals(exact.score(question))
    found = VerdictJudge(likely, model).signals(scores)
    assert set(found) == set(all_plans(sample_index))
    of_plan = dict(zip(found, likely.scored(list(found), scores), strict=True))
    if limits is BY_PLANS:
        assert found == wanted  # so few chunks are all typical
    for plan_id, (signals, sentences) in found.items():
        assert bool(sentences) == bool(of_plan[plan_id])
        true = wanted[plan_id][0]
        own = replace(signals, named=None).vector(), replace(true, named=None).vector()
        assert all(found <= whole for found, whole in zip(*own, strict=True))
        assert (signals.named is None) == (true.named is None)
        assert signals.named is None or true.named is None or signals.named.best <= true.named.best
    if limits is FEWEST and not scores.foreign:
        assert any(not sentences for _, sentences in found.values())


def test_mean_and_spread_are_those_of_typical_rows(sample_index: Index) -> None:
    likely = retriever_of(sample_index, FEWEST)
    scores = likely.score("心理健康教育", all_plans(sample_index))
    judge = VerdictJudge(likely, VerdictModel.load())
    best = max(signals.fused for signals, _ in judge.signals(scores).values())
    every_tenth = replace(scores, typical=np.arange(0, len(sample_index.chunks), 10))
    counted = scores.views[every_tenth.typical]
    expected = (float(scores.views.max()) - float(counted.mean())) / float(counted.std())
    found = max(signals.fused for signals, _ in judge.signals(every_tenth).values())
    assert found == pytest.approx(expected, abs=1e-3)
    assert found != best


def test_a_rendering_is_compared_with_the_same_rows_as_the_question(sample_index: Index) -> None:
    likely, exact = retriever_of(sample_index, BY_CANDIDATES), retriever_of(sample_index)
    reader = QuestionReader(sample_index.plans, CorpusPlaces(sample_index.plans, PlaceNames()))
    reading = reader.read(AskRequest("Where is chess on offer?"))
    one = score_question(exact, reading, FakeGenerator("哪里开展体育活动")).scores
    view = score_question(likely, reading, FakeGenerator("哪里开展体育活动"))
    other = view.scores
    assert view.rendering and other.foreign and other.rows is not None
    by_rendering = likely.score("哪里开展体育活动", reading.plan_ids).rows
    assert by_rendering is not None and set(by_rendering.tolist()) <= set(other.rows.tolist())
    np.testing.assert_array_equal(one.fused[other.rows], other.fused[other.rows])


@pytest.mark.parametrize("question", ASKED)
def test_answers_do_not_change_where_plans_are_scored_whole(sample_index: Index, question: str) -> None:
    said = []
    for limits in (None, BY_PLANS):
        answerer = Answerer(
            sample_index, FakeEncoder(), None, PlaceNames(), verdict_model=BY_WORDS, limits=limits
        )
        answer = ask(answerer, question)
        said.append((answer.status, answer.answer, answer.verdicts, [asdict(c) for c in answer.citations]))
    assert said[0] == said[1]


@pytest.mark.parametrize("question", ASKED)
def test_no_answer_fails_where_little_was_scored(sample_index: Index, question: str) -> None:
    generator = FakeGenerator("", odds=lambda prompt: 3.0)
    answerer = Answerer(sample_index, FakeEncoder(), generator, PlaceNames(), limits=FEWEST)
    answer = ask(answerer, question)
    assert answer.status in ("answered", "partial", "not_found")
    assert answer.coverage.plans_checked == answer.coverage.plans_in_scope
