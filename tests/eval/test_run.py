"""Run folders: resumed after an interruption, refused for something else, compared, gated."""

import json
from pathlib import Path

import pytest
from worlds import PLANS, FakeSystem, answer, cite, question

from eval import gate
from eval.citable import Citable
from eval.compare import compare_runs
from eval.gate import GateError, check_floors, read_floors
from eval.questions import Question
from eval.run import Run, RunError, choose_questions, load_run, run_questions
from eval.summary import failures, summarise

CITABLE = Citable.of(PLANS)
GOOD = answer("50所[1]。", [cite(1, "alpha-2020#1", "新建幼儿园50所。")])


def lookups(n: int) -> list[Question]:
    return [
        question(
            id=f"q{i}", question=f"多少{i}?", required=["alpha-2020#1"],
            facts=[{"name": "new", "forms": ["50"], "items": ["alpha-2020#1"]}],
        )
        for i in range(n)
    ]  # fmt: skip


def run(folder: Path, right: int, n: int = 8, name: str = "fake") -> Run:
    answers = {f"多少{i}?": GOOD if i < right else answer("30所。") for i in range(n)}
    return run_questions(FakeSystem(answers, ["alpha-2020#1"], name), lookups(n), CITABLE, folder)


def test_a_run_keeps_everything_and_reads_back_the_same(tmp_path: Path) -> None:
    made = run(tmp_path / "a", right=6)
    assert made.complete
    assert load_run(tmp_path / "a") == made
    assert made.results[0].outcome.answer is not None
    assert made.results[0].outcome.answer["answer"] == "50所[1]。"
    assert {"evidence", "delta"} <= set(made.results[0].outcome.reached_ms)
    record = json.loads((tmp_path / "a" / "run.json").read_text(encoding="utf-8"))
    assert record["finished"] and record["system"] == {"system": "fake"}


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    run(tmp_path / "a", right=6)
    path = tmp_path / "a" / "outcomes.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:3]) + lines[3][:40], encoding="utf-8")
    system = FakeSystem({f"多少{i}?": GOOD for i in range(8)}, ["alpha-2020#1"])
    seen: list[tuple[int, int]] = []
    again = run_questions(system, lookups(8), CITABLE, tmp_path / "a", progress=lambda *at: seen.append(at))
    assert system.asked == [f"多少{i}?" for i in range(3, 8)]
    assert again.complete
    assert seen[-1] == (8, 8)


def test_a_folder_of_another_run_is_refused(tmp_path: Path) -> None:
    run(tmp_path / "a", right=6)
    with pytest.raises(RunError, match="another system"):
        run(tmp_path / "a", right=6, name="other")
    with pytest.raises(RunError, match="another questions, n_questions"):
        run(tmp_path / "a", right=6, n=9)
    with pytest.raises(RunError, match="holds no run"):
        load_run(tmp_path)


def test_an_error_of_one_question_does_not_stop_the_run(tmp_path: Path) -> None:
    system = FakeSystem({"多少0?": GOOD}, ["alpha-2020#1"])
    made = run_questions(system, lookups(2), CITABLE, tmp_path / "a")
    assert made.results[1].outcome.error == "generator_unavailable: the model is gone"
    rows = {row.measure.name: row for row in summarise(made)[0].rows}
    assert rows["facts_all"].estimate.value == 0.5
    assert rows["failed"].estimate.value == 0.5
    assert failures(made.results[0]) == []
    assert "facts_all" in failures(made.results[1])


def test_a_small_run_has_every_type() -> None:
    questions = [
        question(id=f"{kind}{n}", type=kind) for kind in ("lookup", "compare", "count") for n in range(5)
    ]
    chosen = choose_questions(questions, 4)
    assert [one.question_id for one in chosen] == ["lookup0", "compare0", "count0", "lookup1"]
    assert choose_questions(questions, None) == questions


def test_tables_say_over_how_many_questions_they_are(tmp_path: Path) -> None:
    made = run(tmp_path / "a", right=6)
    rows = {row.measure.name: row for row in summarise(made)[0].rows}
    # two answers cite nothing: their precision has no value, and the row says so
    assert rows["citation_precision"].estimate.n == 6
    assert rows["citation_precision"].asked == 8
    assert rows["citation_recall"].estimate.value == 6 / 8


def test_comparison_finds_what_changed(tmp_path: Path) -> None:
    first, second = run(tmp_path / "a", right=0, n=12), run(tmp_path / "b", right=12, n=12)
    compared = compare_runs(first, second)
    change = next(change for change in compared.changes if change.measure.name == "facts_all")
    assert change.difference.value == 1.0
    assert change.real and change.better
    assert len(compared.won) == 12
    assert compared.lost == ()
    back = compare_runs(second, first)
    assert len(back.lost) == 12
    assert [line for line in compared.unpaired if line.startswith("verbatim: 0 and 12")]


def test_the_same_run_twice_shows_no_change(tmp_path: Path) -> None:
    first = run(tmp_path / "a", right=5)
    compared = compare_runs(first, run(tmp_path / "b", right=5))
    change = next(change for change in compared.changes if change.measure.name == "facts_all")
    assert change.difference.value == 0.0
    assert not change.real
    assert compared.won == compared.lost == ()


def test_runs_over_other_questions_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="differ in their questions"):
        compare_runs(run(tmp_path / "a", right=5), run(tmp_path / "b", right=5, n=9))


def test_floors(tmp_path: Path) -> None:
    made = run(tmp_path / "a", right=6)
    assert check_floors(made, {"facts_all": 0.7, "refused_answerable": 0.1}) == []
    (low,) = check_floors(made, {"facts_all": 0.8})
    assert low == "facts_all is 0.750 over 8 questions, below its floor of 0.8"
    (absent,) = check_floors(made, {"verdict_f1": 0.5})
    assert "was not measured" in absent
    path = tmp_path / "floors.toml"
    path.write_text("[floors]\nfacts_all = 0.7\n", encoding="utf-8")
    assert read_floors(path) == {"facts_all": 0.7}
    path.write_text("[floors]\nfacts = 0.7\n", encoding="utf-8")
    with pytest.raises(GateError, match="'facts' is no measure"):
        read_floors(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(GateError, match="has no floors"):
        read_floors(path)


@pytest.mark.parametrize("name", ["floors.toml", "floors_model.toml"])
def test_the_floors_that_come_with_the_project_hold_what_code_guarantees(name: str) -> None:
    floors = read_floors(Path(gate.__file__).with_name(name))
    assert floors["verbatim"] == floors["numbers_grounded"] == 1.0
    assert floors["failed"] == 0.0
