from __future__ import annotations

import json
import socket

import numpy as np
import pytest
from loopback import LoopbackEmbeddings

from embeddings.encoder import Encoder
from embeddings.openai_compatible import OpenAICompatibleEncoder


def lengths(text: str) -> list[float]:
    return [float(len(text)), 1.0, 0.0]


def test_vectors_come_in_the_order_asked_and_with_unit_length() -> None:
    endpoint = LoopbackEmbeddings(lengths)
    calls: list[tuple[int, int]] = []
    with endpoint.serving() as url, OpenAICompatibleEncoder(url, "m", 3, batch_size=2) as encoder:
        as_protocol: Encoder = encoder
        vectors = as_protocol.encode_passages(["a", "bbb", "cc"], [""] * 3, lambda *c: calls.append(c))
    expected = np.array([lengths("a"), lengths("bbb"), lengths("cc")])
    np.testing.assert_allclose(vectors, expected / np.linalg.norm(expected, axis=1, keepdims=True), rtol=1e-6)
    assert vectors.dtype == np.float32
    assert [request["input"] for request in endpoint.requests] == [["a", "bbb"], ["cc"]]
    assert calls == [(2, 3), (3, 3)]


def test_prompts_and_titles_are_put_before_the_text() -> None:
    endpoint = LoopbackEmbeddings(lengths)
    with endpoint.serving() as url:
        with OpenAICompatibleEncoder(
            url, "m", 3, question_prompt="query: ", passage_prompt="title: {title} | text: "
        ) as gemma:
            assert gemma.encode_question("托育?").shape == (3,)
            gemma.encode_passages(["甲", "乙"], ["题", ""])
        with OpenAICompatibleEncoder(url, "m", 3, passage_prompt="passage: ") as e5:
            e5.encode_passages(["甲", "乙"], ["题", ""])
    assert [request["input"] for request in endpoint.requests] == [
        ["query: 托育?"],
        ["title: 题 | text: 甲", "title: none | text: 乙"],
        ["passage: 题\n甲", "passage: 乙"],
    ]


def test_the_key_is_sent_and_never_shown() -> None:
    endpoint = LoopbackEmbeddings(lengths)
    with endpoint.serving() as url:
        with OpenAICompatibleEncoder(url, "m", 3, api_key="secret-key") as encoder:
            encoder.encode_question("x")
            assert endpoint.headers[0]["Authorization"] == "Bearer secret-key"
            endpoint.answer = (401, b'{"error": "no"}')
            with pytest.raises(
                ConnectionError, match=r'answered 401 for the model m: \{"error": "no"\}'
            ) as caught:
                encoder.encode_question("x")
    assert "secret" not in str(caught.value) + encoder.name
    with OpenAICompatibleEncoder("http://user:secret@127.0.0.1:1/v1", "m", 3) as named:
        assert named.name == "m@http://127.0.0.1:1/v1/embeddings/|/3"


def test_names_differ_where_vectors_would() -> None:
    encoders = [
        OpenAICompatibleEncoder("http://127.0.0.1:1/v1", "m", 3),
        OpenAICompatibleEncoder("http://127.0.0.1:2/v1", "m", 3),
        OpenAICompatibleEncoder("http://127.0.0.1:1/v1", "n", 3),
        OpenAICompatibleEncoder("http://127.0.0.1:1/v1", "m", 4),
        OpenAICompatibleEncoder("http://127.0.0.1:1/v1", "m", 3, passage_prompt="p"),
        OpenAICompatibleEncoder("http://127.0.0.1:1/v1", "m", 3, question_prompt="p"),
    ]
    for encoder in encoders:
        encoder.close()
    assert len({encoder.name for encoder in encoders}) == len(encoders)


@pytest.mark.parametrize(
    "answer",
    [
        b"not json",
        b"{}",
        b'{"data": []}',
        b'{"data": 3}',
        json.dumps({"data": [{"index": 0, "embedding": [1, 2]}]}).encode(),
        json.dumps({"data": [{"index": 1, "embedding": [1, 2, 3]}]}).encode(),
        json.dumps({"data": [{"index": 0, "embedding": ["a", "b", "c"]}]}).encode(),
        json.dumps({"data": [{"index": 0, "embedding": [0, 0, 0]}]}).encode(),
    ],
)
def test_an_answer_without_usable_vectors_is_an_error(answer: bytes) -> None:
    endpoint = LoopbackEmbeddings(lengths)
    endpoint.answer = (200, answer)
    with endpoint.serving() as url, OpenAICompatibleEncoder(url, "m", 3) as encoder:
        with pytest.raises(ConnectionError, match=r"no usable vectors for 1 texts .* dimension \(3\)"):
            encoder.encode_question("x")


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with OpenAICompatibleEncoder(url, "m", 3) as encoder:
            with pytest.raises(ConnectionError, match=f"server at {url}/embeddings cannot be reached"):
                encoder.encode_question("x")


def test_no_texts_ask_nothing() -> None:
    with OpenAICompatibleEncoder("http://127.0.0.1:1/v1", "m", 3) as encoder:
        assert encoder.encode_passages([], []).shape == (0, 3)
