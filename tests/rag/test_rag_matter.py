"""The matter of a question is what is left without the words that only ask."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chain_fakes import write_plan

from rag.matter import matter_of
from rag.place_names import PlaceNames
from rag.places import CorpusPlaces
from rag.reading import QuestionReader, Reading
from rag.records import AskRequest


def _read(question: str) -> Reading:
    plans = [write_plan("weihai-2021", "威海", 2021, ["1|1.供水。改造管网。"])]
    return QuestionReader(plans, CorpusPlaces(plans, PlaceNames())).read(AskRequest(question))


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("威海2021年供水管网方面有哪些安排?", "供水管网"),
        ("请概括威海的河道治理措施", "河道治理"),
        ("威海的公共阅读做了哪些工作?全部列出来", "公共阅读"),
        ("威海对垃圾分类提出了什么?", "垃圾分类"),
        ("威海怎么推进垃圾分类?", "推进垃圾分类"),
        ("What does Weihai plan for public reading in 2021?", "public reading"),
        ("Summarise Weihai's measures for water supply.", "water supply"),
        ("What does Weihai do for street lights? Give every item.", "street lights"),
        ("威海的要点里有没有说供水管网?", "供水管网"),
        ("威海讲不讲供水管网", "供水管网"),
        ("威海的供水管网是怎么安排的?", "供水管网"),
        ("Does Weihai say anything about street lights?", "street lights"),
        ("Compare Weihai and Weihai 2021 on street lights", "street lights"),
        ("What changed for street lights in Weihai?", "street lights"),
    ],
)
def test_the_words_that_only_ask_are_left_out(question: str, matter: str) -> None:
    assert matter_of(_read(question)) == matter


@pytest.mark.parametrize("topic", ["供水", "5G有哪些举措?"])
def test_a_topic_without_a_frame_or_in_other_letters_stays(topic: str) -> None:
    reading = replace(_read("威海的供水"), topic=topic)
    assert matter_of(reading) == topic


def test_a_place_without_a_plan_is_part_of_the_matter() -> None:
    question = "What does Weihai do with schools in Hong Kong?"
    reading = replace(_read(question), unknown_places=("hong kong",))
    assert matter_of(reading) == reading.topic
