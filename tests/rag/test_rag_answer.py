"""Answers to questions for a fact, over the hand-made plans."""

from pathlib import Path

import pytest
from chain_fakes import (
    BY_WORDS,
    FakeEncoder,
    FakeGenerator,
    Heard,
    answerer_over,
    ask,
    make_index,
    small_plans,
    write_plan,
)
from guarantees import check_guarantees

from rag.answer import Answerer
from rag.errors import BadQuestion, GeneratorUnavailable, QuestionTooLong, UnknownFilter
from rag.place_names import PlaceNames
from rag.records import AskRequest, Filters, Turn
from rag.retrieve import Retriever
from rag.snapshot import Index

CARE = "青岛2023年新增多少托育托额?"
GOOD = "青岛2023年新增托育托额3000个。"


def test_a_sentence_that_the_evidence_carries_is_answered_and_cited(small_index: Index) -> None:
    heard = Heard()
    answer = ask(answerer_over(small_index, FakeGenerator(GOOD)), CARE, heard)
    check_guarantees(small_index, answer, heard)
    assert (answer.status, answer.mode, answer.language) == ("answered", "lookup", "zh")
    assert answer.answer == f"{GOOD}[1]"
    assert answer.claims[0].support == "verified"
    assert answer.citations[0].item_id == "qingdao-2023#2"
    assert answer.warnings == ()
    assert answer.model["used"]
    assert answer.model["name"] == "fake-model"
    assert answer.index["id"] == small_index.manifest.index_id


def test_an_english_question_finds_chinese_evidence(small_index: Index) -> None:
    english = "Qingdao plans 3,000 new childcare places."
    model = FakeGenerator(lambda prompt: english if "3000" in prompt else "青岛新增多少托育托额?")
    answer = ask(answerer_over(small_index, model), "How many new childcare places will Qingdao add in 2023?")
    check_guarantees(small_index, answer)
    assert answer.language == "en"
    assert answer.citations[0].item_id == "qingdao-2023#2"
    words, quote = answer.answer.split("\n")
    assert words == f"{english}[1]" and quote.startswith("Qingdao (2023), item 2: “") and "3000" in quote


def test_english_words_stand_before_the_quote_that_they_are_from(small_index: Index) -> None:
    english = "Qingdao plans 3,000 new childcare places."
    model = FakeGenerator(lambda prompt: english if "3000" in prompt else "青岛托育托额")
    answer = ask(
        answerer_over(small_index, model),
        "What new childcare places does Qingdao plan in 2023?",
        mode="lookup",
    )
    check_guarantees(small_index, answer)
    words, quote = answer.answer.split("\n")[:2]
    assert words == f"{english}[1]" and quote.startswith("Qingdao (2023), item 2: “") and "3000" in quote


@pytest.mark.parametrize(
    "bad",
    [
        "青岛2023年新增托育托额9000个。",  # a number of its own
        "天津新增托育托额3000个。",  # another city
        "青岛2018年新增托育托额3000个。",  # another year
        "青岛2023年没有新增托育托额。",  # turned around
        "青岛的房价会涨。",  # nothing to do with the evidence
    ],
)
def test_a_sentence_that_the_evidence_does_not_carry_never_leaves(small_index: Index, bad: str) -> None:
    heard = Heard()
    answer = ask(answerer_over(small_index, FakeGenerator(bad + GOOD)), CARE, heard)
    check_guarantees(small_index, answer, heard)
    assert answer.answer == f"{GOOD}[1]"
    assert bad not in heard.words()
    assert any(warning.startswith("1 ") for warning in answer.warnings)


def test_where_no_sentence_is_carried_the_quotes_answer(small_index: Index) -> None:
    answer = ask(answerer_over(small_index, FakeGenerator("共9000个。又共8000个。")), CARE)
    check_guarantees(small_index, answer)
    assert "新增托育托额3000个" in answer.answer
    assert "9000" not in answer.answer
    assert any(warning.startswith("2 ") for warning in answer.warnings)


