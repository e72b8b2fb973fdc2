"""Encoder over any embeddings endpoint with the OpenAI interface (vLLM, llama.cpp's server, others)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import httpx
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Progress, Vectors
from embeddings.unit_vectors import check_passages, unit_rows

_SHOWN_CHARS = 200


class OpenAICompatibleEncoder:
    """Sends texts to ``{base_url}/embeddings``; ``base_url`` ends with the interface's version (``…/v1``).

    A server embeds what it is sent, so the model's own prompts go into ``question_prompt`` and
    ``passage_prompt``, which stand before the text; ``{title}`` in the latter becomes the passage's title, or
    ``none``. Without that place a title goes on the line before its text. ``dimension`` is what the vectors
    must have. An unreachable or failing server is a ``ConnectionError`` that says what it answered.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        dimension: int,
        *,
        api_key: str | None = None,
        question_prompt: str = "",
        passage_prompt: str = "",
        batch_size: int = 32,
        timeout_s: float = 60.0,
    ) -> None:
        if batch_size < 1 or dimension < 1:
            raise ValueError(f"batch_size is {batch_size}, dimension {dimension}; wanted at least 1 each.")
        self._url = f"{base_url.rstrip('/')}/embeddings"
        # The address as it may be shown and stored: without a user name or password.
        self._address = str(httpx.URL(self._url).copy_with(userinfo=b""))
        self._model = model
        self._dimension = dimension
        self._question_prompt = question_prompt
        self._passage_prompt = passage_prompt
        self._batch_size = batch_size
        headers = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
        self._client = httpx.Client(headers=headers, timeout=timeout_s)

    @property
    def name(self) -> str:
        """Address, model, prompts and dimension: what identifies the vectors, as far as it can be known."""
        prompts = f"{self._question_prompt}|{self._passage_prompt}"
        return f"{self._model}@{self._address}/{prompts}/{self._dimension}"

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return self._dimension

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the server."""
        self._client.close()

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """One unit vector of shape ``(dimension,)``, with the question prompt."""
        vector: NDArray[np.float32] = self._request([self._question_prompt + question])[0]
        return vector

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        """Unit vectors of shape ``(len(texts), dimension)``, in the order given."""
        check_passages(len(texts), len(titles))
        prompted = [self._passage_input(text, title) for text, title in zip(texts, titles, strict=True)]
        vectors = np.zeros((len(prompted), self._dimension), dtype=np.float32)
        for start in range(0, len(prompted), self._batch_size):
            batch = prompted[start : start + self._batch_size]
            vectors[start : start + len(batch)] = self._request(batch)
            if progress is not None:
                progress(start + len(batch), len(prompted))
        return vectors

    def _passage_input(self, text: str, title: str) -> str:
        if "{title}" in self._passage_prompt:
            return self._passage_prompt.replace("{title}", title or "none") + text
        return f"{self._passage_prompt}{title}\n{text}" if title else self._passage_prompt + text

    def _request(self, inputs: list[str]) -> Vectors:
        try:
            response = self._client.post(
                self._url, json={"model": self._model, "input": inputs, "encoding_format": "float"}
            )
        except httpx.TransportError as error:
            raise ConnectionError(
                f"The embeddings server at {self._address} cannot be reached ({error}). "
                "Check its address and that it runs."
            ) from error
        if response.status_code != httpx.codes.OK:
            raise ConnectionError(
                f"The embeddings server at {self._address} answered {response.status_code} for the model "
                f"{self._model}: {response.text[:_SHOWN_CHARS]}"
            )
        try:
            rows = {int(entry["index"]): entry["embedding"] for entry in response.json()["data"]}
            ordered = [rows[i] for i in range(len(inputs))]
            return unit_rows(ordered, len(inputs), self._dimension)
        except (KeyError, TypeError, ValueError) as error:
            raise ConnectionError(
                f"The embeddings server at {self._address} sent no usable vectors for {len(inputs)} texts "
                f"({type(error).__name__}: {error}). Check the model and its dimension ({self._dimension})."
            ) from error
