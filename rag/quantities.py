"""Reads quantities out of a sentence: number, unit, what is counted, its bound, and whether it is added."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rag.numbers import chinese_number
from rag.tokenise import normalise

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
_QUANTITY = re.compile(rf"(?<![第\d.{_NUMERALS}])({_NUMBER})(万|亿)?(?:余|多)?({_UNIT})")
_CLAUSE = re.compile(r"[，,、；;：:。（(）)]")
_THOUSANDS = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?!\d|,\d)")
_PER_CENT = re.compile(rf"百分之([{_NUMERALS}]+|\d+(?:\.\d+)?)")
_BIG = {"万": 10_000, "亿": 100_000_000, None: 1}
_REACH = re.compile(r"达到|达|总数|累计|共")
_ADD = re.compile(r"新增|增加|增设|补充|扩充|新建|改扩建|扩建|增至?(?!强)|再")
_AT_LEAST = re.compile(r"不少于|不低于|不小于|至少|以上|超过|(?<=\d)余")
_AT_MOST = re.compile(r"不超过|不高于|不大于|至多|最多|以内|以下")
_ORDINARY = frozenset({"年", "期", "届", "类", "次", "节"})
"""Units of dates and of names (第25届, 三年行动计划) as often as of quantities."""
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
        return f"{mark}{show(self.value)}{self.unit}"


def read_quantities(sentence: str) -> list[Quantity]:
    """The quantities of a sentence, in order, however the numbers are written (两千, 2,000, 1.2万, 百分之五).

    A clause that only goes on counting (新增一类园15所、达到175所) takes its subject from the one before.
    """
    quantities: list[Quantity] = []
    subject = ""
    for clause in _CLAUSE.split(_plain(sentence)):
        position = 0
        for match in _QUANTITY.finditer(clause):
            value = _value(match.group(1))
            if value is None:
                continue
            own = clause[position : match.start()]
            if len(re.findall(r"[㐀-鿿]", _AT_LEAST.sub("", _REACH.sub("", own)))) >= 2:
                subject = own
            position = match.end()
            after = _QUANTITY.split(clause[position:], maxsplit=1)[0]
            near = f"{own}{match.group()}{after}"
            quantities.append(
                Quantity(
                    value * _BIG[match.group(2)],
                    match.group(3),
                    f"{subject} {after}",
                    _bound(near),
                    _kind(own, clause),
                )
            )
    return quantities


def not_comparable(quantities: Sequence[Quantity]) -> Literal["unit", "kind"] | None:
    """Why quantities cannot be added up or set against each other; None where they can."""
    if len({quantity.counts for quantity in quantities}) > 1:
        return "unit"
    kinds = {quantity.kind for quantity in quantities}
    return "kind" if {"reached", "added"} <= kinds else None


def is_measured(quantity: Quantity) -> bool:
    """Tell whether a figure is a quantity rather than, most likely, a date or part of a name."""
    return quantity.unit not in _ORDINARY


def show(value: Decimal) -> str:
    """A value without trailing zeros."""
    whole = value.to_integral_value()
    return str(whole) if whole == value else format(value.normalize(), "f")


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
