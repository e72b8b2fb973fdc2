"""Scores a question in the words it came in, and where those lead nowhere in Chinese words of the model.

Keyword search finds nothing for an English question over Chinese plans. The terms of the question are looked
up (``rag.terms``); only where no plan has any of them does the answering model put it into Chinese, which
costs seconds. The rendering is only ever searched with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.generate import Generator, Message
from rag.reading import Reading
from rag.retrieve import Retriever, Scores
from rag.scope_words import without_respect
from rag.tokenise import is_chinese
from rag.which_words import without_which

_MAX_TOKENS = 64
_EXAMPLES = (
    ("Which cities will build more kindergartens?", "哪些城市将新建更多幼儿园？"),
    ("How many boarding schools does the plan want to repair?", "计划维修多少所寄宿制学校？"),
)
_TASK = (
    "You translate questions about Chinese city education work plans into Simplified Chinese. "
    "Write the Chinese question only."
)


@dataclass(frozen=True, slots=True)
class View:
    """A question's scores, and the Chinese words that stood for it in keyword search."""

    scores: Scores
    keywords: str
    rendering: str | None
    """The Chinese rendering of a question in another language; None where there was none."""


def score_question(
    retriever: Retriever, reading: Reading, generator: Generator | None, per_plan: bool = False
) -> View:
    """Score the chunks for the question's topic, those of the plans in scope at least.

    It is put without the words that ask of every plan: on questions for development verdicts told plans apart
    better so, and the order of hits was no better, so that a search keeps the whole question.

    Only where every plan is asked it counts what a question means that names no matter: on 300 other ones for
    development, which are more often on a whole field (学前教育), the nearest phrase was too narrow.

    Raises GeneratorUnavailable where the model fails to render a question of whose terms no plan has any.
    """
    topic = without_which(reading.topic)
    if reading.mode == "compare":
        topic = without_respect(topic)
    scores = retriever.score(topic, reading.plan_ids, per_plan)
    if reading.mode == "enumerate":
        scores = retriever.with_meant(scores)
    if not scores.foreign:
        return View(scores, topic, None)
    if has_words(scores):
        return View(scores, "、".join(concept.forms[0] for concept in scores.concepts), None)
    rendering = "" if generator is None else render(topic, generator)
    if not is_chinese(rendering):
        return View(scores, topic, None)
    rendered = retriever.score(rendering, reading.plan_ids, per_plan, scores.rows)
    if rendered.rows is not None:  # what only the rendering found has to be compared with the question, too
        scores = retriever.score(topic, reading.plan_ids, per_plan, rendered.rows)
    mean = ((scores.dense + rendered.dense) / 2).astype(np.float32)
    scores = replace(rendered, dense=mean, foreign=True, vector=scores.vector, naming=scores.naming)
    return View(scores, rendering, rendering)


def needs_rendering(view: View) -> bool:
    """Tell whether a question in another language found no Chinese words to be searched by."""
    return view.scores.foreign and not has_words(view.scores) and view.rendering is None


def has_words(scores: Scores) -> bool:
    """Tell whether any plan has a word that the question's terms stand for."""
    return bool(scores.concepts) and bool(scores.keyword.any())


def render(question: str, generator: Generator) -> str:
    """The question in Chinese, as far as the model can; one line."""
    messages = [Message("system", _TASK), *_turns(_EXAMPLES), Message("user", question)]
    return generator.generate(messages, _MAX_TOKENS).text.strip().partition("\n")[0]


def _turns(examples: Sequence[tuple[str, str]]) -> list[Message]:
    return [
        message
        for question, rendering in examples
        for message in (Message("user", question), Message("assistant", rendering))
    ]
