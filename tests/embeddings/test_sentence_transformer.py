"""The encoder's own work, on a tiny random model in the real folder format."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from embeddings.encoder import Encoder
from embeddings.sentence_transformer import SentenceTransformerEncoder, native_precision

PROMPTS = {"query": "q: ", "document": "title: none | text: "}
MAX_TOKENS = 40


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A one-layer BERT over single characters, untrained."""
    folder = tmp_path_factory.mktemp("tiny")
    letters = "abcdefghijklmnopqrstuvwxyz :|题甲乙丙新建"
    vocabulary = {token: i for i, token in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder / "raw")
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder / "raw")
    transformer = Transformer(str(folder / "raw"), max_seq_length=MAX_TOKENS)
    model = SentenceTransformer(modules=[transformer, Pooling(16)], prompts=PROMPTS, device="cpu")
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def encoder(tiny_folder: Path) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(
        tiny_folder, model_id="tiny", precision="float32", batch_size=2, device="cpu"
    )


def test_vectors_are_those_of_the_model_with_its_own_prompts(
    tiny_folder: Path, encoder: SentenceTransformerEncoder
) -> None:
    reference = SentenceTransformer(str(tiny_folder), device="cpu", local_files_only=True)
    texts = ["abc", "新建甲乙丙", "z", "a b c d"]
    as_protocol: Encoder = encoder
    vectors = as_protocol.encode_passages(texts, [""] * 4)
    expected = reference.encode_document(texts, normalize_embeddings=True)
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(
        as_protocol.encode_question("abc"),
        reference.encode_query("abc", normalize_embeddings=True),
        atol=1e-6,
    )


def test_a_title_takes_its_place_in_the_prompt(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.passage_input("甲", "题") == "title: 题 | text: 甲"
    assert encoder.passage_input("甲", "") == "title: none | text: 甲"
    plain, titled = encoder.encode_passages(["甲", "甲"], ["", "题"])
    assert not np.allclose(plain, titled)


def test_order_and_batches_do_not_change_a_vector(encoder: SentenceTransformerEncoder) -> None:
    texts = ["a" * n for n in (9, 1, 5, 3, 7)]
    calls: list[tuple[int, int]] = []
    together = encoder.encode_passages(texts, [""] * 5, lambda *call: calls.append(call))
    alone = np.stack([encoder.encode_passages([text], [""])[0] for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    assert calls == [(2, 5), (4, 5), (5, 5)]
    assert encoder.encode_passages([], []).shape == (0, 16)


def test_a_shorter_dimension_is_the_beginning_of_the_vector_normalised(
    tiny_folder: Path, encoder: SentenceTransformerEncoder
) -> None:
    short = SentenceTransformerEncoder(
        tiny_folder, model_id="tiny", precision="float32", dimension=4, device="cpu"
    )
    whole = encoder.encode_passages(["abc"], [""])[0]
    np.testing.assert_allclose(
        short.encode_passages(["abc"], [""])[0], whole[:4] / np.linalg.norm(whole[:4]), atol=1e-6
    )
    assert short.dimension == 4 and short.name == "tiny/float32/4"
    with pytest.raises(ValueError, match="dimension is 17; the model's vectors have 16"):
        SentenceTransformerEncoder(tiny_folder, model_id="t", precision="float32", dimension=17, device="cpu")


def test_texts_that_are_too_long_are_counted_and_reported(
    tiny_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = SentenceTransformerEncoder(tiny_folder, model_id="tiny", precision="float32", device="cpu")
    with caplog.at_level(logging.WARNING):
        encoder.encode_passages(["a" * 10, "b" * 100], ["", ""])
    assert encoder.n_truncated == 1
    assert f"1 text(s) longer than the {MAX_TOKENS} tokens" in caplog.text


def test_bfloat16_stays_near_float32(tiny_folder: Path, encoder: SentenceTransformerEncoder) -> None:
    half = SentenceTransformerEncoder(tiny_folder, model_id="tiny", precision="bfloat16", device="cpu")
    texts = ["abc", "新建甲乙丙"]
    cosine = (half.encode_passages(texts, ["", ""]) * encoder.encode_passages(texts, ["", ""])).sum(axis=1)
    assert float(cosine.min()) > 0.99
    assert half.name == "tiny/bfloat16/16" and half.precision == "bfloat16"


def test_auto_is_what_the_processor_computes_natively(tiny_folder: Path) -> None:
    found = SentenceTransformerEncoder(tiny_folder, model_id="tiny", device="cpu").precision
    flags = Path("/proc/cpuinfo")
    native = native_precision("cpu")
    assert found == native
    if flags.exists():
        words = set(flags.read_text().split())
        assert (native == "bfloat16") == bool({"avx512_bf16", "amx_bf16"} & words)


def test_without_a_given_id_the_files_name_the_vectors(tiny_folder: Path, tmp_path: Path) -> None:
    def name_of(folder: Path) -> str:
        return SentenceTransformerEncoder(folder, precision="float32", device="cpu").name

    copy = tmp_path / tiny_folder.name
    for file in tiny_folder.rglob("*"):
        if file.is_file():
            target = copy / file.relative_to(tiny_folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    assert name_of(copy) == name_of(tiny_folder)
    settings = json.loads((copy / "config_sentence_transformers.json").read_text())
    settings["prompts"]["query"] = "other: "
    (copy / "config_sentence_transformers.json").write_text(json.dumps(settings))
    assert name_of(copy) != name_of(tiny_folder)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"found no modules\.json there\. .*`planqa models pull"):
        SentenceTransformerEncoder(tmp_path)


def test_bad_arguments_are_refused(tiny_folder: Path, encoder: SentenceTransformerEncoder) -> None:
    with pytest.raises(ValueError, match="batch_size is 0"):
        SentenceTransformerEncoder(tiny_folder, batch_size=0)
    with pytest.raises(ValueError, match="2 texts and 1 titles"):
        encoder.encode_passages(["a", "b"], [""])
