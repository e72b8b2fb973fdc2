"""Questions in traditional characters, and those that mix Chinese and English."""

import pytest
from chain_fakes import FakeEncoder

from corpus.plan import Plan
from rag.mixed_languages import in_one_language
from rag.places import CorpusPlaces
from rag.reading import QuestionReader
from rag.records import AskRequest
from rag.regional import in_mainland_words
from rag.retrieve import Retriever
from rag.snapshot import Index


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("邊幾家嘅計劃有幼稚園?", "哪几家的计划有幼儿园?"),
        ("上海要建幾多間幼稚園?", "上海要建多少所幼儿园?"),
        ("青島要建多少間實驗室?", "青岛要建多少间实验室?"),  # rooms are counted so everywhere
        ("那天津咧?", "那天津呢?"),
        ("智慧校園", "智慧校园"),  # plans print it so
        ("學校周邊一公里, 身邊個別老師", "学校周边一公里, 身边个别老师"),
        ("重點講述試點做法", "重点讲述试点做法"),
        ("數位老師照顧年長者", "数位老师照顾老年人"),
        ("佢哋打算點做?", "他们打算怎么做?"),
        ("新增人工智慧課程", "新增人工智能课程"),
        ("上海要建几间教室?", "上海要建几间教室?"),
        ("Which plans?", "Which plans?"),
    ],
)
def test_traditional_characters_are_put_as_on_the_mainland(written: str, read: str) -> None:
    assert in_mainland_words(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("有没有哪份 plan 提到防 telecom fraud?", "有没有哪份计划提到防 telecom fraud?"),
        ("哪些 cities 要建 nursery?", "哪些城市要建 nursery?"),
        ("青岛2018和2023的 targets 差在哪?", "青岛2018和2023的目标差在哪?"),
        ("Which 城市 mention 托育?", "哪些城市 mention 托育?"),
        ("Which 城市 say anything about 托育?", "Which cities say anything about 托育?"),
        ("哪些计划提到STEM?", "哪些计划提到STEM?"),
        ("Which plans mention 托育?", "Which plans mention 托育?"),
        ("哪些城市提到托育?", "哪些城市提到托育?"),
    ],
)
def test_what_asks_is_put_in_one_language(written: str, read: str) -> None:
    assert in_one_language(written) == read


@pytest.mark.parametrize(
    ("question", "like"),
    [
        ("哪些 plans 提到 scholarship?", "哪些计划提到奖学金?"),
        ("邊啲城市有特殊學校?", "哪些城市有特殊教育学校?"),
        ("Which 计划 mention 托育?", "Which plans mention 托育?"),
    ],
)
def test_they_are_put_to_every_plan_too(
    sample_plans: tuple[Plan, ...], sample_places: CorpusPlaces, question: str, like: str
) -> None:
    reader = QuestionReader(sample_plans, sample_places)
    read, wanted = reader.read(AskRequest(question)), reader.read(AskRequest(like))
    assert (read.mode, read.plan_ids) == (wanted.mode, wanted.plan_ids) == ("enumerate", wanted.plan_ids)


def test_english_terms_of_a_chinese_question_are_searched_for_in_chinese(sample_index: Index) -> None:
    retriever = Retriever(sample_index, FakeEncoder())
    (concept,) = retriever.concepts("谁提到 scholarship")
    assert "奖学金" in concept.forms
    assert retriever.concepts("谁提到奖学金") == ()
