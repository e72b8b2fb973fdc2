"""The questions that come with the project, their loader and their checker."""

import dataclasses
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from corpus.library import load_sample_plans
from corpus.plan import Plan
from eval.check import check_questions
from eval.citable import Citable
from eval.questions import (
    QUESTIONS_DIR,
    Computation,
    Fact,
    Part,
    Question,
    QuestionError,
    Verdict,
    load_questions,
    parse_question,
    with_rewordings,
)

DEV, TEST = QUESTIONS_DIR / "dev.jsonl", QUESTIONS_DIR / "test.jsonl"


@pytest.fixture(scope="module")
def plans() -> tuple[Plan, ...]:
    return load_sample_plans()


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return load_questions([DEV, TEST])


def test_gold_holds_against_the_plans(questions: list[Question], plans: tuple[Plan, ...]) -> None:
    assert check_questions(questions, plans) == []


def test_there_are_enough_of_every_type_and_language(questions: list[Question]) -> None:
    types = Counter(question.type for question in questions)
    wanted = {"lookup": 70, "enumerate": 50, "compare": 25, "summarise": 25, "count": 20, "unanswerable": 30,
              "follow_up": 20}  # fmt: skip
    assert all(types[name] >= least for name, least in wanted.items())
    assert len(questions) >= 240
    assert sum(question.language == "en" for question in questions) * 5 >= len(questions)
    traits = Counter(trait for question in questions for trait in question.traits)
    assert {"misspelt", "traditional", "mixed", "rambling", "injection"} <= set(traits)


def test_no_topic_is_in_both_splits() -> None:
    dev, test = load_questions([DEV]), load_questions([TEST])
    assert not {question.topic for question in dev} & {question.topic for question in test}
    assert not {question.text for question in dev} & {question.text for question in test}
    assert 0.5 <= len(dev) / (len(dev) + len(test)) <= 0.7
    for kind in {question.type for question in dev}:
        assert any(question.type == kind for question in test)


def test_every_question_names_its_near_misses(questions: list[Question], plans: tuple[Plan, ...]) -> None:
    assert [question.question_id for question in questions if not question.note.strip()] == []
    texts = Citable.of(plans).texts
    named = [
        (question.question_id, item_id)
        for question in questions
        for item_id in re.findall(r"[a-z]+-\d{4}#\d+", question.note)
    ]
    assert len(named) > len(questions), "notes name items"
    assert [(question_id, item_id) for question_id, item_id in named if item_id not in texts] == []


def find(questions: list[Question], kind: str) -> Question:
    return next(question for question in questions if question.type == kind)


def faults(question: Question, plans: tuple[Plan, ...]) -> str:
    return " / ".join(fault.message for fault in check_questions([question], plans))


def test_checker_finds_a_wrong_item(questions: list[Question], plans: tuple[Plan, ...]) -> None:
    broken = dataclasses.replace(find(questions, "lookup"), required=("shanghai-2023#99",))
    assert "shanghai-2023#99 is not in the corpus" in faults(broken, plans)


def test_checker_finds_a_fact_that_the_item_does_not_state(
    questions: list[Question], plans: tuple[Plan, ...]
) -> None:
    # 2000 stands in the item, 200 stands in it too, 20 stands only inside of longer numbers
    broken = dataclasses.replace(
        find(questions, "lookup"), facts=(Fact("places", ("20",), ("shanghai-2023#11",)),)
    )
    assert "none of ['20'] stands in shanghai-2023#11" in faults(broken, plans)


def test_checker_finds_a_missing_verdict_and_a_changed_quote(
    questions: list[Question], plans: tuple[Plan, ...]
) -> None:
    question = find(questions, "enumerate")
    assert "no verdict for" in faults(dataclasses.replace(question, verdicts=question.verdicts[1:]), plans)
    wrong = tuple(
        (plan, dataclasses.replace(verdict, quote=verdict.quote + "了") if verdict.quote else verdict)
        for plan, verdict in question.verdicts
    )
    assert "does not stand verbatim" in faults(dataclasses.replace(question, verdicts=wrong), plans)
    evidence_for_silence = (
        *question.verdicts[1:],
        (question.verdicts[0][0], Verdict("no_evidence", ("x#1",))),
    )
    broken = dataclasses.replace(question, verdicts=evidence_for_silence)
    assert "must name neither items nor a quote" in faults(broken, plans)


