"""Which kind of fact a question asks for by its own words, and whether a sentence could be one of that kind.

Only where the kind is beyond doubt: who holds an office, on which day, at what hour or when, where something
is held, which company, which of a counted number, the how-manieth. The sentence's side is read generously:
what may be a date is one, so that a question is refused only where nothing could answer it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.numbers import chinese_number
from rag.tokenise import normalise

_NUMERAL = r"(?:\d+|[一二两三四五六七八九十百]+)"
_SEVERAL = r"(?:[2-9]|\d{2,}|[两二三四五六七八九十]+)"
_COUNT = re.compile(
    r"(?<![第\d.])(\d+|[一二两三四五六七八九十]+)(?=[所个家])|\bwhich\s+(\d+)\b", re.IGNORECASE
)
_OFFICE = r"(?:[局厅部市省县区州院园处科会]长|(?<!副)校长|所长|主任|书记|理事长|一把手)"
_OFFICER = (
    r"(?:mayor|director|head|chief|president|principal|minister|secretary|commissioner"
    r"|chair(?:man|woman|person)?|governor|dean|headteacher|headmaster)"
)
_SURNAME = (
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆"
    "郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
)
_WHERE = r"(?:哪儿|哪里|何处|(?:什么|啥|哪个|哪些)地方)"
_HELD = r"(?:举办|举行|召开|开幕|比赛|开工|选址|落户|落成|坐落|挂牌)"
_FEW = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact: the words that ask for it, and what a sentence must have to be an answer."""

    name: str
    asks: re.Pattern[str]
    gives: re.Pattern[str]


def _kind(name: str, chinese: str, english: str, gives: str) -> FactKind:
    asks = f"{chinese}|{english}"
    return FactKind(name, re.compile(asks, re.IGNORECASE), re.compile(gives, re.IGNORECASE))


