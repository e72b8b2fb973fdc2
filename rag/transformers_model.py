"""Runs any instruct model that the transformers library can load: a folder, or a GGUF file."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from rag.errors import GeneratorUnavailable
from rag.generate import N_FIRST_TOKENS, Generation, Message, Sink, scores_of

_BATCH = 64
"""Prompt tokens that are read in one go; between two batches a reader who left is noticed."""
_HALF = "\ufffd"
"""What a token that ends inside a character is decoded to."""
_FAILURES = (RuntimeError, ValueError, OSError, MemoryError, LookupError, ImportError, TypeError)
"""What the library raises for a model that it cannot load or run."""


class TransformersGenerator:
    """A model, loaded once; calls from several threads take turns. ``digest`` identifies its weights."""

    def __init__(self, path: Path, digest: str, name: str | None = None) -> None:
        """Load the weights; raises GeneratorUnavailable where they are not there or no instruct model."""
        if not path.exists():
            raise GeneratorUnavailable(
                f"the answering model {path} is not there. Name a folder or a GGUF file in "
                "`generator_model`, or leave it out for the default one.",
                {"path": str(path)},
            )
        self.name: Final = name or path.stem
        self.digest: Final = digest
        self._turn = threading.Lock()
        # Only files that are here: nothing is fetched, and no code that comes with a model is run.
        file: dict[str, Any] = {"gguf_file": path.name} if path.is_file() else {}
        folder = path.parent if path.is_file() else path
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True, **file)
            # Weights of a GGUF file are unpacked: in half of the bits they take half of the memory.
            dtype: Any = torch.bfloat16 if file else "auto"
            self._model: Any = AutoModelForCausalLM.from_pretrained(
                folder, local_files_only=True, dtype=dtype, **file
            )
        except _FAILURES as error:
            raise GeneratorUnavailable(
                f"the answering model {path} could not be loaded: {error}", {"path": str(path)}
            ) from error
        if not self._tokenizer.chat_template:
            raise GeneratorUnavailable(
                f"the answering model {path} has no chat template; wanted is an instruct model.",
                {"path": str(path)},
            )
        self._model.train(False)
        self._ends = self._end_tokens()
        self._context = getattr(self._model.config, "max_position_embeddings", None)

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        """Answer greedily; raises GeneratorUnavailable where the library fails."""
        with self._turn:
            run = _Run(sink)
            ids = self._prompt(messages, max_tokens)
            for token in self._tokens(ids, max_tokens, run):
                run.written.append(token)
                run.say(self._decode(run.written), finished=False)
                if run.stopped:
                    break
            run.say(self._decode(run.written), finished=True)
        return Generation(run.said, run.n_read, 0, len(run.written), run.stopped)

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        """Log-probabilities of the choices as first token, in the order given."""
        with self._turn:
            run = _Run(sink)
            ids = self._prompt(messages, 1)
            logits = self._read(ids, run)
        if logits is None:
            return (0.0,) * len(choices)
        scores = torch.log_softmax(logits.float(), dim=-1)
        top = scores.topk(min(N_FIRST_TOKENS, len(scores)))
        firsts = [
            (self._decode([token]), score)
            for token, score in zip(top.indices.tolist(), top.values.tolist(), strict=True)
        ]
        return scores_of(choices, firsts)

    def likelihood(self, messages: Sequence[Message], reply: str) -> float:
        """Mean log-probability of the reply's tokens, had it been the answer.

        Raises GeneratorUnavailable where the library fails, and ValueError for an empty reply.
        """
        found = self._tokenizer(reply, add_special_tokens=False, return_tensors="pt")
        said: torch.Tensor = found["input_ids"][0].to(self._model.device)
        if len(said) == 0:
            raise ValueError("an empty reply has no likelihood; give one with at least one token.")
        with self._turn:
            ids = torch.cat((self._prompt(messages, len(said)), said))
            try:
                with torch.inference_mode():
                    out = self._model(input_ids=ids[None], use_cache=False, logits_to_keep=len(said) + 1)
            except _FAILURES as error:
                raise self._failure(error) from error
        # The scores at one place are those of the token that follows.
        scores = torch.log_softmax(out.logits[0, :-1].float(), dim=-1)
        return float(scores.gather(1, said[:, None].long()).mean())

    def _prompt(self, messages: Sequence[Message], max_tokens: int) -> torch.Tensor:
        chat = [{"role": message.role, "content": message.content} for message in messages]
        try:
            text = self._tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False)
            found = self._tokenizer(text, add_special_tokens=False, return_tensors="pt")
        except _FAILURES as error:
            raise self._failure(error) from error
        ids: torch.Tensor = found["input_ids"][0].to(self._model.device)
        if self._context is not None and len(ids) + max_tokens > self._context:
            raise GeneratorUnavailable(
                f"the prompt has {len(ids)} tokens and the answer may have {max_tokens}; the model "
                f"{self.name} holds {self._context} together."
            )
        return ids

    def _read(self, ids: torch.Tensor, run: _Run) -> torch.Tensor | None:
        """Read the prompt; the scores of the next token, or None where the reader left."""
        logits: torch.Tensor | None = None
        for start in range(0, len(ids), _BATCH):
            run.ask()
            if run.stopped:
                return None
            batch = ids[start : start + _BATCH]
            logits = self._step(batch, run)
            run.n_read += len(batch)
        return logits

    def _tokens(self, ids: torch.Tensor, max_tokens: int, run: _Run) -> Iterator[int]:
        logits = self._read(ids, run)
        while logits is not None and len(run.written) < max_tokens:
            token = int(logits.argmax())
            if token in self._ends:
                return
            yield token
            logits = self._step(torch.tensor([token], device=self._model.device), run)

    def _step(self, ids: torch.Tensor, run: _Run) -> torch.Tensor:
        try:
            with torch.inference_mode():
                out = self._model(
                    input_ids=ids[None], past_key_values=run.past, use_cache=True, logits_to_keep=1
                )
        except _FAILURES as error:
            raise self._failure(error) from error
        run.past = out.past_key_values
        last: torch.Tensor = out.logits[0, -1]
        return last

    def _decode(self, tokens: Sequence[int]) -> str:
        text: str = self._tokenizer.decode(tokens, skip_special_tokens=True)
        return text

    def _end_tokens(self) -> frozenset[int]:
        named = self._model.generation_config.eos_token_id
        several = named if isinstance(named, list) else [named]
        return frozenset(token for token in (*several, self._tokenizer.eos_token_id) if token is not None)

    def _failure(self, error: Exception) -> GeneratorUnavailable:
        return GeneratorUnavailable(f"the answering model {self.name} failed: {error}")


@dataclass(slots=True)
class _Run:
    """One answer in the making."""

    sink: Sink | None
    past: Any = None
    """The library's cache of what was read."""
    n_read: int = 0
    written: list[int] = field(default_factory=list)
    said: str = ""
    stopped: bool = False

    def ask(self) -> None:
        """Let the reader say whether to go on."""
        if self.sink is not None and not self.sink(""):
            self.stopped = True

    def say(self, text: str, finished: bool) -> None:
        """Give what is new in the text to the reader; half a character waits for its other half."""
        if self.stopped or (text.endswith(_HALF) and not finished):
            return
        piece, self.said = text[len(self.said) :], text
        if piece and self.sink is not None and not self.sink(piece):
            self.stopped = True
