"""How much of an answer a question wants: in a few lines, 简单说说, 用一两句话."""

from __future__ import annotations

import re

_A_FEW = 8
"""Sentences of a summary that is to be short."""
_ONE_OR_TWO = 2
_SENTENCE_OR_TWO = re.compile(
    r"[一两二](?:[两三二]|到[两三二])?句(?!也|都|不)(?:话)?|三言两语"
    r"|\b(?:one|two|a|1|2)(?:\s+or\s+(?:two|2))?\s+(?:short\s+|single\s+)?(?:sentences?|lines?)\b",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"简单(?:地)?(?:[给跟和对为][^,，。?？]{1,4}?)?(?:[说讲谈聊]|概括|总结|归纳|介绍|概述|梳理|列)|简要|简短|简洁|简述|精简"
    r"|几句(?:话)?|长话短说|(?:不用|不必|别)(?:太|说得?太|讲得?太)?(?:长|细|详细)"
    r"|\b(?:a\s+few|few|three|several)\s+(?:short\s+)?(?:lines|words|sentences)\b|\bbrief(?:ly)?\b|\bin\s+(?:short|a\s+nutshell)\b|\bgist\b"
    r"|\b(?:short|quick)\s+(?:summary|overview|version|answer|rundown|run-down|outline|account)\b|\bkeep\s+it\s+(?:short|brief)\b",
    re.IGNORECASE,
)


def sentences_wanted(question: str) -> int | None:
    """How many sentences a short answer has; None where the question does not want it short."""
    if _SENTENCE_OR_TWO.search(question):
        return _ONE_OR_TWO
    return _A_FEW if _SHORT.search(question) else None
