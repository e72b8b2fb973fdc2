"""Runs a GGUF model inside this process with llama.cpp, through the xllamacpp wheel."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import xllamacpp

from rag.chat_stream import ChatStream, chat_request
from rag.errors import GeneratorUnavailable
from rag.generate import N_FIRST_TOKENS, Generation, Message, Sink, scores_of

_BATCH = 64
"""Prompt tokens that are read in one go.

A reader who leaves is noticed between two batches: at 76 tokens a second that is within 0.85 s. In three
rounds of one run batches of 32, 64 and 512 read 28, 32 and 34 tokens a second (medians, a slow machine).
"""

_DRAFT_MATCH, _DRAFT_TOKENS = 2, 3
"""After so many tokens that stand in the prompt, so many that follow them there are tried at once.

Answers copy much of their evidence (prompt lookup decoding, Saxena 2023); what the model would not have said
is thrown away, so the words are the same. Four questions: written in 8.2 to 8.8 s without, in 5.7 with
three tokens tried (one run), in 5.9 to 6.7 with four.
"""


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
                "`generator_model`, or ask without a model.",
                {"path": str(path)},
            )
        self.name: Final = name or path.stem
        self.digest: Final = digest
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = context * n_parallel
        params.n_parallel = n_parallel
        threads = os.cpu_count() or 1
        params.cpuparams.n_threads = threads
        params.cpuparams_batch.n_threads = threads
        params.n_batch = _BATCH
        params.n_ubatch = _BATCH
        params.n_gpu_layers = 0
        params.warmup = False
        params.verbosity = -1
        params.speculative.types = [xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE]
        params.speculative.ngram_simple.size_n = _DRAFT_MATCH
        params.speculative.ngram_simple.size_m = _DRAFT_TOKENS
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

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        """Answer greedily; raises GeneratorUnavailable where the engine reports an error.

        While the prompt is being read, ``sink`` is asked with an empty piece whether to go on.
        """
        return self._listen(chat_request(messages, max_tokens), sink).generation()

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        """Log-probabilities of the choices as first token, in the order given."""
        scored = {"logprobs": True, "top_logprobs": N_FIRST_TOKENS}
        heard = self._listen(chat_request(messages, 1) | scored, sink)
        if heard.stopped:
            return (0.0,) * len(choices)
        if not heard.first_tokens:
            raise GeneratorUnavailable(f"the answering model {self.name} gave no probabilities")
        return scores_of(choices, heard.first_tokens)

    def _listen(self, body: dict[str, Any], sink: Sink | None) -> _Heard:
        heard = _Heard(sink)
        own = {"return_progress": True, "cache_prompt": True}
        try:
            reply = self._server.handle_chat_completions(body | own, heard.take)
        except (RuntimeError, ValueError) as error:
            raise GeneratorUnavailable(f"the answering model {self.name} failed: {error}") from error
        if heard.broken is not None:
            raise heard.broken
        failure = heard.error or (reply.get("error") if isinstance(reply, dict) else None)
        if failure:
            raise GeneratorUnavailable(f"the answering model {self.name} failed: {failure}")
        return heard


@dataclass(slots=True)
class _Heard(ChatStream):
    """What the engine has said so far in one call."""

    error: object = None
    broken: Exception | None = None
    """What the sink raised."""

    def take(self, chunk: dict[str, Any]) -> bool:
        """Keep a piece of the reply; True ends the call."""
        try:
            self._take(chunk)
        except Exception as error:  # the engine would swallow it; it is raised again when the call has ended
            self.broken = error
        return self.stopped or self.broken is not None

    def _take(self, chunk: dict[str, Any]) -> None:
        self.error = chunk.get("error", self.error)
        if progress := chunk.get("prompt_progress"):
            # A call that is stopped is told no usage any more.
            self.usage["prompt_tokens"] = progress["processed"]
            self.usage["prompt_tokens_details"] = {"cached_tokens": progress["cache"]}
            self.pass_on("")
        self.take_chunk(chunk)
