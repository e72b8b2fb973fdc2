"""Whether English questions find what Chinese ones do: over invented sentences.

All sentences of all topics are one index. They and their questions are independent of the plans, of the
evaluation's questions and of the terms, so what helps English can be chosen on one half of the topics and
measured on the other; the verdicts alone were fitted on some (those of other departments). Sentences of other
topics that would answer, too, count as wrong, in both languages.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from embeddings.encoder import Encoder, Progress
from embeddings.faiss_store import FaissStore
from embeddings.vector_store import Rows
from eval.beir import BeirSet, Passage, Rank
from eval.benchmarks import retrieval_results
from eval.pairs import Topic
from rag.chunks import CHUNKING, context
from rag.keyword_index import KeywordIndex
from rag.records import Chunk
from rag.retrieve import Retriever
from rag.snapshot import SCHEMA, Index, IndexManifest
from rag.terms import Terms
from rag.tokenise import TOKENISER
from rag.view_files import keyword_text

View = Literal["dense", "words", "both"]
VIEWS: tuple[View, ...] = ("dense", "words", "both")
Half = Literal["first", "second"]
_DEPTH = 100
_SEED = 20261122


def half_of(topic: Topic) -> Half:
    """The half that the topic belongs to, by its id: the first is to choose on, the second to report."""
    return "second" if hashlib.sha256(topic.topic_id.encode()).digest()[-1] % 2 else "first"


def sentence_chunks(topics: Sequence[Topic]) -> list[Chunk]:
    """Every sentence of every topic as an item of its own, as an index has it."""
    return [
        Chunk(
            f"{topic.topic_id}#{place}:1",
            f"{topic.topic_id}#{place}",
            topic.topic_id,
            sentence.text,
            0,
            len(sentence.text),
            sentence.title,
            (sentence.section,),
        )
        for topic in topics
        for place, sentence in enumerate(topic.sentences)
    ]


def retriever_over(
    topics: Sequence[Topic], encoder: Encoder, terms: Terms | None = None, progress: Progress | None = None
) -> Retriever:
    """The chain's retrieval over the sentences of the topics."""
    chunks = sentence_chunks(topics)
    vectors = encoder.encode_passages([c.text for c in chunks], [context(c) for c in chunks], progress)
    store = FaissStore()
    store.build(Rows([chunk.chunk_id for chunk in chunks], vectors))
    keywords = KeywordIndex.build([keyword_text(chunk) for chunk in chunks])
    manifest = IndexManifest(
        schema=SCHEMA,
        encoder=encoder.name,
        dimension=encoder.dimension,
        chunking=CHUNKING,
        tokeniser=TOKENISER,
        store="memory",
        corpus_digest="",
        chunks_digest="",
        n_plans=len(topics),
        n_items=len(chunks),
        n_chunks=len(chunks),
    )
    return Retriever(Index(manifest, (), tuple(chunks), store, keywords), encoder, terms)


def questions_of(
    topics: Sequence[Topic], language: str, half: Half | None = None, limit: int | None = None
) -> BeirSet:
    """The topics' questions that sentences answer, against all of the topics' sentences.

    ``limit`` takes so many of them, drawn by a fixed seed.
    """
    passages = tuple(Passage(c.item_id, context(c), c.text) for c in sentence_chunks(topics))
    questions: dict[str, str] = {}
    qrels: dict[str, dict[str, int]] = {}
    for topic in topics:
        for number, asked in enumerate(topic.questions):
            if asked.language == language and asked.yes and half in (None, half_of(topic)):
                questions[f"{topic.topic_id}?{number}"] = asked.text
                qrels[f"{topic.topic_id}?{number}"] = {f"{topic.topic_id}#{place}": 1 for place in asked.yes}
    if limit is not None and limit < len(questions):
        drawn = sorted(random.Random(_SEED).sample(sorted(questions), limit))
        questions = {key: questions[key] for key in drawn}
        qrels = {key: qrels[key] for key in drawn}
    return BeirSet(f"invented sentences, {language}", passages, questions, qrels, len(passages))


def view_rank(retriever: Retriever, view: View) -> Rank:
    """The best sentences by one view of the chain, or by both."""
    ids = [chunk.item_id for chunk in retriever.index.chunks]

    def rank(question: str) -> list[str]:
        scores = retriever.score(question)
        by = {"dense": scores.dense, "words": scores.shares, "both": scores.fused}[view]
        order = np.lexsort((np.arange(by.size), -by))[:_DEPTH]
        return [ids[row] for row in order if view != "words" or by[row] > 0]

    return rank


def measure_languages(
    topics: Sequence[Topic],
    retriever: Retriever,
    half: Half | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """The field's measures of every view, by language."""
    steps = [(language, view) for language in ("zh", "en") for view in VIEWS]
    results: list[dict[str, Any]] = []
    for done, (language, view) in enumerate(steps, start=1):
        asked = questions_of(topics, language, half, limit)
        results += retrieval_results(asked, view, view_rank(retriever, view))
        if progress is not None:
            progress(done, len(steps))
    return results
