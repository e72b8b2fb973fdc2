"""Answers how many items a plan has, which plan has more of them, and how many name a unit: code counts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.plan import Item, Plan
from rag.citations import marks
from rag.draft import Draft
from rag.reading import Reading
from rag.records import Chunk, Claim
from rag.steps import Steps
from rag.tokenise import normalise
from rag.wording import hidden_note, items_in_all, items_of_unit, more_items, quoted

_NUMBER = re.compile(r"条目|条数|(?:多少|几)(?:大)?条|\b(?:items|points|tasks)\b", re.IGNORECASE)
_COMPARES = re.compile(
    r"最[多少]|[多少]几条|[多少]多少条|哪.{0,12}[多少]|谁.{0,12}[多少]|差(?:多少|几)|\b(?:most|fewest|more|fewer)\b",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"条目|条数|工作任务|任务|工作|要点|计划|文件|内容|里面?|列出?|写|定|安排|包含|一共|总共|相?差|多少|几|"
    r"[哪谁份家个座城市年一二三四五六七两这那的有是得了比和与跟中最更多少条数各总和呢]"
    r"|\b(?:which|plan|plans|city|cities|has|have|lists?|does|do|than|the|most|fewest|more|fewer|how|many|items"
    r"|points|tasks|in|of|and|is|are|there|by|one|whose|work|its|s)\b",
    re.IGNORECASE,
)
_HOW_MANY_ITEMS = re.compile(
    r"(?:多少|几)(?:条|项)|\bhow\s+many\s+(?:of\s+(?:its|the)\s+)?(?:tasks|items|points)\b", re.IGNORECASE
)
_UNIT_ASKED = re.compile(
    r"责任(?:单位|科室|处室|部门)|牵头(?:单位|科室|处室|部门)|由.{2,20}(?:负责|牵头)"
    r"|\b(?:responsible|lead(?:ing)?)\s+(?:unit|office|department)s?\b|\bin\s+charge\b",
    re.IGNORECASE,
)


def asks_which_has_more(reading: Reading) -> bool:
    """Tell whether it is the numbers of items of plans that are to be compared (谁列的条数多,多几条)."""
    rest = normalise(reading.rest)
    if not (_NUMBER.search(rest) and _COMPARES.search(rest)):
        return False
    return not any(character.isalnum() for character in _FRAME.sub(" ", rest))


def compare_item_counts(steps: Steps) -> Draft:
    """How many items each plan in scope has, most first, and by how many the first of two has more."""
    language = steps.reading.language
    counts = sorted(((plan, len(plan.items)) for plan in steps.plans), key=lambda one: -one[1])
    lines = [items_in_all(counts, language)]
    if len(counts) > 1:
        lines.append(more_items(counts, language))
    for plan in steps.plans:
        lines += [hidden_note(plan, gap, language) for gap in plan.gaps if gap.kind == "hidden"]
    text = "\n".join(lines)
    steps.say(text)
    return Draft("answered", text, (), None, len(counts), sum(n for _, n in counts))


def count_items_of_unit(steps: Steps) -> Draft | None:
    """How many items of a plan name a unit as theirs, each quoted; None where that is not asked."""
    question = steps.reading.question
    if len(steps.plans) != 1 or not (_HOW_MANY_ITEMS.search(question) and _UNIT_ASKED.search(question)):
        return None
    plan, language = steps.plans[0], steps.reading.language
    unit = _unit_named(plan, normalise(question))
    items = [item for item in plan.items if unit in _units(item)]
    claims = [claim for item in items for claim in _quote(steps, plan, item, unit)] if unit else []
    if not claims:
        return None
    lines = [items_of_unit(plan, unit, len(items), language)]
    lines += [f"- {claim.text}{marks(claim.citations)}" for claim in claims]
    text = "\n".join(lines)
    steps.say(text)
    return Draft("answered", text, tuple(claims), None, 1, len(plan.items))


def _units(item: Item) -> tuple[str, ...]:
    return tuple(map(normalise, (*item.lead_units, *item.joint_units)))


def _unit_named(plan: Plan, question: str) -> str:
    """The unit of the plan that the question names, the longest; empty where it names none."""
    units = {unit for item in plan.items for unit in _units(item)}
    return max((unit for unit in units if unit and unit in question), key=len, default="")


def _quote(steps: Steps, plan: Plan, item: Item, unit: str) -> list[Claim]:
    """The item's sentence that names the unit, its last one."""
    named: Sequence[Chunk] = [
        chunk for _, chunk in steps.retriever.sentences(item.item_id) if unit in normalise(chunk.text)
    ]
    n = steps.book.cite(named[-1]) if named else None
    if n is None:
        return []
    number = item.item_id.partition("#")[2]
    return [Claim(quoted(plan, number, named[-1].text, steps.reading.language), (n,), "verified")]
