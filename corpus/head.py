"""What stands before and after a plan's own text: title, notice header, metadata, signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from corpus.furniture import merge_dropped
from corpus.layout import strip_contents
from corpus.lines import Line
from corpus.numbering import read_marker
from corpus.plan import DroppedBlock
from corpus.tables import cells_of, is_row

_KINDS: Final = (
    "要点|要點|任務|计划|計劃|計畫|方案|报告|報告|意见|意見|安排|总结|總結|规划|規劃|通知|思路|措施|清单|清單|任务|分解表|纲要|"
    "綱要|办法|辦法|决定|決定|文稿|工作|公报|预案|条例|规定|函|批复"
)
_TITLE: Final = re.compile(
    rf"[^。；;！!？?:：]{{0,80}}(?:{_KINDS})(?:[\s（(【\[][^（()）]{{1,30}}[)）】\]])?(?:篇\d+)?$"
)
_PART_START: Final = re.compile(
    r"[【\[]?(?:篇[一二三四五六七八九十\d]{1,2}|第[一二三四五六七八九十]{1,2}篇)[】\]]?\s?[:：、]?\s?"
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
    + r")(?:\s*[:：]\s*|\s+|$)([^。]*)$"
)
_DATE: Final = re.compile(
    r"^[（(]?(?:[12]\d{3}|二[〇○OＯ零0][〇○一二三四五六七八九十零OＯ0]{1,2})\s*[年./-]?\s*[\d一二三四五六七八九十〇]{1,3}"
    r"\s*[月./-]?\s*[\d一二三四五六七八九十]{0,3}\s*日?\s*(?:印发|印發)?[）)]?$"
)
_SIGNER: Final = re.compile(
    r"^(?:国务院|[^。；;:：,，！!?？\d]{2,60}"
    r"(?:办公室|辦公室|办公厅|局|委员会|委員會|人民政府|工委|委|厅|廳|部|国务院|中心))$"
)
_ADDRESSEE: Final = re.compile(r"^[•·]?\s*[^。；;]{2,200}[:：]$")
_AFTER_SIGNATURE: Final = re.compile(r"附\s*[件表录錄]|[（(][^（()）]{2,40}[)）]$|抄送|主题词|分送")
_NOTE_BELOW: Final = re.compile(r"[（(][^（()）]{2,40}[)）]$|(?:抄送|主题词|分送)[:：].{0,200}$")
_ATTACHED: Final = re.compile(r"附\s*件\s*[:：].{2,80}[^。；;]$")
_TAIL_SHARE: Final = 0.1
_FINISHED: Final = re.compile(r"[。！？!?；;）)”|.]$")
_TEXT_BEGUN: Final = 90
_PASSES_ON: Final = re.compile(r"印发|印發|转发|轉發|小编|大家|整理|欢迎|参考|审议")
_SALUTATION: Final = re.compile(r"(?:各位|尊敬的|同志们).{0,40}[:：!！]$|各位代表")
_TITLE_START: Final = re.compile(r"关于|關於|印发|转发")
_SPACE: Final = re.compile(r"\s+")
_NOTICE: Final = re.compile(r"印发|印發|通知|现将|現將")
_SENT: Final = re.compile(r"(?:现将?|現將?).{0,60}(?:印发|印發|发给|發給|下发|转发)")
_SUBTITLE: Final = re.compile(
    r"(?:——|—|--).{2,90}$|[（(][^（()）]{2,40}[)）]$|.{0,10}\d{1,2}日在.{4,60}(?:会议上?|大会上?|會議上?)$|"
    r".{0,14}(?:省长|市长|县长|区长|主席|州长|盟长|局长|主任|總理|总理|縣長|市長)[ 　].{2,12}$"
)
_CLOCK: Final = re.compile(r"\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?(?:\s+\d{1,2}[:：时].{0,8})?$")
_SENTENCE: Final = re.compile(r"[。！？；：:;!?，,|]")


@dataclass(slots=True)
class Framed:
    """A plan's own lines, and what framed them."""

    lines: list[Line]
    title: str = ""
    titles: tuple[str, ...] = ()
    """All titles above the text, the plan's own first."""
    dropped: list[DroppedBlock] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)

    def texts(self, *reasons: str) -> tuple[str, ...]:
        """The dropped lines of these reasons, in order."""
        blocks = [block for block in self.dropped if block.reason in reasons]
        return tuple(line for block in blocks for line in block.text.split("\n"))

    @property
    def signers(self) -> tuple[str, ...]:
        """The units that signed the plan or the notice that sends it out."""
        return tuple(line for line in self.texts("signature", "notice header") if _SIGNER.match(line))

    @property
    def dates(self) -> tuple[str, ...]:
        """The dates it was signed on."""
        return tuple(line for line in self.texts("signature", "notice header") if _DATE.match(line))


