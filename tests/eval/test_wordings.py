"""Rewordings beside the questions that they reword."""

from pathlib import Path
from typing import Any

import pytest
from worlds import PLANS, FakeSystem, answer, cite, question

from corpus.library import load_sample_plans
from eval.citable import Citable
from eval.commands import WRITTEN, prepare_questions, question_files
from eval.questions import QUESTIONS_DIR, Question
from eval.report import plain_wordings, render_report
from eval.run import Run, run_questions
from eval.wordings import compare_wordings

RIGHT = answer("50所[1]。", [cite(1, "alpha-2020#1", "新建幼儿园50所。")])
WRONG = answer("不知道。", status="not_found")


def ask(name: str, words: str, **fields: Any) -> Question:
    facts = [{"name": "new", "forms": ["50"], "items": ["alpha-2020#1"]}]
    return question(id=name, question=words, required=["alpha-2020#1"], facts=facts, **fields)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    questions = [
        ask("a", "几所?", traits=["colloquial"]),
        ask("b", "多少?"),
        ask("a~misspelt", "几锁?", same_as="a", traits=["colloquial", "misspelt"]),
        ask("b~misspelt", "多小?", same_as="b", traits=["misspelt"]),
        ask("b~mixed", "how 多?", same_as="b", traits=["mixed"]),
        ask("c~mixed", "c 多少?", same_as="c", traits=["mixed"]),
    ]
    answers = {one.text: RIGHT for one in questions} | {"几锁?": WRONG}
    return run_questions(FakeSystem(answers, ["alpha-2020#1"]), questions, Citable.of(PLANS), tmp_path / "r")


def test_each_manner_is_set_beside_the_first_words(run: Run) -> None:
    misspelt, mixed = compare_wordings(run.results)
    assert (misspelt.manner, misspelt.n) == ("misspelt", 2)
    changes = {change.measure.name: change for change in misspelt.changes}
    facts = changes["facts_all"]
    assert (facts.first.value, facts.second.value, facts.difference.value) == (1.0, 0.5, -0.5)
    assert changes["refused_answerable"].difference.value == 0.5
    assert all(change.measure.unit == "share" for change in misspelt.changes)
    # What is reworded from a question that was not asked has nothing to stand beside.
    assert (mixed.manner, mixed.n) == ("mixed", 1)


def test_the_terminal_and_the_page_show_them(run: Run) -> None:
    shown = plain_wordings(compare_wordings(run.results))
    assert "as first written -> misspelt, 2 questions\n" in shown
    (facts,) = {line for line in shown.splitlines() if line.startswith("facts_all") and "-0.500" in line}
    assert facts.split()[1:3] == ["1.000", "0.500"]
    page = render_report(run)
    assert "As first written, and misspelt" in page
    assert plain_wordings([]) == ""


@pytest.mark.parametrize("split", WRITTEN)
def test_the_rewordings_that_come_with_the_project_hold(split: str) -> None:
    questions = prepare_questions(question_files(split), load_sample_plans(), reworded=True)
    by_id = {one.question_id: one for one in questions}
    reworded = [one for one in questions if one.same_as]
    assert len(reworded) >= 200
    manners = {"misspelt", "mixed", "traditional", "spoken"}
    for one in reworded:
        first = by_id[one.same_as]
        assert one.text != first.text
        assert len((set(one.traits) - set(first.traits)) & manners) == 1
        assert one.history == first.history
    assert not (QUESTIONS_DIR / f"{split}.jsonl").read_text(encoding="utf-8").count('"verdicts"')
