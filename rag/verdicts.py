"""Decides what each plan says to a "which plans" question, from calibrated signals.

Cheap signals come first, in two steps whose probabilities are multiplied. The first asks whether any plan at
all says it: how good the best sentence of the corpus is, as it is. The second asks which ones do, given that
some does: how far a plan's best sentence stands out from all sentences of the corpus, for itself and beside
the best plan's, on which side of the split between the plans it lies, and how much of the question's words it
holds. For an encoder that has a trained map (``rag.question_map``) both steps have weights of their own, and
look at what the map finds, too, and in both what of the specific matters of a question is named
(``rag.naming``). "Which plans" questions are decided by signals in which words count by what they tell of the
question's subject, with weights fitted to these. Where the steps leave doubt the language model can be asked,
yes or no, about the plan's best sentences; the thresholds in the file say where, and say nowhere as long as
asking does not make the decisions better. All steps are logistic regressions whose weights lie in
``verdict_model.json``, fitted on the development questions by ``eval.fit_verdicts``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rag.generate import Generator
from rag.naming import Naming
from rag.prompts import JUDGE_CHOICES, judge_prompt
from rag.question_map import QuestionMap
from rag.quoted_sentences import best_sentences
from rag.records import Chunk, VerdictWord
from rag.retrieve import Retriever, Scores
from rag.split import split_point
from rag.verdict_model import Named, Said, Signals, VerdictModel

KEYWORD_CAP = 8.0
_SILENT_BELOW = 0.03
"""Below this probability a plan that is compared, summarised or counted in is taken to be silent …"""
_ALL_SILENT_BELOW = 0.07
"""… and all plans of a question where none of them comes up to this.

One plan of several that is wrongly called silent costs a cell, so its bound is lower: at 0.04 two of 136
development comparisons lose a plan that speaks, and none of 157 silent questions is told apart by it. Of 409
questions for a comparison, a summary or a count the best plan lies below 0.07 for six, of 50 whose plans are
silent for 35.
"""
MEANT = 0.8
"""How far matters are trusted that a question only comes near to (``rag.meant_matters``)."""
_OF_SPLIT = 1.5
"""What a standard deviation counts by which a plan lies on one side of the split between the plans.

How many plans say yes shows in where their best sentences part from the others', elsewhere for each question.
Of 1.5, 3, 6 and the bare side all made the verdicts of left-out topics better, this one the most.
"""


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

    def signals(
        self, scores: Scores, by_subject: bool = False
    ) -> dict[str, tuple[Signals, tuple[Chunk, ...]]]:
        """Signals and best sentences of every plan; the worst and none where nothing of it was scored.

        Which of the plans say it is told best by the subject of the question, and whether a plan that is
        named says anything to a question, however long, by all its words.
        """
        chunks = self._retriever.index.chunks
        fused = scores.judged if by_subject else scores.views
        quotable = scores.quotable if by_subject else scores.fused
        shares = scores.subjects if by_subject else scores.shares
        top = float(fused.max()) if fused.size else 0.0
        standing, keyword = _standardised(fused, scores.typical), _standardised(scores.keyword)
        words = float(shares.max()) if shares.size else 0.0
        said = self._said(scores)
        known: dict[str, tuple[Signals, tuple[Chunk, ...]]] = {}
        plan_ids = [plan.plan_id for plan in self._retriever.index.plans]
        ranked = {
            plan_id: sorted(rows, key=lambda row: (-float(fused[row]), row))
            for plan_id, rows in zip(plan_ids, self._retriever.scored(plan_ids, scores), strict=True)
        }
        best_rows = [rows[0] for rows in ranked.values() if rows]
        split = split_point(standing[best_rows]) if best_rows else 0.0
        named = _named(scores.naming, ranked)
        worst = _worst(scores, fused, standing, keyword)
        worst = replace(
            worst,
            best_score=top,
            best_words=words,
            said=None if said is None else said.worst(),
            side=_side(worst.fused, split),
            by_subject=by_subject,
        )
        for plan_id, rows in ranked.items():
            if not rows:
                known[plan_id] = replace(worst, named=named.get(plan_id)), ()
                continue
            best = rows[0]
            signals = Signals(
                float(standing[best]),
                float(fused[best]) - top,
                float(shares[rows].max()),
                min(float(keyword[rows].max()), KEYWORD_CAP),
                scores.foreign,
                float(fused[best]),
                top,
                words,
                None if said is None else said.of(rows),
                _side(float(standing[best]), split),
                by_subject,
                named.get(plan_id),
            )
            known[plan_id] = (
                signals,
                tuple(chunks[row] for row in best_sentences(rows, quotable, scores, chunks)),
            )
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


def _worst(
    scores: Scores, fused: NDArray[np.float32], standing: NDArray[np.float32], keyword: NDArray[np.float32]
) -> Signals:
    """Signals of a plan that has nothing to it: those of the typical row that is farthest off."""
    if not standing.size:
        return Signals(0.0, 0.0, 0.0, 0.0, scores.foreign)
    rows = np.arange(standing.size) if scores.typical is None else scores.typical
    farthest = rows[int(standing[rows].argmin())]
    lowest = float(fused[farthest])
    gap = lowest - float(fused.max())
    return Signals(float(standing[farthest]), gap, 0.0, float(keyword.min()), scores.foreign, lowest)


def _named(naming: Naming | None, rows_of_plan: Mapping[str, Sequence[int]]) -> dict[str, Named]:
    """What each plan has of the matters that the question names; nothing where it names none."""
    if naming is None:
        return {}
    best = {
        plan_id: float(naming.items[rows].max()) if rows else 0.0 for plan_id, rows in rows_of_plan.items()
    }
    looked_at = [best[plan_id] for plan_id, rows in rows_of_plan.items() if rows]
    mean = sum(looked_at) / max(1, len(looked_at))
    trust = MEANT if naming.meant else 1.0
    return {plan_id: Named(share, mean, max(best.values()), trust) for plan_id, share in best.items()}


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
