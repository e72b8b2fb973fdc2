"""From a question to items: two views of every chunk, joined in one score.

Words are compared with every chunk, whatever the size of the index: that is quick. Vectors are compared with
every chunk up to ``Limits.score_all`` of them; in a larger index with those of the plans in scope where these
are few enough, else with the likely ones that the words and the vector store's search bring.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.faiss_store import FLAT_LIMIT
from embeddings.vector_store import Where
from rag.fuse import SUBJECT_WEIGHT, fuse_scores
from rag.keyword_view import WordScores
from rag.meant_matters import MeantMatters
from rag.named_matters import NamedMatters
from rag.naming import Namer, Naming
from rag.records import Chunk, Hit, Match
from rag.searched_words import Wording, Words, alternatives_in, share_of_best
from rag.snapshot import Index
from rag.terms import Concept, Terms, without
from rag.tokenise import is_chinese

Floats = NDArray[np.float32]
Vector = NDArray[np.float32]
Rows = NDArray[np.int64]
_SENTENCES = 3
"""How many of an item's sentences a hit names."""
_NO_ROWS: Rows = np.zeros(0, dtype=np.int64)
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

    So many rows of 768 half-precision values took 680 ms on one core beside other work; 20,000 took 190 ms.
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
    vector: Vector | None = None
    """The question's own vector, of shape ``(dimension,)``; None where scores are of some rows alone."""
    subject: Floats | None = None
    """Share of what the question is about, by what its words tell of that, 0 to 1."""
    naming: Naming | None = None
    """Which rows name the specific matters of the question; None where it has none."""

    def at(self, rows: Sequence[int] | Rows | slice) -> Scores:
        """The scores of these rows alone, in their order."""
        views = self.dense[rows], self.keyword[rows], self.shares[rows]
        naming = None if self.naming is None else self.naming.at(rows)
        return Scores(*views, self.foreign, self.concepts, naming=naming)

    @property
    def fused(self) -> Floats:
        """Both views in one, and what is named."""
        return self._with_naming(self.views)

    @property
    def views(self) -> Floats:
        """Both views in one."""
        return fuse_scores(self.dense, self.shares)

    @property
    def subjects(self) -> Floats:
        """``subject``, or the share of all words where that was not looked up."""
        return self.shares if self.subject is None else self.subject

    @property
    def judged(self) -> Floats:
        """Both views in one as verdicts have it: by the subject of the question."""
        return fuse_scores(self.dense, self.subjects, SUBJECT_WEIGHT)

    @property
    def quotable(self) -> Floats:
        """The same, and what is named: verdicts know that apart, what they quote is chosen by it."""
        return self._with_naming(self.judged)

    def _with_naming(self, fused: Floats) -> Floats:
        return fused if self.naming is None else fused + self.naming.worth


