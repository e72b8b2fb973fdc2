"""The report's pictures, drawn by matplotlib, as SVG texts."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.measures import GOALS
from eval.statistics import Bin
from eval.summary import Group, Stage

INK, ACCENT, FAINT = "#222222", "#9a3b26", "#bbbbbb"
_SHORTEST_MS = 0.01
HEADLINE = (
    "recall@10", "verdict_f1", "facts_all", "citation_precision", "citation_recall", "verbatim",
    "refused_unanswerable", "refused_answerable",
)  # fmt: skip
"""The measures that stand for the whole, in the order of the tables and pictures."""


def plot_scores(groups: Sequence[Group]) -> str:
    """The headline measures of every group, each a point with its interval."""
    shown = [group for group in groups if any(row.measure.name in HEADLINE for row in group.rows)]
    names = [name for name in HEADLINE if any(row.measure.name == name for g in shown for row in g.rows)]
    figure = Figure(figsize=(11.0, 1.1 + 0.28 * len(shown)), layout="constrained")
    panels = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
    for axes, name in zip(panels, names, strict=True):
        _points(axes, shown, name)
    panels[0].set_yticks(range(len(shown)), [f"{group.name} ({group.n})" for group in shown], fontsize=8)
    panels[0].invert_yaxis()
    return _svg(figure)


def plot_reliability(bins: Sequence[Bin]) -> str:
    """How often verdicts of a confidence came true, with intervals; the diagonal is perfect."""
    figure = Figure(figsize=(5.0, 4.2), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1)
    for step in bins:
        low, high = wilson(step.observed, step.n)
        axes.plot([step.confidence, step.confidence], [low, high], color=FAINT, linewidth=2)
    said, came_true = [step.confidence for step in bins], [step.observed for step in bins]
    axes.plot(said, came_true, color=ACCENT, marker="o", markersize=4)
    for step in bins:
        place = (step.confidence, step.observed)
        axes.annotate(str(step.n), place, xytext=(5, -10), textcoords="offset points", fontsize=7, color=INK)
    axes.set(xlabel="confidence given", ylabel="share that was yes", xlim=(-0.02, 1.06), ylim=(-0.04, 1.04))
    _bare(axes)
    return _svg(figure)


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of ``n`` (Wilson 1927), which stays within 0 and 1 for few, too."""
    z = 1.959964
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5) / (1 + z * z / n)
    # rounding may leave the share itself outside by a hair
    return min(share, middle - half), max(share, middle + half)


def plot_stages(stages: Sequence[Stage]) -> str:
    """Median and 95th percentile of the time of every stage of an answer."""
    figure = Figure(figsize=(5.6, 0.9 + 0.34 * len(stages)), layout="constrained")
    axes = figure.subplots()
    for place, stage in enumerate(stages):
        axes.barh(place, max(stage.median, _SHORTEST_MS), color=ACCENT, height=0.55)
        axes.plot([stage.median, stage.p95], [place, place], color=FAINT, linewidth=2)
        label = f"{stage.median:,.0f} ms" if stage.median >= 10 else f"{stage.median:.1f} ms"
        axes.annotate(label, (stage.p95, place), xytext=(5, -3), textcoords="offset points", fontsize=7)
    axes.set_yticks(range(len(stages)), [f"{stage.name} ({stage.n})" for stage in stages], fontsize=8)
    axes.invert_yaxis()
    # a cold start or a busy machine leaves a tail that would hide every median on a linear scale
    axes.set_xscale("log")
    shortest, longest = min(stage.median for stage in stages), max(stage.p95 for stage in stages)
    axes.set_xlim(max(shortest, _SHORTEST_MS) / 2, max(longest, _SHORTEST_MS) * 3)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set(xlabel="ms (in brackets over how many answers)")
    _bare(axes)
    return _svg(figure)


def _points(axes: Axes, groups: Sequence[Group], name: str) -> None:
    if name in GOALS:
        axes.axvline(GOALS[name], color=ACCENT, linewidth=0.8, linestyle=(0, (3, 3)))
    for place, group in enumerate(groups):
        for row in group.rows:
            if row.measure.name == name:
                found = row.estimate
                axes.plot([found.low, found.high], [place, place], color=FAINT, linewidth=2)
                color = ACCENT if group.name == "all" else INK
                axes.plot(found.value, place, color=color, marker="o", markersize=3.5)
    axes.set_title(name.replace("_", "\n"), fontsize=8)
    axes.set_xlim(-0.05, 1.05)
    axes.set_xticks([0, 0.5, 1], ["0", ".5", "1"])
    axes.tick_params(labelsize=7, length=0)
    axes.grid(axis="x", color="#eeece5")
    _bare(axes)


def _bare(axes: Axes) -> None:
    """Only the two axes that carry figures."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    # text stays text and ids are fixed: small files, and the same run gives the same report
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "planqa", "font.family": "sans-serif"}):
        figure.savefig(text, format="svg", metadata={"Date": None}, transparent=True)
    return text.getvalue()
