"""The report page: complete, self-contained, and safe with what questions and answers carry."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from worlds import PLANS, FakeSystem, answer, cite, question

from eval.citable import Citable
from eval.compare import compare_runs
from eval.plots import plot_stages, wilson
from eval.report import plain_comparison, plain_table, render_report, write_report
from eval.run import Run, run_questions
from eval.summary import Stage, stage_times, summarise

CITABLE = Citable.of(PLANS)
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"


class Tags(HTMLParser):
    """Collects the tags of a page and where they point."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.targets += [value or "" for name, value in attrs if name in ("src", "href")]


def make_run(folder: Path, text: str = "50所[1]。", name: str = "fake") -> Run:
    questions = [
        question(
            id="enum", type="enumerate", question="哪些城市?", criterion="研学", required=["alpha-2020#2"],
            verdicts={"alpha-2020": {"verdict": "yes", "items": ["alpha-2020#2"], "quote": "研学"},
                      "beta-2021": {"verdict": "no_evidence"}},
        ),
        question(id="attack", question=ATTACK, required=["alpha-2020#1"], note=ATTACK,
                 facts=[{"name": "new", "forms": ["50"], "items": ["alpha-2020#1"]}]),
    ]  # fmt: skip
    verdicts = {"alpha-2020": ("no_evidence", 0.3), "beta-2021": ("yes", 0.8)}
    given = answer(text, [cite(1, "alpha-2020#1", "新建幼儿园50所。")], verdicts=verdicts)
    system = FakeSystem({"哪些城市?": given, ATTACK: given}, ["alpha-2020#1"], name)
    return run_questions(system, questions, CITABLE, folder)


def test_the_page_shows_the_figures_of_the_run(tmp_path: Path) -> None:
    run = make_run(tmp_path / "a")
    page = render_report(run)
    (group, *_) = summarise(run)
    rows = {row.measure.name: row for row in group.rows}
    found = rows["facts_all"].estimate
    assert f'<td class="figure">{found.value:.3f}</td><td class="interval">[{found.low:.3f}' in page
    assert "beta-2021: yes, gold no_evidence" in page
    assert "哪些城市?" in page
    assert "新建幼儿园50所。" in page


def test_the_page_needs_nothing_from_outside_and_runs_nothing(tmp_path: Path) -> None:
    run = make_run(tmp_path / "a", text=ATTACK)
    write_report(run, tmp_path / "report.html", [make_run(tmp_path / "b", name="other")])
    tags = Tags()
    tags.feed((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "script" not in tags.tags
    assert tags.targets and all(target.startswith("data:image/svg+xml;base64,") for target in tags.targets)


def test_other_runs_stand_beside_and_changes_are_listed(tmp_path: Path) -> None:
    worse = make_run(tmp_path / "worse", text="30所。", name="worse one")
    better = make_run(tmp_path / "better")
    page = render_report(better, [worse])
    assert "Changed against worse one" in page
    assert "Won: 1" in page
    text = plain_comparison(compare_runs(worse, better))
    assert re.search(r"facts_all +0\.000 +1\.000 +\+1\.000", text)
    assert "  attack: " in text


def test_public_test_sets_are_listed(tmp_path: Path) -> None:
    result = {"set": "cmrc2018", "system": "planqa", "measure": "nDCG@10", "value": 0.98, "low": 0.97,
              "high": 0.99, "n": 300, "beside": "BM25 98.4"}  # fmt: skip
    page = render_report(make_run(tmp_path / "a"), benchmarks=[result])
    assert "0.980 [0.970, 0.990]" in page
    assert "BM25 98.4" in page


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    run = make_run(tmp_path / "a")
    assert render_report(run) == render_report(run)


def test_the_table_for_terminals_says_over_how_many(tmp_path: Path) -> None:
    table = plain_table(summarise(make_run(tmp_path / "a"))[0].rows)
    assert re.search(r"^verdict_f1 +0\.000 \[0\.000, 0\.000\] +n=1$", table, re.MULTILINE)


def test_a_share_of_few_has_a_wide_interval_within_bounds() -> None:
    # Wilson's interval of 1 in 2, by his formula with z = 1.96: (0.5 + 0.96) / 2.92 -+ 0.405
    assert wilson(0.5, 2) == pytest.approx((0.0945, 0.9055), abs=1e-4)
    assert wilson(1.0, 3)[1] == 1.0
    assert wilson(0.0, 3)[0] == 0.0


def test_times_are_those_that_answers_report(tmp_path: Path) -> None:
    stages = stage_times(make_run(tmp_path / "a").results)
    assert stages == [Stage("total", 5.0, 5.0, 2)]
    assert "total (2)" in plot_stages([Stage("total", 0.0, 0.0, 2)])


def test_the_ablation_is_shown_with_what_it_was_made_of(tmp_path: Path) -> None:
    cell = {"group": "all", "measure": "recall@10", "value": 0.9, "low": 0.8, "high": 1.0, "n": 7,
            "change": None, "p_adjusted": 1.0}  # fmt: skip
    worse = {"value": -0.1, "low": -0.2, "high": -0.05, "p": 0.001, "n": 7}
    lower = {**cell, "value": 0.8, "change": worse, "p_adjusted": 0.01}
    record = {
        "about": {"encoder": "pairs <b>"},
        "lines": [{"name": "ours", "cells": [cell]}, {"name": "dense alone", "cells": [lower]}],
        "reranked": [],
    }  # fmt: skip
    page = render_report(make_run(tmp_path / "a"), ablation=record)
    assert "encoder: pairs &lt;b&gt;" in page
    assert "recall@10, all (n=7)" in page
    assert "0.800, -0.100 [-0.200, -0.050] *" in page
