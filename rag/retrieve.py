"""From a question to items: two views of every chunk, joined in one score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
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
_SENTENCES = 3
"""How many of an item's sentences a hit names."""
_ALTERNATIVES = re.compile(r"或者|或|、|还是|以及|和|与")
_OF_ALTERNATIVE = 0.8
"""What all words of one alternative (课后服务或延时托管) are worth beside all words of the question."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Both views' scores of every chunk for one question; row ``i`` is the index' chunk ``i``."""

    dense: Floats
    """Inner product of unit vectors, -1 to 1."""
    keyword: Floats
    """BM25, 0 and up."""
    shares: Floats
    """Share of the question's words, by rarity, 0 to 1."""
    foreign: bool = False
    """Whether the question is not Chinese, so that its words are those of its terms, or of a rendering."""
    concepts: tuple[Concept, ...] = ()
    """The terms of the question that stood for its words, or for words that no plan has."""

    def at(self, rows: Sequence[int]) -> Scores:
        """The scores of these rows alone, in their order."""
        return replace(self, dense=self.dense[rows], keyword=self.keyword[rows], shares=self.shares[rows])

    @property
    def fused(self) -> Floats:
        """Both views in one."""
        return fuse_scores(self.dense, self.shares)


class Retriever:
    """Finds items in one index. Deterministic: the same question gives the same hits in the same order."""

    def __init__(self, index: Index, encoder: Encoder, terms: Terms | None = None) -> None:
        self._index = index
        self._encoder = encoder
        self._terms = terms or Terms.load()
        self._keywords_of_plan: dict[str, KeywordView] = {}
        """Made when a plan is first searched for itself."""
        self._rows_of_plan: dict[str, list[int]] = {}
        self._rows_of_item: dict[str, list[int]] = {}
        for row, chunk in enumerate(index.chunks):
            self._rows_of_plan.setdefault(chunk.plan_id, []).append(row)
            self._rows_of_item.setdefault(chunk.item_id, []).append(row)

    @property
    def index(self) -> Index:
        """The index that is searched."""
        return self._index

    def score(self, question: str) -> Scores:
        """Score every chunk in both views; costs one forward pass of the encoder."""
        dense = self._index.vectors.scores(self._encoder.encode_question(question))
        return self._joined(question, dense, self._index.keywords)

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
        known = scores if scores is not None else self.score(question)
        groups = [self.rows([plan_id]) for plan_id in plan_ids] if per_plan else [self.rows(plan_ids)]
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
