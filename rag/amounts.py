"""Tells whether a question asks for a number, and whether a sentence could give it."""

from __future__ import annotations

import re
from collections.abc import Collection

from rag.counted_things import are_people, counted_things
from rag.quantities import read_quantities

_FEW_YUAN = r"(?<!好)几(?:[十百千万亿]*(?:块钱|元)|[毛角分十百千万亿]*钱|块(?=[?？。呢啊呀,，]|来着|$))"
"""Money in few words (一天补几块钱), and no plots of land or bases (建几块劳动基地)."""
_ASKS = re.compile(
    r"多少(?P<unit>名(?!额)|位(?!置)|[人所个间门项家座台辆场元%％]|亿元|万元|块?钱|资金|经费)?"
    rf"|(?P<yuan>{_FEW_YUAN})|(?<![哪这那第])几(?P<few>名(?!额)|[人位所间门家座台辆场])(?![个项])"
    r"|百分之几|\bhow\s+(?:many|much)\b|\bwhat\s+(?:share|percentage|proportion|number)\b",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"数字|数量|人数|指标|规模|比例|占比|率各?是|\b(?:numbers?|figures?|targets?|rates?|shares?)\b", re.I
)
_MONEY = re.compile(
    r"\bhow\s+much\s+(?:money|funding|cash)\b|\bhow\s+(?:much|many)\b[^.?!]*\b(?:yuan|rmb|cost|spend|spent|invest\w*)\b",
    re.IGNORECASE,
)
_MEASURES = (
    (
        "%",
        re.compile(
            r"占比|比例|比重|率(?!先|领)|百分点|\b(?:shares?|percentages?|proportions?|rates?)\b",
            re.IGNORECASE,
        ),
    ),
    ("人", re.compile(r"人数|\bnumber\s+of\s+(?:people|pupils|students|teachers)\b", re.IGNORECASE)),
    ("钱", re.compile(r"经费|资金|预算|投入(?!使用)|多少钱|\b(?:money|funding|budget)\b", re.IGNORECASE)),
)
"""Words that ask for a share, for people or for money, without any number word (占比最高)."""
_HOW_MANY = re.compile(r"\bhow\s+many\b", re.IGNORECASE)
_ALIKE = (
    {"名", "人", "位", "人次"},
    {"元", "亿元", "万元", "钱", "块钱", "资金", "经费"},
    {"%", "％", "个百分点"},
)
"""Units that count the same; what is asked for in one of these can have no other."""
_OF_MONEY = re.compile(
    r"(?:一共|总共|大概|大约|打算|计划|会|将|需)*(?:那|这)?[要得]?[花付用需]?(?:多少|几)[毛角分十百千万亿]*(?:块?钱|资金|经费|元)"
    r"|\bhow\s+(?:much|many)\b(?:\s+(?:money|funding|cash|yuan|rmb))?"
    r"|教育|\beducation\b|\bschools?\b|\b(?:does|do|did|will|would|they|it|cost|spend|spent)\b|\b(?:on|for)\s+(?:it|that|this)\b",
    re.IGNORECASE,
)
_ANY_UNIT = {"个", "项"}
"""What counts anything: 多少个幼儿园 is answered by 所."""
_HOUSES = {"所", "家"}
"""What schools and the like are counted in, whoever counts (几家幼儿园 is answered by 15所)."""
_OF_NO_THINGS = _ALIKE[1] | _ALIKE[2]
_CHEAPER = (
    r"(?:哪一?(?:边|家|座|年|个城?市?)|谁)[^,，。;；?？]{0,12}(?:便宜|更贵|贵(?=[些点]|[呢啊]?(?:[?？。,，]|$))|划算|收费(?:更|比较)?[高低])"
    r"|(?:哪|谁)[^,，。;；?？]{0,12}(?:工资|待遇|收入|薪水|学费|收费|补贴|补助)[^,，。;；?？]{0,3}(?:[高低多少](?=[些点]|[呢啊]?(?:[?？。,，]|$)))"
    r"|(?:工资|收入|薪水|学费|收费|补贴|补助)[^,，。;；?？]{0,4}比[^,，。;；?？]{1,8}(?:更)?(?:高|低|多|少|贵|便宜)"
    r"|\b(?:which|who|where)\b[^.?!]*\b(?:pays?|paid|earns?)\b[^.?!]*\b(?:more|less|better|most|least|best|higher|lower)\b"
    r"|\b(?:which(?!\s+\w{2,}s\b)|who|where)\b[^.?!]*\b(?:cheap(?:er|est)|(?:more|less|most|least)\s+expensive|costs?\s+(?:less|more))\b"
)
"""Of which the price is lower: without a price nothing can tell."""
_REQUIRED = re.compile(
    r"金额|(?:具体|明确|实际|确切|准确)的?(?:金额|钱数|数字|数目|数额|数量|数值|人数|比例|百分比)"
    r"|(?:给出?|写出?|列出?|报出?|定|提出)(?:了|明|清)?[^,，。?？]{0,16}?的?(?:数字|数目|钱数|百分比)"
    r"|(?:写|说|提|定|规定|明确)[了到出明清]+[^,，。?？]{0,16}(?:降|升|提高|增加|控制|达|减|增|压)?到?(?:多少(?!人都)|百分之几)(?=[%％元钱所名个]|[?？呢的]|$)"
    r"|\b(?:actual|concrete|specific|exact|precise|explicit|hard)\s+(?:\w+\s+){0,2}?(?:amounts?|numbers?|figures?|sums?|percentages?)\b"
    r"|\b(?:yuan|rmb)\s+(?:amounts?|figures?|sums?)\b"
    r"|\b(?:amounts?|figures?|sums?)(?:\s+of\s+money)?,?\s+in\s+(?:yuan|rmb)\b"
    rf"|{_CHEAPER}",
    re.IGNORECASE,
)
_OF_WHAT = (
    ("元", re.compile(rf"金额|钱|[亿万]元|\b(?:yuan|rmb|money)\b|{_CHEAPER}", re.IGNORECASE)),
    ("%", re.compile(r"比例|百分|\bpercent", re.IGNORECASE)),
    ("人", re.compile(r"人数|\bnumbers?\s+of\s+(?:people|pupils|students|teachers)\b", re.IGNORECASE)),
)
_DATES = {"年", "月", "日"}


