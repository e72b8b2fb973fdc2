"""The calibrated decision of verdicts: what is known of a plan, and the fitted steps that weigh it.

The weights lie in ``verdict_model.json``, fitted on the development questions by ``eval.fit_verdicts``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.records import VerdictWord

MODEL_FILE = Path(__file__).with_name("verdict_model.json")


@dataclass(frozen=True, slots=True)
class Said:
    """How near the plan's sentences are to what the question was turned to (``rag.question_map``)."""

    best: float
    """Of the plan's nearest sentence, -1 to 1."""
    gap: float
    """The same minus that of the corpus' nearest sentence; 0 for the nearest."""
    standing: float
    """The same in standard deviations from the mean over all sentences of the corpus."""


@dataclass(frozen=True, slots=True)
class Named:
    """How much of the specific matters that a question names stands in an item (``rag.named_matters``)."""

    best: float
    """The share of them in the plan's best item, 0 to 1."""
    mean: float
    """The mean of that over the plans: what most plans name tells none from another."""
    best_of_all: float
    """The same of the corpus' best item."""
    trust: float = 1.0
    """How far the matters are those that are asked for, 0 to 1."""

    def vector(self) -> tuple[float, float]:
        """What the plan has beyond the others, and what it lacks."""
        return (self.trust * (self.best - self.mean), self.trust * (1.0 - self.best))

    def anywhere(self) -> tuple[float, float]:
        """What the whole corpus has, and lacks."""
        return (self.trust * self.best_of_all, self.trust * (1.0 - self.best_of_all))


_NOTHING_NAMED = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about one plan before the language model is asked.

    Scores are counted in standard deviations from the mean over all sentences of the corpus: so they can be
    compared between questions, however near the encoder finds everything to one question and to another.
    """

    fused: float
    """Both views' score of the plan's best sentence, standardised."""
    gap: float
    """The same score, as it is, minus the best of the whole corpus; 0 for the best plan."""
    words: float
    """Largest share of the question's words in one sentence of the plan, 0 to 1."""
    keyword: float
    """BM25 score of the plan's best sentence by words, standardised; 0 where no plan has any of the words.

    At most ``KEYWORD_CAP``: one rare word in few sentences stands out by thirty deviations, and that says no
    more than eight.
    """
    foreign: bool
    """Whether the question is not Chinese: its words are then those of its terms, if it has any."""
    score: float = 0.0
    """Both views' score of the plan's best sentence, as it is."""
    best_score: float = 0.0
    """The same of the whole corpus' best sentence: low where no plan says what is asked."""
    best_words: float = 0.0
    """Largest share of the question's words in one sentence of the corpus, 0 to 1."""
    said: Said | None = None
    """What the trained map has to the plan; None where there is no map for the encoder."""
    side: float = 0.0
    """On which side the plan lies where the plans' best sentences fall into two groups, -1 to 1."""
    by_subject: bool = False
    """Whether words count by what they tell of the question's subject; else all do, by their rarity."""
    named: Named | None = None
    """What the plan has of the specific matters that the question names; None where it names none."""

    def vector(self) -> tuple[float, ...]:
        """The values in the order of the weights."""
        named = _NOTHING_NAMED if self.named is None else self.named.vector()
        return (self.fused, self.gap, self.words, self.keyword, self.score, self.side, *named)

    def anywhere(self) -> tuple[float, ...]:
        """What the whole corpus has to the question, in the order of the first step's weights."""
        named = _NOTHING_NAMED if self.named is None else self.named.anywhere()
        return (self.best_score, self.best_words, *named)

    def mapped_vector(self) -> tuple[float, ...]:
        """The values in the order of the weights for an encoder that has a map; needs ``said``."""
        said = self._known()
        return (*self.vector(), said.best, said.gap, said.standing)

    def mapped_anywhere(self) -> tuple[float, ...]:
        """The same for the first step; needs ``said``."""
        said = self._known()
        return (*self.anywhere(), said.best - said.gap)

    def _known(self) -> Said:
        if self.said is None:
            raise ValueError("there is no map for this encoder, so nothing of it is known.")
        return self.said


