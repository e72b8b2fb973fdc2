"""Drafted questions: each proves itself against its plan."""

import json

from worlds import make_plan

from corpus.library import load_sample_plans
from eval.check import check_questions
from eval.draft import draft_lines, draft_questions, record_line, what_is_missing
from eval.questions import parse_question


def test_a_draft_asks_for_the_quantity_of_a_clause() -> None:
    plan = make_plan("alpha-2020", "甲城", 2020, ["1.全市新增不少于2000个公办幼儿园托额,办好学校。"])
    (draft,) = draft_questions(plan)
    assert draft["question"] == "甲城2020年全市新增多少个公办幼儿园托额?"
    assert draft["facts"] == [{"name": "quantity", "forms": ["2000"], "items": ["alpha-2020#1"]}]


def test_what_cannot_be_asked_is_not_drafted() -> None:
    plan = make_plan("alpha-2020", "甲城", 2020, ["1.评选3所学校和5个项目。", "2.50所。", "3.2023年计划。"])
    assert draft_questions(plan) == []


def test_drafts_of_the_sample_plans_hold() -> None:
    plans = load_sample_plans()
    lines = draft_lines(plans).splitlines()
    questions = [parse_question(line, "draft") for line in lines]
    assert len(questions) > 50
    assert check_questions(questions, plans) == []
    assert len({json.loads(line)["id"] for line in lines}) == len(lines)


def test_what_a_person_has_yet_to_fill_in_is_said() -> None:
    plan = make_plan("alpha-2020", "甲城", 2020, ["1.新建幼儿园50所。"])
    base = {"id": "f1", "type": "lookup", "topic": "f1", "language": "zh", "question": "多少所?"}
    whole = {
        **base, "reference": "50所。", "required": ["alpha-2020#1"],
        "facts": [{"name": "new", "forms": ["50"], "items": ["alpha-2020#1"]}],
    }  # fmt: skip
    assert what_is_missing([whole], [plan]) == []
    assert what_is_missing([{**base, "reference": "50所。"}], [plan]) == [
        "f1: a lookup question needs facts and required items"
    ]
    (line,) = what_is_missing([{**base, "reference": ""}], [plan])
    assert "field 'reference' is ''" in line
    assert json.loads(record_line(whole)) == whole
