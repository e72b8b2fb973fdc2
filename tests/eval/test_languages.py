from __future__ import annotations

import pytest
from worlds import PairEncoder

from eval.languages import VIEWS, Half, half_of, measure_languages, questions_of, retriever_over
from eval.pairs import Asked, Sentence, Topic, load_topics
from rag.terms import Group, Terms

HALVES: tuple[Half, ...] = ("first", "second")
TERMS = Terms([Group(("路灯",), ("street lamp",))])


def topic(topic_id: str, matter: str) -> Topic:
    sentences = tuple(Sentence("二、工程", "建设", f"全市新装{matter}{n}处。") for n in range(4))
    return Topic(
        topic_id,
        matter,
        sentences,
        (
            Asked(f"哪里要装{matter}？", "zh", "which", (0, 1, 2, 3), ()),
            Asked("Where will street lamps be put up?", "en", "which", (0, 1), (2,)),
            Asked("谁来出钱？", "zh", "detail", (), ()),
        ),
    )


@pytest.fixture
def topics() -> list[Topic]:
    return [topic("lamps", "路灯"), topic("pipes", "水管"), topic("lifts", "电梯")]


def test_only_questions_that_sentences_answer_are_put(topics: list[Topic]) -> None:
    asked = questions_of(topics, "zh")
    assert asked.questions == {
        "lamps?0": "哪里要装路灯？",
        "pipes?0": "哪里要装水管？",
        "lifts?0": "哪里要装电梯？",
    }
    assert asked.qrels["lamps?0"] == {f"lamps#{n}": 1 for n in range(4)}
    assert len(asked.passages) == asked.n_all == 12


def test_a_limit_draws_the_same_questions_each_time(topics: list[Topic]) -> None:
    first, again = questions_of(topics, "zh", limit=2), questions_of(topics, "zh", limit=2)
    assert len(first.questions) == len(first.qrels) == 2
    assert first.questions == again.questions


def test_halves_share_no_topic() -> None:
    topics = load_topics()
    halves = [
        {key.partition("?")[0] for key in questions_of(topics, "en", half).questions} for half in HALVES
    ]
    assert not halves[0] & halves[1]
    assert all(len(half) > 100 for half in halves)


def test_each_view_is_measured_by_language(topics: list[Topic]) -> None:
    retriever = retriever_over(topics, PairEncoder(), TERMS)
    results = measure_languages(topics, retriever)
    assert {(entry["set"], entry["system"]) for entry in results} == {
        (f"invented sentences, {language}", view) for language in ("zh", "en") for view in VIEWS
    }
    by_words = {
        entry["set"][-2:]: entry["value"]
        for entry in results
        if entry["system"] == "words" and entry["measure"] == "nDCG@10"
    }
    assert by_words["zh"] > 0.9
    assert 0 < by_words["en"] < 1  # the term leads to lamps, whatever the topic that asks


def test_a_half_depends_on_the_id_alone(topics: list[Topic]) -> None:
    renamed = Topic("lamps", "x", topics[1].sentences, topics[1].questions)
    assert half_of(renamed) == half_of(topics[0])
