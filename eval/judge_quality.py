"""How far the local language model, asked yes or no, agrees with the gold on the development questions.

It says what the model's word is worth. No headline figure rests on it: verdicts are measured by the gold.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from eval.fit_verdicts import Cell
from eval.measures import Share
from eval.statistics import Estimate, estimate
from rag.generate import Generator
from rag.verdicts import judge_odds

_SEED = 20240613


@dataclass(frozen=True, slots=True)
class JudgeQuality:
    """The model's agreement with the gold."""

    model: str
    n: int
    """Plans that it was asked about, each with one question; gold partial is left out."""
    n_yes: int
    """How many of them are yes in the gold."""
    agreement: Estimate
    """Share of plans where its more likely word is the gold's; the interval resamples questions."""
    f1: Estimate
    kappa: float
    """Cohen's: agreement beyond what chance gives."""
    auc: float
    """How well its odds put yes before no, whatever the threshold."""

    def __str__(self) -> str:
        agreement, f1 = self.agreement, self.f1
        return (
            f"{self.model}, asked yes or no about {self.n} plans ({self.n_yes} of them yes in the gold)\n"
            f"agreement {agreement.value:.3f} [{agreement.low:.3f}, {agreement.high:.3f}] "
            f"over {agreement.n} questions, Cohen's kappa {self.kappa:.3f}\n"
            f"F1 {f1.value:.3f} [{f1.low:.3f}, {f1.high:.3f}], area under the ROC curve {self.auc:.3f}\n"
            "No headline figure rests on it: verdicts, facts and citations are measured by the gold."
        )


def sample_cells(cells: Sequence[Cell], n: int | None) -> list[Cell]:
    """The cells with a clear gold verdict; ``n`` of them, drawn by a fixed seed."""
    clear = [cell for cell in cells if cell.gold != "partial"]
    return clear if n is None else random.Random(_SEED).sample(clear, min(n, len(clear)))


def measure_judge(
    cells: Sequence[Cell], generator: Generator, progress: Callable[[int, int], None] | None = None
) -> JudgeQuality:
    """Ask the model about every cell's best sentences and compare its word with the gold.

    :raises ValueError: where the gold of the cells is all the same, so that nothing can be told apart.
    """
    gold = [cell.gold == "yes" for cell in cells]
    if len(set(gold)) < 2:
        raise ValueError(f"found {len(cells)} plans of one gold verdict; both yes and no are wanted")
    odds: list[float] = []
    for number, cell in enumerate(cells, start=1):
        odds.append(max(judge_odds(generator, cell.question, sentence) for sentence in cell.sentences))
        if progress is not None:
            progress(number, len(cells))
    said = [value > 0 for value in odds]
    agreement: dict[str, list[float]] = {}
    found: dict[str, list[float]] = {}
    for cell, true, word in zip(cells, gold, said, strict=True):
        one = agreement.setdefault(cell.question_id, [0.0, 0.0])
        one[0], one[1] = one[0] + (true == word), one[1] + 1
        two = found.setdefault(cell.question_id, [0.0, 0.0])
        two[0], two[1] = two[0] + 2 * (true and word), two[1] + true + word
    return JudgeQuality(
        generator.name,
        len(cells),
        sum(gold),
        estimate([Share(*share) for share in agreement.values()]),
        estimate([Share(*share) for share in found.values()]),
        float(cohen_kappa_score(gold, said)),
        float(roc_auc_score(gold, np.array(odds))),
    )
