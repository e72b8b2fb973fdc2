"""The commands that need no model, run as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpus.library import load_sample_plans
from planqa import app

FIELDS = {
    "plan_id", "title", "city", "city_source", "year", "department",
    "sections", "items", "sub_points", "levels", "gaps", "source",
}  # fmt: skip
PLAN = (
    "2024年芜湖市教育局工作要点\n\n一、办好学校\n\n1.新建学校。新建小学3所。\n\n2.办好食堂。新建食堂5个。\n"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("PLANQA_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout


def test_plans_lists_the_samples(home: Path) -> None:
    code, out = run("plans", "--json")
    records = json.loads(out)
    assert code == 0
    assert {record["plan_id"]: record["items"] for record in records} == {
        plan.plan_id: len(plan.items) for plan in load_sample_plans()
    }
    assert all(record.keys() >= FIELDS for record in records)


def test_a_file_is_taken_in_and_one_that_cannot_be_read_fails_the_command(home: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "wuhu.txt", tmp_path / "bad.docx"
    good.write_text(PLAN, encoding="utf-8")
    bad.write_bytes(b"not a docx")
    code, out = run("ingest", "--no-index", "--json", str(good), str(bad))
    rows = {row["file"]: row for row in json.loads(out)}
    assert code == 1
    assert rows["bad.docx"]["status"] == "refused"
    assert (rows["wuhu.txt"]["plan_id"], rows["wuhu.txt"]["items"]) == ("wuhu-2024", 2)
    assert "wuhu-2024" in run("plans")[1]


def test_a_sample_plan_is_corrected_without_a_second_copy(home: Path) -> None:
    code, _ = run("plans", "set", "shanghai-2023", "--year", "2024")
    listed = [record["plan_id"] for record in json.loads(run("plans", "--json")[1])]
    assert code == 0
    assert len(listed) == 7
    assert "shanghai-2024" in listed
    assert "shanghai-2023" not in listed


def test_settings_are_shown_with_their_origin(home: Path) -> None:
    shown = json.loads(run("config", "show", "--json")[1])
    assert shown["home"] == {"value": str(home), "from": "PLANQA_HOME"}
    assert shown["port"]["from"] == "default"


def test_a_word_that_is_no_mode_is_a_usage_error(home: Path) -> None:
    assert run("ask", "--mode", "guess", "上海的托育")[0] == 2
