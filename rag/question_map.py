"""Turns a question's vector to where the sentences lie that say yes to it.

An encoder puts a question near all sentences of its subject: near those that do what it asks, and near
those that do something else with the same thing. The map, one square matrix, is trained on judged pairs of a
question and a sentence (``eval.train_map``) to tell these apart; sentences keep the vectors that they have,
so that any vector store serves both. It belongs to one encoder: vectors of another are left alone.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder

MAP_FILE = Path(__file__).with_name("question_map.npz")
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class QuestionMap:
    """A trained matrix and the encoder whose vectors it is for."""

    matrix: NDArray[np.float32]
    """Of shape ``(dimension, dimension)``."""
    encoder: str
    """How the names of the encoder begin that it was trained with, whatever precision it runs in."""

    def __post_init__(self) -> None:
        """Raises ValueError where the matrix is not square."""
        if self.matrix.ndim != 2 or self.matrix.shape[0] != self.matrix.shape[1]:
            raise ValueError(f"a question map is of shape {self.matrix.shape}; wanted a square matrix.")

    @classmethod
    def load(cls, file: Path = MAP_FILE) -> QuestionMap:
        """Read a map; raises ValueError where the file holds none."""
        try:
            with np.load(file, allow_pickle=False) as data:
                return cls(data["matrix"].astype(np.float32), str(data["encoder"]))
        except (KeyError, OSError, EOFError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(f"{file} holds no question map: {error}") from error

    def save(self, file: Path) -> None:
        """Write the map, the matrix in half precision."""
        with file.open("wb") as stream:
            np.savez(stream, matrix=self.matrix.astype(np.float16), encoder=np.array(self.encoder))

    @property
    def digest(self) -> str:
        """Changes with every value of the map."""
        held = self.matrix.astype(np.float16).tobytes() + self.encoder.encode()
        return hashlib.sha256(held).hexdigest()[:16]

    def fits(self, encoder: Encoder) -> bool:
        """Tell whether the map is for this encoder's vectors."""
        return encoder.name.startswith(self.encoder) and encoder.dimension == self.matrix.shape[0]

    def turn(self, question: Vector) -> Vector:
        """The unit vector, of shape ``(dimension,)``, that says-yes sentences are near to."""
        turned = self.matrix @ question
        length = float(np.linalg.norm(turned))
        unit: Vector = (turned / length if length else question).astype(np.float32)
        return unit


def map_for(encoder: Encoder) -> QuestionMap | None:
    """The map that comes with planqa, where it is for this encoder; else None."""
    shipped = QuestionMap.load()
    return shipped if shipped.fits(encoder) else None
