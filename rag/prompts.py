"""The prompts. Fixed text comes first, so that the engine reads it once and keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from corpus.plan import Plan
from rag.generate import Message
from rag.records import Chunk
from rag.wording import plan_name

PROMPTS = "2"
"""Changes with every change of a prompt; part of every answer's record."""

REFUSAL = {"zh": "未找到", "en": "NOT FOUND"}

_LOOKUP = {
    "zh": (
        "你根据政府工作要点的原句回答问题。只用给出的句子，不补充，不评论，数字照抄原文。"
        "用一句完整的话直接回答问题，不要编号，不要引用标记。句子都没有写到问题所问的内容时，只写“未找到”。"
    ),
    "en": (
        "You answer questions from sentences of Chinese government work plans. Use only the sentences given, "
        "add nothing, copy the numbers exactly. Answer in English in one complete sentence, without list "
        "numbers or citation marks. If no sentence says what is asked, write only: NOT FOUND"
    ),
}
_JUDGE = (
    "你是核查员。给你一个问题和一份工作要点里的一句话，判断这句话是否写明了问题所问的事。"
    "相近但不是同一件事，不算。只回答“是”或“否”。"
)
JUDGE_CHOICES = ("是", "否")


def lookup_prompt(
    question: str, evidence: Sequence[tuple[Plan, Chunk]], language: Literal["zh", "en"]
) -> list[Message]:
    """Ask for one sentence that answers the question from the evidence."""
    lines = [f"〔{plan_name(plan, 'zh')}〕{chunk.title}：{chunk.text}" for plan, chunk in evidence]
    ask = f"问题：{question}\n回答：" if language == "zh" else f"Question: {question}\nAnswer in English:"
    return [Message("system", _LOOKUP[language]), Message("user", "\n".join([*lines, ask]))]


def judge_prompt(question: str, title: str, sentence: str) -> list[Message]:
    """Ask whether one sentence says what the question asks; the question comes first for the prefix cache."""
    return [
        Message("system", _JUDGE),
        Message("user", f"问题：{question}\n句子：（{title}）{sentence}\n答："),
    ]
