"""Things that a question names side by side, of which any is enough."""

import pytest

from rag.alternatives import join_alternatives

FORMS = {
    "香港": ("香港",), "澳门": ("澳门",), "台湾": ("台湾", "台胞"), "校车": ("校车",), "食堂": ("食堂",),
    "hong kong": ("香港",), "taiwan": ("台湾",), "skating": ("滑冰",), "skiing": ("滑雪",),
    "party": ("派对",), "choir": ("合唱",), "bus": ("校车",), "canteen": ("食堂",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "labels", "joined"),
    [
        ("跟香港、澳门或者台湾的往来", ["香港", "澳门", "台湾"], ["香港、澳门或者台湾"]),
        ("校车和食堂都要管", ["校车", "食堂"], ["校车", "食堂"]),  # both are asked for
        ("校车要安全,哪些城市提到食堂?", ["校车", "食堂"], ["校车", "食堂"]),  # two clauses
        ("links with Hong Kong or Taiwan", ["hong kong", "taiwan"], ["Hong Kong or Taiwan"]),
        ("skating, skiing and the like", ["skating", "skiing"], ["skating, skiing"]),
        ("school parties or a choir", ["party", "choir"], ["parties or a choir"]),
        ("buses and canteens", ["bus", "canteen"], ["bus", "canteen"]),
        ("buses that go to canteens", ["bus", "canteen"], ["bus", "canteen"]),
        ("校车?", ["校车"], ["校车"]),
        ("什么都没有", ["校车", "食堂"], ["校车", "食堂"]),  # not found in the text
    ],
)
def test_alternatives_are_one(text: str, labels: list[str], joined: list[str]) -> None:
    found = list(join_alternatives(text, [(label, FORMS[label]) for label in labels]))
    assert [label for label, _ in found] == joined
    forms = [form for _, own in found for form in own]
    assert forms == [form for label in labels for form in FORMS[label]]


def test_what_both_alternatives_are_called_counts_once() -> None:
    (joined,) = join_alternatives("香港或台湾", [("香港", ("港台", "香港")), ("台湾", ("台湾", "港台"))])
    assert joined == ("香港或台湾", ("港台", "香港", "台湾"))