def test_checker_finds_a_sum_that_does_not_add_up(questions: list[Question], plans: tuple[Plan, ...]) -> None:
    parts = (
        Part("shanghai-2023#11", "2000个公办幼儿园托额", 2000.0),
        Part("shanghai-2023#11", "200个", 200.0),
    )
    broken = dataclasses.replace(
        find(questions, "count"),
        computation=Computation("sum", parts, 2300.0),
        facts=(Fact("sum", ("2300",)),),
    )
    assert "sum of the parts is 2200, the question says 2300" in faults(broken, plans)
    misread = dataclasses.replace(parts[1], value=20.0)
    broken = dataclasses.replace(broken, computation=Computation("sum", (parts[0], misread), 2020.0))
    assert "the value 20 does not stand in" in faults(broken, plans)


def test_checker_wants_refusals_where_nothing_can_be_answered(
    questions: list[Question], plans: tuple[Plan, ...]
) -> None:
    broken = dataclasses.replace(find(questions, "unanswerable"), statuses=("answered",), reason="tired")
    found = faults(broken, plans)
    assert "must have a refusing status" in found
    assert "reason 'tired' is unknown" in found


LINE = {"id": "a", "type": "lookup", "topic": "t", "language": "zh", "question": "?", "reference": "!"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "riddle"}, "field 'type' is 'riddle'; wanted one of lookup"),
        ({"question": " "}, "field 'question' is ' '"),
        ({"requierd": []}, "unknown field requierd"),
        ({"required": "a#1"}, "a list of texts is wanted"),
        ({"verdicts": {"a-2020": {"verdict": "maybe"}}}, "wanted one of yes, partial, no_evidence"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(QuestionError, match=r"mine\.jsonl:3") as error:
        parse_question(json.dumps({**LINE, **change}), "mine.jsonl:3")
    assert message in str(error.value)


def test_missing_fields_and_broken_lines_are_named() -> None:
    with pytest.raises(QuestionError, match="field 'topic' is missing"):
        parse_question(json.dumps({key: value for key, value in LINE.items() if key != "topic"}), "x:1")
    with pytest.raises(QuestionError, match="x:1: not JSON"):
        parse_question("{", "x:1")
    with pytest.raises(QuestionError, match="found list, wanted an object"):
        parse_question("[]", "x:1")


def test_an_id_is_used_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join([json.dumps(LINE), "", json.dumps(LINE)]), encoding="utf-8")
    with pytest.raises(QuestionError, match=r"mine\.jsonl:3: id 'a' is used in mine\.jsonl:1 already"):
        load_questions([path])


def test_a_rewording_takes_over_all_but_its_words(tmp_path: Path) -> None:
    first, other = tmp_path / "mine.jsonl", tmp_path / "other.jsonl"
    gold = {**LINE, "required": ["a-2020#1"], "traits": ["colloquial"]}
    rewording = {"id": "a~x", "same_as": "a", "question": "?!", "traits": ["colloquial", "misspelt"]}
    first.write_text(json.dumps(gold), encoding="utf-8")
    other.write_text(json.dumps(rewording), encoding="utf-8")
    for files in ([first, other], [other, first]):
        by_id = {question.question_id: question for question in load_questions(files)}
        read = by_id["a~x"]
        assert (read.text, read.traits, read.same_as) == ("?!", ("colloquial", "misspelt"), "a")
        assert (read.type, read.required, read.reference) == ("lookup", ("a-2020#1",), "!")
    # Its line stands alone, as a run's folder keeps it.
    assert parse_question(read.line, "x:1") == read


def test_a_rewording_of_nothing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps({"id": "b", "same_as": "gone", "question": "?"}), encoding="utf-8")
    with pytest.raises(QuestionError, match=r"mine\.jsonl:1: field 'type' is missing, and 'gone', of which"):
        load_questions([path])


def test_only_what_is_reworded_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    lines = [LINE, {**LINE, "id": "b"}, {"id": "b~x", "same_as": "b", "question": "??"}]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    kept = with_rewordings(load_questions([path]))
    assert [question.question_id for question in kept] == ["b", "b~x"]
