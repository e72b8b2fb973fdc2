"""The part of a question that asks which plans say something, without what is told before it.

学校门口乱停车、小摊多,哪些城市要整治学校周围? tells of cars and hawkers, and asks for the surroundings.
"""

from __future__ import annotations

import re

from rag.chatter import points_back
from rag.which_words import find_which

_ENDS = re.compile(r"[,，。！!;；:：?？]\s*|[.](?=\s)\s*")


def asking_part(topic: str) -> str:
    """The clauses from the one on that asks of every plan.

    Empty where nothing stands before them, or where they point back to what does (这种孩子, "them").
    """
    which = find_which(topic)
    if which is None:
        return ""
    start = max((match.end() for match in _ENDS.finditer(topic, 0, which.start)), default=0)
    part = topic[start:]
    return "" if start == 0 or points_back(part) else part
