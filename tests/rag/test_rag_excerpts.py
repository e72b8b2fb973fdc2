"""The decisive words of a sentence: verbatim clauses, the numbers and names among them, in little room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.excerpts import MAX_CHARS, excerpt
from rag.tokenise import tokenise

_LONG = (
    "进一步统一思想、提高认识、压实各方责任,扎实做好各项准备工作,不断巩固已有成果,"
    "改建社区图书角36个,进一步营造全社会共同关心的良好氛围。"
)


def test_a_short_sentence_stays_whole_but_for_its_stop() -> None:
    assert excerpt("改建社区图书角36个。", (), ()) == "改建社区图书角36个"


def test_the_clause_with_the_figure_on_the_topic_is_kept() -> None:
    words = excerpt(_LONG, tokenise("社区图书角"), ())
    assert "改建社区图书角36个" in words
    assert len(words) < len(_LONG)


@pytest.mark.parametrize(
    ("clause", "kept"),
    [
        ("确保图书角开放时间达到应有的水平", True),  # on the topic
        ("持续开展朗读、讲演和展示", True),  # a list says what
        ("进一步营造全社会共同关心的良好氛围", False),
    ],
)
def test_a_clause_is_general_only_where_it_says_nothing_of_its_own(clause: str, kept: bool) -> None:
    words = excerpt(f"改建社区图书角36个并向全体居民免费开放,{clause}。", tokenise("图书角"), ())
    assert (clause in words) == kept


def test_what_others_do_not_say_is_kept_before_what_they_say_too() -> None:
    shared = "健全值班巡查和信息报送制度,落实每日双人巡查和台账登记"
    own = "为全部校舍加装烟雾报警装置并接入区级平台统一监测"
    words = excerpt(f"{shared},{own},{'继续' * 3}抓好落实。", (), tokenise(shared))
    assert own in words


@pytest.mark.parametrize(
    "text", ["评选“书香,墨香”校园12个(含分校,教学点),表彰先进。", "增设座位1,200个,分两批完成。"]
)
def test_no_bracket_quotation_or_number_is_cut(text: str) -> None:
    words = excerpt(text, (), ())
    for left, right in ("“”", "()"):
        assert words.count(left) == words.count(right)
    assert "1,200" in words or "1" not in words.replace("12", "")


@given(
    st.lists(
        st.sampled_from(["改建馆舍9座", "完善制度", "配齐人员", "推广“阅读角”", "开放至晚八点"]),
        min_size=1,
        max_size=12,
    )
)
def test_every_piece_stands_in_the_sentence(clauses: list[str]) -> None:
    text = ",".join(clauses) + "。"
    words = excerpt(text, tokenise("阅读角"), ())
    assert words
    assert all(piece in text for piece in words.split("……"))
    assert len(words.replace("……", "")) <= MAX_CHARS
