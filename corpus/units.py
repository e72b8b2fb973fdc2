"""Who answers for an item and by when, as the item itself prints it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NOTE: Final = re.compile(
    r"\s*[^（）()]{0,8}(?:责任|責任|牵头|牽頭|负责|負責|主办|承办|配合|完成时限|完成时间)"
)
_LONGEST_NOTE: Final = 1200
_LED_BY: Final = re.compile(r"([^（）()。:：]{2,80}?)(?:等)?(?:按职责分工)?(?:牵头)?负责$")
_FIELD: Final = re.compile(
    r"(?:^|[。;；,，\s])\s*((?:牵头|责任|負責|責任|牽頭|负责|配合|协办|主办|承办|参与|协同|完成)"
    r"(?:单位|部门|處室|处室|科室|领导|局|股室|機關|單位|部門|时限|时间|和配合单位)?)\s*[:：]"
)
_SPLIT: Final = re.compile(r"[、,，;；\s]+")
_DEADLINE: Final = re.compile(
    r"((?:20\d{2}年)?(?:1[0-2]|[1-9])月(?:底|末|中旬|上旬|下旬|\d{1,2}日)?(?:前|之前|以前)|"
    r"(?:20\d{2}年|今年|本年)?年?底(?:之)?前|(?:20\d{2}年)?(?:一|二|三|四|上半|下半|第[一二三四])季?(?:度|年)(?:底|末)?前)$"
)
_LONGEST_DATE: Final = 18


@dataclass(frozen=True, slots=True)
class Duties:
    """The units and the deadline of one item."""

    lead: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    deadline: str | None = None
    start: int | None = None
    """Offset in the item's text where the closing parenthesis that names them starts."""


def read_duties(text: str) -> Duties:
    """Read the units named in the parenthesis that closes ``text``, and a deadline where one is stated."""
    stated = _deadline(text)
    start, note = _closing_note(text)
    fields = _fields(note) if _NOTE.match(note) else {}
    if fields:
        lead, joint = _share_out(fields)
        return Duties(lead, joint, fields.get("完成", [None])[0] or stated, start)
    led_by = _LED_BY.match(note)
    if led_by:
        return Duties(_units(led_by.group(1)), (), stated, start)
    return Duties(deadline=stated)


def _deadline(text: str) -> str | None:
    """The first deadline (6月底前): every one ends with 前, so only the words before one are looked at."""
    place = text.find("前")
    while place >= 0:
        found = _DEADLINE.search(text[max(0, place - _LONGEST_DATE) : place + 1])
        if found:
            return found.group(1)
        place = text.find("前", place + 1)
    return None


def _closing_note(text: str) -> tuple[int, str]:
    """The parenthesis that ends a text: where it opens, and what stands in it; empty where there is none."""
    end = len(text.rstrip(" 。.;；\n")) - 1
    if end < 0 or text[end] not in "）)":
        return 0, ""
    depth = 0
    for place in range(end, max(-1, end - _LONGEST_NOTE), -1):
        if text[place] in "）)":
            depth += 1
        elif text[place] in "（(":
            depth -= 1
            if depth == 0:
                return place, text[place + 1 : end]
    return 0, ""


def _fields(note: str) -> dict[str, list[str | None]]:
    """Label (its first two characters) to what stands behind it."""
    fields: dict[str, list[str | None]] = {}
    found = list(_FIELD.finditer(note))
    ends = [label.start() for label in found[1:]] + [len(note)]
    for label, end in zip(found, ends, strict=bool(found)):
        value = note[label.end() : end]
        fields.setdefault(label.group(1)[:2], []).append(value.strip(" 。.;；,，"))
    return fields


def _share_out(fields: dict[str, list[str | None]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The first kind of unit that is named leads; the other kinds work with it."""
    lead: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    for kind in (
        "牵头",
        "牽頭",
        "主办",
        "责任",
        "責任",
        "负责",
        "負責",
        "承办",
        "配合",
        "协办",
        "参与",
        "协同",
    ):
        named = tuple(unit for value in fields.get(kind, ()) for unit in _units(value or ""))
        if not lead and kind not in ("配合", "协办", "参与", "协同"):
            lead = named
        else:
            joint += named
    return lead, joint


def _units(value: str) -> tuple[str, ...]:
    return tuple(unit for unit in _SPLIT.split(value.strip(" 。")) if unit and not re.search("[:：]", unit))
