import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.plan import Plan
from rag.sentences import MAX_CHARS, sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.新建幼儿园。新建50所;改造30所。", ["新建幼儿园。", "新建50所;", "改造30所。"]),
        ("开展试点。①建立机制;②加强督导。", ["开展试点。", "建立机制;", "加强督导。"]),
        ("（二）发展托育。新增3000个。", ["发展托育。", "新增3000个。"]),
        ("三、发展托育。", ["发展托育。"]),
        ("第十二条 学校应当公开。", ["学校应当公开。"]),
        ("三、四年级开设课程。", ["三、四年级开设课程。"]),
        ("2.0版平台上线。", ["2.0版平台上线。"]),
        ("实施“强基。”工程", ["实施“强基。”", "工程"]),
        ("建设学校（责任处室：甲处。乙处）。完", ["建设学校（责任处室：甲处。乙处）。", "完"]),
        ("开展“爱国?奋斗”精神教育。", ["开展“爱国?奋斗”精神教育。"]),  # a dot that came as "?"
        ("围绕“办什么样的教育?怎样办教育”讨论。完", ["围绕“办什么样的教育?怎样办教育”讨论。", "完"]),
        ("建什么?建学校。", ["建什么?", "建学校。"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("。。。\n①  ", []),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    part = "推进学校建设工作,"  # 9 characters
    pieces = sentences(part * 30)
    assert [len(piece) for piece in pieces] == [117, 117, 36]  # 13 + 13 + 4 parts
    assert "".join(pieces) == part * 30


def test_a_long_sentence_without_commas_stays_whole() -> None:
    text = "建" * (MAX_CHARS + 40)
    assert sentences(text) == [text]


_PLAN_LIKE = st.text(alphabet="建设学校2023ab。;；，,\n （）()①②1.、三“” ", max_size=300)


@given(_PLAN_LIKE | st.text(max_size=120))
def test_spans_are_ordered_inside_and_lose_no_word(text: str) -> None:
    spans = sentence_spans(text)
    position = 0
    lost = ""
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert any(character.isalnum() for character in text[start:end])
        lost += text[position:start]
        position = end
    lost += text[position:]
    # Only numbering may be left out, and that is digits, numerals and 第…条.
    assert not set(lost) & set("建设学校年ab")


def test_every_word_of_the_sample_plans_is_in_a_sentence(sample_plans: tuple[Plan, ...]) -> None:
    for plan in sample_plans:
        for item in plan.parts():
            spans = sentence_spans(item.text)
            covered = "".join(item.text[start:end] for start, end in spans)
            words = [c for c in item.text if c.isalpha() and c not in "一二三四五六七八九十第条"]
            assert [c for c in covered if c.isalpha() and c not in "一二三四五六七八九十第条"] == words
