"""Answers to "which plans": a verdict for every plan, each yes with a checked quote."""

from pathlib import Path

import pytest
from chain_fakes import (
    ASKING,
    SAMPLES,
    FakeGenerator,
    Heard,
    answerer_over,
    ask,
    make_index,
    write_plan,
)
from guarantees import check_guarantees

from rag.errors import GeneratorUnavailable
from rag.records import AskRequest, Filters
from rag.snapshot import Index
from rag.verdict_model import Logistic, VerdictModel

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


@pytest.mark.parametrize(
    ("odds", "n_unsure", "said"),
    [(-0.5, 2, "2 份要点中有 2 份提到（其中 2 份把握不大）："), (0.5, 0, "2 份要点中有 2 份提到：")],
)
def test_a_yes_that_may_well_be_none_is_said_to_be_unsure(
    tmp_path: Path, odds: float, n_unsure: int, said: str
) -> None:
    plans = (
        write_plan("weihai-2021", "威海", 2021, ["1|1.改善条件。改造学校校舍30栋。"]),
        write_plan("yantai-2021", "烟台", 2021, ["1|1.改善条件。改造学校食堂30个。"]),
    )
    always = Logistic((0.0,) * 8, odds)
    model = VerdictModel(always, always, ask_above=1.0, ask_below=0.0, yes_from=0.3, undecided_from=0.2)
    answer = ask(answerer_over(make_index(plans, tmp_path), None, model), "哪些城市改善学校条件?")
    assert answer.answer.startswith(said)
    assert answer.answer.count("（把握不大，请读原文）") == n_unsure


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


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("有几个城市提到“幼儿园”?", "3 个城市中有 2 个；4 份要点中有 3 份提到："),
        ("有几份计划提到“幼儿园”?", "4 份要点中有 3 份提到："),
        ('How many cities mention "幼儿园"?', "2 of 3 cities; 3 of 4 plans say so:"),
        ('How many city plans mention "幼儿园"?', "3 of 4 plans say so:"),
    ],
)
def test_cities_are_counted_where_they_are_asked_for(tmp_path: Path, question: str, said: str) -> None:
    plans = [
        write_plan(f"{name}-{year}", city, year, [f"1|1.学前教育。{text}"])
        for name, city, year, text in (
            ("shanghai", "上海", 2023, "新建幼儿园30所。"),
            ("qingdao", "青岛", 2018, "新建幼儿园60所。"),
            ("qingdao", "青岛", 2023, "改造幼儿园70所。"),
            ("tianjin", "天津", 2014, "推进职业教育。"),
        )
    ]
    index = make_index(plans, tmp_path)
    answer = ask(answerer_over(index), question)
    check_guarantees(index, answer)
    assert answer.answer.startswith(said)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("几份计划给出了教育投入的具体金额?", "2 份要点中有 1 份提到："),
        ("几份计划提到教育投入?", "2 份要点中有 2 份提到："),
        ("几份计划给出了教育投入的具体比例?", "2 份要点中未找到明确的表述。"),
    ],
)
def test_only_plans_that_give_the_amount_are_counted(tmp_path: Path, question: str, said: str) -> None:
    plans = [
        write_plan("weihai-2021", "威海", 2021, ["1|1.经费。加大教育投入。全市教育投入达到216亿元。"]),
        write_plan("tianjin-2014", "天津", 2014, ["1|1.经费。加大教育投入,办好30所学校。"]),
    ]
    index = make_index(plans, tmp_path)
    model = FakeGenerator(odds=lambda prompt: 9.0)
    answer = ask(answerer_over(index, model, ASKING), question)
    check_guarantees(index, answer)
    assert answer.answer.startswith(said)
    assert {verdict.verdict for verdict in answer.verdicts or ()} <= {"yes", "partial"}


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("How many plans bring in silver-age teachers (银龄)?", "partial"),
        ("有几份计划引入“银龄”教师?", "partial"),
        ("有几份计划引入退休教师?", "yes"),
        ("哪些城市引入“银龄”教师?", "yes"),
    ],
)
def test_a_plan_without_the_words_that_are_quoted_is_not_counted(
    tmp_path: Path, question: str, verdict: str
) -> None:
    plans = [
        write_plan("weihai-2021", "威海", 2021, ["1|1.教师。实施银龄教师计划,引入退休教师。"]),
        write_plan("tianjin-2014", "天津", 2014, ["1|1.教师。引入退休教师。"]),
    ]
    index = make_index(plans, tmp_path)
    model = FakeGenerator(odds=lambda prompt: 9.0)
    answer = ask(answerer_over(index, model, ASKING), question)
    check_guarantees(index, answer)
    assert {one.plan_id: one.verdict for one in answer.verdicts or ()} == {
        "tianjin-2014": verdict,
        "weihai-2021": "yes",
    }


def test_quoted_words_are_found_in_a_heading_above_an_item(tmp_path: Path) -> None:
    lines = ["# 一、落实“双减”政策", "1|1.作业。严控作业总量。", "2|2.托管。延时托管。"]
    plans = [
        write_plan("weihai-2021", "威海", 2021, lines),
        write_plan("tianjin-2014", "天津", 2014, ["# 一、减负", "1|1.作业。控制作业。"]),
    ]
    index = make_index(plans, tmp_path)
    answer = ask(answerer_over(index), "有几份计划提到“双减”?")
    check_guarantees(index, answer)
    assert {v.plan_id: v.verdict for v in answer.verdicts or ()} == {
        "tianjin-2014": "no_evidence",
        "weihai-2021": "yes",
    }
    assert "“严控作业总量。”[1]（标题：一、落实“双减”政策）" in answer.answer
    english = ask(answerer_over(index), 'How many plans mention "双减"?')
    assert "(below the heading 一、落实“双减”政策)" in english.answer


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
