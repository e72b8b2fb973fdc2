"""Every generator behind the one protocol: the same results, asked in the same way."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
import xllamacpp
from chain_fakes import FakeEncoder, answerer_over, ask
from chat_endpoint import KEY, TOP, WAIT_S, Endpoint, chat_endpoint
from pydantic import SecretStr
from real_models import small_model_file
from tiny_model import write_tiny_model

from rag.assembly import Parts, load_generator_or_reason, make_answerer, model_store, needed_models
from rag.assembly import open_generator as opened_by
from rag.errors import GeneratorUnavailable
from rag.generate import Generator, Message
from rag.llama_cpp import LlamaCppGenerator
from rag.openai_compatible import OpenAICompatibleGenerator
from rag.settings import Settings
from rag.snapshot import Index
from rag.transformers_model import TransformersGenerator
from rag.weights import model_digest

QUESTION = "青岛2023年新建、改扩建幼儿园多少所?"
PROMPT = (Message("system", "Answer with one word."), Message("user", "Is snow white? Say yes or no."))
CHOICES = ("yes", "no", "maybe")


@dataclass(frozen=True, slots=True)
class Opening:
    """How a generator is opened; what it needs lives as long as the stack."""

    open: Callable[[Path, ExitStack], Generator]


def tiny_transformers(folder: Path, stack: ExitStack) -> Generator:
    return TransformersGenerator(write_tiny_model(folder), "d" * 64)


def own_endpoint(folder: Path, stack: ExitStack) -> Generator:
    endpoint = stack.enter_context(chat_endpoint())
    endpoint.reply = "yes, it is."
    return OpenAICompatibleGenerator(endpoint.url, "scripted")


def llama_cpp(folder: Path, stack: ExitStack) -> Generator:
    return LlamaCppGenerator(small_model_file(), "d" * 64, context=1024, n_parallel=2)


def endpoint_of_llama_cpp(folder: Path, stack: ExitStack) -> Generator:
    """llama.cpp's own server, as its wheel brings it, behind a key."""
    params = xllamacpp.CommonParams()
    params.model.path = str(small_model_file())
    params.n_ctx = 2048
    params.n_parallel = 2
    params.warmup = False
    params.verbosity = -1
    params.api_keys = [KEY]
    server = stack.enter_context(nullcontext(xllamacpp.Server(params)))  # it ends when nobody holds it
    return OpenAICompatibleGenerator(f"{server.listening_address}/v1", "qwen", KEY, timeout_s=120)


def real_transformers(folder: Path, stack: ExitStack) -> Generator:
    return TransformersGenerator(small_model_file(), "d" * 64)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(tiny_transformers, id="transformers"),
        pytest.param(own_endpoint, id="endpoint"),
        pytest.param(llama_cpp, id="llama.cpp", marks=pytest.mark.model),
        pytest.param(endpoint_of_llama_cpp, id="endpoint-llama.cpp", marks=pytest.mark.model),
        pytest.param(
            real_transformers, id="transformers-gguf", marks=[pytest.mark.model, pytest.mark.timeout(1200)]
        ),
    ],
)
def generator(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Generator]:
    with ExitStack() as stack:
        yield request.param(tmp_path_factory.mktemp("model"), stack)


def test_the_pieces_are_the_text_and_the_counts_are_kept(generator: Generator) -> None:
    pieces: list[str] = []
    result = generator.generate(PROMPT, 6, lambda piece: pieces.append(piece) or True)
    assert "".join(pieces) == result.text
    assert result.text
    assert not result.stopped
    assert 1 <= result.generated_tokens <= 6
    assert result.prompt_tokens > 5
    assert 0 <= result.cached_tokens <= result.prompt_tokens


def test_an_answer_is_as_long_as_allowed_and_the_same_every_time(generator: Generator) -> None:
    one = generator.generate(PROMPT, 1)
    four = generator.generate(PROMPT, 4)
    assert one.generated_tokens == 1
    assert four.generated_tokens <= 4
    assert four.text.startswith(one.text.rstrip("\ufffd"))
    assert generator.generate(PROMPT, 4).text == four.text


def test_a_sink_that_has_enough_ends_the_answer(generator: Generator) -> None:
    pieces: list[str] = []

    def one_piece(piece: str) -> bool:
        pieces.append(piece)
        return not piece

    result = generator.generate(PROMPT, 40, one_piece)
    assert result.stopped
    assert result.text == "".join(pieces)
    assert [piece for piece in pieces if piece] == pieces[-1:]
    at_once = generator.generate(PROMPT, 40, lambda piece: False)
    assert at_once.stopped
    assert len(at_once.text) <= len(result.text)


