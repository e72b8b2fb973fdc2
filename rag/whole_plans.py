"""Tells a question about plans as a whole (天津2014写了什么?) from one about a matter in them.

It has none of its own where nothing is left of it once the words are taken out that only ask, tell, or name
plans, their parts and those who issue them. Whatever is left is a matter: the lists below hold no subject of
education, so that a word that nobody thought of leads to a search and not past one.
"""

from __future__ import annotations

import re

_POLITE = re.compile(
    r"^(?:请问)?[你您]?(?:能不能|能否|可不可以|可以|可否|能)(?P<asked>.*?)[吗么]?[?？。]*$", re.DOTALL
)
_YES_NO = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?:is|are|was|were|do|does|did|has|have|had|will)\b(?!\s+you\b)"
)
_WHICH_ONE = re.compile(r"哪(?:些|[一两几]?[个座家])(?:城市|地方|市|县|地区|省)")
"""Asks for a place, which no overview names."""

_SEVERAL = re.compile(
    r"这些|那些|这几|那几|上述|它们|各|每|所有|全部|\b(?:plans|documents|cities|all|each|every|both|these|those|they)\b"
)
_ONE = re.compile(
    r"它(?!们)|[这那该本](?:[份个篇]|座)?(?:要点|计划|文件|城市|市)|\b(?:it|its|(?:the|this|that)\s+(?:plan|document|city))\b"
)
_TELLS = re.compile(
    r"说|写|讲|提到|提出|谈|规定|包[括含]|涵盖|涉及|介绍|概[括述览要况]|总结|归纳|梳理|综述|摘要|提要|[大提]纲"
    r"|框架|结构|目录|脉络|[要主]旨|大意|梗概|内容|要点|计划|文件|重点|任务|工作|举措|措施|做法|部署|安排"
    r"|做|干|搞|抓|打算|(?:多少|几)个?(?:条|项|部分|章)"
    r"|\b(?:say|says|said|state[sd]?|stating|contain\w*|includ\w*|cover(?:s|ed|ing)?|mention(?:s|ed)?|list(?:s|ed)?"
    r"|tell|describ\w*|explain\w*|introduc\w*|present|summar\w*|overviews?|outlin\w*|sum|gist|digest|brief\w*"
    r"|contents?|plans?|planned|planning|documents?|points?|sections?|items?|topics?|themes?|priorit\w+|focus"
    r"|tasks?|measures|actions|structure|agenda|do|doing)\b"
)
"""One of these must stand in it: 上海呢? and "Shanghai 2023" have no matter either, but ask for nothing."""

_CHINESE_FRAME = re.compile(
    "|".join(
        (
            # who issues a plan, and what all of them are about
            "市?委?教育工作委员会|教育工委|高校工委|市?教育局|教育厅|教体局|市?教委|教育部门|教育系统|教育和体育",
            "教育工作|教育|工作",
            # plans and their parts
            "要点|计划|文件|文本|内容|重点|任务|部分|章节|方面|安排|部署|措施|举措|做法|动作|事项|事情|事",
            "框架|结构|目录|脉络|要旨|主旨|大意|梗概",
            "(?:有|共)?(?:多少|几)个?(?:条|项|部分|章|件)",
            # asking and telling
            "什么|啥|哪些|哪几(?:个|条|项|方面|件)?|怎么",
            "情况|写到|说到|讲到|讲述|描述|提到|提出|谈到|规定|包括|包含|涵盖|涉及|列出|列了",
            "介绍|概括|概述|概览|概要|概况|总结|归纳|梳理|综述|摘要|提要|大纲|提纲",
            "说说|讲讲|谈谈|聊聊|看看|了解|知道|告诉|请问|帮忙|帮我|给我|给出|一下|一遍|一份|一个|一篇",
            "打算|准备|开展|推进",
            # how much of it, and which
            "具体|主要|大概|大致|大体|简单|简要|简短|快速|整体|总体上?(?!要求|目标)|全面|完整|详细|逐条|依次|分别|各自",
            "所有|全部|一共|总共|这些|那些|这几|那几|它们|上述",
            "今年|当年|这年|那年|全年|年度|城市|各地|地方",
            "[写说讲提谈列做干搞抓要想将会看请把我你您它该这那本每各全都共也还又就对个份篇条项些年市县区省]",
            "[的了是有在里中上呢呀啊嘛吧和与跟及以至]",
        )
    )
)
_ENGLISH_FRAME = re.compile(
    r"\b(?:"
    # asking, telling, being
    r"please|can|could|would|shall|will|may|you|i|we|me|us|want|like|need|know|just|let|lets|to|what|s|how\s+many"
    r"|is|are|was|were|be|being|been|do|does|did|doing|done|has|have|had"
    r"|say|says|said|saying|state[sd]?|stating|contain(?:s|ed|ing)?|include[sd]?|including|cover(?:s|ed|ing)?"
    r"|mention(?:s|ed)?|list(?:s|ed)?|tell|give|show|describe[sd]?|explain|introduc(?:e|es|tion)|present"
    r"|go|going|walk|take|through|look|see|read|intends?|intended|intending|wants?|propose[sd]?|hopes?"
    # plans, their parts and how much of them
    r"|summar(?:y|ies|i[sz]e[sd]?|i[sz]ing)|overviews?|outline[sd]?|sum|gist|digest|brief|briefly|short|quick|quickly"
    r"|rough|roughly|general|generally|broad|main|mainly|major|key|overall|whole|entire|full|complete|basic|big"
    r"|plans?|planned|planning|documents?|paper|text|contents?|points?|parts?|sections?|chapters?|items?"
    r"|topics?|themes?|priority|priorities|focus|tasks?|measures|actions?|steps|work|agenda|structure|ideas?|things?"
    # who issues them, when
    r"|educational|education|bureaus?|departments?|commissions?|authority|authorities|municipal|government"
    r"|municipality|city|cities|annual|yearly|years?|each|every|all|both|respectively|one|ones"
    # words between
    r"|a|an|the|this|that|these|those|it|its|they|them|their|there|everything"
    r"|of|in|on|for|from|by|with|within|about|at|into|and|up|out|so|then|now|also"
    r")\b"
)


def asks_of_whole_plans(rest: str) -> bool:
    """Tell whether a question wants to be told what plans say, and names no matter in them.

    ``rest`` is the question, normalised, without the places and years that it names.
    """
    plain = rest.lower().strip()
    if _YES_NO.match(plain) or _WHICH_ONE.search(plain) or not _TELLS.search(plain):
        return False
    polite = _POLITE.match(plain)
    left = _CHINESE_FRAME.sub(" ", polite.group("asked") if polite else plain)
    return not any(character.isalnum() for character in _ENGLISH_FRAME.sub(" ", left))


def points_at_one_plan(rest: str) -> bool:
    """Tell whether a question speaks of one plan without saying which (它, 这份要点, "the plan")."""
    return bool(_ONE.search(rest.lower())) and not names_several(rest)


def names_several(rest: str) -> bool:
    """Tell whether a question speaks of several plans or of all (这些要点, "each of them")."""
    return bool(_SEVERAL.search(rest.lower()))
