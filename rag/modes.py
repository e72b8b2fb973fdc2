"""Which mode fits a question, by its form alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.figure_parts import asks_one_by_one, asks_which_builds_more
from rag.records import Mode
from rag.which_words import ALL_OF_THEM, WhichPhrase, find_which

_HOW_MANY_PLANS = re.compile(
    r"(?:多少|(?<![哪这那他它的])几)(?:个|座|份|家)?(?:城市|地方|地儿|市县|地市|省市|计划|要点|文件)(?!教育)"
    r"|(?:城市|计划|要点|plans?).{1,40}(?:占|究竟|到底|具体是?|一共是?|总共)(?:多少|几)(?:个|份|家|座)?[?？。]*$"
    r"|(?:城市|计划|要点|市)[,，].{0,8}(?:数量|个数|家数)"
    r"|\bhow\s+many\s*(?:个|份|座|家)?(?:城市|地方|计划|要点)|(?:城市|计划|要点|plans?)\s*里\s*how\s+many"
    r"|\b(?:number\s+of|count|tot\s+up|tally|tally\s+of)\W+(?:\w+,?\s+){0,4}(?:cities|plans|municipalities)\b"
    r"|\btally\b|\bout\s+of\s+(?:the|all)\s+\w+,?\s+how\s+many\b"
    r"|(?:多少|(?<![哪这那好])几)(?:份|家)(?=提|写|说|讲|有|要|在|把|明|点名|想|打算|准备|会|管|安排|规定|涉及|谈)|有(?:多少|几)(?:份|家)[?？。]*$"
    r"|\bhow\s+many\s+(?:of\s+(?:the|these)\s+)?(?:\w+\s+)?(?:cities|plans|municipalities)\b"
    r"|\b(?:in\s+)?how\s+many\s+of\s+(?:the|these|those|all)\s+(?:\w+\s+)?(?:documents|papers|texts|files)\b|\bin\s+how\s+many\s+(?:documents|texts)\b"
    r"|\bhow\s+many\s+(?:of\s+the\s+)?places\s+(?:want|plan|mention|say|have|has|offer|run|intend|talk|speak|do|\w+\s+\w+ing)\b",
    re.IGNORECASE,
)
"""Places are counted only where they do something: others are seats (how many places will be added)."""
_CITIES = re.compile(
    r"(?:多少|几)(?:个|座)?(?:城市|地方|地儿|市县|地市|省市)|城市.{0,40}(?:多少|几)(?:个|座)|\b(?:cities|municipalities|places)\b",
    re.IGNORECASE,
)
_ARITHMETIC = re.compile(
    r"合计|加起来|[合凑算加拢]到一(?:块儿?|起)|加一(?:块儿?|起)|加在一(?:块儿?|起)|合起来|合在一(?:块儿?|起)|凑一(?:块儿?|起)|总和|总数|加总|相加|最[多少](?![^,，。?？]{0,10}(?:多少|几))"
    r"|最大(?!限度|程度)|最小|最[高低](?:的(?:是|城市|地方)|[?？。]*$)|(?:相)?差(?:多少|几)(?!天|分钟|小时|岁)|多多少|少多少|多几|少几"
    r"|比.{1,16}(?:多|少|高|低).{0,3}(?:多少|几)"
    r"|\b(?:in\s+total|in\s+all(?=\s*(?:[?.,]|$))|altogether(?=\s*(?:[?.,]|$))|(?:the\s+)?total|sum(?!\s+up)|adding\s+(?:up|together)"
    r"|combined|(?<!\bof\s)(?<!\bto\s)(?<!\bin\s)(?<!\bfor\s)(?<!\bat\s)the\s+(?:most|least|fewest)|(?:the|what(?:['’]s|\s+is)\s+the)\s+(?:highest|largest|biggest|greatest|lowest|smallest)\s+(?:[\w-]+\s+){0,2}?(?:number|total|figure|target|rate|share)"
    r"|subtract\w*|minus|by\s+how\s+(?:many|much)|how\s+many\s+more|how\s+many\s+fewer|difference\s+between|difference\s+in\s+(?:the\s+)?numbers?)\b|^adding\b|\badd(?:ed|ing)?\s+up\b|\bhow\s+many\b.{1,60}\b(?:in\s+all|altogether)\b",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"差在哪|差别|差异|区别|不同|对比|比较|相比|比起|变化|异同|各(?:用|有|说|是|自)|分别"
    r"|\bcompar|\bdiffer|\bpart\s+ways\b|\bversus\b|\bvs\b|\bchanged?\b",
    re.IGNORECASE,
)
_RIVALS = re.compile(
    r"更|比|(?:多|少|早|高|严|好)[?？。]*$|谁.*谁|\b(?:more|most|better|best|stricter|earlier|later|faster)\b",
    re.I,
)
"""Of named cities one is sought that is ahead of the others, or several things of each: no yes or no."""
_PICKS = re.compile(
    r"哪|谁(?=(?:也|还|都)?[提写说讲有])|有没有|\b(?:which|any|who(?=\s+(?:also\s+)?(?:mentions?|says?|talks?)))\b",
    re.IGNORECASE,
)
"""Of the cities that a question names it wants to know which; each of them is only told about."""
_NAMED_TOGETHER = re.compile(
    r"[㐀-鿿](?:(?<![总相调])和(?!谐|平)|与|跟|以及|、|(?<![增参更附])加).{2,16}(?:一共|总共|合计|(?<!公)共)(?:有|是|要)?(?:多少|几)"
)
"""Two things and their total: 项目和学院一共多少."""
_TOGETHER = re.compile(r"一共|总共|\bhow\s+many\b.*\b(?:together|both)\b", re.IGNORECASE)
"""Asks for a sum only where several things or plans are named; 一共 alone is just a way to ask how many."""
_RETELL = re.compile(
    r"总结|概括|归纳|归拢|汇总|盘点|梳理|概述|综述|理一理|[理捋过]一遍|捋一捋"
    r"|\b(?:pull|put|bring|gather)\s+together\b|\brun-?down\b|\bdigest\b|\bgist\b|\bcondense\b|\bbrief\s+me\b|\bboil\w*\s+down\b|\bin\s+a\s+nutshell\b"
    r"|\b(?:gather|collect|list|round\s+up)\s+(?:up\s+)?(?:it\s+all|all\s+(?:of\s+)?(?:it|this|that)|everything)\b|(?<![a-z])summary|\bsummar|\boverview\b|\bsum\s+up\b|\boutline\b",
    re.IGNORECASE,
)
_SUMMARISE = re.compile(
    r"介绍一下|说一下|列出|分点|(?:有|是)?(?:哪些|什么|啥|哪几条)(?:具体)?(?:举措|措施|做法|安排|任务|工作|内容|部署|规定|要求|事|打算|办法|动作)"
    r"|(?:做|干|抓|写|讲|搞|准备|安排|出台|定)(?:了)?(?:些)?(?:哪些|什么|啥)|(?:包括|包含|涉及)(?:哪些|什么|啥)|有哪几条|哪些事|的.{1,12}(?:都)?有(?:些)?(?:什么|啥)[?？。]*$"
    r"|怎么(?:做|抓|推进|推(?!荐|选)|搞|开展|落实|治理|管|收拾|铺开?|补)|对.{1,16}(?:提出|说|写)(?:了)?(?:哪些|什么|啥)"
    r"|的(?:安排|举措|措施|做法|政策|(?:工作)?要点)[?？。]?$|主要(?:任务|工作|内容)[?？。]?$|^介绍"
    r"|(?:举措|措施|做法|安排|任务|工作|内容|部署|规定|要求|打算|办法|要点|项目)(?:都|具体|主要|分别)?(?:有|是|包括)(?:哪些|什么|啥)[?？。]*$"
    r"|(?:有|是)哪些(?:要点|项目)"
    r"|(?:怎样|如何)(?:做|抓|推进|搞|开展|落实|治理|管|全面|进一步|切实|加强|促进|提高|提升|深化|完善)"
    r"|\bwhat\s+(?:is|are)\b.{1,40}\bplans\s+(?:for|on|to)\b"
    r"|\bevery\s+item\b|\bwhat\s+(?:does|do|will)\b.{0,40}\b(?:plan|doing|do)\b"
    r"|\bwhat\s+(?:does|do|did)\b.{1,60}\bsay\s+about\b"
    r"|\bwhat\s+(?:is|are)\b.{1,40}\b(?:doing|policy|policies|measures)\b"
    r"|\bwhat\s+(?:\w+\s+)?(?:measures|steps|policies|actions|initiatives|arrangements|tasks|moves|plans)\b"
    r"|^(?:please\s+)?(?:describe|tell\s+me\s+about)\b",
    re.IGNORECASE,
)
_TELL_ALL = re.compile(
    r"讲讲|说说|讲一[下遍]|说个大概|一览|看懂|通通|全都?(?:说|讲)|怎么个.{0,3}法|有什么说什么|都告诉我|从头到尾|列一列|列个?(?:清单|单子)|都(?:给我)?列"
    r"|有(?:些|哪些)(?:什么)?(?:章程|扶持|支持|动静|名堂|想法|考虑|计划)"
    r"|\b(?:everything|(?:whole|full|big)\s+picture|main\s+points|in\s+full|(?:a|one)\s+(?:page|paragraph)|all\s+of\s+(?:it|them)|long\s+version"
    r"|(?:ha[sd]|have|got)\s+(?:\w+\s+){0,2}in\s+mind|walk\s+me\s+through|up\s+to\s+speed|(?:explain|describe)\b.{0,40}\b(?:what|work|how)|(?:measures|steps)\s+to\s+\w+)\b",
    re.IGNORECASE,
)
"""Wants all that a plan has to a matter, where no number is asked for."""
_SEVERAL = re.compile(
    r"哪些(?!城市|地方|计划|要点|市|县|[科处]室|部门|单位)|\bwhat['’]s\s+in\b", re.IGNORECASE
)
"""Of one city several things are sought, which may stand in several items."""
_NAMED_THING = re.compile(
    r"^\s*which\s+(?!of\b|ones?\b|(?:\w+\s+)?(?:measures|steps|polic(?:y|ies)|actions|moves|ways|plans|arrangements|tasks)\b)"
    r"(?:[\w'’-]+\s+){1,4}?(?:do|does|did|is|are|was|were|will|would|should|must|can|has|have)\b",
    re.IGNORECASE,
)
"""Wants things by their names (which plants will pupils grow): a fact, however much a plan has around it."""
_NO_COMPARISON = re.compile(
    r"(?:不用|不必|无需|不要)(?:作|做|去)?(?:对?比较?|对照)|\bno\s+comparison\b|\b(?:not|n['’]t)\s+compar\w*",
    re.IGNORECASE,
)
_IS_THERE = re.compile(
    r"有没[有得]|有无|是否|是不是|可否|能否|可不可以|([㐀-鿿])(?<![好对行])[不没]\1"
    r"|有.{1,24}(?:没有?|么)[?？。]*$|(?:吗|没[有得]|了没|不|(?<![什怎那这多要])么)[?？。]*$"
    r"|(?:^|[,:;]\s*(?:and\s+|or\s+)?)(?:please,?\s+|and\s+|but\s+|so\s+)?"
    r"(?:is|are|was|were|do|does|did|will|would|can|could|has|have|had|may|must|should)\s+(?!(?:you|i|we)\b)"
    r"|^any(?:thing)?\b|\b(?:wonder|know|see|check|tell\s+me)\s+(?:whether|if)\b",
    re.IGNORECASE,
)
"""Asks for a yes or no."""
_NOT_YES_NO = re.compile(
    r"多少|几(?![乎次])|怎么|怎样|如何|为什么|(?:能不能|能否|可以|可否)(?:请|帮|说|讲|介绍|告诉|解释|给我)|什么(?=[?？。吗]*$)"
    r"|\bhow\s+(?:many|much|long|often)\b",
    re.IGNORECASE,
)

_WANTS_MORE = re.compile(
    r"哪|什么|啥|怎|咋|如何|措施|举措|办法|安排|打算|总结|概括|列出|说说|讲讲|介绍"
    r"|\b(?:how|what|which|measures|steps|plans?|summari[sz]e|list|describe|explain|tell)\b",
    re.IGNORECASE,
)
"""Words beside a yes or no that want what there is, not only whether there is any."""
_HOW_MUCH = re.compile(
    r"多少|(?<![这那])几(?![乎次])|\bhow\s+(?:many|much|big|large|long|often)\b", re.IGNORECASE
)
"""Who or where beside a number asks of one fact: 建几个，谁参加."""
_LISTED = re.compile(r"有哪些[?？。]*$")
_ASKS = re.compile(
    r"多少|几|什么|啥|怎|咋|如何|为何|哪|谁|何时|何地|多久|多长|多大|第\s*[\d一二三四五六七八九十]+\s*条"
    r"|\b(?:how|what|when|why|which|who|whose|where|tell|explain|describe|show|give|item|point)\b",
    re.IGNORECASE,
)


_EACH = re.compile(r"分别|各自|各(?=[有要建办招])|\brespectively\b|\beach\b", re.IGNORECASE)
_HOW_MANY_ITEMS = re.compile(
    r"(?:几|多少)条(?:要点|内容|工作|任务)?(?:是|都)?(?:讲|说|提|写|涉及|关于|有关|跟|和|与)"
    r"|\bhow\s+many\s+(?:of\s+(?:its|the)\s+)?(?:items|points)\b(?!.*\bin\s+(?:all|total)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """How many cities, years and plans a question is about."""

    cities: int
    """Cities of the corpus that are asked about, by name or inside a region that is named."""
    by_name: int
    """Those that stand in the question themselves."""
    years: int
    """Years that it names and the corpus has."""
    plans: int
    """Plans in scope."""
    missing: int = 0
    """Places that it names and the corpus lacks."""


def detect_mode(question: str, asked: Asked) -> Mode:
    """The mode that fits the question's form; ``lookup`` where nothing points elsewhere."""
    which = find_which(question)
    retold = bool(_RETELL.search(question))
    if retold and _NO_COMPARISON.search(question):
        return "summarise"
    if asks_how_many_plans(question) or _wants_figures(question, asked):
        return "count"
    if _NAMED_TOGETHER.search(question) or (
        asked.plans > 1 and not (asked.cities or asked.years) and asks_one_by_one(question)
    ):
        return "count"
    if _TOGETHER.search(question) and (
        asked.cities > 1 or asked.years > 1 or re.search(r"里,?.{1,6}[和与]", question)
    ):
        return "count"
    if ALL_OF_THEM.search(question) and asked.by_name == 0 and _COMPARE.search(question):
        return "compare"
    if which is not None and asks_of_every_plan(question, which, asked):
        return "summarise" if retold else "enumerate"
    if asks_if_any(question, asked):
        return "enumerate"
    if _compares(question, asked):
        return "compare"
    if retold or _wants_all(question, asked):
        return "summarise"
    return "enumerate" if names_a_matter(question, asked) else "lookup"


