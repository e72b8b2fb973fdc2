"""What an answer was made with: what must be equal for an equal question to be answered in the same way."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from rag.verdict_model import VerdictModel

_HERE = Path(__file__).parent
WITH_PROMPTS = ("prompts.py", "views.py")
"""The modules that hold the words put to the language model."""
_SHOWN = 16
"""Characters of a digest that are kept: enough to tell two apart."""


@cache
def prompts_digest() -> str:
    """Changes with every change of a prompt."""
    return _digest_of([_HERE / name for name in WITH_PROMPTS])


@cache
def chain_digest() -> str:
    """Changes with every change of the rules and of the fitted values between a question and its answer."""
    return _digest_of([path for path in _HERE.rglob("*") if path.is_file() and path.suffix != ".pyc"])


def verdicts_digest(model: VerdictModel) -> str:
    """Changes with every weight and threshold of the verdicts."""
    return hashlib.sha256(repr(model).encode()).hexdigest()[:_SHOWN]


def _digest_of(files: list[Path]) -> str:
    whole = hashlib.sha256()
    for file in sorted(files):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        whole.update(f"{file.relative_to(_HERE).as_posix()}\0{content}\n".encode())
    return whole.hexdigest()[:_SHOWN]
