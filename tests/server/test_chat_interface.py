"""OpenAI's interface, used through its own package the way a chat program would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from fastapi.testclient import TestClient
from live_server import live
from small_chain import LOOKUP, ScriptedGenerator
from waiting import WAIT_S

from rag.answer import Answerer
from rag.settings import Settings
from server.app import Engine, create_app

FOLLOW_UP = "那青岛2018呢?"


@pytest.fixture
def address(answerer: Answerer) -> Iterator[str]:
    with live(create_app(Engine(answerer), "1", Settings(max_waiting=1))) as running:
        yield running


@pytest.fixture
def chat(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        yield client


def complete(chat: openai.OpenAI, *messages: tuple[str, Any], **fields: Any) -> Any:
    listed: Any = [{"role": role, "content": content} for role, content in messages]
    return chat.chat.completions.create(**{"model": "planqa", "messages": listed, **fields})


def test_the_models_are_listed(chat: openai.OpenAI) -> None:
    assert [model.id for model in chat.models.list()] == ["planqa", "planqa-quotes"]
    assert chat.models.retrieve("planqa").owned_by == "planqa"
    with pytest.raises(openai.NotFoundError):
        chat.models.retrieve("gpt-x")


def test_a_question_is_answered_with_its_sources(chat: openai.OpenAI) -> None:
    reply = complete(chat, ("system", "You are a pirate."), ("user", LOOKUP), temperature=0.7, user="u")
    [choice] = reply.choices
    words, _, below = choice.message.content.partition("\n\n来源：\n")
    answer = choice.message.planqa
    assert words == answer["answer"] == "新建、改扩建各类型幼儿园50所。[1]"
    assert below.startswith("[1] 天津 2014 #10 ")
    assert answer["citations"][0]["quote"] in below
    assert (choice.finish_reason, reply.object, reply.model) == ("stop", "chat.completion", "planqa")
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens, reply.usage.total_tokens) == (
        100,
        6,
        106,
    )


def test_the_pieces_of_a_stream_are_the_plain_text(chat: openai.OpenAI) -> None:
    plain = complete(chat, ("user", LOOKUP))
    for options in ({}, {"stream_options": {"include_usage": True}}):
        chunks = list(complete(chat, ("user", LOOKUP), stream=True, **options))
        with_choice = [chunk for chunk in chunks if chunk.choices]
        text = "".join(chunk.choices[0].delta.content or "" for chunk in with_choice)
        assert text == plain.choices[0].message.content
        assert with_choice[0].choices[0].delta.role == "assistant"
        assert [chunk.choices[0].finish_reason for chunk in with_choice][-1] == "stop"
        assert chunks[-1].planqa["citations"] == plain.choices[0].message.planqa["citations"]
        assert len({chunk.id for chunk in chunks}) == 1
        if options:
            assert chunks[-1].choices == []
            assert chunks[-1].usage.total_tokens == 106


def test_history_serves_a_follow_up(chat: openai.OpenAI) -> None:
    reply = complete(chat, ("user", LOOKUP), ("assistant", "50所。[1]"), ("user", FOLLOW_UP))
    answer = reply.choices[0].message.planqa
    assert answer["filters_applied"]["plans"] == ["qingdao-2018"]


def test_a_long_conversation_is_read_from_its_end(chat: openai.OpenAI) -> None:
    before = [("user", "你好"), ("assistant", "好")] * 50
    reply = complete(chat, *before, ("user", LOOKUP), ("assistant", "50所。"), ("user", FOLLOW_UP))
    assert reply.choices[0].message.planqa["filters_applied"]["plans"] == ["qingdao-2018"]


def test_a_message_may_come_in_parts_and_with_tools(chat: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": LOOKUP[:8]}, {"type": "text", "text": LOOKUP[8:]}]
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    reply = complete(chat, ("developer", "Be brief."), ("user", parts), tools=[tool], n=1, seed=1)
    assert reply.choices[0].message.planqa["question"] == LOOKUP


def test_the_second_model_answers_from_quotes_alone(
    chat: openai.OpenAI, generator: ScriptedGenerator
) -> None:
    reply = complete(chat, ("user", LOOKUP), model="planqa-quotes")
    assert reply.usage.total_tokens == 0
    assert reply.choices[0].message.planqa["status"] == "answered"
    assert generator.started == []


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"model": "gpt-x"}, openai.NotFoundError, "not_found"),
        ({"messages": []}, openai.UnprocessableEntityError, "invalid_request"),
        ({"messages": [{"role": "user", "content": " "}]}, openai.BadRequestError, "bad_question"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, openai.BadRequestError, "bad_question"),
        ({"n": 2}, openai.UnprocessableEntityError, "invalid_request"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
            openai.UnprocessableEntityError,
            "invalid_request",
        ),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
def test_errors_are_the_packages_own(
    chat: openai.OpenAI, fields: dict[str, Any], error: type[openai.APIStatusError], code: str, stream: bool
) -> None:
    with pytest.raises(error) as caught:
        complete(chat, ("user", LOOKUP), stream=stream, **fields)
    assert caught.value.code == code
    assert caught.value.type
    assert isinstance(caught.value.body, dict)
    assert caught.value.request_id == caught.value.body["request_id"]


def test_a_full_server_is_tried_again(address: str, generator: ScriptedGenerator) -> None:
    generator.gate.clear()
    body = {"question": f"{LOOKUP}!", "stream": True}
    with (
        httpx.stream("POST", f"{address}/v1/ask", json=body, timeout=WAIT_S) as first,
        openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as once,
    ):
        generator.wait_started(1)
        with pytest.raises(openai.InternalServerError) as caught:
            complete(once, ("user", LOOKUP))
        assert (caught.value.status_code, caught.value.code) == (503, "busy")
        assert int(caught.value.response.headers["retry-after"]) > 0
        generator.gate.set()
        first.read()
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none") as again:
        assert complete(again, ("user", LOOKUP)).choices[0].finish_reason == "stop"


def test_an_error_in_the_middle_of_a_stream_is_raised(
    answerer: Answerer, generator: ScriptedGenerator
) -> None:
    generator.gate.clear()
    app = create_app(Engine(answerer), "1", Settings(request_timeout_s=0.2))
    with (
        live(app) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as chat,
        pytest.raises(openai.APIError) as caught,
    ):
        list(complete(chat, ("user", LOOKUP), stream=True))
    assert caught.value.code == "timed_out"


def test_closing_a_stream_stops_the_model(chat: openai.OpenAI, generator: ScriptedGenerator) -> None:
    generator.gate.clear()
    stream = complete(chat, ("user", LOOKUP), stream=True)
    generator.wait_started(1)
    stream.close()
    generator.wait_idle()
    assert generator.n_stopped == 1


def test_the_shape_on_the_wire(client: TestClient) -> None:
    body = {"model": "planqa", "messages": [{"role": "user", "content": LOOKUP}], "stream": True}
    with client.stream("POST", "/v1/chat/completions", json=body) as reply:
        lines = [line for line in reply.iter_lines() if line]
    assert all(line.startswith("data: ") for line in lines)
    assert lines[-1] == "data: [DONE]"
    error = client.post("/v1/chat/completions", json={"messages": "x"}).json()["error"]
    assert set(error) == {"code", "message", "detail", "request_id", "type", "param"}
    assert error["param"] == "messages"