def _wants_figures(question: str, asked: Asked) -> bool:
    """Tell whether figures are to be put together, or what several places or years have in all compared."""
    several = asked.cities > 1 or asked.years > 1
    return bool(_ARITHMETIC.search(question)) or (several and asks_which_builds_more(question))


def _compares(question: str, asked: Asked) -> bool:
    """Tell whether several plans are to be set side by side; of a single one there is nothing to compare."""
    if asked.cities > 1 or asked.years > 1:
        return True
    return bool(_COMPARE.search(question)) and asked.cities != 0 and (asked.plans != 1 or asked.missing > 0)


def _wants_all(question: str, asked: Asked) -> bool:
    """Tell whether everything that a plan has to a matter is wanted, rather than one fact of it."""
    if _SUMMARISE.search(question) or (asked.cities == 1 and asks_how_many_items(question)):
        return True
    if asked.cities == 1 and _SEVERAL.search(question) and not _IS_THERE.search(question):
        return True
    return asked.cities > 0 and bool(_TELL_ALL.search(question)) and not _HOW_MUCH.search(question)


def asks_of_every_plan(question: str, which: WhichPhrase, asked: Asked) -> bool:
    """Tell whether the words that ask of every plan do so beside the cities that the question names.

    Beside one city they ask for a place or a person in it (南宁哪里要建学校), unless they ask for its plans;
    of two or more the plans are gone through, but not where they are measured against each other.
    """
    if asked.by_name == 0:
        return which.kind != "who" or not _HOW_MUCH.search(question)
    if asked.by_name == 1:
        return which.kind == "plan" and asked.plans > 1
    picks = _PICKS.search(question, which.start)
    if picks is None or picks.start() >= which.end:
        return False
    return not (_COMPARE.search(question) or _RIVALS.search(question))


