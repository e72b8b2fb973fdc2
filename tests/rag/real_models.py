"""The real answering weights, from the user's own model folder; fetched into it where they are missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from platformdirs import user_cache_path

from embeddings.catalog import QWEN_CODER_0_5B
from embeddings.model_source import ModelUnavailable
from embeddings.model_store import ModelStore


def small_model_file() -> Path:
    """The GGUF file of the small answering model; the test is skipped where no source can be reached."""
    try:
        return ModelStore(user_cache_path("planqa") / "models").pull(QWEN_CODER_0_5B)
    except ModelUnavailable as error:
        pytest.skip(f"no source reachable: {error}")
