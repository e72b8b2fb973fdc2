"""Sentences of two plans that speak of one matter."""

from __future__ import annotations

import csv
from pathlib import Path

from chain_fakes import FakeEncoder

from rag.alignment import SAME_FROM, align, group, shared_words
from rag.retrieve import Retriever
from rag.snapshot import Index

_PAIRS = Path(__file__).with_name("same_matter.tsv")


def judged() -> list[tuple[float, bool]]:
    """Shared words and judgement of pairs of sentences that are each other's nearest in two plans."""
    with _PAIRS.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(shared_words(row["sentence"], row["its sentence"]), row["same"] == "1") for row in rows]


def test_shared_words_tell_one_matter_from_one_field() -> None:
    pairs = judged()
    right = [(share >= SAME_FROM) == same for share, same in pairs]
    assert len(pairs) == 86
    assert sum(right) / len(right) > 0.78
    assert sum(right) > sum(same for _, same in pairs) + 10  # what calling all of them the same would get


def test_shared_words_are_a_share() -> None:
    assert shared_words("加强师德师风建设", "加强师德师风建设") == 1.0
    assert shared_words("加强师德师风建设", "新建幼儿园") == 0.0
    assert shared_words("", "新建幼儿园") == 0.0


def test_sentences_of_one_matter_find_each_other(small_index: Index) -> None:
    retriever = Retriever(small_index, FakeEncoder())
    found = align(retriever, "qingdao-2018", "qingdao-2023")
    chunks = small_index.chunks
    texts = {(chunks[one].text, chunks[other].text) for one, other in found.items()}
    assert ("新建、改扩建幼儿园30所,其中农村12所。", "新建、改扩建幼儿园50所,新增学位1.2万个。") in texts
    back = align(retriever, "qingdao-2023", "qingdao-2018")
    assert {other: one for one, other in found.items()} == back


def test_a_group_holds_each_given_sentence_once(small_index: Index) -> None:
    retriever = Retriever(small_index, FakeEncoder())
    given = {plan: retriever.rows([plan]) for plan in ("qingdao-2018", "qingdao-2023", "tianjin-2014")}
    groups = group(retriever, given, frozenset())
    rows = [row for found in groups for own in found.values() for row in own]
    assert sorted(rows) == sorted(row for own in given.values() for row in own)
    assert any(len(found) > 1 for found in groups)
