import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.tokenise import normalise, simplify, tokenise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("託育擴容", "托育扩容"),
        ("ＡＢＣ１２％", "abc12%"),
        ("Shanghai’s", "shanghai’s"),
        ("寶寶屋", "宝宝屋"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_simplify_keeps_capitals() -> None:
    assert simplify("Tianjin託育") == "Tianjin托育"


def test_words_and_pairs_are_tokens() -> None:
    tokens = tokenise("智慧校园")
    assert {"智慧", "校园", "慧校"} <= set(tokens)


def test_question_words_are_not() -> None:
    assert not {"哪些", "城市", "的", "多少"} & set(tokenise("哪些城市的托育有多少?"))
    assert tokenise("哪些城市有?") == []
    assert tokenise("which cities are the plans") == []


def test_pairs_do_not_reach_over_function_words() -> None:
    assert "校的" not in tokenise("学校的食堂")
    assert "校食" not in tokenise("学校的食堂")


def test_numbers_and_latin_words_are_one_token_each() -> None:
    assert tokenise("AI 2.0 提升56%")[:2] == ["ai", "2.0"]
    assert "56" in tokenise("提升56%")


def test_traditional_and_simplified_questions_have_the_same_tokens() -> None:
    assert tokenise("託育服務擴容") == tokenise("托育服务扩容")


@given(st.text(max_size=80))
def test_any_text_has_tokens_that_do_not_change(text: str) -> None:
    assert tokenise(text) == tokenise(text)
    assert all(token.strip() for token in tokenise(text))
