import pytest
from chain_fakes import SAMPLES

from corpus.plan import Plan
from rag.errors import UnknownFilter
from rag.places import CorpusPlaces
from rag.reading import QuestionReader, Reading, detect_language
from rag.records import AskRequest, Filters, Turn
from rag.which_words import without_which


@pytest.fixture(scope="module")
def reader(sample_plans: tuple[Plan, ...], sample_places: CorpusPlaces) -> QuestionReader:
    return QuestionReader(sample_plans, sample_places)


BUT_NANNING = tuple(plan_id for plan_id in SAMPLES if plan_id != "nanning-2023")


def read(reader: QuestionReader, question: str, *earlier: str, **fields: object) -> Reading:
    history: list[Turn] = []
    for words in earlier:
        history += [Turn("user", words), Turn("assistant", "……[1]。")]
    return reader.read(AskRequest(question, tuple(history), **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "mode"),
    [
        ("哪些城市提出托育扩容?", "enumerate"),
        ("有没有城市提到研学?", "enumerate"),
        ("Which cities expand childcare?", "enumerate"),
        ("哪些城市提出託育擴容?", "enumerate"),
        ("多少个城市提出托育?", "count"),
        ("上海、天津新建的幼儿园加起来多少所?", "count"),
        ("How many cities mention childcare?", "count"),
        ("青岛2018和2023在学前教育上有什么变化?", "compare"),
        ("天津和上海的幼儿园建设有什么不同?", "compare"),
        ("Compare Tianjin and Shanghai on kindergartens.", "compare"),
        ("总结上海的学前教育工作", "summarise"),
        ("Summarise what Handan plans for mental health.", "summarise"),
        ("荣成的校园安全由哪些科室负责?", "lookup"),
        ("荣成的校园安全有哪些活动?", "summarise"),
        ("天津2014年新建多少所幼儿园?", "lookup"),
        ("上海每区新增多少宝宝屋托额?", "lookup"),
        ("How many childcare places will Shanghai add?", "lookup"),
    ],
)
def test_the_form_of_a_question_gives_its_mode(reader: QuestionReader, question: str, mode: str) -> None:
    assert read(reader, question).mode == mode


def test_a_mode_that_is_asked_for_is_taken(reader: QuestionReader) -> None:
    assert read(reader, "哪些城市提出托育扩容?", mode="lookup").mode == "lookup"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("上海的托育", "zh"),
        ("呢", "zh"),
        ("Shanghai的托育", "zh"),
        ("What does Shanghai plan?", "en"),
        ("What does 托育 mean in the plan?", "en"),
        ("AI实验室有多少间", "zh"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_language_that_is_asked_for_is_taken(reader: QuestionReader) -> None:
    assert read(reader, "上海的托育", language="en").language == "en"


@pytest.mark.parametrize(
    ("question", "plan_ids"),
    [
        ("哪些城市提出托育扩容?", SAMPLES),
        ("上海的托育", ("shanghai-2023",)),
        ("青岛的学前教育", ("qingdao-2018", "qingdao-2023")),
        ("青岛2018年的学前教育", ("qingdao-2018",)),
        ("Qingdao in 2018", ("qingdao-2018",)),
        ("2023年哪些城市提到研学?", ("nanning-2023", "qingdao-2023", "rongcheng-2023", "shanghai-2023")),
        ("山东有哪些做法?", ("qingdao-2018", "qingdao-2023", "rongcheng-2023")),
        ("到2025年新建多少幼儿园?", SAMPLES),
        ("青岛2018到2023的学前教育", ("qingdao-2018", "qingdao-2023")),
        ("校企合作有哪些安排?", SAMPLES),
        ("北京的托育", ()),
        ("上海2019年的托育", ()),
    ],
)
def test_scope(reader: QuestionReader, question: str, plan_ids: tuple[str, ...]) -> None:
    assert read(reader, question).plan_ids == plan_ids


def test_what_the_corpus_lacks_is_known_by_name(reader: QuestionReader) -> None:
    beijing = read(reader, "北京2023年的托育计划是什么?")
    assert (beijing.unknown_places, beijing.plan_ids) == (("北京",), ())
    both = read(reader, "北京和上海的托育")
    assert (both.unknown_places, both.cities, both.plan_ids) == (("北京",), ("上海",), ("shanghai-2023",))
    year = read(reader, "上海2014年的计划")
    assert (year.unknown_years, year.plan_ids) == ((2014,), ())


def test_the_years_inside_a_range_are_not_asked_for_by_name(reader: QuestionReader) -> None:
    reading = read(reader, "青岛2018到2023的学前教育")
    assert (reading.years, reading.unknown_years) == ((2018, 2023), ())
    every = read(reader, "2014到2022年各地的幼儿园")
    assert set(every.years) == {2014, 2018, 2022}


def test_the_topic_has_neither_places_nor_years(reader: QuestionReader) -> None:
    assert read(reader, "青岛2018和2023在托育上有什么变化?").topic == "在托育上有什么变化?"
    assert read(reader, "2018年的青岛").topic != ""


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("邯郸2022年第35条写了什么?", ("35",)),
        ("第三十五条写了什么?", ("35",)),
        ("第 7 条和第8条", ("7", "8")),
        ("What does item 35 of Handan's plan say?", ("35",)),
        ("Handan #12", ("12",)),
        ("新建35所学校", ()),
    ],
)
def test_item_numbers(reader: QuestionReader, question: str, numbers: tuple[str, ...]) -> None:
    assert read(reader, question).item_numbers == numbers


