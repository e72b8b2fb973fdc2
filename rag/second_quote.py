"""Whether the second best sentence belongs to an answer: most facts stand in one sentence.

A second quote that adds nothing is read as part of the answer, and its numbers are mistaken for what was
asked. Of 99 development questions for a fact the second sentence has a part of the answer nine times: it
comes near to the first, or has words of the question that the first lacks, or several things are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rag.records import Chunk
from rag.terms import Concept
from rag.tokenise import is_chinese, tokenise

_AS_GOOD = 0.1
"""A sentence of another item is quoted only where its score is hardly lower …"""
_NEAR = 0.2
"""… and, as one of the same item, by no more than this share of what the best one is above the mean sentence:
for a question in words that the plans do not use all scores lie close together."""
_ADDS_WITHIN = 0.45
"""The same where a sentence of the same item has words of the question that the first one lacks."""
Given = Callable[[str], bool]
_ASKING = re.compile(
    r"多少|(?<![这那好])几(?![乎次])|什么|啥|哪|谁|怎么|怎样|如何|何时|多久|多长|多大"
    r"|\b(?:how\s+(?:many|much|long|often)|what|which|who|when|where)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two best sentences for a question."""

    first: Chunk
    second: Chunk
    gap: float
    """How much lower the second one's score is."""
    above: float
    """What the first one's is above the mean sentence's."""


def belongs_too(pair: Pair, topic: str, concepts: tuple[Concept, ...], given: Given | None) -> bool:
    """Tell whether the second sentence belongs to the answer.

    ``given`` tells of a sentence whether it has a number of the kind that is asked for, where one is: only
    another such number may be the one that is meant.
    """
    same_item = pair.first.item_id == pair.second.item_id
    if same_item and len(_ASKING.findall(topic)) > 1:
        return True
    is_near = pair.gap <= _NEAR * pair.above and (same_item or pair.gap <= _AS_GOOD)
    if pair.first.plan_id != pair.second.plan_id:
        return is_near
    if given is not None and given(pair.first.text):
        return is_near and given(pair.second.text)
    adds = same_item and pair.gap <= _ADDS_WITHIN * pair.above and _adds_words(pair, topic, concepts)
    return is_near or adds


def _adds_words(pair: Pair, topic: str, concepts: tuple[Concept, ...]) -> bool:
    """Tell whether the second sentence has a word of the question, or of its terms, that the first lacks."""
    forms = [concept.forms for concept in concepts]
    if is_chinese(topic):
        forms += [(word,) for word in tokenise(topic) if len(word) > 1]
    return any(
        any(form in pair.second.text for form in of_one)
        and not any(form in pair.first.text for form in of_one)
        for of_one in forms
    )
