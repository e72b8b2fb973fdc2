"""The engine that runs GGUF files in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from real_models import small_model_file

from corpus.library import load_sample_plans
from rag.errors import GeneratorUnavailable
from rag.generate import Generation, Message
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


@pytest.fixture(scope="module")
def two_places() -> LlamaCppGenerator:
    return LlamaCppGenerator(small_model_file(), "0" * 64, context=1024, n_parallel=2)


def timed(work: Callable[[], Generation]) -> tuple[Generation, float]:
    started = time.monotonic()
    return work(), time.monotonic() - started


def cost_of_leaving(model: LlamaCppGenerator, first: Message, second: Message) -> float:
    """The time until the next answer where a reader left, beside the time that the whole prompt takes."""
    whole, whole_s = timed(lambda: model.generate([first], 1))
    asked: list[str] = []

    def leave_after_the_first_batch(piece: str) -> bool:
        asked.append(piece)
        return len(asked) < 2

    stopped, stopped_s = timed(lambda: model.generate([second], 1, leave_after_the_first_batch))
    after, after_s = timed(lambda: model.generate([Message("user", "你好")], 1))
    assert asked == ["", ""]
    assert stopped.stopped
    assert 0 < stopped.prompt_tokens < whole.prompt_tokens / 4
    assert not after.stopped
    # Both together: the engine must be free for the next, not only the caller.
    return (stopped_s + after_s) / whole_s


@pytest.mark.model
def test_who_leaves_while_the_prompt_is_read_frees_the_engine_at_once(two_places: LlamaCppGenerator) -> None:
    prompts = [Message("user", plan.text[:900]) for plan in load_sample_plans()[:6]]
    pairs = zip(prompts[::2], prompts[1::2], strict=True)
    # A busy machine may delay one of them.
    assert min(cost_of_leaving(two_places, *pair) for pair in pairs) < 1 / 2


@pytest.mark.model
def test_two_answers_at_once_are_the_same_as_one_after_the_other(two_places: LlamaCppGenerator) -> None:
    prompts = [[Message("user", f"从{n}数到{n + 8},只写数字。")] for n in (1, 21)]
    alone = [two_places.generate(prompt, 12).text for prompt in prompts]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda prompt: two_places.generate(prompt, 12).text, prompts))
    assert all(alone)
    assert together == alone


@pytest.mark.model
def test_what_the_sink_raises_comes_back_to_the_caller(two_places: LlamaCppGenerator) -> None:
    def fail(piece: str) -> bool:
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError, match="gone"):
        two_places.generate([Message("user", "你好")], 4, fail)
    assert two_places.generate([Message("user", "你好")], 1).generated_tokens == 1


@pytest.mark.model
def test_a_prompt_that_the_engine_cannot_hold_is_refused_and_the_next_is_answered(
    two_places: LlamaCppGenerator,
) -> None:
    with pytest.raises(GeneratorUnavailable, match="failed"):
        two_places.generate([Message("user", load_sample_plans()[0].text[:5000])], 4)
    assert two_places.generate([Message("user", "你好")], 1).generated_tokens == 1
