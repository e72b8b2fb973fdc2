"""Decides what each plan says to a "which plans" question, from calibrated signals.

Cheap signals come first, in two steps whose probabilities are multiplied. The first asks whether any plan at
all says it: how good the best sentence of the corpus is, as it is. The second asks which ones do, given that
some does: how far a plan's best sentence stands out from all sentences of the corpus, for itself and beside
the best plan's, on which side of the split between the plans it lies, and how much of the question's words it
holds. For an encoder that has a trained map (``rag.question_map``) both steps have weights of their own, and
look at what the map finds, too. Where they
leave doubt the language model can be asked, yes or no, about the plan's best sentences; the thresholds in the
file say where, and say nowhere as long as asking does not make the decisions better. All steps are logistic
regressions whose weights lie in ``verdict_model.json``, fitted on the development questions by
``eval.fit_verdicts``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.generate import Generator
from rag.prompts import JUDGE_CHOICES, judge_prompt
from rag.question_map import QuestionMap
from rag.records import Chunk, VerdictWord
from rag.retrieve import Retriever, Scores
from rag.split import split_point

MODEL_FILE = Path(__file__).with_name("verdict_model.json")
KEYWORD_CAP = 8.0
_SILENT_BELOW = 0.04
"""Below this probability a plan that is compared, summarised or counted in is taken to be silent …"""
_ALL_SILENT_BELOW = 0.07
"""… and all plans of a question where none of them comes up to this.

One plan of several that is wrongly called silent costs a cell, so its bound is lower. Of 205 development
questions for a comparison, a summary or a count no best plan lies below 0.08; of 29 whose plans are silent
twelve lie below 0.07, eight below 0.04.
"""
_OF_SPLIT = 1.5
"""What a standard deviation counts by which a plan lies on one side of the split between the plans.

How many plans say yes shows in where their best sentences part from the others', elsewhere for each question.
Of 1.5, 3, 6 and the bare side all made the verdicts of left-out topics better, this one the most.
"""
N_SENTENCES = 2
"""How many of a plan's best sentences are looked at by the model, and may be quoted."""


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

    def vector(self) -> tuple[float, ...]:
        """The values in the order of the weights."""
        return (self.fused, self.gap, self.words, self.keyword, self.score, self.side)

    def anywhere(self) -> tuple[float, ...]:
        """What the whole corpus has to the question, in the order of the first step's weights."""
        return (self.best_score, self.best_words)

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

    @classmethod
    def load(cls, file: Path = MODEL_FILE) -> VerdictModel:
        """Read the fitted values; raises ValueError or KeyError where the file is not of this form."""
        data = json.loads(file.read_text(encoding="utf-8"))
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
        )

    def probability(self, signals: Signals) -> float:
        """How probable it is, by the cheap signals, that the plan says what is asked."""
        if self.mapped is not None and signals.said is not None:
            return self.mapped.probability(signals)
        stage = self.foreign if signals.foreign and self.foreign is not None else self.cheap
        return self.probability_anywhere(signals) * stage.probability(signals.vector())

    def probability_heard(self, signals: Signals, odds: float) -> float:
        """The same once the language model has given its log-odds."""
        return self.probability_anywhere(signals) * self.judged.probability((*signals.vector(), odds))

    def probability_anywhere(self, signals: Signals) -> float:
        """How probable it is that any plan of the corpus says what is asked."""
        if self.mapped is not None and signals.said is not None:
            return self.mapped.probability_anywhere(signals)
        stage = self.foreign_anywhere if signals.foreign else self.anywhere
        return 1.0 if stage is None else stage.probability(signals.anywhere())

    def word(self, probability: float) -> VerdictWord:
        """The verdict that a probability stands for."""
        if probability >= self.yes_from:
            return "yes"
        return "undecided" if probability >= self.undecided_from else "no_evidence"


@dataclass(frozen=True, slots=True)
class Decision:
    """A plan's verdict before its citations are placed."""

    plan_id: str
    verdict: VerdictWord
    probability: float
    sentences: tuple[Chunk, ...]
    """The plan's best sentences, best first."""
    asked: bool
    """Whether the language model had a say."""


