"""Trains the map of ``rag.question_map`` on the judged pairs.

A pair is scored by ``a * q.s + b * turn(q).s + c``, where ``q`` and ``s`` are the encoder's unit vectors of
a question and a sentence and ``turn(q)`` is the question's vector times the matrix, of unit length again. The
matrix starts as the identity and learns by cross-entropy over every question and every sentence of its own
topic, near misses that share its words, with sentences of other topics beside them. ``a``, ``b`` and ``c``
are let go: what the map finds is one signal of the verdicts, which weigh it for themselves.

Bilinear scoring of a query and a document goes back to Bai et al. 2009 (Supervised Semantic Indexing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from embeddings.encoder import Encoder, Progress
from eval.pairs import PairsError, Topic
from rag.question_map import QuestionMap

EPOCHS = 6
BATCH = 256
OTHERS = 64
"""Pairs of a question and a sentence of another topic that are added to every batch."""
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 1e-2
DROPOUT = 0.2
HALF_SAID = 0.4
"""What a sentence is worth that says half of it."""
FOLDS = 5
_START = (8.0, 8.0, -8.0)

Labels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Judged pairs with their vectors; pair ``i`` is of question ``asked[i]`` and sentence ``said[i]``."""

    questions: torch.Tensor
    """Of shape ``(n_questions, dimension)``."""
    sentences: torch.Tensor
    """Of shape ``(n_sentences, dimension)``."""
    asked: NDArray[np.int64]
    said: NDArray[np.int64]
    labels: Labels
    """1 where the sentence says it, ``HALF_SAID`` where half of it, else 0."""
    topics: NDArray[np.int64]
    """The topic of each pair, by its place."""
    is_chinese: NDArray[np.bool_]

    def of_topics(self, numbers: Sequence[int]) -> NDArray[np.int64]:
        """The pairs of these topics."""
        return np.flatnonzero(np.isin(self.topics, np.array(numbers, dtype=np.int64)))


def embed_pairs(topics: Sequence[Topic], encoder: Encoder, progress: Progress | None = None) -> Pairs:
    """Every question of a topic with every sentence of it; raises PairsError where there is no topic."""
    if not topics:
        raise PairsError("there is no topic to train on; wanted judged pairs.")
    sentences = [sentence for topic in topics for sentence in topic.sentences]
    beside = [f"{sentence.section} {sentence.title}".strip() for sentence in sentences]
    vectors = encoder.encode_passages([sentence.text for sentence in sentences], beside, progress)
    questions: list[NDArray[np.float32]] = []
    total = sum(len(topic.questions) for topic in topics)
    rows: list[tuple[int, int, float, int, bool]] = []
    first = 0
    for number, topic in enumerate(topics):
        for asked in topic.questions:
            for place in range(len(topic.sentences)):
                label = 1.0 if place in asked.yes else HALF_SAID if place in asked.partial else 0.0
                rows.append((len(questions), first + place, label, number, asked.language == "zh"))
            questions.append(encoder.encode_question(asked.text))
            if progress is not None:
                progress(len(questions), total)
        first += len(topic.sentences)
    asked_, said, labels, numbers, chinese = zip(*rows, strict=True)
    return Pairs(
        torch.from_numpy(np.stack(questions)),
        torch.from_numpy(np.asarray(vectors, dtype=np.float32)),
        np.array(asked_, dtype=np.int64),
        np.array(said, dtype=np.int64),
        np.array(labels, dtype=np.float32),
        np.array(numbers, dtype=np.int64),
        np.array(chinese, dtype=np.bool_),
    )


