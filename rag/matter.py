"""The matter of a question that wants everything on it: its words without those that only ask.

The frame of a question (方面有哪些安排, "what are the measures for") comes near to every item of a plan of
work, the more so the shorter the matter is, and blurs which items belong to it.
"""

from __future__ import annotations

import re

from rag.reading import Reading
from rag.tokenise import is_chinese

_TURNS = 3
"""Frames stand inside each other: 请概括…有哪些举措, 逐条列出."""
_KIND = (
    r"(?:具体)?的?(?:工作)?(?:举措|措施|做法|安排|任务|工作|内容|部署|规定|要求|要点|政策|事情|事项|事|项目|打算|办法|动作"
    r"|方面|条)"
)
_WHAT = r"(?:哪些|什么|啥|哪几[个项条]|怎样|怎么|如何)"
_DEED = r"(?:有|是|做|干|抓|写|讲|搞|包括|包含|涉及|提出|开展|要做|会做|打算做|打算|在做|说)?(?:了|些)?"
_HOW = r"(?:做|抓|推进|搞|开展|落实|治理|管|说|改|办|发展|安排|进行)?"
_CHINESE = tuple(
    re.compile(frame)
    for frame in (
        r"[?？。!！,，\s]+$",
        r"[,，;；:：、\s]*(?:请|把)?(?:全部|全都|逐条|分条|分点|一一|都)?(?:列出来|列出|列举|说一下|说|讲|帮我?理一理|理一理"
        r"|概括一下|总结一下|介绍一下|梳理一下|归纳一下)$",
        r"[,，;；:：、\s]*(?:请|都|全|统统|给我|帮我|麻烦)*(?:归拢|归纳|汇总|盘点|概括|总结|梳理|捋|理|列|数|过)一(?:遍|下|列|捋|理|份)$",
        r"[,，;；:：、\s]+(?:请|都|全|统统|给我|帮我|麻烦)*(?:归拢|归纳|汇总|盘点|概括|总结|梳理|捋)+$",
        r"[,，;；:：、\s]*(?:这?[两三四几](?:家|地|市|年|份)|它们|他们)?的?(?:说法|做法|安排|要求|规定|表述|提法|力度)?(?:之间)?(?:有(?:什么|啥))?(?:差|区别|不同|差别|差异|变化|不一样)"
        r"(?:在哪(?:里|儿)?|是什么|大不大|有多大|呢)?$",
        r"[,，;；:：、\s]*(?:各自|分别|各)(?:都)?(?:有|是|要|想|怎么)?(?:些)?(?:哪些|什么|啥|怎么)?(?:说法|做法|安排|要求|规定|说|做|打算)?$",
        r"[,，]?能不能把|凡是(?:跟|和|与)?|有关的?$|(?:跟|和|与)(?=[^,，]{2,20}有关的?$)",
        r"^(?:请|麻烦|帮我|帮忙)*(?:概括|总结|归纳|梳理|概述|介绍|列出|列举|说说|讲讲|理一理|看看)(?:一下)?(?:所有|全部)?",
        rf"(?:方面|上|中|里)?(?:都|主要|分别|各)?{_DEED}{_WHAT}(?:{_KIND})?{_HOW}$",
        rf"(?:方面|上|中|里)?的?{_KIND}$",
        r"(?:方面|上|中|里)$",
        rf"(?:是|都是)(?:怎样|怎么|如何){_HOW}的$",
        r"^.{0,6}(?:有)?(?:几|多少)条(?:要点|内容|工作|任务)?(?:是|都)?(?:讲到?|说到?|提到?|写到?|涉及|关于|有关|跟|和|与)(?:的是)?",
        r"^[,，:：、—\s]+|^(?:比比|比一比|比较|对比)(?:一下)?的?|^的?(?:前后|这|那)?[这那两三四几]?(?:个|座|份|家)(?:地方|城市|文件|计划|要点)(?:[里中]头?)?的?",
        r"^的?(?:要点|文件|计划)?(?:[里中]头?)?(?:有没有|有无|是否|是不是|[讲管提说写]不[讲管提说写]|[讲提说写]没[讲提说写])"
        r"(?:说到|说过|说|讲到|讲|提到|提过|提|写|谈|管)?(?:关于)?",
        r"^(?:在|对于|对|就|关于|的|为|怎样|怎么|如何|都|要|将|会|打算|准备|想|分别|各自|今年|当年|那年|给|这[几两三四五]年(?:里|来|间)?)+",
    )
)
_ENGLISH = tuple(
    re.compile(frame, re.IGNORECASE)
    for frame in (
        r"[?.!,\s]+$",
        r"^(?:please\s+)?(?:summari[sz]e|list|describe|outline|tell me about|give me|give|explain|sum up)\s+"
        r"(?:(?:what|all|every|the)\s+)*",
        r"^(?:what|how|which)\s+(?:(?:does|do|did|is|are|was|will|has|have)\s+)?",
        # where places stood: "'s and 's plans", "from to"
        r"^(?:(?:['’]s|and|or|vs\.?|versus|with|from|to|in|between|both|on)(?![\w’'])|[,:;&()\s-])+",
        r"(?:\s+(?:of|in|and|from|to|with|between)|['’]s|[,:;&()\s])+$",
        r"^(?:compare|contrast)(?:s|d)?\s+|\s+compared?(?:\s+(?:with|to))?$",
        r"^(?:(?:do|does|did)\s+)?(?:the\s+)?(?:(?:two|three|both)\s+)?(?:plans\s+|documents\s+)?(?:differ|compare|changed?)\s+"
        r"(?:on|in|over|for)\s+|\s+(?:differ|compare)$",
        r"^(?:(?:is|are)\s+there\s+|(?:do|does)\s+)?(?:(?:say|talk|speak|mention)s?\s+)?(?:anything|something)\s+(?:about|on|for)\s+"
        r"|^(?:say|talk|speak|mention)s?\s+(?:(?:about|of|on)\s+)?|\s+in\s+(?:the\s+|its\s+|['’]s\s+)?plans?$",
        r"^(?:['’]s|\s)*(?:(?:the|its|their|they|it|all|every|main)\s+)*"
        r"(?:plans?|planned|measures?|polic(?:y|ies)|steps|work|arrangements|tasks|do|doing|does|says?|will|handles?|"
        r"intends?)\b\s*(?:(?:for|on|about|to|of|in|against)\b\s*)?(?:(?:do|doing)\s+(?:for|about|on|against)\b\s*)?",
        r"[,:;.?]?\s*(?:please\s+)?(?:gather|collect|list|pull\s+together|sum\s+(?:it\s+)?up)\b(?:\s+(?:all|everything|it|of|that))*$",
        r"^(?:please\s+)?(?:pull|put|bring|gather)\s+together\s+|^(?:everything|all)\s+(?:that\s+)?(?:\w+\s+)?(?:plans?|wants?|intends?|aims?)\s+to\s+do\s+(?:with|about|for|on)\s+",
        r"[,:;]?\s*sum\s+up\s+what\b.*$|\b(?:has|have|had)\s+in\s+mind$",
        r"[,:;.]?\s*(?:give|list)\s+(?:every|all)\s+(?:items?|points?)$|\s+(?:in|for)$",
    )
)
_LEAST = {True: 2, False: 3}
"""Characters of a matter, in Chinese and else: what would leave less is no frame."""


def matter_of(reading: Reading) -> str:
    """What the question is about (职业教育, "vocational education"), or its topic as it is.

    A place that has no plan is part of what the question is about (schools in Hong Kong).
    """
    if reading.unknown_places:
        return reading.topic
    chinese = is_chinese(reading.topic)
    # an English topic is the whole question, places and all
    words = reading.topic if chinese else reading.rest
    matter = words.strip()
    for _ in range(_TURNS):
        before = matter
        for frame in _CHINESE if chinese else _ENGLISH:
            shorter = frame.sub("", matter).strip()
            if sum(map(str.isalnum, shorter)) >= _LEAST[chinese]:
                matter = shorter
        if matter == before:
            break
    framed = matter != words.strip() and is_chinese(matter) == chinese
    return matter if framed else reading.topic
