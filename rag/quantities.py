"""Reads quantities out of a sentence: number, unit, what is counted, and the words between."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from rag.tokenise import normalise

_UNIT = r"(?:亿元|万元|人次|课时|[所个名人间门项元次家处条期支套座位届篇场类种年节%])"
_QUANTITY = re.compile(rf"(\d+(?:\.\d+)?)(万|亿)?(?:余|多)?({_UNIT})")
_CLAUSE = re.compile(r"[，,、；;：:。（(）)]")
_BIG = {"万": 10_000, "亿": 100_000_000, None: 1}
_REACH = re.compile(r"达到|达|总数|累计|共")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a sentence."""

    value: Decimal
    unit: str
    subject: str
    """The words around the figure that say what is counted, or those of the figure before where none do."""
    is_total: bool
    """Whether it states what is reached (达到175所) rather than what is added (新增15所)."""


def read_quantities(sentence: str) -> list[Quantity]:
    """The quantities of a sentence, in order.

    A clause that only goes on counting (新增一类园15所、达到175所) takes its subject from the one before.
    """
    quantities: list[Quantity] = []
    subject = ""
    for clause in _CLAUSE.split(normalise(sentence)):
        position = 0
        for match in _QUANTITY.finditer(clause):
            own = clause[position : match.start()]
            if len(re.findall(r"[㐀-鿿]", _REACH.sub("", own))) >= 2:
                subject = own
            position = match.end()
            after = _QUANTITY.split(clause[position:], maxsplit=1)[0]
            value = Decimal(match.group(1)) * _BIG[match.group(2)]
            quantities.append(
                Quantity(value, match.group(3), f"{subject} {after}", bool(_REACH.search(clause)))
            )
    return quantities


def show(value: Decimal) -> str:
    """A value without trailing zeros."""
    whole = value.to_integral_value()
    return str(whole) if whole == value else format(value.normalize(), "f")
