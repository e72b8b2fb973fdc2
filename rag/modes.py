"""Which mode fits a question, by its form alone."""

from __future__ import annotations

import re

from rag.records import Mode

_PLAN = r"(?:城市|地方|市县|市|地区|地|县|计划|要点|份|座城|家)"
WHICH_PLANS = re.compile(
    rf"(?:哪些|哪几个|哪个|哪几座|哪座|哪里|哪儿|哪一个|有没有|有无){_PLAN}|{_PLAN}里哪(?:些|几个)|哪几份|哪份|哪几家|哪家|哪里(?:的|有|要)|哪(?:些|几)个?省"
    rf"|{_PLAN}(?:的)?(?:有|是)?(?:哪些|哪几个|哪几家|哪几份)|有{_PLAN}.{{0,16}}(?:吗|没有|么)"
    r"|(?:都|还)?有谁|谁(?:家|打算|要|在|会|有|提|写|说|准备|计划|明确|把)|谁、谁|各(?:城市|市|地)(?:谁|哪)"
    r"|\bw?h?ich\s+(?:of\s+(?:the|these|those)\s+)?(?:other\s+|\w+\s+){0,2}(?:cit(?:y|ies|ys)|plans?|places|municipalit)"
    r"|\bwhat\s+(?:cities|plans)\b|\bwho\b(?!\s+(?:is|are|leads?|may|must)\b)|\b(?:do|does|is|are|has|have)\s+any\s+"
    r"(?:city|cities|plans?)|\bany\s+(?:cities|city|plans?)\b|\blist\s+(?:the\s+|all\s+)*(?:cities|plans)\b",
    re.IGNORECASE,
)
_HOW_MANY_PLANS = re.compile(
    r"(?:多少|(?<![哪这那])几)(?:个|座|份|家)?(?:城市|地方|计划|要点)(?!教育)|(?<![哪这那])几(?:份|家)|多少(?:份|家)"
    r"|\bhow\s+many\s+(?:of\s+the\s+(?:\w+\s+)?)?(?:cities|plans|places)\b",
    re.IGNORECASE,
)
_ARITHMETIC = re.compile(
    r"合计|加起来|总和|总数|加总|相加|最多|最少|最大|最小|(?:相)?差(?:多少|几)|多多少|少多少|多几|少几|比.{1,16}(?:多|少)(?:多少|几)"
    r"|\b(?:in\s+total|in\s+all|altogether|(?:the\s+)?total|sum|adding|combined|the\s+most|the\s+least|"
    r"the\s+fewest|how\s+many\s+more|how\s+many\s+fewer|difference\s+between)\b",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"差在哪|差别|差异|区别|不同|对比|比较|相比|比起|变化|异同|各(?:用|有|说|是|自)|分别"
    r"|\bcompar|\bdiffer|\bversus\b|\bvs\b|\bchanged?\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"一共|总共|\bhow\s+many\b.*\b(?:together|both)\b", re.IGNORECASE)
"""Asks for a sum only where several things or plans are named; 一共 alone is just a way to ask how many."""
_SUMMARISE = re.compile(
    r"总结|概括|归纳|梳理|概述|介绍一下|理一理|说一下|列出|分点|(?:有|是)?(?:哪些|什么|啥|哪几条)(?:具体)?(?:举措|措施|做法|安排|任务|工作|内容|部署|规定|要求|事)"
    r"|(?:做|干|抓|写|讲|搞)(?:了)?(?:哪些|什么|啥)|(?:包括|包含|涉及)(?:哪些|什么|啥)|有哪几条|哪些事|怎么(?:做|抓|推进|搞|开展|落实|治理|管)"
    r"|对.{1,16}(?:提出|说|写)(?:了)?(?:哪些|什么|啥)|的(?:安排|举措|措施|做法|政策)[?？。]?$"
    r"|\bsummar|\boverview\b|\bevery\s+item\b|\bwhat\s+(?:does|do|will)\b.{0,40}\b(?:plan|doing|do)\b",
    re.IGNORECASE,
)


def detect_mode(question: str, n_cities: int, n_years: int) -> Mode:
    """The mode that fits the question's form; ``lookup`` where nothing points elsewhere.

    ``n_cities`` and ``n_years`` count those that the question names and the corpus has.
    """
    if asks_how_many_plans(question) or _ARITHMETIC.search(question):
        return "count"
    if _TOGETHER.search(question) and (n_cities > 1 or re.search(r"里,?.{1,6}[和与]", question)):
        return "count"
    if WHICH_PLANS.search(question) and n_cities < 2:
        return "enumerate"
    if n_cities > 1 or n_years > 1 or (_COMPARE.search(question) and n_cities != 0):
        return "compare"
    return "summarise" if _SUMMARISE.search(question) else "lookup"


def asks_how_many_plans(question: str) -> bool:
    """Tell whether plans or cities are to be counted, rather than things in them."""
    return bool(_HOW_MANY_PLANS.search(question))
