"""Specific matters that a question means without naming any: 老头老太太上学 for 老年教育.

No list has every way of asking. So where a question names no matter of ``rag.named_matters``, the phrases by
which the list calls matters are compared with it as an encoder sees them, and those nearest to it tell what
it means. The phrases' vectors come with planqa (``eval.embed_phrases``) and belong to one encoder; with
another one only what is named counts.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from rag.english import Forms, join_forms
from rag.named_matters import Matter, NamedMatters

PHRASES_FILE = Path(__file__).with_name("matter_phrases.npz")
NEAR_ENOUGH = 0.6
"""The cosine that the nearest phrase must reach for the question to mean it …"""
AS_NEAR = 0.05
"""… and how far behind it others may be that are meant with it.

Of 35 development questions that ask every plan, name no matter and come so near, the words of what they were
taken to mean stand in 84 % of the items that answer them; for three in none.
"""
MANY = 6
"""Where phrases of more matters are about as near, the question is near none of them in particular."""
_STEPS = 7
_SPREAD = 3.0
"""Values beyond so many standard deviations are written as if they lay there."""
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class MeantMatters:
    """Phrases that call matters, with their vectors."""

    phrases: tuple[str, ...]
    vectors: NDArray[np.float32]
    """Unit vectors of shape ``(n_phrases, dimension)``; the dimension may be less than the encoder's."""
    encoder: str
    """How the names of the encoder begin whose vectors they are, whatever precision it runs in."""

    def __post_init__(self) -> None:
        """Raises ValueError where there is not one vector a phrase."""
        if self.vectors.ndim != 2 or self.vectors.shape[0] != len(self.phrases):
            raise ValueError(
                f"phrase vectors are of shape {self.vectors.shape}; wanted a row for each of "
                f"{len(self.phrases)} phrases."
            )

    @classmethod
    def load(cls, file: Path = PHRASES_FILE) -> MeantMatters:
        """Read phrases; raises ValueError where the file holds none."""
        try:
            with np.load(file, allow_pickle=False) as data:
                phrases = tuple(str(data["phrases"]).split("\n"))
                return cls(phrases, _unit(data["vectors"].astype(np.float32)), str(data["encoder"]))
        except (KeyError, OSError, EOFError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(f"{file} holds no phrases of matters: {error}") from error

    def save(self, file: Path) -> None:
        """Write the phrases, each value of their vectors as one of fifteen steps: these pack well."""
        largest = _SPREAD * float(self.vectors.std())
        values = np.round(np.clip(self.vectors / largest, -1, 1) * _STEPS).astype(np.int8)
        with file.open("wb") as stream:
            np.savez_compressed(
                stream,
                phrases=np.array("\n".join(self.phrases)),
                vectors=values,
                encoder=np.array(self.encoder),
            )

    @property
    def digest(self) -> str:
        """Changes with every phrase and every vector."""
        held = "\n".join((self.encoder, *self.phrases)).encode() + self.vectors.astype(np.float16).tobytes()
        return hashlib.sha256(held).hexdigest()[:16]

    def fits(self, encoder: Encoder) -> bool:
        """Tell whether the phrases' vectors can be compared with this encoder's."""
        return encoder.name.startswith(self.encoder) and encoder.dimension >= self.vectors.shape[1]

    def meant_by(self, question: Vector, matters: NamedMatters) -> Matter | None:
        """What a question means, by its vector of shape ``(dimension,)``; None where none is near enough.

        The forms are those of all phrases that are about as near: any of them is enough.
        """
        part = question[: self.vectors.shape[1]]
        near = self.vectors @ (part / max(float(np.linalg.norm(part)), 1e-9))
        best = int(near.argmax())
        if near[best] < NEAR_ENOUGH:
            return None
        rows = np.flatnonzero(near >= near[best] - AS_NEAR)
        called = dict.fromkeys(matters.forms_of(self.phrases[row]) for row in rows.tolist())
        if len(called) > MANY:
            return None
        forms: Forms = ()
        for of_phrase in called:
            forms = join_forms(forms, of_phrase)
        return Matter(self.phrases[best], forms) if forms else None


@cache
def _shipped() -> MeantMatters:
    return MeantMatters.load()


def meant_for(encoder: Encoder) -> MeantMatters | None:
    """The phrases that come with planqa, where their vectors are of this encoder; else None."""
    return _shipped() if _shipped().fits(encoder) else None


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return units
