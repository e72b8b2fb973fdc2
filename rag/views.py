"""Scores a question in the words it came in, and for another language in Chinese words as well.

Keyword search finds nothing for an English question over Chinese plans, and the dense view finds less, so
the answering model first puts such a question into Chinese. The rendering is only ever searched with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.generate import Generator, Message
from rag.reading import Reading
from rag.retrieve import Retriever, Scores

_MAX_TOKENS = 64
_CHINESE = re.compile(r"[㐀-鿿]")
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


def score_question(retriever: Retriever, reading: Reading, generator: Generator | None) -> View:
    """Score every chunk for the question's topic.

    For a question that is not Chinese the dense scores are the mean of both wordings. Raises
    GeneratorUnavailable where the model fails to render it.
    """
    topic = reading.topic
    scores = retriever.score(topic)
    if is_chinese(topic):
        return View(scores, topic, None)
    # What little an English question shares with Chinese text (2022, AI) says nothing about its subject.
    without_words = Scores(scores.dense, np.zeros_like(scores.keyword), np.zeros_like(scores.shares))
    rendering = "" if generator is None else render(topic, generator)
    if not is_chinese(rendering):
        return View(without_words, topic, None)
    rendered = retriever.score(rendering)
    mean = ((scores.dense + rendered.dense) / 2).astype(np.float32)
    both = Scores(mean, rendered.keyword, rendered.shares, rendered=True)
    return View(both, rendering, rendering)


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


def is_chinese(text: str) -> bool:
    """Tell whether the text has Chinese words to search with."""
    return len(_CHINESE.findall(text)) >= 2
