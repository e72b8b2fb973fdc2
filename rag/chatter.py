"""What an asker says beside the question: greetings, thanks, who he is and why he asks.

A question is spoken to a phone or typed in a chat as often as it is written: 我奶奶前两天差点被骗了,就想问问
有没有哪份计划说到防电信诈骗的. Its clauses are told apart by their form alone; whatever could be part of what
is asked is left where it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.which_words import find_which

_FILLERS = re.compile(
    r"\b(?:um+|uh+|erm+|hmm+)\b[,\s]*|,\s*(?:like|you\s+know)(?=,)|\s+then(?=[,?]|$)", re.IGNORECASE
)
_LAST_SOUNDS = re.compile(r"(?<=[㐀-鿿])(?:[呀啊哈呗啦嘞噢嘛]|来着)+(?=[?？。！!\s]*$)")
_THIS_MATTER = re.compile(r"(?<=[㐀-鿿])这(?:个)?(?:事儿?|块儿?)(?=[,，的都哪有]|$)")
_AS_OURS = re.compile(
    r",\s*(?:(?:kind|sort)\s+of\s+|a\s+bit\s+)?like\s+(?:what\s+|the\s+one\s+)?(?:we|i|my|our)\b[^,?]*(?=\??$)"
    r"|,\s*(?:do\s+)?you\s+know(?=\??$)",
    re.IGNORECASE,
)
"""What an asker compares it with at the end of a question."""
_QUOTED = re.compile(r"[“\"「『‘《:：]")
"""Quotation marks and colons: what they quote, or lead to, is asked about."""
_ENDS = re.compile(r"[,，。！!；;]+\s*|(?<=[?？])\s*|[.](?=\s)\s*")
_GREETING = re.compile(
    r"(?:(?:哎呀?|嗯+|哦+|噢+|喔+|啊|呃+|额|诶|欸|那个|这样啊?|这样子啊?|原来如此|行啊?|行吧|好[的吧呀啊嘞]?|可以|ok|嗨|哈喽|你好|您好|知道了?|明白了?|懂了?|"
    r"收到|了解了?|记下了?|记住了?|谢谢你?|多谢|太好了|挺好的?|不错|真好|那|是吧|哈+|对[了啊]?)\s*)+[啦呀啊哈]*"
    r"|(?:[^,，]{0,10}(?:我)?(?:记下来?了|明白了|知道了|清楚了|懂了))",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"^(?:(?:你好|您好|不好意思|打扰一?下?了?|帮个忙|哎呀?|诶|嗯+|哦+|那个)[啊呀哈呗呢]*[\s,，]*)+"
)
_GREETS = re.compile(
    r"^(?:(?:hi+(?:\s+there)?|hiya|hey|hello|good\s+(?:morning|evening|afternoon)|dear\s+\w+|um+|uh+|er+|erm|hmm+|oh|ah+|aha|ok(?:ay)?"
    r"|right|alright|well|so|cool|nice|great|lovely|perfect|thanks?(?:\s+(?:you|a\s+lot|so\s+much))?|cheers|yeah|yep|yes|no(?=,)|listen|look|sorry"
    r"|got\s+(?:it|that)(?:\s+one)?(?:\s+down)?|i\s+see|that[’']?s\s+(?:really\s+)?(?:helpful|great|good)(?:\s+for\s+my\s+\w+)?"
    r"|really\s+helpful|basically|actually|anyway|like|you\s+know(?!\s+how)|now|just(?!\s+(?:the|one|a)\b)|(?:quick|random|silly|weird)\s+(?:one|question)|please|then"
    r"|(?:something|another|new|different)(?:\s+(?:different|else|topic|question|subject|thing))+(?=\s*[:–—-]))"
    r"\b[\s,.!:—-]*)+",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"哪|谁|什么|甚么|啥|多少|几[个所项条座份家名位种次年人万亿]|怎么|怎样|如何|有没有|是不是|是否|有无|能不能|会不会|要不要|吗$|么$|呢$|比一?比|对比|比较一?下|^比较|相比|区别|差别|差在"
    r"|概括|总结|梳理|归纳|归拢|列出|列一|整理|汇总|说说|讲讲|介绍|(?P<verb>[㐀-鿿])[不没](?P=verb)"
    r"|\b(?:what|which|who|whose|whom|where|when|why|how|whether)\b"
    r"|(?:^|\b(?:and|but|so|then|or|if)\s+)(?:do|does|did|is|are|was|were|will|would|can|could|has|have|had|should)\b"
    r"|\b(?:compare|list|name|summari[sz]e|tell\s+me|show\s+me|give\s+me|pull\s+together|explain|describe|find|any(?:one|body|where)?|tally|count|number|figure|total)\b",
    re.IGNORECASE,
)
_OF_ONESELF = re.compile(
    r"^(?:(?:最近|现在|前两天|前几天|昨天|今天|这几天|这两天|上周|刚|刚刚|那个|其实|因为|是这样)[,，]?)*"
    r"(?:我|俺|咱们?(?!市)|朋友|同事|领导|老板|邻居|亲戚|楼下|楼上|家里(?!穷|困难|贫困|没钱)|家长群|孩子(?!们)|宝宝|娃(?!娃)|别人说|都说|不是都|跟朋友|写论文|打赌|受人之托|托我"
    r"|小?外?孙(?:子|女|儿)?|老[大二](?![爷妈难])|怕(?=[他她它交被]|孩子|娃)|想[让给](?:我家|我|咱)?(?:孩子|娃)|送(?:孩子|娃)|愁|[他她](?:[爸妈爷奶]|怕|说)"
    r"|听(?:同事|朋友|人|别人|邻居|家长)说|老师布置|想(?:找找|做个|写|反映|投个|提前))"
    r"|^(?:最近|现在).{0,12}(?:都在|天天|老是|总在)",
)
_OF_ONESELF_ENGLISH = re.compile(
    r"^(?:i|i['’]?m|i['’]?ve|i['’]?d|we|we['’]?re|we['’]?ve|my|our|me|someone|somebody|a\s+(?:friend|colleague|neighbour)|money['’]?s"
    r"|been|got\s+(?:a|an|my)|writing|working|doing|preparing|for\s+(?:my|our|a)\s+(?:\w+\s+)?(?:thesis|piece|essay|report|article|job|class|project))\b"
    r"|^[\w\s'’-]{2,30}\s+here$",
    re.IGNORECASE,
)
"""How a clause begins that its asker says of himself."""
_LEADS_IN = re.compile(
    r"^(?:(?:所以|然后|那|就|于是)?(?:呢)?(?:我|咱)?(?:们)?(?:就|也|只|还|主要|特别|真|老)?(?:是)?(?:想|要|来)(?:跟你|向您|请)?(?:问(?:一?下|一?问|你|个)?|知道|了解(?:一?下)?|打听(?:打听|一?下)?|"
    r"弄?清楚|看看?|查(?:一?下|查)?|摸(?:个|一?下)?底|确认(?:一?下)?)(?:的是|就是)?"
    r"|(?:请问|问一?下|问问|问个事|打听一?下|劳烦|麻烦(?:问一?下)?)"
    r"|(?:我)?(?:就|挺|很)?好奇(?:的是)?(?:数一数)?"
    r"|(?:那)?(?:你|您)?(?:再|顺手|顺便|能不能|可以|能)*(?:帮|给)(?:我|忙)?(?:再|顺手|顺便)*(?:看|查|瞅|数)(?:看|查|一?下|一眼|一[数看])?"
    r"|(?:那)?我(?:再|还)(?:问|想)(?:问|得|细)?(?:细)?(?:一?点|一?下)?"
    r"|(?:先|再|快|来|你|您|请|帮我|给我)*(?:统计|清点)(?:一?下|统计|清点)?(?:看)?(?=[\s,，:：]|有?(?:几|多少|哪))"
    r"|(?:先|再|快|来|你|您|请|帮我|给我)*[数算查](?:一?[数算查下])(?:看)?(?=[\s,，:：]|有?(?:几|多少|哪))"
    r"|(?:你|您)看看?|先?(?:问|打听)(?:打听|问|一?下)(?:清楚)?|就是(?!说)|那个|呃+|嗯+|诶|欸|唉|哎呀?)[啊呀哈呢]?[\s,，:：]*",
)
_LEADS_IN_ENGLISH = re.compile(
    r"^(?:(?:so|and|but|well|um+|uh+|then)[\s,]+)*"
    r"(?:i\s*(?:['’]?m|am|was|['’]?d|would)?\s*(?:just\s+|really\s+)?(?:wonder(?:ing)?|curious|want(?:ed)?\s+to\s+(?:know|ask)|like\s+to\s+know|trying\s+to\s+(?:find\s+out|work\s+out|see))"
    r"(?:\s+(?:if\s+you\s+(?:could|can|would)\s+tell\s+me|about))?"
    r"|(?:(?:can|could|would|will)\s+you\s+(?:please\s+|maybe\s+|just\s+)?tell\s+me|do\s+you\s+(?:happen\s+to\s+)?know|tell\s+me|let\s+me\s+know)"
    r"(?=\s+(?:wh|how|if\b))"
    r"|for\s+(?:my|our|an?|the)\s+(?:\w+\s+)?(?:thesis|dissertation|essay|paper|report|article|piece|story|class|project)\s*(?=[:,]))"
    r"[\s,:]+",
    re.IGNORECASE,
)
_WONDERS = re.compile(
    r"(?:^|[\s,]+)(?:(?:and|so|but|now)\s+)*(?:i\s*['’]?(?:m|am|was|ve\s+been)\s+)?(?:(?:just|now|kinda|kind\s+of|a\s+bit|keep)\s+)*"
    r"(?:wondering|curious|nosy|thinking|it\s+got\s+me\s+thinking|i\s+said\s+i['’]?d\s+(?:check|ask|look))$",
    re.IGNORECASE,
)
"""What a clause ends with that only leads up to the next."""
_KNOWING = re.compile(
    r"\b(?:wonder\w*|know|curious|ask\w*|tell|find\s+out|see|heard|read|said|says?|tally|count|number|total)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"(?:^|[,，对把给为像让按照从在跟和了])(?:这|那)(?:些|种|样|个|类|方面|块)(?!城市|地方|计划|要点)|[他她它]们?"
    r"|(?:这|那)(?:些|种|样|类)(?!城市|地方|计划|要点|市|地|县)|(?:这|那)(?:项|件)|(?:这么|那么|这样|那样)(?=[做干办弄搞写说规想])"
    r"|(?:这|那)个(?=[啊呀呢吗的]*(?:[?？。,，]|$))"
    r"|\bthe\s+(?:child|kid|boy|girl|pupil|student|famil(?:y|ies)|kids)(?:['’]s|s['’])?(?=\s+(?:home|house|door|parents|school|bed\w*|own|famil(?:y|ies)))"
    r"|\b(?:these|those)\s+(?:children|kids|youngsters|pupils|students|families|parents|people)\b"
    r"|\b(?:he|him|his|she|her|hers|us|such)\b|\bone\s+to\s+the\s+other\b|\bthe\s+two\b(?!\s+(?:cities|plans))"
    r"|\b(?:these|those)\s+(?:(?!plans?|cities|documents)\w+\s+)?(?:are|is|do|does|did|have|has|take|takes|get|gets|in|on|for|with|say|says)\b"
    r"|\b(?:these|those|this|that)\s*(?:[?.!,;]|$)|^(?:\W*\w+\W+){0,9}it\s*(?:[?.!,;]|$)",
    re.IGNORECASE,
)
_WORKS_WITH = re.compile(
    r"^(?:i|we|(?:my|our)\s+\w+)\s+(?:work|support|help|care|look|deal|volunteer)s?\s+(?:(?:with|for|after)\s+)?(?=\w)",
    re.IGNORECASE,
)
"""Says who asks before those whom the question points back to (we support families who…)."""
_THEY = re.compile(r"\b(?:they|them|their)\b", re.IGNORECASE)
"""Points back as well, but not to what is said before, where the question asks which plans or cities."""
_DO_THEY = re.compile(r"\b(?:do|did|are|were|have|will)\s+they\b", re.IGNORECASE)
_THEIR_PEOPLE = re.compile(
    r"\btheir\s+(?:own\s+)?(?:children|kids|sons|daughters|parents|families)\b", re.IGNORECASE
)
"""Cities have none, so they are those of the people who were spoken of."""
_LEAST_ASKED = 6
"""Letters and digits of a question that stands for itself."""
_TELLS = re.compile(r"[了怕愁没老被着过想要气急]")
_NAMES_MATTER = re.compile(r"^(?:关于|对于|有关|就)|(?:这块|这一块|方面|问题|的事儿?|这事儿?)$")
"""What a clause says happened, and a clause that only names what the next one is about."""
_OF_SOMEBODY = re.compile(r"我|咱|俺|孩子(?!们)|娃|家里|[爸妈爷奶]|朋友|同事|亲戚")
_WORKS_ON = re.compile(r"我?(?:正|现)?在?(?:核对|查阅|读|统计|比对|算)")
"""Begins to say what the question is about (我在核对学校的分类表)."""
_SHORT = 6
"""A clause of so many characters between others about the asker is one of them (急用)."""


def without_chatter(text: str, stands_alone: Callable[[str], bool], in_conversation: bool = False) -> str:
    """The question without what is said beside it, before it; all of it where little else would be left.

    ``stands_alone`` tells whether a part of it has a matter of its own. What the rest points back to
    (children like him, 这些变化) is left where it is; ``in_conversation`` it is the conversation that is
    pointed back to.
    """
    parts = clauses(text)
    kept = 0
    while kept < len(parts) - 1 and any(map(asks, parts[kept + 1 :])):
        short = kept > 0 and _is_short(parts[kept])
        if not (short or _is_chatter(parts[kept]) or _leads_up(parts[kept], parts[kept + 1])):
            break
        kept += 1
    rest = _without_lead("".join(parts[kept:]))
    only_greets = all(greets(clause) for clause in parts[:kept])
    if kept and not only_greets and not in_conversation and points_back(rest):
        rest = _without_lead(text)
    if kept and not only_greets and not stands_alone(rest):
        rest = _without_lead(text)
    return rest if sum(map(str.isalnum, rest)) >= _LEAST_ASKED else text


def points_back(text: str) -> bool:
    """Tell whether a part of a question points to what is said before it (这种孩子, 不许这么干, "them")."""
    they = _THEY.search(text)
    if _DO_THEY.search(text) or _THEIR_PEOPLE.search(text):
        return True
    if they is not None:
        which = find_which(text)
        if which is None or which.start > they.start():
            return True
    return _POINTS_BACK.search(text) is not None


def _is_short(clause: str) -> bool:
    bare = without_end(clause)
    return len(bare) <= _SHORT and not _ASKS.search(bare)


def without_fillers(text: str, in_conversation: bool = False) -> str:
    """The text without what speakers fill pauses and end sentences with (um; 呀), and 这事儿 behind a matter.

    ``in_conversation`` 这事儿 may be what was spoken of before, and stays.
    """
    text = _LAST_SOUNDS.sub("", _AS_OURS.sub("", _FILLERS.sub("", text)))
    return text if in_conversation else _THIS_MATTER.sub("", text)


def clauses(text: str) -> list[str]:
    """The clauses of a text with what ends each."""
    found: list[str] = []
    position = 0
    for match in _ENDS.finditer(text):
        if match.end() > position:
            found.append(text[position : match.end()])
            position = match.end()
    return [*found, text[position:]] if text[position:].strip() else found


def _leads_up(clause: str, following: str) -> bool:
    """Tell whether a clause tells what happened, and the next begins to ask (报班报怕了,就想问问…)."""
    bare = without_end(clause)
    told = len(bare) > _SHORT and _OF_SOMEBODY.search(bare) and _TELLS.search(bare)
    names = _QUOTED.search(bare) or _NAMES_MATTER.search(bare) or _ASKS.search(bare)
    return bool(told) and not names and _LEADS_IN.match(following.strip()) is not None


def _is_chatter(clause: str) -> bool:
    if greets(clause):
        return True
    bare = _WONDERS.sub("", _GREETS.sub("", without_end(clause)))
    bare = _POLITE.sub("", bare)
    if not bare or not _LEADS_IN.sub("", bare, count=1):
        return True
    if _QUOTED.search(bare):
        return False
    if _OF_ONESELF_ENGLISH.match(bare):
        return not _KNOWING.search(bare)
    led = _LEADS_IN.sub("", bare, count=1)
    if (led != bare and sum(map(str.isalnum, led)) > 1) or _WORKS_ON.match(bare):
        return False
    return bool(_OF_ONESELF.match(bare)) and not _ASKS.search(re.sub("呢$", "", bare))


def greets(clause: str) -> bool:
    """Tell whether a clause greets, thanks, or says that it was understood (知道了, "I see")."""
    bare = without_end(clause)
    return not _GREETS.sub("", bare) or _GREETING.fullmatch(bare) is not None


def asks(clause: str) -> bool:
    """Tell whether a clause has a form of asking (几所, 说说, "how")."""
    return _ASKS.search(without_end(clause)) is not None


def without_end(clause: str) -> str:
    """A clause without the mark that ends it."""
    return _ENDS.sub("", clause.strip())


def _without_lead(text: str) -> str:
    """The text without the words that only lead up to a question (我想问一下, "so i was wondering")."""
    before = ""
    while before != text:
        before = text
        for pattern in (_GREETS, _POLITE, _LEADS_IN, _LEADS_IN_ENGLISH, _WORKS_WITH):
            shorter = pattern.sub("", text, count=1)
            text = shorter if sum(map(str.isalnum, shorter)) >= _LEAST_ASKED else text
    return text
