"""What holds for every answer, whatever the question and whatever the model says."""

from __future__ import annotations

import re
from dataclasses import asdict
from decimal import Decimal

from chain_fakes import Heard

from rag.numbers import missing_numbers, read_numbers
from rag.records import Answer, Citation
from rag.snapshot import Index

_NO_ANSWER = ("相关但没有回答这一问题的是：", "Related, but it does not say this: ")
_MARK = re.compile(r"\[(\d+)\]")


def check_guarantees(index: Index, answer: Answer, heard: Heard | None = None) -> None:
    """Fail where the answer breaks one of the rules that no model can break."""
    _check_quotes(index, answer)
    _check_marks(answer)
    _check_claims(answer)
    _check_verdicts(answer)
    if heard is not None:
        _check_events(answer, heard)


def _check_quotes(index: Index, answer: Answer) -> None:
    plans = {plan.plan_id: plan for plan in index.plans}
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        plan = plans[citation.plan_id]
        item = next(part for part in plan.parts() if part.item_id == citation.item_id)
        assert citation.quote
        assert plan.text[citation.start : citation.end] == citation.quote
        assert item.start <= citation.start < citation.end <= item.end
        assert (citation.city, citation.year, citation.number) == (plan.city, plan.year, item.number)
        assert citation.plan_id in answer.filters_applied["plans"]


def _check_marks(answer: Answer) -> None:
    used = {int(number) for number in _MARK.findall(answer.answer)}
    assert used == {citation.n for citation in answer.citations}


def _check_claims(answer: Answer) -> None:
    by_number = {citation.n: citation for citation in answer.citations}
    for claim in answer.claims:
        assert claim.text in answer.answer
        assert claim.support in ("verified", "weak")
        assert claim.citations
        cited = [by_number[n] for n in claim.citations]
        allowed = _shown(cited) | _computed(claim.text)
        assert missing_numbers(claim.text, [citation.quote for citation in cited], allowed) == []
    if answer.status in ("out_of_corpus", "ambiguous"):
        assert (answer.claims, answer.citations) == ((), ())
    if answer.status == "not_found":
        # What comes nearest may be shown, but never as if it answered.
        assert all(claim.text.startswith(_NO_ANSWER) for claim in answer.claims)
        assert len(answer.claims) == len(answer.citations) <= 1


def _computed(text: str) -> frozenset[str]:
    """The result of a sum or difference that the text shows, where it is right."""
    match = re.search(r"((?:[\d.,]+ [+-] )+[\d.,]+) = ([\d.,]+)", text)
    if match is None:
        return frozenset()
    first, *more = re.findall(r"[+-]|[\d.,]+", match.group(1).replace(",", ""))
    result = Decimal(first)
    for sign, term in zip(more[::2], more[1::2], strict=True):
        result += Decimal(term) * (1 if sign == "+" else -1)
    assert result == Decimal(match.group(2).replace(",", ""))
    return frozenset(read_numbers(match.group(2)))


def _shown(citations: list[Citation]) -> frozenset[str]:
    """The numbers that the citations show beside their quotes: the plan's year and the item's number."""
    numbers = {str(citation.year) for citation in citations} | {citation.number for citation in citations}
    numbers |= {citation.item_id.partition("#")[2] for citation in citations}
    return frozenset(number for text in numbers for number in (text, *read_numbers(text)))


def _check_verdicts(answer: Answer) -> None:
    if answer.verdicts is None:
        return
    assert [verdict.plan_id for verdict in answer.verdicts] == sorted(answer.filters_applied["plans"])
    by_number = {citation.n: citation for citation in answer.citations}
    for verdict in answer.verdicts:
        assert 0.0 <= verdict.confidence <= 1.0
        assert bool(verdict.citations) == (verdict.verdict != "no_evidence")
        assert all(by_number[n].plan_id == verdict.plan_id for n in verdict.citations)


def _check_events(answer: Answer, heard: Heard) -> None:
    assert heard.words() == answer.answer
    assert heard.events[-1].kind == "final"
    assert heard.events[-1].data == asdict(answer)
    assert heard.of("citation") == [asdict(citation) for citation in answer.citations]
    pieces = [str(data["text"]) for data in heard.of("delta")]
    # No mark is split over two pieces.
    assert sum(len(_MARK.findall(piece)) for piece in pieces) == len(_MARK.findall(answer.answer))
    known: set[int] = set()
    for event in heard.events:
        if event.kind == "citation":
            known.add(event.data["n"])
        elif event.kind == "delta":
            text = event.data["text"]
            assert text
            assert {int(number) for number in _MARK.findall(text)} <= known
