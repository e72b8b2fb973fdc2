"""The plans and the scripted answers that the page is shown with, one question for each kind of answer."""

from __future__ import annotations

from typing import Any

from page_app import Attempts, Hold, Refusal, Script, Stage
from page_tables import table_answers
from page_writing import Scripts

from corpus.library import load_sample_plans
from corpus.plan import Plan

LOOKUP = "天津2014年计划新建改扩建各类型幼儿园多少所?"
ENUMERATE = "哪些城市提出托育扩容?"
NOT_FOUND = "邯郸2022年第35条写了什么?"
OUT_OF_CORPUS = "北京2023年的托育计划是什么?"
AMBIGUOUS = "今年的目标是什么?"
DOUBTFUL = "南宁2023年要建多少所公办幼儿园?"
FOLLOW_UP = "那上海呢?"
FOLLOW_UP_RESOLVED = "上海2023年计划新增多少托额?"
ASTRAL = "示例市写了什么?"
HOSTILE = "<script>window.broken=1</script><img src=x onerror=window.broken=1>"
BUSY = "现在忙吗?"
BREAKS = "中途会出错吗?"
LOST = "连接会断吗?"
RESUMED = "断了还能接上吗?"
REFUSED = "可以问吗?"
QUEUED = "要排队吗?"
LOADING = "模型好了吗?"
SLOW = "请慢慢回答"

HOSTILE_WORDS = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>&lt;b&gt;'
ASTRAL_TEXT = (
    "𠮷野示例市2020年工作要点\n\n一、𠮷字与表情😀在前\n"
    "1.一句带𠮷的话。要引用的是这一句:新增托位𠮷三百个。后面还有一句😀。\n"
    f"2.当心标记。{HOSTILE_WORDS}\n"
)
ASTRAL_QUOTE = "要引用的是这一句:新增托位𠮷三百个。"


def plan_bodies() -> dict[str, dict[str, Any]]:
    """What ``GET /v1/plans/{id}`` gives for the seven sample plans and one made to be difficult."""
    bodies = {plan.plan_id: _body(plan) for plan in load_sample_plans()}
    return bodies | {"shili-2020": _difficult_plan()}


def _body(plan: Plan) -> dict[str, Any]:
    outline = [_node("section", s.number, s.title, s.level, None, s.start, s.end) for s in plan.sections]
    outline += [
        _node("item", i.number, i.title, len(i.headings) + 1, i.item_id, i.start, i.end) for i in plan.parts()
    ]
    gaps = [{"kind": g.kind, "first": g.first, "last": g.last, "reason": g.reason} for g in plan.gaps]
    return {
        "plan_id": plan.plan_id, "title": plan.title, "city": plan.city, "city_source": plan.city_source,
        "city_evidence": list(plan.city_evidence), "year": plan.year, "department": plan.department,
        "sections": len(plan.sections), "items": len(plan.items), "sub_points": plan.n_sub_points,
        "levels": list(plan.levels), "gaps": gaps,
        "source": {"file": plan.source.file, "origin": plan.source.origin, "url": plan.source.url},
        "text": plan.text, "outline": sorted(outline, key=lambda node: int(node["start"])),
    }  # fmt: skip


def _node(
    kind: str, number: str, title: str, level: int, item_id: str | None, start: int, end: int
) -> dict[str, Any]:
    return {
        "kind": kind,
        "number": number,
        "title": title,
        "level": level,
        "item_id": item_id,
        "start": start,
        "end": end,
    }


def _difficult_plan() -> dict[str, Any]:
    text = ASTRAL_TEXT
    first, second, heading = text.index("1.一句"), text.index("2.当心"), text.index("一、")
    outline = [
        _node("section", "一", "𠮷字与表情😀在前", 1, None, heading, first - 1),
        _node("item", "1", "一句带𠮷的话", 2, "shili-2020#1", first, second - 1),
        _node("item", "2", HOSTILE_WORDS, 2, "shili-2020#2", second, len(text) - 1),
    ]
    return {
        "plan_id": "shili-2020", "title": "𠮷野示例市2020年工作要点", "city": "示例",
        "city_source": "stated", "city_evidence": [], "year": 2020, "department": HOSTILE_WORDS,
        "sections": 1, "items": 2, "sub_points": 0, "levels": [1, 2], "gaps": [],
        "source": {"file": "shili.txt", "origin": "", "url": "javascript:window.broken=1"},
        "text": text, "outline": outline,
    }  # fmt: skip


