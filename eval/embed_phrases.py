"""Embeds the phrases by which the list of ``rag.named_matters`` calls matters, for ``rag.meant_matters``."""

from __future__ import annotations

import re

import numpy as np

from embeddings.encoder import Encoder, Progress
from rag.meant_matters import MeantMatters
from rag.named_matters import NamedMatters

DIMENSION = 192
"""How many of the first values of each vector are kept.

EmbeddingGemma is trained so that these stand for the whole (Kusupati et al. 2022, Matryoshka Representation
Learning). With these in fifteen steps the file is below 2 MiB; verdict F1 on `which_dev` is 0.899 with it,
with 256 values of one byte 0.898 (849 and 850 cells).
"""
_PHRASE = re.compile(r"[㐀-鿿0-9A-Za-z]{3,}")
"""Two characters, and pieces of lists (、托育), are near too much."""
_OF_ASKING = "城市"
"""A phrase that holds what questions ask of is near all of them."""


def phrases_of(matters: NamedMatters) -> tuple[str, ...]:
    """The Chinese phrases of the list that say enough by themselves, in order."""
    every = matters.chinese_phrases()
    return tuple(sorted(p for p in every if _PHRASE.fullmatch(p) and _OF_ASKING not in p))


def embed_phrases(matters: NamedMatters, encoder: Encoder, progress: Progress | None = None) -> MeantMatters:
    """The phrases with their vectors, as questions are embedded."""
    phrases = phrases_of(matters)
    vectors = np.zeros((len(phrases), min(DIMENSION, encoder.dimension)), dtype=np.float32)
    for row, phrase in enumerate(phrases):
        part = encoder.encode_question(phrase)[: vectors.shape[1]]
        vectors[row] = part / max(float(np.linalg.norm(part)), 1e-9)
        if progress is not None:
            progress(row + 1, len(phrases))
    return MeantMatters(phrases, vectors, encoder.name.partition("/")[0])
