"""Completes the OpenAPI document with what only a running server knows: its limits and its corpus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from rag.settings import Settings
from server.engine import Engine
from server.examples import ANSWER, COMPARISON
from server.wire import WORDS

_MOST_NAMES = 300
"""A corpus with more cities than this does not have them all named in the document."""


def complete_document(app: FastAPI, engine: Engine, settings: Settings) -> None:
    """Let the application's document say what the server takes right now."""
    plain: Callable[[], dict[str, Any]] = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        schemas = document["components"]["schemas"]
        for name in ("AskBody", "CompareBody", "SearchBody"):
            question = schemas[name]["properties"]["question"]
            question |= {
                "pattern": WORDS,
                "description": f"what you want to know; at most {settings.max_question_chars} characters",
            }
        schemas["AskBody"]["properties"]["history"]["maxItems"] = settings.max_history
        words = {"type": "string", "pattern": WORDS}
        schemas["ChatBody"]["properties"]["messages"]["contains"] = {
            "type": "object",
            "required": ["role", "content"],
            "properties": {"role": {"const": "user"}, "content": words},
        }
        _name_plans(schemas["FiltersBody"]["properties"], engine)
        for path, example in (("/v1/ask", ANSWER), ("/v1/compare", COMPARISON)):
            # FastAPI drops what is null from an example, and an answer says null where there is nothing.
            reply = document["paths"][path]["post"]["responses"]["200"]
            reply["content"]["application/json"]["example"] = example
        return document

    # FastAPI documents this as the way to change the document.
    setattr(app, "openapi", openapi)  # noqa: B010


def _name_plans(filters: dict[str, Any], engine: Engine) -> None:
    plans = () if engine.answerer is None else engine.answerer.index.plans
    cities = sorted({plan.city for plan in plans if plan.city})
    for field, key in (("cities", "pattern"), ("years", "enum"), ("plans", "enum")):
        filters[field]["items"].pop(key, None)
    if plans and len(plans) <= _MOST_NAMES:
        filters["cities"]["items"]["pattern"] = "|".join(cities)
        filters["years"]["items"]["enum"] = sorted({plan.year for plan in plans if plan.year is not None})
        filters["plans"]["items"]["enum"] = [plan.plan_id for plan in plans]
