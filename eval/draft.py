"""Proposes questions from a plan, for a person to accept, change or throw away.

Every proposal asks for a quantity that an item states: the words around it, with the number taken out. Such
a question has a fact that can be proved; what makes a question good (asked as people ask, with its near
misses noted) is left to the person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from corpus.plan import Item, Plan
from eval.check import check_questions
from eval.questions import QuestionError, parse_question

_CLAUSE = re.compile(r"[^,，。;；:：、\n]+")
_QUANTITY = re.compile(r"(?<![\d.-])(\d[\d,]*(?:\.\d+)?[万亿]?)(%|[所个间名人门项处场元次篇届批])")
_MINIMUM_WORDS = 4
# outline numbers and years are not quantities of anything
_NUMBERING = re.compile(r"^\s*(?:\d{1,3}[.、]|[①-⑳]|[（(]?[一二三四五六七八九十]+[)）、])")


def draft_questions(plan: Plan) -> list[dict[str, Any]]:
    """Lookup questions for the plan, in the order of its items, as records of a question file."""
    drafts: list[dict[str, Any]] = []
    for item in plan.items:
        for number, (clause, quantity, unit) in enumerate(_quantities(item), start=1):
            drafts.append(_draft(plan, item, number, clause, quantity, unit))
    return drafts


def draft_lines(plans: Iterable[Plan]) -> str:
    """The drafts of several plans as the text of a question file."""
    return "".join(record_line(draft) for plan in plans for draft in draft_questions(plan))


def record_line(record: Mapping[str, Any]) -> str:
    """One proposal as a line of a question file."""
    return json.dumps(record, ensure_ascii=False) + "\n"


def what_is_missing(records: Iterable[Mapping[str, Any]], plans: Sequence[Plan]) -> list[str]:
    """What a person has yet to fill in before proposals can be evaluated, one line a fault."""
    lines: list[str] = []
    for record in records:
        try:
            question = parse_question(record_line(record), str(record.get("id", "?")))
        except QuestionError as error:
            lines.append(str(error))
            continue
        lines += [f"{fault.question_id}: {fault.message}" for fault in check_questions([question], plans)]
    return lines


def _quantities(item: Item) -> Iterator[tuple[str, str, str]]:
    """Clause, number and unit of every quantity whose clause says of what it is."""
    for match in _CLAUSE.finditer(item.text):
        clause = _NUMBERING.sub("", match.group()).strip()
        found = list(_QUANTITY.finditer(clause))
        # two quantities in one clause cannot be told apart by taking one out
        if len(found) == 1 and len(clause) - len(found[0].group()) >= _MINIMUM_WORDS:
            yield clause, found[0].group(1), found[0].group(2)


def _draft(plan: Plan, item: Item, number: int, clause: str, quantity: str, unit: str) -> dict[str, Any]:
    asked = "百分之多少" if unit == "%" else f"多少{unit}"
    question = _QUANTITY.sub(asked, clause, count=1).replace("不少于", "").replace("不低于", "")
    place = plan.city if plan.city else plan.plan_id
    year = f"{plan.year}年" if plan.year is not None else ""
    form = f"{quantity}{unit}" if unit == "%" else quantity
    return {
        "id": f"draft-{item.item_id.replace('#', '-')}-{number}",
        "type": "lookup",
        "topic": item.title or item.item_id,
        "language": "zh",
        "question": f"{place}{year}{question}?",
        "required": [item.item_id],
        "facts": [{"name": "quantity", "forms": [form], "items": [item.item_id]}],
        "reference": clause + "。",
        "note": "draft: word it as people ask, note what nearly fits",
    }