class Retriever:
    """Finds items in one index. Deterministic: the same question gives the same hits in the same order."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        terms: Terms | None = None,
        limits: Limits | None = None,
        matters: NamedMatters | None = None,
        meant: MeantMatters | None = None,
    ) -> None:
        """``meant`` must be of the encoder's vectors; None where there is none of it."""
        self._index = index
        self._encoder = encoder
        self._terms = terms or Terms.load()
        self._limits = limits or Limits()
        of_plan: dict[str, list[int]] = {}
        self._rows_of_item: dict[str, list[int]] = {}
        for row, chunk in enumerate(index.chunks):
            of_plan.setdefault(chunk.plan_id, []).append(row)
            self._rows_of_item.setdefault(chunk.item_id, []).append(row)
        self._rows_of_plan = {plan_id: np.array(rows, dtype=np.int64) for plan_id, rows in of_plan.items()}
        self._item_of_row = np.zeros(len(index.chunks), dtype=np.int64)
        """Each row's item by its place among the sorted ids, so that ties are broken by comparing numbers."""
        for number, item_id in enumerate(sorted(self._rows_of_item)):
            self._item_of_row[self._rows_of_item[item_id]] = number
        self._namer = Namer(index.chunks, self._item_of_row, matters or NamedMatters.load(), meant)
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
        vector, keywords = self._encoder.encode_question(question), self._index.keywords
        if self._row_of:
            return self._score_likely(question, vector, plan_ids, per_plan, also)
        wording = self._wording(question, keywords.holds)
        scores = self._joined(wording, self._index.vectors.scores(vector), keywords)
        subject = share_of_best(wording, keywords.subject_shares)
        return self._named(question, replace(scores, vector=vector, subject=subject))

    def scores_of(self, vector: Vector, scores: Scores) -> Floats:
        """Inner products of another vector with the chunks that were scored; -1 where none was."""
        if scores.rows is None:
            return self._index.vectors.scores(vector)
        typical = _NO_ROWS if scores.typical is None else scores.typical
        rows = np.union1d(scores.rows, typical)
        found = np.full(len(self._index.chunks), -1, dtype=np.float32)
        found[rows] = self._compared(vector, rows)
        return found

    def _score_likely(
        self,
        question: str,
        vector: Vector,
        plan_ids: Sequence[str] | None,
        per_plan: bool,
        also: Rows | None,
    ) -> Scores:
        """Words everywhere; vectors for what hits are made of, the best of the index, and typical rows."""
        n_rows, limits, keywords = len(self._index.chunks), self._limits, self._index.keywords
        wording = self._wording(question, keywords.holds)
        dense = np.full(n_rows, -1, dtype=np.float32)
        scores = self._joined(wording, dense, keywords)
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
        dense[compared] = self._compared(vector, compared)
        subject = share_of_best(wording, keywords.subject_shares)
        scores = replace(scores, rows=rows, typical=typical, vector=vector, subject=subject)
        return self._named(question, scores)

    def _named(self, question: str, scores: Scores) -> Scores:
        """The same with what the rows of which hits are made name of the question's matters."""
        return replace(scores, naming=self._namer.naming(question, scores.rows))

    def with_meant(self, scores: Scores) -> Scores:
        """The same with what rows name of what the question means, where it names no specific matter."""
        if scores.naming is not None or scores.vector is None:
            return scores
        return replace(scores, naming=self._namer.naming_meant(scores.vector, scores.rows))

    def _compared(self, vector: Vector, rows: Rows) -> Floats:
        """The dense scores of these rows."""
        if not self._row_of and rows.size == len(self._index.chunks):
            return self._index.vectors.scores(vector)[rows]
        scores = np.zeros(rows.size, dtype=np.float32)
        for start in range(0, rows.size, _BLOCK):
            ids = [self._index.chunks[row].chunk_id for row in rows[start : start + _BLOCK].tolist()]
            scores[start : start + _BLOCK] = self._index.vectors.scores(vector, ids)
        return scores

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
        return self._wording(question, self._index.keywords.holds).whole.concepts

    def _wording(self, question: str, holds: Callable[[str], bool]) -> Wording:
        """What to search words for, where ``holds`` tells which forms of terms are printed."""
        if not is_chinese(question):
            # What little an English question shares with Chinese text (2022, AI) says nothing of its subject.
            return Wording(Words("", self._terms.of_english(question)), foreign=True)
        found = [(text, self._terms.for_missing(text, holds)) for text in alternatives_in(question)]
        # What a mixed question has in English is searched for in Chinese as well.
        whole, *alternatives = (
            Words(without(text, concepts), (*concepts, *self._terms.of_english(text)))
            for text, concepts in found
        )
        return Wording(whole, tuple(alternatives))

    def _joined(self, wording: Wording, dense: Floats, keywords: WordScores) -> Scores:
        """The dense scores of some chunks and those of the question's words in the same chunks."""
        words = wording.whole
        keyword = keywords.scores(words.text) + keywords.concept_scores(words.forms)
        shares = share_of_best(wording, keywords.word_shares)
        return Scores(dense, keyword, shares, wording.foreign, words.concepts)

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
            return self._search_each(question, plan_ids, k)
        known = scores if scores is not None else self.score(question, plan_ids)
        groups = [np.array(rows, dtype=np.int64) for rows in self.scored(plan_ids, known)]
        if not per_plan:
            groups = [np.concatenate([*groups, _NO_ROWS])]
        return [hit for rows in groups for hit in self._rank(rows, known.at(rows), k)]

    def _search_each(self, question: str, plan_ids: Sequence[str], k: int) -> list[Hit]:
        """The best items of each plan, as if it were the whole corpus."""
        plans = [self._rows_of_plan[plan_id] for plan_id in plan_ids if plan_id in self._rows_of_plan]
        every = np.concatenate([*plans, _NO_ROWS])
        dense = self._compared(self._encoder.encode_question(question), every)
        naming = self._namer.naming(question, every)
        ends = np.cumsum([rows.size for rows in plans])
        hits: list[list[Hit]] = [[] for _ in plans]
        for wording, numbers in self._wordings(question, plans).items():
            own = [plans[n] for n in numbers]
            places = [np.arange(ends[n] - plans[n].size, ends[n]) for n in numbers]
            words = self._index.keywords.by_group(own)
            scores = self._joined(wording, dense[np.concatenate(places)], words)
            if naming is not None:
                scores = replace(scores, naming=naming.at(np.concatenate(own)))
            first = 0
            for n, rows in zip(numbers, own, strict=True):
                hits[n] = self._rank(rows, scores.at(slice(first, first + rows.size)), k)
                first += rows.size
        return [hit for of_plan in hits for hit in of_plan]

    def _wordings(self, question: str, plans: Sequence[Rows]) -> dict[Wording, list[int]]:
        """The plans by number, those together in which the same terms stand for the question's words."""
        near = (form for text in alternatives_in(question) for form in self._terms.forms_near(text))
        forms = tuple(dict.fromkeys(near)) if is_chinese(question) else ()
        words = self._index.keywords.by_group(plans)
        held = [words.groups_holding(form).tolist() for form in forms]
        alike: dict[tuple[bool, ...], list[int]] = {}
        for n in range(len(plans)):
            alike.setdefault(tuple(of_form[n] for of_form in held), []).append(n)
        wordings: dict[Wording, list[int]] = {}
        for pattern, numbers in alike.items():
            holds = dict(zip(forms, pattern, strict=True)).__getitem__
            wordings.setdefault(self._wording(question, holds), []).extend(numbers)
        return wordings

    def rows(self, plan_ids: Sequence[str]) -> list[int]:
        """The rows of the plans' chunks."""
        return [row for plan_id in plan_ids for row in self._rows_of_plan.get(plan_id, _NO_ROWS).tolist()]

    def scored(self, plan_ids: Sequence[str], scores: Scores) -> list[list[int]]:
        """Plan by plan the rows of which hits are made."""
        groups = [self._rows_of_plan.get(plan_id, _NO_ROWS) for plan_id in plan_ids]
        if scores.rows is not None:
            is_scored = np.zeros(len(self._index.chunks), dtype=np.bool_)
            is_scored[scores.rows] = True
            groups = [rows[is_scored[rows]] for rows in groups]
        return [rows.tolist() for rows in groups]

    def sentences(self, item_id: str) -> list[tuple[int, Chunk]]:
        """The item's sentences with their rows."""
        return [(row, self._index.chunks[row]) for row in self._rows_of_item.get(item_id, ())]

    def _rank(self, rows: Rows, scores: Scores, k: int) -> list[Hit]:
        """The best items; place ``i`` of the scores is the chunk ``rows[i]``."""
        if rows.size == 0:
            return []
        fused, items = scores.fused, self._item_of_row[rows]
        # Items in the order of their ids, the sentences of each with the best first; of equal ones the first.
        order = np.lexsort((-fused, items))
        firsts = np.flatnonzero(np.diff(items[order], prepend=-1))
        ends = [*firsts[1:].tolist(), rows.size]
        keyword = np.maximum.reduceat(scores.keyword[order], firsts)
        dense_ranks = _ranks(np.maximum.reduceat(scores.dense[order], firsts))
        keyword_ranks = _ranks(keyword)
        hits: list[Hit] = []
        for rank, item in enumerate(np.argsort(-fused[order[firsts]], kind="stable")[:k].tolist(), start=1):
            places = order[firsts[item] : ends[item]][:_SENTENCES].tolist()
            chunks = [self._index.chunks[rows[place]] for place in places]
            found = [float(fused[place]) for place in places]
            hits.append(
                Hit(
                    chunks[0].item_id,
                    chunks[0].plan_id,
                    found[0],
                    rank,
                    int(dense_ranks[item]),
                    int(keyword_ranks[item]) if keyword[item] > 0 else None,
                    chunks[0].text,
                    chunks[0].start,
                    chunks[0].end,
                    chunks[0].chunk_id,
                    tuple(
                        Match(chunk.text, chunk.start, chunk.end, round(score, 4))
                        for chunk, score in zip(chunks, found, strict=True)
                    ),
                )
            )
        return hits


def _ranks(scores: Floats) -> Rows:
    """The rank of each score from 1; of equal ones the first comes first."""
    ranks = np.empty(scores.size, dtype=np.int64)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, scores.size + 1)
    return ranks
