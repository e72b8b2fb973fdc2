"""The ablation: ours is the chain itself, every variant changes one thing, the table says what it changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from worlds import PLANS, PairEncoder, question

from embeddings.encoder import Vectors
from eval.ablation import OURS, REWORDED, VARIANTS, Ablation, Variant, arrange, join_views, tabulate
from eval.ablation_table import ablation_tables, load_ablation, markdown, save_ablation
from eval.commands import Workbench, measure_ablation
from eval.kept_replies import KeptReplies
from eval.questions import Question
from eval.rerank import (
    LateInteraction,
    QuestionLikelihood,
    TokenEncoder,
    YesNoReranker,
    measure_reranker,
    measure_rewording,
    ranks_of,
    sample_questions,
)
from eval.text_chain import NoPlaces
from rag.answer import Answerer
from rag.chunks import chunk_plans, context
from rag.generate import Generation, Message, Sink
from rag.records import AskRequest, Chunk
from rag.retrieve import Retriever, Scores
from rag.snapshot import Index, build_index, load_index
from rag.views import score_question

YES = {"alpha-2020": {"verdict": "yes", "items": ["alpha-2020#2"], "quote": "研学"},
       "beta-2021": {"verdict": "yes", "items": ["beta-2021#2"], "quote": "研学"}}  # fmt: skip
QUESTIONS = [
    question(id="one", question="新建幼儿园多少所?", required=["alpha-2020#1", "beta-2021#1"]),
    question(id="two", question="哪些城市推进研学旅行?", type="enumerate", criterion="研学",
             required=["alpha-2020#2", "beta-2021#2"], verdicts=YES),
    question(id="three", language="en", question="Who travels with zebras?", required=["beta-2021#2"]),
    question(id="four", type="unanswerable", reason="silent", status=["not_found"], question="火星呢?"),
]  # fmt: skip


class Words:
    """A generator that puts every question into the same Chinese words, and says yes to 研学."""

    name = "words"
    digest = "1"

    def __init__(self) -> None:
        self.n_asked = 0

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        self.n_asked += 1
        return Generation("哪些城市开展研学旅行?", 9, 0, 9)

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        sentence = messages[-1].content.partition("“")[2]
        return (0.0, -2.0) if "研学" in sentence else (-2.0, 0.0)


class Echoes(Words):
    """A model for which a reply is the likelier the more of its characters the prompt has."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    def likelihood(self, messages: Sequence[Message], reply: str) -> float:
        (message,) = messages
        self.asked.append((message.content, reply))
        return sum(character in message.content for character in reply) / len(reply) - 1


class PairTokens:
    """A vector for every character: one of its own for each."""

    def question_tokens(self, question: str) -> Vectors:
        return np.stack([self._vector(character) for character in question])

    def passage_tokens(self, texts: Sequence[str], titles: Sequence[str]) -> list[Vectors]:
        return [self.question_tokens(text) for text in texts]

    def _vector(self, character: str) -> Vectors:
        return np.asarray(np.eye(512, dtype=np.float32)[ord(character) % 512])


@pytest.fixture
def index(tmp_path: Path) -> Index:
    build_index(PLANS, PairEncoder(), tmp_path / "index")
    return load_index(tmp_path / "index", PairEncoder())


@pytest.fixture
def ablation(index: Index) -> Ablation:
    answerer = Answerer(index, PairEncoder(), None, NoPlaces())
    return Ablation(index, PairEncoder(), Words(), lambda one: answerer.check(AskRequest(one.text)))


def chunk_of(item_id: str) -> Chunk:
    (found,) = [chunk for chunk in chunk_plans(PLANS) if chunk.item_id == item_id]
    return found


def test_ours_is_the_chain_itself(index: Index, ablation: Ablation) -> None:
    retriever = Retriever(index, PairEncoder())
    answerer = Answerer(index, PairEncoder(), None, NoPlaces())
    searched = ablation.search(OURS, QUESTIONS)
    assert [one.question.question_id for one in searched] == ["one", "two", "three"]
    for one in searched:
        reading = answerer.check(AskRequest(one.question.text))
        scores = score_question(retriever, reading, Words()).scores
        hits = retriever.search(reading.topic, reading.plan_ids, 50, scores=scores)
        assert list(one.hits) == hits


def test_variants_have_names_of_their_own_and_differ_from_ours() -> None:
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)
    shapes = [(v.levels, v.beside, v.fusion, v.rendering, v.terms, v.whole_question) for v in VARIANTS]
    assert len(set(shapes)) == len(shapes)