@pytest.mark.parametrize(
    ("earlier", "question", "resolved", "plan_ids"),
    [
        (
            "天津2014年新建多少所幼儿园?",
            "那青岛呢?",
            "青岛新建多少所幼儿园?",
            ("qingdao-2018", "qingdao-2023"),
        ),
        ("南宁2023年新建多少所幼儿园?", "那青岛呢?", "青岛2023年新建多少所幼儿园?", ("qingdao-2023",)),
        ("青岛2023年的学前教育?", "那2018年呢?", "青岛2018年的学前教育?", ("qingdao-2018",)),
        ("青岛2018年和2023年的食堂?", "2018年呢", "青岛2018年的食堂?", ("qingdao-2018",)),
        ("南宁2023年庆祝第几个教师节?", "2014年天津呢?", "天津2014年庆祝第几个教师节?", ("tianjin-2014",)),
        ("荣成怎么做心理检测?", "邯郸也这样吗?", "邯郸怎么做心理检测?", ("handan-2022",)),
        ("上海怎么管预收费?", "南宁有类似的吗?", "南宁怎么管预收费?", ("nanning-2023",)),
        ("哪些城市提出托育扩容?", "还有哪些?", "哪些城市提出托育扩容?", SAMPLES),
        ("南宁有送教上门吗?", "还有哪些城市有?", "除南宁外,哪些城市有送教上门?", BUT_NANNING),
        ("上海有多少托位?", "那北京呢?", "北京有多少托位?", ()),
        (
            "How many kindergartens will Shanghai build?",
            "what about Tianjin?",
            "How many kindergartens will Tianjin build?",
            ("tianjin-2014",),
        ),
        (
            "What did Qingdao plan for canteens in 2023?",
            "And in 2018?",
            "What did Qingdao plan for canteens in 2018?",
            ("qingdao-2018",),
        ),
    ],
)
def test_a_follow_up_keeps_the_topic_and_swaps_the_scope(
    reader: QuestionReader, earlier: str, question: str, resolved: str, plan_ids: tuple[str, ...]
) -> None:
    reading = read(reader, question, earlier)
    assert (reading.question, reading.plan_ids) == (resolved, plan_ids)