def split_parts(lines: list[Line]) -> tuple[list[Line], list[list[Line]]]:
    """Part a collection page (…篇1, …篇2) into what stands before the first plan, and the plans.

    A page that holds one plan comes back whole, as its only part.
    """
    starts = [place for place, line in enumerate(lines) if _opens_part(line.text)]
    if len(starts) < 2:
        return [], [lines]
    parts = [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    return lines[: starts[0]], parts


def _opens_part(text: str) -> bool:
    return len(text) <= 70 and bool(_PART_END.search(text) or _PART_START.match(text))


def frame(lines: list[Line], furniture: frozenset[int] = frozenset()) -> Framed:
    """Part one plan's lines into its text and its frame.

    :param furniture: numbers of the file's lines that were dropped as page furniture.
    """
    metadata: dict[str, str] = {}
    marked: list[tuple[Line, str]] = []
    lines, contents = strip_contents(lines)
    marked.extend((line, "contents list") for line in contents)
    body_start = _first_numbered(lines)
    head: list[Line] = []
    for line in lines[:body_start]:
        if not _read_metadata(line, metadata, marked):
            head.append(line)
    titles, kept = _split_head(head, marked)
    body = _drop_page_tail(kept + lines[body_start:], furniture, marked)
    body = _drop_signatures(body, marked)
    marked.sort(key=lambda pair: pair[0].number)
    title = titles[0] if titles else metadata.get("标题", "")
    return Framed(body, title, tuple(titles), merge_dropped(marked), metadata)


def _first_numbered(lines: list[Line]) -> int:
    for place, line in enumerate(lines):
        marker = read_marker(line.text)
        if marker is not None and marker.ordinal == 1:
            return place
    return len(lines)


def _read_metadata(line: Line, metadata: dict[str, str], marked: list[tuple[Line, str]]) -> bool:
    pairs = _metadata_cells(line.text) if is_row(line.text) else _metadata_pair(line.text)
    if pairs is None:
        return False
    for key, value in pairs.items():
        metadata.setdefault(key, value)
    marked.append((line, "metadata table"))
    return True


def _metadata_pair(text: str) -> dict[str, str] | None:
    found = _METADATA.match(text)
    if not found:
        return None
    value = found.group(2).strip()
    return {_SPACE.sub("", found.group(1)): value} if value else {}


def _metadata_cells(text: str) -> dict[str, str] | None:
    """Keys and values that stand in turn in the cells of a row; an empty value may leave its cell out."""
    cells = cells_of(text)
    names = [_SPACE.sub("", cell).rstrip(":：") for cell in cells]
    if not any(name in METADATA_KEYS for name in names):
        return None
    pairs = {}
    for name, value, following in zip(names, cells[1:], names[1:], strict=False):
        if name in METADATA_KEYS and value and following not in METADATA_KEYS:
            pairs[name] = value
    return pairs


def _split_head(head: list[Line], marked: list[tuple[Line, str]]) -> tuple[list[str], list[Line]]:
    """The last title before the text names the plan; what stands above it is a notice or the page.

    The plan's own title comes first in the list, then the others from the nearest to the farthest.
    """
    titles = _titles(head)
    if not titles:
        return [], head
    first, last = titles[-1]
    notice = any(_NOTICE.search(line.text) for line in head[:first])
    titled = {place for start, end in titles for place in range(start, end + 1)}
    for place, line in enumerate(head[: last + 1]):
        reason = "title" if place in titled else "notice header" if notice else "page head"
        marked.append((line, reason))
    names = ["".join(line.text for line in head[start : end + 1]) for start, end in titles]
    own = _fullest(names)
    others = [name for name in reversed(names) if name != own]
    return [own, *others], _after_title(head[last + 1 :], marked)


def _fullest(names: list[str]) -> str:
    """The last title, or an earlier one that says the same with place and year before it."""
    last = names[-1]
    fuller = [name for name in names if name.endswith(last) and not re.search(r"[【】《》]|关于", name)]
    return max(fuller, key=len, default=last)


def _titles(head: list[Line]) -> list[tuple[int, int]]:
    """First and last line of each title; text that has begun ends the search, unless it sends a plan out."""
    titles: list[tuple[int, int]] = []
    sent = False
    for place, line in enumerate(head):
        sent = sent or bool(_PASSES_ON.search(line.text))
        if _SALUTATION.match(line.text) or (titles and len(line.text) > _TEXT_BEGUN and not sent):
            break
        if is_title(line.text):
            start = place
            while start and _opens_title(head[start - 1].text):
                start -= 1
            titles.append((start, place))
    return titles


def _opens_title(text: str) -> bool:
    """Whether a title goes on in the next line: 关于…, or a document name that is still open."""
    if len(text) > 60 or _SENTENCE.search(text) or is_title(text):
        return False
    return bool(_TITLE_START.search(text)) or text.count("《") > text.count("》")


def _after_title(lines: list[Line], marked: list[tuple[Line, str]]) -> list[Line]:
    """Drop the notice that sends the plan out, down to its date; then subtitles and page fragments."""
    dates = [place for place, line in enumerate(lines) if _DATE.match(line.text)]
    sent = any(_SENT.search(line.text) for line in lines)
    if dates and sent:
        marked.extend((line, "notice header") for line in lines[: dates[-1] + 1])
        lines = lines[dates[-1] + 1 :]
    kept: list[Line] = []
    for line in lines:
        reason = None if kept else _head_reason(line.text)
        if reason is None:
            kept.append(line)
        else:
            marked.append((line, reason))
    return kept


def _head_reason(text: str) -> str | None:
    """Why a line between title and text is no part of the text."""
    if _SUBTITLE.match(text):
        return "subtitle"
    if _DATE.match(text) or _CLOCK.match(text):
        return "date"
    if len(text) <= 24 and not _SENTENCE.search(text):
        return "page head"
    return None


def is_title(line: str) -> bool:
    """Whether a line reads as the title of an official document."""
    name = _PART_START.sub("", line, count=1) if line[:1] in "【[篇第" else line
    return len(line) <= 90 and bool(_TITLE.match(name)) and not _ADDRESSEE.match(line)


def _drop_page_tail(
    body: list[Line], furniture: frozenset[int], marked: list[tuple[Line, str]]
) -> list[Line]:
    """Drop what stands among the page furniture below the text."""
    end = len(body)
    while end and not (_FINISHED.search(body[end - 1].text) or read_marker(body[end - 1].text)):
        end -= 1
    last = body[-1].number if body else 0
    below = [line for line in body[end:] if not (_DATE.match(line.text) or _SIGNER.match(line.text))]
    if not end or not below or not any(body[end - 1].number < number < last + 40 for number in furniture):
        below = []
    anchor = _tail_anchor(body, furniture)
    unfinished = {id(line) for line in below}
    below = [line for line in body if id(line) in unfinished or line.number > anchor]
    marked.extend((line, "page tail") for line in below)
    gone = {id(line) for line in below}
    return [line for line in body if id(line) not in gone]


def _tail_anchor(body: list[Line], furniture: frozenset[int]) -> int:
    """The line from which on the page's own links stand; far below the text where there is none."""
    total = sum(len(line.text) for line in body)
    rest, last_marked = 0, 0
    for line in body:
        if read_marker(line.text) is not None:
            last_marked = line.number
    for line in reversed(body):
        rest += len(line.text)
        if rest > _TAIL_SHARE * total or line.number <= last_marked:
            break
        above = [number for number in range(line.number - 4, line.number) if number in furniture]
        if len(above) >= 2:
            return min(above)
    return 10**9


def _drop_signatures(body: list[Line], marked: list[tuple[Line, str]]) -> list[Line]:
    """Take the signing units and the date off the end of the text, and off the body above an annex."""
    out: list[Line] = []
    for place, line in enumerate(body):
        following = body[place + 1].text if place + 1 < len(body) else ""
        if not _DATE.match(line.text) or (following and not _AFTER_SIGNATURE.match(following)):
            out.append(line)
            continue
        start = len(out)
        while start and _SIGNER.match(out[start - 1].text):
            start -= 1
        marked.extend((signed, "signature") for signed in [*out[start:], line])
        del out[start:]
        while out and _ATTACHED.match(out[-1].text):
            marked.append((out.pop(), "attachment list"))
    while out and marked and _NOTE_BELOW.match(out[-1].text):
        marked.append((out.pop(), "publicity note"))
    return out
