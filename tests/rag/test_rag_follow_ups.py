"""Follow-ups as questions of their own: of another matter, of other cities, for the reason."""

from __future__ import annotations

import pytest
from conversations import read

from rag.asked_matter import find_matter
from rag.places import CorpusPlaces
from rag.reading import QuestionReader
from rag.scope_words import year_spans


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("荣成有没有提马拉松", "马拉松"),
        ("Tianjin 2014 有没有提 MOOC?", "MOOC"),
        ("南宁是不是要取消重点班?", "重点班"),
        ("荣成的孩子学不学游泳", "游泳"),
        ("荣成对游泳怎么说", "游泳"),
        ("青岛2018年怎么推校园足球?", "校园足球"),
        ("荣成为什么要普及游泳", "游泳"),
        ("青岛的职业教育是怎么安排的?", "职业教育"),
        ("荣成学前教育由哪个科负责?", "学前教育"),
        ("邯郸谁负责劳动教育?", "劳动教育"),
        ("上海今年要建多少幼儿园", "幼儿园"),
        ("邯郸的特色高中今年要做到多少所?", "特色高中"),
        ("青岛2023有没有提人工智能", "人工智能"),
        ("荣成对校长队伍有啥打算?", "校长队伍"),
        ("荣成提到校车了吗?", "校车"),
        ("上海提到校园欺凌", "校园欺凌"),
        ("Tell me about elderly education in Shanghai", "elderly education"),
        ("Does Handan have winter sports?", "winter sports"),
        ("How does Tianjin fight illegal school fees?", "illegal school fees"),
        ("How many canteens will Qingdao build in 2018?", "canteens"),
        ("Did Qingdao's 2018 plan say anything about football?", "football"),
        ("Who is responsible for preschool in Rongcheng?", "preschool"),
        ("Compare Rongcheng and Handan on digital classrooms.", "digital classrooms"),
        ("How does Rongcheng want kids to learn swimming?", "swimming"),
        ("How does Rongcheng keep private kindergartens in check?", "private kindergartens"),
        # nothing that could be told from the words that ask, or half of a matter
        ("南宁老师不够用,打算怎么补?", ""),
        ("天津2014年对口支援西藏有哪些安排?", ""),
        ("青岛写了什么?", ""),
        ("上海的学前教育?", ""),
        ("How many new colleges for them?", ""),
    ],
)
def test_the_matter_of_a_question(sample_places: CorpusPlaces, question: str, matter: str) -> None:
    scope = [(m.start, m.end) for m in sample_places.find(question)] + year_spans(question, whole=True)
    span = find_matter(question, scope)
    assert (question[slice(*span)] if span else "") == matter


@pytest.mark.parametrize(
    ("before", "question", "resolved"),
    [
        ("Tianjin 2014 有没有提 MOOC?", "那 library 呢?", "Tianjin 2014 有没有提 library?"),
        ("荣成有没有提马拉松?", "那足球呢?", "荣成有没有提足球?"),
        ("邯郸心理健康教育由哪个处室牵头?", "那劳动教育呢?", "邯郸劳动教育由哪个处室牵头?"),
        ("上海和天津在学前教育上有什么不一样?", "特殊教育方面呢?", "上海和天津在特殊教育上有什么不一样?"),
        ("How does Nanning train nurses?", "And drivers?", "How does Nanning train drivers?"),
        ("Does Shanghai mention myopia?", "What about obesity?", "Does Shanghai mention obesity?"),
        ("Does Handan have winter sports?", "Tai chi too?", "Does Handan have Tai chi?"),
        # people and schools take the place of those named alone
        ("上海对学生心理健康怎么说?", "那教师呢?", "上海对教师心理健康怎么说?"),
        ("What does Shanghai say about pupils' mental health?", "what about teachers?",
         "What does Shanghai say about teachers' mental health?"),
        # in the language of the follow-up
        ("Does Rongcheng mention swimming?", "那足球呢?", "Rongcheng有没有提到足球?"),
        ("荣成有没有提马拉松?", "What about football?", "Does 荣成 mention football?"),
    ],
)  # fmt: skip
def test_another_matter_takes_the_place_of_the_one_before(
    reader: QuestionReader, before: str, question: str, resolved: str
) -> None:
    assert read(reader, question, before).question == resolved


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("天津怎么治教育乱收费?", "那老师收家长红包呢?"),
        ("邯郸的特色高中今年要做到多少所?", "那省级示范性的呢?"),
        ("上海第一轮强校工程要评估几所初中?", "评完以后呢?"),
        ("天津2014怎么抓食品安全?", "那去年呢?"),
        ("哪些城市要新建幼儿园?", "那里面南宁写了多少?"),
        ("邯郸2022年要建几个劳动实践基地?", "那荣成2023年呢?也有基地吗?"),
        # nothing that could be named was spoken of
        ("邯郸下午,放学早没人接怎么办?", "钱多不多?"),
        ("Does Shanghai mention myopia?", "And for teachers?"),
        ("Which cities raise pay?", "And for teachers?"),
        ("How many first-class kindergartens does Handan want?", "And the rural ones?"),
    ],
)
def test_half_a_question_is_shown_with_the_one_before(
    reader: QuestionReader, before: str, question: str
) -> None:
    found = read(reader, question, before).question
    assert question in found and before in found