def test_choices_are_weighed_each_for_itself(generator: Generator) -> None:
    scores = generator.choose(PROMPT, CHOICES)
    assert len(scores) == 3
    assert all(score <= 0 for score in scores)
    backwards = generator.choose(PROMPT, CHOICES[::-1])
    assert backwards == pytest.approx(scores[::-1], abs=0.05)
    unlikely = generator.choose(PROMPT, (*CHOICES, "鑫"))[3]
    assert unlikely <= max(scores)
    assert generator.choose(PROMPT, CHOICES, lambda piece: True) == pytest.approx(scores, abs=0.05)


def test_two_at_once_say_what_each_says_alone(generator: Generator) -> None:
    prompts = [(*PROMPT[:1], Message("user", f"Count from {n}.")) for n in (1, 5)]
    alone = [generator.generate(prompt, 5).text for prompt in prompts]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda prompt: generator.generate(prompt, 5).text, prompts)) == alone


def test_it_has_a_name_and_what_identifies_it(generator: Generator) -> None:
    for word in (generator.name, generator.digest):
        assert word.strip() == word != ""
        assert "\n" not in word


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with chat_endpoint() as running:
        yield running


def test_transformers_read_and_write_as_the_library_does(tmp_path: Path) -> None:
    generator = TransformersGenerator(write_tiny_model(tmp_path), "d" * 64)
    model, tokenizer = generator._model, generator._tokenizer
    long = (Message("user", "幼儿园" * 60),)  # more than one batch
    prompt = "<|start|>user\n" + "幼儿园" * 60 + "<|end|><|start|>assistant\n"
    ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        logits = model(input_ids=ids).logits[0, -1]
        whole = model.generate(ids, do_sample=False, max_new_tokens=12)
    result = generator.generate(long, 12)
    assert result.prompt_tokens == ids.shape[1] > 2 * 64
    assert result.text == tokenizer.decode(whole[0, ids.shape[1] :], skip_special_tokens=True)
    expected = torch.log_softmax(logits.float(), -1)
    best = [int(token) for token in expected.topk(20).indices]
    plain = [token for token in best if tokenizer.decode([token]).strip() == tokenizer.decode([token])]
    named = [token for token in plain if tokenizer.decode([token]).isascii() and tokenizer.decode([token])]
    scores = generator.choose(long, [tokenizer.decode([token]) for token in named])
    assert len(named) >= 3
    assert scores == pytest.approx([float(expected[token]) for token in named], abs=1e-4)


def test_a_folder_that_holds_no_instruct_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GeneratorUnavailable, match="not there"):
        TransformersGenerator(tmp_path / "gone", "d")
    (tmp_path / "empty").mkdir()
    with pytest.raises(GeneratorUnavailable, match="could not be loaded"):
        TransformersGenerator(tmp_path / "empty", "d")
    with pytest.raises(GeneratorUnavailable, match="chat template"):
        TransformersGenerator(write_tiny_model(tmp_path / "base", chat_template=False), "d")


def test_a_reply_is_as_likely_as_its_tokens_one_after_the_other(tmp_path: Path) -> None:
    generator = TransformersGenerator(write_tiny_model(tmp_path), "d" * 64)
    model, tokenizer = generator._model, generator._tokenizer
    prompt = "<|start|>user\nhi<|end|><|start|>assistant\n"
    said, expected = tokenizer("食堂?")["input_ids"], []
    for n, token in enumerate(said):
        ids = tokenizer(prompt)["input_ids"] + said[:n]
        with torch.inference_mode():
            logits = model(input_ids=torch.tensor([ids])).logits[0, -1]
        expected.append(float(torch.log_softmax(logits.float(), -1)[token]))
    found = generator.likelihood((Message("user", "hi"),), "食堂?")
    assert len(said) == 7 and found == pytest.approx(sum(expected) / 7, abs=1e-4)
    with pytest.raises(ValueError, match="empty reply"):
        generator.likelihood((Message("user", "hi"),), "")
    with pytest.raises(GeneratorUnavailable, match="2048"):
        generator.likelihood((Message("user", "hi"),), "a" * 3000)


