"""The report's pictures, drawn by matplotlib, as SVG texts."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.statistics import Bin
from eval.summary import Group

INK, ACCENT, FAINT = "#222222", "#9a3b26", "#bbbbbb"
HEADLINE = (
    "recall@10", "verdict_f1", "facts_all", "citation_precision", "citation_recall", "verbatim",
    "refused_unanswerable", "refused_answerable",
)  # fmt: skip
"""The measures that stand for the whole, in the order of the tables and pictures."""


def plot_scores(groups: Sequence[Group]) -> str:
    """The headline measures of every group, each a point with its interval."""
    shown = [group for group in groups if any(row.measure.name in HEADLINE for row in group.rows)]
    names = [name for name in HEADLINE if any(row.measure.name == name for g in shown for row in g.rows)]
    figure = Figure(figsize=(9.0, 1.1 + 0.26 * len(shown)), layout="constrained")
    panels = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
    for axes, name in zip(panels, names, strict=True):
        _points(axes, shown, name)
    panels[0].set_yticks(range(len(shown)), [f"{group.name} ({group.n})" for group in shown], fontsize=7)
    panels[0].invert_yaxis()
    return _svg(figure)


def plot_reliability(bins: Sequence[Bin]) -> str:
    """How often verdicts of a confidence came true; the diagonal is perfect."""
    figure = Figure(figsize=(4.2, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1)
    axes.plot(
        [step.confidence for step in bins],
        [step.observed for step in bins],
        color=ACCENT,
        marker="o",
        markersize=4,
    )
    for step in bins:
        axes.annotate(
            str(step.n),
            (step.confidence, step.observed),
            xytext=(4, -9),
            textcoords="offset points",
            fontsize=7,
        )
    axes.set(xlabel="confidence given", ylabel="share that was yes", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    return _svg(figure)


def plot_stages(stages: Sequence[tuple[str, float, int]]) -> str:
    """Median time of every stage of an answer."""
    figure = Figure(figsize=(5.2, 0.8 + 0.3 * len(stages)), layout="constrained")
    axes = figure.subplots()
    axes.barh(range(len(stages)), [spent for _, spent, _ in stages], color=ACCENT, height=0.6)
    axes.set_yticks(range(len(stages)), [f"{stage} ({n})" for stage, _, n in stages], fontsize=8)
    axes.invert_yaxis()
    axes.set(xlabel="median, ms (over how many answers)")
    return _svg(figure)


def _points(axes: Axes, groups: Sequence[Group], name: str) -> None:
    for place, group in enumerate(groups):
        for row in group.rows:
            if row.measure.name == name:
                found = row.estimate
                axes.plot([found.low, found.high], [place, place], color=FAINT, linewidth=2)
                axes.plot(
                    found.value, place, color=ACCENT if group.name == "all" else INK, marker="o", markersize=3
                )
    axes.set_title(name.replace("_", "\n"), fontsize=7)
    axes.set_xlim(-0.05, 1.05)
    axes.tick_params(labelsize=6)
    axes.grid(axis="x", color="#eeeeee")


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    # text stays text and ids are fixed: small files, and the same run gives the same report
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "planqa", "font.family": "sans-serif"}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