@pytest.mark.parametrize("mark", ["[7]", "【7】", "[1][2]", "[ 1 ]", "［1］", "[[1]3000]", "[1, 2]"])
def test_marks_that_the_model_writes_are_dropped(small_index: Index, mark: str) -> None:
    heard = Heard()
    model = FakeGenerator(f"青岛2023年新增托育托额3000个{mark}。")
    answer = ask(answerer_over(small_index, model), CARE, heard)
    check_guarantees(small_index, answer, heard)
    assert mark not in answer.answer
    assert answer.citations


def test_a_sentence_said_twice_is_given_once(small_index: Index) -> None:
    answer = ask(answerer_over(small_index, FakeGenerator(GOOD * 3)), CARE)
    assert answer.answer.count("3000") == 1
    assert len(answer.claims) == 1


def test_a_model_that_finds_nothing_gives_not_found(small_index: Index) -> None:
    heard = Heard()
    answer = ask(answerer_over(small_index, FakeGenerator("未找到")), "青岛2023年的校车有多少辆?", heard)
    check_guarantees(small_index, answer, heard)
    assert answer.status == "not_found"
    assert "未找到" in answer.answer
    assert "青岛" in answer.answer


def test_hidden_items_are_mentioned_where_nothing_was_found(small_index: Index) -> None:
    answer = ask(answerer_over(small_index, FakeGenerator("未找到")), "邯郸2022年的校车有多少辆?")
    assert answer.status == "not_found"
    assert "3–5" in answer.answer
    assert answer.coverage.gaps[0]["first"] == 3


def test_without_the_model_the_quotes_answer_and_it_is_never_called(small_index: Index) -> None:
    model = FakeGenerator("never said")
    heard = Heard()
    answer = ask(answerer_over(small_index, model), CARE, heard, generate=False)
    check_guarantees(small_index, answer, heard)
    assert model.n_calls == 0
    assert "新增托育托额3000个" in answer.answer
    assert not answer.model["used"]


def test_a_sentence_of_another_item_that_fits_much_worse_is_not_quoted(small_index: Index) -> None:
    answer = ask(answerer_over(small_index), CARE, generate=False)
    assert {citation.item_id for citation in answer.citations} == {"qingdao-2023#2"}


@pytest.fixture
def parks(tmp_path: Path) -> Index:
    """A plan two of whose items say the same."""
    same = ["1|（一）东区。新建公园3个。", "2|（二）西区。新建公园3个。"]
    others = ["3|（三）道路。整修路面5公里。", "4|（四）体育。举办运动会2次。", "5|（五）图书。送书下乡9回。"]
    return make_index([write_plan("wuhu-2024", "芜湖", 2024, [*same, *others])], tmp_path)


def test_a_sentence_of_another_item_that_fits_as_well_is_quoted(parks: Index) -> None:
    answer = ask(answerer_over(parks, verdict_model=BY_WORDS), "芜湖新建公园几个?", generate=False)
    assert {citation.item_id for citation in answer.citations} == {"wuhu-2024#1", "wuhu-2024#2"}


def test_what_the_model_leaves_out_of_the_quotes_is_quoted_behind_its_words(parks: Index) -> None:
    heard = Heard()
    said = "西区新建公园3个。"
    answer = ask(
        answerer_over(parks, FakeGenerator(said), verdict_model=BY_WORDS), "芜湖新建什么公园?", heard
    )
    check_guarantees(parks, answer, heard)
    first, second = answer.answer.split("\n")
    assert first == f"{said}[1]" and second == "芜湖（2024）第1条：“新建公园3个。”[2]"
    assert [claim.support for claim in answer.claims] == ["verified", "verified"]
    assert [citation.item_id for citation in answer.citations] == ["wuhu-2024#2", "wuhu-2024#1"]


def test_nothing_is_quoted_twice_behind_a_model_that_says_all_of_it(parks: Index) -> None:
    model = FakeGenerator("东区新建公园3个。西区新建公园3个。")
    answer = ask(answerer_over(parks, model, verdict_model=BY_WORDS), "芜湖新建什么公园?", mode="lookup")
    assert "“" not in answer.answer


