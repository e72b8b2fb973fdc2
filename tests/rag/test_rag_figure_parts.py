"""The things whose figures a question wants put together, and what it wants done with them."""

import pytest

from rag.figure_parts import asks_among_parts, asks_what_was_before, read_operation, read_parts


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
            "要过验收的书屋,城区的加上乡村的,总共几个?",
            ("城区的要过验收的书屋", "乡村的要过验收的书屋"),
            (),
        ),
        (
            "评的阅读、环保、急救这三类示范书屋,一共几个?",
            ("评的阅读示范书屋", "环保示范书屋", "急救示范书屋"),
            (),
        ),
        ("阅读、环保这三类示范书屋,一共几个?", ("阅读", "环保这三类示范书屋"), ()),
        ("新建的学校和幼儿园一共几所?", ("新建的中小学校", "幼儿园"), ()),
        (
            "How many halls are rebuilt or extended, whether as quiet halls or as family halls?",
            (
                "quiet halls halls are rebuilt   extended",
                "family halls halls are rebuilt   extended",
            ),
            (),
        ),
        (
            "How many more halls than buses... sorry: how many rooms and carriages in all?",
            ("rooms", "carriages"),
            (),
        ),
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
        ("按类型分,最多的一类和最少的一类相差几座?", "difference"),
        ("各地要建多少个书屋,比较一下", "list"),
        ("每个地方打算建几所书屋?", "list"),
        ("各地要建多少个书屋,合到一起是多少?", "sum"),
        ("How many rooms does each of them build?", "list"),
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


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("那35个里哪类书屋最多?", True),
        ("最多的一类和最少的一类相差几个?", True),
        ("Which type gets the most?", True),
        ("哪个城市建的书屋最多?", False),
        ("有哪几类书屋?", False),
    ],
)
def test_which_part_is_the_largest(question: str, asks: bool) -> None:
    assert asks_among_parts(question) is asks
