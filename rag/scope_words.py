"""The places and years that a text names, taken out of it or put in; and the language it is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.places import Mention, find_years

_BACKGROUND = re.compile(
    r"\s*(?![^.?!。？！]*(?:\b(?:know|wonder\w*|like|need|want|looking|curious|ask\w*)\b|想知道|想问|想了解|需要|帮))"
    r"(?:(?:(?:i|we|my|our|i['’]m|we['’]re|i['’]ve|we['’]ve)\b[^.?!。？！]*[.!]\s+)+"
    r"|(?:(?:我|咱|俺)[^。？?！!.]*[。！!]\s*)+)(?=\S)",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:he|him|his|she|her|hers|they|them|their|us|me|such|these|those|there\s+for)\b"
    r"|\b(?:it|this|that)\b\s*[?.!,;]|[他她它]|这[些样种个]|那[些样种个]",
    re.IGNORECASE,
)
_LEAST_ASKED = 8
"""Letters and digits of a question that stands for itself."""

_RESPECT = re.compile(
    r"在(?P<matter>[㐀-鿿]{2,12}?)(?:上|方面|这块|这方面)(?=都|各|分别|怎|如何|有|说|提|写|讲|是|做|的)"
)


def detect_language(text: str) -> Literal["zh", "en"]:
    """``zh`` where Chinese characters carry the question, else ``en``."""
    chinese = len(re.findall(r"[㐀-鿿]", text))
    latin_words = len(re.findall(r"[A-Za-z]{2,}", text))
    return "zh" if chinese >= max(1, latin_words) else "en"


_LEFT_OVER = re.compile(r"^那么?呢[,，?？、\s]*(?=\w)")
"""What 那2018年呢,新建了多少? begins with once its year is taken out."""


def topic_of(text: str, mentions: Sequence[Mention]) -> str:
    """What is left of a question without its places and years; all of it where nothing would be."""
    topic = _LEFT_OVER.sub("", re.sub(r"\s*\([\s,]*\)", "", without_scope(text, mentions)))
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


def without_background(text: str) -> str:
    """A question without what its asker says of himself before it ("I teach in Handan. What …?").

    What the question then points back to (children like him, 这样的孩子) is left where it is.
    """
    match = _BACKGROUND.match(text)
    if match is None:
        return text
    asked = text[match.end() :]
    return text if _POINTS_BACK.search(asked) or sum(map(str.isalnum, asked)) < _LEAST_ASKED else asked


def without_respect(text: str) -> str:
    """A question without 在 … 上 around its matter: 在校车上各说了什么 would be cut into 在校 and 车上."""
    return _RESPECT.sub(r"\g<matter> ", text)