def build_stage() -> Stage:
    """The stage with every script."""
    plans = plan_bodies()
    write = Scripts(plans)
    scripts: dict[str, Script] = {}
    for question, answer, words in [*_answers(write), *_refusals(write)]:
        scripts[question] = write.stream(answer, words, held=question in {LOOKUP, ENUMERATE, SLOW})
    scripts[BUSY] = Refusal(
        503, {"code": "busy", "message": "too many questions are waiting; try again in a few seconds."}
    )
    scripts[BREAKS] = [
        ("status", {"stage": "read"}),
        ("error", {"error": {"code": "generator_failed", "message": "the language model stopped midway.",
                             "detail": None, "request_id": "b41d07aa90ce4f13"}}),
    ]  # fmt: skip
    scripts[LOST] = [("status", {"stage": "read"}), ("delta", {"text": "只来得及说半"})]
    again = write.final(RESUMED, "lookup", "接上了。", [])
    scripts[RESUMED] = Attempts([scripts[LOST], write.stream(again, ["接上了。"], held=False)])
    scripts[REFUSED] = Refusal(403, {"code": "forbidden", "message": "this key may not ask."})
    scripts[QUEUED] = [("status", {"stage": "queued", "position": 3}), Hold("words")]
    scripts[LOADING] = [("status", {"stage": "loading", "missing": ["model"]}), Hold("words")]
    stored = write.final(
        LOOKUP,
        "lookup",
        "天津2014年新建改扩建各类型幼儿园50所。[1]",
        [write.cite(1, "tianjin-2014#10", "新建改扩建各类型幼儿园50所")],
    )
    stage = Stage(plans, scripts)
    stage.keep(stored | {"id": "kept"})
    return stage


def _answers(write: Scripts) -> list[tuple[str, dict[str, Any], list[str]]]:
    kindergartens = write.cite(1, "tianjin-2014#10", "新建改扩建各类型幼儿园50所")
    villages = write.cite(2, "tianjin-2014#10", "提升改造100所村办幼儿园")
    lookup = ["天津2014年计划新建、改扩建", "各类型幼儿园50所。[1]", "\n另外提升改造100所村办幼儿园。[2]"]
    tianjin = {"cities": ["天津"], "years": [2014], "plans": []}
    rooms = write.cite(1, "shanghai-2023#11", "每区新增不低于200个“宝宝屋”托额")
    built = write.cite(1, "nanning-2023#19", "年内建成投入使用新建、改扩建公办幼儿园15所")
    doubtful = "南宁2023年建成公办幼儿园15所。[1]这比上一年多三成。"
    astral = write.cite(1, "shili-2020#1", ASTRAL_QUOTE)
    hostile = write.cite(2, "shili-2020#2", HOSTILE_WORDS)
    claims = [
        {"text": "南宁2023年建成公办幼儿园15所。", "citations": [1], "support": "verified"},
        {"text": "这比上一年多三成。", "citations": [], "support": "unsupported"},
    ]
    room_words = "上海每区新增不低于200个“宝宝屋”托额。[1]"
    answers = [
        (lookup, write.final(LOOKUP, "lookup", "".join(lookup), [kindergartens, villages],
                             filters_applied=tianjin)),
        ([room_words], write.final(FOLLOW_UP, "lookup", room_words, [rooms],
                                   question_resolved=FOLLOW_UP_RESOLVED)),
        ([doubtful], write.final(DOUBTFUL, "lookup", doubtful, [built], status="partial", claims=claims)),
        (["写了托位。[1]"], write.final(ASTRAL, "summarise", "写了托位。[1]", [astral, hostile])),
        ([HOSTILE_WORDS], write.final(HOSTILE, "lookup", f"{HOSTILE_WORDS}[2]", [hostile],
                                      warnings=[HOSTILE_WORDS], question_resolved=f"{HOSTILE}?")),
        (["慢慢"], write.final(SLOW, "lookup", "慢慢说完了。[1]", [kindergartens])),
    ]  # fmt: skip
    answers_by_question = [(answer["question"], answer, words) for words, answer in answers]
    return [*answers_by_question, _enumerate(write), *table_answers(write)]


