"""Questions for numbers, and sentences that have one or not."""

import pytest

from rag.amounts import asked_amounts, can_be_meant, computed_units, gives_amount, required_amount


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("上海新增多少个托额?", ["个"]),
        ("要有多少名教师参加流动,多少所学校?", ["名", "所"]),
        ("入园率达到百分之几?", []),
        ("新建智慧校园几所?", ["所"]),
        ("要造几座核电站?", ["座"]),
        ("要造多少座核电站?", ["座"]),
        ("How many nursery places?", []),
        ("一共投入多少资金?", ["资金"]),
        ("How much money goes to schools in total?", ["钱"]),
        ("How many yuan does the plan spend?", ["钱"]),
        ("营养餐一天补几块钱?", ["钱"]),
        ("校车一趟要几块?", ["钱"]),
        ("校服要多少块钱?", ["块钱"]),
        ("要建几块劳动基地?", None),
        ("怕好几万块钱打水漂", None),
        ("打算招多少个老师?", ["人"]),
        ("要招几个新老师?", ["人"]),
        ("How many teachers will be hired?", ["人"]),
        ("要建多少个教师周转房?", ["个"]),
        ("由哪几个老师负责?", None),
        ("由哪几个科室负责?", None),
        ("庆祝第几个教师节?", None),
        ("青岛怎么做?", None),
    ],
)
def test_the_units_that_are_asked_for(question: str, units: list[str] | None) -> None:
    assert asked_amounts(question) == units


@pytest.mark.parametrize(
    ("text", "units", "gives"),
    [
        ("新增托额2000个", ["个"], True),
        ("招聘教师4000人左右", ["名"], True),
        ("新建幼儿园15所", ["个"], True),
        ("新建幼儿园15所", ["名"], False),
        ("新建幼儿园15所", ["座"], False),
        ("建设书屋6座", ["座"], True),
        ("投入216亿元", ["钱"], True),
        ("2023年推进教师流动", ["名"], False),
        ("2023年推进教师流动", [], False),
        ("推进教师流动", [], False),
        ("毛入学率达到93.5%", [], True),
        ("毛入学率达到93.5%", ["个"], False),
        ("投入216亿元", ["个"], False),
    ],
)
def test_a_sentence_gives_a_number_of_the_kind(text: str, units: list[str], gives: bool) -> None:
    assert gives_amount(text, units) is gives


@pytest.mark.parametrize(
    ("unit", "units", "can"),
    [
        ("所", ["钱"], False),
        ("亿元", ["钱"], True),
        ("万元", ["资金"], True),
        ("所", ["名"], False),
        ("人次", ["名"], True),
        ("人", ["钱", "人"], True),
        ("个", ["钱", "人"], False),
        ("%", ["%"], True),
        ("所", ["个"], True),
        ("个", ["座"], True),
        ("所", ["钱", "所"], True),
        ("所", [], True),
    ],
)
def test_money_people_and_shares_are_counted_in_nothing_else(unit: str, units: list[str], can: bool) -> None:
    assert can_be_meant(unit, units) is can


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("普惠性幼儿园占比最高的是哪个城市?", ["%"]),
        ("哪个城市的覆盖率最高?", ["%"]),
        ("Which city has the highest coverage rate?", ["%"]),
        ("留学生人数目标最高的城市是哪个?", ["人"]),
        ("教育经费投入最多的是谁?", ["钱"]),
        ("哪个城市建成投入使用的幼儿园最多?", []),
        ("占比87%的幼儿园一共多少所?", ["所"]),
        ("哪个城市的幼儿园最多?", []),
    ],
)
def test_the_units_that_are_computed_with(question: str, units: list[str]) -> None:
    assert computed_units(question) == units


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("几份计划给出了教育投入的具体金额?", ["元"]),
        ("In how many of these plans is there an actual yuan amount for education spending?", ["元"]),
        ("有几份写了新建幼儿园的具体数目?", []),
        ("几份计划定了教师轮岗的具体比例?", ["%"]),
        ("How many plans give a concrete number of pupils?", ["人"]),
        ("有几份计划提到数字化?", None),
        ("有几份计划提到奖学金?", None),
        ("How many plans mention numbers games?", None),
    ],
)
def test_the_amount_that_a_plan_must_give(question: str, units: list[str] | None) -> None:
    assert required_amount(question) == units
