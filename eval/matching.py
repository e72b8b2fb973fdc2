"""Whether a text states a fact: comparison that forgives spaces, commas, width and case, and nothing else."""

from __future__ import annotations

import re
import unicodedata

_IGNORED = re.compile(r"[\s\u200b,]+")


def plain(text: str) -> str:
    """``text`` with full-width forms folded, spaces and commas gone, in lower case."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


def states(text: str, form: str) -> bool:
    """Whether ``text`` contains ``form``; a number never matches inside a longer one.

    ``states("新增2,000个", "2000")`` holds; ``states("12000个", "2000")`` and ``states("50%", "5")`` do not.
    """
    wanted = plain(form)
    if not wanted:
        return False
    before = r"(?<![\d.])" if wanted[0].isdigit() else ""
    after = r"(?!\d|\.\d)" if wanted[-1].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, plain(text)) is not None


def states_any(text: str, forms: tuple[str, ...]) -> bool:
    """Whether ``text`` contains one of ``forms``."""
    return any(states(text, form) for form in forms)
