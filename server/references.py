"""Writes sources the way GB/T 7714 wants them: who, title, kind, place, year, and where in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.plan import Plan


def reference(citation: Mapping[str, Any], plan: Plan | None) -> str:
    """One entry of a reference list, numbered like the mark in the answer.

    What was inferred stands in square brackets, as the standard has it. A plan that the corpus no longer
    holds is described by what the citation itself says.
    """
    number = str(citation["number"])
    place = "前言" if number == "0" else f"第{number}条"
    if plan is None:
        year = citation["year"] or "出版年不详"
        return f"[{citation['n']}] {citation['city'] or '佚名'}. {citation['plan_id']}[Z]. {year}: {place}."
    who = plan.department or "佚名"
    city = plan.city or "[出版地不详]"
    if plan.city and plan.city_source == "inferred":
        city = f"[{plan.city}]"
    year = "[出版年不详]" if plan.year is None else str(plan.year)
    if plan.year is not None and plan.year_source == "inferred":
        year = f"[{plan.year}]"
    if plan.source.url:
        return f"[{citation['n']}] {who}. {plan.title}: {place}[EB/OL]. {city}, {year}. {plan.source.url}."
    publisher = plan.department or "[出版者不详]"
    return f"[{citation['n']}] {who}. {plan.title}[Z]. {city}: {publisher}, {year}: {place}."


def reference_list(citations: Sequence[Mapping[str, Any]], plans: Mapping[str, Plan]) -> list[str]:
    """The entries of an answer's citations."""
    return [reference(citation, plans.get(str(citation["plan_id"]))) for citation in citations]