@pytest.mark.parametrize(
    ("earlier", "question", "resolved", "left_out"),
    [
        (("荣成的孩子学不学游泳",), "别的城市呢", "除荣成外,哪些城市的孩子学游泳", "rongcheng-2023"),
        (("荣成有没有提马拉松?",), "还有哪个城市提到?", "除荣成外,哪些城市提马拉松?", "rongcheng-2023"),
        (("上海有没有心理课?",), "其他城市有没有?", "除上海外,哪些城市有心理课?", "shanghai-2023"),
        (("Does Rongcheng teach swimming?",), "Does any other city do that?",
         "Which cities other than Rongcheng teach swimming?", "rongcheng-2023"),
        (("Tell me about elderly education in Shanghai", "How many new colleges for them?"),
         "Which other cities mention it?",
         "Which cities other than Shanghai mention elderly education?", "shanghai-2023"),
        (("Does Qingdao mention AI?",), "Which cities?", "Which cities mention AI?", ""),
    ],
)  # fmt: skip
def test_the_others_are_asked_the_same(
    reader: QuestionReader, earlier: tuple[str, ...], question: str, resolved: str, left_out: str
) -> None:
    reading = read(reader, question, *earlier)
    assert (reading.question, reading.mode) == (resolved, "enumerate")
    assert len(reading.plan_ids) == 7 - bool(left_out) and left_out not in reading.plan_ids


@pytest.mark.parametrize(
    ("earlier", "question", "resolved"),
    [
        (("Which cities want to teach swimming?",), "Why?", "Which cities want to teach swimming, and why?"),
        (("荣成为什么要普及游泳",), "为什么要这样?", "荣成为什么要普及游泳"),
        (("南宁今年新建多少所公办幼儿园?",), "为什么?", "南宁今年新建多少所公办幼儿园,为什么?"),
        (("上海的托育怎么搞",), "收费吗?", "上海托育收费吗?"),
        (("上海的托育怎么搞", "每个区至少要多少个宝宝屋名额?"), "要钱吗?", "上海宝宝屋名额要钱吗?"),
        (("邯郸怎么安排中午吃饭",), "坐公交要钱吗", "邯郸坐公交要钱吗"),
        (("青岛2023有没有提游泳?",), "不对,我问的是2018年的", "青岛2018有没有提游泳?"),
        (("邯郸有多少所幼儿园要新改扩建?",), "不对,我问的是高中", "邯郸有多少所高中要新改扩建?"),
        (("What does Nanning do for pupils' mental health?",), "No, I meant the teachers",
         "What does Nanning do for teachers' mental health?"),
        (("荣成的延时托管怎么做?",), "错了,是青岛", "青岛的延时托管怎么做?"),
        (("邯郸怎么推广普通话?",), "归哪个处管?", "邯郸普通话归哪个处管?"),
        (("荣成怎么普及游泳?",), "这个归谁管?", "荣成游泳归谁管?"),
        (("荣成怎么对付校外补习班",), "谁负责这件事?", "荣成校外补习班谁负责?"),
        (("Does Handan mention swimming?",), "Who is in charge of that?",
         "Who is in charge of swimming? (Handan)"),
        (("邯郸2022年想多弄多少个教师编制?",), "还要补充多少老师?", "邯郸2022年还要补充多少老师?"),
        (("上海今年要新盖几个幼儿园",), "那报名是不是还得去排队?", "上海幼儿园报名是不是还得去排队?"),
        (("荣成的延时托管怎么做?",), "那钱多不多", "荣成延时托管钱多不多"),
        # "it", beside another place, is what was spoken of
        (("How does Tianjin want to cut homework?",),
         "What about Rongcheng, how much of it is done at school?",
         "What about Rongcheng, how much of homework is done at school?"),
        (("How does Rongcheng teach swimming?",), "Which office in Handan is in charge of it?",
         "Which office in Handan is in charge of swimming?"),
        (("How does Rongcheng teach swimming?",), "Does Handan build new pools and pay for it?",
         "Does Handan build new pools and pay for it?"),
    ],
)  # fmt: skip
def test_a_follow_up_that_names_no_matter_has_the_one_before(
    reader: QuestionReader, earlier: tuple[str, ...], question: str, resolved: str
) -> None:
    assert read(reader, question, *earlier).question == resolved


