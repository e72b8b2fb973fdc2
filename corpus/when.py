"""Which year a plan is for: stated in title, text or metadata, or inferred from what falls into it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.numbering import han_value
from corpus.plan import Knowledge

_HAN_YEAR: Final = str.maketrans("〇○零一二三四五六七八九０１２３４５６７８９", "0001234567890123456789")
_YEAR: Final = re.compile(
    r"(?<!\d)((?:19|20)\d{2}|(?:１９|２０)[０-９]{2}|[一二][九〇○零][〇○零一二三四五六七八九]{2})\s?"
    r"(?:(?:[—–\-~－至到]{1,2}\s?(?:20)?\d{2}|[—–\-~－至到]{1,2}[二〇○零一二三四五六七八九]{4})\s?)?(年)?"
)
_PLANNED: Final = re.compile(r"计划|要点|安排|目标|思路|打算|重点|任务|预案|部署")
_OF_TEXT: Final = re.compile(
    r"^.{0,12}?((?:19|20)\d{2})年(?:是[^。]{0,60}年|[^。，,]{0,24}(?:总的?体?要求|总的?体?思路|指导思想))"
)
_OPENING: Final = re.compile(r"^((?:19|20)\d{2})年(?:[，,]|全[市县区省]|我[市县区省局委]|教育|工作|卫生)")
_HEADING_YEAR: Final = re.compile(r"((?:19|20)\d{2})年[^。]{0,16}(?:工作|任务|目标|安排|重点|计划|打算)")
_SERIES: Final = (
    (re.compile(r"第([一二三四五六七八九十\d]{1,4})个教师节"), 1984, 2),
    (re.compile(r"第([一二三四五六七八九十\d]{1,4})届全国(?:推广普通话(?:宣传)?周|推普周)"), 1997, 2),
    (re.compile(r"(?:建国|新中国成立|中华人民共和国成立)([一二三四五六七八九十\d]{1,4})周年"), 1949, 1),
    (re.compile(r"(?:建党|中国共产党成立|党成立)([一二三四五六七八九十百\d]{1,4})周年"), 1921, 1),
    (re.compile(r"改革开放([一二三四五六七八九十\d]{1,4})周年"), 1978, 1),
)
_EVENTS: Final = (
    (re.compile(r"[\dxX*]{0,4}年是[^。]{0,20}党的二十大精神的?开局之年"), 2023, 2),
    (re.compile(r"[\dxX*]{0,4}年是[^。]{0,20}党的十九大精神的?开局之年"), 2018, 2),
    (re.compile(r"“乙类乙管”"), 2023, 1),
    (re.compile(r"(?:迎接|喜迎)[^。]{0,8}党的二十大"), 2022, 1),
    (re.compile(r"(?:迎接|喜迎)[^。]{0,8}党的十九大"), 2017, 1),
    (re.compile(r"“十三五”(?:规划)?的?开局之年"), 2016, 2),
    (re.compile(r"“十三五”(?:规划)?的?收官之年"), 2020, 2),
    (re.compile(r"“十四五”(?:规划)?的?开局之年"), 2021, 2),
    (re.compile(r"“十四五”(?:规划)?的?收官之年"), 2025, 2),
    (re.compile(r"“十五五”(?:规划)?的?开局之年"), 2026, 2),
)
_DOCUMENT_NUMBER: Final = re.compile(r"[〔\[［【（(]\s?((?:19|20)\d{2})\s?[〕\]］】）)]")
_DATES: Final = ("成文日期", "发文日期", "印发日期", "发布日期", "公开日期")
_SURE: Final = 2
_LEAD_CHARS: Final = 400


@dataclass(frozen=True, slots=True)
class When:
    """A plan's year and how it is known."""

    year: int | None = None
    source: Knowledge = "unknown"
    evidence: tuple[str, ...] = ()
    warning: str = ""


