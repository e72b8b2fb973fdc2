"""What a plan must give to count as an answer: an amount (给出具体金额), an hour, a number of minutes."""

from __future__ import annotations

from dataclasses import dataclass

from rag.amounts import gives_amount, required_amount
from rag.fact_kinds import AskedFact, asked_fact


@dataclass(frozen=True, slots=True)
class Required:
    """An amount in one of these units, or a fact of a kind."""

    units: list[str] | None
    fact: AskedFact | None

    def gives(self, text: str) -> bool:
        """Tell whether a sentence has it."""
        if self.units is not None:
            return gives_amount(text, self.units)
        return self.fact is not None and self.fact.gives(text)


def required_of(question: str) -> Required | None:
    """What a plan must give for the question; None where words may do."""
    units, fact = required_amount(question), asked_fact(question)
    of_clock = fact if fact is not None and fact.is_of_clock else None
    return Required(units, of_clock) if units is not None or of_clock is not None else None
