"""A question that tells something first: what of it is asked, and what is only told."""

import pytest

from rag.answer import Answerer
from rag.asking_part import asking_part
from rag.chatter import points_back
from rag.records import AskRequest


@pytest.mark.parametrize(
    ("topic", "part"),
    [
        ("门口停满了车,还有小摊,哪些城市要整治校园周边?", "哪些城市要整治校园周边?"),
        ("Chatbots write essays now. Which plans mention AI classes?", "Which plans mention AI classes?"),
        ("哪些城市要整治校园周边?", ""),  # nothing is told before it
        ("户口在老家的孩子,哪些城市让这种孩子上学?", ""),  # points back
        ("幼儿园教拼音,哪些城市不许这么干?", ""),
        ("青岛2018年的托育怎么安排?", ""),  # asks of one plan
    ],
)
def test_the_part_that_asks(topic: str, part: str) -> None:
    assert asking_part(topic) == part


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("哪些城市的要点里有这项内容?", True),
        ("哪些城市说了不许这么干?", True),
        ("Which cities get their children into school?", True),
        ("哪些城市要整治校园周边?", False),
        ("哪些城市这么多年一直提研学?", False),
        ("Which cities publish their plans?", False),
    ],
)
def test_what_points_back(text: str, points: bool) -> None:
    assert points_back(text) is points


@pytest.mark.model
def test_what_is_told_first_hides_no_plan(real_answerer: Answerer) -> None:
    told = "马路边全是车,放学时像打仗,哪些城市要整治校园周边?"
    plain = "哪些城市要整治校园周边?"
    answers = [real_answerer.answer(AskRequest(question, generate=False)) for question in (told, plain)]
    yes = [{v.plan_id for v in answer.verdicts or () if v.verdict == "yes"} for answer in answers]
    assert yes[0] == yes[1] >= {"tianjin-2014", "nanning-2023"}
