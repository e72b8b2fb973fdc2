"""What a sentence must have to answer a question: a number, of the thing asked for, or a fact of a kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.amounts import asked_amounts, asks_money, gives_amount
from rag.counted_things import are_people, counted_things
from rag.fact_kinds import AskedFact, asked_fact, without_durations
from rag.school_kinds import kinds_asked
from rag.steps import Steps
from rag.tokenise import is_chinese, normalise

_PART = re.compile(
    r"大部分|大多数|(?<![为众])多数|过半|一半|半数|全部|所有|基本(?=在|上|都|完成|做到)|尽可能多"
)
"""Amounts without a number: how much of something."""
_IS_MEASURE = re.compile(r"比例|比重|百分|金额|数量|时间|\b(?:time|money|per\s?cent)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[，,、；;：:。]")


@dataclass(frozen=True, slots=True)
class Needed:
    """What a sentence must have to answer: a number in one of these units, a fact of one of these kinds."""

    units: list[str] | None
    fact: AskedFact | None
    things: tuple[tuple[str, ...], ...] = ()
    """Of each thing whose number or amount is asked for the words that name it."""
    printed: tuple[tuple[str, ...], ...] = ()
    """The same where the plans in scope print these: only there is a number without them one of others."""

    @property
    def is_number(self) -> bool:
        """Whether it is a number, of things or in a row."""
        return self.units is not None or (self.fact is not None and self.fact.is_ordinal)

    def gives(self, text: str) -> bool:
        """Tell whether a sentence has it; where numbers are asked for, they decide."""
        if self.fact is not None and self.fact.is_exact:
            return self.fact.gives(text)
        if self.units is not None and self._gives_amount(normalise(text), self.units):
            return True
        decides = self.fact is not None and (self.units is None or self.fact.is_ordinal)
        return decides and self.fact is not None and self.fact.gives(text)

    def _gives_amount(self, text: str, units: list[str]) -> bool:
        """Tell whether it has a number of the thing asked for, or says how much of it without one."""
        if gives_amount(text, units):
            return not self.printed or any(_names(text, forms) for forms in self.printed)
        return not units and any(_says_part(text, forms) for forms in self.things)


def needed_fact(steps: Steps) -> Needed | None:
    """What an answer to the question must have; None where that is not clear."""
    return needed_for(steps, steps.reading.question)


def needed_for(steps: Steps, question: str) -> Needed | None:
    """What an answer to this question, or to one part of it, must have; None where that is not clear."""
    units, fact = asked_amounts(without_durations(question)), asked_fact(question)
    if units is None and fact is None:
        return None
    if units is None:
        return Needed(units, fact)
    things = _things(steps, question, units)
    return Needed(
        units, fact, things, things if steps.reading.language == "zh" and _are_printed(steps, things) else ()
    )


def _things(steps: Steps, question: str, units: list[str]) -> tuple[tuple[str, ...], ...]:
    """Of each thing to be counted or measured the words by which plans name it.

    Schools, people and money are left out: they are told by the units that they are counted in.
    """
    named = counted_things(question)
    by_unit = are_people(named) or asks_money(units)
    if by_unit or any(kinds_asked(thing) or _IS_MEASURE.search(thing) for thing in named):
        return ()
    return tuple(forms for thing in named if (forms := _forms(steps, thing)))


def _are_printed(steps: Steps, things: tuple[tuple[str, ...], ...]) -> bool:
    """Tell whether the plans in scope print all of the things; what they do not, they may call otherwise."""
    texts = [normalise(item.text) for plan in steps.plans for item in plan.parts()]
    return all(any(_names(text, forms) for text in texts) for forms in things)


def _forms(steps: Steps, thing: str) -> tuple[str, ...]:
    """The Chinese words for a thing: of an English one those of the term that ends its name."""
    if is_chinese(thing):
        return (thing,)
    concepts = steps.retriever.concepts(thing)
    return concepts[-1].forms if concepts else ()


def _names(text: str, forms: tuple[str, ...]) -> bool:
    return any(form in text for form in forms)


def _says_part(text: str, forms: tuple[str, ...]) -> bool:
    """Tell whether a clause says of how much of the thing it is true (大部分书面作业)."""
    return any(_PART.search(clause) and _names(clause, forms) for clause in _CLAUSE.split(text))
