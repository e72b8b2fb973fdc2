"""Reads off a question the things whose figures it wants put together, one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.records import Operation

_STOP = re.compile(
    r"[，,、；;：:。?？!！()（）]|——|—|(?<![总相调])和(?!谐|平)|与|跟|以及|还有|加上|(?<![增参更附追施])加(?![起在一总强快大入深工班])|又要|或者?|(?<![占对])比(?![例重赛])|里|当中|其中"
    r"|\b(?:and|plus|than|versus|vs|or|either|as\s+well\s+as|together\s+with|from)\b|\.(?=\s|$)",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(
    r"(?:不算|不含|不包括|不计|除去|除开|除了|扣除)(?:了)?([^,，。;；?？)）]+)"
    r"|([^,，。;；?？(（]+?)(?:别算|不算|除外|不计|不包括)(?:在内)?"
    r"|\b(?:excluding|without|except(?:\s+for)?|not\s+(?:counting|including)|leaving\s+out|other\s+than)\s+([^,.;?)]+)",
    re.IGNORECASE,
)
_CONTAINER = re.compile(r"^[^,，。;；?？:：、]*?(?:里头|里面|当中|之中|里|中)[,，](?=.{2})")
"""Names what the things asked for are a part of (那批新建的学校里,小学和初中…)."""
_ASIDE = re.compile(r"[(（](?:ignore|regardless|就算|不管|无论)[^)）]*[)）]", re.IGNORECASE)
_SCAFFOLD = re.compile(
    r"(?:一共|总共|合计|总计|加起来|加总|合起来|合在一(?:起|块儿?)|加(?:在)?一(?:起|块儿?)|到年底|[两三四这那各]+(?:样|类|种|项|个|块|者)?"
    r"|分别|是|有|要|的|了|呢|吗|呀|啊|多少|几|[所个名人项门间座]|我|你|帮忙?|请问?|给我?|算算?|一下|做个|一个|数字?|相?差|多|少|高|低|哪一?[类种个]"
    r"|最|学校|新建|改建|扩建|改扩建|新改扩建|建设|盖|目标|计算|核对|今年|当年|打算|计划|按|说法|照|这么|那)+"
    r"|(?:\W*\b(?:how|many|much|what|which|whose|who|where|is|are|was|were|it|its|the|that|this|these|those|in|on|at|of|to|by|for"
    r"|all|total|sum|do|does|did|you|i|me|we|get|got|come|together|they|them|there|titles?|institutions?|schools?|numbers?"
    r"|figures?|be|been|will|would|have|has|had|year|years|altogether|each|both|one|ones|two|three|give|adds?|adding|up"
    r"|combined|plan|plans|planned|rebuil[dt]|expand(?:ed|ing)?|extend(?:ed|ing)?|enlarged?|renovated|new|counting|count"
    r"|says?|so|quick|check|a|an|if|more|fewer|points?|percentage|lie|between|difference)\b)+\W*",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^(?:(?:一共|总共|合计|有|要|是|的|多少|几|[所个名人项门间座])+(?=[㐀-鿿]{2})|(?:\W*\b(?:so|if\s+you|please|how\s+many|how\s+much"
    r"|add(?:ing)?(?:\s+up)?|put\s+together|what\s+is\s+the\s+(?:total|sum)\s+of|in\s+total|the\s+total\s+of)\b\W*)+)"
    r"|(?:(?:一共|总共|合计|加起来|合起来|合在一(?:起|块儿?)|加(?:在)?一(?:起|块儿?)|是|有|要|各|[多少高低](?:多少|几)|多少|几|[所个名人项门间座]|呢|吗|呀|啊|(?<!公)共)+$"
    r"|\W*\b(?:in\s+all|in\s+total|altogether|combined|together|all\s+told)\W*$)",
    re.IGNORECASE,
)
"""Words at the ends of a part that only ask."""
_BEFORE = re.compile(
    r"之前|以前|原来|原先|原有|原本|起初|年初|倒推|没(?:有)?(?:创|建|加|添|增)"
    r"|\b(?:before|start(?:ed|ing)?\s+(?:from|with|out)|to\s+begin\s+with|originally|previously|already\s+ha[ds])\b",
    re.IGNORECASE,
)
_DEED = r"(?:新改扩建|改扩建|新建|改建|扩建|改造|提升|维修|修缮|新增)"
_TWO_DEEDS = re.compile(
    rf"({_DEED})(?:和|与|、|及|以及|加)({_DEED})的?([㐀-鿿]{{2,8}}?)(?=一共|总共|合计|合起来|加起来|加在一|共|有|多少|几)"
)
"""Two things that are done with one: 新建和改造的幼儿园 are two figures."""
_HOW_MANY = re.compile(r"多少|几|\bhow\s+many\b", re.IGNORECASE)
_GRADE = re.compile(r"[㐀-鿿]{1,3}[级类型]")
_LEAST = 2
"""Letters of a part."""
_MAX_PARTS = 8
"""Parts of a question, the last ones: what is asked for stands behind what is told. Each costs a vector."""
_DIFFERENCE = re.compile(
    r"差(?!别|异)|比.{1,24}(?:多|少|高|低)|多多少|少多少|[高低多少]出?(?:多少|几)|\bdifference\b|\bhow\s+many\s+(?:more|fewer|points|percentage)\b"
    r"|\bby\s+how\s+(?:many|much)\b|\b(?:lie|gap)\s+between\b|\bsubtract\w*\b|\bminus\b",
    re.I,
)
_MOST = re.compile(r"最多|最大|最高|\bthe most\b|\blargest\b|\bhighest\b", re.I)
_FEWEST = re.compile(r"最少|最小|最低的|\bthe (?:least|fewest)\b|\bsmallest\b|\blowest\b", re.I)
_IN_ALL = re.compile(r"\bin (?:all|total)\b|\baltogether\b|一共|合计|加起来", re.I)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a question wants put together."""

    wanted: tuple[str, ...]
    """The things, in its order; what only asks or only tells of a total is none."""
    left_out: tuple[str, ...]
    """Those that are not to be counted."""