@pytest.mark.parametrize("mode", ["lookup", "enumerate", "compare", "summarise", "count"])
@pytest.mark.parametrize("question", ["青岛新建幼儿园多少所?", "How many kindergartens does Qingdao build?"])
def test_no_mode_calls_the_model_when_it_is_not_wanted(small_index: Index, mode: str, question: str) -> None:
    model = FakeGenerator("never said")
    heard = Heard()
    answerer = answerer_over(small_index, model, BY_WORDS)
    answer = ask(answerer, question, heard, generate=False, mode=mode)
    check_guarantees(small_index, answer, heard)
    assert model.n_calls == 0
    assert answer.citations


def test_a_model_that_fails_at_once_leaves_the_quotes_and_says_so(small_index: Index) -> None:
    model = FakeGenerator(GeneratorUnavailable("no memory left"))
    answer = ask(answerer_over(small_index, model), CARE)
    check_guarantees(small_index, answer)
    assert "新增托育托额3000个" in answer.answer
    assert any("no memory left" in warning for warning in answer.warnings)


def test_a_model_that_fails_midway_leaves_no_half_sentence(small_index: Index) -> None:
    heard = Heard()
    answer = ask(answerer_over(small_index, FakeGenerator(GOOD, fail_after=5)), CARE, heard)
    check_guarantees(small_index, answer, heard)
    assert answer.status == "answered"
    assert "新增托育托额3000个" in answer.answer
    assert any("lost its weights" in warning for warning in answer.warnings)


