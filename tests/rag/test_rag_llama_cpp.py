from pathlib import Path

import pytest

from rag.errors import GeneratorUnavailable
from rag.llama_cpp import LlamaCppGenerator


def test_a_model_file_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GeneratorUnavailable, match=r"not there.*planqa models pull") as caught:
        LlamaCppGenerator(tmp_path / "gone.gguf", "0" * 64)
    assert caught.value.status == 503
    assert str(tmp_path / "gone.gguf") in caught.value.message


@pytest.mark.model
def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + b"\x00" * 100)
    with pytest.raises(GeneratorUnavailable, match="could not be loaded"):
        LlamaCppGenerator(tmp_path / "broken.gguf", "0" * 64)