def read_parts(question: str) -> Parts:
    """The things named in a question without its places and years (幼儿园和小学加起来几所, 不算民办的)."""
    text = _TWO_DEEDS.sub(r"\1的\3和\2的\3", _ASIDE.sub(" ", question))
    without = [next(group for group in match.groups() if group) for match in _LEFT_OUT.finditer(text)]
    left_out = tuple(part for piece in without for part in _split(piece))
    text = _LEFT_OUT.sub("，", text)
    inside = _CONTAINER.sub("", text)
    wanted = [part for part in _split(inside) or _split(text) if not any(map(str.isdigit, part))]
    return Parts(tuple(dict.fromkeys(_of_grades(wanted)))[-_MAX_PARTS:], left_out[-_MAX_PARTS:])


def _of_grades(parts: list[str]) -> list[str]:
    """The parts, those that only tell a grade with the thing that has it (创新中心,国家级加市级)."""
    things = [part for part in parts if not _GRADE.fullmatch(part)]
    if len(things) != 1 or len(parts) == 1:
        return parts
    return [f"{part}{things[0]}" for part in parts if part not in things]


def asks_what_was_before(question: str) -> bool:
    """Tell whether it asks what there was before something is added (扩建之前原来有几所)."""
    return bool(_BEFORE.search(question) and _HOW_MANY.search(question))


def _split(text: str) -> list[str]:
    pieces = [piece.strip(" '\"“”‘’.-") for piece in _STOP.split(text)]
    return [_ASKING.sub("", piece).strip() or piece for piece in pieces if _is_content(piece)]


def _is_content(piece: str) -> bool:
    if _SCAFFOLD.fullmatch(piece):
        return False
    return len(re.findall(r"[㐀-鿿]", piece)) >= _LEAST or bool(re.search(r"[a-z]{3}", piece, re.IGNORECASE))


def read_operation(question: str) -> Operation:
    """What the question wants done with the figures; the sum where it does not say."""
    if _MOST.search(question):
        return "most"
    if _FEWEST.search(question):
        return "least"
    return "difference" if _DIFFERENCE.search(question) and not _IN_ALL.search(question) else "sum"
