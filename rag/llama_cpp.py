"""Runs a GGUF model inside this process with llama.cpp, through the xllamacpp wheel."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xllamacpp

from rag.errors import GeneratorUnavailable
from rag.generate import Generation, Message, Sink

_TOP = 20
"""How many of the likeliest first tokens are looked at when a choice is scored."""


class LlamaCppGenerator:
    """A model file, loaded once; the engine queues calls from several threads itself."""

    def __init__(
        self, path: Path, digest: str, name: str | None = None, context: int = 4096, n_parallel: int = 1
    ) -> None:
        """Load the weights; raises GeneratorUnavailable where the file is not there or not readable as GGUF.

        ``digest`` is the file's SHA-256 as verified when it was fetched; ``context`` counts tokens for each
        of the ``n_parallel`` places.
        """
        if not path.is_file():
            raise GeneratorUnavailable(
                f"the answering model {path} is not there. Run `planqa models pull`, name another file in "
                "`model_path`, or ask without a model.",
                {"path": str(path)},
            )
        self._name = name or path.stem
        self._digest = digest
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = context * n_parallel
        params.n_parallel = n_parallel
        threads = os.cpu_count() or 1
        params.cpuparams.n_threads = threads
        params.cpuparams_batch.n_threads = threads
        params.n_gpu_layers = 0
        params.warmup = False
        params.verbosity = -1
        # The engine opens a port of its own on loopback; a key that nobody knows keeps it shut.
        params.api_keys = [secrets.token_urlsafe(32)]
        try:
            self._server = xllamacpp.Server(params)
        except (RuntimeError, ValueError) as error:
            raise GeneratorUnavailable(
                f"the answering model {path} could not be loaded: {error}. "
                "Check it with `planqa models list`.",
                {"path": str(path)},
            ) from error

    @property
    def name(self) -> str:
        """The model's name."""
        return self._name

    @property
    def digest(self) -> str:
        """The SHA-256 of the weights."""
        return self._digest

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        """Answer greedily; raises GeneratorUnavailable where the engine reports an error."""
        pieces: list[str] = []
        usage: dict[str, Any] = {}
        state: dict[str, Any] = {"stopped": False, "error": None}

        def take(chunk: dict[str, Any]) -> bool:
            state["error"] = chunk.get("error", state["error"])
            usage.update(chunk.get("usage") or {})
            for choice in chunk.get("choices", ()):
                piece = choice.get("delta", {}).get("content")
                if piece:
                    pieces.append(piece)
                    if sink is not None and not sink(piece):
                        state["stopped"] = True
            return bool(state["stopped"])

        body = self._body(messages, max_tokens) | {"stream": True, "stream_options": {"include_usage": True}}
        self._call(body, take)
        if state["error"]:
            raise GeneratorUnavailable(f"the answering model {self._name} failed: {state['error']}")
        details = usage.get("prompt_tokens_details") or {}
        return Generation(
            "".join(pieces),
            int(usage.get("prompt_tokens", 0)),
            int(details.get("cached_tokens", 0)),
            int(usage.get("completion_tokens", len(pieces))),
            bool(state["stopped"]),
        )

    def choose(self, messages: Sequence[Message], choices: Sequence[str]) -> tuple[float, ...]:
        """Log-probabilities of the choices as first token, in the order given."""
        body = self._body(messages, 1) | {"logprobs": True, "top_logprobs": _TOP}
        reply = self._call(body)
        try:
            seen: dict[str, float] = {}
            for entry in reply["choices"][0]["logprobs"]["content"][0]["top_logprobs"]:
                token = entry["token"].strip()
                seen[token] = max(seen.get(token, float("-inf")), float(entry["logprob"]))
            floor = min(seen.values())
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise GeneratorUnavailable(
                f"the answering model {self._name} gave no probabilities ({error!r})"
            ) from error
        return tuple(seen.get(choice, floor) for choice in choices)

    def _body(self, messages: Sequence[Message], max_tokens: int) -> dict[str, Any]:
        return {
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "max_tokens": max_tokens,
            "temperature": 0.0,
            "cache_prompt": True,
        }

    def _call(self, body: dict[str, Any], take: Any = None) -> dict[str, Any]:  # noqa: ANN401
        try:
            reply = (
                self._server.handle_chat_completions(body, take)
                if take
                else self._server.handle_chat_completions(body)
            )
        except (RuntimeError, ValueError) as error:
            raise GeneratorUnavailable(f"the answering model {self._name} failed: {error}") from error
        if isinstance(reply, dict) and "error" in reply:
            raise GeneratorUnavailable(f"the answering model {self._name} failed: {reply['error']}")
        return reply if isinstance(reply, dict) else {}
