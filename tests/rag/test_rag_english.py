"""English words: which of a question's say something, and what counts as the same word."""

import pytest

from rag.english import says_something, stem, words


def test_words_have_no_capitals_accents_possessives_or_plurals() -> None:
    assert words("The crèche's places, Teachers’ classes and 1+X in 2023") == (
        "the", "creche", "place", "teacher", "class", "and", "1+x", "in", "2023",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("subsidise", "subsidizing"),
        ("programmed", "program"),
        ("labour", "labor"),
        ("taught", "teaching"),
        ("recruit", "recruited"),
        ("study", "studied"),
        ("organisation", "organization"),
    ],
)
def test_forms_of_one_word_have_one_stem(one: str, other: str) -> None:
    assert stem(words(one)[0]) == stem(words(other)[0])


@pytest.mark.parametrize(("one", "other"), [("bus", "business"), ("bed", "bad"), ("tear", "tea")])
def test_different_words_have_different_stems(one: str, other: str) -> None:
    assert stem(words(one)[0]) != stem(words(other)[0])


def test_what_a_question_is_put_in_says_nothing() -> None:
    asked = words("Which cities are planning to mention more toilets in 2023?")
    assert [word for word in asked if says_something(word)] == ["toilet"]
