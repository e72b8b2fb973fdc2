"""A kept question asked again: the same words, or what differs and what changed since."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from small_chain import LOOKUP, PairEncoder, ScriptedGenerator, small_answerer
from typer.testing import CliRunner

from corpus.library import load_sample_plans
from planqa import app as command_line
from rag.answer import Answerer
from rag.assembly import Parts, make_answerer
from rag.errors import PlanqaError
from rag.records import AskRequest
from rag.settings import Settings
from rag.snapshot import Index, build_index, load_index
from rag.verdict_model import VerdictModel
from server.app import Engine, create_app
from server.databases import SqliteDatabase
from server.errors import UnknownRecord
from server.keeping import Keeper
from server.replay import Replay, kept_question, replay
from server.sql_store import SqlStore
from server.store import Store

FOLLOW_UP = {
    "question": "那青岛2018年呢?",
    "history": [{"role": "user", "content": LOOKUP}, {"role": "assistant", "content": "50所。[1]"}],
    "filters": {"years": [2018]},
    "mode": "lookup",
    "language": "zh",
    "generate": False,
}


@pytest.fixture
def store() -> Store:
    return SqlStore(SqliteDatabase(None))


def keep(answerer: Answerer, store: Store, **body: object) -> str:
    """Ask over HTTP; the id under which the answer is kept."""
    with TestClient(create_app(Engine(answerer), "1", Settings(), store), "http://127.0.0.1") as client:
        return str(client.post("/v1/ask", json={"question": LOOKUP, **body}).json()["id"])


def again(answerer: Answerer, store: Store, answer_id: str) -> Replay:
    return replay(answerer, kept_question(store, answer_id))


@pytest.fixture
def file_store(tmp_path: Path) -> tuple[Store, Path]:
    path = tmp_path / "kept.sqlite"
    return SqlStore(SqliteDatabase(path)), path


def reopened(path: Path) -> Store:
    return SqlStore(SqliteDatabase(path))


def test_the_same_parts_give_the_same_text(answerer: Answerer, file_store: tuple[Store, Path]) -> None:
    store, path = file_store
    found = again(answerer, reopened(path), keep(answerer, store))
    assert found.same_text
    assert found.before.answer.endswith("50所。[1]")
    assert (found.changed(), found.diff()) == ({}, ())
    assert found.before.id != found.after.id


def test_the_whole_request_is_asked_again(answerer: Answerer, file_store: tuple[Store, Path]) -> None:
    store, path = file_store
    answer_id = keep(answerer, store, **FOLLOW_UP)
    kept = kept_question(reopened(path), answer_id)
    assert (kept.request.mode, kept.request.filters.years, kept.request.generate) == (
        "lookup",
        (2018,),
        False,
    )
    found = replay(answerer, kept)
    assert found.same_text
    assert found.after.question_resolved == found.before.question_resolved != FOLLOW_UP["question"]


def test_another_model_shows_as_a_difference_and_by_its_name(
    index: Index, answerer: Answerer, file_store: tuple[Store, Path]
) -> None:
    store, path = file_store
    answer_id = keep(answerer, store)
    other = ScriptedGenerator("计划新建、改扩建各类型幼儿园50所。")
    other.digest = "1" * 64
    found = again(small_answerer(index, other), reopened(path), answer_id)
    assert not found.same_text
    assert found.changed() == {"weights": ("0" * 64, "1" * 64)}
    removed, added = found.diff()[3:5]
    assert (removed[0], added[0]) == ("-", "+")
    assert "计划" in added


def test_another_corpus_and_other_settings_are_named(
    index: Index, tmp_path: Path, answerer: Answerer, file_store: tuple[Store, Path]
) -> None:
    store, path = file_store
    answer_id = keep(answerer, store)
    plans = [plan for plan in load_sample_plans() if plan.plan_id != "nanning-2023"]
    build_index(plans, PairEncoder(), tmp_path / "other")
    smaller = load_index(tmp_path / "other", PairEncoder())
    found = again(small_answerer(smaller, ScriptedGenerator()), reopened(path), answer_id)
    assert set(found.changed()) == {"index", "corpus"}
    parts = Parts(index, PairEncoder(), ScriptedGenerator(), "")
    found = again(make_answerer(Settings(evidence=2), parts), reopened(path), answer_id)
    assert found.changed()["settings"][1]["evidence"] == 2


def test_an_answer_is_kept_with_all_that_it_was_made_with(
    answerer: Answerer, file_store: tuple[Store, Path]
) -> None:
    store, path = file_store
    worded = kept_question(reopened(path), keep(answerer, store)).answer
    made_with = answerer.made_with()
    assert worded.index["id"] == made_with["index"]
    assert worded.model["digest"] == made_with["model"] == "0" * 64
    for name in ("prompts", "verdicts", "chain", "settings"):
        assert worded.model[name] == made_with[name]
    assert made_with["settings"] == {"evidence": 5, "max_tokens": 160}
    # What the model read is named by its chunks, and what is cited is among it.
    read = worded.model["evidence"]
    assert read
    assert {citation.item_id for citation in worded.citations} <= {chunk.rpartition(":")[0] for chunk in read}
    quoted = kept_question(reopened(path), keep(answerer, reopened(path), generate=False)).answer
    assert (quoted.model["name"], quoted.model["evidence"]) == (None, [])
    assert quoted.model["prompts"] == made_with["prompts"]


def test_a_kept_answer_is_given_again_only_over_equal_parts(index: Index, store: Store) -> None:
    keeper = Keeper(store, True, 40, "1")
    request = AskRequest(LOOKUP)
    generator = ScriptedGenerator()
    parts = Parts(index, PairEncoder(), generator, "")
    answerer = make_answerer(Settings(), parts)
    kept = keeper.keep(answerer, request, answerer.answer(request), None)
    assert keeper.equal(make_answerer(Settings(), parts), request) == kept
    other_model = ScriptedGenerator()
    other_model.digest = "1" * 64
    fitted = VerdictModel.load()
    others = [
        answerer.with_generator(None),
        answerer.with_generator(other_model),
        make_answerer(Settings(evidence=4), parts),
        make_answerer(Settings(max_tokens=100), parts),
        make_answerer(Settings(), parts, replace(fitted, yes_from=fitted.yes_from + 0.01)),
    ]
    assert [keeper.equal(other, request) for other in others] == [None] * 5
    for asked in (replace(request, mode="lookup"), replace(request, language="en"), AskRequest(LOOKUP + "?")):
        assert keeper.equal(answerer, asked) is None
    assert Keeper(store, True, 40, "2").equal(answerer, request) is None


def test_an_unknown_id_is_said(store: Store) -> None:
    with pytest.raises(UnknownRecord, match="no answer 'f00'"):
        kept_question(store, "f00")


PLAN = (
    "2024年芜湖市教育局工作要点\n\n一、办好学校\n\n1.新建学校。新建小学{n}所。\n\n2.办好食堂。新建食堂5个。\n"
)
QUESTION = "芜湖2024年新建小学多少所?"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command_line, list(arguments))
    if isinstance(result.exception, PlanqaError):
        return 1, result.exception.message
    return result.exit_code, result.stdout


@pytest.mark.model
def test_answers_of_the_command_line_are_kept_repeated_and_replayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLANQA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PLANQA_ENCODER", "multilingual-e5-small")
    monkeypatch.setenv("PLANQA_SAMPLES", "false")
    plan = tmp_path / "芜湖2024.txt"
    plan.write_text(PLAN.format(n=3), encoding="utf-8")
    assert run("ingest", str(plan))[0] == 0
    code, out = run("ask", QUESTION, "--no-generate", "--json")
    answer = json.loads(out)
    assert (code, answer["status"]) == (0, "answered")
    assert "3所" in answer["answer"]
    repeated = json.loads(run("ask", QUESTION, "--no-generate", "--json")[1])
    assert (repeated["id"], set(repeated["timings_ms"])) == (answer["id"], {"store", "total"})
    unkept = json.loads(run("ask", QUESTION, "--no-generate", "--no-keep", "--json")[1])
    assert unkept["id"] != answer["id"]
    code, message = run("replay", unkept["id"])
    assert code == 1
    assert "never kept" in message
    assert run("replay", answer["id"]) == (0, "same text\nnothing that answers are made with has changed\n")
    plan.write_text(PLAN.format(n=4), encoding="utf-8")
    assert run("ingest", str(plan))[0] == 0
    code, out = run("replay", answer["id"])
    assert code == 1
    assert any(line.startswith("-") and "3所" in line for line in out.splitlines())
    assert any(line.startswith("+") and "4所" in line for line in out.splitlines())
    assert "index changed: " in out
    told = json.loads(run("replay", answer["id"], "--json")[1])
    assert (told["same_text"], "corpus" in told["changed"]) == (False, True)
