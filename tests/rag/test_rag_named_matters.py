"""The list of specific matters: what a question asks for, and which sentences name it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from chain_fakes import FakeEncoder, make_index, write_plan

from rag.errors import SettingsError
from rag.named_matters import MATTERS_FILE, Entry, NamedMatters
from rag.naming import PlainTexts, naming_of
from rag.retrieve import Limits, Retriever
from rag.tokenise import normalise
from rag.verdict_model import Named, VerdictModel
from rag.verdicts import VerdictJudge

CHESS = Entry("chess", ("围棋", "象棋"), ("下棋",), ("棋类",), ("chess", "board game"))
MEALS = Entry("meals", ("早餐",), (), (), ("breakfast",))
TOILETS = Entry("toilets", ("厕所", "卫生间"), (), (), ("school toilet", "restroom"))
SENIOR_MEALS = Entry("senior_meals", ("老年早餐",), (), (), ("senior breakfast",))
AI = Entry("ai", ("人工智能", "AI"), (), (), ("AI",))
ENTRIES = (CHESS, MEALS, TOILETS, SENIOR_MEALS, AI)


@pytest.fixture(scope="module")
def matters() -> NamedMatters:
    return NamedMatters(ENTRIES)


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("哪些城市教围棋?", ["围棋"]),
        ("老師教不教孩子下棋?", ["下棋"]),  # what only people say; traditional characters beside it
        ("哪些城市有棋类活动?", []),  # what only plans print
        ("哪些地方管老年早餐?", ["老年早餐"]),  # the longer one counts
        ("早餐和厕所都提了吗?", ["早餐", "厕所"]),
        ("Which cities clean their restrooms?", ["restroom"]),
        ("Which cities repair school toilets or play Board Games?", ["school toilet", "board game"]),
        ("Who serves a senior breakfast?", ["senior breakfast"]),
        ("哪份 plan 提到 chess?", ["chess"]),
        ("Who trains teachers?", []),  # AI is no part of "trains"
        ("Who uses AI?", ["ai"]),
        ("哪些城市用AI上课?", ["ai"]),
    ],
)
def test_a_question_asks_for_the_matters_that_it_names(
    matters: NamedMatters, question: str, labels: list[str]
) -> None:
    assert [matter.label for matter in matters.asked_in(question)] == labels


def test_the_narrower_of_two_matters_that_plans_call_alike_is_meant() -> None:
    wide = Entry(
        "special_needs", ("残疾", "孤独症", "自闭症"), ("特殊的孩子",), english=("special children",)
    )
    narrow = Entry("autism", ("孤独症", "自闭症"), ("特殊的孩子",), english=("special children",))
    other = Entry("gifted", ("英才",), ("特殊的孩子",), english=("special children",))
    everything = {"残疾", "孤独症", "自闭症"}
    for entries in ((wide, narrow, other), (other, narrow, wide)):
        known = NamedMatters(entries)
        for question, forms in (
            ("哪些城市关心自闭症儿童?", {"孤独症", "自闭症"}),
            ("哪些城市关心残疾儿童?", everything),
            ("哪些城市关心特殊的孩子?", everything | {"英才"}),  # people may mean any of them
            ("Who does something for special children?", everything | {"英才"}),
        ):
            (found,) = known.asked_in(question)
            assert set(found.forms) == forms


def test_a_matter_is_named_by_its_printed_words_alone(matters: NamedMatters) -> None:
    (chess,) = matters.asked_in("哪些城市教孩子下棋?")
    assert set(chess.forms) == {"围棋", "象棋", "棋类"}


@pytest.mark.parametrize(
    ("text", "form", "stands"),
    [
        ("组织参加高考。", "高考", True),
        ("提高考核质量。", "高考", False),  # it ends one word and begins the next
        ("提高考核质量,做好高考工作。", "高考", True),
        ("规范學校食堂。", "食堂", True),
        ("加强港澳台教育交流。", "港澳", True),  # part of a longer word
        ("推进OpenAI应用。", "ai", False),
        ("推进AI应用。", "ai", True),
        ("食堂", "食堂", True),
        ("", "食堂", False),
    ],
)
def test_a_form_stands_in_a_text_as_words(text: str, form: str, stands: bool) -> None:
    assert PlainTexts(["检查。", text]).rows_naming((form,)).tolist() == ([1] if stands else [])


def test_texts_are_searched_one_by_one() -> None:
    texts = PlainTexts(["供应早餐,早餐免费。", "早", "餐", "提高考核,做好高考。", "", "供應早餐"])
    assert len(texts) == 6
    assert texts.rows_naming(("早餐",)).tolist() == [0, 5]  # not where one text ends and the next begins
    assert texts.rows_naming(("高考", "早餐", "厕所")).tolist() == [0, 3, 5]
    assert texts.rows_naming(()).tolist() == PlainTexts([]).rows_naming(("早餐",)).tolist() == []


def test_an_item_names_what_any_of_its_sentences_does(matters: NamedMatters) -> None:
    asked = matters.asked_in("早餐和厕所都提了吗?")
    texts = ["供应早餐。", "改造厕所。", "检查围墙。", "供应午餐。"]
    naming = naming_of(PlainTexts(texts), np.array([4, 4, 4, 9]), asked)
    assert naming.sentences.tolist() == [0.5, 0.5, 0.0, 0.0]
    assert naming.items.tolist() == [1.0, 1.0, 1.0, 0.0]
    spread = naming.spread(np.array([0, 1, 2, 5]), 7)
    assert spread.items.tolist() == [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    assert spread.worth[0] > spread.worth[2] > spread.worth[3] == 0


PLANS = (
    write_plan("weihai-2021", "威海", 2021, ["1|1.改善条件。改造学校厕所30个。", "2|2.疏浚河道。"]),
    write_plan("yantai-2021", "烟台", 2021, ["1|1.改善条件。改造学校校舍30栋。", "2|2.栽植树木。"]),
)


@pytest.mark.parametrize("limits", [None, Limits(score_all=0)], ids=["small", "large"])
def test_each_plan_is_looked_through_for_what_is_asked(
    tmp_path: Path, matters: NamedMatters, limits: Limits | None
) -> None:
    retriever = Retriever(make_index(PLANS, tmp_path), FakeEncoder(), limits=limits, matters=matters)
    judge = VerdictJudge(retriever, VerdictModel.load())
    plan_ids = ["weihai-2021", "yantai-2021"]
    scores = retriever.score("哪些城市改造卫生间?", plan_ids, per_plan=True)
    for by_subject in (False, True):
        known = judge.signals(scores, by_subject)
        found = {plan_id: known[plan_id][0].named for plan_id in plan_ids}
        assert found == {"weihai-2021": Named(1.0, 0.5, 1.0), "yantai-2021": Named(0.0, 0.5, 1.0)}
        assert "厕所" in known["weihai-2021"][1][0].text
    nothing = judge.signals(retriever.score("哪些城市疏浚河道?", plan_ids, per_plan=True))
    assert all(signals.named is None for signals, _ in nothing.values())


def test_the_sentence_that_names_it_comes_first_in_a_search(tmp_path: Path, matters: NamedMatters) -> None:
    plan = write_plan(
        "weihai-2021", "威海", 2021, ["1|1.改造学校教室。", "2|2.新建校区洗手间。", "3|3.植树。"]
    )
    washing = NamedMatters([Entry("toilets", ("厕所", "洗手间"))])
    index = make_index([plan], tmp_path)
    for per_plan in (False, True):
        found = [
            Retriever(index, FakeEncoder(), matters=known).search(
                "改造学校厕所", ["weihai-2021"], 3, per_plan
            )
            for known in (NamedMatters([]), washing)
        ]
        of_item = [{hit.item_id: hit.score for hit in hits} for hits in found]
        assert of_item[1]["weihai-2021#2"] - of_item[0]["weihai-2021#2"] == pytest.approx(0.1, abs=1e-5)
        assert of_item[1]["weihai-2021#1"] == of_item[0]["weihai-2021#1"]


def test_what_a_plan_names_moves_its_verdict_and_what_it_lacks() -> None:
    names, lacks = Named(1.0, 0.2, 1.0), Named(0.0, 0.2, 1.0)
    assert names.vector() == (0.8, 0.0)
    assert lacks.vector() == (-0.2, 1.0)
    assert lacks.anywhere() == (1.0, 0.0)
    assert Named(0.0, 0.0, 0.0).anywhere() == (0.0, 1.0)


def test_the_list_has_every_matter_once_and_no_word_twice_in_one() -> None:
    lines = MATTERS_FILE.read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    ids = [entry["id"] for entry in entries]
    assert len(ids) == len(set(ids)) > 2000
    for entry in entries:
        words = [normalise(word) for field in ("named", "asked", "printed") for word in entry.get(field, [])]
        assert len(words) == len(set(words)), entry["id"]


def test_the_list_tells_a_special_matter_from_its_topic() -> None:
    known = NamedMatters.load()
    for question, not_enough in (
        ("哪些城市关心孤独症孩子?", "做好适龄残疾儿童少年入学安置。"),
        ("Which of these cities have anything for autistic children?", "做好适龄残疾儿童少年入学安置。"),
        ("Which cities give pupils breakfast?", "提供高质量营养午餐。"),
        ("哪些计划提到改造学校厕所?", "改造教学楼和运动场。"),
    ):
        asked = known.asked_in(question)
        assert asked, question
        text = PlainTexts([not_enough])
        assert not any(text.rows_naming(matter.forms).size for matter in asked), question
    assert known is NamedMatters.load()


def test_a_list_of_ones_own_is_read_beside_the_other(tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text(
        '{"id": "ferries", "named": ["轮渡航班"], "en": ["ferry timetable"]}\n\n', encoding="utf-8"
    )
    found = NamedMatters.load((MATTERS_FILE, own))
    assert [matter.forms for matter in found.asked_in("Who mends the ferry timetable?")] == [("轮渡航班",)]
    assert found.digest != NamedMatters.load().digest


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 1 is no JSON"),
        ("[]", "wanted an object with id, named, asked, printed, en"),
        ('{"id": "a", "name": ["轮渡"]}', "wanted an object"),
        ('{"id": "", "named": ["轮渡"]}', "wanted an object"),
        ('{"id": "a", "named": "轮渡"}', "wanted a list of words"),
        ('{"id": "a", "named": ["轮渡", " "]}', "wanted a list of words"),
        ('{"id": "a", "en": ["ferry"]}', "needs words that plans print"),
    ],
)
def test_a_bad_list_is_refused(tmp_path: Path, line: str, says: str) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text(line, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"own\.jsonl") as caught:
        NamedMatters.load((own,))
    assert says in str(caught.value)


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.jsonl cannot be read"):
        NamedMatters.load((tmp_path / "none.jsonl",))