@pytest.mark.parametrize(
    ("before", "question", "matter"),
    [
        ("Does Tianjin plan any new Confucius Institutes?", "how many?", "confucius institutes"),
        ("青岛的康复大学2023年怎么样了?", "它在2018年的时候还在什么阶段?", "康复大学"),
        (
            "Does Qingdao hold a festival for class teachers in 2023?",
            "Is it the first one?",
            "class teachers",
        ),
        ("上海有没有找志愿者帮忙?", "总共得有多少人?", "志愿者"),
        ("Does Tianjin plan any new Confucius Institutes?", "where?", "confucius institutes"),
        # a part of the matter before
        ("What is Shanghai doing about campus safety?", "just the labs please", "campus safety"),
        ("上海怎么抓校园安全?", "只要实验室的", "校园安全"),
        ("荣成的职业教育2023年要干些啥?", "太多了,只要跟海产养殖那个专业有关的", "职业教育"),
    ],
)
def test_what_names_no_matter_or_a_part_of_it_keeps_place_and_matter(
    reader: QuestionReader, before: str, question: str, matter: str
) -> None:
    reading, earlier = read(reader, question, before), read(reader, before)
    assert matter in reading.topic and before in reading.question
    assert reading.cities == earlier.cities


@pytest.mark.parametrize(
    ("earlier", "question", "resolved"),
    [
        # a new thing is a new matter
        (("天津2014年怎么治乱收费?",), "他们大学新校区的事呢?", "天津2014年大学新校区有什么安排?"),
        (("Does Qingdao hold a festival for class teachers in 2023?",),
         "Great, thanks. Now something different: who can get free job training in Handan,"
         " and how many people will they train?",
         "who can get free job training in Handan, and how many people will they train?"),
        # the number alone is what was asked for
        (("上海要建多少所幼儿园?",), "直接说数字", "上海要建多少所幼儿园?"),
        (("上海要建多少所幼儿园?",), "只要数字就行", "上海要建多少所幼儿园?"),
        (("How many kindergartens will Shanghai build?",), "Just tell me the number",
         "How many kindergartens will Shanghai build?"),
        (("How many kindergartens will Shanghai build?",), "just the number please",
         "How many kindergartens will Shanghai build?"),
        # more of what one city does
        (("荣成2023年怎么防孩子心理出问题?",), "还有吗?", "荣成2023年怎么防孩子心理出问题?请全部列出。"),
        (("荣成2023年怎么防孩子心理出问题?",), "还有别的吗?", "荣成2023年怎么防孩子心理出问题?请全部列出。"),
        (("How does Rongcheng keep fit?",), "Anything else?", "How does Rongcheng keep fit? List all of it."),
        # the others do not have the one that was asked about
        (("邯郸是不是要给学生建心理档案?",), "还有哪些城市也建?", "除邯郸外,哪些城市要给学生建心理档案?"),
        (("Does Tianjin have a credit bank?",), "Which other cities have one?",
         "Which cities other than Tianjin have a credit bank?"),
        # the question before of another year or city
        (("青岛2023年食堂方面有啥安排?",), "2018年那会儿呢?", "青岛2018年食堂方面有啥安排?"),
        (("What does Qingdao's 2018 plan say about the sea?",), "Is it still in the 2023 one?",
         "What does Qingdao's 2023 plan say about the sea?"),
        (("How many AI classrooms does Qingdao want in 2023?",),
         "Was there anything like that back in their 2018 plan?",
         "How many AI classrooms does Qingdao want in 2018?"),
        (("Does Tianjin fight school fees?",), "What about Qingdao and Shanghai?",
         "Do Qingdao and Shanghai fight school fees?"),
        # the new matter in the place of the old one alone
        (("How does Rongcheng want kids to learn swimming?",), "ok, and football?",
         "How does Rongcheng want kids to learn football?"),
        (("How does Rongcheng keep private kindergartens in check?",), "And the cram schools?",
         "How does Rongcheng keep the cram schools in check?"),
        # a preposition of its own is that of the old matter, or none of it
        (("What is Qingdao doing for special education in 2023?",), "And for old people?",
         "What is Qingdao doing for old people in 2023?"),
        # asked the same
        (("How does Shanghai teach swimming?",), "Same for Handan please.",
         "How does Handan teach swimming?"),
        (("How does Shanghai teach swimming?",), "The same for Handan, please",
         "How does Handan teach swimming?"),
        (("上海怎么普及游泳?",), "荣成也请一样说说", "荣成怎么普及游泳?"),
        (("青岛2018年的海洋教育都做些什么?",), "到了2023年还提这个吗?", "青岛2023年的海洋教育都做些什么?"),
        # also, but of another matter
        (("邯郸要建几个劳动实践基地?",), "那荣成呢,也有足球吗?", "那荣成呢,也有足球吗?"),
        # without what only ties it to the one before
        (("南宁老师的工资有保障吗?",), "那在乡下教书的有补贴没?", "南宁在乡下教书的有补贴没?"),
        (("上海2023年老年大学要加几所?",), "那托班的名额呢,准备加多少?",
         "上海2023年托班的名额呢,准备加多少?"),
    ],
)  # fmt: skip
def test_a_standalone_question_reads_as_one(
    reader: QuestionReader, earlier: tuple[str, ...], question: str, resolved: str
) -> None:
    assert read(reader, question, *earlier).question == resolved


