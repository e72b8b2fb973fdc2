"""From a question to items: two views of every chunk, joined in one score.

Words are compared with every chunk, whatever the size of the index: that is quick. Vectors are compared with
every chunk up to ``Limits.score_all`` of them; in a larger index with those of the plans in scope where these
are few enough, else with the likely ones that the words and the vector store's search bring.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.faiss_store import FLAT_LIMIT
from embeddings.vector_store import Where
from rag.fuse import fuse_scores
from rag.keyword_index import KeywordIndex
from rag.keyword_view import KeywordView
from rag.records import Chunk, Hit, Match
from rag.snapshot import Index
from rag.terms import Concept, Terms, without
from rag.tokenise import is_chinese
from rag.view_files import keyword_text

Floats = NDArray[np.float32]
Vector = NDArray[np.float32]
Rows = NDArray[np.int64]
_SENTENCES = 3
"""How many of an item's sentences a hit names."""
_ALTERNATIVES = re.compile(r"或者|或|、|还是|以及|和|与")
_OF_ALTERNATIVE = 0.8
"""What all words of one alternative (课后服务或延时托管) are worth beside all words of the question."""
_BLOCK = 8192
"""Rows whose vectors are read at once: 25 MB of EmbeddingGemma's."""
_TYPICAL = 2000
"""Rows that stand for the whole of a large index, for the mean of the scores and how far they spread."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many chunks on not all vectors are compared, and how many are then."""

    score_all: int = FLAT_LIMIT
    """An index of up to so many chunks is scored whole; of a larger one the plans in scope, if these are."""
    score_plans: int = 100_000
    """The same for the plans in scope, where each of them needs hits of its own.

    So many rows of 768 dimensions in half precision, 200,000 being stored in a file that was in memory, took
    680 ms on one core beside other work; 20,000 took 190 ms.
    """
    candidates: int = 200
    """Chunks that each view brings where there are more."""
    candidates_for_plans: int = 5000


@dataclass(frozen=True, slots=True)
class Scores:
    """Both views' scores for one question; row ``i`` is the index' chunk ``i``."""

    dense: Floats
    """Inner product of unit vectors, -1 to 1; -1 where the vectors were not compared."""
    keyword: Floats
    """BM25, 0 and up."""
    shares: Floats
    """Share of the question's words, by rarity, 0 to 1."""
    foreign: bool = False
    """Whether the question is not Chinese, so that its words are those of its terms, or of a rendering."""
    concepts: tuple[Concept, ...] = ()
    """The terms of the question that stood for its words, or for words that no plan has."""
    rows: Rows | None = None
    """The rows of which hits are made, all of an item or none; None where those are all rows."""
    typical: Rows | None = None
    """Rows that stand for all of the index, and were scored like ``rows``; None where all rows were."""

    def at(self, rows: Sequence[int]) -> Scores:
        """The scores of these rows alone, in their order."""
        return Scores(self.dense[rows], self.keyword[rows], self.shares[rows], self.foreign, self.concepts)

    @property
    def fused(self) -> Floats:
        """Both views in one."""
        return fuse_scores(self.dense, self.shares)


