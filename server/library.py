"""Routes that read plans and items; no model takes part."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from corpus.library import record
from corpus.plan import Item, Plan, SubPoint
from rag.answer import Answerer
from rag.errors import NotInCorpus
from server.engine import Require
from server.examples import ITEM, PLAN, PLAN_DETAIL, errors, example

_NOT_FOUND = errors("not_found", "index_missing")


def library_router(require: Require) -> APIRouter:
    """The routes under /v1/plans and /v1/items."""
    router = APIRouter(prefix="/v1", tags=["plans"])

    @router.get("/plans", responses=errors("index_missing") | {200: example({"plans": [PLAN]})})
    def list_plans() -> dict[str, Any]:
        """List the record of every plan in the corpus."""
        return {"plans": [record(plan) for plan in require().index.plans]}

    @router.get("/plans/{plan_id}", responses=_NOT_FOUND | {200: example(PLAN_DETAIL)})
    def get_plan(plan_id: str) -> dict[str, Any]:
        """Give one plan with its whole text and its outline."""
        plan = _find_plan(require(), plan_id)
        known_from = {"city_evidence": list(plan.city_evidence), "year_evidence": list(plan.year_evidence)}
        places = {"gaps": [asdict(gap) for gap in plan.gaps], "outline": outline(plan)}
        return record(plan) | known_from | places | {"text": plan.text}

    @router.get("/items/{item_id}", responses=_NOT_FOUND | {200: example(ITEM)})
    def get_item(item_id: str) -> dict[str, Any]:
        """Give one item, or one sub-point of an item (``rongcheng-2023#16.3``)."""
        return find_part(require(), item_id)

    return router


def find_part(answerer: Answerer, item_id: str) -> dict[str, Any]:
    """The item or sub-point with this id; raises NotInCorpus."""
    plan = _find_plan(answerer, item_id.partition("#")[0])
    for item in plan.parts():
        if item.item_id == item_id:
            return item_body(item)
        for point in item.sub_points:
            if point.item_id == item_id:
                return sub_point_body(item, point)
    numbers = [part.number for part in plan.parts()]
    raise NotInCorpus(
        f"there is no item {item_id!r}; {plan.plan_id} has the items {', '.join(numbers)}.",
        {"item_id": item_id, "plan_id": plan.plan_id},
    )


def outline(plan: Plan) -> list[dict[str, Any]]:
    """The plan's sections and items in the order of the text."""
    sections = [
        {
            "kind": "section",
            "number": section.number,
            "title": section.title,
            "level": section.level,
            "item_id": None,
            "start": section.start,
            "end": section.end,
        }
        for section in plan.sections
    ]
    items = [
        {
            "kind": "item",
            "number": item.number,
            "title": item.title,
            "level": len(item.headings) + 1,
            "item_id": item.item_id,
            "start": item.start,
            "end": item.end,
        }
        for item in plan.parts()
    ]
    return sorted(sections + items, key=lambda node: int(str(node["start"])))


def item_body(item: Item) -> dict[str, Any]:
    """An item as it goes over the wire."""
    return {
        "item_id": item.item_id,
        "plan_id": item.plan_id,
        "number": item.number,
        "headings": list(item.headings),
        "title": item.title,
        "text": item.text,
        "start": item.start,
        "end": item.end,
        "sub_points": [
            {
                "item_id": point.item_id,
                "number": point.number,
                "text": point.text,
                "start": point.start,
                "end": point.end,
            }
            for point in item.sub_points
        ],
        "lead_units": list(item.lead_units),
        "joint_units": list(item.joint_units),
        "deadline": item.deadline,
    }


def sub_point_body(item: Item, point: SubPoint) -> dict[str, Any]:
    """A sub-point as it goes over the wire: the same fields, its item's title and headings."""
    return item_body(item) | {
        "item_id": point.item_id,
        "number": point.number,
        "text": point.text,
        "start": point.start,
        "end": point.end,
        "sub_points": [],
    }


def _find_plan(answerer: Answerer, plan_id: str) -> Plan:
    plan = answerer.find_plan(plan_id)
    if plan is None:
        known = [known_plan.plan_id for known_plan in answerer.index.plans]
        raise NotInCorpus(
            f"there is no plan {plan_id!r}; the corpus has {', '.join(known)}.",
            {"plan_id": plan_id, "known": known},
        )
    return plan