def test_what_stands_beside_a_sentence_is_what_was_asked_for() -> None:
    plain = arrange(PLANS, ["sentences"], ())
    assert [context(chunk) for chunk in plain] == [""] * len(plain)
    assert [chunk.text for chunk in plain] == [chunk.text for chunk in chunk_plans(PLANS)]
    assert arrange(PLANS, ["sentences"], ("heading", "title"))[0].title == chunk_plans(PLANS)[0].title
    assert context(arrange(PLANS, ["sentences"], ("place",))[0]) == "甲城 2020"
    both = arrange(PLANS, ["sentences", "items"], ())
    assert len({chunk.chunk_id for chunk in both}) == len(both) == len(plain) + 6


def test_views_are_joined_as_their_names_say() -> None:
    dense = np.array([0.9, 0.5, 0.1], dtype=np.float32)
    keyword = np.array([0.0, 4.0, 2.0], dtype=np.float32)
    scores = Scores(dense, keyword, np.array([0.0, 1.0, 0.5], dtype=np.float32))
    assert join_views("ours", scores, [0, 1, 2]) is scores
    assert join_views("dense", scores, [0, 1, 2]).fused.tolist() == dense.tolist()
    assert join_views("words", scores, [0, 1, 2]).fused.tolist() == keyword.tolist()
    ranks = join_views("ranks", scores, [0, 1, 2]).fused
    # a sentence without a word of the question has a rank by meaning alone
    assert ranks.tolist() == pytest.approx([1 / 61, 1 / 62 + 1 / 61, 1 / 63 + 1 / 62])
    scaled = join_views("scaled", scores, [0, 1, 2]).fused
    assert scaled.tolist() == pytest.approx([1.0, 0.5 + 1.0, 0.0 + 0.5])
    # what is out of scope has no say in ranks and scales
    assert join_views("scaled", scores, [1, 2]).fused.tolist() == pytest.approx([0.0, 2.0, 0.0])


def test_leaving_out_the_rendering_changes_english_questions_alone(ablation: Ablation) -> None:
    with_it = ablation.search(OURS, QUESTIONS)
    without = ablation.search(Variant("x", rendering=False), QUESTIONS)
    assert [one.hits == other.hits for one, other in zip(with_it, without, strict=True)] == [
        True, True, False,
    ]  # fmt: skip
    assert with_it[2].scores["mrr"].numerator == 1.0


def test_without_terms_an_english_question_is_rendered_or_has_no_words(ablation: Ablation) -> None:
    tours = question(id="en", language="en", question="Which cities offer study tours?",
                     required=["alpha-2020#2", "beta-2021#2"])  # fmt: skip
    words = Variant("words", fusion="words")
    # 研学 stands in the file of terms
    assert ablation.search(words, [tours])[0].scores["recall@5"].numerator == 1.0
    neither = Variant("x", fusion="words", terms=False, rendering=False)
    assert ablation.search(neither, [tours])[0].hits == ()
    rendered = Variant("y", fusion="words", terms=False)
    assert ablation.search(rendered, [tours])[0].scores["recall@5"].numerator == 1.0


def test_the_table_compares_every_line_with_ours(ablation: Ablation) -> None:
    words = Variant("words", fusion="words")
    lines = tabulate({one.name: ablation.search(one, QUESTIONS) for one in (OURS, words)})
    ours, other = lines
    assert ours.cells["all", "recall@10"].change is None
    change = other.cells["en", "recall@10"].change
    assert change is not None and change.n == 1
    assert ours.cells["all", "recall@10"].estimate.n == 3
    assert ours.cells["all", "plan_first_hit"].estimate.n == 1
    assert ("en", "plan_first_hit") not in ours.cells


def test_the_whole_measurement_is_saved_and_repeated_without_the_model(index: Index, tmp_path: Path) -> None:
    model = Words()
    bench = Workbench(Answerer(index, PairEncoder(), model, NoPlaces()), index, PairEncoder(), model)
    folder = tmp_path / "ablation"
    record = measure_ablation(bench, QUESTIONS, folder, n_rerank=2)
    asked = model.n_asked
    table = save_ablation(folder, record)
    assert json.loads(json.dumps(record)) == load_ablation(folder)
    assert asked == 3  # one question is rendered, two are reworded
    assert measure_ablation(bench, QUESTIONS, folder, n_rerank=2)["lines"] == record["lines"]
    assert model.n_asked == asked
    text = table.read_text(encoding="utf-8")
    assert text == markdown(record) + "\n"
    assert "recall@10, English (n=1)" in text and "yes/no likelihood, words" in text
    parts, reranked = ablation_tables(record)
    assert len(parts.rows) == len(VARIANTS) and all(len(row) == len(parts.heads) for row in parts.rows)
    assert [row[1] for row in reranked.rows] == ["2", "2", "2"]