class _Scorer(torch.nn.Module):
    """The score of pairs while the matrix is trained."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.turn = torch.nn.Linear(dimension, dimension, bias=False)
        torch.nn.init.eye_(self.turn.weight)
        self.scale = torch.nn.Parameter(torch.tensor(_START))
        self.dropout = torch.nn.Dropout(DROPOUT)

    def forward(self, questions: torch.Tensor, sentences: torch.Tensor) -> torch.Tensor:
        turned = torch.nn.functional.normalize(self.turn(self.dropout(questions)), dim=-1)
        as_they_are, mapped = (questions * sentences).sum(-1), (turned * sentences).sum(-1)
        scores: torch.Tensor = self.scale[0] * as_they_are + self.scale[1] * mapped + self.scale[2]
        return scores


def train(pairs: Pairs, among: NDArray[np.int64], encoder: str, seed: int = 0) -> QuestionMap:
    """A map trained on the pairs ``among``, for the encoder of that name; the same for the same seed."""
    torch.manual_seed(seed)
    drawn = np.random.default_rng(seed)
    scorer = _Scorer(pairs.questions.shape[1])
    weights = [{"params": [scorer.turn.weight], "weight_decay": WEIGHT_DECAY, "lr": LEARNING_RATE}]
    scale: dict[str, Any] = {"params": [scorer.scale], "weight_decay": 0.0, "lr": 10 * LEARNING_RATE}
    optimiser = torch.optim.AdamW([*weights, scale])
    batch = min(BATCH, len(among))
    steps = EPOCHS * (len(among) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [LEARNING_RATE, 10 * LEARNING_RATE], total_steps=steps + 1
    )
    scorer.train()
    order = among.copy()
    for _ in range(EPOCHS):
        drawn.shuffle(order)
        for start in range(0, len(order) - batch + 1, batch):
            own = order[start : start + batch]
            asked = np.concatenate([pairs.asked[own], pairs.asked[drawn.choice(order, OTHERS)]])
            said = np.concatenate([pairs.said[own], pairs.said[drawn.choice(order, OTHERS)]])
            wanted = np.concatenate([pairs.labels[own], np.zeros(OTHERS, dtype=np.float32)])
            scores = scorer(pairs.questions[torch.from_numpy(asked)], pairs.sentences[torch.from_numpy(said)])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, torch.from_numpy(wanted))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return QuestionMap(scorer.turn.weight.detach().numpy().copy(), encoder)


def held_out(pairs: Pairs, encoder: str) -> dict[str, dict[str, float]]:
    """Area under the ROC curve over pairs whose topics a map has not seen: of the plain vectors, and mapped.

    ``mapped`` adds both scores, each as it is. Pairs that are half said are left out.
    """
    numbers = np.unique(pairs.topics)
    plain, mapped = np.zeros(len(pairs.labels)), np.zeros(len(pairs.labels))
    for fold in range(FOLDS):
        kept, left = numbers[numbers % FOLDS != fold], numbers[numbers % FOLDS == fold]
        if not len(kept) or not len(left):
            continue
        turned = train(pairs, pairs.of_topics(kept.tolist()), encoder)
        own = pairs.of_topics(left.tolist())
        questions, sentences = pairs.questions[pairs.asked[own]], pairs.sentences[pairs.said[own]]
        moved = np.stack([turned.turn(question) for question in pairs.questions.numpy()])[pairs.asked[own]]
        plain[own] = (questions * sentences).sum(-1).numpy()
        mapped[own] = plain[own] + (moved * sentences.numpy()).sum(-1)
    clear = pairs.labels != np.float32(HALF_SAID)
    groups = {"all": clear, "zh": clear & pairs.is_chinese, "en": clear & ~pairs.is_chinese}
    return {
        name: {
            "plain": round(float(roc_auc_score(pairs.labels[own] == 1, plain[own])), 4),
            "mapped": round(float(roc_auc_score(pairs.labels[own] == 1, mapped[own])), 4),
        }
        for name, own in groups.items()
        if 0 < (pairs.labels[own] == 1).sum() < own.sum()
    }


def held_out_table(figures: dict[str, dict[str, float]], n_topics: int, n_pairs: int) -> str:
    """The same as plain text."""
    lines = [f"{n_topics} topics, {n_pairs:,} pairs; area under the ROC curve over topics left out"]
    lines.append(f"{'':<8}{'plain':>8}{'mapped':>8}")
    lines += [f"{name:<8}{one['plain']:>8.4f}{one['mapped']:>8.4f}" for name, one in figures.items()]
    return "\n".join(lines)
