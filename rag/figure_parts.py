"""Reads off a question the things whose figures it wants put together, one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.numbers import chinese_number
from rag.records import Operation

_STOP = re.compile(
    r"[，,、；;：:。?？!！()（）]|——|—|(?<![总相调])和(?!谐|平)|与|跟|以及|还有|加上|(?<![增参更附追施])加(?![起在一总强快大入深工班])|又要|或者?|(?<![占对])比(?![例重赛])|(?<![村城乡镇])里|当中|其中"
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
    r"(?:一共|总共|合计|总计|加起来|加总|合起来|合在一(?:起|块儿?)|加(?:在)?一(?:起|块儿?)|[合凑算加拢]到一(?:起|块儿?)|到年底|[两三四这那各]+(?:样|类|种|项|个|块|者)?"
    r"|分别|是|有|要|的|了|呢|吗|呀|啊|多少|几|[所个名人项门间座]|我|你|帮忙?|请问?|给我?|算算?|一下|做个|给个|一个|总?数字?|相?差|多|少|高|低|哪一?[类种个]"
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
    r"|(?:(?:一共|总共|合计|加起来|合起来|合在一(?:起|块儿?)|加(?:在)?一(?:起|块儿?)|[合凑算加拢]到一(?:起|块儿?)|是|有|要|各|[多少高低](?:多少|几)|多少|几|哪一?[个家年边类种](?:更|最)?[多少]|[所个名人项门间座]|呢|吗|呀|啊|(?<!公)共)+$"
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
_OF_KINDS = re.compile(
    r"(?P<thing>[^,，。;；?？:：]{2,24})[,，](?P<kinds>[㐀-鿿]{2,8}的(?:(?:加上|加|和|与|跟|以及|、)[㐀-鿿]{2,8}的)+)(?=[,，]|一共|总共|合计|合起来|加起来|加在|加一|共|有|多少|几)"
)
"""A thing, and then its kinds: 要验收的学校,小学的加上高中的."""
_OF_NAMES = re.compile(
    r"(?P<names>[㐀-鿿“”]{2,20}(?:、[㐀-鿿“”]{2,20})*(?:、|和|与|以及)[㐀-鿿“”]{2,20}?)[这那各]?(?P<n>[两二三四五六七八])[类种样个项](?P<thing>[㐀-鿿]{2,12}?)(?=[,，?？]|一共|总共|合计|合起来|加起来|加在|加一|共|有|要|多少|几|分别|各)"
)
"""The names of kinds, and then the thing that has as many of them: 爱国主义、劳动、心理健康这三类示范学校."""
_AND = re.compile(r"加上|(?<![增参更附追施])加|(?<![总相调])和(?!谐|平)|与|跟|以及|、")
_EITHER = re.compile(
    r"\bhow\s+many\s+(?P<thing>.*?)[\s,]*\b(?:either|whether(?:\s+as)?|counting)\s+(?P<one>.+?),?\s+(?:or|and)\s+(?:as\s+)?"
    r"(?P<other>.+?)(?:\s+(?:together|combined|alike))?[?.!]*$",
    re.IGNORECASE,
)
"""A thing, and then two kinds of it: "how many schools are …, whether as model schools or special ones"."""
_DEEDS_TOGETHER = re.compile(r"([新改扩]建)、(?=[改扩]{1,2}建)")
"""Two deeds that plans count together (新建、改扩建30所)."""
_TAKEN_BACK = re.compile(r"^.*\b(?:sorry|i\s+meant?)\s*[:,]\s*(?=.{12})", re.IGNORECASE)
"""What its asker takes back before he asks anew."""
_BESIDE_KINDERGARTENS = re.compile(
    r"(?<!小)学校(?=[和与、及跟]幼儿园)|(?<=幼儿园[和与、及跟])学校"
    r"|(?<!\w)schools(?=\s+and\s+(?:kindergartens|nurseries|preschools)\b)|(?<=\bkindergartens\sand\s)schools\b",
    re.IGNORECASE,
)
"""Schools that are named beside kindergartens: those above them, in the word that plans have for these."""
_LEANS = re.compile(r"^others?\b|(?<!\w)['\"‘’“”]|['\"‘’“”](?!\w)", re.IGNORECASE)
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
_WHICH_PART = re.compile(
    r"哪(?:一|几)?[类种]|哪个(?:类|学段)|[按分](?:学段|类)|最[多少]的(?:一|那)?[类种]"
    r"|\b(?:which|what)\s+(?:type|kind|category|level|sort)\b",
    re.IGNORECASE,
)
_WHICH_MORE = re.compile(
    r"(?:哪(?:一?[年个边家座]|个?城?市|一?个城市)|谁)[^,，。?？]{0,20}(?<![最增])(?:更)?多(?:一?[些点])?(?=[呢啊呀]?(?:[,，。?？]|$))"
)
_BUILT = re.compile(r"[建盖]")
_BY_HOW_MANY = re.compile(r"多(?:出|了)?(?:多少|几)|差(?:多少|几)")
_EXTREMES = re.compile(r"最多.{0,12}最少|最少.{0,12}最多|最大.{0,12}最小|最高.{0,12}最低")
_OF_EACH = re.compile(
    r"(?<!全国)各(?!级|类|种|项|学段|区县|校)[^,，。?？]{0,10}(?:多少|(?<!哪)几[所个名人间])|每(?:个|座)?(?:城市|地方|市|份)[^,，。?？]{0,12}(?:多少|(?<!哪)几[所个名人间])|分别[^,，。?？]{0,8}(?:多少|(?<!哪)几[所个名人间])"
    r"|\bhow\s+many\b.*\b(?:each|respectively)\b|\beach\b.*\bhow\s+many\b",
    re.IGNORECASE,
)
"""Asks for the figure of each, which are not to be added up."""
_SUM = re.compile(
    r"合计|加起来|总和|总数|加总|相加|一共|总共|合起来|[合凑算加拢]到一(?:起|块儿?)|[加合]在?一(?:起|块儿?)|\btotal|\baltogether\b|\bin\s+all\b|\bsum\b|\badd(?:ed|ing)?\s+(?:up|together|them|these|those|both|the)\b",
    re.IGNORECASE,
)
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
    question = _TAKEN_BACK.sub("", question)
    question = _DEEDS_TOGETHER.sub(r"\1", question)
    text = _BESIDE_KINDERGARTENS.sub(lambda at: "中小学校" if at[0] == "学校" else "中小学", question)
    text = _with_things(_TWO_DEEDS.sub(r"\1的\3和\2的\3", _ASIDE.sub(" ", text)))
    without = [next(group for group in match.groups() if group) for match in _LEFT_OUT.finditer(text)]
    left_out = tuple(part for piece in without for part in _split(piece))
    text = _LEFT_OUT.sub("，", text)
    inside = _CONTAINER.sub("", text)
    wanted = [part for part in _split(inside) or _split(text) if not any(map(str.isdigit, part))]
    return Parts(tuple(dict.fromkeys(_of_grades(wanted)))[-_MAX_PARTS:], left_out[-_MAX_PARTS:])


def leans_on_others(part: str) -> bool:
    """Tell whether a part names only what sets it apart from the one before ("featured' status")."""
    return _LEANS.search(part) is not None


def _with_things(text: str) -> str:
    """The question, each kind of a thing that it names with the thing."""
    kinds = _OF_KINDS.search(text)
    if kinds:
        named = _AND.split(kinds["kinds"])
        return _put(text, kinds.span(), [f"{kind}{kinds['thing']}" for kind in named])
    names = _OF_NAMES.search(text)
    if names:
        named = _AND.split(names["names"])
        if len(named) == chinese_number(names["n"]):
            return _put(text, names.span(), [f"{name}{names['thing']}" for name in named])
    either = _EITHER.search(text)
    if either:
        thing = re.sub(r",|\b(?:or|and)\b", " ", either["thing"])
        return f"{either['one']} {thing}; {either['other']} {thing}"
    return text


def _put(text: str, span: tuple[int, int], parts: list[str]) -> str:
    return f"{text[: span[0]]}{'、'.join(parts)}{text[span[1] :]}"


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


_HOW_MANY_OF = re.compile(r"多少|(?<![这那好十第])几(?=[名人位所个间家处])|\bhow\s+many\b", re.IGNORECASE)


def asks_one_by_one(question: str) -> bool:
    """Tell whether it asks for the figure of each and for no sum of them (各地要建多少所)."""
    return bool(_OF_EACH.search(question)) and not _SUM.search(question)


def _asks_one_after_the_other(question: str) -> bool:
    """Tell whether it asks for one number after the other, and for no sum (新建多少所?改造多少所?)."""
    return len(_HOW_MANY_OF.findall(question)) > 1 and not _SUM.search(question)


def asks_which_builds_more(question: str) -> bool:
    """Tell whether it asks which of several builds more in all (哪年建的学校和幼儿园多)."""
    return bool(_WHICH_MORE.search(question) and _BUILT.search(question))


def asks_among_parts(question: str) -> bool:
    """Tell whether it asks which of the parts of something is the largest or smallest (哪类学校最多)."""
    extreme = _MOST.search(question) or _FEWEST.search(question)
    return bool(extreme and _WHICH_PART.search(question))


def read_operation(question: str) -> Operation:
    """What the question wants done with the figures; the sum where it does not say."""
    if _EXTREMES.search(question) and _DIFFERENCE.search(question):
        return "difference"
    if _MOST.search(question):
        return "most"
    if _FEWEST.search(question):
        return "least"
    if asks_which_builds_more(question) and not _BY_HOW_MANY.search(question):
        return "most"
    if _DIFFERENCE.search(question) and not _IN_ALL.search(question):
        return "difference"
    each = asks_one_by_one(question) or _asks_one_after_the_other(question)
    return "list" if each else "sum"
