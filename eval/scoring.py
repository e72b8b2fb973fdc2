"""Scores one outcome against the gold of its question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import ir_measures
from ir_measures import RR, R, nDCG

from eval.citable import Citable, plan_of
from eval.matching import states_any
from eval.measures import Share
from eval.outcomes import Outcome
from eval.questions import REFUSED, Question, Verdict
from rag.numbers import read_numbers
from rag.which_plans import UNSURE_BELOW

Scores = dict[str, Share]
_MARK = re.compile(r"\[\d+\]")
_IR = {R(rel=2) @ 5: "recall@5", R(rel=2) @ 10: "recall@10", R(rel=2) @ 20: "recall@20", nDCG @ 10: "ndcg@10",
       RR(rel=2): "mrr"}  # fmt: skip


def score(question: Question, outcome: Outcome, citable: Citable) -> Scores:
    """Every measure that applies to the question; what does not apply is absent, never zero."""
    scores = {
        **_retrieval(question, outcome, citable),
        **_costs(outcome),
        "failed": Share(float(bool(outcome.error))),
    }
    if outcome.answer is not None or outcome.error:
        scores |= _verdicts(question, outcome)
        scores |= _facts(question, outcome)
        scores |= _citations(question, outcome, citable)
        scores |= _refusal(question, outcome)
        scores |= _checks(question, outcome, citable)
    return scores


def answer_text(outcome: Outcome) -> str:
    """The answer's words without their citation marks, so that a mark is never taken for a number."""
    return _MARK.sub("", outcome.answer["answer"]) if outcome.answer else ""


def _retrieval(question: Question, outcome: Outcome, citable: Citable) -> Scores:
    scores: Scores = {}
    if question.required and outcome.searched and not outcome.hits:
        # nothing found is a miss, not a question left out
        scores |= {name: Share(0.0) for name in _IR.values()}
    elif question.required and outcome.searched:
        grades = {citable.item(item): 1 for item in question.acceptable}
        grades |= {citable.item(item): 2 for item in question.required}
        qrels = {"q": grades}
        # the scores of fused rankings can tie; ranks cannot, and are what the user sees
        run = {"q": {citable.item(item): -float(rank) for rank, (item, _) in reversed_ranks(outcome)}}
        for value in ir_measures.iter_calc(list(_IR), qrels, run):
            scores[_IR[value.measure]] = Share(value.value)
    gold = {plan: verdict for plan, verdict in scoped_verdicts(question).items() if verdict.verdict == "yes"}
    if gold and outcome.searched:
        first = within = 0
        for plan, verdict in gold.items():
            wanted = {citable.item(item) for item in verdict.items}
            found = [citable.item(item) for item in outcome.plan_hits.get(plan, [])]
            first += bool(found) and found[0] in wanted
            within += bool(wanted.intersection(found[:3]))
        scores["plan_first_hit"] = Share(first, len(gold))
        scores["plan_hit@3"] = Share(within, len(gold))
    return scores


def reversed_ranks(outcome: Outcome) -> list[tuple[int, tuple[str, float]]]:
    """Hits with their ranks, last first: where two ids are of one item, the better rank is kept."""
    return list(enumerate(outcome.hits, start=1))[::-1]


def scoped_verdicts(question: Question) -> dict[str, Verdict]:
    """The gold verdicts of the plans that the question is about."""
    return {
        plan: verdict for plan, verdict in question.verdicts if not question.scope or plan in question.scope
    }


def given_verdicts(outcome: Outcome) -> dict[str, tuple[str, float]]:
    """What the answer says of each plan, and with which confidence; empty where it gives no verdicts."""
    verdicts = (outcome.answer or {}).get("verdicts") or []
    return {entry["plan_id"]: (entry["verdict"], float(entry["confidence"])) for entry in verdicts}


def f1_share(right: int, wrong: int, missed: int) -> Share:
    """F1 as a share; with nothing to find and nothing claimed it is right, at the weight of one plan."""
    if right + wrong + missed == 0:
        return Share(1.0, 1.0)
    return Share(2.0 * right, 2.0 * right + wrong + missed)


def _verdicts(question: Question, outcome: Outcome) -> Scores:
    gold = scoped_verdicts(question)
    if not gold:
        return {}
    given = given_verdicts(outcome)
    said = {plan: given.get(plan, ("undecided", 0.0))[0] for plan in gold}
    # a plan that is partly there is left out: calling it yes or not are both defensible
    clear = {plan: verdict.verdict == "yes" for plan, verdict in gold.items() if verdict.verdict != "partial"}
    right = sum(said[plan] == "yes" for plan, yes in clear.items() if yes)
    wrong = sum(said[plan] == "yes" for plan, yes in clear.items() if not yes)
    n_yes = sum(clear.values())
    positive = ("yes", "partial")
    mentioned = {plan for plan, verdict in gold.items() if verdict.verdict in positive}
    claimed = {plan for plan, verdict in said.items() if verdict in positive}
    scores = {
        "verdict_f1": f1_share(right, wrong, n_yes - right),
        "mention_f1": f1_share(len(mentioned & claimed), len(claimed - mentioned), len(mentioned - claimed)),
        "verdict_exact": Share(float(right == n_yes and wrong == 0)),
    }
    if right + wrong:
        scores["verdict_precision"] = Share(right, right + wrong)
    if n_yes:
        scores["verdict_recall"] = Share(right, n_yes)
    judged = [(given[plan][1], yes) for plan, yes in clear.items() if plan in given]
    if judged:
        scores["verdict_brier"] = Share(sum((p - yes) ** 2 for p, yes in judged), len(judged))
    return scores


