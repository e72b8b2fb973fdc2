"""What each part of retrieval is worth: the chain with one part changed, over the same questions.

Every variant goes through the chain's own code (reading, scoring, ranking); what is changed is what is
embedded, what stands beside it, which views take part and how they are joined. Vectors come from the cache,
so a second run costs seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpus.plan import Plan
from embeddings.encoder import Encoder, Progress
from embeddings.faiss_store import FaissStore
from embeddings.vector_store import Rows
from eval.citable import Citable
from eval.measures import Share
from eval.outcomes import N_HITS, N_PLAN_HITS, Outcome, hit_pairs
from eval.questions import Question
from eval.scoring import score
from eval.statistics import Difference, Estimate, adjust_holm, compare_pairs, estimate
from rag.chunks import chunk_plans, context, whole_item
from rag.generate import Generator, Message
from rag.keyword_index import KeywordIndex
from rag.reading import Reading
from rag.records import Chunk, Hit
from rag.retrieve import Retriever, Scores
from rag.snapshot import Index
from rag.terms import Terms
from rag.view_files import keyword_text
from rag.views import score_question

Beside = Literal["heading", "title", "place"]
Fusion = Literal["ours", "dense", "words", "ranks", "scaled"]
Level = Literal["sentences", "items"]
Read = Callable[[Question], Reading]
Floats = NDArray[np.float32]
_MAX_TOKENS = 64
_REWORDING: tuple[tuple[Literal["system", "user", "assistant"], str], ...] = (
    ("system", "把关于政府工作要点的问题换成公文里常用的说法，意思不变，只写换好的问题。"),
    ("user", "哪里要给老小区装电梯?"),
    ("assistant", "哪些城市推进既有住宅加装电梯、老旧小区改造？"),
    ("user", "Which towns will clean up their rivers?"),
    ("assistant", "哪些城市提出河道综合治理、水环境整治、黑臭水体消除？"),
)
RANK_CONSTANT = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""
MEASURES = ("recall@5", "recall@10", "ndcg@10", "plan_first_hit")
GROUPS = ("all", "zh", "en")


@dataclass(frozen=True, slots=True)
class Variant:
    """The chain with something changed; the defaults are the chain as it is."""

    name: str
    levels: tuple[Level, ...] = ("sentences",)
    beside: tuple[Beside, ...] = ("heading", "title")
    """What is embedded, and searched by words, beside a sentence."""
    fusion: Fusion = "ours"
    rendering: bool = True
    """Whether the language model puts an English question without known terms into Chinese."""
    terms: bool = True
    """Whether the file of terms gives English questions, and words that no plan has, other words."""
    whole_question: bool = False
    """Whether places and years that chose the plans stay in what is searched for."""
    rewording: bool = False
    """Whether the language model puts the question in other words, which are searched for as well."""


OURS = Variant("ours")
REWORDED = Variant("also in other words by the model", rewording=True)
"""Not one of those below: it takes seconds a question, so it is measured on a sample."""
VARIANTS = (
    OURS,
    Variant("dense view alone", fusion="dense"),
    Variant("keyword view alone (BM25)", fusion="words"),
    Variant("views joined by reciprocal ranks", fusion="ranks"),
    Variant("views joined by scaled scores, half each", fusion="scaled"),
    Variant("nothing beside the sentence", beside=()),
    Variant("without the heading beside", beside=("title",)),
    Variant("without the item's title beside", beside=("heading",)),
    Variant("with city and year beside", beside=("place", "heading", "title")),
    Variant("whole items in place of sentences", levels=("items",)),
    Variant("whole items beside the sentences", levels=("sentences", "items")),
    Variant("without the file of terms", terms=False),
    Variant("English questions not put into Chinese by the model", rendering=False),
    Variant("without terms and without renderings", terms=False, rendering=False),
    Variant("places and years left in the question", whole_question=True),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One measure of one variant over one group of questions."""

    estimate: Estimate
    change: Difference | None
    """Against ours, question by question; None for ours."""
    p_adjusted: float = 1.0
    """After Holm, for having tested every variant by this measure."""


@dataclass(frozen=True, slots=True)
class Line:
    """One variant's figures, by group and measure; a pair that nothing applies to is absent."""

    name: str
    cells: Mapping[tuple[str, str], Cell]


