"""Weighs the mode that the rules read off a question's words against what its vector says.

Rules know the forms that somebody wrote down; people ask in others. A linear classifier over the question's
vector and over how many cities, years and plans it is about, trained on questions whose mode people have told
(``eval.train_modes``), gives every mode a probability, and the rules' mode is worth more. It belongs to one
encoder: with another one the rules decide alone.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from rag.records import Mode

MODEL_FILE = Path(__file__).with_name("mode_model.npz")
MODES: Final[tuple[Mode, ...]] = ("lookup", "enumerate", "compare", "summarise", "count")
"""The modes in the order of the weights' rows."""
N_COUNTS = 6
"""How many features tell of cities, years and plans."""
OF_RULES = 4.0
"""What the mode of the rules is worth beside the logarithms of the probabilities …"""
OF_DEFAULT = 1.0
"""… and what ``lookup`` is, which they say where no form points elsewhere.

Chosen on questions of writers left out: of 900 new ones the rules' mode was wrong for 162, and 140 of these
were taken for a lookup.
"""
_OF_SEVERAL: Final[frozenset[Mode]] = frozenset({"enumerate", "compare"})
"""Modes that want more than one plan."""

Floats = NDArray[np.float32]
Topic = str
ModeReader = Callable[[Topic, "Counts", Mode], Mode]
"""Takes a question's topic, what it is about and the rules' mode, and decides."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cities, years and plans a question is about."""

    cities: int
    years: int
    plans: int

    def features(self) -> Floats:
        """Of shape ``(N_COUNTS,)``, each 0 or 1."""
        no_city, one_city, more_cities = self.cities == 0, self.cities == 1, self.cities > 1
        told = (no_city, one_city, more_cities, self.years > 1, self.plans == 1, self.plans > 1)
        return np.array(told, dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class ModeModel:
    """Trained weights and the encoder whose vectors they are for."""

    weights: Floats
    """Of shape ``(n_modes, dimension + N_COUNTS)``."""
    bias: Floats
    """Of shape ``(n_modes,)``."""
    encoder: str
    """How the names of the encoder begin that it was trained with, whatever precision it runs in."""

    def __post_init__(self) -> None:
        """Raises ValueError where the shapes do not fit the modes."""
        n = len(MODES)
        rows_fit = self.weights.ndim == 2 and self.weights.shape[0] == n and self.weights.shape[1] > N_COUNTS
        if not rows_fit or self.bias.shape != (n,):
            raise ValueError(
                f"mode weights are of shape {self.weights.shape} and {self.bias.shape}; "
                f"wanted ({n}, dimension + {N_COUNTS}) and ({n},)."
            )

    @classmethod
    def load(cls, file: Path = MODEL_FILE) -> ModeModel:
        """Read weights; raises ValueError where the file holds none."""
        try:
            with np.load(file, allow_pickle=False) as data:
                weights, bias = data["weights"].astype(np.float32), data["bias"].astype(np.float32)
                return cls(weights, bias, str(data["encoder"]))
        except (KeyError, OSError, EOFError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(f"{file} holds no mode weights: {error}") from error

    def save(self, file: Path) -> None:
        """Write the weights, in half precision."""
        with file.open("wb") as stream:
            np.savez(
                stream,
                weights=self.weights.astype(np.float16),
                bias=self.bias.astype(np.float16),
                encoder=np.array(self.encoder),
            )

    @property
    def digest(self) -> str:
        """Changes with every weight."""
        held = self.weights.astype(np.float16).tobytes() + self.bias.astype(np.float16).tobytes()
        return hashlib.sha256(held + self.encoder.encode()).hexdigest()[:16]

    def fits(self, encoder: Encoder) -> bool:
        """Tell whether the weights are for this encoder's vectors."""
        dimension = self.weights.shape[1] - N_COUNTS
        return encoder.name.startswith(self.encoder) and encoder.dimension == dimension

    def decide(self, vector: Floats, counts: Counts, by_rules: Mode, heed_rules: bool = True) -> Mode:
        """The mode of a question with this unit vector of shape ``(dimension,)``."""
        logits = self.weights @ np.concatenate([vector, counts.features()]) + self.bias
        worths = logits - np.logaddexp.reduce(logits)
        if heed_rules:
            worths[MODES.index(by_rules)] += OF_DEFAULT if by_rules == "lookup" else OF_RULES
        for mode in _OF_SEVERAL - {by_rules}:
            if counts.plans < 2:
                worths[MODES.index(mode)] = -np.inf
        return MODES[int(worths.argmax())]


def mode_reader_for(encoder: Encoder) -> ModeReader | None:
    """What decides modes with the weights that come with planqa, where they are for this encoder."""
    shipped = ModeModel.load()
    if not shipped.fits(encoder):
        return None
    return lambda topic, counts, by_rules: shipped.decide(encoder.encode_question(topic), counts, by_rules)
