"""What an asker says of himself before the question is no part of what is looked for."""

import pytest

from rag.scope_words import without_background, without_respect


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("I'm new to Dalian. How are school buses run?", "How are school buses run?"),
        ("We moved last year. Our flat is small. What about boarding places?", "What about boarding places?"),
        ("我家刚搬来。校车是怎么安排的?", "校车是怎么安排的?"),
    ],
)
def test_what_is_said_before_the_question_is_left_out(question: str, asked: str) -> None:
    assert without_background(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "Our girl is deaf. What is done for children like her?",
        "I run a swimming club. Does the plan have anything for us?",
        "我家孩子听不见。对这样的孩子有什么安排?",
        "I want to know about school buses. List it.",
        "我想知道校车怎么安排。请列出来,谢谢您。",
        "I teach. How?",
        "How are school buses run? I'm new to Dalian.",
        "校车是怎么安排的?",
    ],
)
def test_what_the_question_needs_stays(question: str) -> None:
    assert without_background(question) == question


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("在校车上各说了什么?", "校车 各说了什么?"),
        ("在幼儿园建设方面有什么不同?", "幼儿园建设 有什么不同?"),
        ("在线上怎么教?", "在线上怎么教?"),
        ("马路上的安全怎么抓?", "马路上的安全怎么抓?"),
    ],
)
def test_what_stands_in_a_respect_is_the_matter(question: str, left: str) -> None:
    assert without_respect(question) == left
