"""Which place a plan is of: stated in its frame, or inferred from what its text gives away."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.gazetteer import Division, Gazetteer, gazetteer
from corpus.plan import Knowledge

_MASKED: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[xX×ｘＸⅹ✕]{1,4}|[*＊]{1,4}|[＿_]{2,4}|[某○〇]{1,3})(?:省|市|县|区|镇|州)|"
    r"(?<=[一-鿿，。、“《])(?:[xX×]{2,4}|[*＊])(?=日报|教育|特色|大学|学院|师范|精神|人民|经济|高速|实践|负重)"
)
_NATIONAL: Final = re.compile(
    r"(?:^|[《\s（(])(国务院|中共中央|全国人大|国家[一-鿿]{2,8}?(?:委员会|委|局|署)|"
    r"(?:教育|财政|民政|司法|公安|农业农村|交通运输|生态环境|自然资源|商务|文化和旅游|工业和信息化|科技|科学技术|"
    r"人力资源社会保障|人力资源和社会保障|住房城乡建设|住房和城乡建设|应急管理|水利|外交)部|"
    r"(?:税务|海关|市场监管|体育|广电)总[局署]|发展改革委)(?=办公|关于|文件|印发|令|转发|批转|$|\s|\d)"
)
_SPEAKS_FOR_STATE: Final = re.compile(r"我代表国务院")
_COMMON_WORDS: Final = frozenset("长治 安康 中山 朝阳 东方 大同 保定 吉安 海东 定西 自贡 安顺".split())
"""Names that are also words, or parts of them (长治久安)."""
_AFTER_SHORT: Final = "市县区省教卫民交住公财文工商农发人司政统应体环水林生科审信机党委年2１1"
_ABBREVIATIONS: Final = dict(
    pair.split("=")
    for pair in (
        "沪=上海市 渝=重庆市 京=北京市 津=天津市 穗=广州市 深=深圳市 甬=宁波市 "
        "杭=杭州市 蓉=成都市 榕=福州市 邕=南宁市 汉=武汉市 厦=厦门市 锡=无锡市"
    ).split()
)
_STAYS: Final = re.compile(
    rf"(?:在|来|驻|留|赴|回)([{''.join(_ABBREVIATIONS)}])"
    r"(?:高校|大学|院校|企业|单位|留学|国家|中央|机构|任教|培训|就业|创业|工作|投资|务工|落地|人员|医院|部队)[一-鿿]{0,6}"
)
_SURE: Final = 2.0
_CLEAR_LEAD: Final = 3.0
_MAX_QUOTES: Final = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A plan's place and how it is known."""

    name: str = ""
    """Short name; empty where unknown."""
    source: Knowledge = "unknown"
    evidence: tuple[str, ...] = ()
    confidence: float = 1.0
    masked: str = ""
    """The masked name that the text prints instead (``xx市``); empty where there is none."""


def find_place(frames: Sequence[str], body: str) -> Place:
    """Find a plan's place.

    :param frames: titles, metadata, signatures and the first lines, the most telling first.
    :param body: the plan's text, read only where no frame states the place.
    """
    for frame in frames:
        stated = _stated(frame)
        if stated:
            return Place(stated, "stated", (_around(frame, stated),))
    masked = _masked((*frames, body))
    inferred = _infer(body, masked=bool(masked))
    return Place(inferred.name, inferred.source, inferred.evidence, inferred.confidence, masked)


def _masked(texts: Iterable[str]) -> str:
    for text in texts:
        found = _MASKED.search(text)
        if found:
            return found.group()
    return ""


def _around(frame: str, name: str) -> str:
    """The frame as evidence: all of a short one, the words around the name of a long one."""
    if len(frame) <= 80:
        return frame
    place = frame.find(name)
    return frame[max(0, place - 20) : place + 40]


def _stated(frame: str) -> str:
    """The place that a frame names; empty where it names none, or several that do not belong together."""
    national = _NATIONAL.search(frame)
    if _SPEAKS_FOR_STATE.search(frame):
        return "国务院"
    if national and national.start() <= 2:
        return national.group(1)
    names = gazetteer()
    found = list(names.find(frame))
    if found:
        return _innermost(found)
    return _short_in_title(frame, names)


def _innermost(found: list[tuple[int, int, tuple[Division, ...]]]) -> str:
    """Of names that stand side by side from the outer to the inner, the inner; else empty."""
    chain = [found[0]]
    for name in found[1:]:
        outer = {division.name for division in chain[-1][2]}
        if name[0] == chain[-1][1] and any(outer & set(division.parents) for division in name[2]):
            chain.append(name)
        elif {division.name for division in name[2]} & {d.name for link in chain for d in link[2]}:
            continue
        else:
            return ""
    divisions = chain[-1][2]
    return divisions[0].short if len({d.short for d in divisions}) == 1 else ""


def _short_in_title(frame: str, names: Gazetteer) -> str:
    """A province or prefecture-level city named without its 市 before a word of office (天津教育…)."""
    hits = set()
    for start in range(len(frame) - 1):
        for length in (4, 3, 2):
            word = frame[start : start + length]
            divisions = [d for d in names.by_short.get(word, ()) if d.rank != "county"]
            after = frame[start + length : start + length + 1]
            if divisions and word not in _COMMON_WORDS and after and after in _AFTER_SHORT:
                hits.add(word)
    return hits.pop() if len(hits) == 1 and len(frame) <= 90 else ""


def _infer(body: str, masked: bool) -> Place:
    """Weigh what the text gives away; a place is named only where it is sure and no other comes near."""
    quotes: dict[str, list[str]] = defaultdict(list)
    weights: dict[str, float] = defaultdict(float)
    for found in _STAYS.finditer(body):
        _note(quotes, weights, _ABBREVIATIONS[found.group(1)], found.group(), 1.0, 2.0)
    named: Counter[str] = Counter()
    for start, end, divisions in gazetteer().find(body):
        if len(divisions) > 1:
            continue
        (division,) = divisions
        if division.rank == "county" and division.is_ward and division.parents:
            _note(quotes, weights, division.parents[-1], body[start:end], 1.0, 3.0)
        elif division.rank != "province":
            named[division.name] += 1
    if not masked:
        _weigh_named(named, quotes, weights)
    return _decide(quotes, weights)


def _note(
    quotes: dict[str, list[str]], weights: dict[str, float], name: str, quote: str, weight: float, most: float
) -> None:
    if quote not in quotes[name]:
        quotes[name].append(quote)
        if weights[name] < most:
            weights[name] += weight


def _weigh_named(named: Counter[str], quotes: dict[str, list[str]], weights: dict[str, float]) -> None:
    """A city named often, and oftener than all others together, is the plan's own."""
    total = sum(named.values())
    for name, count in named.items():
        if count >= 3 and count > 0.6 * total:
            weights[name] += 2.0
            quotes[name].insert(0, name)


def _decide(quotes: dict[str, list[str]], weights: dict[str, float]) -> Place:
    ranked = sorted(weights, key=lambda name: (-weights[name], name))
    if not ranked or weights[ranked[0]] < _SURE:
        return Place()
    best = ranked[0]
    second = weights[ranked[1]] if len(ranked) > 1 else 0
    if weights[best] < _CLEAR_LEAD * second:
        return Place()
    divisions = gazetteer().by_name[best]
    confidence = round(1 - 0.5 ** weights[best], 3)
    return Place(divisions[0].short, "inferred", tuple(quotes[best][:_MAX_QUOTES]), confidence)
