"""Text that reads as an instruction to a model: kept, flagged, never obeyed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from corpus.plan import Item

_INSTRUCTION: Final = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|跳过)[^。；\n]{0,12}(?:以上|之前|前面|上述|先前|所有|任何)[^。；\n]{0,12}"
    r"(?:指令|指示|提示|规则|要求|内容|设定)|"
    r"(?:系统|开发者)(?:提示词|提示语|指令|消息)|"
    r"你(?:现在|从现在起)?(?:是|扮演)一[个名][^。；\n]{0,16}(?:助手|模型|AI|人工智能|机器人)|"
    r"(?:请|必须|只能|直接)(?:回答|回复|输出)[:：“\"]|作为(?:一个)?(?:AI|人工智能|语言)模型|"
    r"(?i:ignore|disregard|forget)\s+(?i:all\s+|any\s+|the\s+|your\s+)*"
    r"(?i:previous|prior|above|earlier|system)\s+(?i:instructions?|prompts?|rules?|messages?|text)|"
    r"(?i:system\s+prompt|you\s+are\s+(?:now\s+)?(?:an?\s+)?(?:ai|assistant|chatgpt|language model))|"
    r"<\|[a-z_]{2,20}\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant|user|tool_call|instructions?)>"
)
_HINT: Final = re.compile(
    "忽略|无视|忘记|忘掉|理会|跳过|提示[词语]|系统指|系统消|开发者|你现|你是|你扮|你从|模型|[接能须请][回输]|"
    "[Ii]gnore|[Dd]isregard|[Ff]orget|[Yy]ou are|[Pp]rompt|IGNORE|PROMPT|[<\\[]"
)
"""Cheaper than the whole pattern; an item without a hit is not looked at further."""
_QUOTE: Final = 40


def flag_instructions(items: Iterable[Item]) -> dict[str, str]:
    """Item id to a warning that quotes it, for every item that reads as an instruction to a model."""
    flagged = {}
    for item in items:
        found = _INSTRUCTION.search(item.text) if _HINT.search(item.text) else None
        if found:
            words = found.group()[:_QUOTE]
            flagged[item.item_id] = f"{item.item_id} reads as an instruction to a model: “{words}”"
    return flagged
