"""The places and years that a text names, taken out of it or put in; and the language it is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.places import Mention, find_years


def detect_language(text: str) -> Literal["zh", "en"]:
    """``zh`` where Chinese characters carry the question, else ``en``."""
    chinese = len(re.findall(r"[㐀-鿿]", text))
    latin_words = len(re.findall(r"[A-Za-z]{2,}", text))
    return "zh" if chinese >= max(1, latin_words) else "en"


def topic_of(text: str, mentions: Sequence[Mention]) -> str:
    """What is left of a question without its places and years; all of it where nothing would be."""
    topic = re.sub(r"\s*\([\s,]*\)", "", without_scope(text, mentions))
    return topic if any(character.isalnum() for character in topic) else text


def without_scope(text: str, mentions: Sequence[Mention]) -> str:
    """The text without the places given and without the plan years that it names."""
    spans = [(mention.start, mention.end) for mention in mentions] + year_spans(text, whole=True)
    return swap(text, sorted(spans), "") if spans else text


def has_chinese(text: str) -> bool:
    """Without Chinese, a sentence with its names cut out is no sentence that could be put into Chinese."""
    return bool(re.search(r"[㐀-鿿]", text))


def lower(text: str) -> str:
    """The text in small letters, each in its place."""
    small = text.lower()
    return small if len(small) == len(text) else text


def year_spans(text: str, whole: bool) -> list[tuple[int, int]]:
    """Where ``text`` names plan years, ``whole`` with the 年 after them."""
    return [(y.start, y.end + (whole and text[y.end : y.end + 1] == "年")) for y in find_years(text)]


def swap(text: str, spans: Sequence[tuple[int, int]], new: str) -> str:
    """Put ``new`` in the first span's place and take the others out; before the text where there is none."""
    if not spans:
        return f"{new}{text}"
    out, position = [], 0
    for n, (start, end) in enumerate(spans):
        between = text[position:start]
        if n and re.fullmatch(r"[\s和与跟、,及到至~—–年-]*", between):
            between = ""
        out += [between, new if n == 0 else ""]
        position = end
    return "".join([*out, text[position:]]).strip()
