"""Lookups: facts of a kind that the plan lacks, lead units, and money that is for something else."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from chain_fakes import answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.records import Answer, Turn

LINES = (
    "1|1.建设教育博物馆。加快筹建教育博物馆。（牵头处室：办公室）",
    "2|2.加强劳动教育。落实每周1课时劳动教育必修课。（牵头处室：思政体艺处。责任处室：教师处）",
    "3|3.加大教育投入。一般公共预算教育投入力争达到216亿元。（牵头处室：财务处）",
    "4|4.治理校外培训。加大对校外培训违规行为整治力度。（牵头处室：监管处）",
    "5|5.举办读书节。9月举办首届读书节。（牵头处室：宣传处）",
)


def answered(tmp_path: Path, question: str, before: Sequence[str] = ()) -> Answer:
    index = make_index([write_plan("handan-2022", "邯郸", 2022, list(LINES))], tmp_path)
    history = tuple(Turn("user", text) for text in before)
    answer = ask(answerer_over(index), question, history=history)
    check_guarantees(index, answer)
    return answer


@pytest.mark.parametrize("question", ["邯郸的教育博物馆几月几号开放?", "邯郸的教育博物馆由哪家公司承建?"])
def test_a_fact_of_a_kind_that_no_sentence_has_is_refused(tmp_path: Path, question: str) -> None:
    answer = answered(tmp_path, question)
    assert answer.status == "not_found"
    assert [citation.item_id for citation in answer.citations] in ([], ["handan-2022#1"])


def test_a_fact_of_the_kind_that_the_plan_states_is_answered(tmp_path: Path) -> None:
    answer = answered(tmp_path, "邯郸的读书节几月几号举办?")
    assert answer.status == "answered" and "9月举办首届读书节" in answer.answer


@pytest.mark.parametrize(
    ("question", "item", "unit"),
    [
        ("邯郸的劳动教育由哪个部门牵头?", "2", "思政体艺处"),
        ("邯郸负责校外培训治理的是哪个处室?", "4", "监管处"),
        ("邯郸谁负责筹建教育博物馆?", "1", "办公室"),
    ],
)
def test_who_is_in_charge_is_read_off_the_item_on_the_matter(
    tmp_path: Path, question: str, item: str, unit: str
) -> None:
    answer = answered(tmp_path, question)
    assert {citation.item_id for citation in answer.citations} == {f"handan-2022#{item}"}
    assert f"牵头处室：{unit}" in answer.answer


def test_money_for_something_else_is_no_answer(tmp_path: Path) -> None:
    assert answered(tmp_path / "one", "邯郸治理校外培训要花多少钱?").status == "not_found"
    assert "216亿元" in answered(tmp_path / "two", "邯郸的公共预算教育投入达到多少钱?").answer
