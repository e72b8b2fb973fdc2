"""Turns that ask nothing: thanks, and remarks on an answer (哦,有课后服务啊,那还行; "ok thanks", "I see").

They are no part of what a conversation is about: who asks on after one asks on from the question before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.chatter import asks, clauses, greets, without_end
from rag.records import Turn
from rag.tokenise import simplify

_FINDS = re.compile(
    r"(?:那|这|这样|这下|听着|看来|看着|感觉|倒|也|还|就|都|真|挺|蛮|太|很|可|算|是|我)*"
    r"(?:行|好|不错|可以|放心|安心|方便|厉害|周到|划算|值|贵|便宜|麻烦|可惜|遗憾|难得|够|有用|清楚|明白|合理|靠谱|棒|牛|没想到|意外|没事|没关系|辛苦)"
    r"(?:[了的啊呀嘛呢哈啦嘞哦]|多了|得很|极了|你了|您了)*"
    r"|(?:(?:oh|wow|well|ok(?:ay)?|so|ah|hm+)[\s,]+)*"
    r"(?:(?:that|this|it)(?:['’]?s|\s+is|\s+was|\s+sounds|\s+makes)?\s+|sounds\s+)?(?:(?:all|very|really|so|quite|pretty|a\s+bit|too)\s+)*"
    r"(?:fine|good(?:\s+(?:to\s+know|enough|news))?|great|nice|ok(?:ay)?|interesting|useful|helpful|clear|bad|sad|a\s+(?:pity|shame|lot)|impressive"
    r"|surprising|reassuring|(?:makes\s+)?sense|understood|noted|fair\s+enough|never\s+mind|no\s+(?:problem|worries)|wow"
    r"|all\s+i\s+(?:need|needed|wanted)(?:\s+to\s+know)?)"
    r"|i\s+(?:understand|get\s+it|got\s+it|see(?:\s+now)?|didn['’]?t\s+know(?:\s+that)?)|thank\s+you.{0,20}",
    re.IGNORECASE,
)
"""A clause that finds what was told good, bad or enough."""
_TOLD = re.compile(
    r"(?![那再换说讲看查问要想我请给帮光只就除跟和].)[㐀-鿿]{2,14}[啊呀了嘛哈吧]|原来.{2,14}|so\s+[^?]{2,50}|(?:so\s+)?(?:they|it|there|that)(?:['’]?s|\s+\w+)\b.{0,50}",
    re.IGNORECASE,
)
"""A clause that says back what was told, beside one that finds it so or so (有课后服务啊)."""
_ORDERS = re.compile(
    r"另外|还有|其他|其它|别的|换|错|不对|不是|概括|简单|短|长|多了?$|\b(?:other|else|more|instead|meant)\b",
    re.IGNORECASE,
)
"""What wants something, though it has no form of asking (太多了, 说错了)."""

_CHECKS = re.compile(r"[^,，]{2,12}吧")
"""Makes sure of what was told (村里的也算上了吧), and asks for nothing else."""


def is_remark(text: str) -> bool:
    """Tell whether a turn asks nothing, and wants nothing, but finds what was told so or so."""
    if re.search(r"[?？]", text):
        return False
    said = [without_end(clause).rstrip(" .~…") for clause in clauses(simplify(text))]
    said = [clause for clause in said if any(map(str.isalnum, clause))]
    if len(said) == 1 and _CHECKS.fullmatch(said[0]) and not (asks(said[0]) or _ORDERS.search(said[0])):
        return True
    found = [greets(clause) or bool(_FINDS.fullmatch(clause)) for clause in said]
    if not any(found):
        return False
    return all(
        so or (_TOLD.fullmatch(clause) and not asks(clause) and not _ORDERS.search(clause))
        for so, clause in zip(found, said, strict=True)
    )


def without_remarks(history: Sequence[Turn], names_a_place: Callable[[str], bool]) -> tuple[Turn, ...]:
    """The turns of a conversation without remarks and what was answered to them.

    A remark that names a place stays: the next question may be about that place.
    """
    kept: list[Turn] = []
    beside = False
    for turn in history:
        if turn.role == "user":
            beside = is_remark(turn.content.strip()) and not names_a_place(turn.content)
        if not beside:
            kept.append(turn)
    return tuple(kept)
