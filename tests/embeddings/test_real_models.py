"""The real weights, from the user's own model folder; fetched into it where they are missing."""

from __future__ import annotations

import numpy as np
import pytest
from platformdirs import user_cache_path

from embeddings.catalog import CATALOG, EMBEDDINGGEMMA_300M
from embeddings.model_source import ModelUnavailable
from embeddings.model_store import ModelStore
from embeddings.sentence_transformer import SentenceTransformerEncoder

pytestmark = pytest.mark.model

TEXTS = [
    "扩大普惠托育供给。全市新增3岁以下婴幼儿托位5000个，每个街道至少建成1所普惠托育机构。",
    "深化义务教育阶段集团化办学，新增优质学位2万个，缩小城乡和校际差距。",
    "开展中小学校食品安全专项检查，实现食堂明厨亮灶全覆盖。",
    "做好中小学生课后服务，延时托管到下午六点。",
]


@pytest.fixture(scope="module")
def store() -> ModelStore:
    return ModelStore(user_cache_path("planqa") / "models")


@pytest.fixture(scope="module")
def gemma(store: ModelStore) -> SentenceTransformerEncoder:
    try:
        folder = store.pull(EMBEDDINGGEMMA_300M)
    except ModelUnavailable as error:
        pytest.skip(f"no source reachable: {error}")
    return SentenceTransformerEncoder(folder, model_id=EMBEDDINGGEMMA_300M.identity, device="cpu")


@pytest.mark.timeout(1200)
def test_every_model_of_the_catalog_can_be_had_and_is_the_pinned_one(store: ModelStore) -> None:
    for spec in CATALOG:
        try:
            found = store.pull(spec)
        except ModelUnavailable as error:
            pytest.skip(f"no source reachable: {error}")
        assert found.exists() and store.verify(spec) == found
    assert {status.state for status in store.status()} == {"ready"}


@pytest.mark.timeout(1200)
def test_gemma_finds_what_was_asked_for_in_both_languages(gemma: SentenceTransformerEncoder) -> None:
    vectors = gemma.encode_passages(TEXTS, [""] * len(TEXTS))
    assert vectors.shape == (4, 768)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for question, wanted in [
        ("哪些城市提出托育扩容?", 0),
        ("Which cities add childcare places for children under three?", 0),
        ("学校食堂安全怎么抓?", 2),
        ("How are after-school services extended?", 3),
    ]:
        assert int(np.argmax(vectors @ gemma.encode_question(question))) == wanted, question
    assert gemma.name.startswith("embeddinggemma-300m@cbf5a78393b6/")


@pytest.mark.timeout(1200)
def test_gemma_in_its_own_precision_stays_near_float32(
    gemma: SentenceTransformerEncoder, store: ModelStore
) -> None:
    folder = store.find(EMBEDDINGGEMMA_300M)
    assert folder is not None
    full = SentenceTransformerEncoder(
        folder, model_id=EMBEDDINGGEMMA_300M.identity, precision="float32", device="cpu"
    )
    titles = ["托育", "", "食品安全", ""]
    cosine = (gemma.encode_passages(TEXTS, titles) * full.encode_passages(TEXTS, titles)).sum(axis=1)
    assert float(cosine.min()) > 0.995
    short = SentenceTransformerEncoder(folder, model_id="x", precision="float32", dimension=256, device="cpu")
    whole = full.encode_question(TEXTS[0])[:256]
    np.testing.assert_allclose(short.encode_question(TEXTS[0]), whole / np.linalg.norm(whole), atol=1e-5)