class Retriever:
    """Finds items in one index. Deterministic: the same question gives the same hits in the same order."""

    def __init__(
        self, index: Index, encoder: Encoder, terms: Terms | None = None, limits: Limits | None = None
    ) -> None:
        self._index = index
        self._encoder = encoder
        self._terms = terms or Terms.load()
        self._limits = limits or Limits()
        self._keywords_of_plan: dict[str, KeywordView] = {}
        """Made when a plan is first searched for itself."""
        self._rows_of_plan: dict[str, list[int]] = {}
        self._rows_of_item: dict[str, list[int]] = {}
        for row, chunk in enumerate(index.chunks):
            self._rows_of_plan.setdefault(chunk.plan_id, []).append(row)
            self._rows_of_item.setdefault(chunk.item_id, []).append(row)
        self._row_of: dict[str, int] = {}
        """Each chunk's row; empty where all chunks are scored."""
        if len(index.chunks) > self._limits.score_all:
            self._row_of = {chunk.chunk_id: row for row, chunk in enumerate(index.chunks)}

    @property
    def index(self) -> Index:
        """The index that is searched."""
        return self._index

    def score(
        self,
        question: str,
        plan_ids: Sequence[str] | None = None,
        per_plan: bool = False,
        also: Rows | None = None,
    ) -> Scores:
        """Score every chunk in both views; costs one forward pass of the encoder.

        Of an index that is too large those that hits in ``plan_ids`` (None: all plans) can be made of, and
        those in ``also``; with ``per_plan`` more of them, as each plan is to have hits of its own.
        """
        vector = self._encoder.encode_question(question)
        if self._row_of:
            return self._score_likely(question, vector, plan_ids, per_plan, also)
        return self._joined(question, self._index.vectors.scores(vector), self._index.keywords)

    def _score_likely(
        self,
        question: str,
        vector: Vector,
        plan_ids: Sequence[str] | None,
        per_plan: bool,
        also: Rows | None,
    ) -> Scores:
        """Words everywhere; vectors for what hits are made of, the best of the index, and typical rows."""
        n_rows, limits = len(self._index.chunks), self._limits
        dense = np.full(n_rows, -1, dtype=np.float32)
        scores = self._joined(question, dense, self._index.keywords)
        wanted = list(self._rows_of_plan) if plan_ids is None else plan_ids
        within = None if self._rows_of_plan.keys() <= set(wanted) else wanted
        best = self._likely(vector, scores.keyword, None, limits.candidates)
        few = limits.score_plans if per_plan else limits.score_all
        if sum(len(self._rows_of_plan.get(plan_id, ())) for plan_id in wanted) <= few:
            rows = np.array(self.rows(wanted), dtype=np.int64)
        elif per_plan:
            rows = self._likely(vector, scores.keyword, within, limits.candidates_for_plans)
        elif within is not None:
            rows = self._likely(vector, scores.keyword, within, limits.candidates)
        else:
            rows = best
        if also is not None:
            rows = np.union1d(rows, also)
        typical = np.unique(np.linspace(0, n_rows - 1, _TYPICAL).astype(np.int64))
        compared = np.unique(np.concatenate((rows, best, typical)))
        for start in range(0, compared.size, _BLOCK):
            block = compared[start : start + _BLOCK]
            ids = [self._index.chunks[row].chunk_id for row in block.tolist()]
            dense[block] = self._index.vectors.scores(vector, ids)
        return replace(scores, rows=rows, typical=typical)

    def _likely(self, vector: Vector, keyword: Floats, within: Sequence[str] | None, n: int) -> Rows:
        """The rows of the items that each view's ``n`` best chunks belong to: of all plans, or of some."""
        where: Where | None = None
        if within is not None:
            where = {"plan": set(within)}
            inside = np.zeros(keyword.size, dtype=np.float32)
            inside[self.rows(within)] = 1
            keyword = keyword * inside
        found = [self._row_of[id_] for id_, _ in self._index.vectors.search(vector, n, where=where)]
        by_words = np.argpartition(-keyword, min(n, keyword.size - 1))[:n]
        found += by_words[keyword[by_words] > 0].tolist()
        item_ids = {self._index.chunks[row].item_id for row in found}
        return np.unique([row for item_id in item_ids for row in self._rows_of_item[item_id]]).astype(
            np.int64
        )

    def concepts(self, question: str) -> tuple[Concept, ...]:
        """The terms by whose forms the question is searched for."""
        if not is_chinese(question):
            return self._terms.of_english(question)
        return self._terms.for_missing(question, self._index.keywords.holds)

    def _joined(self, question: str, dense: Floats, keywords: KeywordView) -> Scores:
        """The dense scores of some chunks and those of the question's words in the same chunks."""
        if not is_chinese(question):
            # What little an English question shares with Chinese text (2022, AI) says nothing of its subject.
            concepts = self._terms.of_english(question)
            forms = [concept.forms for concept in concepts]
            shares = keywords.word_shares("", concepts=forms)
            return Scores(dense, keywords.concept_scores(forms), shares, True, concepts)
        concepts = self._terms.for_missing(question, keywords.holds)
        rest = without(question, concepts)
        keyword = keywords.scores(rest) + keywords.concept_scores([concept.forms for concept in concepts])
        return Scores(dense, keyword, self._alternative_shares(question, keywords), False, concepts)

    def _alternative_shares(self, question: str, keywords: KeywordView) -> Floats:
        """The shares of words; of a question that names alternatives those of the best one count, too."""
        whole = self._shares(question, keywords)
        parts = [part for part in _ALTERNATIVES.split(question) if len(part) > 1]
        if len(parts) < 2:
            return whole
        best = np.max([self._shares(part, keywords) for part in parts], axis=0)
        joined: Floats = np.maximum(whole, _OF_ALTERNATIVE * best + (1 - _OF_ALTERNATIVE) * whole).astype(
            np.float32
        )
        return joined

    def _shares(self, text: str, keywords: KeywordView) -> Floats:
        concepts = self._terms.for_missing(text, keywords.holds)
        return keywords.word_shares(without(text, concepts), concepts=[concept.forms for concept in concepts])

    def search(
        self,
        question: str,
        plan_ids: Sequence[str],
        k: int,
        per_plan: bool = False,
        scores: Scores | None = None,
    ) -> list[Hit]:
        """The best ``k`` items of the plans together, or with ``per_plan`` of each plan for itself.

        With ``per_plan`` hits come plan by plan in the order of ``plan_ids``, ranked from 1 in each; unless
        ``scores`` are given, how rare a word is counts in each plan alone, so that what other plans there are
        changes nothing. ``scores`` saves the forward pass where they are known. Raises ValueError where ``k``
        is below 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}; wanted at least 1.")
        if per_plan and scores is None:
            vector = self._encoder.encode_question(question)
            return [hit for plan_id in plan_ids for hit in self._search_plan(question, vector, plan_id, k)]
        known = scores if scores is not None else self.score(question, plan_ids)
        groups = self.scored(plan_ids, known)
        if not per_plan:
            groups = [[row for rows in groups for row in rows]]
        return [hit for rows in groups for hit in self._rank(rows, known.at(rows), k)]

    def _search_plan(self, question: str, vector: Vector, plan_id: str, k: int) -> list[Hit]:
        """The best items of one plan, as if it were the whole corpus."""
        rows = self.rows([plan_id])
        if not rows:
            return []
        dense = self._index.vectors.scores(vector, [self._index.chunks[row].chunk_id for row in rows])
        return self._rank(rows, self._joined(question, dense, self._words_of(plan_id)), k)

    def _words_of(self, plan_id: str) -> KeywordView:
        if plan_id not in self._keywords_of_plan:
            texts = [keyword_text(self._index.chunks[row]) for row in self.rows([plan_id])]
            self._keywords_of_plan[plan_id] = KeywordIndex.build(texts)
        return self._keywords_of_plan[plan_id]

    def rows(self, plan_ids: Sequence[str]) -> list[int]:
        """The rows of the plans' chunks."""
        return [row for plan_id in plan_ids for row in self._rows_of_plan.get(plan_id, ())]

    def scored(self, plan_ids: Sequence[str], scores: Scores) -> list[list[int]]:
        """Plan by plan the rows of which hits are made."""
        groups = [self.rows([plan_id]) for plan_id in plan_ids]
        if scores.rows is None:
            return groups
        is_scored = np.zeros(len(self._index.chunks), dtype=np.bool_)
        is_scored[scores.rows] = True
        return [[row for row in rows if is_scored[row]] for rows in groups]

    def sentences(self, item_id: str) -> list[tuple[int, Chunk]]:
        """The item's sentences with their rows."""
        return [(row, self._index.chunks[row]) for row in self._rows_of_item.get(item_id, ())]

    def _rank(self, rows: Sequence[int], scores: Scores, k: int) -> list[Hit]:
        """The best items; place ``i`` of the scores is the chunk ``rows[i]``."""
        fused = scores.fused
        chunks = [self._index.chunks[row] for row in rows]
        best = _best_places(chunks, fused)
        dense_rank = _ranks(_best_places(chunks, scores.dense), scores.dense)
        with_words = {
            item_id: place
            for item_id, place in _best_places(chunks, scores.keyword).items()
            if scores.keyword[place] > 0
        }
        keyword_rank = _ranks(with_words, scores.keyword)
        order = sorted(best, key=lambda item_id: (-float(fused[best[item_id]]), item_id))[:k]
        matched = _matched(chunks, fused, set(order))
        hits: list[Hit] = []
        for rank, item_id in enumerate(order, start=1):
            chunk = chunks[best[item_id]]
            hits.append(
                Hit(
                    item_id,
                    chunk.plan_id,
                    float(fused[best[item_id]]),
                    rank,
                    dense_rank.get(item_id),
                    keyword_rank.get(item_id),
                    chunk.text,
                    chunk.start,
                    chunk.end,
                    chunk.chunk_id,
                    matched[item_id],
                )
            )
        return hits


