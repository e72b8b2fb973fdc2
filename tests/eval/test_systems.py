"""The systems that are measured: single views, the plain way, and fresh questions."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from worlds import PLANS, PairEncoder

from embeddings.vector_cache import CachingEncoder, VectorCache
from eval.commands import (
    UnknownSystem,
    Workbench,
    evaluate,
    make_system,
    prepare_questions,
    question_files,
    siblings,
)
from eval.plain_way import PlainSystem, cut_windows
from eval.systems import FreshQuestions, OneViewSystem
from eval.text_chain import NoPlaces
from rag.answer import Answerer
from rag.generate import Generation, Message, Sink
from rag.records import AskRequest, Event
from rag.snapshot import Index, build_index, load_index


class FakeGenerator:
    """Replies what it was made with, and keeps the prompts."""

    name = "fake"
    digest = "0"

    def __init__(self, text: str) -> None:
        self.text = text
        self.prompts: list[Sequence[Message]] = []

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        self.prompts.append(messages)
        if sink is not None:
            sink(self.text)
        return Generation(self.text, 100, 0, 10)

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        return tuple(0.0 for _ in choices)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    build_index(PLANS, PairEncoder(), tmp_path / "index")
    return load_index(tmp_path / "index", PairEncoder())


@pytest.fixture
def bench(index: Index) -> Workbench:
    encoder = PairEncoder()
    return Workbench(Answerer(index, encoder, None, NoPlaces()), index, encoder, None)


def ignore(event: Event) -> None:
    del event


def test_the_keyword_view_finds_only_what_shares_a_word(bench: Workbench) -> None:
    system = make_system("keyword", bench)
    hits = system.search(AskRequest("研学旅行"), 10, False)
    assert hits is not None
    assert {hit.item_id for hit in hits} == {"alpha-2020#2", "beta-2021#2"}
    assert hits[0].item_id == "beta-2021#2"
    assert [hit.rank for hit in hits] == [1, 2]
    assert system.answer(AskRequest("研学旅行"), ignore) is None


def test_the_dense_view_ranks_every_item_within_its_plan(bench: Workbench) -> None:
    system = make_system("dense", bench)
    assert isinstance(system, OneViewSystem)
    hits = system.search(AskRequest("推进研学旅行。"), 2, True)
    assert hits is not None
    assert [(hit.plan_id, hit.rank) for hit in hits] == [
        ("alpha-2020", 1), ("alpha-2020", 2), ("beta-2021", 1), ("beta-2021", 2),
    ]  # fmt: skip
    assert hits[2].item_id == "beta-2021#2"


def test_without_a_model_only_some_systems_can_be_measured(bench: Workbench) -> None:
    assert make_system("no-model", bench).name == "planqa without a model"
    for name in ("planqa", "plain"):
        with pytest.raises(UnknownSystem, match="needs the language model"):
            make_system(name, bench)
    with pytest.raises(UnknownSystem, match="known are planqa, no-model"):
        make_system("magic", bench)
    with pytest.raises(UnknownSystem, match="known are dev, test"):
        question_files("train")


def test_windows_cover_the_plans_without_regard_to_items() -> None:
    windows = cut_windows(PLANS, 10)
    assert "".join(window.text for window in windows if window.plan is PLANS[0]) == PLANS[0].text
    assert all(len(window.text) <= 10 for window in windows)
    # characters 10 to 20 of the first plan: the end of item 1, the most of it
    assert windows[1].items()[0].item_id == "alpha-2020#1"


def test_the_plain_way_takes_the_reply_as_it_is() -> None:
    generator = FakeGenerator("甲城新建50所[1]。")
    system = PlainSystem(PLANS, PairEncoder(), generator)
    seen: list[str] = []
    given = system.answer(AskRequest("甲城新建多少幼儿园?"), lambda event: seen.append(event.kind))
    assert given is not None
    assert given.status == "answered"
    assert [citation.n for citation in given.citations] == [1]
    assert given.verdicts is not None
    assert [(verdict.plan_id, verdict.verdict) for verdict in given.verdicts] == [
        ("alpha-2020", "yes"), ("beta-2021", "no_evidence"),
    ]  # fmt: skip
    assert seen == ["evidence", "delta"]
    prompt = generator.prompts[0][-1].content
    assert "[1] " in prompt and prompt.endswith("甲城新建多少幼儿园?")


def test_the_plain_way_refuses_in_its_own_words() -> None:
    given = PlainSystem(PLANS, PairEncoder(), FakeGenerator("资料中没有。")).answer(
        AskRequest("北京?"), ignore
    )
    assert given is not None
    assert given.status == "not_found"
    assert given.citations == ()


def test_questions_are_embedded_anew() -> None:
    raw, cached = PairEncoder(), PairEncoder()
    encoder = FreshQuestions(raw, cached)
    assert np.array_equal(encoder.encode_question("问"), raw.encode_question("问"))
    assert encoder.encode_passages(["文"], [""]).shape == (1, 64)
    assert (raw.n_questions, cached.n_questions) == (2, 0)
    assert encoder.name == "pairs"


def test_within_a_question_nothing_is_embedded_twice_and_the_next_one_starts_anew(
    index: Index, tmp_path: Path
) -> None:
    raw = PairEncoder()
    encoder = FreshQuestions(raw, PairEncoder())
    bench = Workbench(Answerer(index, encoder, None, NoPlaces()), index, encoder, None)
    file = tmp_path / "mine.jsonl"
    same = (
        '{"id": "%s", "type": "summarise", "topic": "t", "language": "zh", "question": "甲城研学?", '
        '"required": ["alpha-2020#2"], "reference": "开展研学。"}\n'
    )
    file.write_text(same % "a" + same % "b", encoding="utf-8")
    questions = prepare_questions([file], bench.index.plans)
    evaluate("no-model", bench, questions[:1], tmp_path / "one")
    once = raw.n_questions
    evaluate("no-model", bench, questions, tmp_path / "two")
    assert once > 0
    assert raw.n_questions == 3 * once


def test_the_command_line_takes_the_encoder_out_of_its_cache(tmp_path: Path) -> None:
    raw = PairEncoder()
    with VectorCache(tmp_path / "vectors.sqlite") as cache:
        assert CachingEncoder(raw, cache).inner is raw


def test_a_whole_evaluation_without_a_model(bench: Workbench, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(
        '{"id": "a", "type": "lookup", "topic": "t", "language": "zh", "question": "甲城新建幼儿园多少所?", '
        '"required": ["alpha-2020#1"], "reference": "50所。", '
        '"facts": [{"name": "new", "forms": ["50"], "items": ["alpha-2020#1"]}]}\n',
        encoding="utf-8",
    )
    questions = prepare_questions(question_files("dev", [file]), bench.index.plans)
    run = evaluate("no-model", bench, questions, tmp_path / "run")
    assert run.complete
    scores = run.results[0].scores
    assert scores["recall@5"].numerator == 1.0
    assert scores["verbatim"].numerator == scores["verbatim"].denominator > 0
    assert (tmp_path / "run" / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_runs_of_other_systems_beside_it_stand_in_the_report(bench: Workbench, tmp_path: Path) -> None:
    base = {"type": "summarise", "topic": "t", "language": "zh", "question": "甲城研学?",
            "required": ["alpha-2020#2"], "reference": "开展研学。"}  # fmt: skip
    file = tmp_path / "mine.jsonl"
    file.write_text("".join(json.dumps({"id": name, **base}) + "\n" for name in "ab"), encoding="utf-8")
    questions = prepare_questions([file], bench.index.plans)
    runs = tmp_path / "runs"
    evaluate("keyword", bench, questions, runs / "keyword")
    evaluate("dense", bench, questions[:1], runs / "other-questions")
    (runs / "no-run").mkdir()
    run = evaluate("no-model", bench, questions, runs / "ours")
    assert [other.folder.name for other in siblings(run)] == ["keyword"]
    page = (runs / "ours" / "report.html").read_text(encoding="utf-8")
    assert "Beside other runs" in page and "keyword only (keyword, " in page
    assert "Changed against" not in page
