"""The words that ask of every plan: "which cities", 谁家, 各地有没有, "is anyone", "name the plans that"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["city", "plan", "who"]

_CITY = r"(?:城市|地方|市县|县市|省市|地市|地区|省份|座城|市|地|县|省)"
_DOC = r"(?:计划|要点|文件|plans?(?![a-z]))"
_WHICH = r"哪(?:些|几[个座份家]?|一?[个座份家])(?:其他|其它|别的)?"
_SAYS = r"(?:提到|提出|提及|写|说到|说了|讲到|涉及|明确|打算|准备|安排|要求|把)"
_HAS = (
    r"(?:有没[有得]|有无|是否有|是不是有|可有|还有|存不存在|有)"
    r"(?:哪[个份座家]|任何|别的|其他|其它|一个|一些|什么)?"
)
_EACH = r"(?:每|各|所有|全部|任何|这些|这几|[二两三四五六七八九十几]|\d{1,3})(?:个|座|份|家)?的?"
_YES_NO = r"(?:都|是否|是不是|有没有|有无|吗)"
_LOOK_FOR = r"(?:列出|列举|找出|找|查|看看|给出|给我|说出|告诉我|筛|挑出|汇总)"

_PLACES = (
    r"(?:cit(?:y|ies|ys)|places?|municipalit(?:y|ies)|(?:local\s+)?(?:governments?|authorit(?:y|ies))"
    r"|(?:education\s+)?bureaus?|regions?|provinces?)\b(?!-)"
)
_PLANS = r"(?:plans?|documents?)\b(?!\s+(?:to|for|of)\b)"
"""A plan "to build" or "for a school" is an intention, not one of the documents."""
_WORDS = (
    r"(?:(?!(?:the|an?|in|at|of|for|that|schools?|pupils?|students?|children|teachers?|departments?|offices?|"
    r"items?|kinds?|types?|projects?|measures?|do|does|is|are|will|has|have)\b)[\w'’-]+\s+){0,2}"
)
"""What may stand before the noun: "other", "2023", "Shandong"; but not "which schools of the city"."""
_OF_ALL = r"(?:of\s+)?(?:(?:the|these|those|all|your)\s+)*"
_DOES = r"(?:(?:do|does|is|are|has|have|will|can)\s+)?"
_SHOW = (
    r"\b(?:list|name|show|give|find|identify|tell|pick\s+out|look(?:ing)?\s+for)\s+(?:me\s+)?"
    r"(?:(?:the|all|every|any|each|an?|those|which|other)\s+)*"
)
_DO_THEY = r"(?:do|did|are|have|will)\s+(?:(?:the|these|all|most|other|local|city)\s+)*"
_THAT = r"(?:that|which|who|whose|where|in\s+which|with|\w+ing|mention|speak|talk|say|deal|cover)\b"
_CLAUSE = r"(?:^|[,:;.?–—]\s*|\s-\s+|\b(?:and|or|but|know|me|see|wonder)\s+)"
"""Where a clause begins: "who" and "where" behind a noun ask nothing (children who are orphans)."""

_LEAD = re.compile(r"(?:[\s,:;.?–—-]|(?:and|or|but|know|me|see|wonder)\b)*", re.IGNORECASE)


def _one_of(*forms: str) -> re.Pattern[str]:
    return re.compile("|".join(forms), re.IGNORECASE)


_FORMS: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    (
        "plan",
        _one_of(
            rf"{_WHICH}{_DOC}",
            r"哪几?份",
            rf"{_DOC}(?:里|中|当中)?的?(?:都)?(?:有|是)?{_WHICH}",
            rf"{_HAS}{_DOC}",
            rf"{_EACH}{_DOC}(?=[里中]?.{{0,24}}?{_YES_NO})",
            rf"{_LOOK_FOR}.{{0,4}}(?:{_SAYS}|有).{{1,36}}的{_DOC}",
            rf"{_SAYS}.{{1,40}}的{_DOC}[?？。]*$",
            rf"哪(?:些|几[个份])(?:也|还|都)?(?={_SAYS})",
            rf"{_SAYS}.{{1,40}}的(?:都)?(?:有|是)哪(?:些|几[个份])[?？。]*$",
            rf"\bw?h?ich\s+{_OF_ALL}{_WORDS}{_PLANS}",
            r"\bwhich\s+of\s+(?:[\w'’]+\s+){1,2}(?:plans|documents)\b",
            r"\bwhat\s+plans\b(?!\s+(?:do|does|did|are|is|has|have|for|to)\b)",
            rf"\b{_DOES}any\s+{_OF_ALL}{_WORDS}{_PLANS}",
            rf"\b(?:is|are)\s+there\s+(?:an?\s+|some\s+)?{_WORDS}{_PLANS}",
            r"\b(?:every|each|whose)\s+plans?\b(?!\s+(?:to|for|on)\b)",
            r"\bthe\s+plans\s+(?:that|which|where|in\s+which)\b",
            r"\ball\s+(?:of\s+)?(?:the\s+|these\s+)?(?:\w+\s+)?plans\b",
            rf"\b(?:what|how)\s+{_DO_THEY}plans\b",
            r"\bthe\s+plans\s+all\b",
            rf"{_SHOW}{_WORDS}(?:plans?|documents?)\s+{_THAT}",
            rf"^(?:the\s+|all\s+)?plans\s+{_THAT}",
        ),
    ),
    (
        "city",
        _one_of(
            rf"{_WHICH}{_CITY}",
            r"(?:什么|啥)(?:城市|地方)",
            rf"{_CITY}(?:里|中|当中)?的?(?:都)?(?:有|是)?{_WHICH}(?!学校|部门|科室|处室|项|条)",
            rf"{_HAS}(?:城市|地方|市县|地市|省市)(?!可以|能|送|去|住|玩|停)",
            r"(?:城市|地方)里?谁",
            r"哪几?家",
            r"各(?:城市|市|地)(?:谁|哪)",
            rf"{_EACH}(?:城市|地方|市县|省市|市|地)(?=[,，里中]?.{{0,24}}?{_YES_NO})",
            rf"{_LOOK_FOR}.{{0,40}}的(?:城市|地方|市县)",
            r"的(?:城市|地方|市县)(?:都|全|也)?(?:找|列|挑|筛)",
            rf"(?:{_SAYS}|有|要|开展).{{1,40}}的(?:城市|地方|市县)[?？。]*$",
            rf"\bw?h?ich\s+{_OF_ALL}{_WORDS}{_PLACES}",
            r"^of\b.{3,60},\s*which\b",
            r"\bwhich\s+of\b(?!\s+(?:the|these|those|its|their|our|his|her)\b)",
            r"\bwhat\s+(?:other\s+)?(?:cities|places|municipalities|towns|governments)\b",
            rf"\b{_DOES}any\s+{_OF_ALL}{_WORDS}{_PLACES}",
            rf"\b(?:is|are)\s+there\s+(?:an?\s+|some\s+)?{_WORDS}{_PLACES}",
            rf"\b(?:what|how)\s+{_DO_THEY}(?:cities|governments|bureaus|places)\b",
            r"\b(?:every|each)\s+(?:city|municipality|town|province)\b",
            r"\ball\s+(?:of\s+)?(?:the\s+|these\s+)?(?:\w+\s+)?cities\b",
            r"\bthe\s+cities\s+all\b",
            r"\b(?:the|all)\s+(?:cities|municipalities)\s+(?:that|which|where|with)\b",
            rf"{_SHOW}{_WORDS}{_PLACES}",
            rf"^(?:the\s+|all\s+)?(?:cities|places|municipalities)\s+{_THAT}",
        ),
    ),
    (
        "who",
        _one_of(
            r"(?<![位门人方体室处长]是)谁(?!负责|牵头|主管|主办|承办|可以|能|来|出|掏|应|该)",
            r"(?<![从到去往在])哪(?:里|儿|边)(?!查|看到|报|投诉|举报|咨询|申请|办)",
            rf"有(?:没有)?人(?:也|在)?(?:{_SAYS}|提|说|要|管|在)",
            r"各(?:地|城市|省市)",
            r"\bwhich\s+ones?\b",
            rf"各市(?={_YES_NO})",
            rf"\bw?h?ich\s+{_OF_ALL}{_WORDS}(?:counties|county|districts?|areas?|towns?)\b",
            rf"{_CLAUSE}who(?:['’]s)?\b(?!\s+(?:leads?|may|must|can|should|pays?|runs?|oversees?|owns?|foots?)\b)"
            r"(?!\s+(?:ha(?:s|ve)\s+to|will\s+(?:be|own|pay|lead|run))\b)"
            r"(?!\s+(?:is|are)\s+(?:the|responsible|in\s+charge|allowed|eligible|accountable|meant)\b)",
            rf"{_CLAUSE}where\b(?!.*\bcome\s+from\b)(?!\s+(?:can|do|should|could)\s+\w+\s+(?:complain|report|apply|register|sign|find)\b)",
            r"\bany(?:one|body|where)\b",
            r"\b(?:does|is|has|do|will)\s+every(?:one|body|where)\b",
        ),
    ),
)
ALL_OF_THEM = _one_of(
    r"各(?:地|城市|省市|市|份|家)",
    r"所有(?:城市|地方|计划|要点)",
    r"每(?:个|座|份)(?:城市|地方|要点)",
    r"[这几七]+(?:个|座|份)(?:城市|要点|计划)",
    r"\b(?:all|each|every|the|these)\s+(?:of\s+)?(?:the\s+)?(?:\w+\s+)?(?:cit(?:y|ies)|plans?)\b",
)
"""Names all cities or plans: with a word of comparing, they are to be set side by side."""

_ASKS_ON = re.compile(
    r"(?:\W*\b(?:do|does|did|would|will|should|have|has|had|are|is|be|say|says|said|mention|mentions|mentioned"
    r"|plan|plans|planning|want|wants|intend|intends|aim|aims|going|promise|promises|talk|talks|speak|speaks"
    r"|state|states|write|contain|contains|include|includes|cover|covers|that|to|about|of|on|at|they|it|their"
    r"|there|anything|something)\b)*\W*",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_ENGLISH = re.compile(r"\b[A-Za-z]?[a-z]{3,}\b")
"""A word; names and what is named by its letters have capitals (STEM, AEDs)."""
_DOCUMENT = r"(?:(?:教育|年度|当年的?|这一年的?|今年的?|工作)*(?:计划|要点|文件|工作|安排|日程))"
_SAYING = (
    r"(?:提到|提出|提及|提(?!供)|写明|写到|写进|写有|写上|写|说到|说过|说要|说|讲到|讲|涉及|谈到|谈|打算|准备|计划|安排|要求"
    r"|列进|列入|排进|列|有|规定|允许|鼓励)"
)
_SAYS_IT = re.compile(
    rf"^(?:[的在]?(?:城市|地方)?的?{_DOCUMENT}?(?:里头|里面|当中|里|中|上)?)"
    r"(?:也|都|还|又|明确|专门|具体|明|要(?!求)|想|会|将|能|在|对)*"
    rf"(?:{_SAYING}(?:(?:或者|或|、){_SAYING})*)?"
    rf"(?:了|过|要(?!求)|到|着|出面|进|入)*{_DOCUMENT}?了?(?:要(?!求)|去|来|对|在|过)?"
)
"""What follows the words that ask in Chinese, up to the matter: (哪些城市)的计划里写了要 …"""
_ENDS_WITH = re.compile(
    r"(?:(?:都|各自?|分别)?是?(?:怎么|怎样|如何|咋)(?:说|讲|写|规定|安排|要求)的?)?"
    r"(?:(?:这种|这个|这类|这些|这方面的?|这样的|此类|相关的?|类似的?)?"
    r"(?:安排|做法|意思|打算|内容|举措|措施|规定|说法|表述|要求))?[了吗呢啊吧的是有\s]*[\s,，。?？!！;；:：]*$"
)
_POLITE = re.compile(r"^(?:请问|想问一?下|问一?下|我想(?:知道|问|了解)|听说|据说|麻烦|帮我)+[,，:：]?")
_LINKED_BY = re.compile(r"(?:请问|还|现在还|的?(?:就是|都是|都有|是|有))?[\s,，:：]*$")
"""What joins a matter to the words that ask after it: 反对小学化的有(谁)."""
_SIGNS = " ,，。?？!！;；:：、—-"
_LEAST = {True: 2, False: 3}
"""Letters of a matter, in Chinese and else: what would leave fewer is left as it is."""


@dataclass(frozen=True, slots=True)
class WhichPhrase:
    """Where a question asks of every plan, and what it calls them."""

    start: int
    end: int
    kind: Kind
    """``city`` and ``plan`` name what is looked for; ``who`` (谁, 哪里, where, anyone) leaves it open."""


def find_which(text: str) -> WhichPhrase | None:
    """The words of ``text`` that ask of every plan; None where it asks of none or of one."""
    for kind, pattern in _FORMS:
        match = pattern.search(text)
        if match:
            lead = _LEAD.match(match.group()) if kind == "who" else None
            return WhichPhrase(match.start() + (lead.end() if lead else 0), match.end(), kind)
    return None


def without_which(question: str) -> str:
    """A question without the words that ask of every plan.

    "Which cities plan to open nurseries?" leaves "open nurseries?", 校园足球哪几份计划写了? leaves 校园足球:
    what a plan would say. What stands before those words and is a matter of its own stays. A question that
    asks of no plan, or of which too little would be left, comes back as it is; so does one that would lose
    its language to a name (哪些城市提到STEM?). Where all of the matter is English, so is what is left
    (有没有哪份计划提到 library?).
    """
    phrase = find_which(question)
    if phrase is None:
        return question
    if _HAN.search(question):
        matter = _without_which_chinese(question, phrase)
        if not _HAN.search(matter) and not _ENGLISH.search(matter):
            return question
    else:
        asked_on = _ASKS_ON.match(question, phrase.end)
        after = question[asked_on.end() :] if asked_on is not None else question[phrase.end :]
        matter = f"{question[: phrase.start].rstrip()} {after}".strip()
    return matter if sum(map(str.isalpha, matter)) >= _LEAST[bool(_HAN.search(matter))] else question


def _without_which_chinese(question: str, phrase: WhichPhrase) -> str:
    before = _LINKED_BY.sub("", _POLITE.sub("", question[: phrase.start]))
    after = _ENDS_WITH.sub("", _SAYS_IT.sub("", question[phrase.end :], count=1))
    return ",".join(part for part in (before.strip(_SIGNS), after.strip(_SIGNS)) if part)
