"""Misspelt words of questions: what is put right, and what is left as it was written."""

import csv
from pathlib import Path

import pytest

from corpus.plan import Plan
from rag.chinese_spelling import ChineseSpelling, Slip, read_vocabulary
from rag.place_names import PlaceNames
from rag.places import CorpusPlaces
from rag.reading import QuestionReader
from rag.records import AskRequest, Turn
from rag.sounds import is_pinyin, near_sound, sound
from rag.spelling import Spelling
from rag.terms import Terms
from rag.wording import read_as


@pytest.fixture(scope="module")
def spelling(sample_plans: tuple[Plan, ...], sample_places: CorpusPlaces) -> Spelling:
    return Spelling(sample_plans, Terms.load().forms(), sample_places.latin_names, sample_places.names_place)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("哪些城市提出脱育扩容?", "哪些城市提出托育扩容?"),
        ("上海的职叶教育怎么安徘", "上海的职业教育怎么安排"),
        ("消除大班鹅的计划有哪些", "消除大班额的计划有哪些"),
        ("人工只能教育", "人工智能教育"),
        ("特珠教育有什么安排", "特殊教育有什么安排"),  # alike by its look
        ("哪裡有職叶學校", "哪裡有职业学校"),
        ("which plans mention scolarships", "which plans mention scholarships"),
        ("Wich citys have a plan for kindergardens?", "Which cities have a plan for kindergartens?"),
        ("What does Shangai say?", "What does Shanghai say?"),
        ("nannign's teachers", "nanning's teachers"),
        ("Nannign 2023", "Nanning 2023"),
        ("pls tell me abt special needs", "pls tell me about special needs"),
        ("Qingdao 的 mentel health", "Qingdao 的 mental health"),
    ],
)
def test_what_is_misspelt_is_put_right(spelling: Spelling, written: str, meant: str) -> None:
    corrected = spelling.correct(written)
    assert corrected.text.lower() == meant.lower()
    assert corrected.changes or written == meant


@pytest.mark.parametrize(
    "text",
    [
        "失明的孩子怎么上学?",  # sounds as 实名 does
        "普通初中有多少所?",  # one character from 普通高中
        "老师工资怎么涨",
        "还想再多几所能授博士学位的大学",  # 能 helps the verb, so 能授 is no 能手
        "两所高中还是三所高中",
        "青岛的教室够不够用",
        "哪里要给中小学教室装空调?",  # 小学教师 sounds alike and is rarer than 教室
        "邯郸的民生实事里学校建几所?",  # no 私立学校
        "小学升初中要不要考试?",  # no 小学生
        "工资啊招人啊培训啊师德啊,计划里都是怎么讲的?",
        "Which plans mention labor, neighborhoods and wellbeing?",
        "Does Nanjing or Xi'an have one? And Weibo, WeChat, yanxue?",
        "see https://planqa.example/kindergarden or mail kindergarden@example.org",
        "AI, HPV, AEDs and STEM",
        "programme, program, organise, organize",
    ],
)
def test_what_is_right_is_left_alone(spelling: Spelling, text: str) -> None:
    assert spelling.correct(text).changes == ()


def test_hardly_any_question_of_other_writers_is_changed_in_chinese(spelling: Spelling) -> None:
    """1,489 questions that the vocabulary has not seen, nearly all of them spelt right."""
    path = Path(__file__).parents[2] / "eval" / "mode_questions" / "questions.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        questions = [row[1] for row in csv.reader(lines, delimiter="\t") if len(row) > 1]
    changed = [
        pair for question in questions for pair in spelling.correct(question).changes if not pair[0].isascii()
    ]
    assert len(questions) > 1000
    assert len(changed) <= 0.005 * len(questions), changed


def test_a_word_is_meant_only_where_it_is_known() -> None:
    known = read_vocabulary(["职业教育", "职业学校", "发展教育"])
    found = ChineseSpelling(known.words, known.pairs, known.singles)
    assert found.slips("抓职叶教育") == [Slip(1, 5, "职业教育")]
    assert found.slips("抓职叶培训") == []  # of two characters a word must have been seen more often
    assert ChineseSpelling({}, {}, {}).slips("职叶教育") == []


def test_sounds() -> None:
    assert sound("托") == sound("脱") == "tuo"
    assert near_sound("生") == near_sound("森") and near_sound("中") == near_sound("宗")
    assert near_sound("东") != near_sound("蹲")
    assert is_pinyin("yanxue") and not is_pinyin("kindergarden")


def test_a_reader_hears_what_was_read_otherwise(
    sample_plans: tuple[Plan, ...], sample_places: CorpusPlaces, spelling: Spelling
) -> None:
    reader = QuestionReader(sample_plans, sample_places, spelling=spelling)
    reading = reader.read(AskRequest("哪些城市提出脱育扩容?"))
    assert reading.question == "哪些城市提出托育扩容?"
    assert reading.corrections == (("脱育", "托育"),)
    assert read_as(reading.corrections, "zh") == "问题中的“脱育”按“托育”理解。"
    assert read_as((("wich", "which"),), "en") == 'Read in the question: "wich" as "which".'


def test_earlier_questions_are_put_right_too(
    sample_plans: tuple[Plan, ...], sample_places: CorpusPlaces, spelling: Spelling
) -> None:
    reader = QuestionReader(sample_plans, sample_places, spelling=spelling)
    history = (Turn("user", "上海的脱育有什么安排?"), Turn("assistant", "脱育……"))
    reading = reader.read(AskRequest("那青岛呢?", history=history))
    assert "托育" in reading.question and "脱育" not in reading.question
    assert reading.corrections == ()


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("青岛2023年和男宁2023年各打算怎么做?", "南宁"),  # like in sound, wherever it stands
        ("上海、天律2014的课后服务", "天津"),  # a year follows that the city has a plan of
        ("2023年的荣城", "荣成"),
        ("南宁和上诲的教师", "上海"),
    ],
)
def test_a_misspelt_city_is_found_beside_another(sample_places: CorpusPlaces, text: str, city: str) -> None:
    assert city in {mention.name for mention in sample_places.find(text)}


@pytest.mark.parametrize("text", ["上海2023年和青春期", "南方2023年的雨", "光荣城市2023", "上海的天气2014年"])
def test_other_words_are_no_misspelt_city(sample_plans: tuple[Plan, ...], text: str) -> None:
    found = CorpusPlaces(sample_plans, PlaceNames()).find(text)
    assert {mention.name for mention in found} <= {"上海"}
