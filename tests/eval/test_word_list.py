"""The list of words that people ask in."""

from eval.pairs import Asked, Sentence, Topic, load_topics
from eval.word_list import count_words, word_list
from rag.spelling import WORDS_FILE


def test_words_pairs_and_single_characters_are_counted() -> None:
    sentences = tuple(Sentence("", "", "新建幼儿园，改造学校。") for _ in range(3))
    questions = (Asked("which schools?", "en", "which", (), ()), Asked("学校的事", "zh", "which", (), ()))
    counts = count_words([Topic("t", "t", sentences, questions)])
    assert counts["幼儿园"] == 3 and counts["学校"] == 4 and counts["改造+学校"] == 3
    assert counts["which"] == counts["schools"] == 1
    assert "的" not in counts  # once is too seldom
    assert word_list(counts).splitlines()[0] == "学校 4"


def test_the_list_in_use_is_the_one_that_the_pairs_give() -> None:
    assert WORDS_FILE.read_text(encoding="utf-8") == word_list(count_words(load_topics()))
