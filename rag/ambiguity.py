"""Questions that no answer can serve: which plan, which city or which matter is meant must be asked back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from corpus.plan import Plan
from rag.item_numbers import without_item_numbers
from rag.leaning import asks_nothing
from rag.reading import Reading
from rag.remarks import is_remark
from rag.tokenise import simplify
from rag.whole_plans import points_at_one_plan
from rag.wording import plan_name, plan_names

MAX_CHOICES = 8
"""Choices that are named; a list longer than this is no help."""
Missing = Literal["plan", "city", "matter", "purpose"]

_WHOLE_ITEM = re.compile(
    r"说了?|写了?|讲了?|提到?了?|规定|具体|主要|大概|内容|原文|全文|什么|啥|哪些|怎么|怎样|要点|计划|文件|请问|给我|告诉我|看"
    r"|\b(?:say|says|said|content|text|read|plan|tell|me|show|please|state|states|about)\b",
    re.IGNORECASE,
)
_POINTS_AT_CITY = re.compile(
    r"^(?:那么?[,，]?)?(?:它|该市|那里|那边|那儿|那座城市|那个城市|那份要点|该计划|该要点)(?!们)"
    r"|\b(?:that (?:city|plan)|over there)\b",
    re.IGNORECASE,
)
_ABOUT_US = re.compile(
    r"\W*(?:(?:你好|您好|hi|hello|hey)\W*)?(?:"
    r"(?:请问)?[你您](?:是(?:谁|什么|干(?:什么|嘛)的|做什么的)|叫什么(?:名字)?|(?:能|会|可以|都能|都会)(?:帮我)?(?:做|干|回答|帮)?(?:些|点)?"
    r"(?:什么|啥|哪些)(?:事情?|问题|忙)?|能帮(?:帮)?我吗|有什么(?:用|功能))"
    r"|(?:怎么|如何)(?:用|使用)(?:你|这个)?"
    r"|who\s+are\s+you|what\s+are\s+you|what\s+(?:can|do)\s+you\s+(?:do|know|answer|help\s+(?:me\s+)?with)|what\s+is\s+(?:this|planqa)"
    r"|(?:can|could)\s+you\s+(?:please\s+)?help(?:\s+me)?|how\s+(?:do|can|should)\s+i\s+use\s+(?:this|it|you)|how\s+does\s+(?:this|it)\s+work|help"
    r")(?:[\s,]*(?:and|和)?[\s,]*(?:what\s+can\s+you\s+do|[你您]?能做什么))?[\s呢啊呀吗?？!！。.]*",
    re.IGNORECASE,
)
"""Asks who answers here, or for help, and nothing of the plans."""
_PURPOSE = {
    "zh": "这里只根据工作要点的原文回答问题，附可以核对的引文。现有的要点：",
    "en": "Questions are answered here from work plans alone, with quotes to check. The plans are: ",
}


def find_missing(reading: Reading, plans: Sequence[Plan]) -> Missing | None:
    """What a question leaves open that no answer over ``plans``, those in scope, could serve.

    An item's number without a plan; 那里 or "that city" with nothing before it; a question who answers here;
    a question without a matter, but for one to be told what the plans say: that has an answer. A city with
    plans of two years leaves nothing open: it is answered for each.
    """
    question = simplify(reading.question)
    rest = simplify(reading.rest)
    if not reading.cities and _ABOUT_US.fullmatch(question):
        return "purpose"
    beside_items = _WHOLE_ITEM.sub("", without_item_numbers(rest))
    cities = {plan.city for plan in plans}
    if reading.item_numbers and len(cities) > 1 and asks_nothing(beside_items):
        return "plan"
    points = _POINTS_AT_CITY.search(question) or (reading.of_whole_plans and points_at_one_plan(rest))
    if len(cities) > 1 and not reading.cities and points:
        return "city"
    has_matter = reading.item_numbers or reading.of_whole_plans or reading.has_earlier_matter
    if not has_matter and (asks_nothing(rest) or is_remark(question)):
        return "matter"
    return None


def ask_back(missing: Missing, reading: Reading, plans: Sequence[Plan]) -> str:
    """The question back, with choices."""
    language = reading.language
    if missing in ("matter", "purpose"):
        choices = _matters(plans)
    elif missing == "plan":
        numbers = set(reading.item_numbers)
        holding = [plan for plan in plans if numbers <= {item.number for item in plan.items}]
        choices = [plan_name(plan, language) for plan in holding or plans]
    else:
        choices = [plan_name(plan, language) for plan in plans]
    listed = [f"{n}. {choice}" for n, choice in enumerate(choices[:MAX_CHOICES], start=1)]
    return "\n".join([_lead(missing, reading, plans), *listed])


def _lead(missing: Missing, reading: Reading, plans: Sequence[Plan]) -> str:
    language = reading.language
    if missing == "purpose":
        return f"{_PURPOSE[language]}{plan_names(plans, language)}\n{_lead('matter', reading, plans)}"
    number = "、".join(reading.item_numbers)
    leads = {
        "zh": {
            "plan": f"好几份要点都有第{number}条，您问的是哪一份？",
            "city": "您问的是哪一份要点？",
            "matter": "您想了解哪方面的内容？例如：",
        },
        "en": {
            "plan": f"Several plans have an item {number}. Which one do you mean?",
            "city": "Which plan do you mean?",
            "matter": "What would you like to know about? For example:",
        },
    }
    return leads[language][missing]


def _matters(plans: Sequence[Plan]) -> list[str]:
    """What a plan is divided into, the latest that has sections; else what its items are called."""
    for plan in sorted(plans, key=lambda plan: -(plan.year or 0)):
        if plan.sections:
            return [section.title for section in plan.sections if section.title][:MAX_CHOICES]
    return [item.title for plan in plans for item in plan.items if item.title][:MAX_CHOICES]