def asked_amounts(question: str) -> list[str] | None:
    """The units of the numbers that a question asks for, where it names any; None where it asks for none."""
    if are_people(counted_things(question)):
        return ["人"]
    found = list(_ASKS.finditer(question))
    if not found:
        return None
    units = [unit for match in found if (unit := match.group("unit") or match.group("few"))]
    is_money = _MONEY.search(question) or any(match.group("yuan") for match in found)
    return [*units, "钱"] if is_money else units


def computed_units(question: str) -> list[str]:
    """The units of the figures that a question wants computed with or compared (覆盖率最高的: %)."""
    asked = asked_amounts(question) or []
    if asked or _HOW_MANY.search(question):
        return asked
    return [unit for unit, words in _MEASURES if words.search(question)]


def required_amount(question: str) -> list[str] | None:
    """The units of the amount that a plan must give to count (给出具体金额的有几份); None where none is.

    The empty list stands for an amount of any kind.
    """
    if not _REQUIRED.search(question):
        return None
    return [unit for unit, words in _OF_WHAT if words.search(question)][:1]


def asks_money(units: Collection[str]) -> bool:
    """Tell whether units that are asked for are all of money."""
    return bool(units) and _ALIKE[1].issuperset(units)


def without_money(question: str) -> str:
    """What the money is for: a question without the words that ask for an amount of it.

    Education is left out, too: every plan here is for that.
    """
    return _OF_MONEY.sub(" ", question).strip(" ,，。.?？!")


def asks_figures(question: str) -> bool:
    """Tell whether a question is about numbers, be it by asking for one or by the word."""
    return bool(_ASKS.search(question) or _FIGURES.search(question))


def gives_amount(text: str, units: list[str]) -> bool:
    """Tell whether a sentence has a number, of one of the units where any are given."""
    have = {quantity.unit for quantity in read_quantities(text)} - _DATES
    if _ANY_UNIT & set(units):
        have -= _OF_NO_THINGS
        return bool(have)
    if not have or not units:
        return bool(have)
    return any(unit in have or (_alike(unit) | _built(unit)) & have for unit in units)


def can_be_meant(unit: str, units: list[str]) -> bool:
    """Tell whether a figure in ``unit`` can be what is asked for in ``units``.

    Money, people and shares are nothing else; what is asked for in another unit, or in none, may be counted
    in any.
    """
    groups = [_alike(asked) for asked in units]
    return not groups or not all(groups) or any(unit in group for group in groups)


def _built(unit: str) -> set[str]:
    return _HOUSES if unit in _HOUSES else set()


def _alike(unit: str) -> set[str]:
    return next((group for group in _ALIKE if unit in group), set())
