"""Measures against small worlds, with the expected value worked out in the test."""

import math
from dataclasses import replace

import pytest
from worlds import PLANS, answer, cite, question

from eval.citable import Citable
from eval.measures import MEASURES, Share
from eval.outcomes import Outcome, answer_record
from eval.questions import Question
from eval.scoring import Scores, score
from rag.records import Answer, Figures

CITABLE = Citable.of(PLANS)


def outcome(given: Answer | None, hits: list[str] | None = None, **fields: object) -> Outcome:
    pairs = tuple((item, 1.0) for item in hits or [])
    return Outcome("q", pairs, hits is not None, answer=answer_record(given), **fields)  # type: ignore[arg-type]


def value(scores: Scores, name: str) -> float:
    return scores[name].numerator / scores[name].denominator


LOOKUP = question(
    required=["alpha-2020#1"],
    acceptable=["alpha-2020#3"],
    facts=[{"name": "new", "forms": ["50"], "items": ["alpha-2020#1"]}, {"name": "old", "forms": ["100"]}],
)


def test_retrieval_follows_the_ranks() -> None:
    scores = score(LOOKUP, outcome(None, ["beta-2021#1", "alpha-2020#1", "alpha-2020#3"]), CITABLE)
    assert value(scores, "mrr") == 1 / 2
    assert value(scores, "recall@5") == 1.0
    gained = 2 / math.log2(3) + 1 / math.log2(4)
    assert value(scores, "ndcg@10") == pytest.approx(gained / (2 / math.log2(2) + 1 / math.log2(3)))


def test_a_search_that_finds_nothing_counts_as_a_miss_and_no_search_does_not_count() -> None:
    assert value(score(LOOKUP, outcome(None, []), CITABLE), "recall@10") == 0.0
    assert "recall@10" not in score(LOOKUP, outcome(None), CITABLE)


def test_recall_stops_at_k() -> None:
    hits = [f"beta-2021#{n}" for n in (1, 2, 3)] + ["alpha-2020#2", "alpha-2020#3", "alpha-2020#1"]
    scores = score(LOOKUP, outcome(None, hits), CITABLE)
    assert value(scores, "recall@5") == 0.0
    assert value(scores, "recall@10") == 1.0


def test_a_sub_point_is_cited_as_its_item() -> None:
    given = answer("新建50所[1],改造100所[1]。", [cite(1, "alpha-2020#1.1", "改造100所。")])
    scores = score(LOOKUP, outcome(given), CITABLE)
    assert value(scores, "citation_precision") == 1.0
    assert value(scores, "citation_recall") == 1.0


def test_facts_must_stand_in_the_words_not_in_the_marks() -> None:
    scores = score(LOOKUP, outcome(answer("新建50所[100]。")), CITABLE)
    assert value(scores, "facts_share") == 1 / 2
    assert value(scores, "facts_all") == 0.0


def test_citing_another_item_costs_precision() -> None:
    citations = [cite(1, "alpha-2020#1", "新建幼儿园50所。"), cite(2, "beta-2021#1", "新建幼儿园30所。")]
    scores = score(LOOKUP, outcome(answer("50[1][2]", citations)), CITABLE)
    assert value(scores, "citation_precision") == 1 / 2
    assert value(scores, "citation_recall") == 1.0


def test_no_citation_has_no_precision_and_no_recall() -> None:
    scores = score(LOOKUP, outcome(answer("50")), CITABLE)
    assert "citation_precision" not in scores
    assert value(scores, "citation_recall") == 0.0


def test_quotes_are_held_against_the_plans() -> None:
    citations = [cite(1, "alpha-2020#1", "改造100所。"), cite(2, "alpha-2020#2", "开展研学。", shift=1)]
    scores = score(LOOKUP, outcome(answer("改造100所[1][2]", citations)), CITABLE)
    assert value(scores, "verbatim") == 1 / 2


def test_numbers_must_stand_in_a_cited_quote() -> None:
    given = answer("新建50所,改造120所[1]。", [cite(1, "alpha-2020#1", "新建幼儿园50所。")])
    scores = score(LOOKUP, outcome(given), CITABLE)
    assert scores["numbers_grounded"] == Share(1, 2)


def test_what_an_answer_computes_need_not_stand_in_a_quote() -> None:
    citations = [cite(1, "alpha-2020#1", "新建幼儿园50所。"), cite(2, "beta-2021#1", "新建幼儿园30所。")]
    given = answer("50 − 30 = 20,另有7[1][2]。", citations)
    assert LOOKUP.type != "count"
    assert score(LOOKUP, outcome(given), CITABLE)["numbers_grounded"] == Share(2, 4)
    computed = replace(given, figures=Figures("difference", "所", True, (), "20"))
    assert score(LOOKUP, outcome(computed), CITABLE)["numbers_grounded"] == Share(2, 3)


def test_numbers_of_the_question_and_years_need_no_quote() -> None:
    asked = question(question="2020年的50所?", required=["alpha-2020#1"])
    given = answer("甲城2020年是50所[1]。", [cite(1, "alpha-2020#1", "改造100所。")])
    assert "numbers_grounded" not in score(asked, outcome(given), CITABLE)


ENUMERATE = question(
    type="enumerate",
    criterion="研学",
    required=["alpha-2020#2"],
    verdicts={
        "alpha-2020": {"verdict": "yes", "items": ["alpha-2020#2"], "quote": "研学"},
        "beta-2021": {"verdict": "no_evidence"},
    },
)
PARTIAL = question(
    type="enumerate",
    criterion="研学",
    required=["alpha-2020#2"],
    verdicts={
        "alpha-2020": {"verdict": "yes", "items": ["alpha-2020#2"], "quote": "研学"},
        "beta-2021": {"verdict": "partial", "items": ["beta-2021#2"], "quote": "研学"},
    },
)