def test_a_prompt_that_the_model_cannot_hold_is_refused(tmp_path: Path) -> None:
    generator = TransformersGenerator(write_tiny_model(tmp_path), "d")
    with pytest.raises(GeneratorUnavailable, match="2048"):
        generator.generate((Message("user", "a" * 3000),), 10)


def test_a_digest_changes_with_the_weights_and_not_with_other_files(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "a")
    digest = model_digest(folder)
    (folder / "README.md").write_text("words")
    assert model_digest(folder) == digest
    (folder / "config.json").write_text((folder / "config.json").read_text() + " ")
    assert model_digest(folder) != digest
    assert len(model_digest(folder / "model.safetensors")) == 64


def test_an_endpoint_is_asked_as_it_expects(endpoint: Endpoint) -> None:
    endpoint.key = KEY
    generator = OpenAICompatibleGenerator(f"{endpoint.url}/", "m-1", KEY)
    result = generator.generate(PROMPT, 5)
    assert (result.text, result.prompt_tokens, result.cached_tokens) == (endpoint.reply[:5], 40, 8)
    [body] = endpoint.bodies
    assert (body["model"], body["max_tokens"], body["temperature"]) == ("m-1", 5, 0.0)
    assert body["messages"][1] == {"role": "user", "content": PROMPT[1].content}
    assert generator.digest == f"m-1@{endpoint.url}"
    scores = generator.choose(PROMPT, ("yes", "no", "never"))
    assert scores == (TOP["yes"], TOP[" no"], TOP["maybe"])


@pytest.mark.parametrize("trouble", ["no logprobs", "refuses logprobs"])
def test_an_endpoint_without_probabilities_is_taken_at_its_word(endpoint: Endpoint, trouble: Any) -> None:
    endpoint.trouble, endpoint.reply = trouble, "No, it is not."
    generator = OpenAICompatibleGenerator(endpoint.url, "m")
    yes, no, maybe = generator.choose(PROMPT, CHOICES)
    assert no > yes == maybe
    asked = len(endpoint.bodies)
    endpoint.reply = "none of these"
    assert len(set(generator.choose(PROMPT, ("yes", "maybe")))) == 1
    assert len(endpoint.bodies) == asked + 1  # what it cannot give is not asked for again


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("500", "answered 500: .*out of memory"),
        ("breaks off", "no chat completion|midway"),
        ("ends early", "ended its answer midway"),
        ("error midway", "the model crashed"),
        ("no chat", "no chat completion"),
    ],
)
def test_an_endpoint_that_fails_says_how_and_never_the_key(
    endpoint: Endpoint, trouble: Any, words: str
) -> None:
    endpoint.trouble, endpoint.key = trouble, KEY
    generator = OpenAICompatibleGenerator(endpoint.url, "m", KEY)
    with pytest.raises(GeneratorUnavailable, match=words) as caught:
        generator.generate(PROMPT, 8)
    told = caught.value.message + json.dumps(caught.value.detail)
    assert KEY not in told
    assert endpoint.url in told


def test_a_wrong_key_a_wrong_address_and_a_silent_endpoint_are_told(endpoint: Endpoint) -> None:
    endpoint.key = KEY
    with pytest.raises(GeneratorUnavailable, match=r"refused the API key .*PLANQA_GENERATOR_API_KEY"):
        OpenAICompatibleGenerator(endpoint.url, "m", "sk-wrong").generate(PROMPT, 8)
    with pytest.raises(GeneratorUnavailable, match="cannot be reached"):
        OpenAICompatibleGenerator("http://127.0.0.1:9/v1", "m").generate(PROMPT, 8)
    for url, model in (("", "m"), ("ftp://x/v1", "m"), ("http://x/v1", "")):
        with pytest.raises(GeneratorUnavailable, match="generator_url"):
            OpenAICompatibleGenerator(url, model)
    endpoint.trouble, endpoint.key = "silent", ""
    with pytest.raises(GeneratorUnavailable, match=r"said nothing for 0\.3 s"):
        OpenAICompatibleGenerator(endpoint.url, "m", timeout_s=0.3).generate(PROMPT, 8)


def test_who_leaves_while_an_endpoint_is_silent_hangs_up(endpoint: Endpoint) -> None:
    endpoint.trouble = "silent"
    started = time.monotonic()
    generator = OpenAICompatibleGenerator(endpoint.url, "m", timeout_s=WAIT_S)
    result = generator.generate(PROMPT, 8, lambda piece: not endpoint.bodies)
    assert result.stopped
    assert endpoint.client_left.wait(WAIT_S)
    assert generator.choose(PROMPT, CHOICES, lambda piece: len(endpoint.bodies) < 2) == (0.0, 0.0, 0.0)
    assert time.monotonic() - started < WAIT_S / 2  # neither the endpoint nor the patience ran out


