"""Questions for the plans that do not say something: 哪些城市没提校车?, "which plans leave out safety?"."""

from __future__ import annotations

import re

from rag.which_words import find_which

_SAYS = (
    r"(?:提到|提及|提出|提(?!供|高|升)|写到|写明|写进|写|说到|说|讲到|讲|谈到|谈|涉及|涵盖|包括|出现|列入|列)"
)
_NOUN = r"(?=[㐀-鿿A-Za-z]{2,12}[?？。]*$)(?!.*[要想会])"
"""A matter alone: what plans "have not" they do not speak of; 没有围墙的学校要建围墙 is one of its own."""
_CHINESE = re.compile(
    r"(?P<of>(?:的)?(?:城市|地方|教育|工作)*的?(?:计划|要点|文件)?(?:[里中]头?|上)?)"
    r"(?:都|也|还|完全|压根|根本|从来|始终)*"
    rf"(?:没有?(?:{_SAYS}|{_NOUN})|(?:并未|从未|未|不|只字不|只字未){_SAYS}|漏掉?了|遗漏了?|忽略了?|回避了?)[过到及]?"
)
"""不 before any other verb is a matter of its own (不收学费, 不让带手机)."""
_CHINESE_BEFORE = re.compile(
    rf"^.{{0,4}}?(?:没有?|未|不)(?P<matter>{_SAYS}.{{1,40}}?)的(?:(?:城市|地方|计划|要点|文件)(?:都)?(?:有|是)?)?$"
)
"""没有提到校车的 before 城市有哪些."""
_ENGLISH = re.compile(
    r"\s*(?:(?:(?:do|does|did|have|has|will|would|are|is)\s*(?:not|n['’]t|never)\s+(?:even\s+)?"
    r"(?:say|said|mention\w*|talk\w*|speak|spoken|cover\w*|include\w*|contain\w*|propose\w*|address\w*"
    r"|(?P<verb>plan|want|intend|have))"
    r"|fail(?:s|ed)?\s+to\s+(?:say|mention|cover|include|address)|leaves?\s+out|left\s+out|omit(?:s|ted)?"
    r"|lack(?:s|ed|ing)?|(?:says?|said)\s+nothing|(?:is|are)\s+silent|makes?\s+no\s+mention"
    r"|(?:have|has)\s+(?:no|nothing)(?:\s+mention)?|ignores?)\b)"
    r"(?:\s+(?:anything|a\s+word))?(?:\s+(?:about|on|of)\b)?(?:\s+any\b)?",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"(?:有)?(?:几|多少)(?:个城市|座城市|个地方|份(?:要点|计划|文件)?|家)"
    r"|\bhow\s+many\s+(?:of\s+)?(?:the\s+|these\s+)?(?:\w+\s+)?(?:plans|cities)\b",
    re.IGNORECASE,
)


def said_instead(question: str) -> str | None:
    """The question for the plans that say it, where those are asked for that do not; None for any other."""
    phrase = find_which(question) or _HOW_MANY.search(question)
    if phrase is None:
        return None
    start, end = phrase.span() if isinstance(phrase, re.Match) else (phrase.start, phrase.end)
    before, asking, after = question[:start], question[start:end], question[end:]
    english = _ENGLISH.match(after)
    if english:
        return f"{before}{asking} {english['verb'] or 'mention'}{after[english.end() :]}"
    turned = _CHINESE_BEFORE.match(before)
    if turned:
        return f"{turned['matter']}的{asking.removeprefix('的')}{after}"
    match = _CHINESE.match(after)
    return f"{before}{asking}{match['of']}提到{after[match.end() :]}" if match else None
