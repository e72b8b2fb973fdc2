"""Drafted questions: each proves itself against its plan."""

import json

from worlds import make_plan

from corpus.library import load_sample_plans
from eval.check import check_questions
from eval.draft import draft_lines, draft_questions
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
