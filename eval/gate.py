"""Floors under a run's measures, so that a change that makes answers worse does not pass unseen."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from eval.measures import MEASURES
from eval.run import Run
from eval.summary import measure_rows
from rag.errors import PlanqaError


class GateError(PlanqaError):
    """A file of floors that cannot be used; the message says what is wrong in it."""

    code = "bad_floors"


def read_floors(path: Path) -> dict[str, float]:
    """The floors of a toml file with one table ``[floors]``.

    :raises GateError: where the file is no toml, a name is no measure or a value no number.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("floors", {})
    except tomllib.TOMLDecodeError as error:
        raise GateError(f"{path} is no toml ({error}); a table [floors] is wanted") from error
    for name, value in table.items():
        if name not in MEASURES:
            raise GateError(f"{path}: {name!r} is no measure; known are {', '.join(MEASURES)}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise GateError(f"{path}: the floor of {name} is {value!r}; a number is wanted")
    if not table:
        raise GateError(f"{path} has no floors; a table [floors] with measure = number is wanted")
    return {name: float(value) for name, value in table.items()}


def check_floors(run: Run, floors: Mapping[str, float]) -> list[str]:
    """What is below its floor (above it, where less is better), or was not measured at all."""
    rows = {row.measure.name: row for row in measure_rows(run.results)}
    faults: list[str] = []
    for name, floor in floors.items():
        if name not in rows:
            faults.append(f"{name} was not measured by this run; its floor is {floor:g}")
            continue
        value = rows[name].estimate.value
        better = MEASURES[name].higher_is_better
        if (value < floor) if better else (value > floor):
            word = "below its floor" if better else "above its ceiling"
            faults.append(
                f"{name} is {value:.3f} over {rows[name].estimate.n} questions, {word} of {floor:g}"
            )
    if not run.complete:
        faults.append(
            f"the run has {len(run.results)} of {run.record['n_questions']} questions; finish it first"
        )
    return faults
