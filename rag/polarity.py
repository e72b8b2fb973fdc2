"""Whether a sentence turns its evidence around: a negation added or lost, a direction or bound reversed."""

from __future__ import annotations

import re

from rag.tokenise import normalise

# Words that hold 不, 未 or 无 and negate nothing that could be left out.
_NO_NEGATION = re.compile(
    r"未来|未成年|未央|不断|不仅|不但|不同|不少于|不低于|不小于|不超过|不高于|不大于|不足|不良|不忘|不懈|不限|不等|不定期"
    r"|不动产|差不多|无锡|无障碍|无纸化|无人机|无偿|无缝|无线"
    r"|\bnot only\b|\b(?:no|not) (?:fewer|less|more|later) than\b|\bno\.\s?(?=\d)"
)
_STRONG = r"并没有|没有|并未|尚未|从未|未能|未|不会|不再|不得|不准|不许|不予|禁止|严禁|取消|停止|终止|暂停"
_NEGATION = re.compile(rf"({_STRONG}|不能|不可|不要|不应|不宜|不将|不|无需|无须|无|杜绝|勿)([㐀-鿿]{{2}})?")
_STRONG_WORD = re.compile(_STRONG)
_ENGLISH_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|without|cannot|none|nothing|prohibit\w*|forbid\w*|forbidden|ban(?:s|ned)?"
    r"|cancel\w*|stop(?:s|ped)?)\b|n['’]t\b"
)
_OPPOSITES = (
    (
        re.compile(
            r"新增|增加|扩大|扩建|扩容|增设|提高|提升|上调|增长|\b(?:add|increas|expand|rais|grow)\w*"
        ),
        re.compile(
            r"减少|压减|缩减|削减|降低|下降|下调|撤销|撤并|关闭|\b(?:reduc|decreas|cut|lower|clos|shrink)\w*"
        ),
    ),
    (
        re.compile(
            r"不少于|不低于|不小于|至少|最少|以上|\bat least\b|\bno (?:fewer|less) than\b|\bor more\b"
        ),
        re.compile(
            r"(?<!不)(?:少于|低于|小于)|不超过|不高于|不大于|至多|最多|以内|以下|不足"
            r"|\bat most\b|\bno more than\b|(?<!no )\b(?:fewer|less) than\b|\bup to\b"
        ),
    ),
)
"""Pairs of opposite directions and of opposite bounds."""


def is_turned(claim: str, evidence: str) -> bool:
    """Tell whether ``claim`` says the opposite of what ``evidence`` says, as far as single words show it."""
    said, held = normalise(claim), normalise(evidence)
    return _reverses(said, held) or _negates(_NO_NEGATION.sub(" ", said), _NO_NEGATION.sub(" ", held))


def _reverses(claim: str, evidence: str) -> bool:
    for pair in _OPPOSITES:
        for one, other in (pair, pair[::-1]):
            if one.search(claim) and not one.search(evidence) and other.search(evidence):
                return True
    return False


def _negates(claim: str, evidence: str) -> bool:
    in_evidence, in_claim = _negated(evidence), _negated(claim)
    if not in_evidence and (_STRONG_WORD.search(claim) or _ENGLISH_NEGATION.search(claim)):
        return True  # whatever it is, the plan does not say that it is not so
    added = any(key not in in_evidence and _stands_plain(key, evidence) for key in in_claim)
    lost = any(
        _stands_plain(key, claim) and key not in in_claim and not _stands_plain(key, evidence)
        for key in in_evidence
    )
    return added or lost


def _negated(text: str) -> set[str]:
    """The two characters after each negation; an empty text for one that ends its run."""
    return {match.group(2) or "" for match in _NEGATION.finditer(text)}


def _stands_plain(key: str, text: str) -> bool:
    """Tell whether ``key`` stands somewhere in ``text`` without a negation before it."""
    return bool(key) and key in _NEGATION.sub(" ", text)
