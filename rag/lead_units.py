"""Answers who is in charge of a matter, where a plan prints a lead unit with its items.

The words that ask for a unit come nearest to the brackets that name one, whatever they are about; so the item
is found by the matter alone, and its own bracket is quoted.
"""

from __future__ import annotations

import re

from corpus.plan import Plan
from rag.belonging import standings
from rag.reading import Reading
from rag.records import Chunk
from rag.retrieve import Scores
from rag.sentences import names_units
from rag.steps import Steps
from rag.tokenise import is_chinese

_UNIT = r"(?:处室|科室|部门|单位|机构|中心|处(?!分|理|罚)|科(?!目)|股|室)"
_WHICH = rf"(?:哪[一几两些]*[个家]*{_UNIT}|谁)"
_LEADS = r"(?:负责|牵头|主管|分管|主抓)"
_JOB = r"(?:活儿?|事儿?|职责|差事|工作|任务)(?=[呢吗啊呀?？。]*$)"
_HELPERS = rf"还?[由有]?哪[一几两些]*[个家]*{_UNIT}(?:来|去|一起)?(?:配合|协助|协同|参与)"
_CHINESE = re.compile(
    rf"{_WHICH}(?:来|在|去|主要|具体)*(?:{_LEADS}|[管抓](?!得|不))|{_WHICH}(?:来|在)(?:[弄搞做干办](?!得|不))|{_LEADS}[^,，。?？]*?{_WHICH}"
    rf"|(?:{_LEADS}|责任)的?{_UNIT}|(?:找|归|属于?)[^,，。?？]{{0,6}}?{_WHICH}|{_WHICH}的{_JOB}|{_HELPERS}"
)
_OF_ASKING = re.compile(
    rf"(?:由|归|属于?|该找|找|是)*(?:局里)?的?{_WHICH}(?:来|在|去|主要|具体)*[管抓]?(?:(?<=[来在])[弄搞做干办])?的?(?:{_JOB})?|的?(?:{_LEADS}|责任)的?{_UNIT}?(?:是|有|叫)?"
    rf"|[、,，]?{_HELPERS}|[、,，]\s*(?:(?:具体|详细)的?)?(?:步骤|做法|措施|安排|内容)(?:是|有)(?:什么|啥|哪些)"
    r"|这(?:件事|个事|事|块|项工作|项)|那一?条|[呢吗啊呀?？]"
)
_OFFICE = r"(?:office|department|division|section|unit|body|team)s?"
_DUTY = (
    r"(?:responsible|in\s+charge|accountable|takes?\s+the\s+lead|takes?\s+care|leads?|leading|heads?|handles?|oversees?"
    r"|runs?|manages?|looks?\s+after|deals?\s+with|supervises?)\b(?:\s+(?:for|of|on|in)\b)?"
)
_TURNS_TO = (
    r"(?:(?:have|need|want)\s+to\s+)?(?:contact|ask|call|phone|approach|see|go\s+to|turn\s+to|talk\s+to|speak\s+(?:to|with)|write\s+to)"
    r"\s+(?:about|for|on|regarding|concerning|over)\b"
)
_INSIDE = r"(?:\s+(?:in|of|at|inside|within)\b[\w\s'’]*?)?"
_ENGLISH = re.compile(
    rf"\b(?:who|(?:which|what)\s+(?:\w+\s+)?{_OFFICE})\b{_INSIDE}\s+(?:(?:is|are|will\s+be)\s+)?{_DUTY}"
    rf"|\b(?:responsible|lead(?:ing)?)\s+{_OFFICE}\b(?:\s+(?:for|of)\b)?"
    rf"|\b(?:whom?|(?:which|what)\s+(?:\w+\s+)?{_OFFICE}){_INSIDE}\s+(?:do|does|should|can|must|would|could)\s+\w+\s+{_TURNS_TO}",
    re.IGNORECASE,
)
_NAMES_UNIT = re.compile(
    r"谁|部门|科室|处室|单位|机构|哪.{0,2}[科处局室股]|负责|牵头|主管|分管|责任"
    r"|\b(?:who|whom|whose|office|department|division|section|unit|body|agency|responsib\w*|charge|lead\w*"
    r"|runs?|handles?|oversees?|manages?)\b",
    re.IGNORECASE,
)


def may_ask_for_unit(question: str) -> bool:
    """Tell whether a question may want a unit; where it cannot, a bracket that names one is no answer."""
    return bool(_NAMES_UNIT.search(question))


def lead_units(steps: Steps) -> tuple[Scores, list[Chunk]] | None:
    """The sentence of the matter and the bracket that names its lead units, with the matter's scores.

    None where the question does not ask who is in charge, or the plan in scope prints no such brackets.
    """
    if len(steps.plans) != 1:
        return None
    matter = matter_in_charge_of(steps.reading)
    chunks, rows = steps.retriever.index.chunks, steps.retriever.rows(steps.reading.plan_ids)
    if not matter or not any(names_units(chunks[row].text) for row in rows):
        return None
    with steps.timed("retrieve"):
        scores = steps.retriever.score(matter, steps.reading.plan_ids, True)
    return scores, _of_best_item(steps, scores, steps.plans[0])


def matter_in_charge_of(reading: Reading) -> str:
    """What the question wants a unit for; empty where it asks for none, or for nothing beside it."""
    chinese = is_chinese(reading.topic)
    words, asks = (reading.topic, _CHINESE) if chinese else (reading.rest, _ENGLISH)
    if not asks.search(words):
        return ""
    matter = (_OF_ASKING if chinese else _ENGLISH).sub(" ", words).strip(" ,，。.?？、")
    return matter if sum(map(str.isalnum, matter)) > 1 else ""


def _of_best_item(steps: Steps, scores: Scores, plan: Plan) -> list[Chunk]:
    """The best sentence of the best item that has a bracket, and the bracket."""
    fused = scores.fused
    for one in standings(steps.retriever, scores, plan.plan_id):
        entries = steps.retriever.sentences(one.item_id)
        brackets = [chunk for _, chunk in entries if names_units(chunk.text)]
        said = [(row, chunk) for row, chunk in entries if not names_units(chunk.text)]
        if brackets and said:
            best = max(said, key=lambda entry: float(fused[entry[0]]))[1]
            return [best, brackets[-1]]
    return []
