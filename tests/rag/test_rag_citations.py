from dataclasses import replace

import pytest
from chain_fakes import small_plans

from rag.chunks import chunk_item, whole_item
from rag.citations import CitationBook, marks
from rag.records import Chunk

PLANS = {plan.plan_id: plan for plan in small_plans()}
ITEMS = {item.item_id: item for plan in PLANS.values() for item in plan.parts()}


def chunk_of(item_id: str, place: int = 0) -> Chunk:
    return chunk_item(ITEMS[item_id])[place]


def test_a_quote_gets_a_number_once() -> None:
    book = CitationBook(PLANS, ITEMS)
    first, second = chunk_of("qingdao-2018#1"), chunk_of("tianjin-2014#1.2")
    assert [book.cite(first), book.cite(second), book.cite(first)] == [1, 2, 1]
    assert [citation.n for citation in book.citations] == [1, 2]
    assert book.n_failed == 0


def test_a_citation_carries_what_a_reader_needs() -> None:
    book = CitationBook(PLANS, ITEMS)
    book.cite(chunk_of("qingdao-2018#2"))
    citation = book.citations[0]
    assert PLANS["qingdao-2018"].text[citation.start : citation.end] == citation.quote
    assert (citation.plan_id, citation.city, citation.year) == ("qingdao-2018", "青岛", 2018)
    assert (citation.item_id, citation.number, citation.title) == ("qingdao-2018#2", "2", "建设标准化食堂")
    assert citation.headings == ("一、发展学前教育",)
    assert citation.quote == "新建标准化食堂100个,不得转包给校外企业。"


def test_a_whole_item_and_its_sentence_are_two_quotes() -> None:
    book = CitationBook(PLANS, ITEMS)
    item = ITEMS["qingdao-2018#2"]
    assert [book.cite(whole_item(item)), book.cite(chunk_item(item)[0])] == [1, 2]


CHUNK = chunk_of("qingdao-2018#1")


@pytest.mark.parametrize(
    "tampered",
    [
        replace(CHUNK, text=CHUNK.text.replace("30", "80")),
        replace(CHUNK, start=CHUNK.start + 1),
        replace(CHUNK, end=CHUNK.end - 1),
        replace(CHUNK, text=CHUNK.text + "。", end=CHUNK.end + 1),
        replace(CHUNK, plan_id="qingdao-2023"),
        replace(CHUNK, plan_id="nowhere-1999"),
        replace(CHUNK, item_id="qingdao-2018#3"),
        replace(CHUNK, item_id="qingdao-2018#99"),
        replace(CHUNK, text="", end=CHUNK.start),
    ],
)
def test_a_quote_that_its_plan_does_not_hold_is_refused_and_counted(tampered: Chunk) -> None:
    book = CitationBook(PLANS, ITEMS)
    assert book.cite(tampered) is None
    assert book.citations == ()
    assert book.n_failed == 1


def test_refused_quotes_do_not_disturb_the_numbers() -> None:
    book = CitationBook(PLANS, ITEMS)
    book.cite(replace(CHUNK, text="别的话"))
    assert book.cite(CHUNK) == 1


def test_marks() -> None:
    assert marks((1, 3)) == "[1][3]"
    assert marks(()) == ""
