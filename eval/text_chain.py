"""planqa's own chain over texts that are no plans, so that public test sets measure what users run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from corpus.plan import Item, Plan, Source
from embeddings.encoder import Encoder, Progress
from eval.beir import Passage
from eval.rgb import Reply
from rag.answer import Answerer
from rag.generate import Generator
from rag.places import Gazetteer
from rag.records import AskRequest
from rag.retrieve import Retriever
from rag.snapshot import build_index, load_index

_PLAN_ID = "texts"


class NoPlaces:
    """A gazetteer of nothing: the texts are not about cities with plans, so no place may narrow the scope."""

    def find(self, text: str) -> Sequence[tuple[str, int, int]]:
        """No places."""
        return ()

    def find_misspelt(self, text: str) -> Sequence[tuple[str, int, int]]:
        """No misspelt ones either."""
        return ()

    def contains(self, place: str, city: str) -> bool:
        """No place holds any city."""
        return False


def plan_of_passages(passages: Sequence[Passage]) -> Plan:
    """A plan whose items are the passages, in order, numbered from 1."""
    text, items = "", []
    for number, passage in enumerate(passages, start=1):
        start = len(text)
        text += passage.text
        item_id = f"{_PLAN_ID}#{number}"
        items.append(Item(item_id, _PLAN_ID, str(number), (), passage.title, passage.text, start, len(text)))
        text += "\n"
    source = Source("", hashlib.sha256(text.encode()).hexdigest())
    return Plan(_PLAN_ID, "", "", "unknown", None, "unknown", "", text, tuple(items), (), source)


class PassageSearch:
    """Our retrieval over passages: sentences and passages, dense and keyword, fused."""

    def __init__(
        self, passages: Sequence[Passage], encoder: Encoder, folder: Path, progress: Progress | None = None
    ) -> None:
        self._ids = [passage.passage_id for passage in passages]
        build_index([plan_of_passages(passages)], encoder, folder, progress)
        self._retriever = Retriever(load_index(folder, encoder), encoder)

    def rank(self, question: str) -> list[str]:
        """The ids of the best hundred passages."""
        hits = self._retriever.search(question, [_PLAN_ID], 100)
        return [self._ids[int(hit.item_id.partition("#")[2]) - 1] for hit in hits]


class TextAnswerer:
    """Our answering over a handful of texts, indexed for each question."""

    def __init__(
        self, encoder: Encoder, generator: Generator | None, folder: Path, gazetteer: Gazetteer | None = None
    ) -> None:
        self._encoder = encoder
        self._generator = generator
        self._folder = folder
        self._gazetteer = gazetteer or NoPlaces()

    def answer(self, question: str, texts: Sequence[str]) -> Reply:
        """What planqa replies when the texts are all it has."""
        passages = [Passage(str(n), "", text) for n, text in enumerate(texts, start=1) if text.strip()]
        build_index([plan_of_passages(passages)], self._encoder, self._folder)
        index = load_index(self._folder, self._encoder)
        answerer = Answerer(index, self._encoder, self._generator, self._gazetteer)
        answer = answerer.answer(AskRequest(question, mode="lookup", generate=self._generator is not None))
        return Reply(answer.answer, answer.status in ("not_found", "out_of_corpus"))
