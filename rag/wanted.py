"""What a question wants counted, in words that can be set beside what a figure counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from rag.quantities import Quantity
from rag.steps import Steps
from rag.tokenise import Pairs, is_chinese, pairs

_ASKING = re.compile(
    r"一共|总共|合计|加起来|总和|总数|加总|相加|多少|几(?=[所个名人间门项])|目标|两个|最低数|给[了出]|具体|数[目字]|(?:计划|要点|文件)[里中]|哪[家份年]更?[多少]?|定得|每个?(?:地方|城市|市)|[各每](?=[要有新])|各地|横向|比一[比下]|比较一?下?|打算|[一二三四五六七]份(?:要点|计划)?里?|最[多少高低大小]|哪一?个(?:城市|地方)?|相差|差"
)
_DEEDS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"\b(?:{english})\b", re.IGNORECASE), chinese)
    for english, chinese in (
        (r"build(?:s|ing)?|built|construct\w*", ("新建", "建设", "改扩建")),
        (r"extend\w*|extension|expand\w*|enlarg\w*", ("改扩建", "扩建", "扩大")),
        (r"add(?:s|ed|ing)?|additional|new|newly", ("新增", "新建", "增加")),
        (r"upgrad\w*|renovat\w*|improv\w*|rebuil[dt]\w*|convert\w*", ("改造", "提升", "改建")),
        (r"recruit\w*|hir(?:e|es|ed|ing)", ("补充", "招聘", "引进", "新增")),
        (r"select\w*|choos\w*|nam(?:e|es|ed)|honou?r\w*", ("评选", "遴选", "评树")),
        (r"train(?:s|ed|ing)?", ("培训", "培养")),
        (r"creat\w*|establish\w*|set(?:s|ting)? up|found(?:s|ed)?", ("创建", "建设", "建立", "打造")),
        (r"reach\w*|bring\w*", ("达到",)),
    )
)
"""What plans do with things that they count, in English and as they print it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words of a question, or of one part of it."""

    words: Pairs = frozenset()
    """The pairs of characters of a Chinese question."""
    terms: tuple[tuple[Pairs, ...], ...] = ()
    """Of an English one the Chinese forms of each of its terms, as pairs of characters."""

    @classmethod
    def of_chinese(cls, text: str) -> Self:
        """The words of a Chinese question without those that only ask."""
        return cls(pairs(_ASKING.sub("", text)))

    def likeness(self, quantity: Quantity) -> float:
        """How much of what a figure counts is what is wanted, 0 to 1.

        Dice's coefficient of Chinese words; of terms the mean share of each one's best form.
        """
        subject = pairs(quantity.subject)
        if not subject:
            return 0.0
        if self.terms:
            shares = [max(len(form & subject) / len(form) for form in forms) for forms in self.terms]
            return sum(shares) / len(shares)
        return 2 * len(self.words & subject) / (len(self.words) + len(subject))


def wanted_in(steps: Steps, text: str) -> Wanted:
    """What the text, a question or one part of it, wants counted."""
    if is_chinese(text):
        return Wanted.of_chinese(text)
    forms = [concept.forms for concept in steps.retriever.concepts(text)]
    forms += [chinese for english, chinese in _DEEDS if english.search(text)]
    terms = (tuple(pairs(form) for form in group if pairs(form)) for group in forms)
    return Wanted(terms=tuple(group for group in terms if group))
