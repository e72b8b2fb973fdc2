from collections.abc import Sequence

import pytest
from chain_fakes import small_plans

from corpus.plan import Plan
from rag.chunks import chunk_item
from rag.place_names import PlaceNames
from rag.places import CorpusPlaces
from rag.polarity import is_turned
from rag.records import Chunk
from rag.subjects import Subjects
from rag.support import Judgement, coverage, judge_claim

PLANS = small_plans()
ITEMS = {item.item_id: item for plan in PLANS for item in plan.parts()}
YEARS = frozenset({"2014", "2018", "2022", "2023"})
SUBJECTS = Subjects(PLANS, CorpusPlaces(PLANS, PlaceNames()))

QD18 = chunk_item(ITEMS["qingdao-2018#1"])[0]  # 新建、改扩建幼儿园30所,其中农村12所。
CANTEEN = chunk_item(ITEMS["qingdao-2018#2"])[0]  # 新建标准化食堂100个,不得转包给校外企业。
QD23 = chunk_item(ITEMS["qingdao-2023#1"])[0]  # 新建、改扩建幼儿园50所,新增学位1.2万个。
CARE = chunk_item(ITEMS["qingdao-2023#2"])[0]  # 新增托育托额3000个,公办园占比达到56%。
TJ = chunk_item(ITEMS["tianjin-2014#1.1"])[0]  # 提升改造乡镇中心幼儿园50所。
BAN = chunk_item(ITEMS["tianjin-2014#1.2"])[1]  # 严禁幼儿园提前教授小学内容。
SPORT = chunk_item(ITEMS["handan-2022#2"])[0]  # 每天校内体育活动不少于1小时。


def judge(claim: str, *evidence: Chunk) -> Judgement:
    return judge_claim(claim, evidence, YEARS, subjects=SUBJECTS)


@pytest.mark.parametrize(
    ("claim", "evidence", "carriers"),
    [
        ("青岛2018年新建、改扩建幼儿园30所。", (QD18,), (0,)),
        ("新建、改扩建幼儿园三十所,其中农村12所。", (QD18, QD23), (0,)),
        ("新增学位12000个。", (QD18, QD23), (1,)),
        ("青岛2023年新增托育托额3,000个。", (QD18, CARE), (1,)),
        ("新建标准化食堂100个,不得转包给校外企业。", (CANTEEN,), (0,)),
        ("每天校内体育活动至少1小时。", (SPORT,), (0,)),
        # One figure from each of two plans, in one sentence.
        ("青岛2018年新建、改扩建幼儿园30所,2023年新建、改扩建幼儿园50所。", (QD18, QD23), (0, 1)),
        ("青岛2023年新建、改扩建幼儿园50所,天津提升改造中心幼儿园50所。", (QD23, TJ), (0, 1)),
    ],
)
def test_what_the_evidence_says_is_verified(
    claim: str, evidence: Sequence[Chunk], carriers: tuple[int, ...]
) -> None:
    assert judge(claim, *evidence) == Judgement("verified", carriers)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("新建、改扩建幼儿园80所。", (QD18,)),  # a number that no evidence holds
        ("公办园占比达到56所。", (CARE,)),  # a share is no count
        ("新建、改扩建幼儿园30所,其中农村50所。", (QD18,)),
        ("北京新建、改扩建幼儿园30所。", (QD18,)),  # a city that the evidence is not of
        ("天津新建、改扩建幼儿园30所。", (QD18,)),
        ("天津2014年新建、改扩建幼儿园30所。", (QD18, TJ)),
        ("青岛2023年新建、改扩建幼儿园30所。", (QD18,)),  # the other year's number
        ("青岛2023年新建、改扩建幼儿园30所。", (QD18, QD23)),
        ("青岛2018年新建、改扩建幼儿园50所,2023年新建、改扩建幼儿园30所。", (QD18, QD23)),  # swapped
        ("到2022年新建、改扩建幼儿园30所。", (QD18,)),  # a deadline that nobody set
        ("新建标准化食堂100个,可转包给校外企业。", (CANTEEN,)),  # the negation is lost
        ("幼儿园提前教授小学内容。", (BAN,)),
        ("青岛没有新建、改扩建幼儿园30所。", (QD18,)),  # a negation is added
        ("不会新建、改扩建幼儿园。", (QD18,)),
        ("减少托育托额3000个。", (CARE,)),  # the direction is turned
        ("每天校内体育活动少于1小时。", (SPORT,)),  # the bound is turned
        ("每天校内体育活动不超过1小时。", (SPORT,)),
        ("青岛的教师工资大幅上涨。", (QD18,)),  # other words altogether
        ("完全是另外一件事。", ()),
    ],
)
def test_what_the_evidence_does_not_say_is_unsupported(claim: str, evidence: Sequence[Chunk]) -> None:
    assert judge(claim, *evidence).support == "unsupported"
    assert judge(claim, *evidence).carriers == ()


def test_the_numbers_that_are_missing_are_named() -> None:
    assert judge("新建、改扩建幼儿园80所。", QD18).missing == ("80",)


def test_a_claim_in_loose_words_is_weak() -> None:
    claim = "农村地区会有12所改扩建幼儿园项目投入使用。"
    assert 0.3 <= coverage(claim, QD18) < 0.5
    assert judge(claim, QD18).support == "weak"


def test_item_numbers_and_years_of_the_evidence_may_stand_in_a_claim() -> None:
    claim = "第1条：新建、改扩建幼儿园30所。"
    assert judge_claim(claim, [QD18], YEARS | {"1"}).support == "verified"
    assert judge_claim(claim, [QD18], YEARS).missing == ("1",)


def english(claim: str, *evidence: Chunk) -> Judgement:
    """The judgement where claim and evidence are in two languages and alike by their vectors."""
    return judge_claim(claim, evidence, YEARS, lambda _, chunks: [0.6] * len(chunks), subjects=SUBJECTS)


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Qingdao plans 3,000 new childcare places.", "verified"),
        ("Qingdao adds three thousand childcare places, with a share of 56 percent.", "verified"),
        ("Tianjin plans 3,000 new childcare places.", "unsupported"),
        ("Beijing plans 3,000 new childcare places.", "unsupported"),
        ("In 2018, Qingdao planned 3,000 new childcare places.", "unsupported"),
        ("Qingdao will not add 3,000 childcare places.", "unsupported"),
        ("Qingdao will reduce childcare by 3,000 places.", "unsupported"),
        ("Qingdao plans 300 new childcare places.", "unsupported"),
    ],
)
def test_claims_in_english(claim: str, support: str) -> None:
    assert english(claim, CARE).support == support


def test_in_english_a_figure_may_stand_before_or_after_its_city() -> None:
    assert english("It is 50 in Tianjin and 3000 in Qingdao.", CARE, TJ).support == "verified"
    assert english("Tianjin has 50 and Qingdao has 3000.", CARE, TJ).support == "verified"
    assert english("Tianjin has 3000 and Qingdao has 50.", CARE, TJ).support == "unsupported"


def test_likeness_across_languages_has_two_thresholds() -> None:
    def at(value: float) -> str:
        return judge_claim("3000 places.", [CARE], YEARS, lambda _, chunks: [value]).support

    assert [at(0.45), at(0.44), at(0.35), at(0.34)] == ["verified", "weak", "weak", "unsupported"]


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("不断提升质量", "提升质量"),
        ("不少于200个", "至少200个"),
        ("未成年人保护", "加强未成年人保护"),
        ("加强组织领导", "加强组织领导,不得组织考试"),
        ("不得组织考试", "学校不得组织考试"),
        ("not only schools but kindergartens", "学校和幼儿园"),
        ("no fewer than 200 places", "不少于200个"),
        ("teaching ahead is prohibited", "严禁提前教授"),
        ("减轻学生负担", "减轻学生过重作业负担"),
    ],
)
def test_these_are_not_turned_around(claim: str, evidence: str) -> None:
    assert not is_turned(claim, evidence)


def test_a_region_speaks_for_its_cities_only() -> None:
    assert judge("山东的青岛新建、改扩建幼儿园30所。", QD18).support == "verified"
    assert judge("河北新建、改扩建幼儿园30所。", QD18).support == "unsupported"


def test_a_place_in_the_words_of_the_plan_may_be_named(sample_plans: tuple[Plan, ...]) -> None:
    subjects = Subjects(sample_plans, CorpusPlaces(sample_plans, PlaceNames()))
    item = next(i for p in sample_plans for i in p.items if "贵州省安顺市" in i.text)
    chunk = next(c for c in chunk_item(item) if "贵州省安顺市" in c.text)
    assert judge_claim(chunk.text, [chunk], frozenset(), subjects=subjects).support == "verified"


def test_every_sentence_of_the_sample_plans_carries_itself(sample_plans: tuple[Plan, ...]) -> None:
    subjects = Subjects(sample_plans, CorpusPlaces(sample_plans, PlaceNames()))
    years = frozenset(str(plan.year) for plan in sample_plans)
    for plan in sample_plans:
        for item in plan.items:
            for chunk in chunk_item(item):
                judged = judge_claim(chunk.text, [chunk], years, subjects=subjects)
                assert judged == Judgement("verified", (0,)), chunk.text
