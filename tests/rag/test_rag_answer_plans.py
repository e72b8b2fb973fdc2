"""Answers to "which plans": a verdict for every plan, each yes with a checked quote."""

import pytest
from chain_fakes import ASKING, SAMPLES, FakeGenerator, Heard, answerer_over, ask
from guarantees import check_guarantees

from rag.errors import GeneratorUnavailable
from rag.records import AskRequest, Filters
from rag.snapshot import Index

QUESTIONS = [
    "哪些城市提出托育扩容?",
    "哪些城市要建标准化食堂?",
    "Which cities build kindergartens?",
    "哪些城市提到养殖业?",
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("odds", [-8.0, 0.0, 8.0])
def test_every_sample_plan_gets_one_verdict(sample_index: Index, question: str, odds: float) -> None:
    heard = Heard()
    model = FakeGenerator("哪些城市建设幼儿园?", odds=lambda prompt: odds)
    answer = ask(answerer_over(sample_index, model), question, heard)
    check_guarantees(sample_index, answer, heard)
    assert answer.mode == "enumerate"
    assert answer.verdicts is not None
    assert [verdict.plan_id for verdict in answer.verdicts] == list(SAMPLES)
    assert (answer.coverage.plans_in_scope, answer.coverage.plans_checked) == (7, 7)
    assert answer.coverage.items_scored == 249


def test_verdicts_come_one_by_one_with_progress(sample_index: Index) -> None:
    heard = Heard()
    answer = ask(answerer_over(sample_index), QUESTIONS[0], heard)
    told = heard.of("verdict")
    assert [(verdict["done"], verdict["total"]) for verdict in told] == [(n, 7) for n in range(1, 8)]
    assert answer.verdicts is not None
    assert {(v["plan_id"], v["verdict"]) for v in told} == {(v.plan_id, v.verdict) for v in answer.verdicts}
    kinds = [event.kind for event in heard.events]
    assert kinds.index("evidence") < kinds.index("verdict") < kinds.index("delta")


def test_the_model_decides_the_doubtful_plans(sample_index: Index) -> None:
    def n_yes(odds: float) -> int:
        answer = ask(
            answerer_over(sample_index, FakeGenerator(odds=lambda prompt: odds), ASKING), QUESTIONS[1]
        )
        return sum(verdict.verdict == "yes" for verdict in answer.verdicts or ())

    assert n_yes(-20.0) < n_yes(20.0)


def test_a_word_that_the_plan_holds_decides_where_the_model_is_sure(small_index: Index) -> None:
    model = FakeGenerator(odds=lambda prompt: 9.0 if "研学基地" in prompt else -9.0)
    answer = ask(answerer_over(small_index, model), "哪些城市推进研学?")
    check_guarantees(small_index, answer)
    yes = [verdict.plan_id for verdict in answer.verdicts or () if verdict.verdict == "yes"]
    assert yes == ["qingdao-2023"]
    quotes = {citation.plan_id: citation.quote for citation in answer.citations}
    assert quotes["qingdao-2023"] == "遴选研学基地8个。"


def test_without_a_model_all_verdicts_come_too(sample_index: Index) -> None:
    model, heard = FakeGenerator(), Heard()
    answer = ask(answerer_over(sample_index, model), QUESTIONS[0], heard, generate=False)
    check_guarantees(sample_index, answer, heard)
    assert model.n_calls == 0
    assert len(answer.verdicts or ()) == 7


def test_a_model_that_fails_leaves_all_verdicts_and_says_so(sample_index: Index) -> None:
    model, heard = FakeGenerator(odds=GeneratorUnavailable("no memory left")), Heard()
    answer = ask(answerer_over(sample_index, model, ASKING), QUESTIONS[1], heard)
    check_guarantees(sample_index, answer, heard)
    assert model.n_choices == 1  # once lost, it is not asked again
    assert len(answer.verdicts or ()) == 7
    assert any("no memory left" in warning for warning in answer.warnings)


def test_no_evidence_is_never_worded_as_a_no(small_index: Index) -> None:
    answer = ask(
        answerer_over(small_index, FakeGenerator(odds=lambda prompt: -20.0), ASKING), "哪些城市修建地铁?"
    )
    check_guarantees(small_index, answer)
    assert {verdict.verdict for verdict in answer.verdicts or ()} == {"no_evidence"}
    assert answer.status == "not_found"
    assert "未在该要点中找到" in answer.answer
    assert "3–5" in answer.answer  # hidden items could say it


def test_the_scope_bounds_the_verdicts(sample_index: Index) -> None:
    def scope(question: str, **fields: object) -> list[str]:
        answer = ask(answerer_over(sample_index), question, **fields)
        check_guarantees(sample_index, answer)
        return [verdict.plan_id for verdict in answer.verdicts or ()]

    assert scope("2023年哪些城市提到研学?") == [
        "nanning-2023",
        "qingdao-2023",
        "rongcheng-2023",
        "shanghai-2023",
    ]
    assert scope("哪些城市提到研学?", filters=Filters(plans=("tianjin-2014",))) == ["tianjin-2014"]


def test_how_many_cities_is_counted_by_code(small_index: Index) -> None:
    model = FakeGenerator(odds=lambda prompt: 9.0 if "研学基地" in prompt else -9.0)
    answer = ask(answerer_over(small_index, model), "有多少个城市推进研学?")
    check_guarantees(small_index, answer)
    assert answer.mode == "count"
    assert len(answer.verdicts or ()) == 4


def test_cancelled_it_stops_between_plans(sample_index: Index) -> None:
    heard = Heard()
    answer = answerer_over(sample_index).answer(
        AskRequest(QUESTIONS[0]), heard, lambda: len(heard.of("verdict")) >= 3
    )
    assert len(heard.of("verdict")) == 3
    assert answer.coverage.plans_checked == 3


def test_computed_sums_show_their_terms(small_index: Index) -> None:
    heard = Heard()
    answer = ask(answerer_over(small_index), "青岛2018和2023新建幼儿园合计多少所?", heard)
    check_guarantees(small_index, answer, heard)
    assert "30 + 50 = 80" in answer.answer


def test_two_years_of_a_city_stand_side_by_side(small_index: Index) -> None:
    heard = Heard()
    answer = ask(answerer_over(small_index), "青岛2018和2023新建幼儿园有什么不同?", heard)
    check_guarantees(small_index, answer, heard)
    assert answer.mode == "compare"
    assert {citation.plan_id for citation in answer.citations} == {"qingdao-2018", "qingdao-2023"}


def test_a_summary_quotes_every_line(small_index: Index) -> None:
    heard = Heard()
    answer = ask(answerer_over(small_index), "总结天津的幼儿园工作", heard)
    check_guarantees(small_index, answer, heard)
    assert answer.mode == "summarise"
    assert {citation.plan_id for citation in answer.citations} == {"tianjin-2014"}
