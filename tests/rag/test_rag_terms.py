"""The file of terms: what an English question is searched for by, and what no plan prints."""

from pathlib import Path

import numpy as np
import pytest

from rag.errors import SettingsError
from rag.keyword_index import KeywordIndex
from rag.terms import Concept, Group, Terms, without

GROUPS = [
    Group(["托育", "托位", "托额"], ["childcare", "nursery place"]),
    Group(["特殊教育", "特教"], ["special education"]),
    Group(["幼儿园"], ["kindergarten"]),
    Group(["补贴"], ["subsidise"]),
    Group(["银龄", "返聘"], []),
    Group(["减免", "收费"], ["cheap"], is_one_meaning=False),
]


def test_an_english_question_is_read_by_its_longest_terms_in_any_number() -> None:
    found = Terms(GROUPS).of_english("Which cities add nursery places, and what of special education?")
    assert found == (
        Concept("nursery place", ("托育", "托位", "托额")),
        Concept("special education", ("特殊教育", "特教")),
    )


def test_a_term_counts_once_however_often_it_is_named() -> None:
    found = Terms(GROUPS).of_english("kindergartens, childcare or a kindergarten's childcare")
    assert [concept.label for concept in found] == ["kindergarten", "childcare"]


@pytest.mark.parametrize("asked", ["subsidising", "subsidized", "subsidises", "Subsidised"])
def test_a_term_is_found_in_other_forms_and_spellings_of_its_words(asked: str) -> None:
    assert [concept.forms for concept in Terms(GROUPS).of_english(asked)] == [("补贴",)]


def test_a_term_in_the_very_form_of_the_question_comes_before_one_in_another_form() -> None:
    terms = Terms([Group(["住房"], ["housing"]), Group(["家庭"], ["house"])])
    assert terms.of_english("housing") == (Concept("housing", ("住房",)),)


def test_forms_for_english_words_alone_do_not_stand_for_each_other() -> None:
    index = KeywordIndex.build(["规范收费"])
    terms = Terms(GROUPS)
    assert terms.for_missing("哪些地方减免?", index.holds) == ()
    assert [concept.forms for concept in terms.of_english("cheap")] == [("减免", "收费")]


def test_only_what_no_plan_prints_is_replaced_and_by_what_one_prints() -> None:
    index = KeywordIndex.build(["新增托额2000个", "实施银龄计划", "新建幼儿园"])
    terms = Terms(GROUPS)
    assert terms.for_missing("哪些城市增加托位?", index.holds) == (Concept("托位", ("托额",)),)
    assert terms.for_missing("哪些城市增加托额?", index.holds) == ()
    assert terms.for_missing("特殊教育", index.holds) == ()


def test_a_concept_is_held_by_any_of_its_forms_and_counts_as_one_word() -> None:
    index = KeywordIndex.build(["新增托额2000个", "新建幼儿园", "建设食堂"])
    shares = index.word_shares("幼儿园", concepts=[("托位", "托额")])
    assert 0 < shares[0] < shares[1] < 1
    assert shares[0] + shares[1] == pytest.approx(1)
    assert shares[2] == 0
    assert (index.concept_scores([("托位", "托额")]) > 0).tolist() == [True, False, False]
    assert index.concept_scores([("没有",)]).tolist() == [0, 0, 0]


def test_rows_that_are_chosen_get_the_scores_that_they_have_among_all() -> None:
    index = KeywordIndex.build(["新增托额2000个", "新建幼儿园", "开展托育服务"])
    index.add(["托育点建设"])
    every = index.word_shares("", concepts=[("托育", "托额")])
    assert (every > 0).tolist() == [True, False, True, True]
    chosen = index.word_shares("", np.array([3, 1]), concepts=[("托育", "托额")])
    assert chosen.tolist() == every[[3, 1]].tolist()


def test_the_words_that_a_concept_stands_for_are_taken_out() -> None:
    assert without("哪些城市增加托位?", [Concept("托位", ("托额",))]) == "哪些城市增加 ?"


def test_the_file_that_comes_with_planqa_keeps_childcare_and_after_school_care_apart() -> None:
    terms = Terms.load()
    (childcare,) = terms.of_english("childcare")
    (after_school,) = terms.of_english("after-school care")
    assert "托育" in childcare.forms
    assert "课后服务" in after_school.forms
    assert not set(childcare.forms) & set(after_school.forms)


def test_the_file_that_comes_with_planqa_has_a_term_for_most_words_of_a_question() -> None:
    found = Terms.load().of_english("Is anybody refurbishing toilets and heating in boarding schools?")
    forms = {form for concept in found for form in concept.forms}
    assert {"维修", "厕所", "供暖", "寄宿制"} <= forms


def test_a_file_of_ones_own_is_read_beside_it(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('ferries = { zh = ["轮渡"], en = ["ferry"] }\n', encoding="utf-8")
    assert Terms.load((own,)).of_english("ferries") == (Concept("ferry", ("轮渡",)),)


@pytest.mark.parametrize(
    "text",
    [
        "ferries = {",
        'ferries = "轮渡"',
        'ferries = { zh = "轮渡" }',
        'ferries = { en = ["ferry"] }',
        'ferries = { zh = ["轮渡"], to = ["船"], en = ["ferry"] }',
    ],
)
def test_a_file_of_another_form_is_refused_and_named(tmp_path: Path, text: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"own\.toml"):
        Terms.load((own,))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml"):
        Terms.load((tmp_path / "none.toml",))