def asks_if_any(question: str, asked: Asked) -> bool:
    """Tell whether a question without a city wants a yes or no, which each plan in scope may give."""
    if asked.by_name or asked.plans < 2 or not _IS_THERE.search(question):
        return False
    return not _NOT_YES_NO.search(question)


def names_a_matter(question: str, asked: Asked) -> bool:
    """Tell whether a question without a city only names a matter (校园足球, "phone bans"), as for a search.

    Where several plans are in scope, it is what each of them says that is wanted.
    """
    if asked.cities or asked.plans < 2:
        return False
    return bool(_LISTED.search(question)) or not _ASKS.search(question)


def asks_of_each(question: str) -> bool:
    """Tell whether each of what a question names is asked about for itself, so that nothing is added up."""
    return bool(_EACH.search(question))


def asks_for_a_name(question: str) -> bool:
    """Tell whether an English question wants to know which things (which plants will pupils grow)."""
    return bool(_NAMED_THING.search(question))


def asks_whether(question: str) -> bool:
    """Tell whether a question wants a yes or no and nothing listed (有没有让娃讲壮话的?)."""
    return bool(_IS_THERE.search(question)) and not _WANTS_MORE.search(question)


def asks_how_many_items(question: str) -> bool:
    """Tell whether items on a matter are to be counted (有几条讲中医药?)."""
    return bool(_HOW_MANY_ITEMS.search(question))


def asks_how_many_cities(question: str) -> bool:
    """Tell whether it is cities that are to be counted, of which some may have several plans."""
    return asks_how_many_plans(question) and bool(_CITIES.search(question))


def asks_how_many_plans(question: str) -> bool:
    """Tell whether plans or cities are to be counted, rather than things in them."""
    return bool(_HOW_MANY_PLANS.search(question))
