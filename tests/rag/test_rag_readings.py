"""A table of questions as people ask them, with the mode and the plans that a reader of them would expect.

``readings.tsv``: the question; the modes that serve it (``any`` where the scope is all that matters); the
plans it is put to (``all``, ``none`` or their ids); and what else must be understood: ``items``, ``unknown``
places (none where left out), or the question ``before`` that it follows.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from corpus.plan import Plan
from rag.places import CorpusPlaces
from rag.reading import QuestionReader
from rag.records import AskRequest, Filters, Turn

TABLE = Path(__file__).parent / "readings.tsv"


def _rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
        return [{name: value or "" for name, value in row.items()} for row in rows]


ROWS = _rows()


@pytest.fixture(scope="module")
def reader(sample_plans: tuple[Plan, ...], sample_places: CorpusPlaces) -> QuestionReader:
    return QuestionReader(sample_plans, sample_places)


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}: {row['question']}" for n, row in enumerate(ROWS, start=2)])
def test_a_question_is_read_as_it_is_meant(
    reader: QuestionReader, sample_plans: tuple[Plan, ...], row: dict[str, str]
) -> None:
    more = dict(part.split("=", 1) for part in row["more"].split(";") if part)
    history = (Turn("user", more["before"]), Turn("assistant", "……[1]。")) if "before" in more else ()
    reading = reader.read(AskRequest(row["question"], history))
    scopes = {"all": sorted(plan.plan_id for plan in sample_plans), "none": []}
    assert list(reading.plan_ids) == scopes.get(row["scope"], row["scope"].split(","))
    assert row["mode"] == "any" or reading.mode in row["mode"].split("|")
    assert ",".join(reading.unknown_places) == more.get("unknown", "")
    if "items" in more:
        assert ",".join(reading.item_numbers) == more["items"]


@pytest.mark.parametrize("question", ["有没有提到校园足球?", "Is anything said about football?"])
def test_of_one_plan_a_yes_or_no_is_looked_up(reader: QuestionReader, question: str) -> None:
    filters = Filters(plans=("tianjin-2014",))
    assert reader.read(AskRequest(question, filters=filters)).mode == "lookup"


def test_what_is_left_out_is_no_part_of_the_topic(reader: QuestionReader) -> None:
    assert reader.read(AskRequest("除上海以外,哪些城市提到托育?")).topic == "哪些城市提到托育?"


def test_a_place_that_is_part_of_the_matter_stays_in_the_topic(reader: QuestionReader) -> None:
    assert reader.read(AskRequest("哪些城市提到对口支援西藏?")).topic == "哪些城市提到对口支援西藏?"


@pytest.mark.parametrize(
    ("before", "question", "resolved"),
    [
        ("哪些城市提到足球?", "游泳呢?", "哪些城市提到游泳?"),
        ("Which plans mention chess?", "And swimming?", "Which plans mention swimming?"),
        ("Does any city offer free buses?", "What about Handan?", "Does Handan offer free buses?"),
        ("Are there cities that ban phones?", "And Tianjin?", "Does Tianjin ban phones?"),
        ("上海有没有校园足球?", "别的地方呢?", "除上海外,哪些城市有校园足球?"),
    ],
)
def test_follow_ups_of_questions_to_every_plan(
    reader: QuestionReader, before: str, question: str, resolved: str
) -> None:
    assert reader.read(AskRequest(question, (Turn("user", before),))).question == resolved
