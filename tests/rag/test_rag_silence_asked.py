"""Questions for the plans that do not say something."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_fakes import BY_WORDS, Heard, answerer_over, ask, make_index, write_plan
from guarantees import check_guarantees

from rag.silence_asked import said_instead


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("哪些城市没有提到校车?", "哪些城市提到校车?"),
        ("哪些城市没有校园足球的安排?", "哪些城市提到校园足球的安排?"),
        ("没有提到校车的城市有哪些?", "提到校车的城市有哪些?"),
        ("哪几份要点里都没提心理健康", "哪几份要点里提到心理健康"),
        ("七份要点里有几份没提到双减?", "七份要点里有几份提到双减?"),
        ("Which cities do not mention school buses?", "Which cities mention school buses?"),
        ("Which plans leave out fire safety?", "Which plans mention fire safety?"),
        ("Which plans say nothing about myopia?", "Which plans mention myopia?"),
        (
            "which cities don't plan to build kindergartens?",
            "which cities plan to build kindergartens?",
        ),
        ("How many plans do not mention canteens?", "How many plans mention canteens?"),
        ("Which plans do not mention 托育?", "Which plans mention 托育?"),
        # a matter that is a negation itself, a yes or no, and questions of one plan
        ("哪些城市不收学费?", None),
        ("哪些城市不让带手机", None),
        ("哪些城市有没有提到校车?", None),
        ("哪些城市未成年人保护写得细?", None),
        ("哪些城市没有围墙的学校要建围墙", None),
        ("Which city plans mention pupils without parents?", None),
        ("上海没有提到校车吗?", None),
    ],
)
def test_what_plans_would_say_that_are_not_asked_for(question: str, said: str | None) -> None:
    assert said_instead(question) == said


def test_the_plans_that_do_not_say_it_come_first(tmp_path: Path) -> None:
    plans = [
        write_plan("weihai-2021", "威海", 2021, ["1|1.书屋。建设公共书屋30个。"]),
        write_plan("yantai-2021", "烟台", 2021, ["1|1.路灯。检修路灯。", "2|2.疏浚河道。"]),
    ]
    index = make_index(plans, tmp_path)
    heard = Heard()
    answer = ask(answerer_over(index, None, BY_WORDS), "哪些城市没有提到公共书屋?", heard)
    check_guarantees(index, answer, heard)
    assert answer.question_resolved == "哪些城市没有提到公共书屋?"
    assert answer.verdicts is not None
    assert {entry.plan_id: entry.verdict for entry in answer.verdicts} == {
        "weihai-2021": "yes",
        "yantai-2021": "no_evidence",
    }
    lines = answer.answer.split("\n")
    assert lines[0] == "2 份要点中有 1 份未找到：烟台（2021）。"
    assert lines[1] == "2 份要点中有 1 份提到："
    assert "公共书屋30个" in lines[2]
    mixed = ask(answerer_over(index, None, BY_WORDS), "Which plans do not mention 公共书屋?")
    assert mixed.answer.startswith(
        "Nothing on it was found in 1 of 2 plans: Yantai (2021).\n1 of 2 plans says so:"
    )
