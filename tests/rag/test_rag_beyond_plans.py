"""Questions for outcomes, opinions and the best city: no plan tells them, whatever comes near."""

from pathlib import Path

import pytest
from chain_fakes import answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.amounts import required_amount
from rag.beyond_plans import beyond_plans
from rag.modes import asks_whether


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("青岛2018年的幼儿园目标后来完成了没有?", "outcome"),
        ("上海2023年实际新增了多少托额?", "outcome"),
        ("荣成的任务完成得怎么样?", "outcome"),
        ("Did Qingdao meet its 2018 goals?", "outcome"),
        ("Was the Tianjin 2014 plan carried out?", "outcome"),
        ("How many schools were actually built in Handan?", "outcome"),
        ("南宁的家长对双减满意吗?", "opinion"),
        ("Are parents in Nanning happy with after-school care?", "opinion"),
        ("What do teachers think of it?", "opinion"),
        ("哪个城市的教育质量最好?", "best"),
        ("哪座城市更适合孩子上学?", "best"),
        ("Which city is best for my kids?", "best"),
        # what plans may tell
        ("青岛2018年要完成哪些目标?", None),
        ("最后一条要落实什么?", None),
        ("家长满意度要达到多少?", None),
        ("怎么让群众满意?", None),
        ("哪个城市的规定最具体?", None),
        ("Which targets are to be met by 2025?", None),
        ("What is done for happy childhoods?", None),
        ("Which plan has the best detail on nurseries?", None),
    ],
)
def test_what_no_plan_tells(question: str, kind: str | None) -> None:
    assert beyond_plans(question) == kind


def test_an_outcome_is_refused_with_what_was_planned(tmp_path: Path) -> None:
    plan = write_plan("qingdao-2018", "青岛", 2018, ["1|1.学前教育。新建幼儿园60所。"])
    index = make_index([plan], tmp_path)
    answer = ask(answerer_over(index), "青岛2018年新建幼儿园的目标后来完成了没有?")
    check_guarantees(index, answer)
    assert answer.status == "not_found" and "不写后来做成了没有" in answer.answer
    assert "60所" in ask(answerer_over(index), "青岛2018年新建幼儿园多少所?").answer


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("哪些城市写了近视率要降到多少?", []),
        ("哪几个城市定了要补贴多少钱?", ["元"]),
        ("南宁和邯郸哪个城市的老师工资高?", ["元"]),
        ("青岛的教师工资比上海高吗?", ["元"]),
        ("Which city pays its teachers more?", ["元"]),
        ("哪些城市写了怎么防近视?", None),
        ("哪些城市要提高老师工资?", None),
    ],
)
def test_an_amount_without_which_nothing_is_told(question: str, units: list[str] | None) -> None:
    assert required_amount(question) == units


@pytest.mark.parametrize(
    ("question", "whether"),
    [
        ("南宁有没有让娃讲壮话的?", True),
        ("Are Tianjin's principals getting any training?", True),
        ("荣成办不办班?", True),
        ("南宁有没有什么措施防近视?", False),
        ("Does Handan say what it will do?", False),
        ("荣成怎么办班?", False),
    ],
)
def test_whether_a_yes_or_no_is_all_that_is_wanted(question: str, whether: bool) -> None:
    assert asks_whether(question) is whether
