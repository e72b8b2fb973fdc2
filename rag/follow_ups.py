"""Follow-ups that point into the answer before: "第一个呢?", "the second one"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import rjieba

from rag.numbers import chinese_number
from rag.places import Mention, find_years
from rag.scope_words import has_chinese
from rag.tokenise import simplify

_ORDINAL = re.compile(
    r"第([一二三四五六七八九十]|\d{1,2})(?:个|座|份|家)(?:城市|要点|计划)?(?=呢|的|那|[?？,，。]|$|怎|说|有|要|是|建|写|具体)"
    r"|(最后一|前一|后一|后)(?:个|座|份|家)(?:城市|要点|计划)?(?=呢|的|[?？,，。]|$|怎|说|有|要|是|建|写)"
    r"|\b(?:the|that)\s+(first|second|third|fourth|fifth|sixth|seventh|last|latter|former)(?:\s+(?:one|city|plan))?\b"
    r"(?!\s+(?:year|time|step|phase|batch|round|grade|term|half|(?:two|three|four|five)\b))",
    re.IGNORECASE,
)
_PLACES = {
    "first": 1, "former": 1, "前一": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "last": -1, "latter": -1, "最后一": -1, "后一": -1, "后": -1,
}  # fmt: skip
_FIRST_FEW = re.compile(
    r"(?P<end>[前头后]|最后)(?P<n>[两二三四五]|[2-5])(?:个|座|份|家)(?:城市|地方|要点|计划)?(?![月年季学阶]|星期|小时)"
    r"|\bthe\s+(?P<from>first|last)\s+(?P<few>two|three|four|five)(?:\s+(?:ones|cities|plans))?\b(?!\s+(?!and\b)\w+s\b)",
    re.IGNORECASE,
)
ASKS_FOR_REST = re.compile(
    r"^(?:那么?)?(?:除了?[这那它他](?:里|儿|边|些|个|们)?(?:城市|地方)?(?:之?外|以外)?[,，]?)?(?:另外)?(?:还有|其他|其它|别的|另外的?)的?"
    r"(?:哪些|哪?几个|谁家?|呢|城市)?(?:城市|地方|计划|要点)?(?:有没有|也?有|提到|这样做)?[啊呀]?(?:呢|吗|么)?[?？。]*$"
    r"|^(?:and\s+|what\s+about\s+|how\s+about\s+)?(?:(?:any|which|the|all)\s+)*others?(?:\s+(?:cities|plans|ones|places))?"
    r"(?:\s+(?:do|does|did|have|has|are|is|will)(?:\s+(?:so|it|that|this|the\s+same))?)?(?:\s+(?:too|as\s+well))?\W*$"
    r"|^(?:and\s+)?(?:who|any(?:one|body|where)|where)\s+else(?:\s+(?:do|does|did|has|is|will)(?:\s+(?:so|it|that|this))?)?\W*$"
    r"|^(?:and\s+)?elsewhere\W*$",
    re.IGNORECASE,
)
"""Asks after a question to one city what the others say."""
_ANOTHER_MATTER = re.compile(
    r"^(?:那么?|还有)?[,，]?(?P<zh>[^,，]{1,15}?)呢[?？。]*$"
    r"|^(?:and|or|what\s+about|how\s+about)\s+(?P<en>.{2,40}?)(?:\s+(?:too|as\s+well))?\W*$"
    r"|^(?P<too>[^,?]{2,40}?)[,\s]+(?:too|as\s+well)\W*$"
    # corrections: 不对,我问的是高中; "No, I meant the teachers"
    r"|^(?:(?:哦|啊|呃)?(?:不是|不对|错了|说错了|打错了)[,，。!！\s]*)?(?:我(?:是|想)?[问说指要]的?是|我是[问说指]|我的意思是)(?P<fix>[^,，]{1,15}?)[吧呀啊?？。]*$"
    r"|^(?:(?:no|sorry|wait|oops)\W+)*i\s+(?:meant|mean|was\s+asking\s+about|am\s+asking\s+about)\s+(?:the\s+)?(?P<meant>.{2,40}?)\W*$",
    re.IGNORECASE,
)
_OWN_QUESTION = re.compile(
    r"怎|什么|多少|几|哪|谁|为|具体|吗|有没有|是不是|其中|它|他们|这|那"
    r"|\b(?:how|why|what|when|where|who|which|is|are|do|does|did|will|of|them|it|they|in|by|there)\b",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"^(?:那么?|所以|但是?)?[,，]?(?:这是|是)?为(?:什么|何|啥)(?:呢|要|会)?(?:这样|这么|如此)?(?:做|干|说|要求|规定|安排|写)?[呢啊呀?？。]*$"
    r"|^(?:and|but|so|ok)?[,\s]*(?:why(?:\s+not)?|how\s+come|what\s+for)(?:\s+(?:is\s+)?(?:that|so|this|do\s+they|does\s+it))?\W*$",
    re.IGNORECASE,
)
"""Asks for the reason of what was asked about, and names nothing."""
_ASKS_WHY = re.compile(r"为(?:什么|何|啥)|\bwhy\b", re.IGNORECASE)
HALF = re.compile(
    r"^(?!.*(?:哪|谁|什么|啥|怎|几|多少))[^,，]{0,10}呢[?？。]*$|这方面|这块|这件?事|另外[一二两三四几]|其余|^还(?:要|有|会)(?!.*(?:多少|几)[个所名间位人]?[㐀-鿿]{2})"
    r"|^(?:(?:and\s+(?:then\s+)?)?(?:what|how)\s+about|and)\b(?!.*\b(?:how|what|which|who|when|does|do|did|is|are|will)\b).{0,80}$"
    r"|\b(?:ones|these|those)\b(?!\s+\w+s\b)",
    re.IGNORECASE,
)
"""Half a question, whose other half was asked before (评完以后呢?, "And the rural ones?")."""
_REST = re.compile(
    r"^(?:那么?)?(?:除(?:此|了?这些|了?这个)(?:之外|以外|外)?[,，]?)?(?:还有(?:没有?)?(?:别的|其他的?|其它的?|什么(?:别的|其他的)?|啥)?"
    r"(?:措施|内容|做法|安排|规定|要求)?[吗么没]|还有(?:别的|其他的?|其它的?)?呢|还有没有?(?:别的|其他的?|其它的?)?|就(?:这些|这么多|这样)了?[吗么]?)[?？。]*$"
    r"|^(?:and\s+|is\s+there\s+)?(?:what|anything|something)\s+(?:else|more)(?:\s+(?:on|about)\s+(?:it|this|that))?\W*$"
    r"|^(?:(?:and\s+)?is\s+)?that\s+(?:all|everything)\W*$|^(?:is\s+there\s+)?any\s*more\W*$",
    re.IGNORECASE,
)
"""Asks whether there is more of what was asked of one place (还有吗?, "Anything else?")."""
_ALSO = re.compile(r"^[^,，?？]{1,14}呢[,，?？]\s*也(?:[有要会搞做办建]|是)(?P<what>[^吗么?？]{2,12})")
_ALL_ASKED = re.compile(r"全部|列出|总结|\b(?:list|all\s+of\s+it|summari[sz]e|sum\s+up)\b", re.IGNORECASE)
_NUMBER_ALONE = re.compile(
    r"^(?:那么?|你|您|请|麻烦|直接|只|就|光|单)*(?:要|说|给|告诉|报|回答|讲)(?:我|一?下|个|出)*(?:一个|那个|具体|最后)?的?(?:数字?|数目|数量|答案|结果)"
    r"(?:就(?:行|好|可以|够)了?|即可|行了)?[吧了。!！]*$|^(?:数字?|数量|答案|结果)(?:就(?:行|好|可以|够)了?|即可)[。!！]*$"
    r"|^(?:please\W+|just\s+|only\s+)*(?:(?:tell|give)\s+me\s+(?:just\s+|only\s+)?)?(?:the|a)\s+(?:(?:exact|total)\s+)?"
    r"(?:number|figure|result|answer|total)s?(?:\s+(?:only|please|is\s+enough|will\s+do))*\W*$",
    re.IGNORECASE,
)
"""Wants no more of the answer than what was asked for (直接说数字, "just tell me the number")."""
_NARROWS = re.compile(
    r"^(?:(?:太多|太长|太杂)了?[,，。!！]?|那么?|我)*(?:只|光|就|仅)(?:要|看|说|讲|想(?:要|看|知道|了解))(?:一下)?(?!怎|什么|多少|几|哪|谁|吗|一句|重点|结论)[^?？]{2,24}$"
    r"|^(?:(?:that['’]?s\s+)?too\s+(?:much|many|long)[,.!]?\s*)?(?:just|only|limit\s+(?:it|that)\s+to|narrow\s+(?:it|that)\s+down\s+to)"
    r"\s+(?!wh|how|tell|do|does|is|are|one|a\b)[^?]{3,40}$",
    re.IGNORECASE,
)
"""Wants a part of what was answered (只要实验室的, "just the labs please")."""
_THING = re.compile(
    r"^(?:那么?)?(?:[他它她]们的?)?(?P<thing>[^,，?？这那他它她]{3,14})的(?:事情?|事儿|情况)呢?[?？。]*$"
)
"""Asks about a thing that was not spoken of; what was asked before is no part of it."""
_LEAD = re.compile(
    r"^(?:(?:那么?(?![些个种里边儿样年时位座份])|好的|太多了|ok(?:ay)?\b|(?:and|but|so|then)\b(?=\W+(?:how|what|who|when|where|why|which|does|do|is|are|will|in)\b))[,，。.!\s]*)+",
    re.IGNORECASE,
)
_OF_SOMETHING = re.compile(
    r"^(?:那么?|所以)?[,，]?(?:需要|需不需要|需|要不要|要|是不是|是|能|会|都|有没有)*"
    r"(?:收不收费|收费|免不免费|免费|交钱|收钱|花钱|钱|交费|缴费|自愿|强制|强制性|必须|公开|补贴|花多少钱|多少钱|怎么收费|怎么报名|报名)的?[吗么呢?？。]*$"
)
"""Asks for what everything may have, and names nothing that has it (收费吗?, 要钱吗?, 怎么报名?)."""
_OF_WHAT = re.compile(
    r"^(?:那么?|所以)?[,，]?(?:报名|收费|交费|缴费|费用|学费|价钱|钱|名额|手续)(?:是不是|会不会|[还都也得要需能从由归谁]|怎[么样]|咋|如何|可以"
    r"|([㐀-鿿])[不没]\1|[多贵够高][不吗么])"
)
"""Asks how it is with what everything may have, and names nothing that has it (钱多不多?, 报名要排队吗?)."""
_THIS = r"(?:这(?:件事情?|个|事|块|项工作)|它)?"
_IN_CHARGE = re.compile(
    rf"^(?:那么?|所以)?[,，]?(?P<this>{_THIS})(?P<asks>(?:是|由|归|该?找)*(?:哪[一几]?个?(?:部门|处室|科室|单位|处|科|股)|谁)"
    rf"(?:来|在)?(?:负责|牵头|主管|管|抓)){_THIS}的?[呢啊?？。]*$"
    r"|^(?:and\s+|so\s+)?(?:who|which\s+(?:office|department|division))(?:['’]s|\s+is)\s+(?:in\s+charge|responsible)"
    r"(?:\s+(?:of|for)\s+(?:it|that|this))?\W*$",
    re.IGNORECASE,
)
"""Asks who is in charge, and names nothing of what (归哪个处管?, "Who is in charge of that?")."""
_STANDS_ALONE = re.compile(
    r"(?:的|[以之]?[前后]|期间|时候?|[上下里]面|[去今明前后当]年|现在|目前|[将未]来|\b(?:ones?|now|today|years?))$"
)
"""Ends words that need a noun behind them or say when: they replace no matter (民办的呢?, 评完以后呢?)."""
_PART_OF = re.compile(r"(?:的?(?:这|那)?一?(?:方面|块|部分|问题|事情?))$")
_YEARS_ON = re.compile(
    r"(?:过了?|再过)?(?P<zh>[一二两三四五六七八九十]|\d{1,2})年(?:之|以)?(?P<way>后|前)|(?P<next>次年|第二年|[后下]一年)|(?P<last>[前上]一年)"
    r"|\b(?P<en>one|two|three|four|five|six|seven|eight|nine|ten|a|\d{1,2})\s+years?\s+(?P<turn>later|after|on|earlier|before)\b"
    r"|\b(?:the\s+)?(?P<after>next|following)\s+year\b|\b(?:the\s+)?(?P<before>previous|preceding)\s+year\b",
    re.IGNORECASE,
)
_ENGLISH_NUMBERS = dict(
    zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True), a=1
)
_YEAR_AFTER = re.compile(r"[\s(（,，的]{0,3}")


def name_ordinals(question: str, answer: str, find: Callable[[str], Sequence[Mention]]) -> str:
    """The question with "the first one" named by the city, and its year, that the answer names first.

    "The first two" are two cities. Left as it is where the answer names no such place.
    """
    few, match = _FIRST_FEW.search(question), _ORDINAL.search(question)
    if few is None and match is None:
        return question
    named = _named(simplify(answer), find)
    if few is not None:
        return _with_few(question, few, named)
    return question if match is None else _with_one(question, match, named)


def _with_few(question: str, match: re.Match[str], named: Sequence[tuple[str, int | None]]) -> str:
    """The question with the cities that it counts from the first or the last one (前两个) named."""
    chinese = match["n"] is not None
    digits = match["n"] if chinese else str(_ENGLISH_NUMBERS[match["few"].lower()])
    n = int(digits) if digits.isdigit() else chinese_number(digits) or 0
    if not 1 < n <= len(named):
        return question
    few = named[:n] if (match["end"] or match["from"].lower()) in ("前", "头", "first") else named[-n:]
    names = [_with_year(city, year, chinese) for city, year in few]
    return question[: match.start()] + ("和" if chinese else " and ").join(names) + question[match.end() :]


def _with_one(question: str, match: re.Match[str], named: Sequence[tuple[str, int | None]]) -> str:
    digits = match.group(1)
    if digits:
        place = int(digits) if digits.isdigit() else chinese_number(digits) or 0
    else:
        place = _PLACES[(match.group(2) or match.group(3)).lower()]
    if len(named) < 2 or not (place == -1 or 1 <= place <= len(named)):
        return question
    one = _with_year(*named[place if place < 0 else place - 1], match.group(3) is None)
    return question[: match.start()] + one + question[match.end() :]


def _with_year(city: str, year: int | None, chinese: bool) -> str:
    return city if year is None else f"{city}{year}年" if chinese else f"{city} {year}"


def counts_years(question: str) -> bool:
    """Tell whether a question names a year by how far it is from another (五年之后, "the next year")."""
    return bool(_YEARS_ON.search(simplify(question)))


def name_years_on(question: str, year: int) -> str:
    """The question with the years that it counts from an earlier one (五年之后, "five years later") named."""

    def named(match: re.Match[str]) -> str:
        if match["zh"]:
            n = int(match["zh"]) if match["zh"].isdigit() else chinese_number(match["zh"]) or 0
            return f"{year + (n if match['way'] == '后' else -n)}年"
        if match["next"] or match["last"]:
            return f"{year + (1 if match['next'] else -1)}年"
        if match["en"]:
            word = match["en"].lower()
            n = int(word) if word.isdigit() else _ENGLISH_NUMBERS[word]
            return f"in {year + (-n if match['turn'].lower() in ('earlier', 'before') else n)}"
        return f"in {year + (1 if match['after'] else -1)}"

    return _YEARS_ON.sub(named, question)


def another_matter(question: str) -> str | None:
    """What a follow-up of a name alone asks about ("游泳呢?", "And swimming?"); None for all others."""
    match = _ANOTHER_MATTER.match(question)
    if match is None:
        return None
    matter = next(str(words) for words in match.groups() if words)
    return None if _OWN_QUESTION.search(matter) else matter


def asks_why(question: str) -> bool:
    """Tell whether a question asks for the reason alone ("Why?", 为什么要这样?)."""
    return bool(_WHY.match(question))


def with_why(before: str) -> str:
    """The question before, asked for the reason, too."""
    return _asked_also(before, _ASKS_WHY, ",为什么?", ", and why?")


def asks_for_rest(question: str) -> bool:
    """Tell whether a question asks whether there is more of the same (还有吗?, "Anything else?")."""
    return bool(_REST.match(question))


def with_all(before: str) -> str:
    """The question before, asked for all that there is to it."""
    return _asked_also(before, _ALL_ASKED, "?请全部列出。", "? List all of it.")


def _asked_also(before: str, asked: re.Pattern[str], chinese: str, english: str) -> str:
    """The question before with what is asked of it now behind it, where it does not ask for that itself."""
    if asked.search(before):
        return before
    return before.rstrip(" ?？。.") + (chinese if has_chinese(before) else english)


def thing_asked(question: str) -> str:
    """What a follow-up of a thing of its own asks (他们新校区的事呢?), as a question; empty for others."""
    match = _THING.match(question)
    return f"{match['thing']}有什么安排?" if match else ""


def asks_number_alone(question: str) -> bool:
    """Tell whether a question wants the number alone that was asked for before (只要数字)."""
    return bool(_NUMBER_ALONE.match(question))


def asks_also(question: str, before: str) -> bool:
    """Tell whether a question asks of another place for what was asked before (那荣成呢?也有基地吗?)."""
    match = _ALSO.match(question)
    return match is not None and any(character in before for character in match["what"])


def narrows(question: str) -> bool:
    """Tell whether a question wants a part of what was asked before alone (只要实验室的)."""
    return bool(_NARROWS.match(question))


def without_lead(question: str) -> str:
    """A question without what only ties it to the one before it (那, "ok")."""
    return _LEAD.sub("", question) or question


def needs_a_matter(question: str) -> bool:
    """Tell whether a question asks for what anything may have, without naming what (收费吗?)."""
    return any(form.match(question) for form in (_OF_SOMETHING, _OF_WHAT, _IN_CHARGE))


def about_matter(question: str, matter: str) -> str:
    """A question that needs a matter, asked of one."""
    match = _IN_CHARGE.match(question)
    if match is None:
        return matter + without_lead(question)
    return f"{matter}{match['asks']}?" if match["asks"] else f"Who is in charge of {matter}?"


def new_matter(matter: str) -> str:
    """What takes the place of the matter before; empty where it cannot stand for one.

    民办的 and 评完以后 are half of what is asked; 老师收红包, with a verb of its own, is a question.
    """
    noun = _PART_OF.sub("", matter.strip())
    words = [word for run in re.findall(r"[㐀-鿿]+", noun) for word in rjieba.cut(run)]
    clause = any(len(word) == 1 and word not in "的和与" for word in words[1:-1])
    return "" if clause or _STANDS_ALONE.search(noun) else noun


def _named(answer: str, find: Callable[[str], Sequence[Mention]]) -> list[tuple[str, int | None]]:
    """The cities of an answer with the year that stands behind each, in order, each once."""
    years = {year.start: year.year for year in find_years(answer)}
    found: list[tuple[str, int | None]] = []
    for mention in find(answer):
        gap = _YEAR_AFTER.match(answer, mention.end)
        year = years.get(gap.end() if gap else mention.end)
        entry = (answer[mention.start : mention.end], year)
        if mention.cities and entry not in found:
            found.append(entry)
    return found