@pytest.mark.parametrize(
    ("asked", "alpha", "beta", "f1", "mention_f1", "exact"),
    [
        (ENUMERATE, "yes", "no_evidence", 1.0, 1.0, 1.0),
        (ENUMERATE, "yes", "yes", 2 / 3, 2 / 3, 0.0),
        (ENUMERATE, "no_evidence", "yes", 0.0, 0.0, 0.0),
        (ENUMERATE, "undecided", "no_evidence", 0.0, 0.0, 0.0),
        (PARTIAL, "yes", "no_evidence", 1.0, 2 / 3, 1.0),
        (PARTIAL, "yes", "yes", 1.0, 1.0, 1.0),
        (PARTIAL, "yes", "partial", 1.0, 1.0, 1.0),
    ],
)
def test_verdicts(asked: Question, alpha: str, beta: str, f1: float, mention_f1: float, exact: float) -> None:
    given = answer("甲城。", verdicts={"alpha-2020": (alpha, 0.9), "beta-2021": (beta, 0.2)})
    scores = score(asked, outcome(given), CITABLE)
    assert value(scores, "verdict_f1") == pytest.approx(f1)
    assert value(scores, "mention_f1") == pytest.approx(mention_f1)
    assert value(scores, "verdict_exact") == exact


@pytest.mark.parametrize(("confidence", "grounded"), [(0.3, None), (0.7, Share(0, 1))])
def test_of_how_many_verdicts_an_answer_is_unsure_is_counted_by_code(
    confidence: float, grounded: Share | None
) -> None:
    verdicts = {"alpha-2020": ("yes", 0.9), "beta-2021": ("yes", confidence), "c-2021": ("yes", 0.9)}
    given = answer("3份提到（其中1份把握不大）。", verdicts=verdicts)
    assert score(ENUMERATE, outcome(given), CITABLE).get("numbers_grounded") == grounded


def test_an_answer_without_verdicts_claims_nothing() -> None:
    scores = score(ENUMERATE, outcome(answer("甲城。")), CITABLE)
    assert value(scores, "verdict_recall") == 0.0
    assert "verdict_precision" not in scores
    assert "verdict_brier" not in scores


def test_confidence_is_held_against_the_gold() -> None:
    given = answer("甲城。", verdicts={"alpha-2020": ("yes", 0.9), "beta-2021": ("no_evidence", 0.2)})
    assert value(score(ENUMERATE, outcome(given), CITABLE), "verdict_brier") == pytest.approx(
        ((1 - 0.9) ** 2 + 0.2**2) / 2
    )


def test_plans_outside_the_scope_are_not_judged() -> None:
    asked = question(
        type="enumerate", criterion="研学", scope=["beta-2021"],
        verdicts={"alpha-2020": {"verdict": "yes", "items": ["alpha-2020#2"], "quote": "研学"},
                  "beta-2021": {"verdict": "no_evidence"}},
    )  # fmt: skip
    scores = score(asked, outcome(answer("没有。", verdicts={"beta-2021": ("no_evidence", 0.1)})), CITABLE)
    assert value(scores, "verdict_f1") == 1.0


def test_first_hits_within_the_plans() -> None:
    found = outcome(None, ["alpha-2020#1"], plan_hits={"alpha-2020": ["alpha-2020#1", "alpha-2020#2"]})
    scores = score(ENUMERATE, found, CITABLE)
    assert scores["plan_first_hit"] == Share(0, 1)
    assert scores["plan_hit@3"] == Share(1, 1)


UNANSWERABLE = question(type="unanswerable", status=["out_of_corpus"], reason="wrong_city")


@pytest.mark.parametrize(
    ("status", "refused", "right"),
    [("out_of_corpus", 1.0, 1.0), ("not_found", 1.0, 0.0), ("answered", 0.0, 0.0)],
)
def test_refusals(status: str, refused: float, right: float) -> None:
    scores = score(UNANSWERABLE, outcome(answer("没有。", status=status)), CITABLE)
    assert value(scores, "refused_unanswerable") == refused
    assert value(scores, "status_right") == right
    assert "refused_answerable" not in scores


def test_setting_a_false_premise_right_is_as_good_as_refusing() -> None:
    asked = question(type="unanswerable", status=["not_found"], reason="false_premise", correction=["50"])
    assert value(score(asked, outcome(answer("其实是50所。")), CITABLE), "refused_unanswerable") == 1.0
    assert value(score(asked, outcome(answer("在乙城。")), CITABLE), "refused_unanswerable") == 0.0


def test_refusing_what_can_be_answered_is_counted() -> None:
    scores = score(LOOKUP, outcome(answer("没有。", status="not_found")), CITABLE)
    assert value(scores, "refused_answerable") == 1.0


def test_an_error_is_wrong_everywhere_and_left_out_nowhere() -> None:
    scores = score(ENUMERATE, Outcome("q", searched=True, error="gone"), CITABLE)
    assert value(scores, "failed") == 1.0
    assert value(scores, "verdict_recall") == 0.0
    assert value(scores, "citation_recall") == 0.0
    assert value(scores, "recall@10") == 0.0


def test_every_score_is_a_known_measure() -> None:
    given = answer("甲城50[1]", [cite(1, "alpha-2020#1", "50所")], verdicts={"alpha-2020": ("yes", 1.0)})
    found = outcome(given, ["alpha-2020#1"], wall_ms=3.0, reached_ms={"evidence": 1.0, "delta": 2.0})
    for asked in (LOOKUP, ENUMERATE, UNANSWERABLE):
        assert set(score(asked, found, CITABLE)) <= set(MEASURES)