@pytest.mark.parametrize(
    ("earlier", "question", "plan_ids"),
    [
        ("青岛2023年改造多少幼儿园?", "那2018年呢,新建了多少?", ("qingdao-2018",)),
        ("上海的学前教育?", "托育呢?", ("shanghai-2023",)),
        ("青岛2018年新建多少幼儿园?", "它的责任单位是谁?", ("qingdao-2018",)),
        ("What does Handan add in 2022?", "And how many of them are private?", ("handan-2022",)),
    ],
)
def test_a_question_that_leans_on_the_place_before_keeps_it(
    reader: QuestionReader, earlier: str, question: str, plan_ids: tuple[str, ...]
) -> None:
    reading = read(reader, question, earlier)
    assert reading.plan_ids == plan_ids
    assert question in reading.question


@pytest.mark.parametrize(
    "question",
    [
        "上海的托育有多少?",
        "哪些城市提出研学呢?",
        "那些城市提出研学?",
        "谁打算招外教?",
        "Who plans to hire foreign teachers?",
        "校园足球",
        "有几个城市提到研学?",
        "除了青岛,还有谁提到研学?",
    ],
)
def test_a_question_of_its_own_is_left_as_it_is(reader: QuestionReader, question: str) -> None:
    assert read(reader, question, "青岛2018年新建多少幼儿园?").question == question


@pytest.mark.parametrize(
    "question",
    ["校外培训怎么监管?", "训练的地方呢,有啥打算?", "啥时候之前得弄完?", "钱从哪儿出,写了没", "By when?"],
)
def test_a_question_without_a_place_stays_with_the_plans_before(
    reader: QuestionReader, question: str
) -> None:
    assert read(reader, question, "青岛2018年新建多少幼儿园?").plan_ids == ("qingdao-2018",)


@pytest.mark.parametrize(
    ("question", "earlier", "plan_ids"),
    [
        ("和邯郸的放一块儿看看,差别大不大", "南宁的职业教育都打算干些什么", ("handan-2022", "nanning-2023")),
        ("How does that stack up against Rongcheng?", "What does Tianjin plan for safety?",
         ("rongcheng-2023", "tianjin-2014")),
        ("崂山区那边有没有单独提到?", "青岛2018年的计划里智慧校园怎么建?", ("qingdao-2018",)),
        ("不是青岛,打错了,是荣成", "青岛对乡村教师有什么照顾?", ("rongcheng-2023",)),
        ("Does it mention Tibet, by the way?", "What does Tianjin plan for safety?", ("tianjin-2014",)),
    ],
)  # fmt: skip
def test_places_beside_inside_and_corrected(
    reader: QuestionReader, question: str, earlier: str, plan_ids: tuple[str, ...]
) -> None:
    assert read(reader, question, earlier).plan_ids == plan_ids


def test_which_ones_of_a_number_asks_the_question_before(reader: QuestionReader) -> None:
    found = read(reader, "And which ones are they?", "How many colleges move to Tianjin in 2014?")
    assert found.plan_ids == ("tianjin-2014",)
    assert "colleges" in found.topic


def test_how_many_after_which_cities_counts_them(reader: QuestionReader) -> None:
    assert read(reader, "那到底有几个?", "哪些地方的计划提到了校园足球?").mode == "count"


def test_follow_ups_chain(reader: QuestionReader) -> None:
    reading = read(reader, "那2018年呢?", "上海2023年新建多少所幼儿园?", "那青岛呢?")
    assert reading.question == "青岛2018年新建多少所幼儿园?"


def test_filters_restrict_the_scope(reader: QuestionReader) -> None:
    def scope(**filters: object) -> tuple[str, ...]:
        return read(reader, "学前教育", filters=Filters(**filters)).plan_ids  # type: ignore[arg-type]

    assert scope(cities=("青岛",), years=(2018,)) == ("qingdao-2018",)
    assert scope(cities=("Shanghai",)) == ("shanghai-2023",)
    assert scope(cities=("山东",)) == ("qingdao-2018", "qingdao-2023", "rongcheng-2023")
    assert scope(plans=("tianjin-2014",)) == ("tianjin-2014",)
    assert scope(cities=("上海",), years=(2018,)) == ()


