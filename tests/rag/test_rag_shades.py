"""How far a plan goes: studied, tried out, encouraged, done; and half of what was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_fakes import ASKING, FakeGenerator, Heard, answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.conjoined import has_one_only, read_both
from rag.shades import falls_short, shade, shade_label
from rag.snapshot import Index


@pytest.mark.parametrize(
    ("quote", "topic", "found"),
    [
        ("建立健全延时托管服务制度,探索开展幼儿园延时托管服务工作。", "幼儿园延时托管", ("study", "探索")),
        ("开展中小学集团化办学改革试点工作。", "集团化办学", ("pilot", "试点")),
        ("研究制订民办学校设置标准。", "民办学校设置标准", ("study", "研究")),
        ("鼓励社区办托育点。", "托育点", ("encourage", "鼓励")),
        ("新建幼儿园30所,探索弹性离园。", "新建幼儿园", None),
        ("开展教学研究和赛课活动。", "教学研究", None),
        ("新建幼儿园30所,扩大学位。", "research", None),
        ("深化县管校聘改革、教育试验区改革等八项改革。", "县管校聘", None),
        ("深化县管校聘改革、教育试验区改革等八项改革。", "教育试验区", ("pilot", "试验区")),
        ("开展县管校聘、集团化办学试点。", "县管校聘", ("pilot", "试点")),
    ],
)
def test_a_shade_is_the_quotes_own_word(quote: str, topic: str, found: tuple[str, str] | None) -> None:
    assert shade(quote, topic) == found


def test_a_shade_is_worded_in_the_answers_language() -> None:
    assert shade_label(("pilot", "试点"), "zh") == "（试点）"
    assert shade_label(("pilot", "试点"), "en") == " (a pilot)"
    assert shade_label(None, "zh") == ""


@pytest.mark.parametrize(
    ("question", "quotes", "short"),
    [
        ("哪些城市要新建托育点?", ["研究托育点建设。"], True),
        ("哪些城市要新建托育点?", ["研究托育点建设。", "新建托育点30个。"], False),
        ("哪些城市要新建托育点?", ["开展托育点建设试点。"], False),  # a pilot builds, if in few places
        ("哪些城市在研究新建托育点?", ["研究托育点建设。"], False),
        ("哪些城市提到托育点?", ["研究托育点建设。"], False),
    ],
)
def test_a_study_is_half_an_answer_where_a_deed_is_asked_for(
    question: str, quotes: list[str], short: bool
) -> None:
    assert falls_short(quotes, question, question) is short


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("哪些城市既要新建幼儿园又要扩大托育?", ("新建幼儿园", "扩大托育")),
        ("哪些城市同时提到课后服务和研学旅行?", ("课后服务", "研学旅行")),
        ("Which cities plan both new canteens and smart campuses?", ("new canteens", "smart campuses")),
        ("哪些城市提出托育和学前教育?", None),
    ],
)
def test_two_things_asked_for_at_once(question: str, parts: tuple[str, str] | None) -> None:
    assert read_both(question) == parts


def test_one_of_two_things_is_half_an_answer() -> None:
    assert has_one_only((0.9, 0.01))
    assert not has_one_only((0.9, 0.6))
    assert not has_one_only((0.2, 0.01))


def test_a_plan_that_only_studies_it_is_called_partial(tmp_path: Path) -> None:
    plans = (
        write_plan("shanghai-2023", "上海", 2023, ["1|1.托育。新建社区托育点30个。"]),
        write_plan("nanning-2023", "南宁", 2023, ["1|1.托育。研究社区托育点建设。"]),
    )
    index = make_index(plans, tmp_path)
    heard = Heard()
    model = FakeGenerator(odds=lambda prompt: 8.0)
    answer = ask(answerer_over(index, model, ASKING), "哪些城市要新建社区托育点?", heard)
    check_guarantees(index, answer, heard)
    assert answer.verdicts is not None
    words = {verdict.plan_id: verdict.verdict for verdict in answer.verdicts}
    assert words == {"shanghai-2023": "yes", "nanning-2023": "partial"}
    assert "部分相关：" in answer.answer
    assert "“研究社区托育点建设。”[1]（研究）" in answer.answer


def test_each_quote_has_its_mark_behind_it(sample_index: Index) -> None:
    model = FakeGenerator(odds=lambda prompt: 8.0)
    answer = ask(answerer_over(sample_index, model, ASKING), "哪些城市推进智慧校园?")
    for citation in answer.citations:
        assert f"“{citation.quote}”[{citation.n}]" in answer.answer
