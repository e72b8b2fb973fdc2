"""Encoder over sentence-transformers; EmbeddingGemma by default, any model in that folder format."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Progress, Vectors
from embeddings.unit_vectors import check_passages, unit_rows

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Precision = Literal["auto", "bfloat16", "float32"]

_PASSAGE_PROMPTS = ("document", "passage", "corpus")
_UNTITLED = "title: none"
_IDENTITY_SUFFIXES = (".safetensors", ".json", ".model", ".bin")

_log = logging.getLogger(__name__)


class SentenceTransformerEncoder:
    """Encodes with a sentence-transformers model folder on this machine; never reaches for a network.

    ``model_id`` names the weights in :attr:`name` (and so in every cache key); where it is not given, the
    folder's name and a digest of its files are used, which reads the whole folder once. ``dimension``
    shortens the vectors of a Matryoshka model (768, 512, 256, 128 for EmbeddingGemma).
    """

    def __init__(
        self,
        path: Path,
        *,
        model_id: str | None = None,
        precision: Precision = "auto",
        dimension: int | None = None,
        batch_size: int = 8,
        device: str | None = None,
    ) -> None:
        if not (path / "modules.json").is_file():
            raise FileNotFoundError(
                f"No sentence-transformers model at {path}: found no modules.json there. "
                "Give the model's folder, or fetch the default one with `planqa models pull`."
            )
        if batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}; wanted at least 1.")
        # These two take about ten seconds to import; commands that encode nothing must not wait for them.
        torch = import_module("torch")
        library = import_module("sentence_transformers")
        self._precision = native_precision(device) if precision == "auto" else precision
        with _no_loading_bar():
            self._model: SentenceTransformer = library.SentenceTransformer(
                str(path),
                device=device,
                local_files_only=True,
                model_kwargs={"dtype": getattr(torch, self._precision)},
            )
        self._batch_size = batch_size
        self._dimension = _checked_dimension(self._model, dimension)
        self._passage_prompt = next(
            (self._model.prompts[key] for key in _PASSAGE_PROMPTS if self._model.prompts.get(key)), ""
        )
        self._question_prompt: str = self._model.prompts.get("query") or ""
        self._model_id = model_id or f"{path.name}@{_folder_digest(path)[:12]}"
        self._n_truncated = 0
        # The tokenizer's padding and truncation state is shared, so one forward pass at a time.
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Model, precision and dimension: what identifies the vectors."""
        return f"{self._model_id}/{self._precision}/{self._dimension}"

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return self._dimension

    @property
    def precision(self) -> str:
        """``bfloat16`` or ``float32``: what the weights were loaded in."""
        return self._precision

    @property
    def n_truncated(self) -> int:
        """How many texts were longer than the model reads, and so are known by their beginning only."""
        return self._n_truncated

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """One unit vector of shape ``(dimension,)``, with the model's own question prompt."""
        vector: NDArray[np.float32] = self._encode([self._question_prompt + question])[0]
        return vector

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        """Unit vectors of shape ``(len(texts), dimension)``, in the order given.

        Batches hold texts of like length, because a batch costs as much as its longest text.
        """
        check_passages(len(texts), len(titles))
        prompted = [self.passage_input(text, title) for text, title in zip(texts, titles, strict=True)]
        order = sorted(range(len(prompted)), key=lambda i: (-len(prompted[i]), i))
        vectors = np.zeros((len(prompted), self._dimension), dtype=np.float32)
        for start in range(0, len(order), self._batch_size):
            rows = order[start : start + self._batch_size]
            vectors[rows] = self._encode([prompted[i] for i in rows])
            if progress is not None:
                progress(start + len(rows), len(order))
        return vectors

    def question_tokens(self, question: str) -> Vectors:
        """A unit vector for every token of the question, shape ``(tokens, width)``: for late interaction."""
        return self._encode_tokens([self._question_prompt + question])[0]

    def passage_tokens(self, texts: Sequence[str], titles: Sequence[str]) -> list[Vectors]:
        """A unit vector for every token of each passage, title and prompt included."""
        check_passages(len(texts), len(titles))
        return self._encode_tokens(
            [self.passage_input(text, title) for text, title in zip(texts, titles, strict=True)]
        )

    def passage_input(self, text: str, title: str) -> str:
        """What the model reads for a passage: its own prompt, with the title where it has a place for one."""
        if not title:
            return self._passage_prompt + text
        if _UNTITLED in self._passage_prompt:
            return self._passage_prompt.replace(_UNTITLED, f"title: {title}", 1) + text
        return f"{self._passage_prompt}{title}\n{text}"

    def _encode(self, prompted: list[str]) -> Vectors:
        with self._lock:
            self._count_truncated(prompted)
            raw = self._model.encode(
                prompted,
                prompt="",
                batch_size=len(prompted),
                show_progress_bar=False,
                convert_to_tensor=True,
            )
        return unit_rows(raw.float().cpu().numpy(), len(prompted), self._dimension, shorten=True)

    def _encode_tokens(self, prompted: list[str]) -> list[Vectors]:
        with self._lock:
            self._count_truncated(prompted)
            found = self._model.encode(
                prompted,
                prompt="",
                batch_size=self._batch_size,
                show_progress_bar=False,
                output_value="token_embeddings",
            )
        rows = [vectors.float().cpu().numpy() for vectors in found]
        return [unit_rows(vectors, len(vectors), vectors.shape[1]) for vectors in rows]

    def _count_truncated(self, prompted: list[str]) -> None:
        limit = self._model.max_seq_length
        if limit is None:
            return
        # A token is at least one byte, so most texts are known to fit without being cut into tokens twice.
        doubtful = [text for text in prompted if len(text.encode()) + 2 > limit]
        too_long = sum(len(self._model.tokenizer(text)["input_ids"]) > limit for text in doubtful)
        if too_long > 0:
            self._n_truncated += too_long
            _log.warning(
                "%d text(s) longer than the %d tokens that the model reads; rest unseen", too_long, limit
            )


def native_precision(device: str | None = None) -> Literal["bfloat16", "float32"]:
    """``bfloat16`` where the processor (or the named CUDA device) computes it natively, else ``float32``.

    Elsewhere bfloat16 is emulated and slower than float32.
    """
    torch = import_module("torch")
    if device != "cpu" and torch.cuda.is_available():
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
    capabilities = torch.cpu.get_capabilities()
    native = capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")
    return "bfloat16" if native else "float32"


@contextmanager
def _no_loading_bar() -> Iterator[None]:
    """Keep transformers from drawing its own bar while weights load; callers show their own progress."""
    logging_of_transformers = import_module("transformers.utils.logging")
    was_on = logging_of_transformers.is_progress_bar_enabled()
    logging_of_transformers.disable_progress_bar()
    try:
        yield
    finally:
        if was_on:
            logging_of_transformers.enable_progress_bar()


def _checked_dimension(model: SentenceTransformer, wanted: int | None) -> int:
    full = model.get_embedding_dimension()
    if full is None:
        raise ValueError("The model does not say how long its vectors are; give another model.")
    if wanted is None:
        return int(full)
    if not 1 <= wanted <= full:
        raise ValueError(f"dimension is {wanted}; the model's vectors have {full}. Ask for {full} or less.")
    return wanted


def _folder_digest(path: Path) -> str:
    digest = hashlib.sha256()
    files = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix in _IDENTITY_SUFFIXES)
    for file in files:
        digest.update(file.relative_to(path).as_posix().encode() + b"\0")
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()
