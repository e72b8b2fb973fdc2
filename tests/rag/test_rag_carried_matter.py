"""Turns that find next to nothing by themselves are about the matter of the question before, too."""

from pathlib import Path

import pytest
from chain_fakes import answerer_over, make_index, write_plan

from rag.reading import Reading
from rag.records import AskRequest, Turn

LINES = (
    "1|1.学校食堂。推动食堂长效机制,完善食品安全信息追溯体系。",
    "2|2.职业教育。新建职业学校2所。",
    "3|3.校园足球。举办足球联赛。",
)


def read(tmp_path: Path, question: str, *earlier: str, **fields: str) -> Reading:
    index = make_index([write_plan("shanghai-2023", "上海", 2023, list(LINES))], tmp_path)
    history = tuple(Turn("user", text) for text in earlier)
    return answerer_over(index).check(AskRequest(question, history, **fields))  # type: ignore[arg-type]


def test_what_names_nothing_of_the_plan_has_the_matter_before(tmp_path: Path) -> None:
    reading = read(tmp_path, "上海呢?要是吃坏了,查得到源头不", "上海怎么抓学校食堂的食品安全?")
    assert reading.has_earlier_matter and "食堂" in reading.topic
    assert reading.question.startswith("上海呢?要是吃坏了,查得到源头不（承前问：")


@pytest.mark.parametrize(
    ("question", "earlier"),
    [
        ("校园足球怎么办?", ("上海怎么抓学校食堂的食品安全?",)),  # says enough
        ("要是吃坏了,查得到源头不", ()),  # nothing was asked before
        ("要是吃坏了,查得到源头不", ("上海的要点都写了什么?",)),  # nor any matter
        ("上海呢?要是吃坏了,查得到源头不", ("上海怎么管校外滑雪?",)),  # the plan has nothing on that either
        ("哪些城市要是吃坏了,查得到源头?", ("上海怎么抓学校食堂的食品安全?",)),  # asks of every plan
    ],
)
def test_what_says_enough_or_follows_no_matter_stands_alone(
    tmp_path: Path, question: str, earlier: tuple[str, ...]
) -> None:
    assert not read(tmp_path, question, *earlier).has_earlier_matter
