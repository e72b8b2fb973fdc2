"""Who is in charge beside all else, what is only named ahead of the items, and where a quote stands."""

from pathlib import Path

import pytest
from chain_fakes import answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.lead_units import matter_in_charge_of
from rag.reading import QuestionReader
from rag.records import Answer, AskRequest
from rag.snapshot import Index

LINES = (
    "持续深化县管校聘改革和双减改革。",
    "1|1.劳动教育。落实每周1课时劳动教育必修课。（牵头处室：思政体艺处）",
    "2|2.举办读书节。9月举办首届读书节。（牵头处室：宣传处）",
)


def answered(tmp_path: Path, question: str, mode: str | None = None) -> Answer:
    index = make_index([write_plan("handan-2022", "邯郸", 2022, list(LINES))], tmp_path)
    answer = ask(answerer_over(index), question, mode=mode)
    check_guarantees(index, answer)
    return answer


def test_a_summary_tells_who_is_in_charge_where_that_is_asked_for(tmp_path: Path) -> None:
    asked = answered(tmp_path / "one", "邯郸的读书节由谁牵头?", "summarise")
    assert "9月举办首届读书节" in asked.answer and "（牵头处室：宣传处）" in asked.answer
    assert "牵头处室" not in answered(tmp_path / "two", "邯郸的读书节怎么办?", "summarise").answer


def test_what_is_asked_is_left_out_of_the_matter(reader: QuestionReader) -> None:
    reading = reader.read(AskRequest("邯郸读书节由哪个处室负责?"))
    assert matter_in_charge_of(reading) == "读书节"


@pytest.mark.parametrize("question", ["邯郸县管校聘改革由哪个处室负责?", "邯郸县管校聘改革分几步?"])
def test_what_is_only_named_ahead_of_the_items_has_no_unit_and_no_steps(
    tmp_path: Path, question: str
) -> None:
    answer = answered(tmp_path, question, "lookup")
    assert answer.status == "not_found" and "处室：" not in answer.answer
    assert [citation.item_id for citation in answer.citations] == ["handan-2022#0"]


def test_what_is_named_ahead_of_the_items_is_told_where_it_is_all_that_is_asked(tmp_path: Path) -> None:
    assert answered(tmp_path, "邯郸有没有县管校聘改革?", "lookup").status == "answered"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("上海的心理热线写在哪个部分?", True),
        ("In which section does Shanghai's plan speak of 心理热线?", True),
        ("上海有没有心理热线?", False),
    ],
)
def test_the_headings_above_a_quote_are_told_where_they_are_asked_for(
    sample_index: Index, question: str, told: bool
) -> None:
    answer = ask(answerer_over(sample_index), question, mode="lookup")
    check_guarantees(sample_index, answer)
    assert ("落实立德树人根本任务,促进学生全面发展 > 加强心理健康教育" in answer.answer) is told