@dataclass(frozen=True, slots=True)
class Searched:
    """One question as a variant searched it."""

    question: Question
    reading: Reading
    hits: tuple[Hit, ...]
    scores: Mapping[str, Share]


class Ablation:
    """Searches the questions with one variant after another, building each index once."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        generator: Generator | None,
        read: Read,
        progress: Progress | None = None,
    ) -> None:
        self._index = index
        self._encoder = encoder
        self._generator = generator
        self._read = read
        self._progress = progress
        self._citable = Citable.of(index.plans)
        self._built: dict[tuple[tuple[Level, ...], tuple[Beside, ...]], Index] = {}
        self._retrievers: dict[tuple[object, ...], Retriever] = {}

    def search(self, variant: Variant, questions: Sequence[Question]) -> list[Searched]:
        """Every question that requires items, searched with the variant."""
        retriever = self._retriever(variant)
        return [self._searched(variant, retriever, question) for question in questions if question.required]

    def chunk(self, hit: Hit) -> Chunk:
        """The sentence that a hit of the chain as it is was found by."""
        (found,) = [chunk for _, chunk in self._retriever(OURS).sentences(hit.item_id)
                    if chunk.chunk_id == hit.chunk_id]  # fmt: skip
        return found

    def score(self, question: Question, item_ids: Sequence[str]) -> dict[str, Share]:
        """The measures of an order of items."""
        hits = tuple((item_id, 0.0) for item_id in item_ids)
        return score(question, Outcome(question.question_id, hits, searched=True), self._citable)

    def _searched(self, variant: Variant, retriever: Retriever, question: Question) -> Searched:
        reading = self._read(question)
        if variant.whole_question:
            reading = replace(reading, topic=reading.question)
        generator = self._generator if variant.rendering else None
        known = score_question(retriever, reading, generator).scores
        if variant.rewording and generator is not None:
            known = _with(known, retriever.score(reword(reading.topic, generator), reading.plan_ids))
        rows = retriever.rows(reading.plan_ids)
        joined = join_views(variant.fusion, known, rows)
        hits = retriever.search(reading.topic, reading.plan_ids, N_HITS, scores=joined) if rows else []
        per_plan: dict[str, list[str]] = {}
        if question.verdicts and rows:
            for hit in retriever.search(reading.topic, reading.plan_ids, N_PLAN_HITS, True, joined):
                if variant.fusion != "words" or hit.score > 0:
                    per_plan.setdefault(hit.plan_id, []).append(hit.item_id)
        if variant.fusion == "words":
            # a sentence without a word of the question is not found, rather than found last
            hits = [hit for hit in hits if hit.score > 0]
        outcome = Outcome(question.question_id, hit_pairs(hits), searched=True, plan_hits=per_plan)
        return Searched(question, reading, tuple(hits), score(question, outcome, self._citable))

    def _retriever(self, variant: Variant) -> Retriever:
        key = (variant.levels, variant.beside, variant.terms)
        if key not in self._retrievers:
            terms = None if variant.terms else Terms([])
            self._retrievers[key] = Retriever(self._arranged(variant), self._encoder, terms)
        return self._retrievers[key]

    def _arranged(self, variant: Variant) -> Index:
        key = (variant.levels, variant.beside)
        if key not in self._built:
            chunks = arrange(self._index.plans, *key)
            vectors = self._encoder.encode_passages(
                [chunk.text for chunk in chunks], [context(chunk) for chunk in chunks], self._progress
            )
            store = FaissStore()
            store.build(Rows([chunk.chunk_id for chunk in chunks], vectors))
            keywords = KeywordIndex.build([keyword_text(chunk) for chunk in chunks])
            self._built[key] = replace(self._index, chunks=tuple(chunks), vectors=store, keywords=keywords)
        return self._built[key]


def arrange(plans: Sequence[Plan], levels: Sequence[Level], beside: Sequence[Beside]) -> list[Chunk]:
    """The chunks of the plans on these levels, with this beside them."""
    chunks: list[Chunk] = list(chunk_plans(plans)) if "sentences" in levels else []
    if "items" in levels:
        # an item begins with its title, which need not stand beside it again
        chunks += [replace(whole_item(part), title="") for plan in plans for part in plan.parts()]
    places = {plan.plan_id: f"{plan.city} {plan.year or ''}".strip() for plan in plans}
    return [_beside(chunk, beside, places[chunk.plan_id]) for chunk in chunks]


def _beside(chunk: Chunk, beside: Sequence[Beside], place: str) -> Chunk:
    heading = context(replace(chunk, title="")) if "heading" in beside else ""
    words = " ".join(part for part in (place if "place" in beside else "", heading) if part)
    return replace(chunk, headings=(words,) if words else (), title=chunk.title if "title" in beside else "")


def reword(question: str, generator: Generator) -> str:
    """The question in the words of official documents, as far as the model can; one line."""
    turns = [Message(*turn) for turn in _REWORDING]
    messages = [*turns, Message("user", question)]
    return generator.generate(messages, _MAX_TOKENS).text.strip().partition("\n")[0]


def _with(known: Scores, other: Scores) -> Scores:
    """Both wordings: the mean of how near they are, and the better one's words."""
    return replace(
        known,
        dense=((known.dense + other.dense) / 2).astype(np.float32),
        keyword=np.maximum(known.keyword, other.keyword),
        shares=np.maximum(known.shares, other.shares),
    )


