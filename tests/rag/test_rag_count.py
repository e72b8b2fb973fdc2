"""Sums, differences, the most: computed by code, in both languages, with a bar for each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from chain_fakes import ASKING, FakeEncoder, FakeGenerator, Heard, answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from embeddings.vector_cache import CachingEncoder, VectorCache
from rag.assembly import Parts, make_answerer
from rag.records import Answer
from rag.settings import Settings
from rag.snapshot import Index, build_index, load_index
from rag.verdict_model import Logistic


def bars(answer: Answer) -> Sequence[float]:
    """The values of the bars, after they were compared with their quotes."""
    assert answer.figures is not None
    quotes = {citation.n: citation for citation in answer.citations}
    for bar in answer.figures.bars:
        assert quotes[bar.citation].plan_id == bar.plan_id
        assert bar.shown
    return [bar.value for bar in answer.figures.bars]


@pytest.mark.parametrize(
    ("question", "operation", "result"),
    [
        ("青岛2018和青岛2023、天津的幼儿园加起来多少所?", "sum", "130"),
        ("青岛2018和青岛2023,哪年的幼儿园最多?", "most", "50"),
        ("How many kindergartens do Qingdao 2018 and Qingdao 2023 build in total?", "sum", "80"),
        ("Difference between the kindergartens of Qingdao 2018 and Qingdao 2023?", "difference", "20"),
    ],
)  # fmt: skip
def test_code_computes_and_shows_every_figure(
    small_index: Index, question: str, operation: str, result: str
) -> None:
    heard = Heard()
    answer = ask(answerer_over(small_index), question, heard)
    check_guarantees(small_index, answer, heard)
    assert answer.figures is not None
    assert (answer.figures.operation, answer.figures.result) == (operation, result)
    assert answer.figures.comparable
    values = [Decimal(str(value)) for value in bars(answer)]
    computed = {"sum": sum(values), "most": max(values), "difference": max(values) - min(values)}
    assert computed[operation] == Decimal(result)
    assert result in answer.answer


def two_plans(tmp_path: Path, first: str, second: str) -> Index:
    plans = (
        write_plan("shanghai-2023", "上海", 2023, [f"1|1.幼儿园。{first}"]),
        write_plan("nanning-2023", "南宁", 2023, [f"1|1.幼儿园。{second}"]),
    )
    return make_index(plans, tmp_path)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("新增示范性幼儿园15所。", "示范性幼儿园达到175所。", "口径不同"),
        ("新增示范性幼儿园15所。", "新增示范性幼儿园学位3000个。", "单位不同"),
    ],
)
def test_what_cannot_be_compared_is_said_and_not_added(
    tmp_path: Path, first: str, second: str, said: str
) -> None:
    index = two_plans(tmp_path, first, second)
    heard = Heard()
    answer = ask(answerer_over(index), "上海和南宁的示范性幼儿园加起来多少?", heard)
    check_guarantees(index, answer, heard)
    assert answer.figures is not None
    assert (answer.figures.comparable, answer.figures.result) == (False, None)
    assert len(bars(answer)) == 2
    assert said in answer.answer
    assert "计算" not in answer.answer


def test_a_lower_bound_is_said_to_be_one(tmp_path: Path) -> None:
    index = two_plans(tmp_path, "新增幼儿园托额不少于两千个。", "新增幼儿园托额1,500个。")
    answer = ask(answerer_over(index), "上海和南宁新增的幼儿园托额加起来多少个?")
    assert bars(answer) == [1500.0, 2000.0]
    assert answer.answer.startswith("计算：1500 + 2000 = 3500 个（按“不少于”的下限计）。")


def test_figures_of_a_list_of_plans_are_drawn(tmp_path: Path) -> None:
    index = two_plans(tmp_path, "新建幼儿园30所。", "新建幼儿园15所。")
    model = FakeGenerator(odds=lambda prompt: 8.0)
    answer = ask(answerer_over(index, model, ASKING), "哪些城市要新建幼儿园?")
    assert answer.figures is not None
    assert (answer.figures.operation, answer.figures.unit, answer.figures.result) == ("list", "所", None)
    assert sorted(bars(answer)) == [15.0, 30.0]


def test_plans_without_like_figures_have_no_bars(tmp_path: Path) -> None:
    index = two_plans(tmp_path, "新建幼儿园30所。", "办好幼儿园。")
    model = FakeGenerator(odds=lambda prompt: 8.0)
    assert ask(answerer_over(index, model, ASKING), "哪些城市要新建幼儿园?").figures is None


def test_a_total_is_checked_by_its_parts(sample_index: Index) -> None:
    heard = Heard()
    answer = ask(answerer_over(sample_index), "邯郸新改扩建的193所,按学段加总核对一下对不对?", heard)
    check_guarantees(sample_index, answer, heard)
    assert bars(answer) == [70, 72, 26, 11, 14]
    assert answer.answer.startswith("计算：70 + 72 + 26 + 11 + 14 = 193 所。")


def one_plan(tmp_path: Path, text: str) -> Index:
    return make_index([write_plan("weihai-2021", "威海", 2021, [f"1|1.公共阅读。{text}"])], tmp_path)


def test_the_words_before_a_figure_say_which_one_is_meant(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "新增7个社区书屋和30个流动书车。新增自助借阅机12个。")
    answer = ask(answerer_over(index), "威海的社区书屋和自助借阅机加起来多少个?")
    assert bars(answer) == [7, 12]


def test_shares_are_not_added_up_but_may_be_set_against_each_other(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "书屋覆盖率达到87%。借阅率达到56%。")
    heard = Heard()
    added = ask(answerer_over(index), "威海的书屋覆盖率和借阅率加起来是多少?", heard)
    check_guarantees(index, added, heard)
    assert added.figures is not None
    assert added.figures.result is None
    assert "不能相加" in added.answer
    apart = ask(answerer_over(index), "威海的书屋覆盖率和借阅率相差多少?")
    assert "87 - 56 = 31 个百分点" in apart.answer


def test_a_figure_for_each_district_is_said_to_be_no_total(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "全市新增社区书屋2000个。每区新增流动书车200个。")
    answer = ask(answerer_over(index), "威海的社区书屋和流动书车相差多少个?")
    assert "2000 - 200 = 1800" in answer.answer
    assert "“每区”" in answer.answer


def test_a_plan_that_gives_no_figure_is_named(small_index: Index) -> None:
    heard = Heard()
    answer = ask(
        answerer_over(small_index), "青岛2018、青岛2023和天津的食堂和幼儿园,幼儿园合计多少所?", heard
    )
    check_guarantees(small_index, answer, heard)
    index = small_index
    answer = ask(answerer_over(index), "青岛2018、青岛2023和邯郸新建改扩建幼儿园合计多少所?", heard)
    assert "未在其中找到数字：邯郸（2022）" in answer.answer


def test_figures_of_another_matter_are_left_out_where_one_is_meant_clearly(tmp_path: Path) -> None:
    index = two_plans(tmp_path, "评选心理健康教育示范校40所。", "评选劳动教育研学基地5所。")
    answer = ask(answerer_over(index), "上海和南宁评选的心理健康教育示范校最多的是哪个?")
    assert answer.figures is None or len(answer.figures.bars) != 2


def test_an_english_sum_over_plans_needs_no_vector_of_a_figure(small_index: Index) -> None:
    encoder = FakeEncoder()
    answerer = make_answerer(Settings(), Parts(small_index, encoder, None, ""))
    answer = ask(answerer, "How many kindergartens do Qingdao 2018 and Qingdao 2023 build in total?")
    assert bars(answer) == [30, 50]
    assert (encoder.n_questions, encoder.n_passages) == (1, 0)


def test_figures_of_one_plan_are_weighed_by_vectors_made_with_the_index(tmp_path: Path) -> None:
    lines = ["1|新增社区书屋12个、流动书车30个、乡村书吧8个。"]
    inner = FakeEncoder()
    with VectorCache(tmp_path / "vectors.sqlite") as cache:
        encoder = CachingEncoder(inner, cache)
        build_index([write_plan("weihai-2024", "威海", 2024, lines)], encoder, tmp_path / "index")
        before = inner.n_passages
        answerer = make_answerer(
            Settings(), Parts(load_index(tmp_path / "index", encoder), encoder, None, "")
        )
        answer = ask(answerer, "威海的社区书屋和乡村书吧加起来多少个?", mode="count")
    assert bars(answer) == [12, 8]
    assert inner.n_passages == before


def test_what_there_was_before_is_the_total_less_what_is_added(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "新增社区书屋12个、达到47个。新增流动书车30个。")
    heard = Heard()
    answer = ask(answerer_over(index), "威海的社区书屋,加了新的之前原来有多少个?", heard, mode="count")
    check_guarantees(index, answer, heard)
    assert bars(answer) == [47, 12]
    assert "47 - 12 = 35" in answer.answer


def test_plans_that_are_silent_are_not_counted(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "新增社区书屋12个、流动书车30个。")
    question = "威海的社区书屋和流动书车加起来多少个?"
    hears_nothing = replace(ASKING, cheap=Logistic((0.0,) * 8, -9.0), ask_above=1.0)
    assert bars(ask(answerer_over(index), question)) == [12, 30]
    answer = ask(answerer_over(index, verdict_model=hears_nothing), question)
    assert (answer.figures, answer.status) == (None, "not_found")


def test_figures_of_another_kind_are_no_money(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "新增社区书屋12个、流动书车30个。")
    answer = ask(answerer_over(index), "威海的社区书屋和流动书车一共投入多少资金?", mode="count")
    assert (answer.figures, answer.status) == (None, "not_found")


def test_figures_of_another_matter_are_not_added(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "新增社区书屋12个、流动书车30个。")
    answer = ask(answerer_over(index), "威海的山区滑雪学校与潜水俱乐部总计几家?", mode="count")
    assert answer.figures is None


def test_a_thing_that_is_left_out_is_not_counted(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "新增社区书屋12个、校园书屋20个、流动书车30个。")
    answer = ask(answerer_over(index), "威海新增的社区书屋和校园书屋加起来几个?不算流动书车")
    assert bars(answer) == [12, 20]


def test_a_total_is_not_added_to_its_own_parts(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "新增书屋50个,其中社区书屋20个、校园书屋18个、车站书屋12个。")
    answer = ask(answerer_over(index), "威海新增书屋里,社区书屋、校园书屋、车站书屋合起来几个?")
    assert bars(answer) == [20, 18, 12]


def test_figures_that_lump_schools_together_are_not_computed_with(tmp_path: Path) -> None:
    index = two_plans(tmp_path, "新建幼儿园30所。", "新建中小学幼儿园80所。")
    heard = Heard()
    added = ask(answerer_over(index), "上海和南宁一共新建多少所幼儿园?", heard)
    check_guarantees(index, added, heard)
    assert added.figures is not None
    assert (added.figures.comparable, added.figures.result) == (False, None)
    assert "南宁（2023）的80所是几类学校合在一起的数" in added.answer
    schools = ask(answerer_over(index), "上海和南宁一共新建多少所幼儿园和中小学?")
    assert "110 所" in schools.answer


def test_the_most_is_told_without_figures_that_lump_schools_together(tmp_path: Path) -> None:
    plans = [
        write_plan(f"{name}-2023", city, 2023, [f"1|1.幼儿园。{text}"])
        for name, city, text in (
            ("shanghai", "上海", "新建幼儿园30所。"),
            ("nanning", "南宁", "新建中小学幼儿园80所。"),
            ("tianjin", "天津", "新建幼儿园50所。"),
        )
    ]
    index = make_index(plans, tmp_path)
    heard = Heard()
    answer = ask(answerer_over(index), "哪个城市新建的幼儿园最多?", heard)
    check_guarantees(index, answer, heard)
    assert answer.answer.startswith("最多的是天津（2023）：50所")
    assert "南宁（2023）的80所" in answer.answer


def test_a_plan_has_one_figure_on_a_thing_the_widest(tmp_path: Path) -> None:
    index = two_plans(tmp_path, "新建幼儿园10所。全市新建幼儿园70所。新建幼儿园34所。", "新建幼儿园15所。")
    answer = ask(answerer_over(index), "上海和南宁一共新建多少所幼儿园?")
    assert max(bars(answer)) == 34  # 全市 names another thing
    index = two_plans(tmp_path / "other", "新建幼儿园10所。新建幼儿园70所。", "新建幼儿园15所。")
    assert sorted(bars(ask(answerer_over(index), "上海和南宁哪个新建的幼儿园最多?"))) == [15, 70]


def test_a_sum_of_several_kinds_of_schools_takes_each_of_them(tmp_path: Path) -> None:
    index = two_plans(tmp_path, "新建幼儿园60所。新建中小学30所。", "新建中小学幼儿园80所。")
    heard = Heard()
    answer = ask(answerer_over(index), "上海和南宁一共新建多少所学校和幼儿园?", heard)
    check_guarantees(index, answer, heard)
    assert sorted(bars(answer)) == [30, 60, 80]
    assert "= 170 所" in answer.answer


def test_one_thing_may_be_counted_by_two_measure_words(tmp_path: Path) -> None:
    index = two_plans(tmp_path, "创建劳动教育示范幼儿园50所。", "评选5个劳动教育示范幼儿园。")
    answer = ask(answerer_over(index), "上海和南宁的劳动教育示范幼儿园加起来多少所?")
    assert "= 55 所" in answer.answer


def test_things_that_a_question_names_are_added_whatever_they_are_counted_by(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "新增社区书屋5个。新建流动图书馆3所。")
    heard = Heard()
    answer = ask(answerer_over(index), "威海的社区书屋和流动图书馆一共多少?", heard)
    check_guarantees(index, answer, heard)
    assert answer.answer.startswith("计算：5 + 3 = 8 个。")


def test_grades_of_one_thing_are_added(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "力争新增1个省级、6个市级社区书屋。新增流动书车30个。")
    answer = ask(answerer_over(index), "威海新增的社区书屋,省级加市级共几个?")
    assert bars(answer) == [1, 6]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("普惠性幼儿园占比最高的是哪个城市?", "只在一份要点中找到这样的数字：南宁（2023） 87%。"),
        ("哪个城市的普惠性幼儿园覆盖率最高?", "只在一份要点中找到这样的数字：南宁（2023） 87%。"),
        ("Which city has the highest share of kindergartens?", "Nanning (2023) with 87%."),
    ],
)
def test_a_share_is_no_count_and_one_figure_is_told_as_the_only_one(
    tmp_path: Path, question: str, said: str
) -> None:
    index = two_plans(tmp_path, "新建普惠性幼儿园60所。", "普惠性幼儿园覆盖率达到87%。")
    heard = Heard()
    answer = ask(answerer_over(index), question, heard, mode="count")
    check_guarantees(index, answer, heard)
    assert said in answer.answer
    assert bars(answer) == [87]


def test_a_bare_figure_gives_way_to_its_part_on_the_kind_asked_for(tmp_path: Path) -> None:
    index = two_plans(tmp_path, "新改扩建193所,其中新改扩建幼儿园70所、小学123所。", "新改扩建幼儿园15所。")
    answer = ask(answerer_over(index), "上海和南宁哪个新改扩建的幼儿园最多?")
    assert sorted(bars(answer)) == [15, 70]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("邯郸新改扩建的193所里哪类学校最多?", "最多的是小学：72所（幼儿园 70，小学 72，"),
        ("邯郸新改扩建的193所里哪类学校最少?", "最少的是高中：11所（幼儿园 70，小学 72，"),
        ("邯郸的193所,最多的一类和最少的一类相差几所?", "计算：72 - 11 = 61 所。式中：小学 72，高中 11。"),
    ],
)  # fmt: skip
def test_the_largest_and_the_smallest_part_of_a_total(sample_index: Index, question: str, said: str) -> None:
    heard = Heard()
    answer = ask(answerer_over(sample_index), question, heard)
    check_guarantees(sample_index, answer, heard)
    assert said in answer.answer.splitlines()[0]
    assert bars(answer) == [70, 72, 26, 11, 14]


def test_a_sum_takes_the_figure_of_the_clause_that_says_what_is_asked(tmp_path: Path) -> None:
    index = one_plan(
        tmp_path,
        "确保第二批260个社区书屋通过达标验收。新建改扩建10个乡村书屋,确保30个乡村书屋通过达标验收。",
    )
    answer = ask(answerer_over(index), "威海要通过达标验收的书屋,社区的加上乡村的,总共多少个?")
    assert answer.answer.startswith("计算：260 + 30 = 290 个。式中：")


def test_every_number_of_a_sum_is_named(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "创建第二批阅读示范书屋50所和阅读实践基地10个。评选40所环保示范书屋。")
    answer = ask(answerer_over(index), "威海的阅读、环保这两类示范书屋,一共多少所?")
    assert answer.answer.splitlines()[0].startswith(
        "计算：50 + 40 = 90 所。式中：第二批阅读示范书屋 50，环保示范书屋 40。"
    )


def test_figures_that_are_asked_for_one_by_one_are_not_added(tmp_path: Path) -> None:
    index = two_plans(tmp_path, "新建幼儿园30所。", "新建幼儿园15所。")
    heard = Heard()
    answer = ask(answerer_over(index), "各地要新建多少所幼儿园?", heard)
    check_guarantees(index, answer, heard)
    assert answer.figures is not None
    assert (answer.figures.operation, answer.figures.result) == ("list", None)
    assert answer.answer.startswith("各是：南宁（2023）15所，上海（2023）30所。")
    assert "45" not in answer.answer


def test_a_figure_on_the_kind_of_schools_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    index = two_plans(tmp_path, "新改扩建中小学36所、幼儿园34所。", "新改扩建公办幼儿园15所。")
    answer = ask(answerer_over(index), "上海和南宁要新改扩建的幼儿园,哪家最多?")
    assert answer.figures is not None
    assert (answer.figures.result, bars(answer)) == ("34", [15.0, 34.0])


def test_a_sum_does_not_take_a_figure_and_one_that_holds_it(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "新增中小学幼儿园230所。新改扩建中小学36所、幼儿园34所。")
    answer = ask(answerer_over(index), "威海新改扩建的学校和幼儿园一共多少所?")
    assert answer.answer.startswith("计算：36 + 34 = 70 所。")


def test_figures_of_quite_other_kinds_of_schools_are_not_counted(tmp_path: Path) -> None:
    index = one_plan(tmp_path, "新建改扩建30所幼儿园。完成128所公办初中的评估。建好50个专业群。")
    answer = ask(answerer_over(index), "威海一共要新建、改扩建多少所小学和中学?给个总数")
    assert answer.figures is None
    assert "计算" not in answer.answer


def test_every_plan_that_builds_is_told_where_each_is_asked_about(sample_index: Index) -> None:
    heard = Heard()
    question = "七份要点里,每个地方打算建多少所幼儿园?横向比一下。"
    answer = ask(answerer_over(sample_index), question, heard)
    check_guarantees(sample_index, answer, heard)
    assert answer.figures is not None
    assert answer.figures.operation == "list"
    shown = {(bar.plan_id, bar.value) for bar in answer.figures.bars}
    assert {("nanning-2023", 15.0), ("tianjin-2014", 50.0)} <= shown
    assert not shown & {("tianjin-2014", 100.0), ("qingdao-2023", 70.0)}
    assert answer.answer.startswith("各是：")