def settings_of(folder: Path, **fields: Any) -> Settings:
    return Settings(home=folder / "home", models_dir=folder / "models", **fields)


def test_the_settings_open_each_kind(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.key = KEY
    remote = settings_of(
        tmp_path, generator="openai", generator_url=endpoint.url, generator_model="m", generator_api_key=KEY
    )
    opened = opened_by(remote, model_store(remote))
    assert opened.generate(PROMPT, 3).text == endpoint.reply[:3]
    assert [spec.role for spec in needed_models(remote)] == ["embedding"]
    folder = write_tiny_model(tmp_path / "tiny")
    own = settings_of(tmp_path, generator="transformers", generator_model=str(folder))
    tiny = opened_by(own, model_store(own))
    assert (tiny.name, tiny.digest) == ("tiny", model_digest(folder))
    assert tiny.generate(PROMPT, 2).generated_tokens == 2
    named = settings_of(tmp_path, generator_model="qwen2.5-coder-0.5b-instruct-q4_k_m")
    assert [spec.name for spec in needed_models(named)][1:] == [named.generator_model]


def test_a_key_is_never_shown() -> None:
    settings = Settings(
        generator_api_key=SecretStr(KEY),
        generator_url="http://me:hidden@h/v1",
        database="postgresql://me:hidden@h/db",
    )
    for text in (repr(settings), json.dumps(settings.shown()), str(settings)):
        assert KEY not in text
    assert "hidden" not in json.dumps(settings.shown())
    assert "me:**********@h/db" in settings.shown()["database"]
    assert Settings().shown()["generator_api_key"] == ""


def failing_endpoint(folder: Path, endpoint: Endpoint) -> Settings:
    endpoint.trouble = "error midway"
    return settings_of(folder, generator="openai", generator_url=endpoint.url, generator_model="m")


def missing_endpoint(folder: Path, endpoint: Endpoint) -> Settings:
    return settings_of(folder, generator="openai", generator_url="http://127.0.0.1:9/v1", generator_model="m")


def unset_endpoint(folder: Path, endpoint: Endpoint) -> Settings:
    return settings_of(folder, generator="openai")


def failing_transformers(folder: Path, endpoint: Endpoint) -> Settings:
    small = write_tiny_model(folder / "model", n_tokens=200)  # it knows fewer tokens than a prompt has
    return settings_of(folder, generator="transformers", generator_model=str(small))


def missing_transformers(folder: Path, endpoint: Endpoint) -> Settings:
    return settings_of(folder, generator="transformers", generator_model=str(folder / "gone"))


def missing_llama_cpp(folder: Path, endpoint: Endpoint) -> Settings:
    return settings_of(folder, generator_model=str(folder / "gone.gguf"))


@pytest.mark.parametrize(
    "failing",
    [
        failing_endpoint, missing_endpoint, unset_endpoint, failing_transformers, missing_transformers,
        missing_llama_cpp,
    ],
)  # fmt: skip
def test_where_a_generator_is_missing_or_fails_the_quotes_answer_and_say_so(
    tmp_path: Path,
    endpoint: Endpoint,
    small_index: Index,
    failing: Callable[[Path, Endpoint], Settings],
) -> None:
    settings = failing(tmp_path, endpoint)
    generator, reason = load_generator_or_reason(
        lambda: opened_by(settings, model_store(settings)), wanted=True
    )
    answerer = make_answerer(settings, Parts(small_index, FakeEncoder(), generator, reason))
    answer = ask(answerer, QUESTION)
    quotes = ask(answerer_over(small_index), QUESTION)
    assert (answer.status, answer.answer) == (quotes.status, quotes.answer)
    assert "50" in answer.answer
    assert len(answer.warnings) == 1
    assert answer.model["name"] is None


def test_an_endpoint_words_an_answer(endpoint: Endpoint, small_index: Index) -> None:
    generator = OpenAICompatibleGenerator(endpoint.url, "m")
    answer = ask(answerer_over(small_index, generator), QUESTION)
    assert answer.answer == f"{endpoint.reply}[1]"
    assert (answer.model["name"], answer.model["used"]) == ("m", True)
    assert answer.model["digest"] == generator.digest
    assert answer.warnings == ()