def _facts(question: Question, outcome: Outcome) -> Scores:
    if not question.facts or not question.answerable:
        return {}
    text = answer_text(outcome)
    stated = sum(states_any(text, fact.forms) for fact in question.facts)
    return {
        "facts_all": Share(float(stated == len(question.facts))),
        "facts_share": Share(stated, len(question.facts)),
    }


def _citations(question: Question, outcome: Outcome, citable: Citable) -> Scores:
    if not question.answerable or not question.required:
        return {}
    cited = {citable.item(citation["item_id"]) for citation in outcome.citations}
    good = {citable.item(item) for item in (*question.required, *question.acceptable)}
    groups = _groups(question, citable)
    scores = {"citation_recall": Share(sum(bool(cited & group) for group in groups), len(groups))}
    if cited:
        scores["citation_precision"] = Share(len(cited & good) / len(cited))
    return scores


def _groups(question: Question, citable: Citable) -> list[set[str]]:
    """Sets of items of which an ideal answer cites at least one each."""
    yes = [verdict for verdict in scoped_verdicts(question).values() if verdict.verdict == "yes"]
    if yes:
        return [{citable.item(item) for item in verdict.items} for verdict in yes]
    return [{citable.item(item)} for item in question.required]


def _refusal(question: Question, outcome: Outcome) -> Scores:
    status = outcome.answer["status"] if outcome.answer else ""
    refused = status in REFUSED
    if question.answerable:
        return {"refused_answerable": Share(float(refused))}
    set_right = bool(question.correction) and states_any(answer_text(outcome), question.correction)
    scores = {"refused_unanswerable": Share(float(refused or set_right))}
    if not question.correction:
        scores["status_right"] = Share(float(status in question.statuses))
    return scores


def _checks(question: Question, outcome: Outcome, citable: Citable) -> Scores:
    scores: Scores = {}
    citations = outcome.citations
    if citations:
        scores["verbatim"] = Share(sum(_stands(citation, citable) for citation in citations), len(citations))
    claims = outcome.answer["claims"] if outcome.answer else []
    if claims:
        scores["claims_cited"] = Share(sum(bool(claim["citations"]) for claim in claims), len(claims))
        verified = sum(claim["support"] == "verified" for claim in claims)
        scores["claims_verified"] = Share(verified, len(claims))
    numbers = _numbers(question, outcome)
    if numbers:
        quoted = set(read_numbers("\n".join(citation["quote"] for citation in citations)))
        scores["numbers_grounded"] = Share(sum(number in quoted for number in numbers), len(numbers))
    return scores


def _stands(citation: Mapping[str, object], citable: Citable) -> bool:
    text = citable.plan_texts.get(plan_of(str(citation["item_id"])), "")
    start, end = citation["start"], citation["end"]
    return isinstance(start, int) and isinstance(end, int) and text[start:end] == citation["quote"]


def _numbers(question: Question, outcome: Outcome) -> list[str]:
    """The numbers that an answer states of the plans.

    Not the question's own, not a plan's year or an item's number, and not what code computed (sums, counts
    of plans, the numbers of hidden items), which stands in no quote.
    """
    if not outcome.answer or outcome.answer["status"] in REFUSED or question.type == "count":
        return []
    allowed = set(read_numbers(question.text))
    for citation in outcome.citations:
        allowed |= {str(citation["year"]), str(citation["number"])}
    for plan_id in outcome.answer["filters_applied"].get("plans", ()):
        allowed |= set(re.findall(r"\d{4}", plan_id))  # a plan in scope may be named without being quoted
    coverage = outcome.answer["coverage"]
    allowed |= {str(coverage[name]) for name in ("plans_in_scope", "plans_checked", "items_scored")}
    for gap in coverage["gaps"]:
        allowed |= {str(gap["first"]), str(gap["last"])}
    verdicts = outcome.answer.get("verdicts") or []
    allowed |= {str(verdict["year"]) for verdict in verdicts}
    # how many plans say it is counted by code, and the table beside it shows them
    allowed |= {str(count) for count in Counter(verdict["verdict"] for verdict in verdicts).values()}
    allowed.add(str(sum(v["verdict"] == "yes" and v["confidence"] < UNSURE_BELOW for v in verdicts)))
    figures = outcome.answer.get("figures") or {}
    allowed |= set(read_numbers(figures.get("result") or ""))  # code works it out
    return [number for number in read_numbers(answer_text(outcome)) if number not in allowed]


def _costs(outcome: Outcome) -> Scores:
    scores: Scores = {"search_ms": Share(outcome.search_ms)} if outcome.searched else {}
    if outcome.memory_mb:
        scores["memory_mb"] = Share(outcome.memory_mb)
    if outcome.answer is None:
        return scores
    scores["wall_ms"] = scores["wall_p95_ms"] = Share(outcome.wall_ms)
    for kind, name in (("evidence", "first_evidence_ms"), ("verdict", "first_verdict_ms")):
        if kind in outcome.reached_ms:
            scores[name] = Share(outcome.reached_ms[kind])
    model = outcome.answer["model"]
    if model.get("used") and "delta" in outcome.reached_ms:
        scores["first_word_ms"] = Share(outcome.reached_ms["delta"])
    for name in ("prompt_tokens", "generated_tokens"):
        if model.get("used") and name in model:
            scores[name] = Share(float(model[name]))
    return scores