@dataclass(frozen=True, slots=True)
class Logistic:
    """Weights and intercept of one logistic regression."""

    weights: tuple[float, ...]
    intercept: float

    def probability(self, values: Sequence[float]) -> float:
        """Between 0 and 1; raises ValueError where the number of values is not that of the weights."""
        score = self.intercept + sum(w * v for w, v in zip(self.weights, values, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


@dataclass(frozen=True, slots=True)
class MappedSteps:
    """The steps for an encoder whose questions a trained map turns: Chinese ones and others apart."""

    which: Logistic
    foreign_which: Logistic
    anywhere: Logistic
    foreign_anywhere: Logistic

    def probability_anywhere(self, signals: Signals) -> float:
        """How probable it is that any plan of the corpus says what is asked."""
        step = self.foreign_anywhere if signals.foreign else self.anywhere
        return step.probability(signals.mapped_anywhere())

    def probability(self, signals: Signals) -> float:
        """How probable it is that the plan says what is asked."""
        step = self.foreign_which if signals.foreign else self.which
        return self.probability_anywhere(signals) * step.probability(signals.mapped_vector())


@dataclass(frozen=True, slots=True)
class VerdictModel:
    """The fitted decision: its steps and the thresholds that go with them."""

    cheap: Logistic
    """Which plans say it, given that some does; for questions in Chinese."""
    judged: Logistic
    """The same from the same signals and the language model's log-odds."""
    ask_above: float
    """The model is asked where the cheap probability lies above this …"""
    ask_below: float
    """… and below this."""
    yes_from: float
    undecided_from: float
    foreign: Logistic | None = None
    """For questions in another language, which have few words to go by; None: the same."""
    anywhere: Logistic | None = None
    """Whether any plan says it, for questions in Chinese; None: that is taken for granted."""
    foreign_anywhere: Logistic | None = None
    mapped: MappedSteps | None = None
    """What decides in place of all these where the encoder has a map."""
    by_subject: VerdictModel | None = None
    """What decides for signals by the subject; None: the same."""

    @classmethod
    def load(cls, file: Path = MODEL_FILE) -> VerdictModel:
        """Read the fitted values; raises ValueError or KeyError where the file is not of this form."""
        return cls._of(json.loads(file.read_text(encoding="utf-8")))

    @classmethod
    def _of(cls, data: dict[str, Any]) -> VerdictModel:
        return cls(
            _logistic(data["cheap"]),
            _logistic(data["judged"]),
            data["ask_above"],
            data["ask_below"],
            data["yes_from"],
            data["undecided_from"],
            _logistic(data["foreign"]),
            _logistic(data["anywhere"]),
            _logistic(data["foreign_anywhere"]),
            MappedSteps(**{name: _logistic(step) for name, step in data["mapped"].items()})
            if "mapped" in data
            else None,
            cls._of(data | data["by_subject"] | {"by_subject": None}) if data.get("by_subject") else None,
        )

    def probability(self, signals: Signals) -> float:
        """How probable it is, by the cheap signals, that the plan says what is asked."""
        if signals.by_subject and self.by_subject is not None:
            return self.by_subject.probability(signals)
        if self.mapped is not None and signals.said is not None:
            return self.mapped.probability(signals)
        stage = self.foreign if signals.foreign and self.foreign is not None else self.cheap
        return self.probability_anywhere(signals) * stage.probability(signals.vector())

    def probability_heard(self, signals: Signals, odds: float) -> float:
        """The same once the language model has given its log-odds."""
        return self.probability_anywhere(signals) * self.judged.probability((*signals.vector(), odds))

    def probability_anywhere(self, signals: Signals) -> float:
        """How probable it is that any plan of the corpus says what is asked."""
        if signals.by_subject and self.by_subject is not None:
            return self.by_subject.probability_anywhere(signals)
        if self.mapped is not None and signals.said is not None:
            return self.mapped.probability_anywhere(signals)
        stage = self.foreign_anywhere if signals.foreign else self.anywhere
        return 1.0 if stage is None else stage.probability(signals.anywhere())

    def word(self, probability: float) -> VerdictWord:
        """The verdict that a probability stands for."""
        if probability >= self.yes_from:
            return "yes"
        return "undecided" if probability >= self.undecided_from else "no_evidence"


def _logistic(data: dict[str, Any]) -> Logistic:
    return Logistic(tuple(data["weights"]), data["intercept"])
