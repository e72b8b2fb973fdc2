"""Questions for a fact of a clear kind, and sentences that could state one or not."""

import pytest

from rag.fact_kinds import asked_fact


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("教委主任是谁?", ["person"]),
        ("市教育局局长叫什么名字?", ["person"]),
        ("哪个领导负责双减?", ["person"]),
        ("Who is the director of the education commission?", ["person"]),
        ("What is the name of the head of the bureau?", ["person"]),
        ("中小学法治副校长是谁?", []),
        ("哪个领导小组负责?", []),
        ("牵头处室是谁?", []),
        ("Who may ride for free?", []),
        ("体育节是几月几号开幕?", ["day"]),
        ("大会几号开?", ["day"]),
        ("On what date does the museum open?", ["day"]),
        ("几号楼要改造?", []),
        ("What day-care places are there?", []),
        ("马拉松什么时候跑?", ["time"]),
        ("学前教育行动计划到哪年?", ["time"]),
        ("When does the city hold its arts festival?", ["time"]),
        ("By what year must it be done?", ["time"]),
        ("老师什么时候会被一票否决?", []),
        ("What help do pupils get when they are ill?", []),
        ("Which year groups learn to swim?", []),
        ("论坛在哪儿举办?", ["venue"]),
        ("Where will the festival be held?", ["venue"]),
        ("两年的差别在哪?", []),
        ("Where can people report it?", []),
        ("午餐由哪家公司供应?", ["company"]),
        ("Which company built the homework system?", ["company"]),
        ("改造的70所幼儿园是哪些?", ["members"]),
        ("哪三所高职要搬迁?", ["members"]),
        ("Which 13 vocational schools are assessed?", ["members"]),
        ("有一个平台叫什么?", []),
        ("第一所开放大学叫什么?", []),
        ("哪所学校要建新校?", ["schools"]),
        ("第几届写字节?", ["ordinal"]),
        ("Which edition of the contest is it?", ["ordinal"]),
        ("每天作业最多写几分钟?", ["duration"]),
        ("How long must they spend in companies?", ["duration"]),
        ("早上几点以后才准上课?", ["hour"]),
        ("下午几点放学?", ["hour"]),
        ("What time do lessons begin?", ["hour"]),
        ("有哪几点要求?", []),
        ("主要有几点?", []),
        ("多久考一次?", []),
        ("几周岁可以入园?", []),
        ("What salary do kindergarten teachers get?", ["pay"]),
        ("老师的补贴是多少?", ["pay"]),
        ("How much does a teacher earn?", ["pay"]),
        ("老师的待遇怎么提高?", []),
        ("哪些学校要建心理咨询室?", []),
        ("Which schools are moving?", []),
        ("青岛怎么做?", []),
    ],
)
def test_the_kind_of_fact_that_is_asked_for(question: str, kinds: list[str]) -> None:
    fact = asked_fact(question)
    assert [kind.name for kind in fact.kinds] == kinds if fact else not kinds


@pytest.mark.parametrize(
    ("question", "text", "gives"),
    [
        ("教委主任是谁?", "选好配强领导班子,落实校长负责制。", False),
        ("教委主任是谁?", "市教委主任:王建国。", True),
        ("大会几号开?", "召开全市教育高质量发展大会。", False),
        ("大会几号开?", "9月10日召开大会。", True),
        ("技能大赛哪天举行?", "高水平举办2014年全国职业院校技能大赛。", False),
        ("技能大赛什么时候举行?", "高水平举办2014年全国职业院校技能大赛。", True),
        ("马拉松什么时候跑?", "承办好国家级滨海马拉松。", False),
        ("幼儿园何时建成?", "年内建成投入使用公办幼儿园15所。", True),
        ("什么时候转学?", "完成高一学业后,可自主选择。", True),
        ("论坛在哪儿举办?", "举办首届职业教育“丛台论坛”。", False),
        ("论坛在哪儿举办?", "在市职教中心举办论坛。", True),
        ("每天作业最多写几分钟?", "严控书面作业总量。", False),
        ("每天作业最多写几分钟?", "书面作业不超过60分钟。", True),
        ("每天作业最多写几分钟?", "每周1课时劳动教育必修课。", False),
        ("每天作业最多写几分钟?", "保证学生每天1小时体育锻炼时间。", False),
        ("每天要锻炼多少分钟?", "保证学生每天1小时体育锻炼时间。", True),
        ("每周上多少课时?", "每周1课时劳动教育必修课。", True),
        ("早上几点上课?", "严格控制中小学生在校时间。", False),
        ("早上几点上课?", "小学上课时间不早于8:20。", True),
        ("早上几点上课?", "每天锻炼1小时。", False),
        ("要去企业待多长时间?", "每年累计参与企业实践不少于一个月。", True),
        ("每周运动多少小时?", "每天体育锻炼*小时以上。", True),  # the source hides the number
        ("What salary do kindergarten teachers get?", "落实工资专户制度,保障教师工资发放。", False),
        ("How much does a teacher earn?", "教师平均工资收入水平不低于当地公务员。", True),
        ("午餐由哪家公司供应?", "实施主城区小学午餐供应全覆盖。", False),
        ("和哪家公司合作?", "与海尔集团合作。", True),
        ("和哪家公司合作?", "推进教育集团化办学。", False),
        ("改造的70所幼儿园是哪些?", "改造农村薄弱幼儿园70所,加强监测和指导。", False),
        ("改造的70所幼儿园是哪些?", "新设学校、幼儿园80所。", False),
        ("哪三所高职要搬迁?", "做好商务、青年、铁道3所高职院校迁入工作。", True),
        ("哪10所学校要扩建?", "完成天桃学校等10所学校的扩建。", True),
        ("第一批项目校是哪几所?", "开展第一批项目区、项目校入校评估。", False),
        ("哪所学校要建新校?", "完成盲校新校建设。", True),
        ("第几届写字节?", "办好写字节。", False),
        ("第几届写字节?", "举办首届写字节。", True),
    ],
)
def test_a_sentence_that_could_state_the_fact(question: str, text: str, gives: bool) -> None:
    fact = asked_fact(question)
    assert fact is not None and fact.gives(text) is gives
