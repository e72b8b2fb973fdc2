from dataclasses import replace

import pytest

from corpus.plan import Plan
from rag.place_names import PlaceNames
from rag.places import CorpusPlaces, find_years, first_year, year_ranges
from rag.tokenise import normalise


def places(known: CorpusPlaces, text: str) -> dict[str, tuple[str, ...]]:
    return {mention.name: mention.cities for mention in known.find(normalise(text))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上海的托育", {"上海": ("上海",)}),
        ("上海市和青岛市", {"上海": ("上海",), "青岛": ("青岛",)}),
        ("Shanghai's plan", {"上海": ("上海",)}),
        ("SHANGHAI and qingdao", {"上海": ("上海",), "青岛": ("青岛",)}),
        ("北京2023年的托育", {"北京": ()}),
        ("What does Beijing plan?", {"北京": ()}),
        ("Xi'an", {"西安": ()}),
        ("Hong Kong", {"香港": ()}),
        ("中山的计划", {"中山": ()}),
        ("山东有哪些城市", {"山东": ("荣成", "青岛")}),
        ("Shandong", {"山东": ("荣成", "青岛")}),
        ("威海的要点", {"威海": ("荣成",)}),
        ("河北省", {"河北": ("邯郸",)}),
        ("廣西", {"广西": ("南宁",)}),
        ("浦东新区", {"浦东": ()}),
        ("合作市的学校", {"合作": ()}),
    ],
)
def test_places(sample_places: CorpusPlaces, text: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert places(sample_places, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "中山大学", "上海交通大学", "天津大学", "北京师范大学", "河北工程大学",  # schools
        "校企合作", "国家级示范县", "缓解城区入园压力", "东方英才计划", "减少文山会海",  # everyday words
        "井冈山精神", "遵义会议精神",  # what happened there
        "xx市", "china", "education in general", "what about the plan?",
    ],
)  # fmt: skip
def test_these_are_no_places(sample_places: CorpusPlaces, text: str) -> None:
    assert places(sample_places, text) == {}


def test_a_citys_students_are_not_its_university(sample_places: CorpusPlaces) -> None:
    for words in ("天津大学生就业", "天津大学教育方面的计划", "天津大学这块的重点"):
        assert places(sample_places, words) == {"天津": ("天津",)}


def test_mentions_stand_where_they_say(sample_places: CorpusPlaces) -> None:
    text = "比较青岛、xx和Tianjin以及北京"
    found = [(text[m.start : m.end], m.name) for m in sample_places.find(text)]
    assert found == [("青岛", "青岛"), ("Tianjin", "天津"), ("北京", "北京")]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2018年和2023年", [2018, 2023]),
        ("2018到2023", [2018, 2023]),
        ("2018-2023年", [2018, 2023]),
        ("2018年至2023年", [2018, 2023]),
        ("二〇一八年", [2018]),
        ("in 2014", [2014]),
        ("到2025年", []),
        ("截至2022年底", []),
        ("by 2025", []),
        ("教育现代化2035", []),
        ("20180", []),
        ("第2023", [2023]),
    ],
)
def test_years(text: str, years: list[int]) -> None:
    assert [mention.year for mention in find_years(text)] == years


def test_ranges_of_years() -> None:
    assert year_ranges("从2018到2023") == ((2018, 2023),)
    assert year_ranges("2023—2018") == ((2018, 2023),)
    assert year_ranges("2018和2023") == ()


@pytest.mark.parametrize(("text", "city"), [("武汗建了多少所智慧校园?", "武汉"), ("杭洲有多少托位?", "杭州")])
def test_a_misspelt_city_that_has_no_plan_is_still_a_city(text: str, city: str) -> None:
    assert PlaceNames().find_misspelt(text) == [(city, 0, 2)]


@pytest.mark.parametrize(
    "text", ["白色污染怎么治理?", "通话质量", "大力发展社区教育", "三名教师", "海口有什么?", ""]
)
def test_a_word_that_sounds_like_a_city_is_a_word(text: str) -> None:
    assert PlaceNames().find_misspelt(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one mile a day", {}),
        ("Mile after mile", {}),
        ("ONE MILE A DAY IN EVERY SCHOOL", {}),
        ("the Dali exhibition", {}),
        ("What does Mile plan?", {"弥勒": ()}),
        ("Dali's schools", {"大理": ()}),
        ("does wuhan have buses?", {"武汉": ()}),
        ("kunshan", {}),
        ("Schools in Kunshan", {"昆山": ()}),
        ("Beijing's plan and Xi'an's", {"北京": (), "西安": ()}),
        ("Tsingtao", {"青岛": ("青岛",)}),
        ("魔都和羊城", {"上海": ("上海",), "广州": ()}),
        ("沪津两地", {"上海": ("上海",), "天津": ("天津",)}),
        ("京津冀协同发展", {}),
        ("山东省青岛市的食堂", {"青岛": ("青岛",)}),
        ("Qingdao, Shandong", {"青岛": ("青岛",)}),
        ("天津滨海新区的学校", {"天津": ("天津",)}),
        ("What does Tianjing say?", {"天津": ("天津",)}),
        ("Planning in Tianjinn", {"天津": ("天津",)}),
        ("in Shangai 2023", {"上海": ("上海",)}),
    ],
)
def test_places_by_their_spelling(
    sample_places: CorpusPlaces, text: str, expected: dict[str, tuple[str, ...]]
) -> None:
    assert {mention.name: mention.cities for mention in sample_places.find(text)} == expected


def plans_of(sample: Plan, *cities: tuple[str, str]) -> CorpusPlaces:
    """The places of a corpus with plans of these cities, each with the beginning of its plan's id."""
    plans = [replace(sample, plan_id=f"{latin}-2023", city=city) for city, latin in cities]
    return CorpusPlaces(plans, PlaceNames())


@pytest.mark.parametrize(
    "text",
    [
        "大力发展体育",
        "理想信仰教育",
        "提高平均水平",
        "高中卫生室",
        "白色污染",
        "set one mile",
        "Planning ahead",
    ],
)
def test_words_that_look_or_sound_like_the_corpus_cities_are_words(
    sample_plans: tuple[Plan, ...], text: str
) -> None:
    cities = [("大理", "dali"), ("信阳", "xinyang"), ("高平", "gaoping"), ("中卫", "zhongwei")]
    known = plans_of(sample_plans[0], *cities, ("百色", "baise"), ("弥勒", "mile"), ("南宁", "nanning"))
    assert known.find(text) == ()


def test_two_cities_of_one_spelling_are_both_meant(sample_plans: tuple[Plan, ...]) -> None:
    known = plans_of(sample_plans[0], ("苏州", "suzhou"), ("宿州", "suzhou"))
    assert [mention.cities for mention in known.find("Schools in Suzhou")] == [("宿州", "苏州")]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2020年以来", 2020),
        ("since 2020", 2020),
        ("after 2020", 2021),
        ("2020年之后", 2021),
        ("2020年", None),
    ],
)
def test_years_with_no_end(text: str, year: int | None) -> None:
    assert first_year(text) == year
    assert bool(find_years(text)) == (year is None)