class VerdictJudge:
    """Decides plan by plan for one question."""

    def __init__(
        self, retriever: Retriever, model: VerdictModel, question_map: QuestionMap | None = None
    ) -> None:
        """``question_map`` must be one for the retriever's encoder; None where there is none for it."""
        self._retriever = retriever
        self._model = model
        self._map = question_map

    def signals(self, scores: Scores) -> dict[str, tuple[Signals, tuple[Chunk, ...]]]:
        """Signals and best sentences of every plan; the worst and none where nothing of it was scored."""
        chunks = self._retriever.index.chunks
        fused = scores.fused
        top = float(fused.max()) if fused.size else 0.0
        standing, keyword = _standardised(fused, scores.typical), _standardised(scores.keyword)
        words = float(scores.shares.max()) if scores.shares.size else 0.0
        said = self._said(scores)
        known: dict[str, tuple[Signals, tuple[Chunk, ...]]] = {}
        plan_ids = [plan.plan_id for plan in self._retriever.index.plans]
        ranked = {
            plan_id: sorted(rows, key=lambda row: (-float(fused[row]), row))
            for plan_id, rows in zip(plan_ids, self._retriever.scored(plan_ids, scores), strict=True)
        }
        best_rows = [rows[0] for rows in ranked.values() if rows]
        split = split_point(standing[best_rows]) if best_rows else 0.0
        worst = _worst(scores, standing, keyword, top)
        worst = replace(
            worst,
            best_score=top,
            best_words=words,
            said=None if said is None else said.worst(),
            side=_side(worst.fused, split),
        )
        for plan_id, rows in ranked.items():
            if not rows:
                known[plan_id] = worst, ()
                continue
            best = rows[0]
            signals = Signals(
                float(standing[best]),
                float(fused[best]) - top,
                float(scores.shares[rows].max()),
                min(float(keyword[rows].max()), KEYWORD_CAP),
                scores.foreign,
                float(fused[best]),
                top,
                words,
                None if said is None else said.of(rows),
                _side(float(standing[best]), split),
            )
            known[plan_id] = signals, tuple(chunks[row] for row in rows[:N_SENTENCES])
        return known

    def _said(self, scores: Scores) -> _SaidScores | None:
        if self._map is None or scores.vector is None or not scores.dense.size:
            return None
        found = self._retriever.scores_of(self._map.turn(scores.vector), scores)
        return _SaidScores(found, _standardised(found, scores.typical))

    def probability(self, signals: Signals) -> float:
        """How probable it is, by the cheap signals alone, that the plan says what is asked."""
        return self._model.probability(signals)

    def word(self, probability: float) -> VerdictWord:
        """The verdict that a probability stands for."""
        return self._model.word(probability)

    def probabilities(self, scores: Scores) -> dict[str, float]:
        """Of every plan of the corpus how probable it is, by the cheap signals, that it says it."""
        return {plan_id: self.probability(signals) for plan_id, (signals, _) in self.signals(scores).items()}

    def silent_plans(self, scores: Scores, among: Collection[str] = ()) -> set[str]:
        """The plans of the corpus that say nothing near to what the scores are for (``silent``)."""
        return silent(self.probabilities(scores), among)

    def is_doubtful(self, decision: Decision) -> bool:
        """Tell whether a decision made without the language model is worth asking it."""
        return self._model.ask_above < decision.probability < self._model.ask_below

    def decide(
        self,
        question: str,
        plan_id: str,
        signals: Signals,
        sentences: tuple[Chunk, ...],
        generator: Generator | None,
    ) -> Decision:
        """Decide one plan; the sentence that the language model found fittest comes first."""
        cheap = self._model.probability(signals)
        decision = Decision(plan_id, self._model.word(cheap), cheap, sentences, False)
        if generator is None or not sentences or not self.is_doubtful(decision):
            return decision
        odds = [judge_odds(generator, question, chunk) for chunk in sentences]
        probability = self._model.probability_heard(signals, max(odds))
        order = sorted(range(len(sentences)), key=lambda i: (-odds[i], i))
        ranked = tuple(sentences[i] for i in order)
        return Decision(plan_id, self._model.word(probability), probability, ranked, True)


@dataclass(frozen=True, slots=True, eq=False)
class _SaidScores:
    """How near every chunk is to the turned question, as it is and standardised."""

    scores: NDArray[np.float32]
    standing: NDArray[np.float32]

    def of(self, rows: Sequence[int]) -> Said:
        """What a plan with these rows has."""
        best = float(self.scores[rows].max())
        return Said(best, best - float(self.scores.max()), float(self.standing[rows].max()))

    def worst(self) -> Said:
        """What a plan has of which no row was scored: no more than the corpus' mean."""
        return Said(0.0, -float(self.scores.max()), 0.0)


def silent(probabilities: Mapping[str, float], among: Collection[str] = ()) -> set[str]:
    """The plans with a probability so low that they are taken to say nothing of the matter.

    All of ``among``, the plans that a question is put to, where none of them says enough.
    """
    found = {plan_id for plan_id, probability in probabilities.items() if probability < _SILENT_BELOW}
    best = max((probabilities[plan_id] for plan_id in among), default=1.0)
    return found | set(among) if best < _ALL_SILENT_BELOW else found


def judge_odds(generator: Generator, question: str, chunk: Chunk) -> float:
    """Log-odds that the model gives to "yes, this sentence says what the question asks"."""
    yes, no = generator.choose(judge_prompt(question, chunk.title, chunk.text), JUDGE_CHOICES)
    return yes - no


def _logistic(data: dict[str, Any]) -> Logistic:
    return Logistic(tuple(data["weights"]), data["intercept"])


def _worst(
    scores: Scores, standing: NDArray[np.float32], keyword: NDArray[np.float32], top: float
) -> Signals:
    """Signals of a plan that has nothing to it: those of the typical row that is farthest off."""
    if not standing.size:
        return Signals(0.0, 0.0, 0.0, 0.0, scores.foreign)
    rows = np.arange(standing.size) if scores.typical is None else scores.typical
    farthest = rows[int(standing[rows].argmin())]
    gap = float(scores.fused[farthest]) - top
    lowest = float(scores.fused[farthest])
    return Signals(float(standing[farthest]), gap, 0.0, float(keyword.min()), scores.foreign, lowest)


def _side(standing: float, split: float) -> float:
    return math.tanh(_OF_SPLIT * (standing - split))


def _standardised(
    scores: NDArray[np.float32], typical: NDArray[np.int64] | None = None
) -> NDArray[np.float32]:
    """Counted in standard deviations from the mean: of all rows, or of those that stand for all."""
    counted = scores if typical is None else scores[typical]
    spread = float(counted.std())
    centred = scores - counted.mean()
    standardised: NDArray[np.float32] = (centred / spread if spread > 0 else centred).astype(np.float32)
    return standardised
