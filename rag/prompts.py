"""The prompts. Fixed text comes first, so that the engine reads it once and keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from corpus.plan import Plan
from rag.generate import Message
from rag.records import Chunk
from rag.wording import plan_name

REFUSAL = {"zh": "未找到", "en": "NOT FOUND"}

_LOOKUP = {
    "zh": (
        "你根据政府工作要点的原句回答问题。只用给出的句子，不补充，不评论，数字照抄原文。"
        "用一句完整的话回答，说清是什么事、多少，不要只写数字，不要编号，不要引用标记。"
        "例如句子“新建桥梁3座”，问“要建几座桥”，答“计划新建桥梁3座。”"
    ),
    "en": (
        "You answer questions from sentences of Chinese government work plans. Use only the sentences given, "
        "add nothing, copy the numbers exactly. Answer in English in one complete sentence, without list "
        "numbers or citation marks."
    ),
}
_MAY_REFUSE = {
    "zh": f"句子都没有写到问题所问的内容时，只写“{REFUSAL['zh']}”。",
    "en": f" If no sentence says what is asked, write only: {REFUSAL['en']}",
}
_COMPARE = {
    "zh": (
        "你比较几份政府工作要点。只用给出的句子，不补充，数字照抄原文。"
        "用一两句完整的话说出它们在问题所问的事上的不同或相同，写明城市，不要编号，不要引用标记。"
    ),
    "en": (
        "You compare Chinese government work plans. Use only the sentences given, add nothing, copy the "
        "numbers exactly. Say in English, in one or two complete sentences, how they differ or agree on what "
        "is asked, naming the cities, without list numbers or citation marks."
    ),
}
_JUDGE = "根据工作要点中的句子回答问题。"
JUDGE_CHOICES = ("算", "不")
"""The first tokens of 算 and 不算."""


def lookup_prompt(
    question: str,
    evidence: Sequence[tuple[Plan, Chunk]],
    language: Literal["zh", "en"],
    may_refuse: bool = True,
) -> list[Message]:
    """Ask for one sentence that answers the question from the evidence."""
    lines = [f"〔{plan_name(plan, 'zh')}〕{chunk.title}：{chunk.text}" for plan, chunk in evidence]
    ask = f"问题：{question}\n回答：" if language == "zh" else f"Question: {question}\nAnswer in English:"
    system = _LOOKUP[language] + (_MAY_REFUSE[language] if may_refuse else "")
    return [Message("system", system), Message("user", "\n".join([*lines, ask]))]


def compare_prompt(
    question: str, evidence: Sequence[tuple[Plan, Chunk]], language: Literal["zh", "en"]
) -> list[Message]:
    """Ask for a sentence or two across the plans that the evidence is from."""
    return [Message("system", _COMPARE[language]), *lookup_prompt(question, evidence, language)[1:]]


def judge_prompt(question: str, title: str, sentence: str) -> list[Message]:
    """Ask whether one sentence says what the question asks; the question comes first for the prefix cache."""
    return [
        Message("system", _JUDGE),
        Message(
            "user",
            f"问题：{question}\n下面这句话出自一个城市的工作要点：“{title}：{sentence}”\n"
            "这个城市算不算问题的答案？只回答“算”或“不算”。",
        ),
    ]