def test_what_was_said_before_the_model_failed_stays(small_index: Index) -> None:
    heard = Heard()
    model = FakeGenerator(GOOD + "公办园占比达到56%。", fail_after=len(GOOD) // 2 + 3)
    answer = ask(answerer_over(small_index, model), CARE, heard)
    check_guarantees(small_index, answer, heard)
    assert answer.answer == f"{GOOD}[1]"
    assert any("lost its weights" in warning for warning in answer.warnings)


def test_a_city_outside_the_corpus_is_said_and_never_searched_around(small_index: Index) -> None:
    model, heard = FakeGenerator(GOOD), Heard()
    answer = ask(answerer_over(small_index, model), "北京2023年的托育计划是什么?", heard)
    check_guarantees(small_index, answer, heard)
    assert answer.status == "out_of_corpus"
    assert "北京" in answer.answer
    assert answer.filters_applied["unknown_cities"] == ["北京"]
    assert answer.coverage.plans_in_scope == 0
    assert model.n_calls == 0
    assert heard.of("evidence") == []


def test_a_year_outside_the_corpus_is_said_with_what_there_is(small_index: Index) -> None:
    answer = ask(answerer_over(small_index), "青岛2020年的托育")
    assert answer.status == "out_of_corpus"
    assert "2020" in answer.answer
    assert "2018" in answer.answer
    assert "天津" not in answer.answer


@pytest.mark.parametrize(
    ("question", "lacking"), [("北京和青岛2023年的托育", "北京"), ("青岛2018和2020年的幼儿园", "2020")]
)
def test_what_the_corpus_lacks_is_said_beside_what_it_has(
    small_index: Index, question: str, lacking: str
) -> None:
    answer = ask(answerer_over(small_index), question)
    check_guarantees(small_index, answer)
    assert any(lacking in text for text in (answer.answer, *answer.warnings))
    assert answer.citations


def test_an_item_is_found_by_number_in_the_plan_that_the_filters_leave(small_index: Index) -> None:
    answer = ask(answerer_over(small_index), "第2条写了什么?", filters=Filters(plans=("qingdao-2018",)))
    assert [citation.item_id for citation in answer.citations] == ["qingdao-2018#2"]


def test_where_numbers_restart_every_item_of_the_number_is_quoted(small_index: Index) -> None:
    answer = ask(answerer_over(small_index), "天津2014年第1条写了什么?")
    assert [citation.item_id for citation in answer.citations] == ["tianjin-2014#1.1", "tianjin-2014#2.1"]


def test_filters_that_leave_no_plan_are_said_to_do_so(small_index: Index) -> None:
    answer = ask(answerer_over(small_index), "食堂", filters=Filters(cities=("邯郸",), years=(2018,)))
    assert answer.status == "out_of_corpus"
    assert "2018" in answer.answer.partition("。")[0]


def test_a_sentence_that_ran_into_the_limit_does_not_leave(small_index: Index) -> None:
    answer = ask(answerer_over(small_index, FakeGenerator(GOOD + "公办园占比达到", cut_off=True)), CARE)
    assert answer.answer == f"{GOOD}[1]"


def test_a_hidden_item_is_not_found_and_its_gap_is_named(small_index: Index) -> None:
    model, heard = FakeGenerator(GOOD), Heard()
    answer = ask(answerer_over(small_index, model), "邯郸2022年第4条写了什么?", heard)
    check_guarantees(small_index, answer, heard)
    assert answer.status == "not_found"
    assert "3–5" in answer.answer
    assert model.n_calls == 0


def test_the_sample_plans_name_the_items_that_are_hidden(sample_index: Index) -> None:
    for question in ("邯郸2022年第35条写了什么?", "What does item 35 of Handan's 2022 plan say?"):
        answer = ask(answerer_over(sample_index), question)
        assert answer.status == "not_found"
        assert "28–48" in answer.answer


def test_an_item_that_was_never_printed_is_not_said_to_be_hidden(small_index: Index) -> None:
    answer = ask(answerer_over(small_index), "邯郸2022年第77条写了什么?")
    assert answer.status == "not_found"
    assert "3–5" not in answer.answer


def test_an_item_that_is_asked_for_by_number_is_quoted_whole(small_index: Index) -> None:
    heard = Heard()
    answer = ask(answerer_over(small_index, FakeGenerator(GOOD)), "青岛2018年第2条写了什么?", heard)
    check_guarantees(small_index, answer, heard)
    assert answer.citations[0].item_id == "qingdao-2018#2"
    assert answer.citations[0].quote == "2.建设标准化食堂。新建标准化食堂100个,不得转包给校外企业。"


def test_a_follow_up_is_answered_in_its_completed_form(small_index: Index) -> None:
    history = (Turn("user", "青岛2018年新建、改扩建幼儿园多少所?"), Turn("assistant", "30所[1]。"))
    answer = ask(answerer_over(small_index), "那2023年呢?", history=history)
    assert answer.question == "那2023年呢?"
    assert answer.question_resolved == "青岛2023年新建、改扩建幼儿园多少所?"
    assert answer.citations[0].item_id == "qingdao-2023#1"


@pytest.mark.parametrize("question", ["", "   ", "\n", "???", "。。。", "…—·"])
def test_a_question_without_words_is_refused(small_index: Index, question: str) -> None:
    with pytest.raises(BadQuestion) as caught:
        ask(answerer_over(small_index), question)
    assert caught.value.status == 400


def test_a_question_that_is_too_long_is_refused_with_the_limit(small_index: Index) -> None:
    answerer = answerer_over(small_index, max_question_chars=10)
    assert ask(answerer, "青岛的食堂有多少个?").status == "answered"  # 10 characters
    with pytest.raises(QuestionTooLong, match=r"11 characters.*at most 10"):
        ask(answerer, "青岛的食堂有多少个呢?")


def test_a_history_that_is_too_long_is_refused(small_index: Index) -> None:
    turns = (Turn("user", "青岛"),) * 3
    with pytest.raises(BadQuestion, match="history has 3"):
        ask(answerer_over(small_index, max_history=2), "那天津呢?", history=turns)


def test_an_unknown_filter_is_refused_and_names_the_known(small_index: Index) -> None:
    with pytest.raises(UnknownFilter, match="天津"):
        ask(answerer_over(small_index), "托育", filters=Filters(cities=("北京",)))


def test_filters_bound_the_evidence(small_index: Index) -> None:
    answer = ask(answerer_over(small_index), "新建幼儿园多少所?", filters=Filters(plans=("qingdao-2018",)))
    check_guarantees(small_index, answer)
    assert {citation.plan_id for citation in answer.citations} == {"qingdao-2018"}


def test_the_same_question_gives_the_same_answer(small_index: Index) -> None:
    first, second = (ask(answerer_over(small_index, FakeGenerator(GOOD)), CARE) for _ in range(2))
    assert (first.answer, first.citations, first.claims) == (second.answer, second.citations, second.claims)
    assert first.id != second.id


def test_cancelled_it_stops_the_model_and_keeps_what_there_is(small_index: Index) -> None:
    model, heard = FakeGenerator(GOOD * 50), Heard()
    answerer = answerer_over(small_index, model)

    def cancelled() -> bool:
        return model.n_pieces >= 4

    answer = answerer.answer(AskRequest(CARE), heard, cancelled)
    check_guarantees(small_index, answer, heard)
    assert model.n_pieces == 4


def test_search_needs_no_model(small_index: Index) -> None:
    model = FakeGenerator()
    hits, applied, terms, timings = answerer_over(small_index, model).search(AskRequest("托育托额"), 3)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert hits[0].item_id == "qingdao-2023#2"
    assert len({hit.item_id for hit in hits}) == 3
    assert len(applied["plans"]) == 4
    assert terms == {}
    assert timings["total"] >= timings["retrieve"] > 0
    for hit in hits:
        assert (hit.sentences[0].text, hit.sentences[0].start) == (hit.quote, hit.start)
        assert [match.score for match in hit.sentences] == sorted(
            (match.score for match in hit.sentences), reverse=True
        )
        plan = next(plan for plan in small_index.plans if plan.plan_id == hit.plan_id)
        assert all(plan.text[match.start : match.end] == match.text for match in hit.sentences)
    assert model.n_calls == 0


def test_a_search_says_by_which_other_words_it_looked(small_index: Index) -> None:
    found = answerer_over(small_index).search(AskRequest("哪些城市增加托位?"), 3)
    assert found.hits[0].item_id == "qingdao-2023#2"
    assert set(found.terms) == {"托位"}
    assert "托额" in found.terms["托位"]
    english = answerer_over(small_index).search(AskRequest("Which cities add nursery places?"), 3)
    assert english.hits[0].item_id == "qingdao-2023#2"


def test_more_plans_change_nothing_in_what_a_search_finds_in_each(tmp_path: Path) -> None:
    plans = small_plans()
    more = [
        write_plan(f"city-{n}", f"城{n}", 2000 + n % 20, [f"1|1.新建幼儿园。新建托育点{n}个,食堂{n}个。"])
        for n in range(500)
    ]
    plan_ids = [plan.plan_id for plan in plans]
    few = Retriever(make_index(plans, tmp_path / "few"), FakeEncoder())
    many = Retriever(make_index([*plans, *more], tmp_path / "many"), FakeEncoder())
    for question in ("新建幼儿园和食堂多少?", "哪些城市增加托位?", "Which cities add nursery places?"):
        found = few.search(question, plan_ids, 10, per_plan=True)
        assert found
        assert many.search(question, plan_ids, 10, per_plan=True) == found


def test_a_warmed_up_answerer_makes_no_tables_for_the_first_question(small_index: Index) -> None:
    places = PlaceNames()
    answerer = Answerer(small_index, FakeEncoder(), None, places)
    answerer.warm_up()
    made = set(vars(places))
    assert {"_latin", "_by_sound", "_short"} <= made
    for question in ("上诲要建幼儿园吗?", "Does qingdaoo build kindergartens?", "天津的食堂"):
        assert answerer.search(AskRequest(question), 2).hits
    assert set(vars(places)) == made


def test_search_in_every_plan_gives_each_its_own_ranks(small_index: Index) -> None:
    hits, *_ = answerer_over(small_index).search(AskRequest("新建幼儿园"), 2, per_plan=True)
    ranks: dict[str, list[int]] = {}
    for hit in hits:
        ranks.setdefault(hit.plan_id, []).append(hit.rank)
    assert list(ranks) == ["handan-2022", "qingdao-2018", "qingdao-2023", "tianjin-2014"]
    assert all(given == [1, 2] for given in ranks.values())
