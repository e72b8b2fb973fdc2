"""The plain way to do it, as a baseline: 1,000-character chunks, the best four, one prompt."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.plan import Item, Plan
from embeddings.encoder import Encoder, Progress
from eval.systems import Emit, describe_generator
from rag.citations import citation
from rag.generate import Generator, Message
from rag.records import (
    Answer,
    AskRequest,
    Citation,
    Claim,
    Coverage,
    Event,
    Hit,
    PlanVerdict,
    Status,
    VerdictWord,
)
from rag.scope_words import detect_language

CHUNK_CHARS = 1000
N_CHUNKS = 4
MAX_TOKENS = 300
_MARK = re.compile(r"\[(\d+)\]")
_REFUSAL = re.compile(
    r"资料中没有|资料不足|未提及|未找到|没有提到|not (?:found|mentioned|stated) in", re.IGNORECASE
)
_SYSTEM = {
    "zh": "根据下面的资料回答问题,在每句话后用[编号]注明出处。资料中没有答案时,回答“资料中没有”。",
    "en": "Answer the question from the sources below and name the source of every sentence as [number]. "
    "If they hold no answer, say: not found in the sources. Answer in English.",
}


@dataclass(frozen=True, slots=True)
class Window:
    """A thousand characters of a plan, cut without regard to its items."""

    plan: Plan
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words of the window."""
        return self.plan.text[self.start : self.end]

    def items(self) -> list[Item]:
        """The items that it holds wholly or in part, the one with the most of it first."""
        overlaps = [
            (min(self.end, item.end) - max(self.start, item.start), item) for item in self.plan.parts()
        ]
        inside = [(overlap, item) for overlap, item in overlaps if overlap > 0]
        return [item for _, item in sorted(inside, key=lambda pair: (-pair[0], pair[1].item_id))]


def cut_windows(plans: Sequence[Plan], size: int = CHUNK_CHARS) -> list[Window]:
    """Every plan in pieces of ``size`` characters, in order."""
    return [
        Window(plan, start, min(start + size, len(plan.text)))
        for plan in plans
        for start in range(0, len(plan.text), size)
    ]


class PlainSystem:
    """Dense search over windows, the best four to the model, its reply taken as it is.

    It is given the city and year of every window, since without them it could not name a masked city. Its
    citations are the windows that it marks, each cited by the item that fills most of it. It gives no
    verdicts of its own, so a plan counts as yes where the reply names its city (and year where there are
    two plans of it).
    """

    name = "the plain way"

    def __init__(
        self,
        plans: Sequence[Plan],
        encoder: Encoder,
        generator: Generator,
        progress: Progress | None = None,
    ) -> None:
        self._plans = tuple(plans)
        self._encoder = encoder
        self._generator = generator
        self._windows = cut_windows(plans)
        texts = [window.text for window in self._windows]
        self._vectors = encoder.encode_passages(texts, [""] * len(texts), progress)

    def describe(self) -> dict[str, Any]:
        """Window, encoder and model."""
        return {
            "system": self.name,
            "chunk_chars": CHUNK_CHARS,
            "n_chunks": N_CHUNKS,
            "encoder": self._encoder.name,
            "plans": [plan.source.sha256 for plan in self._plans],
            **describe_generator(self._generator),
        }

    def search(self, request: AskRequest, k: int, per_plan: bool) -> list[Hit] | None:
        """The items of the best windows, window by window."""
        wanted = [[plan.plan_id] for plan in self._plans] if per_plan else [[p.plan_id for p in self._plans]]
        ranked = self._rank(request.question)
        return [hit for plan_ids in wanted for hit in self._hits(ranked, plan_ids, k)]

    def answer(self, request: AskRequest, emit: Emit) -> Answer | None:
        """One prompt with the four best windows."""
        started = time.perf_counter()
        windows = [window for window, _ in self._rank(request.question)[:N_CHUNKS]]
        language = detect_language(request.question)
        emit(Event("evidence", {"n": len(windows)}))

        def pass_on(piece: str) -> bool:
            if piece:  # an empty one only asks whether to go on
                emit(Event("delta", {"text": piece}))
            return True

        generation = self._generator.generate(_prompt(request, windows, language), MAX_TOKENS, pass_on)
        text = generation.text.strip()
        citations = _cite(text, windows)
        status: Status = "not_found" if _REFUSAL.search(text) else "answered"
        numbers = tuple(citation.n for citation in citations)
        model = {"name": self._generator.name, "used": True, "prompt_tokens": generation.prompt_tokens,
                 "generated_tokens": generation.generated_tokens}  # fmt: skip
        return Answer(
            uuid.uuid4().hex, request.question, request.question, request.mode, language, status, text,
            (Claim(text, numbers, "weak"),), citations, self._verdicts(text),
            Coverage(len(self._plans), 0, 0), {}, (), model, {},
            {"total": (time.perf_counter() - started) * 1000},
        )  # fmt: skip

    def _rank(self, question: str) -> list[tuple[Window, float]]:
        scores = self._vectors @ self._encoder.encode_question(question)
        order = np.lexsort((np.arange(len(scores)), -scores))
        return [(self._windows[row], float(scores[row])) for row in order]

    def _hits(self, ranked: Sequence[tuple[Window, float]], plan_ids: Sequence[str], k: int) -> list[Hit]:
        hits: dict[str, Hit] = {}
        for window, score in ranked:
            if window.plan.plan_id not in plan_ids:
                continue
            for item in window.items():
                if item.item_id not in hits and len(hits) < k:
                    rank = len(hits) + 1
                    hits[item.item_id] = Hit(item.item_id, item.plan_id, score, rank, rank, None, window.text,
                                             window.start, window.end, item.item_id)  # fmt: skip
        return list(hits.values())

    def _verdicts(self, text: str) -> tuple[PlanVerdict, ...]:
        cities = [plan.city for plan in self._plans]
        verdicts: list[PlanVerdict] = []
        for plan in self._plans:
            pinyin = plan.plan_id.partition("-")[0]
            named = plan.city in text or pinyin in text.casefold()
            if cities.count(plan.city) > 1:
                named = named and str(plan.year) in text
            word: VerdictWord = "yes" if named else "no_evidence"
            verdicts.append(PlanVerdict(plan.plan_id, plan.city, plan.year, word, float(named)))
        return tuple(verdicts)


def _prompt(request: AskRequest, windows: Sequence[Window], language: str) -> list[Message]:
    sources = [
        f"[{n}] {window.plan.city}{window.plan.year}年:{window.text}"
        for n, window in enumerate(windows, start=1)
    ]
    earlier = [Message(turn.role, turn.content) for turn in request.history]
    question = "\n\n".join([*sources, request.question])
    return [Message("system", _SYSTEM[language]), *earlier, Message("user", question)]


def _cite(text: str, windows: Sequence[Window]) -> tuple[Citation, ...]:
    marked = sorted({int(number) for number in _MARK.findall(text)})
    citations: list[Citation] = []
    for n in marked:
        if 1 <= n <= len(windows) and windows[n - 1].items():
            window = windows[n - 1]
            item, plan = window.items()[0], window.plan
            citations.append(citation(n, plan, item, window.text, window.start, window.end))
    return tuple(citations)
