"""Where a question names its matter: 足球 in 荣成有没有提足球?, "swimming" in "Does Handan teach swimming?".

Found by what surrounds it, the words that ask: the matter stands between those that open the question and
those that close it. A question whose matter cannot be told from its other words has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import rjieba

from rag.tokenise import ADMINISTRATIVE_VERBS

Span = tuple[int, int]

_GAP = "|"
"""Stands for a place or year that is in the scope and no part of the matter."""
_OPENS = re.compile(
    r"[|\s]|[的市在对就把将要会想和与跟]|请问|告诉|今年|年内|全市|一共|总共|关于|对于|打算|计划|准备"
)
"""Words before a matter that are none of it."""
_SAYS = re.compile(
    r"(?:单独|专门|具体|明确|计划|要点|文件|里面?|中)*(?:提到|提及|提过|提出|提(?!供|升|高)|说|写|讲|谈|涉及|要求|安排|有(?!关))[到过了及要]*(?:关于|对)?"
)
_CLOSES = re.compile(
    r"[\s?？。!！的上里中都也还又是有由归让了吗呢么啊过没要会将想应能各]|方面|这块|一块|问题|主要|具体|没有|今年|年内|应该|打算|计划|准备"
    r"|达到|做到|建成|建|招|办|占|增加|新增"
)
"""Words behind a matter that are none of it."""
_DEEDS = re.compile(r"安排|内容|规定|说法|措施|举措|做法|要求")
"""None of it, either, where they are its own (作业的规定)."""
_YES_NO = re.compile(r"(?P<verb>[㐀-鿿])[不没](?P=verb)|是否|有无|可曾|有没得")
_HOW = re.compile(r"为(?:什么|何|啥)|怎么?样?|如何|咋样?")
_AUXILIARY = re.compile(r"(?:[要会来去能]|应该?|打算|计划|对(?!付|待|接|口)|给)*")
_VERB_ENDS = re.compile(r"[好到了着起]?")
_HOW_MANY = re.compile(
    r"(?:多少|第?几)(?:万|千|百)?(?:[个所名间位人份座条项次届期批家种套张节岁间]|(?=[㐀-鿿]))?"
)
_WHO = re.compile(
    r"(?:由|归|让|是)?(?:谁|哪(?:[个些家位]|几个|一个)?[㐀-鿿]{0,3}?(?:部门|科室|处室|单位|机构|[科处局]))"
)
_LEADS = re.compile(r"(?:来|去)?(?:负责|牵头|主管|主办|承办|管|抓)")
_WHAT = re.compile(r"(?:有|是|做|作)(?:了|着|过)?(?:什么|啥|哪些)")
_CLAUSES = re.compile(r"[,，。;；:：?？!！]")
_LEAST, _MOST = 2, 40

_NO_END = re.compile(
    r"(?:[\s?.!|]|'s\b|\b(?:(?:in|under)\s+(?:check|control|line|order)|down|in|of|for|by|at|from|its|the|plans?|there|too|please))*$"
)
_ENGLISH = tuple(
    re.compile(form)
    for form in (
        r"^how\s+many\s+(?:new\s+|more\s+)?(?P<matter>.+?)\s+(?:do|does|did|will|is|are|was|were|has|have|had|would|can|should)\b",
        r"\b(?:say|says|said|tell|talk\w*|speak\w*|mention\w*|wr(?:ite|ote)|has|have|anything|something|much|plan\w*|do|does|doing|done)"
        r"(?:\s+(?:me|us))?\s+(?:about|on|of|for|with|regarding|against)\s+(?P<matter>.+)$",
        r"\b(?:compar\w+|differ\w*)\b.*?\s(?:on|in|about)\s+(?P<matter>.+)$",
        r"^(?:do|does|did|is|are|will|has|have|can|could|would|how\s+(?:do|does|did|will|is|can|would)|(?:what|how)\s+about)\s*[|][|\s]*"
        r"(?:(?:also|really|ever|still|want\w*(?:\s+\w+){1,2}\s+to|want\w*|plan\w*|going|intend\w*|try\w*|to)\s+)*(?:[a-z]+)\s+(?:(?:any|some|an?)\s+)?(?P<matter>.+)$",
        r"^(?:which\s+(?:city|cities|plans?|of\s+them)|who|which\s+\w+)\s+(?:wants?\s+to\s+|plans?\s+to\s+)?(?:is\s+(?:responsible\s+for|in\s+charge\s+of)|[a-z]+)"
        r"\s+(?:(?:any|some|an?)\s+)?(?P<matter>.+)$",
    )
)
_POINTS = re.compile(
    r"[它他她这那此该其哪啥]|什么|\b(?:it|its|that|this|they|them|those|these|so|there|ones?|what|which|who|how|when|why|where)\b"
)
_LINK = re.compile(r"(?:for|on|about|in|with|to|of|at|by|from|against)\b\s*|[对给为在跟和与]", re.IGNORECASE)
_KINDS = tuple(
    re.compile(kind)
    for kind in (
        r"(?:小学|初中|高中|中学|大学|中职|高职)生|教师|老师|学生|家长|孩子|校长|班主任|幼儿(?!园)|儿童"
        r"|\b(?:pupils?|students?|teachers?|parents?|children|kids|principals?|head\s*teachers?)\b",
        r"学校|幼儿园|(?:小学|初中|高中|中学|大学)(?!生)|中职(?!生)|高职(?!生)|高校"
        r"|\b(?:kindergartens?|nurser(?:y|ies)|(?:(?:primary|middle|high|secondary|vocational|boarding)\s+)?schools?|colleges?|universit(?:y|ies))\b",
        r"农村|乡村|乡镇|城区|城镇|城市学校|\b(?:rural|urban)\b",
        r"公办|民办|公立|私立|\b(?:public|private)\b",
    )
)
"""People, schools, and kinds of either: a new one stands for the old one alone (教师 in 学生心理健康)."""


def find_matter(question: str, scope: Sequence[Span]) -> Span | None:
    """Where ``question`` names its matter, or None; ``scope`` is where it names its places and years."""
    masked = list(question.lower() if len(question.lower()) == len(question) else question)
    for start, end in scope:
        masked[start:end] = _GAP * (end - start)
    text = "".join(masked)
    span = _in_chinese(text) if re.search(r"[㐀-鿿]", text) else _in_english(text)
    if span is None:
        return None
    matter = text[slice(*span)]
    fits = _LEAST <= len(matter) <= _MOST and not _CLAUSES.search(matter) and _GAP not in matter
    return span if fits and not _POINTS.search(matter) else None


def put_matter(question: str, scope: Sequence[Span], matter: str) -> str:
    """``question`` asked of another matter, in the place of its own; empty where that cannot be found.

    People and schools take the place of those that it names alone: 那教师呢? after 上海对学生心理健康怎么说?
    A preposition before the new matter must be that before the old one: "And for old people?" does not fit
    behind "mention".
    """
    link = link_of(matter)
    if link:
        span = find_matter(question, scope)
        if span is None or not re.search(rf"{link.strip()}\s*$", question[: span[0]], re.IGNORECASE):
            return ""
        matter = matter[len(link) :]
    for kind in _KINDS:
        if kind.fullmatch(matter.lower()):
            outside = (m for m in kind.finditer(question.lower()) if not _inside(m.span(), scope))
            old = next(outside, None)
            return question[: old.start()] + matter + question[old.end() :] if old else ""
    span = find_matter(question, scope)
    return "" if span is None else question[: span[0]] + matter + question[span[1] :]


def link_of(matter: str) -> str:
    """The preposition that a matter begins with, and what parts the two (for old people, 对老人)."""
    link = _LINK.match(matter)
    return link.group() if link else ""


def _inside(span: Span, scope: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in scope)


def _in_english(text: str) -> Span | None:
    end = _NO_END.search(text)
    whole = text[: end.start()] if end else text
    for form in _ENGLISH:
        match = form.search(whole)
        if match:
            return match.span("matter")
    return None


def _in_chinese(text: str) -> Span | None:
    whole = (0, len(text))
    for asks, find in ((_YES_NO, _after_yes_no), (_HOW, _of_how), (_HOW_MANY, _of_how_many), (_WHO, _of_who)):
        match = asks.search(text)
        if match:
            return find(text, match)
    match = _WHAT.search(text)
    if match:
        return _bare(text, (0, match.start()))
    said = _SAYS.match(text, _opened(text, *whole))
    return _bare(text, (said.end(), len(text))) if said else None


def _after_yes_no(text: str, match: re.Match[str]) -> Span | None:
    """What is said (有没有提足球), or the object of what is to be done (是不是要取消重点班)."""
    start = _opened(text, match.end(), len(text))
    said = _SAYS.match(text, start)
    if said is None and start > match.end():
        done = _object(text, start)
        if done:
            return done
    return _bare(text, (said.end() if said else start, len(text))) or _bare(text, (0, match.start()))


def _of_how(text: str, match: re.Match[str]) -> Span | None:
    """The object of what is done (怎么管作业), or what it is done with (作业怎么管)."""
    auxiliary = _AUXILIARY.match(text, match.end())
    start = auxiliary.end() if auxiliary else match.end()
    return _object(text, start) or _bare(text, (0, match.start()))


def _object(text: str, start: int) -> Span | None:
    """What stands behind the verb that ``text`` has from ``start`` on."""
    words = rjieba.cut(text[start:])
    verb = _VERB_ENDS.match(text, start + len(words[0])) if words else None
    return _bare(text, (verb.end(), len(text))) if verb else None


def _of_how_many(text: str, match: re.Match[str]) -> Span | None:
    """What is counted, behind the number (多少所幼儿园) or before it (幼儿园多少所, 新建幼儿园几所)."""
    counted = _bare(text, (match.end(), len(text)))
    before = _bare(text, (0, match.start()))
    if counted or before is None:
        return counted
    start = before[0]
    for word in rjieba.cut(text[slice(*before)]):
        if word not in ADMINISTRATIVE_VERBS and word != "、":
            break
        start += len(word)
    return _bare(text, (start, before[1]))


def _of_who(text: str, match: re.Match[str]) -> Span | None:
    before = _bare(text, (0, match.start()))
    leads = _LEADS.match(text, match.end())
    return before or (_bare(text, (leads.end(), len(text))) if leads else None)


def _opened(text: str, start: int, end: int) -> int:
    """Where a part of a question begins without the words that only open it."""
    for word in rjieba.cut(text[start:end]):
        if not _OPENS.fullmatch(word):
            break
        start += len(word)
    return start


def _bare(text: str, part: Span) -> Span | None:
    """A part of a question without the words around it; None where nothing of it is left."""
    start, end = _opened(text, *part), part[1]
    words = rjieba.cut(text[start:end])
    while words and (
        _CLOSES.fullmatch(words[-1]) or (_DEEDS.fullmatch(words[-1]) and words[-2:-1] == ["的"])
    ):
        end -= len(words.pop())
    return (start, end) if end - start >= _LEAST else None
