"""What identifies the making of an answer."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import rag
from rag.provenance import WITH_PROMPTS, chain_digest, prompts_digest, verdicts_digest
from rag.verdict_model import VerdictModel

FOLDER = Path(rag.__file__).parent


def test_every_module_with_words_for_the_model_is_counted() -> None:
    """A prompt written elsewhere would change without its digest."""
    engines = {"generate.py", "llama_cpp.py", "openai_compatible.py", "transformers_model.py"}
    found = {
        file.name
        for file in FOLDER.glob("*.py")
        if re.search(r"\bMessage\(", file.read_text(encoding="utf-8"))
    }
    assert found - engines == set(WITH_PROMPTS)


def test_digests_are_short_stable_and_differ() -> None:
    found = {prompts_digest(), chain_digest(), verdicts_digest(VerdictModel.load())}
    assert len(found) == 3
    assert all(re.fullmatch(r"[0-9a-f]{16}", digest) for digest in found)
    assert verdicts_digest(VerdictModel.load()) in found


def test_a_threshold_changes_the_digest_of_the_verdicts() -> None:
    fitted = VerdictModel.load()
    assert verdicts_digest(replace(fitted, ask_below=fitted.ask_below + 0.001)) != verdicts_digest(fitted)