def test_without_a_model_no_line_is_about_renderings(index: Index, tmp_path: Path) -> None:
    bench = Workbench(Answerer(index, PairEncoder(), None, NoPlaces()), index, PairEncoder(), None)
    record = measure_ablation(bench, QUESTIONS, tmp_path)
    names = [line["name"] for line in record["lines"]]
    assert "without the file of terms" in names
    assert not any("renderings" in name or "by the model" in name for name in names)
    assert record["reranked"] == []


def test_a_folder_without_an_ablation_has_none(tmp_path: Path) -> None:
    assert load_ablation(tmp_path) is None


def test_replies_are_kept_by_prompt_and_model(tmp_path: Path) -> None:
    model, path = Words(), tmp_path / "kept.json"
    messages = [Message("user", "Which?")]
    first = KeptReplies(model, path).generate(messages, 5).text
    assert KeptReplies(model, path).generate(messages, 5).text == first
    assert model.n_asked == 1
    KeptReplies(model, path).generate(messages, 6)
    KeptReplies(model, path).generate([Message("user", "Who?")], 5)
    assert model.n_asked == 3


def test_ranks_of_scores_keep_the_order_of_equal_ones() -> None:
    assert ranks_of([0.5, 2.0, 0.5, 1.0]) == [3, 1, 4, 2]


def test_late_interaction_is_the_mean_of_the_best_matches() -> None:
    reranker = LateInteraction(PairTokens())
    chunks = [chunk_of("alpha-2020#2"), chunk_of("beta-2021#3")]
    reranker.prepare(chunks)
    assert reranker.n_stored == 2 and reranker.stored_mb > 0
    # of 研学城 the first sentence holds two characters, the second none
    assert reranker.scores("研学城", chunks) == pytest.approx([2 / 3, 0.0])
    assert isinstance(PairTokens(), TokenEncoder) and not isinstance(PairEncoder(), TokenEncoder)


def test_a_reranker_is_measured_against_the_order_it_was_given(ablation: Ablation) -> None:
    asked: list[Question] = [QUESTIONS[1]]
    alone, joined = measure_reranker(YesNoReranker(Words()), ablation, asked)
    assert (alone.n, joined.n) == (1, 1)
    mrr, change = alone.cells["mrr"]
    assert mrr.value == 1.0
    assert change.value == 1.0 - ablation.search(OURS, asked)[0].scores["mrr"].numerator
    assert alone.milliseconds >= 0


def test_a_question_is_scored_after_each_sentence_by_what_the_sentence_says() -> None:
    chunks = [chunk_of("alpha-2020#2"), chunk_of("beta-2021#3")]
    model = Echoes()
    reranker = QuestionLikelihood(model)
    reranker.prepare(chunks)
    scores = reranker.scores("研学基地?", chunks)
    assert scores[0] > scores[1]
    reranker.scores("Which study tours?", chunks)
    assert [reply for _, reply in model.asked] == ["研学基地?"] * 2 + ["Which study tours?"] * 2
    for (prompt, _), chunk in zip(model.asked, chunks * 2, strict=True):
        assert prompt.startswith(f"{context(chunk)}\n{chunk.text}")
    assert ["English" in prompt for prompt, _ in model.asked] == [False, False, True, True]


def test_a_model_that_scores_replies_is_measured_as_a_reranker_too(index: Index, tmp_path: Path) -> None:
    for model, measured in ((Words(), False), (Echoes(), True)):
        bench = Workbench(Answerer(index, PairEncoder(), model, NoPlaces()), index, PairEncoder(), model)
        record = measure_ablation(bench, QUESTIONS, tmp_path / str(measured), n_rerank=2)
        names = [one["name"] for one in record["reranked"]]
        assert any("likelihood of the question" in name for name in names) == measured
        assert ("likelihood of the question" in record["about"]["not measured"]) != measured


def test_another_wording_brings_what_its_words_find(ablation: Ablation) -> None:
    asked = [question(id="tours", question="谁组织学生外出游览?", required=["alpha-2020#2", "beta-2021#2"])]
    (plain,), (reworded,) = ablation.search(OURS, asked), ablation.search(REWORDED, asked)
    score = {hit.item_id: hit.score for hit in plain.hits}
    better = {hit.item_id: hit.score for hit in reworded.hits}
    assert better["alpha-2020#2"] > score["alpha-2020#2"]
    measured = measure_rewording(ablation, asked)
    assert (measured.n, set(measured.cells)) == (1, {"recall@5", "ndcg@10", "mrr"})


def test_samples_are_drawn_from_what_requires_items() -> None:
    assert {one.question_id for one in sample_questions(QUESTIONS, 9)} == {"one", "two", "three"}
    assert sample_questions(QUESTIONS, 2) == sample_questions(QUESTIONS, 2)