def find_year(
    titles: Sequence[str],
    lead: str,
    body: str,
    headings: Sequence[str],
    metadata: Mapping[str, str],
    dates: Sequence[str],
) -> When:
    """Find the year that a plan is for; what its own text says goes before its title.

    :param lead: the plan's first words.
    :param dates: the dates it is signed with.
    """
    titled = _from_titles(titles)
    told = _from_lead(lead, _OF_TEXT)
    inferred = _from_events(lead[:_LEAD_CHARS] if titled.year else body)
    several = any(len(set(_YEAR.findall(title))) > 1 for title in titles[:1])
    for better in (told, inferred):
        if better.year is not None and not several and titled.year not in (None, better.year):
            warning = f"the title says {titled.year}, the text {better.year} (“{better.evidence[0]}”)"
            return When(better.year, better.source, better.evidence, warning)
    opening = _from_lead(lead, _OPENING)
    headed = _from_headings(headings)
    for found in (titled, told, headed, opening, inferred, _from_metadata(metadata), _from_dates(dates)):
        if found.year is not None:
            return found
    return When()


def year_value(printed: str) -> int:
    """A year as printed (``2023``, ``二〇二三``, ``２０２３``) as an integer."""
    return int(printed.translate(_HAN_YEAR))


def _from_titles(titles: Sequence[str]) -> When:
    for title in titles:
        years = [(year_value(found.group(1)), found.end()) for found in _YEAR.finditer(title)]
        if not years:
            continue
        planned = [year for year, end in years if _PLANNED.search(title[end : end + 14])]
        year = max(planned) if len(planned) > 0 and len(years) > 1 else years[0][0]
        return When(year, "stated", (title,))
    return When()


def _from_lead(lead: str, pattern: re.Pattern[str]) -> When:
    for line in lead.split("\n"):
        found = pattern.match(line)
        if found:
            return When(int(found.group(1)), "stated", (line[: found.end() + 16],))
    return When()


def _from_headings(headings: Sequence[str]) -> When:
    years = [(int(found.group(1)), line) for line in headings for found in _HEADING_YEAR.finditer(line)]
    if not years:
        return When()
    year, line = max(years)
    return When(year, "inferred", (line[:80],))


def _from_events(body: str) -> When:
    weights: Counter[int] = Counter()
    quotes: dict[int, list[str]] = defaultdict(list)
    for pattern, first, weight in _SERIES:
        for found in pattern.finditer(body):
            try:
                year = first + han_value(found.group(1))
            except ValueError:
                continue
            if found.group() not in quotes[year]:
                weights[year] += weight
                quotes[year].append(found.group())
    for pattern, year, weight in _EVENTS:
        event = pattern.search(body)
        if event:
            weights[year] += weight
            quotes[year].append(event.group())
    if not weights:
        return When()
    best = min(weights, key=lambda year: (-weights[year], year))
    others = sum(weights.values()) - weights[best]
    if weights[best] < _SURE or others * 2 > weights[best]:
        return When()
    return When(best, "inferred", tuple(quotes[best][:4]))


def _from_metadata(metadata: Mapping[str, str]) -> When:
    for key in _DATES:
        found = _YEAR.search(metadata.get(key, ""))
        if found:
            return When(year_value(found.group(1)), "stated", (f"{key} {metadata[key]}",))
    return When()


def _from_dates(dates: Sequence[str]) -> When:
    """A signature or a document number tells the year; not one of the months that sign next year's plans."""
    for date in reversed(dates):
        found = _YEAR.search(date)
        month = re.search(r"年\s?(\d{1,2}|[一二三四五六七八九十]{1,2})\s?月", date)
        numbered = _DOCUMENT_NUMBER.search(date)
        if numbered:
            return When(int(numbered.group(1)), "inferred", (date,))
        if found and month and han_value(month.group(1)) <= 10:
            return When(year_value(found.group(1)), "inferred", (date,))
    return When()