def test_an_older_matter_is_not_that_of_a_question_put_to_another_place(reader: QuestionReader) -> None:
    earlier = ("上海的托育怎么搞", "南宁孩子下午,放学早没人接怎么办?")
    question = read(reader, "要钱吗?", *earlier).question
    assert "托育" not in question and earlier[1] in question


def test_only_one_city_has_more_of_the_same(reader: QuestionReader) -> None:
    assert read(reader, "还有吗?", "哪些城市提到足球?").question == "哪些城市提到足球?"
    assert read(reader, "还有哪些?", "荣成有没有提足球?").question == "除荣成外,哪些城市提足球?"


@pytest.mark.parametrize(
    "question", ["那五年前的那份里写到什么程度?", "五年前那版写到哪一步?", "五年前的那份里提到了吗?"]
)
def test_how_far_another_year_goes_names_nothing_new(reader: QuestionReader, question: str) -> None:
    reading = read(reader, question, "青岛2023年在学生心理方面有哪些举措?")
    assert reading.question == "青岛2018年在学生心理方面有哪些举措?"


def test_after_a_turn_that_makes_sure_the_question_before_it_counts(reader: QuestionReader) -> None:
    reading = read(reader, "收费有说法没有", "天津2014年幼儿园打算盖多少?", "村里的也算上了吧")
    assert reading.plan_ids == ("tianjin-2014",) and reading.before[1] == "幼儿园打算盖多少"


def test_asked_by_the_verb_twice_is_no_story(reader: QuestionReader) -> None:
    before = "我家闺女上了初中老是闷着不说话,邯郸学校管不管孩子心里的毛病"
    assert read(reader, "那荣成的呢", before).question == "荣成学校管不管孩子心里的毛病"
