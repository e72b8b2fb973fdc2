"""Tells a turn about the things said before, taken together: 比一下, 哪年多?, 两年都有吗?, "sum up both"."""

from __future__ import annotations

import re
from typing import Final, Literal

Joint = Literal["which more", "total", "difference", "alike", "summary", "both"]
"""What is wanted of the things said before."""

_FORMS: Final[tuple[tuple[Joint, re.Pattern[str]], ...]] = (
    (
        "which more",
        re.compile(
            r"(?:哪(?:一)?(?:个|年|边|份|座|家|里|儿|些)?(?:城市|地方)?|谁)(?:的|是|要|新?[建增]|招|更|比较|定得?|说得?|数量|数字|目标)*"
            r"(?P<zh>最?(?:多|少|高|低|大|小|严格?|具体))(?:一?些|一?点)?|多多少|少多少|(?:相)?差(?:了)?多少|差几"
            r"|\b(?:which|who)(?:\s+(?:one|of\s+(?:them|the\s+two)|city|plan|year))?(?:\s+(?:is|are|has|had|wants?|plans?|builds?))?"
            r"\s+(?:the\s+)?(?P<en>more|most|fewer|less|higher|highest|bigger|biggest|larger|largest|lower|stricter|better)\b"
            r"|\bby\s+how\s+(?:much|many)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "total",
        re.compile(
            r"加(?:起来|一起|在一[起块])|合(?:起来|在一起|计)|\b(?:total\s+(?:for|of)\s+(?:both|the\s+two)"
            r"|add(?:ed)?\s+(?:them|both|it|up)(?:\s+up)?|how\s+many\s+together)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "alike",
        re.compile(
            r"共同(?:点|之处)?|相同(?:点|之处)?|(?<!不)一样吗|\b(?:in\s+common|alike|similarit(?:y|ies))\b",
            re.IGNORECASE,
        ),
    ),
    (
        "difference",
        re.compile(
            r"变化|变了|放(?:在)?一[起块]|\bchange[ds]?\b|比一?比|对比|比较|相比|比(?:一下|起来)?|区别|差别|差异|不同|不一样|异同"
            r"|\b(?:compar(?:e[ds]?|ison|ing)|differences?|differ(?:ent|s)?|versus|vs|side\s+by\s+side)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "summary",
        re.compile(
            r"总结|概括|归纳|梳理|小结|汇总|\b(?:sum|summed|wrap)\b(?:\s+\w+){0,3}?\s+up\b|\bsummar(?:y|i[sz]e)\b|\brecap\b"
            r"|只(?:要|说|讲)(?:个)?(?:重点|一句话|结论)|^(?:用)?一句话|说?简?短一?点"
            r"|\b(?:just|only|in)\s+(?:one|a)\s+(?:sentence|line)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "both",
        re.compile(
            r"^[^,，]{0,4}都(?:没有?|有)(?:提到?|写|说)?(?:吗|么)|(?:两|俩|二者).{0,8}(?:都|均|呢)|都.{0,6}[两俩]|\bboth\b|\b(?:the|those|these)\s+two\b",
            re.IGNORECASE,
        ),
    ),
)
_WORDS = re.compile(
    r"做法|办法|措施|规定|力度|标准|目标|数字|数量|刚才|刚刚|前面|上面|以上|之前|之间|这么(?:说|看)|这样看|那么|所以|好的|请|麻烦|能不能|可以|帮忙|帮|给|你|您|我们?|咱们?|把|来|再|做|个|用"
    r"|[它他]们|二者|[两二俩三几一]|[这那]|些|条|者|份|年度?|座|家|件|项|事情?|点|地方?|城市|要点|计划|文件|内容|部分|方面|问题|话|说|讲|问|谈|聊|提到?|写到?|过|成|多少|看"
    r"|的|了|到|得|吧|呢|吗|么|啊|呀|主要|最大|到底|究竟|具体|有没有|没有?|不?是|有|什么|啥|哪里?儿?|在|也|都|均|各|下|句|简单|简短|短|大概|放|一起|比起来|和|跟|与|同|里|中|会|要"
    r"|\b(?:the|those|these|this|that|two|three|both|all|of|them|they|it|its|their|cities|city|city['’]?s|plans?|years?|answers?|points?"
    r"|things?|parts?|ones?|just|only|you|we|i|said|say|says|talked|asked|mention(?:ed|s)?|have|has|had|so|far|me|us|up|down|for|in|on|a|an"
    r"|lines?|or|sentences?|words?|few|couple|brief(?:ly)?|quick(?:ly)?|short(?:ly)?|please|can|could|would|will|main|biggest|key|real|what|['’]s|s"
    r"|is|are|was|were|do|does|did|how|between|among|and|then|now|ok(?:ay)?|with|against|to|each|other|another|together|about|by|there|any|"
    r"put|look|see|many|total|same|too|as|well|also|overall|there|exactly)\b",
    re.IGNORECASE,
)
"""Words that name no matter: a turn of these alone, and of those above, asks of what was said before."""
_THREE = re.compile(r"[三3](?![点句])|\bthree\b(?!\s+(?:points|lines|sentences|words))", re.IGNORECASE)
_OF_ALL = re.compile(r"全部|所有|一切|\b(?:all|everything)\b", re.IGNORECASE)
_OF_YEARS = re.compile(r"年|变化|变了|\b(?:years?|change[ds]?)\b", re.IGNORECASE)
_PLANS = re.compile(r"要点|计划|文件|\b(?:plans?|documents?)\b", re.IGNORECASE)
"""To sum these up is to tell all that they say, and not what was said before."""
_ASKS = re.compile(r"[吗么呢]|多少|几|什么|啥|怎|如何|哪|谁|有没有|是不是|是否|([㐀-鿿])[不没]\1")
_HOW_MUCH_MORE = re.compile(r"多多少|少多少|差(?:了)?多少|差几|\bby\s+how\s+(?:much|many)\b", re.IGNORECASE)
_IN_TOTAL = re.compile(
    r"^(?:那么?|所以)?[,，]?(?:一共|总共|合计|总计|共)(?:是|要|有|建|新建)*(?:多少|几)[个所名人间家座份]?[呢啊?？。]*$"
    r"|^(?:(?:so|and)\s+)?how\s+many\s+(?:is\s+(?:that|it)\s+)?(?:in\s+(?:all|total)|altogether|together)\W*$",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"多少|几[个所名人间家座份万]|\bhow\s+many\b", re.IGNORECASE)
_SAYS_HOW = re.compile(
    r"比较|对比|不同|区别|差别|差异|不一样|\b(?:compar\w*|differ\w*|versus|vs)\b", re.IGNORECASE
)

_ADDED: Final[dict[Joint, tuple[str, str]]] = {
    "difference": ("有什么不同", "what is the difference"),
    "alike": ("有什么共同点", "what is alike"),
    "total": ("加起来多少", "how many in total"),
}


def joint_of(text: str) -> Joint | None:
    """What a turn wants of the things said before; None where it names a matter, or wants nothing of them.

    ``text`` is the turn without the places and years that it names.
    """
    kind = next((kind for kind, form in _FORMS if form.search(text)), None)
    if kind == "summary" and _PLANS.search(text):
        return None
    for _, form in _FORMS:
        text = form.sub(" ", text)
    return None if any(character.isalnum() for character in _WORDS.sub("", text)) else kind


def asks_total(text: str) -> bool:
    """Tell whether a turn asks how many there are, all of those counted before taken together."""
    return bool(_IN_TOTAL.match(text))


def asks_number(text: str) -> bool:
    """Tell whether a question asks how many."""
    return bool(_HOW_MANY.search(text))


def how_many(text: str) -> int:
    """How many of the turns before are meant: two, where it does not say otherwise."""
    if _OF_ALL.search(text):
        return 4
    return 3 if _THREE.search(text) else 2


def speaks_of_years(text: str) -> bool:
    """Tell whether it is years that are set side by side (两年比一下, "both of its years")."""
    return bool(_OF_YEARS.search(text))


def asked_for(kind: Joint, questions: str, turn: str, chinese: bool) -> str:
    """``questions``, already put to all that is meant, asked for what the ``turn`` wants of them."""
    bare = questions.rstrip(" ?？。.")
    if kind == "both":
        return questions if not chinese or _ASKS.search(questions) else f"{bare}吗?"
    if kind == "summary":
        return f"总结一下:{questions}" if chinese else f"Sum up: {questions}"
    if kind == "which more":
        return _more(bare, turn, chinese)
    if kind == "difference" and _SAYS_HOW.search(questions):
        return questions
    zh, en = _ADDED[kind]
    return f"{bare}?{zh}?" if chinese else f"{bare}, and {en}?"


def _more(bare: str, turn: str, chinese: bool) -> str:
    """Asked which has more, or by how much, in the turn's own word for it (哪个更严, "which is stricter")."""
    form = dict(_FORMS)["which more"].search(turn)
    by_how_much = bool(_HOW_MUCH_MORE.search(turn))
    if chinese:
        than = (form and form["zh"]) or "多"
        which = (
            ("哪年" if speaks_of_years(turn) else "哪个")
            + ("" if than[0] == "最" or than in "多少高低大小" else "更")
            + than
        )
        return f"{bare}?{which},多多少?" if by_how_much else f"{bare}?{which}?"
    than = ((form and form["en"]) or "more").lower()
    if than == "most":
        return f"{bare}, and which has the most?"
    return f"{bare}, and which is {than}{', by how much' if by_how_much else ''}?"
