"""The things whose figures a question wants put together, and what it wants done with them."""

import pytest

from rag.figure_parts import asks_what_was_before, read_operation, read_parts


@pytest.mark.parametrize(
    ("question", "wanted", "left_out"),
    [
        ("书屋和流动书车加起来几个?", ("书屋", "流动书车"), ()),
        ("新建的场馆里,游泳馆、滑冰馆合起来几座?我要一个数。", ("游泳馆", "滑冰馆"), ()),
        (
            "改建场馆:游泳馆、滑冰馆(不算球馆和泳池)一共几座?",
            ("改建场馆", "游泳馆", "滑冰馆"),
            ("球馆", "泳池"),
        ),
        ("新建和改造的书屋合起来有几个?", ("新建的书屋", "改造的书屋"), ()),
        ("书屋比书车多多少个?", ("书屋", "书车"), ()),
        ("35个书屋里,社区书屋和校园书屋总共几个?", ("社区书屋", "校园书屋"), ()),
        ("新增的书屋,省级加市级共几个?", ("省级新增的书屋", "市级新增的书屋"), ()),
        ("要参加比赛的书屋和书车共几个?", ("参加比赛的书屋", "书车"), ()),
        (
            "Add up the new reading rooms, the book buses and the lending machines. What do you get?",
            ("the new reading rooms", "the book buses", "the lending machines"),
            (),
        ),
        (
            "How many rooms with 'quiet' or 'family' status, not counting halls, are there in all?",
            ("rooms with 'quiet", "family' status"),
            ("halls",),
        ),
    ],
)
def test_parts_of_a_question(question: str, wanted: tuple[str, ...], left_out: tuple[str, ...]) -> None:
    parts = read_parts(question)
    assert (parts.wanted, parts.left_out) == (wanted, left_out)


def test_a_question_of_very_many_parts_costs_no_more_than_eight() -> None:
    things = [f"第{'甲' * n}书屋" for n in range(1, 40)]
    parts = read_parts(f"{'、'.join(things)}加起来几个?不算{'、'.join(things)}")
    assert list(parts.wanted) == things[-8:] and list(parts.left_out) == things[-8:]


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("书屋和书车加起来几个?", "sum"),
        ("书屋比书车多几个?", "difference"),
        ("入园率比升学率高几个百分点?", "difference"),
        ("By how many does one beat the other?", "difference"),
        ("哪个城市建的书屋最多?", "most"),
        ("Which is the smallest?", "least"),
    ],
)
def test_what_is_to_be_done_with_the_figures(question: str, operation: str) -> None:
    assert read_operation(question) == operation


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("加了新书屋之前原来有几个?", True),
        ("How many did it start from?", True),
        ("新建几个书屋?", False),
        ("开学之前要做什么?", False),
    ],
)
def test_what_there_was_before(question: str, asks: bool) -> None:
    assert asks_what_was_before(question) is asks
