"""What a question means that names no matter: phrases near it, their file, and what verdicts make of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from chain_fakes import FakeEncoder, make_index, write_plan

from eval.embed_phrases import embed_phrases, phrases_of
from rag.meant_matters import AS_NEAR, MANY, NEAR_ENOUGH, PHRASES_FILE, MeantMatters, meant_for
from rag.named_matters import Entry, NamedMatters
from rag.retrieve import Limits, Retriever
from rag.verdict_model import Named

MATTERS = NamedMatters(
    [
        Entry("elderly", ("老年教育",), ("老头老太太上学", "城市老人上学")),
        Entry("toilets", ("厕所", "卫生间"), ("学校的茅房",)),
    ]
)
PLANS = (
    write_plan("weihai-2021", "威海", 2021, ["1|1.老年教育。办好老年教育。", "2|2.疏浚河道。"]),
    write_plan("yantai-2021", "烟台", 2021, ["1|1.改善条件。改造学校校舍30栋。", "2|2.栽植树木。"]),
)
PHRASES = ("老头老太太上学", "学校的茅房", "老年教育")


def at(*nearness: float) -> MeantMatters:
    """Phrases whose vectors lie so near to the first axis."""
    vectors = np.zeros((len(nearness), 8), dtype=np.float32)
    for row, near in enumerate(nearness):
        vectors[row, :2] = near, (1 - near**2) ** 0.5
    return MeantMatters(PHRASES[: len(nearness)], vectors, "fake")


ALONG = np.eye(16, dtype=np.float32)[0]
"""A question along the first axis, by a longer vector than the phrases'."""


def test_what_is_nearest_is_meant_and_what_is_as_near() -> None:
    alone = at(0.9, 0.9 - AS_NEAR - 0.01).meant_by(ALONG, MATTERS)
    assert alone is not None
    assert alone.label == "老头老太太上学" and alone.forms == ("老年教育",)
    both = at(0.9 - AS_NEAR + 0.01, 0.9).meant_by(ALONG, MATTERS)
    assert both is not None
    assert both.label == "学校的茅房" and set(both.forms) == {"老年教育", "厕所", "卫生间"}


def test_nothing_is_meant_where_no_phrase_is_near() -> None:
    assert at(NEAR_ENOUGH - 0.01, 0.3).meant_by(ALONG, MATTERS) is None
    assert at(NEAR_ENOUGH + 0.01, 0.3).meant_by(ALONG, MATTERS) is not None


@pytest.mark.parametrize(("n_matters", "means"), [(1, True), (MANY, True), (MANY + 1, False)])
def test_a_question_near_too_many_matters_means_none(n_matters: int, means: bool) -> None:
    names = [f"第{n}件事" for n in range(2 * MANY)]
    listed = NamedMatters([Entry(name, (name,)) for name in names[:n_matters]])
    phrases = tuple(names[n % n_matters] for n in range(2 * MANY))  # however many phrases call each
    vectors = np.tile(ALONG[:8], (len(phrases), 1))
    assert (MeantMatters(phrases, vectors, "fake").meant_by(ALONG, listed) is not None) == means


def test_a_phrase_that_the_list_no_longer_has_means_nothing() -> None:
    assert at(0.9).meant_by(ALONG, NamedMatters([Entry("toilets", ("厕所",))])) is None


def test_phrases_come_back_from_their_file(tmp_path: Path) -> None:
    kept = embed_phrases(MATTERS, FakeEncoder())
    kept.save(tmp_path / "phrases.npz")
    again = MeantMatters.load(tmp_path / "phrases.npz")
    assert again.phrases == kept.phrases == phrases_of(MATTERS)
    assert again.phrases == ("卫生间", "学校的茅房", "老头老太太上学", "老年教育")  # 城市 is near too much
    assert np.allclose(again.vectors, kept.vectors, atol=0.2) and again.encoder == "fake-pairs"
    assert again.digest != replace(again, phrases=again.phrases[::-1]).digest
    assert kept.fits(FakeEncoder()) and not replace(kept, encoder="other").fits(FakeEncoder())


@pytest.mark.parametrize("content", [b"", b"no phrases", b"PK\x05\x06" + 18 * b"\0"])
def test_a_file_without_phrases_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "phrases.npz").write_bytes(content)
    with pytest.raises(ValueError, match="holds no phrases of matters"):
        MeantMatters.load(tmp_path / "phrases.npz")


def test_vectors_that_are_not_one_a_phrase_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 3\); wanted a row for each of 1"):
        MeantMatters(("老年教育",), np.zeros((2, 3), dtype=np.float32), "fake")


def test_the_shipped_phrases_are_those_of_the_shipped_list_and_of_one_encoder() -> None:
    shipped = MeantMatters.load()
    assert shipped.phrases == phrases_of(NamedMatters.load())
    assert np.allclose(np.linalg.norm(shipped.vectors, axis=1), 1, atol=1e-4)
    assert PHRASES_FILE.stat().st_size < 2 * 1024 * 1024
    assert meant_for(FakeEncoder()) is None


@pytest.mark.parametrize("limits", [None, Limits(score_all=0)], ids=["small", "large"])
def test_what_is_meant_counts_where_nothing_is_named_and_some_plan_says_it(
    tmp_path: Path, limits: Limits | None
) -> None:
    encoder = FakeEncoder()
    meant = embed_phrases(MATTERS, encoder)
    retriever = Retriever(make_index(PLANS, tmp_path), encoder, limits=limits, matters=MATTERS, meant=meant)
    plan_ids = [plan.plan_id for plan in PLANS]

    def naming(question: str) -> list[str] | None:
        scores = retriever.with_meant(retriever.score(question, plan_ids, per_plan=True))
        if scores.naming is None:
            return None
        assert scores.naming.meant != (question in ("老年教育", "厕所"))
        return sorted(
            {
                chunk.item_id
                for chunk, share in zip(retriever.index.chunks, scores.naming.items, strict=True)
                if share
            }
        )

    assert naming("老头老太太上不上学") == ["weihai-2021#1"]
    assert naming("学校里的茅房") is None  # no plan has the word; another word may say it
    assert naming("老年教育") == ["weihai-2021#1"]
    assert naming("厕所") == []
    assert naming("河道") is None


def test_what_is_only_meant_counts_less() -> None:
    named, meant = Named(1.0, 0.5, 1.0), Named(1.0, 0.5, 1.0, trust=0.8)
    assert named.vector() == (0.5, 0.0) and meant.vector() == (0.4, 0.0)
    assert Named(0.0, 0.5, 0.0, trust=0.8).vector() == (-0.4, 0.8) and meant.anywhere() == (0.8, 0.0)
