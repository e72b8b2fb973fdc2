"""What no plan of work can tell: what came of it, how people find it, which city is the best.

A plan says what is to be done in its year. 目标后来完成了没有? comes near to the goal, and "Are parents happy
with it?" to the measure, but neither says what was asked; the nearest sentence is called related.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.draft import Draft
from rag.lookup import nearest, refuse
from rag.steps import Look, Steps
from rag.views import score_question
from rag.wording import not_told_by_plans

Beyond = Literal["outcome", "opinion", "best"]
_PEOPLE = "(?:家长|学生|老师|教师|群众|老百姓|百姓|大家|市民|居民|孩子|娃)们?"
_PEOPLE_ENGLISH = r"(?:the\s+)?(?:parents|pupils|students|teachers|people|families|residents|children|kids)"
_DONE = "(?:完成|实现|做到|落实|建成|达到|达成|兑现|办成|建好|开起来)"
_KINDS: tuple[tuple[Beyond, re.Pattern[str]], ...] = (
    (
        "outcome",
        re.compile(
            rf"(?:后来|最后|最终|到头来|到底|实际上?|真的|如期|按时)[^,，。?？]{{0,8}}{_DONE}[^,，。?？]{{0,4}}(?:了?(?:没有?|吗)|了(?:多少|几))"
            rf"|(?:目标|任务|承诺|指标)[^,，。?？]{{0,4}}{_DONE}(?:得(?:怎么样|如何|咋样)|情况(?:如何|怎么样|咋样)|了?(?:没有?|吗|几成))"
            r"|实际上?(?:新增|新建|建|招|花|完成|增加|投入|引进)了?(?:多少|几)"
            r"|\b(?:did|has|have|had)\s+(?:[\w'’]+\s+){1,5}?(?:meet|met|reach(?:ed)?|hit|achieved?|fulfil(?:l|led)?|keep|kept|miss(?:ed)?)"
            r"\s+(?:its|their|the|that|those|all)\s+(?:\d{4}\s+)?(?:[\w'’]+\s+){0,3}?(?:goals?|targets?|promises?|aims?)\b"
            r"|\b(?:was|were|has|have)\s+[^?.]{0,60}?\b(?:plans?|targets?|goals?|promises?)\b[^?.]{0,30}?\b(?:carried\s+out|achieved|met|implemented|fulfilled"
            r"|reached|kept|delivered)\s*[?.]?\s*$"
            r"|\bhow\s+did\s+(?:it|that|this|the\s+plan|things)\s+(?:turn\s+out|go|end)\b|\bwhat\s+(?:came|became)\s+of\b"
            r"|\bactually\s+(?:built|opened|added|hired|delivered|spent|completed)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "opinion",
        re.compile(
            rf"{_PEOPLE}[^,，。?？]{{0,10}}(?:满不满意|满意(?:吗|不|么)|喜不喜欢|喜欢(?:吗|不)|有没有意见|怎么看|怎么评价|评价(?:怎么样|如何|好不好))"
            r"|口碑(?:怎么样|如何|好不好|咋样)"
            rf"|\b(?:are|is|were|was)\s+{_PEOPLE_ENGLISH}\b[^?.]{{0,30}}?\b(?:happy|unhappy|satisfied|dissatisfied|pleased)\s+(?:with|about)\b"
            rf"|\bwhat\s+(?:do|did)\s+{_PEOPLE_ENGLISH}\b[^?.]{{0,20}}?\bthink\s+(?:of|about)\b|\bhow\s+(?:happy|satisfied|popular)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "best",
        re.compile(
            r"(?:哪|谁)[^,，。?？]{0,8}(?:教育|学校|教学|质量|师资|办学|条件|水平)[^,，。?？]{0,4}最(?:好|强|棒|牛|厉害)(?=[?？呢啊的]|$)"
            r"|(?:最|更)适合(?:我|孩子|娃|小孩|上学|读书|念书|带娃|养娃|居住|生活)"
            r"|\b(?:which|what)\b[^?.]{0,30}?\b(?:is|are|has|have|would\s+be)\s+(?:the\s+)?(?:best|better|worst)\s+"
            r"(?:for\s+(?:my|our|a|kids|children|families)|place|city|schools?\b|education)"
            r"|\b(?:best|better)\s+(?:place|city)\s+(?:for|to)\b",
            re.IGNORECASE,
        ),
    ),
)


def beyond_plans(question: str) -> Beyond | None:
    """What a question asks for that no plan tells; None where plans may tell it."""
    return next((kind for kind, form in _KINDS if form.search(question)), None)


def refuse_beyond(steps: Steps) -> Draft | None:
    """A refusal where the question asks for what no plan tells."""
    kind = beyond_plans(steps.reading.question)
    if kind is None:
        return None
    with steps.timed("retrieve"):
        view = score_question(steps.retriever, steps.reading, None)
    items = sum(len(plan.items) for plan in steps.plans)
    near = None if kind == "best" else nearest(steps, Look(view.scores, view.keywords, ()))
    return refuse(steps, items, near, not_told_by_plans(kind, steps.plans, steps.reading.language))