_DAY = (
    rf"{_NUMERAL}月(?!饼)|{_NUMERAL}[日号](?!线)|月[底初末]|[上中下]旬|季|学期|暑假|寒假|假期|期间|年[底初末]|开学|[上下]半年|春|秋"
    rf"|节[前后]|国庆|元旦|五一|[周每星]期?[一二三四五六日天周月]"
)
_TIME = (
    rf"{_DAY}|\d年|[每今全当本明近去]年|年[内前度]|逐年|{_NUMERAL}(?:个?月|年)|十[一二三四五六]五|[后前时][,，、。;；]|之[前后]|以[前后]"
    r"|完成.{1,12}后|凡|一旦|发现|出现|届时|同步|即时|及时|立即"
)
_EXACT = frozenset({"contact", "score", "class size", "rank", "stock"})
_ASKS_MINUTES = re.compile(r"(?:几|多少)个?(?:分钟|刻钟)|\bhow\s+many\s+minutes\b", re.IGNORECASE)
_MINUTES = re.compile(rf"(?:{_NUMERAL}|[半多*x]|\d余)个?(?:分钟|刻钟|小时|钟头)")
"""What can answer a question for minutes: lessons a week (每周1课时) cannot …"""
_ASKS_MOST = re.compile(
    r"最多|不[能得可许]?超|上限|以内|封顶|\b(?:at\s+most|no\s+more\s+than|maximum|max|limits?)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(r"至少|不[少低小短]于|以上|保证|确保")
"""… and where it is for how many at the most, as many as there must be (保证每天锻炼1小时) cannot."""
_CLAUSE = re.compile(r"[,;。]")
_KINDS = (
    _kind(
        "person",
        rf"{_OFFICE}(?:同志)?(?:现在|目前|当时)?(?:是|叫)(?:谁|哪位|什么名|啥名|什么人|啥[?？]?$|什么[?？]?$)"
        rf"|谁(?:是|当)[^,，。?？]{{0,15}}{_OFFICE}|哪(?:位|个|名)[^,，。?？]{{0,4}}(?:领导(?!小组|班子|机构|体制)|(?:局|厅|市|校|区|县)长)",
        rf"\bwho(?:['’]s|\s+is|\s+was)\s+(?:the\s+)?(?:[\w'’]+\s+){{0,4}}?{_OFFICER}\b"
        rf"|\bname\s+of\s+(?:the\s+|[\w]+['’]s\s+)?(?:[\w'’]+\s+){{0,3}}?{_OFFICER}(?:\s+(?:of|at|in)\b|[?.!]|$)",
        rf"(?:{_OFFICE}|同志)[::]?{_SURNAME}[一-龥]{{1,2}}(?![一-龥])|(?<![一-龥]){_SURNAME}[一-龥]{{1,2}}(?:同志|副?{_OFFICE})"
        r"|姓名",
    ),
    _kind(
        "day",
        r"几月(?:几[日号]|份)?|哪一?[天日](?!常)|几[日号](?![楼线文馆院院门])|哪一?个月|(?:具体)?日期(?:是|定)",
        r"\b(?:what|which)\s+(?:exact\s+)?(?:date|day|month)\b(?![-\s]+(?:care|to|school|nurser))",
        _DAY,
    ),
    _kind(
        "time",
        r"[什啥]么?时候(?!.{0,3}(?:会被|可以|能|算|才))|啥时|何时|什么时间|几时|哪一?年(?!级)|何年",
        r"\bwhen\s+(?:do|does|did|will|is|are|was|were|must|should)\b|\b(?:by|until|since|from)\s+when\b"
        r"|\b(?:in|by)\s+(?:what|which)\s+year\b",
        _TIME,
    ),
    _kind(
        "duration",
        r"(?:几|多少)个?(?:分钟|小时|钟头|天|星期|周(?![岁年边围])|学时|课时)|几个月|多久(?![^,，。?？]{0,6}一次)|多长时间|多少时间",
        r"\bhow\s+long\b|\bhow\s+many\s+(?:minutes|hours|days|weeks|months)\b|\bhow\s+much\s+time\b",
        rf"(?:{_NUMERAL}|[半多*x]|\d余)个?(?:分钟|小时|钟头|天|日|星期|周|月|年|学年|学期|学时|课时|节)|[每全]天|半天|当天|长期|{_NUMERAL}-{_NUMERAL}年",
    ),
    _kind(
        "hour",
        r"(?:早上|早晨|清早|上午|中午|下午|晚上|傍晚|半夜|夜里|凌晨|放学|上学|到校)[^,，。?？]{0,4}?几点(?!要求|建议|意见|措施|做法|内容)|到几点(?!要求|建议|意见)"
        r"|(?<![哪这那])几点(?:钟|[以之]?[前后]|到校|起床|开[门始]|上[学课班]|放[学假]|下[课班]|睡|关门|才|半)",
        r"(?<!\bby\s)\b(?:what|which)\s+time\s+(?:of\s+(?:the\s+)?day\b|in\s+the\b|(?:do|does|did|must|may|can|should|will|is|are)\b)|\bwhat\s+hour\b",
        r"\d\s*[点时](?!间)|\d:\d\d|[*x]点|(?:[二两三四五六七八九]|十[一二]?)点(?!一线)|[上下]午一点|一点[钟半]",
    ),
    _kind(
        "pay",
        r"(?:工资|薪水|薪酬|月薪|年薪|待遇|津贴|补贴|补助)(?:标准)?(?:是|有|能?[拿发给])?(?:多少|几)",
        r"\bwhat\s+(?:salar(?:y|ies)|wages?|pay|stipends?|allowances?)\b|\bhow\s+much\b[^.?!]*\b(?:earn\w*|(?:get|be|are|is)\s+paid)\b",
        r"\d[\d.]*[万亿]?元|\d%|不(?:少|低)于|高于|相当于|[*x][万亿]?元",
    ),
    _kind(
        "fee",
        r"(?:收不收|交不交|要不要|用不用|花不花|需不需要|该不该)(?:家长|另外|再|自己)?[交花收掏付]?[费钱]|[收要花用交得掏](?:家长|另外|再|自己)?[交花收掏付]?[费钱](?=[吗嘛不么没])"
        r"|免不免费|免费的?(?=[吗嘛不么])",
        r"\bdo(?:es)?\s+(?:\w+\s+){1,6}?charge\b(?!\s+of)|\bdo\s+(?:i|we|you|parents|families|pupils|students)\s+(?:have\s+to\s+|need\s+to\s+)?pay\b"
        r"|\b(?:is|are)\s+(?:it|this|that|they|these|those|all\s+(?:this|that|of\s+it))\s+free(?:\s+of\s+charge)?\W*$"
        r"|\bwhat\s+(?:would|does|will|do|might)\s+(?:\w+\s+){1,4}?cost\b",
        r"费(?![心力时])|免(?![疫试])|公益|资助|补[助贴]|奖补|钱|[收定涨物]价|元(?![旦月宵])",
    ),
    _kind(
        "contact",
        r"(?:电话|热线|手机|微信|网址|网站|官网|邮箱|公众号|地址|联系方式)(?:号码?)?(?:是|有)?(?:多少|几|哪个|什么|啥)|打(?:什么|哪个|多少)(?:电话|号码|热线)"
        r"|怎么联系(?!实际|企业|群众)",
        r"\b(?:phone|telephone|hotline|contact)\s+(?:number|details)\b|\bwhich\s+(?:hotline|number)\b"
        r"|\bwhat(?:['’]?s|\s+is|\s+are)\s+(?:the\s+)?(?:\w+\s+){0,3}?(?:hotline|e-?mail(?:\s+address)?|web\s*site)\b",
        r"\d{5,}|热线|电话|网[址站]|平台|邮箱|公众号|信箱|二维码|地址",
    ),
    _kind(
        "place to look",
        rf"在?(?:{_WHERE}|哪)(?:才|就)?(?:能|可以)?(?:看[到得]?|查[到得询]?|下载|领取?|公布|公示)(?:到|得)?",
        r"\bwhere\s+(?:can|could|do|will|would|should)\s+(?:i|we|you|parents|one)\s+(?:see|look|find|check|download|get)\b",
        r"网[站址上页]|官网|公[示布开告]|平台|app|公众号|查询|发布|窗口|热线",
    ),
    _kind(
        "score",
        r"(?:多少|几)分(?![之钟])|分数线|录取线|及格线",
        r"\b(?:cut-?off|pass(?:ing)?|admission|entry|minimum)\s+(?:score|mark|grade)s?\b|\bwhat\s+(?:score|mark)s?\b",
        r"\d分(?![之钟])|分数|录取线",
    ),
    _kind(
        "class size",
        r"师生比|生师比|(?:一个|每个?)班(?:最多|不超过|要?有|里)?(?:多少|几)[个名位]?(?:人|学生|孩子|娃)|班额(?:是|有|为)?(?:多[大少]|几)",
        r"\b(?:pupil|student|teacher)s?[\s-]+(?:to[\s-]+)?(?:teacher|pupil|student)s?[\s-]+ratio\b|\bclass\s+sizes?\s+(?:limit|cap)\b|\bhow\s+(?:big|large)\s+(?:are|is|can|will|may)\b[^?]*\bclass",
        r"师生比|生师比|班额|1[::比]\d|\d人",
    ),
    _kind(
        "rank",
        r"哪一?[所家个](?:学校|小学|中学|初中|高中|幼儿园|大学|园|校|城市)?[^,，。?？]{0,4}最(?:好|差|强|厉害|牛)|排(?:名|在)?第几",
        r"\b(?:best|worst|top[\s-]rank(?:ed|ing)|highest[\s-]rank(?:ed|ing))\s+(?:\w+\s+)?(?:school|university|college|kindergarten|district)\b",
        r"排名|名列|位[列居]|第[一二三]名|最[好优强]|领先|前列",
    ),
    _kind(
        "stock",
        r"(?<!新)(?:(?:一共|总共|共|现在|目前|全市|现)+有|有(?=(?:多少|几)[^,，。?？人]{1,8}[?？]?$))(?:多少|几)[所名个家位万千百]*(?:小学|中学|初中|高中|学校|幼儿园|大学|高校|老师|教师|学生|孩子|人)[?？]?$",
        r"\bhow\s+many\s+(?:pupils|students|teachers|schools|kindergartens|universities|children)\s+(?:are\s+there|does\s+\w+\s+have|live|study|work)\b",
        r"(?:达到?|共有?|现有|已有|总数|拥有|有)[^,，。;；]{0,8}\d",
    ),
    _kind(
        "venue",
        rf"在(?:{_WHERE}|哪){_HELD}|{_HELD}(?:的地点)?(?:是?在|于)?{_WHERE}|{_HELD}地点"
        rf"|(?:建|盖|设|开|落)在(?:{_WHERE}|哪(?![个一些]))",
        r"\bwhere\s+(?:the\s+)?new\s+[\w\s]{3,40}?\s+(?:will|are|is|would)\b|\bwhere\s+(?:will|is|are|was|were|does|do|did)\b[^?]*\b(?:held|hold|holds|take\s+place|host\w*|staged?)\b",
        r"[县镇乡村馆]|(?<!验)区(?![域市])|街道|广场|[医学剧]院|中心|大学|基地|[在于赴][^,，。]{2,}[举召开建设挂成办]",
    ),
    _kind(
        "company",
        r"哪[一几]?[家个]?(?:公司|企业|厂家|厂商|供应商|开发商|承包商)",
        r"\b(?:which|what)\s+(?:\w+\s+)?(?:company|companies|firms?|suppliers?|vendors?|contractors?|manufacturers?)\b",
        r"公司|(?<!教育)(?<!办学)集团(?!化|办学)|(?<!校外)企业|股份|有限|[a-z]{2,}",
    ),
    _kind(
        "members",
        rf"哪{_SEVERAL}[所个家]|(?<![第十百\d]){_SEVERAL}[所个家][^,，。?？]{{1,20}}(?:是|有|叫|分别)(?:哪|什么)",
        rf"\bwhich\s+{_FEW}\s|\bnames\s+of\s+(?:the|these|those)\s+{_FEW}\s",
        r"[:：“(]|(?<!新建)、|等(?=\d|[所个家项,，。;；])",
    ),
    _kind(
        "schools",
        rf"^(?!.*{_NUMERAL}所).*哪[几一]?所",
        r"\b(?:what|which)\s+are\s+the\s+names\s+of\s+the\s+(?:\w+\s+)?schools\b",
        rf"大学|学院|中学|小学|学校|幼儿园|附中|[分新盲聋]校|校区|{_NUMERAL}中|职[高专]|等{_NUMERAL}?所|、[^,，]{{2,8}}\d+所",
    ),
    _kind(
        "ordinal",
        r"第几(?=[届个次期批轮])",
        r"\b(?:which|what)\s+edition\b|\b(?:which|what)\s+number\s+(?:is|was|are)\b|\bhow\s+manieth\b|\bwhich\s+number\b",
        rf"第{_NUMERAL}|首[届个次期批轮]",
    ),
)


@dataclass(frozen=True, slots=True)
class AskedFact:
    """What a question asks for: the kinds of fact, and how many there are of what it wants named."""

    kinds: tuple[FactKind, ...]
    counts: frozenset[int] = frozenset()
    in_minutes: bool = False
    """Whether it is a length of time in minutes."""
    at_most: bool = False
    """Whether it is how long something may be."""

    @property
    def is_ordinal(self) -> bool:
        """Whether it is the how-manieth, which a question for an amount can mean, too."""
        return any(kind.name == "ordinal" for kind in self.kinds)

    @property
    def is_exact(self) -> bool:
        """Whether no number of things can be meant, though it is asked for like one (电话是多少, 多少分)."""
        return any(kind.name in _EXACT for kind in self.kinds)

    @property
    def is_of_clock(self) -> bool:
        """Whether it is an hour of the day or a number of minutes, which no words can tell but a figure."""
        return self.in_minutes or any(kind.name == "hour" for kind in self.kinds)

    def gives(self, text: str) -> bool:
        """Tell whether a sentence could state it."""
        plain = normalise(text)
        kinds = [kind for kind in self.kinds if kind.name in _EXACT] or self.kinds
        return any(kind.gives.search(plain) and self._is_of_these(kind, plain) for kind in kinds)

    def _is_of_these(self, kind: FactKind, text: str) -> bool:
        """Tell whether a sentence can be on what is meant: minutes; as many as are counted, or no number."""
        if kind.name == "duration" and self.in_minutes:
            return any(self._gives_minutes(clause) for clause in _CLAUSE.split(text))
        if kind.name != "members" or not self.counts:
            return True
        counted = _counts(text)
        return not counted or bool(self.counts & counted)

    def _gives_minutes(self, clause: str) -> bool:
        return bool(_MINUTES.search(clause)) and not (self.at_most and _LEAST.search(clause))


def asked_fact(question: str) -> AskedFact | None:
    """The fact that a question asks for by its words; None where its kind is not clear."""
    plain = normalise(question)
    kinds = tuple(kind for kind in _KINDS if kind.asks.search(plain))
    in_minutes, at_most = bool(_ASKS_MINUTES.search(plain)), bool(_ASKS_MOST.search(plain))
    return AskedFact(kinds, _counts(plain), in_minutes, at_most) if kinds else None


def without_durations(question: str) -> str:
    """A question without the words that ask how long: what is left may ask for an amount of something."""
    (duration,) = (kind for kind in _KINDS if kind.name == "duration")
    return duration.asks.sub(" ", question)


def _counts(text: str) -> frozenset[int]:
    """The numbers of things that a text counts, in digits or in words."""
    found = (match.group(1) or match.group(2) for match in _COUNT.finditer(text))
    values = (int(number) if number.isdigit() else chinese_number(number) for number in found)
    return frozenset(value for value in values if value is not None)
