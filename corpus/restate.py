"""A plan under another city, year or department: what a manifest states or a user corrects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from itertools import count
from typing import Any, Literal

from corpus.gazetteer import gazetteer, pinyin
from corpus.identity import plan_id_of
from corpus.plan import Item, Plan


@dataclass(frozen=True, slots=True)
class Stated:
    """What somebody states about a plan; what is None stays as it was found."""

    city: str | None = None
    year: int | None = None
    department: str | None = None
    title: str | None = None
    url: str | None = None
    date: str | None = None

    def is_empty(self) -> bool:
        """Whether nothing is stated."""
        return all(value is None for value in asdict(self).values())

    def over(self, other: Stated) -> Stated:
        """The same statement, completed by another one."""
        mine = {name: value for name, value in asdict(self).items() if value is not None}
        fields: dict[str, Any] = {**asdict(other), **mine}
        return Stated(**fields)


def short_city(name: str) -> str:
    """The short name that the corpus uses for a place given as 青岛 or 青岛市."""
    cleaned = name.strip()
    divisions = gazetteer().by_name.get(cleaned)
    return divisions[0].short if divisions else cleaned


def restate(plan: Plan, stated: Stated, how: Literal["manifest", "corrected"]) -> Plan:
    """The plan with what is stated in place of what was found; its id follows."""
    if stated.is_empty():
        return plan
    changes: dict[str, Any] = {}
    if stated.city is not None:
        changes |= {"city": short_city(stated.city), "city_source": how, "city_confidence": 1.0}
        changes |= {"city_evidence": ()}
    if stated.year is not None:
        changes |= {"year": stated.year, "year_source": how, "year_evidence": ()}
    if stated.department is not None:
        changes["department"] = stated.department
    if stated.title is not None:
        changes["title"] = stated.title
    if stated.url is not None:
        changes["source"] = replace(plan.source, url=stated.url)
    if stated.date is not None:
        changes["metadata"] = {**plan.metadata, "日期": stated.date}
    changed = replace(plan, **changes)
    if (changed.city, changed.year) == (plan.city, plan.year):
        return changed
    return rename(changed, base_id(changed))


def base_id(plan: Plan) -> str:
    """The id that a plan has where no other plan has the same city and year."""
    return plan_id_of(plan.city, plan.year, plan.title or plan.text[:200])


def free_id(plan: Plan, taken: Callable[[str], bool]) -> str:
    """The plan's id, made different from those taken by its department, and at last by a number."""
    if not taken(plan.plan_id):
        return plan.plan_id
    longer = "-".join(part for part in (plan.plan_id, pinyin(plan.department)[:40]) if part)
    if not taken(longer):
        return longer
    return next(name for number in count(2) if not taken(name := f"{longer}-{number}"))


def rename(plan: Plan, plan_id: str) -> Plan:
    """The same plan under another id, its items and sub-points with it."""
    if plan_id == plan.plan_id:
        return plan
    return replace(
        plan,
        plan_id=plan_id,
        items=tuple(_renamed(item, plan_id) for item in plan.items),
        intros=tuple(_renamed(item, plan_id) for item in plan.intros),
        preamble=None if plan.preamble is None else _renamed(plan.preamble, plan_id),
        flagged=tuple(_under(item_id, plan_id) for item_id in plan.flagged),
    )


def _renamed(item: Item, plan_id: str) -> Item:
    points = tuple(replace(point, item_id=_under(point.item_id, plan_id)) for point in item.sub_points)
    return replace(item, plan_id=plan_id, item_id=_under(item.item_id, plan_id), sub_points=points)


def _under(item_id: str, plan_id: str) -> str:
    return f"{plan_id}#{item_id.partition('#')[2]}"
