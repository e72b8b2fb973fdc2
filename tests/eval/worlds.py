"""A world of two tiny plans and a system whose answers the tests set, for the harness' own tests."""

import itertools
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.plan import Item, Plan, Source, SubPoint
from embeddings.encoder import Progress, Vectors
from eval.questions import Question, parse_question
from rag.errors import GeneratorUnavailable
from rag.records import Answer, AskRequest, Citation, Claim, Coverage, Event, Hit, PlanVerdict

Emit = Callable[[Event], None]


def make_plan(plan_id: str, city: str, year: int, texts: Sequence[str]) -> Plan:
    """A plan whose items are ``texts``, numbered from 1; the last sentence of each is its sub-point 1."""
    text, items = "", []
    for number, words in enumerate(texts, start=1):
        start = len(text)
        text += words + "\n"
        item_id = f"{plan_id}#{number}"
        cut = start + max(0, words.rstrip("。").rfind("。") + 1)
        point = SubPoint(f"{item_id}.1", "①", 1, text[cut : start + len(words)], cut, start + len(words))
        items.append(Item(item_id, plan_id, str(number), (), "", words, start, start + len(words), (point,)))
    return Plan(
        plan_id,
        "要点",
        city,
        "stated",
        year,
        "stated",
        "教育局",
        text,
        tuple(items),
        (),
        Source("x.txt", "0" * 64),
    )


PLANS = (
    make_plan(
        "alpha-2020", "甲城", 2020, ["1.新建幼儿园50所。改造100所。", "2.开展研学。", "3.评选10所示范校。"]
    ),
    make_plan("beta-2021", "乙城", 2021, ["1.新建幼儿园30所。", "2.推进研学旅行。", "3.加强体育。"]),
)


def question(**fields: Any) -> Question:
    """A question with the given fields over plausible defaults."""
    base = {
        "id": "q",
        "type": "lookup",
        "topic": "t",
        "language": "zh",
        "question": "多少?",
        "reference": "!",
    }
    return parse_question(json.dumps({**base, **fields}, ensure_ascii=False), "test:1")


def cite(n: int, item_id: str, quote: str, shift: int = 0) -> Citation:
    """A citation of ``quote`` from the item, its offsets moved by ``shift``."""
    plan = next(plan for plan in PLANS if item_id.startswith(plan.plan_id))
    start = plan.text.index(quote) + shift
    number = item_id.partition("#")[2]
    return Citation(n, plan.plan_id, plan.city, "stated", plan.year, item_id, number, (), "", quote,
                    start, start + len(quote))  # fmt: skip


def answer(
    text: str,
    citations: Sequence[Citation] = (),
    status: Any = "answered",
    verdicts: dict[str, tuple[Any, float]] | None = None,
) -> Answer:
    """An answer of one claim with these parts."""
    given = None
    if verdicts is not None:
        given = tuple(PlanVerdict(plan, "", None, word, sure) for plan, (word, sure) in verdicts.items())
    numbers = tuple(citation.n for citation in citations)
    claims = (Claim(text, numbers, "verified"),)
    return Answer(
        "id", "q", "q", "lookup", "zh", status, text, claims, tuple(citations), given,
        Coverage(2, 2, 6), {}, (), {"name": "fake", "used": True, "prompt_tokens": 90}, {}, {"total": 5.0},
    )  # fmt: skip


class FakeSystem:
    """Gives the answers and hits that it was made with."""

    def __init__(
        self,
        answers: dict[str, Answer],
        hits: Sequence[str] = (),
        name: str = "fake",
    ) -> None:
        self.name = name
        self.asked: list[str] = []
        self._answers = answers
        self._hits = hits

    def describe(self) -> dict[str, Any]:
        """Its name alone."""
        return {"system": self.name}

    def search(self, request: AskRequest, k: int, per_plan: bool) -> list[Hit] | None:
        """The hits it was made with, of each plan for itself where asked."""
        ranks: dict[str, int] = {}
        found: list[Hit] = []
        for item_id in self._hits:
            plan_id = item_id.partition("#")[0]
            place = plan_id if per_plan else ""
            ranks[place] = ranks.get(place, 0) + 1
            found.append(Hit(item_id, plan_id, 1.0, ranks[place], None, None, "", 0, 0, item_id))
        return found[:k]

    def answer(self, request: AskRequest, emit: Emit) -> Answer | None:
        """The answer set for the question; an error that users meet where none was."""
        self.asked.append(request.question)
        emit(Event("evidence", {}))
        emit(Event("delta", {"text": "…"}))
        if request.question not in self._answers:
            raise GeneratorUnavailable("the model is gone")
        return self._answers[request.question]


class PairEncoder:
    """Counts character pairs into a unit vector, and how often it was asked."""

    name = "pairs"
    dimension = 64

    def __init__(self) -> None:
        self.n_questions = 0

    def encode_question(self, question: str) -> NDArray[np.float32]:
        self.n_questions += 1
        return self._vector(question)

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for pair in itertools.pairwise(text):
            vector[sum(map(ord, pair)) % self.dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
