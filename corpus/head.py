"""What stands before and after a plan's own text: title, notice header, metadata, signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from corpus.furniture import merge_dropped
from corpus.lines import Line
from corpus.numbering import read_marker
from corpus.plan import DroppedBlock

_KINDS: Final = (
    "要点|计划|計劃|計畫|方案|报告|報告|意见|意見|安排|总结|總結|规划|規劃|通知|思路|措施|清单|清單|任务|分解表|纲要|"
    "綱要|办法|辦法|决定|決定|文稿|工作|公报|预案|条例|规定|函|批复"
)
_TITLE: Final = re.compile(
    rf"[^。；;！!？?:：]{{0,80}}(?:{_KINDS})(?:[\s（(【\[][^（()）]{{1,30}}[)）】\]])?(?:篇\d+)?$"
)
_PART_END: Final = re.compile(r"篇\s?(?:\d{1,2}|[一二三四五六七八九十]{1,2})$")
METADATA_KEYS: Final = tuple(
    (
        "索引号 索取号 主题分类 信息分类 公文种类 体裁分类 组配分类 成文日期 发布日期 发文日期 公开日期 "
        "生效日期 生效时间 废止日期 失效时间 发文字号 发布文号 文号 发文单位 发布机构 发文机关 公开机构 "
        "公开方式 公开范围 有效性 规范性文件登记号 统一登记号 标题 名称 信息名称 主题词 关键词 内容概述"
    ).split()
)
_METADATA: Final = re.compile(
    r"^[•·●▪\-*]?\s*("
    + "|".join(r"\s*".join(key) for key in sorted(METADATA_KEYS, key=len, reverse=True))
    + r")(?:\s*[:：]\s*|\s+|$)(.*)$"
)
_DATE: Final = re.compile(
    r"^[（(]?(?:[12]\d{3}|二[〇○OＯ零0][〇○一二三四五六七八九十零OＯ0]{1,2})\s*[年./-]?\s*[\d一二三四五六七八九十〇]{1,3}"
    r"\s*[月./-]?\s*[\d一二三四五六七八九十]{0,3}\s*日?\s*(?:印发|印發)?[）)]?$"
)
_SIGNER: Final = re.compile(
    r"^[^。；;:：,，！!?？\d]{2,60}(?:办公室|辦公室|局|委员会|委員會|人民政府|工委|委|厅|廳|部|国务院|中心)$"
)
_ADDRESSEE: Final = re.compile(r"^[•·]?\s*[^。；;]{2,200}[:：]$")
_TAIL_LINES: Final = 8


@dataclass(slots=True)
class Framed:
    """A plan's own lines, and what framed them."""

    lines: list[Line]
    title: str = ""
    dropped: list[DroppedBlock] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)


def split_parts(lines: list[Line]) -> tuple[list[Line], list[list[Line]]]:
    """Part a collection page (…篇1, …篇2) into what stands before the first plan, and the plans.

    A page that holds one plan comes back whole, as its only part.
    """
    starts = [
        place for place, line in enumerate(lines) if len(line.text) <= 70 and _PART_END.search(line.text)
    ]
    if len(starts) < 2:
        return [], [lines]
    parts = [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    return lines[: starts[0]], parts


def frame(lines: list[Line]) -> Framed:
    """Part one plan's lines into its text and its frame."""
    metadata: dict[str, str] = {}
    marked: list[tuple[Line, str]] = []
    body_start = _first_numbered(lines)
    head: list[Line] = []
    for line in lines[:body_start]:
        if not _read_metadata(line, metadata, marked):
            head.append(line)
    title, kept = _split_head(head, marked)
    body = kept + lines[body_start:]
    body = _drop_signature(body, marked)
    marked.sort(key=lambda pair: pair[0].number)
    return Framed(body, title, merge_dropped(marked), metadata)


def _first_numbered(lines: list[Line]) -> int:
    for place, line in enumerate(lines):
        marker = read_marker(line.text)
        if marker is not None and marker.ordinal == 1:
            return place
    return len(lines)


def _read_metadata(line: Line, metadata: dict[str, str], marked: list[tuple[Line, str]]) -> bool:
    found = _METADATA.match(line.text)
    if not found:
        return False
    key = re.sub(r"\s", "", found.group(1))
    if found.group(2):
        metadata.setdefault(key, found.group(2).strip())
    marked.append((line, "metadata table"))
    return True


def _split_head(head: list[Line], marked: list[tuple[Line, str]]) -> tuple[str, list[Line]]:
    """The last title before the text names the plan; what stands above it is a notice or the page."""
    titles = [place for place, line in enumerate(head) if is_title(line.text)]
    if not titles:
        return "", head
    last = titles[-1]
    for place, line in enumerate(head[:last]):
        reason = "title" if place in titles else "notice header"
        marked.append((line, reason))
    marked.append((head[last], "title"))
    return head[last].text, head[last + 1 :]


def is_title(line: str) -> bool:
    """Whether a line reads as the title of an official document."""
    return len(line) <= 90 and bool(_TITLE.match(line)) and not _ADDRESSEE.match(line)


def _drop_signature(body: list[Line], marked: list[tuple[Line, str]]) -> list[Line]:
    """Take the signing unit and the date off the end of the text."""
    end = len(body)
    first = max(0, end - _TAIL_LINES)
    dates = [place for place in range(first, end) if _DATE.match(body[place].text)]
    if not dates:
        return body
    start = dates[0]
    while start > first and _SIGNER.match(body[start - 1].text):
        start -= 1
    marked.extend((line, "signature") for line in body[start:])
    return body[:start]
