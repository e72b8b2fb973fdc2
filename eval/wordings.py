"""What it costs to ask in other words: each rewording of a run beside the question that it rewords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.compare import Change, compare_scored
from eval.run import Scored


@dataclass(frozen=True, slots=True)
class Wording:
    """One manner of writing, against the first words of the same questions."""

    manner: str
    """A trait that the rewordings have: misspelt, mixed, traditional, spoken."""
    n: int
    changes: tuple[Change, ...]
    """From the questions as first written to their rewordings, measures of time left out."""


def compare_wordings(results: Sequence[Scored]) -> list[Wording]:
    """The manners by name; none where the run rewords nothing.

    A manner is what a rewording is written in and its question is not. Rewordings whose question is not
    among the results are left out.
    """
    by_id = {scored.question.question_id: scored for scored in results}
    pairs: dict[str, list[tuple[Scored, Scored]]] = {}
    for scored in results:
        first = by_id.get(scored.question.same_as)
        if first is not None:
            for manner in sorted(set(scored.question.traits) - set(first.question.traits)):
                pairs.setdefault(manner, []).append((first, scored))
    wordings: list[Wording] = []
    for manner in sorted(pairs):
        changes, _ = compare_scored(pairs[manner])
        shares = tuple(change for change in changes if change.measure.unit == "share")
        wordings.append(Wording(manner, len(pairs[manner]), shares))
    return wordings