def join_views(fusion: Fusion, scores: Scores, rows: Sequence[int]) -> Scores:
    """The scores such that ranking them ranks by the fusion; ranks and scales count in ``rows`` alone."""
    if fusion == "ours":
        return scores
    nothing = np.zeros_like(scores.dense)
    if fusion == "dense":
        return Scores(scores.dense, nothing, nothing)
    if fusion == "words":
        return Scores(scores.keyword, scores.keyword, nothing)
    join = _by_rank if fusion == "ranks" else _by_scale
    joined = nothing.copy()
    if rows:
        joined[list(rows)] = join(scores.dense[list(rows)], scores.keyword[list(rows)])
    return Scores(joined, nothing, nothing)


def _by_rank(dense: Floats, keyword: Floats) -> Floats:
    return _reciprocal(dense) + np.where(keyword > 0, _reciprocal(keyword), np.float32(0))


def _reciprocal(view: Floats) -> Floats:
    ranks = np.empty(len(view), dtype=np.float32)
    ranks[np.argsort(-view, kind="stable")] = np.arange(1, len(view) + 1)
    return np.asarray(1 / (RANK_CONSTANT + ranks), dtype=np.float32)


def _by_scale(dense: Floats, keyword: Floats) -> Floats:
    return _scaled(dense) + _scaled(keyword)


def _scaled(view: Floats) -> Floats:
    low, high = float(view.min()), float(view.max())
    # where all are alike the view tells nothing apart
    return np.asarray((view - low) / (high - low) if high > low else np.zeros_like(view), dtype=np.float32)


def tabulate(searched: Mapping[str, Sequence[Searched]]) -> list[Line]:
    """The lines of the table; the first entry is what all others are compared with."""
    (first, *_) = searched
    base = searched[first]
    lines = [Line(name, _cells(results, base, name == first)) for name, results in searched.items()]
    return [Line(line.name, _adjusted(line, lines)) for line in lines]


def _cells(
    results: Sequence[Searched], base: Sequence[Searched], is_base: bool
) -> dict[tuple[str, str], Cell]:
    cells: dict[tuple[str, str], Cell] = {}
    for group in GROUPS:
        pairs = [pair for pair in zip(results, base, strict=True) if _belongs(pair[0].question, group)]
        for measure in MEASURES:
            both = [(r.scores[measure], b.scores[measure]) for r, b in pairs if measure in b.scores]
            if both:
                ours = [share for share, _ in both]
                change = None if is_base else compare_pairs([share for _, share in both], ours)
                cells[group, measure] = Cell(estimate(ours), change)
    return cells


def _belongs(question: Question, group: str) -> bool:
    """Mixed questions count as Chinese: both are searched for with the words they came in."""
    return group == "all" or (question.language == "en") == (group == "en")


def _adjusted(line: Line, lines: Sequence[Line]) -> dict[tuple[str, str], Cell]:
    cells: dict[tuple[str, str], Cell] = {}
    for key, cell in line.cells.items():
        tested = {other.name: other.cells[key].change for other in lines if key in other.cells}
        adjusted = adjust_holm({name: change.p for name, change in tested.items() if change is not None})
        cells[key] = replace(cell, p_adjusted=adjusted.get(line.name, 1.0))
    return cells