@pytest.mark.parametrize(
    ("filters", "kind", "known"),
    [
        (Filters(cities=("北京",)), "cities", "上海"),
        (Filters(cities=("nowhere",)), "cities", "上海"),
        (Filters(years=(1999,)), "years", "2014"),
        (Filters(plans=("beijing-2023",)), "plans", "shanghai-2023"),
    ],
)
def test_an_unknown_filter_is_an_error_that_names_the_known(
    reader: QuestionReader, filters: Filters, kind: str, known: str
) -> None:
    with pytest.raises(UnknownFilter) as caught:
        reader.read(AskRequest("学前教育", filters=filters))
    assert kind in caught.value.message
    assert known in caught.value.message
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("那2018年呢,新建了多少?", "青岛2023年改造农村幼儿园多少所?"),
        ("青岛那年具体建多少?", "哪些城市要建标准化食堂?"),
    ],
)
def test_a_follow_up_without_a_subject_is_about_the_one_before(
    reader: QuestionReader, question: str, before: str
) -> None:
    reading = read(reader, question, before)
    subject = "幼儿园" if "幼儿园" in before else "食堂"
    assert subject in reading.topic
    assert subject in reading.question
    assert reading.mode == "lookup"
    assert reading.cities == ("青岛",)


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("Which cities plan to open nurseries?", "open nurseries?"),
        ("Do any of the plans mention school buses?", "school buses?"),
        ("Which plans contain anything on artificial intelligence?", "artificial intelligence?"),
        ("Swimming lessons: which cities have them?", "Swimming lessons: them?"),
        ("Which cities?", "Which cities?"),
        ("How many schools will Qingdao build?", "How many schools will Qingdao build?"),
        ("哪些城市要给学生建心理健康档案?", "给学生建心理健康档案"),
        ("校园足球,哪几份计划里提到了?", "校园足球"),
        ("请问哪些城市的计划里写了要管住手机这件事?", "管住手机这件事"),
        ("反对幼儿园教学“小学化”的有谁?", "反对幼儿园教学“小学化”"),
        ("小卖部卖零食,哪个市要求取缔或者管起来?", "小卖部卖零食,取缔或者管起来"),
        ("两个孩子想上同一所学校,哪几座城市提供这种便利?", "两个孩子想上同一所学校,提供这种便利"),
        ("暑假托管班,哪些计划列进了年度工作?", "暑假托管班"),
        ("哪些城市写了?", "哪些城市写了?"),
        ("各市校车都是咋说的", "校车"),
        ("各地作业管理都是怎么规定的?", "作业管理"),
        ("各城市都要建幼儿园吗?", "建幼儿园"),
        ("哪些城市提到STEM?", "哪些城市提到STEM?"),
        ("有没有哪份计划提到 library?", "library"),  # all of the matter is English
        ("哪些城市提到STEM课程?", "STEM课程"),
        ("青岛2023新建多少所学校?", "青岛2023新建多少所学校?"),
    ],
)
def test_a_question_is_looked_for_without_the_words_that_ask_of_every_plan(
    question: str, matter: str
) -> None:
    assert without_which(question) == matter


@pytest.mark.parametrize(
    ("before", "question", "kept"),
    [
        ("上海第一轮强校工程要评估几所初中?", "评完以后呢?", "强校工程"),
        ("天津有高职要搬家吗?", "另外两所是哪些?", "高职"),
        ("青岛2018年有没有说防欺负?", "那上海这方面怎么弄的?", "欺负"),
        ("How many first-class kindergartens does Handan want?", "And the rural ones?", "kindergartens"),
        ("Does Rongcheng have studios for principals?", "Did Qingdao run these in 2018?", "studios"),
    ],
)
def test_half_a_question_is_about_what_was_asked_before(
    reader: QuestionReader, before: str, question: str, kept: str
) -> None:
    history = (Turn("user", before), Turn("assistant", "……[1]。"))
    assert kept in reader.read(AskRequest(question, history)).topic


def test_a_whole_question_forgets_what_was_asked_before(reader: QuestionReader) -> None:
    history = (Turn("user", "上海的食堂怎么管?"), Turn("assistant", "……[1]。"))
    for question in ("邯郸的校车怎么管?", "And how are school buses run in Handan?"):
        assert "食堂" not in reader.read(AskRequest(question, history)).topic
