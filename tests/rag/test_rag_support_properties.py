"""Whatever the sentence: a changed number, year, city or a negation is never carried by the evidence."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.library import load_sample_plans
from corpus.plan import Plan
from rag.numbers import missing_numbers, read_numbers
from rag.place_names import PlaceNames
from rag.places import CorpusPlaces
from rag.polarity import is_turned
from rag.records import Chunk
from rag.subjects import Subjects
from rag.support import judge_claim

DEEDS = ("新建", "改扩建", "遴选", "建成", "培训", "认定")
THINGS = (("幼儿园", "所"), ("食堂", "个"), ("教师", "名"), ("智慧校园", "所"), ("研学基地", "个"))


@pytest.fixture(scope="module")
def plans() -> tuple[Plan, ...]:
    return load_sample_plans()


@pytest.fixture(scope="module")
def subjects(plans: tuple[Plan, ...]) -> Subjects:
    return Subjects(plans, CorpusPlaces(plans, PlaceNames()))


def sentence(deed: str, thing: tuple[str, str], number: object) -> str:
    return f"{deed}{thing[0]}{number}{thing[1]}"


def evidence(plan_id: str, text: str) -> Chunk:
    return Chunk(f"{plan_id}#1/0", f"{plan_id}#1", plan_id, text, 0, len(text), "")


deeds, things = st.sampled_from(DEEDS), st.sampled_from(THINGS)
figures = st.integers(2, 9999).filter(lambda value: not 1900 <= value <= 2099)


@given(deeds, things, figures, figures)
def test_only_the_number_of_the_evidence_is_carried(
    deed: str, thing: tuple[str, str], held: int, said: int
) -> None:
    assume(held != said)
    chunk = evidence("shanghai-2023", sentence(deed, thing, held) + "。")
    for form in (str(held), f"{held:,}"):
        assert judge_claim(sentence(deed, thing, form) + "。", [chunk], frozenset()).support == "verified"
    wrong = judge_claim(sentence(deed, thing, said) + "。", [chunk], frozenset())
    assert (wrong.support, wrong.missing) == ("unsupported", (str(said),))


@given(deeds, things, figures, st.sampled_from(("不", "不再", "未", "没有", "停止", "暂停", "取消")))
def test_a_negation_that_the_evidence_lacks_turns_it(
    deed: str, thing: tuple[str, str], number: int, negation: str
) -> None:
    held = sentence(deed, thing, number) + "。"
    assert not is_turned(held, held)
    assert is_turned(negation + held, held)
    assert (
        judge_claim(negation + held, [evidence("shanghai-2023", held)], frozenset()).support == "unsupported"
    )


@given(things, figures)
def test_a_bound_is_not_turned_around(thing: tuple[str, str], number: int) -> None:
    held = f"新增{thing[0]}不少于{number}{thing[1]}。"
    assert is_turned(f"新增{thing[0]}不超过{number}{thing[1]}。", held)
    assert is_turned(f"减少{thing[0]}不少于{number}{thing[1]}。", held)
    assert not is_turned(f"新增{thing[0]}至少{number}{thing[1]}。", held)


@pytest.mark.parametrize(
    ("plan_id", "city", "year"),
    [("shanghai-2023", "上海", 2023), ("tianjin-2014", "天津", 2014), ("qingdao-2018", "青岛", 2018)],
)
def test_what_is_said_of_a_city_or_year_stands_in_its_plan(
    subjects: Subjects, plans: tuple[Plan, ...], plan_id: str, city: str, year: int
) -> None:
    held = evidence(plan_id, "新建幼儿园30所。")
    for plan in plans:
        claim = f"{plan.city}{plan.year}年新建幼儿园30所。"
        judged = judge_claim(claim, [held], frozenset(), subjects=subjects).support
        assert (judged == "verified") == ((plan.city, plan.year) == (city, year)), claim


@given(st.integers(1, 12), st.integers(1, 28), st.integers(1, 28))
def test_a_day_is_not_another_day(month: int, day: int, other: int) -> None:
    assume(day != other)
    held = f"{month}月{day}日前完成"
    assert missing_numbers(f"{month}月{day}日", [held]) == []
    assert set(missing_numbers(f"{month}月{other}日", [held])) <= {str(other)}
    if other != month:
        assert missing_numbers(f"{month}月{other}日", [held]) == [str(other)]


@given(st.integers(1, 99))
def test_a_percentage_reads_alike_in_both_languages(value: int) -> None:
    forms = (f"{value}%", f"{value} percent", f"{value} per cent", f"{value}％")
    assert {tuple(read_numbers(form)) for form in forms} == {(f"{value}%",)}