def _best_places(chunks: Sequence[Chunk], view: Floats) -> dict[str, int]:
    """The place of the best chunk of each item; of equal ones the first."""
    best: dict[str, int] = {}
    for place, (chunk, score) in enumerate(zip(chunks, view.tolist(), strict=True)):
        at = best.get(chunk.item_id)
        if at is None or score > view[at]:
            best[chunk.item_id] = place
    return best


def _matched(chunks: Sequence[Chunk], fused: Floats, item_ids: set[str]) -> dict[str, tuple[Match, ...]]:
    """The best sentences of each of the items, best first."""
    places: dict[str, list[int]] = {item_id: [] for item_id in item_ids}
    for place, chunk in enumerate(chunks):
        if chunk.item_id in item_ids:
            places[chunk.item_id].append(place)
    return {
        item_id: tuple(
            Match(chunks[at].text, chunks[at].start, chunks[at].end, round(float(fused[at]), 4))
            for at in sorted(found, key=lambda at: (-float(fused[at]), at))[:_SENTENCES]
        )
        for item_id, found in places.items()
    }


def _ranks(best: dict[str, int], view: Floats) -> dict[str, int]:
    order = sorted(best, key=lambda item_id: (-float(view[best[item_id]]), item_id))
    return {item_id: rank for rank, item_id in enumerate(order, start=1)}
