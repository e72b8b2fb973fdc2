"""Answers through any chat endpoint with OpenAI's interface: vLLM, llama.cpp's server, a hosted model."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import httpx

from rag.chat_stream import ChatStream, chat_request
from rag.errors import GeneratorUnavailable
from rag.generate import N_FIRST_TOKENS, Generation, Message, Sink, scores_of

_ASK_EVERY_S = 0.2
"""How often the sink is asked whether to go on while nothing comes."""
_SHOWN_CHARS = 200
_NO_KEY = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
_NO_LOGPROBS = (httpx.codes.BAD_REQUEST, httpx.codes.UNPROCESSABLE_ENTITY, httpx.codes.NOT_IMPLEMENTED)
_SURE = 0.9
"""Probability of the word that an endpoint without log-probabilities chose."""


class OpenAICompatibleGenerator:
    """Sends prompts to ``{base_url}/chat/completions``; ``base_url`` ends with the interface's version.

    ``timeout_s`` bounds the time to the first and between two pieces of an answer. The key stands in no
    message. Safe to call from several threads: each call has a connection of its own, which leaving ends.
    """

    def __init__(self, base_url: str, model: str, api_key: str = "", timeout_s: float = 60.0) -> None:
        """Raises GeneratorUnavailable where ``base_url`` is no http address or ``model`` is empty."""
        try:
            url = httpx.URL(f"{base_url.rstrip('/')}/chat/completions")
        except httpx.InvalidURL as error:
            raise GeneratorUnavailable(f"`generator_url` is {base_url!r}: {error}.") from error
        if url.scheme not in ("http", "https") or not url.host or not model:
            raise GeneratorUnavailable(
                "the generator `openai` needs `generator_url`, as http://127.0.0.1:8080/v1, and "
                "`generator_model`, the model's name there.",
                {"generator_model": model},
            )
        self._url = url
        # The address as it may be shown and stored: without a user name or password.
        self._address = str(httpx.URL(base_url.rstrip("/")).copy_with(userinfo=b"", query=None))
        self._model = model
        self._key = api_key
        self._timeout_s = timeout_s
        self._tls = httpx.create_ssl_context()  # read once: each call opens a connection
        self._gives_logprobs = True

    @property
    def name(self) -> str:
        """The model's name at the endpoint."""
        return self._model

    @property
    def digest(self) -> str:
        """Model and address: the weights behind them cannot be seen from here."""
        return f"{self._model}@{self._address}"

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        """Answer greedily; raises GeneratorUnavailable where the endpoint fails, also midway."""
        return self._talk(chat_request(messages, max_tokens), sink).generation()

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        """Log-probabilities of the choices as first token.

        An endpoint that gives none is asked for its word: that choice counts as nine chances in ten.
        """
        if self._gives_logprobs:
            scored = {"logprobs": True, "top_logprobs": N_FIRST_TOKENS}
            try:
                reply = self._talk(chat_request(messages, 1) | scored, sink)
            except _Refused as refused:
                if refused.status_code not in _NO_LOGPROBS:
                    raise
            else:
                if reply.stopped:
                    return (0.0,) * len(choices)
                if reply.first_tokens:
                    return scores_of(choices, reply.first_tokens)
            self._gives_logprobs = False
        return _by_word(self._talk(chat_request(messages, 8), sink).text, choices)

    def check(self, timeout_s: float = 5.0) -> None:
        """Ask the endpoint for its models, which costs nothing; raises GeneratorUnavailable if it fails."""
        url = f"{str(self._url).removesuffix('/chat/completions')}/models"
        try:
            reply = httpx.get(url, headers=self._headers(), timeout=timeout_s, verify=self._tls)
        except httpx.HTTPError as error:
            raise self._failure(f"cannot be reached ({type(error).__name__}: {error})") from error
        if reply.status_code in _NO_KEY:
            raise self._refusal(reply.status_code, "")

    def _talk(self, body: dict[str, Any], sink: Sink | None) -> _Reply:
        """The whole reply to one request; the caller's thread waits in an event loop of its own."""
        try:
            return asyncio.run(self._listen({"model": self._model} | body, sink))
        except httpx.TimeoutException as error:
            raise self._failure(f"said nothing for {self._timeout_s:g} s") from error
        except httpx.ConnectError as error:
            raise self._failure(f"cannot be reached ({error})") from error
        except httpx.HTTPError as error:
            raise self._failure(f"broke off ({type(error).__name__}: {error})") from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._failure(f"sent what is no chat completion ({type(error).__name__})") from error

    async def _listen(self, body: dict[str, Any], sink: Sink | None) -> _Reply:
        reply = _Reply(sink)
        async with aclosing(self._lines(body)) as lines:
            waiting = asyncio.ensure_future(anext(lines, None))
            try:
                while True:
                    done, _ = await asyncio.wait((waiting,), timeout=_ASK_EVERY_S)
                    if not done:
                        reply.pass_on("")
                    elif (line := waiting.result()) is None:
                        break
                    else:
                        reply.take(line)
                        waiting = asyncio.ensure_future(anext(lines, None))
                    if reply.stopped or reply.ended:
                        break
            finally:
                # What still waits must have let go of the connection before this one is closed.
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
        if reply.error:
            raise self._failure(f"failed: {self._shown(str(reply.error))}")
        if not (reply.stopped or reply.ended or reply.finished):
            raise self._failure("ended its answer midway")
        return reply

    async def _lines(self, body: dict[str, Any]) -> AsyncGenerator[str]:
        async with (
            httpx.AsyncClient(timeout=self._timeout_s, verify=self._tls) as client,
            client.stream("POST", self._url, json=body, headers=self._headers()) as response,
        ):
            if response.status_code != httpx.codes.OK:
                text = (await response.aread()).decode("utf-8", "replace")
                raise self._refusal(response.status_code, text)
            async for line in response.aiter_lines():
                yield line

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def _refusal(self, status: int, text: str) -> _Refused:
        if status in _NO_KEY:
            # What such a reply says may repeat a part of the key.
            why = f"refused the API key ({status}); set PLANQA_GENERATOR_API_KEY"
        else:
            why = f"answered {status}: {self._shown(text)}"
        return _Refused(self._failure(why).message, status)

    def _shown(self, text: str) -> str:
        without_key = text.replace(self._key, "…") if self._key else text
        return " ".join(without_key.split())[:_SHOWN_CHARS]

    def _failure(self, what: str) -> GeneratorUnavailable:
        return GeneratorUnavailable(
            f"the model {self._model} at {self._address} {what}.", {"model": self._model}
        )


class _Refused(GeneratorUnavailable):
    """The endpoint answered with another status than 200."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status_code = status


@dataclass(slots=True)
class _Reply(ChatStream):
    """What has come so far of one answer."""

    ended: bool = False
    """Whether the endpoint said that nothing more comes."""
    error: object = None

    def take(self, line: str) -> None:
        """Read one line of the stream."""
        if not line.startswith("data:"):
            return  # a comment that keeps the line open, the name of an event, or the end of one
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            self.ended = True
            return
        chunk = json.loads(data)
        if chunk.get("error"):
            self.error, self.ended = chunk["error"], True
            return
        self.take_chunk(chunk)


def _by_word(text: str, choices: Sequence[str]) -> tuple[float, ...]:
    said = text.strip().lower()
    chosen = next((choice for choice in choices if said.startswith(choice.lower())), None)
    if chosen is None or len(choices) < 2:
        return (0.0,) * len(choices)
    others = math.log((1 - _SURE) / (len(choices) - 1))
    return tuple(math.log(_SURE) if choice == chosen else others for choice in choices)
