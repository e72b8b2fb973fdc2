"""What the places that a question names are to it: asked about, left out, or part of the matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.places import Mention
from rag.which_words import WhichPhrase, find_which

_LEFT_OUT_BEFORE = re.compile(
    r"(?:除了?|除开|撇开|不算|不包括|排除|(?:而|并)?不是)\s*$"
    r"|\b(?:besides|except(?:\s+for)?|excluding|apart\s+from|aside\s+from|other\s+than|beyond|not\s+counting|not|leaving)\s+$",
    re.IGNORECASE,
)
_LEFT_OUT_AFTER = re.compile(r"市?(?:之外|以外|外)?[,，]?\s*")
_PUT_ASIDE_AFTER = re.compile(
    r"市?(?:的|那边)*先?(?:放放|放一[放边]|不看|不管|不说)[了]?[,，]?|\s+aside\b", re.IGNORECASE
)
"""A place before these words is left out (天津的先放放)."""
_LIKE_BEFORE = re.compile(
    r"(?:像|跟|和|同|与|如|学习?了?|学着|向|借鉴|参照|仿照|对标)\s*$|\b(?:like|than|as\s+in|example\s+of)\s+$",
    re.IGNORECASE,
)
_LIKE_AFTER = re.compile(r"市?(?:一样|那样|这样|类似|同样|学习|看齐|的经验|的做法)[,，的]?")
_HELPED_BEFORE = re.compile(
    r"(?:对口(?:支援|帮扶|合作|协作)|支援|援助|援建|帮扶|结对|赴|来自|面向|协作|合作|交流|接收|[几少\d][名位个])(?:帮扶|的|了)?\s*$"
    r"|\b(?:partner\w*|exchange\w*|twin\w*|paired|aid|support)\s+(?:\w+\s+){0,4}(?:to|in|with|for|from)\s+$"
    r"|\b(?:pupils|students|children|teachers|families|people|those|ones)\s+(?:\w+\s+)?(?:from|of)\s+$",
    re.IGNORECASE,
)
"""A place after these words is helped or sends somebody; its own plan is not asked for."""
_HELPED_AFTER = re.compile(r"(?:省|市|自治区|那边|那里|地区)*的?(?:对口)?(?:支援|帮扶|援助|援建|支教)")
_BETWEEN = re.compile(r"(?:[\s、,，和与跟及或年\d()（）]|\band\b|\bor\b|&)*", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:请问|那么?|我?想知道|帮我查一?下|查一下|在|[\d年的]|\s)*"
    r"|(?:please\s+|tell\s+me[,:]?\s+)?(?:(?:in|of|among|between|within|across|for|from|do|does|did|is|are|has|have|had|"
    r"will|would|can|could|what\s+(?:do|does|will|is|has))\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_TO_WHICH = re.compile(r"(?:[省市内里中有的是,，、:：]|范围|这?[两三四几]?[个座份地市家]|计划|要点|之)*")
_AFTER_WHICH = re.compile(r"\s*(?:(?:in|of|from|across|within|among|inside)\s+)?(?:the\s+)?", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\s*(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could)\s+", re.IGNORECASE
)
"""Between "which regions" and the city that does something about them: no place is looked for there."""
_REMARK = re.compile(r"(?<=[?？])[^?？]{20,}[.。!！]\s*$")
_ALSO = re.compile(r"也|还有|同样|\b(?:also|too|as\s+well|the\s+same)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Roles:
    """The mentions of a question, sorted by what they are to it."""

    asked: tuple[Mention, ...]
    """The places whose plans the question is put to; none means all."""
    left_out: tuple[Mention, ...]
    """Those that are not asked about (除了上海, besides Shanghai), each with the words that leave it out."""


def sort_mentions(text: str, mentions: Sequence[Mention]) -> Roles:
    """Tell the places that are asked about from the others; ``text`` as the mentions count in it.

    A question for "which cities" is put to all plans: a place narrows it only where it stands at the
    beginning or beside these words (山东哪些城市, which cities in Shandong); elsewhere it is part of the
    matter (which plans mention Tibet).
    """
    left_out: list[Mention] = []
    rest: list[Mention] = []
    end = len(without_remark(text))
    for mention in mentions:
        if mention.start >= end and not mention.cities:
            continue
        chained = bool(left_out) and _BETWEEN.fullmatch(text[left_out[-1].end : mention.start])
        before = _LEFT_OUT_BEFORE.search(text, 0, mention.start)
        aside = _PUT_ASIDE_AFTER.match(text, mention.end)
        if before is None and aside is None and not (chained and not rest):
            rest.append(mention)
            continue
        after = aside or _LEFT_OUT_AFTER.match(text, mention.end)
        span = before.start() if before else mention.start, after.end() if after else mention.end
        left_out.append(replace(mention, start=span[0], end=span[1]))
    which = find_which(text)
    if which is None:
        return Roles(_without_helped(text, rest), tuple(left_out))
    return Roles(_beside(text, rest, which), tuple(left_out))


def _without_helped(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Without places that have no plan and to which something is given or done (对口支援西藏)."""
    return tuple(
        mention
        for group in _chains(text, mentions)
        for mention in group
        if mention.cities
        or not (_HELPED_BEFORE.search(text, 0, group[0].start) or _HELPED_AFTER.match(text, group[-1].end))
    )


def without_remark(text: str) -> str:
    """The text without a remark after its question (… banned? There was a row about this in 2021.)."""
    match = _REMARK.search(text)
    return text[: match.start()] if match else text


def _beside(text: str, mentions: Sequence[Mention], which: WhichPhrase) -> tuple[Mention, ...]:
    """The mentions that a "which cities" question is put to."""
    acts = _SUBJECT.match(text, which.end)
    if acts and any(mention.cities and mention.start == acts.end() for mention in mentions):
        return _without_helped(text, mentions)
    before = [mention for mention in mentions if mention.cities and mention.end <= which.start]
    if len({city for mention in before for city in mention.cities}) > 1 and not _names_matter(text, before):
        # Several cities are named first: "each city" and "which one" are these.
        return _without_helped(text, mentions)
    asked: list[Mention] = []
    for group in _chains(text, mentions):
        first, last = group[0], group[-1]
        if _LIKE_BEFORE.search(text, 0, first.start) or _HELPED_BEFORE.search(text, 0, first.start):
            continue
        if which.kind == "who":
            asked += group
        elif last.end <= which.start:
            near = _TO_WHICH.fullmatch(text, last.end, which.start)
            lone_city = which.kind == "city" and len(group) == 1 and first.name in first.cities
            if near or (_LEAD.fullmatch(text, 0, first.start) and not (lone_city and _ALSO.search(text))):
                asked += group
        elif first.start < which.end or _AFTER_WHICH.fullmatch(text, which.end, first.start):
            asked += group
    return tuple(asked)


def _names_matter(text: str, mentions: Sequence[Mention]) -> bool:
    """Tell whether places are part of what is asked (like Shanghai, 与上海合作)."""
    groups = _chains(text, mentions)
    return any(
        _LIKE_BEFORE.search(text, 0, group[0].start) or _HELPED_BEFORE.search(text, 0, group[0].start)
        for group in groups
    )


def _chains(text: str, mentions: Sequence[Mention]) -> list[list[Mention]]:
    """The mentions in groups that are named in one breath (上海、天津和南宁)."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        if groups and _BETWEEN.fullmatch(text, groups[-1][-1].end, mention.start):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups
