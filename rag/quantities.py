"""Reads quantities out of a sentence: number, unit, what is counted, its bound, and whether it is added."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

import rjieba

from rag.numbers import chinese_number
from rag.tokenise import ADMINISTRATIVE_VERBS, normalise, pairs

Bound = Literal["at_least", "at_most", ""]
Kind = Literal["reached", "added", "plain"]

_UNIT = (
    r"(?:亿元|万元|人次|人天|课时|个百分点|平方米|[所个名人间门项元次家处条期支套座位届篇场类种年节班台辆%])"
)
_NUMERALS = "零〇一二两三四五六七八九十百千"
# A Chinese number that begins with a bare 百 or 千 (百名讲师, 千人计划) is a manner of speaking.
_NUMBER = (
    rf"\d+(?:\.\d+)?|(?![百千])[{_NUMERALS}]{{2,}}|十(?![{_NUMERALS}])|[两二三四五六七八九](?=[万亿所名])"
)
_QUANTITY = re.compile(
    rf"(?<![第\d.“‘「{_NUMERALS}])(?:(?P<low>\d+(?:\.\d+)?)(?:-|—|–|~|至|到))?"
    rf"(?P<number>{_NUMBER})(?P<big>万|亿)?(?:余|多)?\s?(?P<unit>{_UNIT})"
)
"""What stands in quotation marks with a number at its head (“三名”工程, “4个100%”) is a name."""
_CLAUSE = re.compile(r"[，,、；;：:。（(）)]")
_THOUSANDS = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?!\d|,\d)")
_PER_CENT = re.compile(rf"百分之([{_NUMERALS}]+|\d+(?:\.\d+)?)")
_BIG = {"万": 10_000, "亿": 100_000_000, None: 1}
_REACH = re.compile(
    r"达到|达(?=\d|$)|总数|累计|(?:一|总)共|共(?=有(?!产权)|建成|\d|$)|(?:增加?|提高|提升|扩大|降低?|下降|压减|发展)(?:到|至)"
    r"|(?:保持|稳定|控制)在"
)
_ADD = re.compile(r"新增|增加|增设|补充|扩充|新建|改扩建|扩建|增至?(?!强)|再")
_AT_LEAST = re.compile(r"不少于|不低于|不小于|至少|以上|超过|突破|(?<=\d)余")
_AT_MOST = re.compile(r"不超过|不高于|不大于|至多|最多|以内|以下")
_BOUNDS = re.compile(r"达到$|达$|不少于|不低于|至少|左右|以上|超过|不超过|以内|以下|控制在")
_NAMES = frozenset({"年", "届"})
"""Units of dates and of names (第25届, 三年行动计划) far more often than of quantities."""
_NAMES_IN_WORDS = frozenset({"期", "类", "次", "节"})
"""The same, but only where the number is not in digits: 二期工程, but 10节课."""
_JOINT = re.compile(r"^\s*(?:和|与|及|以及|、)")
_ENDS_IN_JOINT = re.compile(r"(?:以及|和|与|及)\s*$")
_AMONG = re.compile(r"^\s*(?:之?中|其中|里|内)(?![小学职等考心国央华高医长外英美德法俄韩日])")
"""Behind a figure: the next ones are parts of it (193所中幼儿园70所)."""
_GRADE = re.compile(r"[级类型]$")
"""A subject that only tells a grade: what is counted stands behind the next (1个国家级、6个市级中心)."""
_CLASSIFIERS = frozenset("所个家座间门项支套")
"""Measure words of single things, of which plans put now one, now another before the same noun."""
_SAME_NOUN = 0.6
"""Two subjects name the same thing where they share this much of the shorter one's pairs of characters …"""
_PER = re.compile(r"(每(?:个|所|名|家)?(?:学校|街道|学期|学年|[区县市校班园镇村年月周天人生]))")
_PLAIN: Kind = "plain"
_OWN_SUBJECT = 2
"""Characters of Chinese from which on the words before a figure say what it counts."""
_DEEDS = frozenset("确保 创建 评选 评树 遴选 新 改建 扩建 改扩建 重点 完成 力争 严格 组织 继续 再".split())
"""Words at the head of what a figure counts that only say what is done."""
_SAME_UNIT = {"名": "人", "位": "人"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a sentence."""

    value: Decimal
    unit: str
    subject: str
    """The words around the figure that say what is counted, or those of the figure before where none do."""
    bound: Bound = ""
    kind: Kind = "plain"
    """Whether it states what is reached (达到175所), what is added (新增15所), or does not say."""
    low: Decimal | None = None
    """The lower end where it is a range (8-10个), whose upper end is the value."""
    in_digits: bool = True
    """Whether the number is written in digits."""
    per: str = ""
    """What it holds for each of (每区新增200个); empty where it is one figure for all."""
    whole: str = ""
    """What the total counts that it is a part of (新改扩建193所中幼儿园70所); empty where there is none."""

    @property
    def is_total(self) -> bool:
        """Whether it states what is reached rather than what is added."""
        return self.kind == "reached"

    @property
    def counts(self) -> str:
        """What the unit counts in, one word for all that count people."""
        return _SAME_UNIT.get(self.unit, self.unit)

    @property
    def shown(self) -> str:
        """The figure with its unit and bound, as 不少于2000个."""
        mark = {"at_least": "≥", "at_most": "≤", "": ""}[self.bound]
        low = "" if self.low is None else f"{show(self.low)}–"
        return f"{mark}{low}{show_amount(self.value, self.unit)}"

    @property
    def thing(self) -> str:
        """What it counts, in the sentence's words: those behind the figure, or those before it."""
        before, _, after = (_BOUNDS.sub("", part) for part in self.subject.partition(" "))
        words = after if _n_chinese(after) >= _OWN_SUBJECT else before
        while words and (head := rjieba.cut(words)[0]) in ADMINISTRATIVE_VERBS | _DEEDS and head != words:
            words = words[len(head) :]
        words = words.strip("的等 ")
        return words if words.count("“") == words.count("”") else re.sub("[“”]", "", words)

    @property
    def phrase(self) -> str:
        """What is counted and how many of it: the words by which a question finds the figure."""
        return f"{self.subject.strip()}{self.shown}"


def read_quantities(sentence: str) -> list[Quantity]:
    """The quantities of a sentence, in order, however the numbers are written (两千, 2,000, 1.2万, 百分之五).

    A clause that only goes on counting (新增一类园15所、达到175所) takes its subject from the one before.
    """
    quantities: list[Quantity] = []
    subject, kind = "", _PLAIN
    for clause in _CLAUSE.split(_plain(sentence)):
        found = [match for match in _QUANTITY.finditer(clause) if _value(match.group("number")) is not None]
        ends = [*(match.start() for match in found[1:]), len(clause)]
        position = 0
        for match, end in zip(found, ends, strict=False):
            own, after = clause[position : match.start()], clause[match.end() : end]
            position = match.end()
            if quantities and match is not found[0] and _ENDS_IN_JOINT.search(own):
                own = ""  # 5个项目和50个基地: the words between the two name what the first one counts
            own = _JOINT.sub("", own)
            # what follows 193所中 is counted by the next figure
            after = "" if _JOINT.search(after) or _AMONG.match(after) else _ENDS_IN_JOINT.sub("", after)
            own = _AMONG.sub("", own) if quantities else own
            names_itself = _n_chinese(_AT_LEAST.sub("", _REACH.sub("", own))) >= _OWN_SUBJECT
            if names_itself:
                subject = own
            # what only goes on counting is added or reached as what went before
            kind = _kind(own, clause) if names_itself or not quantities or own else kind
            quantities.append(_quantity(match, f"{subject} {after}", f"{own}{match.group()}{after}", kind))
    return _with_wholes(_with_nouns(quantities))


def _with_wholes(quantities: list[Quantity]) -> list[Quantity]:
    """The quantities, those that are parts of a total with what it counts, and added or reached as it is."""
    found = list(quantities)
    for place, total in enumerate(quantities):
        for part in parts_behind(place, quantities):
            kind = total.kind if found[part].kind == _PLAIN else found[part].kind
            found[part] = replace(found[part], whole=total.subject.strip(), kind=kind)
    return found


def parts_behind(place: int, quantities: Sequence[Quantity]) -> range:
    """The places of the quantities right behind one that add up to it; none where they do not."""
    total, added = quantities[place], Decimal(0)
    for after in range(place + 1, len(quantities)):
        if quantities[after].counts != total.counts:
            break
        added += quantities[after].value
        if after > place + 1 and added == total.value:
            return range(place + 1, after + 1)
    return range(0)


def _with_nouns(quantities: list[Quantity]) -> list[Quantity]:
    """The quantities, those that only tell a grade with the noun of the next one in the same unit."""
    for i in range(len(quantities) - 2, -1, -1):
        one, following = quantities[i], quantities[i + 1]
        subject = one.subject.rstrip()
        if _GRADE.search(subject) and one.unit == following.unit:
            noun = re.split(r"[级类型]", following.subject)[-1]
            quantities[i] = replace(one, subject=f"{subject}{noun}")
    return quantities


def _quantity(match: re.Match[str], subject: str, near: str, kind: Kind) -> Quantity:
    number, big = match.group("number"), _BIG[match.group("big")]
    low = match.group("low")
    per = _PER.search(subject)
    return Quantity(
        (_value(number) or Decimal(0)) * big,
        match.group("unit"),
        subject,
        _bound(near),
        kind,
        None if low is None else Decimal(low) * big,
        number[0].isdigit(),
        per.group(1) if per else "",
    )


def _n_chinese(text: str) -> int:
    return len(re.findall(r"[㐀-鿿]", text))


def not_comparable(quantities: Sequence[Quantity]) -> Literal["unit", "kind"] | None:
    """Why quantities cannot be added up or set against each other; None where they can.

    The same thing may be counted by different measure words (50所劳动教育示范学校, 5个劳动教育示范校).
    """
    if not all(_in_one_unit(quantities[0], other) for other in quantities[1:]):
        return "unit"
    kinds = {quantity.kind for quantity in quantities}
    return "kind" if {"reached", "added"} <= kinds else None


def are_things(quantities: Sequence[Quantity]) -> bool:
    """Tell whether all of them count single things, so that a question which names these may add them up."""
    return {quantity.unit for quantity in quantities} <= _CLASSIFIERS


def _in_one_unit(one: Quantity, other: Quantity) -> bool:
    if one.counts == other.counts:
        return True
    return {one.unit, other.unit} <= _CLASSIFIERS and _name_one_thing(one.subject, other.subject)


def _name_one_thing(subject: str, other: str) -> bool:
    """Tell whether two subjects name the same thing: they end alike and share most of their words."""
    words, others = pairs(subject), pairs(other)
    if not words or not others or _last(subject) != _last(other):
        return False
    return len(words & others) >= _SAME_NOUN * min(len(words), len(others))


def name_alike(one: Quantity, other: Quantity) -> bool:
    """Tell whether two figures count the same thing, by the words around them."""
    words, others = pairs(one.subject), pairs(other.subject)
    return len(words & others) >= _SAME_NOUN * max(1, min(len(words), len(others)))


def _last(subject: str) -> str:
    return next((letter for letter in reversed(subject) if "㐀" <= letter <= "鿿"), "")


def read_measured(sentence: str) -> list[Quantity]:
    """The quantities of a sentence that are measured ones."""
    return [quantity for quantity in read_quantities(sentence) if is_measured(quantity)]


def is_measured(quantity: Quantity) -> bool:
    """Tell whether a figure is one that can be computed with: no range, no date and no part of a name."""
    if quantity.unit in _NAMES or (quantity.unit in _NAMES_IN_WORDS and not quantity.in_digits):
        return False
    return quantity.low is None


def show(value: Decimal) -> str:
    """A value without trailing zeros."""
    whole = value.to_integral_value()
    return str(whole) if whole == value else format(value.normalize(), "f")


def show_amount(value: Decimal, unit: str) -> str:
    """A value with its unit; sums of money in 万 or 亿, as plans write them."""
    if unit == "元":
        for word in ("亿", "万"):
            if value >= _BIG[word]:
                return f"{show(value / _BIG[word])}{word}元"
    return f"{show(value)}{unit}"


def _plain(sentence: str) -> str:
    """The sentence with its numbers in one form, before commas are taken for stops."""
    text = _THOUSANDS.sub(lambda match: match.group().replace(",", ""), normalise(sentence))
    return _PER_CENT.sub(lambda match: f"{_value(match.group(1)) or match.group(1)}%", text)


def _value(number: str) -> Decimal | None:
    if number[0].isdigit():
        return Decimal(number)
    value = chinese_number(number)
    return None if value is None else Decimal(value)


def _bound(words: str) -> Bound:
    if _AT_MOST.search(words):
        return "at_most"
    return "at_least" if _AT_LEAST.search(words) else ""


def _kind(own: str, clause: str) -> Kind:
    if _REACH.search(own) or (_REACH.search(clause) and not _ADD.search(clause)):
        return "reached"
    return "added" if _ADD.search(clause) else "plain"
