"""Writes the scripted answers of the page's tests, quoting the plans word for word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from page_app import Hold, Step


class Scripts:
    """Writes answers that quote the plans word for word."""

    def __init__(self, plans: dict[str, dict[str, Any]]) -> None:
        self._plans = plans

    def cite(self, n: int, item_id: str, quote: str) -> dict[str, Any]:
        """A citation of words that stand in an item."""
        plan = self._plans[item_id.partition("#")[0]]
        part = next(node for node in plan["outline"] if node["item_id"] == item_id)
        start = plan["text"].index(quote, part["start"], part["end"])
        return {
            "n": n, "plan_id": plan["plan_id"], "city": plan["city"], "city_source": plan["city_source"],
            "year": plan["year"], "item_id": item_id, "number": part["number"], "headings": [],
            "title": part["title"], "quote": quote, "start": start, "end": start + len(quote),
        }  # fmt: skip

    def final(
        self, question: str, mode: str, text: str, citations: Sequence[dict[str, Any]], **more: Any
    ) -> dict[str, Any]:
        """A whole answer."""
        items = sum(plan["items"] for plan in self._plans.values())
        n = len(self._plans)
        return {
            "id": f"answer-{len(question)}-{mode}", "question": question, "question_resolved": question,
            "mode": mode, "language": "zh", "status": "answered", "answer": text, "claims": [],
            "citations": list(citations), "verdicts": None,
            "coverage": {"plans_in_scope": n, "plans_checked": n, "items_scored": items, "gaps": []},
            "filters_applied": {"cities": [], "years": [], "plans": list(self._plans)}, "warnings": [],
            "table": None, "figures": None,
            "model": {"name": "Qwen2.5-1.5B", "used": True}, "index": {}, "timings_ms": {"total": 3412.5},
            **more,
        }  # fmt: skip

    def stream(self, answer: dict[str, Any], words: Sequence[str], held: bool = True) -> list[Step]:
        """The events of an answer; it waits at ``words`` and ``end`` where ``held``."""
        hits = [
            {k: c[k] for k in ("item_id", "plan_id", "quote", "start", "end")} | {"score": 0.7}
            for c in answer["citations"]
        ]
        read = {k: answer[k] for k in ("question_resolved", "mode", "filters_applied")}
        steps: list[Step] = [("status", {"stage": "read"} | read), ("evidence", {"hits": hits})]
        verdicts = answer["verdicts"] or []
        for done, verdict in enumerate(verdicts, 1):
            steps.append(("verdict", verdict | {"done": done, "total": len(verdicts)}))
            if held and done == 3:
                steps.append(Hold("verdicts"))
        steps += [("citation", citation) for citation in answer["citations"]]
        if held:
            steps.append(Hold("words"))
        steps += [("delta", {"text": text}) for text in words]
        if held:
            steps.append(Hold("end"))
        return [*steps, ("final", answer)]