def _enumerate(write: Scripts) -> tuple[str, dict[str, Any], list[str]]:
    places = write.cite(1, "shanghai-2023#11", "全市新增不少于2000个公办幼儿园托额")
    rooms = write.cite(2, "shanghai-2023#11", "每区新增不低于200个“宝宝屋”托额")
    care = write.cite(3, "qingdao-2023#14", "建立健全延时托管服务制度,探索开展幼儿园延时托管服务工作")
    seats = write.cite(
        4, "handan-2022#27", "抓好民生实事中小学幼儿园扩容增位工作,新改扩建中小学36所、幼儿园34所"
    )
    found = {
        "shanghai-2023": ("yes", 0.97, [1, 2]),
        "qingdao-2023": ("undecided", 0.41, [3]),
        "handan-2022": ("partial", 0.55, [4]),
    }
    verdicts = []
    for plan_id in (
        "qingdao-2023",
        "nanning-2023",
        "shanghai-2023",
        "tianjin-2014",
        "qingdao-2018",
        "rongcheng-2023",
        "handan-2022",
    ):
        verdict, confidence, citations = found.get(plan_id, ("no_evidence", 0.08, []))
        year = int(plan_id[-4:])
        city = write.cite(0, f"{plan_id}#1", "1.")["city"]
        verdicts.append(
            {
                "plan_id": plan_id,
                "city": city,
                "year": year,
                "verdict": verdict,
                "confidence": confidence,
                "citations": citations,
            }
        )
    words = [
        "7 份要点中有 1 份明确提出托育扩容:",
        "\n- 上海(2023):全市新增不少于2000个公办幼儿园托额[1],",
        "每区新增不低于200个“宝宝屋”托额[2]。",
    ]
    gap = {
        "plan_id": "handan-2022",
        "kind": "hidden",
        "first": 28,
        "last": 48,
        "reason": "此处内容需要权限查看",
    }
    coverage = {"plans_in_scope": 7, "plans_checked": 7, "items_scored": 249, "gaps": [gap]}
    answer = write.final(
        ENUMERATE,
        "enumerate",
        "".join(words),
        [places, rooms, care, seats],
        verdicts=verdicts,
        coverage=coverage,
    )
    return ENUMERATE, answer, words


def _refusals(write: Scripts) -> list[tuple[str, dict[str, Any], list[str]]]:
    gap = {
        "plan_id": "handan-2022",
        "kind": "hidden",
        "first": 28,
        "last": 48,
        "reason": "此处内容需要权限查看",
    }
    hidden = {"plans_in_scope": 1, "plans_checked": 1, "items_scored": 29, "gaps": [gap]}
    handan = {"cities": ["邯郸"], "years": [2022], "plans": []}
    nowhere = {"plans_in_scope": 0, "plans_checked": 0, "items_scored": 0, "gaps": []}
    unknown = {"cities": [], "years": [2023], "plans": [], "unknown_cities": ["北京"], "unknown_years": []}
    missing = "在邯郸(2022)的要点中未找到第35条。"
    outside = "语料中没有北京、2023年的要点。"
    choices = "请选一份要点:\n1. 上海2023年的目标是什么?\n2. 天津2014年的目标是什么?"
    return [
        (
            NOT_FOUND,
            write.final(
                NOT_FOUND, "lookup", missing, [], status="not_found", coverage=hidden, filters_applied=handan
            ),
            [missing],
        ),
        (
            OUT_OF_CORPUS,
            write.final(
                OUT_OF_CORPUS,
                "lookup",
                outside,
                [],
                status="out_of_corpus",
                coverage=nowhere,
                model={"name": "Qwen2.5-1.5B", "used": False},
                filters_applied=unknown,
            ),
            [outside],
        ),
        (AMBIGUOUS, write.final(AMBIGUOUS, "lookup", choices, [], status="ambiguous"), [choices]),
    ]
