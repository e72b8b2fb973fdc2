"""Scripted answers with a table or with figures: plans side by side, year on year, numbers."""

from __future__ import annotations

from typing import Any

from page_writing import Scripts

COMPARE = "上海和青岛2018年在扩大普惠学前教育上有什么不同?"
YEARS = "青岛2018年和2023年的学前教育工作有什么变化?"
SUM = "天津2014年和青岛2018年一共新建改扩建多少所幼儿园?"
MOST = "哪份要点新建改扩建的幼儿园最多?"
DIFFERENT = "上海2023年提到哪些托额数字?"


def _cell(plan_id: str, citations: list[int], change: str | None = None) -> dict[str, Any]:
    return {"plan_id": plan_id, "citations": citations, "change": change}


def _bar(plan_id: str, label: str, value: float, shown: str, citation: int) -> dict[str, Any]:
    return {"plan_id": plan_id, "label": label, "value": value, "shown": shown, "citation": citation}


def table_answers(write: Scripts) -> list[tuple[str, dict[str, Any], list[str]]]:
    """Each question with its answer and the words as they come."""
    made = [_compare(write), _years(write), *_numbers(write)]
    return [(answer["question"], answer, [answer["answer"]]) for answer in made]


def _compare(write: Scripts) -> dict[str, Any]:
    citations = [
        write.cite(1, "shanghai-2023#12", "实施新一轮新建改扩建30所幼儿园工程"),
        write.cite(2, "shanghai-2023#12", "指导各区将配套园办成公办园或普惠民办园"),
        write.cite(
            3,
            "qingdao-2018#13",
            "继续扩大普惠园规模,新建、改扩建60所普惠性幼儿园,加强城镇居住区配套幼儿园普惠园建设督查工作",
        ),
    ]
    words = "两地都以新建、改扩建幼儿园扩大供给:上海30所[1],青岛60所且限于普惠园[3]。"
    plans = ["shanghai-2023", "qingdao-2018"]
    aspects = [
        {"name": "新建、改扩建", "cells": [_cell(plans[0], [1]), _cell(plans[1], [3])]},
        {"name": "配套园", "cells": [_cell(plans[0], [2]), _cell(plans[1], [])]},
    ]
    return write.final(
        COMPARE,
        "compare",
        words,
        citations,
        filters_applied={"cities": ["上海", "青岛"], "years": [2018, 2023], "plans": []},
        table={"kind": "compare", "plans": plans, "aspects": aspects},
    )


def _years(write: Scripts) -> dict[str, Any]:
    citations = [
        write.cite(1, "qingdao-2018#13", "新建、改扩建60所普惠性幼儿园"),
        write.cite(2, "qingdao-2018#13", "加强城镇居住区配套幼儿园普惠园建设督查工作"),
        write.cite(3, "qingdao-2023#14", "探索开展幼儿园延时托管服务工作"),
        write.cite(4, "qingdao-2023#14", "建立健全延时托管服务制度"),
    ]
    plans = ["qingdao-2018", "qingdao-2023"]
    aspects = [
        {"name": "幼儿园延时托管", "cells": [_cell(plans[0], []), _cell(plans[1], [3], "new")]},
        {"name": "幼儿园服务", "cells": [_cell(plans[0], [1]), _cell(plans[1], [4], "kept")]},
        {"name": "配套园督查", "cells": [_cell(plans[0], [2]), _cell(plans[1], [], "gone")]},
    ]
    return write.final(
        YEARS,
        "compare",
        "2023年新写入延时托管[3]。\n2018年的配套园督查[2]在2023年的要点中未找到。",
        citations,
        filters_applied={"cities": ["青岛"], "years": [2018, 2023], "plans": []},
        table={"kind": "years", "plans": plans, "aspects": aspects},
    )


def _numbers(write: Scripts) -> list[dict[str, Any]]:
    tianjin = write.cite(1, "tianjin-2014#10", "新建改扩建各类型幼儿园50所")
    qingdao = write.cite(2, "qingdao-2018#13", "新建、改扩建60所普惠性幼儿园")
    shanghai = write.cite(3, "shanghai-2023#12", "实施新一轮新建改扩建30所幼儿园工程")
    bars = [
        _bar("tianjin-2014", "天津(2014)幼儿园", 50, "50所", 1),
        _bar("qingdao-2018", "青岛(2018)普惠性幼儿园", 60, "60所", 2),
        _bar("shanghai-2023", "上海(2023)幼儿园", 30, "30所", 3),
    ]
    places = write.cite(1, "shanghai-2023#11", "全市新增不少于2000个公办幼儿园托额")
    rooms = write.cite(2, "shanghai-2023#11", "每区新增不低于200个“宝宝屋”托额")
    apart = [
        _bar("shanghai-2023", "全市公办幼儿园托额", 2000, "2000个", 1),
        _bar("shanghai-2023", "每区宝宝屋托额", 200, "200个", 2),
    ]
    return [
        write.final(SUM, "count", "两份要点合计110所:天津50所[1],青岛60所[2]。", [tianjin, qingdao],
                    figures={"operation": "sum", "unit": "所", "comparable": True, "bars": bars[:2],
                             "result": "110"}),
        write.final(MOST, "count", "青岛2018年最多,60所[2];天津50所[1],上海30所[3]。",
                    [tianjin, qingdao, shanghai],
                    figures={"operation": "most", "unit": "所", "comparable": True, "bars": bars,
                             "result": "60"}),
        write.final(DIFFERENT, "count", "全市2000个[1],每区200个[2]。", [places, rooms],
                    figures={"operation": "list", "unit": "个", "comparable": False, "bars": apart,
                             "result": None}),
    ]  # fmt: skip
