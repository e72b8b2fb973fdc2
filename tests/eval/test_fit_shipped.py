"""The command that fits the verdicts: what it refuses, and that it leads to the weights that are shipped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from typer.testing import CliRunner

from eval.refit import shipped_model
from planqa import app

STEPS = ("anywhere", "foreign_anywhere", "cheap", "foreign")


def test_a_file_in_no_folder_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    out = tmp_path / "missing" / "weights.json"
    refused = CliRunner().invoke(app, ["eval", "fit", "--out", str(out), "--home", str(tmp_path / "home")])
    assert refused.exit_code == 2
    assert "is no folder" in " ".join(refused.stderr.replace("│", " ").split())
    assert not (tmp_path / "home").exists()


@pytest.mark.model
@pytest.mark.timeout(1500)
def test_the_shipped_weights_are_those_of_the_shipped_questions(tmp_path: Path) -> None:
    """The first run on a machine embeds the plans and 567 questions; later ones take their vectors as kept.

    Where a processor has no bfloat16, vectors lie at a cosine of 0.99995 from the shipped ones' (measured on
    ten texts).
    """
    home = platformdirs.user_cache_path("planqa") / "test-home"
    out = tmp_path / "weights.json"
    ran = CliRunner().invoke(
        app, ["eval", "fit", "--no-model", "--json", "--out", str(out), "--home", str(home)]
    )
    assert ran.exit_code == 0, ran.output
    fitted: dict[str, Any] = json.loads(ran.stdout)
    assert json.loads(out.read_text(encoding="utf-8")) == fitted
    shipped = shipped_model()
    assert fitted["fitted_on"] == shipped["fitted_on"]
    for new, old in ((fitted, shipped), (fitted["by_subject"], shipped["by_subject"])):
        for step in STEPS:
            for part in ("weights", "intercept"):
                assert new[step][part] == pytest.approx(old[step][part], rel=0.1, abs=0.05), step
        for step, values in new["mapped"].items():
            for part in ("weights", "intercept"):
                assert values[part] == pytest.approx(old["mapped"][step][part], rel=0.1, abs=0.05), step
        for kind in ("", "mapped_"):
            for name, figures in new[f"{kind}left_out_by_topic"].items():
                assert figures == pytest.approx(old[f"{kind}left_out_by_topic"][name], abs=0.03), name
            share = f"{kind}silent_questions_with_a_yes"
            assert new[share] == pytest.approx(old[share], abs=0.03)
    plain, mapped = fitted["left_out_by_topic"]["all"], fitted["mapped_left_out_by_topic"]["all"]
    assert mapped["auc"] > plain["auc"] and mapped["f1"] > plain["f1"]
    by_subject = fitted["by_subject"]["mapped_left_out_by_topic"]["all"]
    assert by_subject["auc"] > mapped["auc"] and by_subject["f1"] > mapped["f1"]
