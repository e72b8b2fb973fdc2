"""Words that sentences share, and those that tell one matter from another."""

from __future__ import annotations

import pytest

from rag.phrases import common_run, distinct_phrases, phrases


@pytest.mark.parametrize(
    ("text", "phrase", "held"),
    [
        ("继续推广移动书屋试点工作。", "移动书屋", True),
        ("加强推进书屋。", "加强推进", False),  # what plans do with everything
        ("改建书屋。", "改建书屋", True),
        ("书屋、展厅。", "书屋展厅", False),  # a phrase does not go on across a stop
    ],
)
def test_a_phrase_is_a_run_of_telling_words(text: str, phrase: str, held: bool) -> None:
    assert (phrase in phrases(text)) == held


def test_a_distinct_phrase_stands_in_few_sentences() -> None:
    rare, common = "推广移动书屋。", "举办中小学生活动。"
    among = [rare, *(f"{common}{n}" for n in range(9))]
    assert "移动书屋" in distinct_phrases(rare, among)
    assert distinct_phrases(common, among) == []


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("加强师德师风建设。", "持续抓好师德师风建设。", "师德师风建设"),
        ("举办中医药大讲堂。", "新建医药大学。", ""),  # 医药大 is no word of either
        ("加强书屋和展厅管理。", "加强书屋和讲堂管理。", ""),
        ("加强安全检查。", "加强安全教育。", ""),
    ],
)
def test_what_two_sentences_share_is_cut_between_words(one: str, other: str, shared: str) -> None:
    assert common_run([one, other], 3) == shared
