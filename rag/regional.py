"""Questions in traditional characters, in the words that plans of the mainland print.

A list of our own rather than OpenCC's of Taiwan's words: that turns 智慧校園 and 新增, which plans print as
they are, into other words.
"""

from __future__ import annotations

import re
import unicodedata

from rag.tokenise import simplify

_WORDS = dict(
    pair.split(":")
    for pair in (
        "幼稚园:幼儿园 国民小学:小学 国小:小学 国民中学:初中 国中:初中 资讯化:信息化 资讯科技:信息技术 "
        "资讯:信息 电讯:电信 人工智慧:人工智能 检举:举报 稽核:审计 补习班:校外培训机构 "
        "补习社:校外培训机构 校园霸凌:校园欺凌 霸凌:欺凌 学童:学生 年长者:老年人 长者:老年人 乐龄:老年 "
        "特殊学校:特殊教育学校 品德教育:德育 职业训练:职业培训 安亲班:课后托管 托婴:托育 "
        "学校午膳:学校午餐 午膳:午餐 计画:计划 数位化:数字化 数位学习:数字化学习 视讯:视频 "
        "网路:网络 软体:软件"
    ).split()
)
_SPOKEN = dict(
    pair.split(":")
    for pair in (
        "几多间:多少间 几多所:多少所 几多个:多少个 几多:多少 佢哋:他们 佢:他 有冇:有没有 冇:没有 同埋:和 "
        "入面:里面 乜嘢:什么 嘢:东西 "
        "咩:什么 嘅:的 啲:些 喺:在 系咪:是不是 唔:不 俾:给 畀:给 咁:那么 咗:了 哋:们 甚么:什么 "
        "咧:呢 并排:对比"
    ).split()
)
_ALL = re.compile("|".join(sorted(map(re.escape, {**_WORDS, **_SPOKEN}), key=lambda word: -len(word))))
_BESIDE = "周身旁那这哪路海江河湖山街床桌两一左右前后上下外里东南西北"
_DOT = "重试要观一两几特起热难亮焦终地节站景"
_ASKING = (
    (re.compile(rf"(?<![{_BESIDE}])边(?=[几个间份座一])"), "哪"),
    (re.compile(rf"(?<![{_BESIDE}])边(?:啲|些)"), "哪些"),
    (re.compile(rf"(?<![{_BESIDE}])边度"), "哪里"),
    (re.compile(rf"(?<![{_DOT}])点(?=[样做讲])"), "怎么"),
    (re.compile(rf"(?<![{_DOT}])点解"), "为什么"),
)
"""Words that ask in Cantonese, not behind characters that make another word of them (周邊, 重點)."""
_SCHOOLS = re.compile(r"(多少|几)间(?!.{0,10}[室房厂店])")
"""Schools are counted in 間 where the mainland counts them in 所; rooms everywhere."""
_SAID = re.compile(r"[咧嘅佢冇咗喺啲哋嚟咁唔]")
"""Characters that only Cantonese is written with, in texts that need no conversion otherwise."""


def in_mainland_words(text: str) -> str:
    """A text in traditional characters as it would be put on the mainland; any other as it is."""
    if simplify(text) == unicodedata.normalize("NFKC", text) and not _SAID.search(text):
        return text
    plain = simplify(text)
    known = {**_WORDS, **_SPOKEN}
    for pattern, asking in _ASKING:
        plain = pattern.sub(asking, plain)
    return _SCHOOLS.sub(r"\1所", _ALL.sub(lambda match: known[match.group()], plain))
