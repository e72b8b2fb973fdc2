import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from chain_fakes import FakeEncoder, make_index, small_plans, write_plan

from corpus.plan import Plan
from corpus.store import MANIFEST_NAME
from embeddings.vector_cache import CachingEncoder, VectorCache
from rag import snapshot
from rag.chunks import chunk_plans
from rag.errors import IndexMismatch, IndexMissing
from rag.quantities import read_measured
from rag.retrieve import Retriever
from rag.snapshot import Index, build_index, load_index, read_manifest

QUESTIONS = ("新建幼儿园多少所?", "childcare places", "食堂", "研学")


def hits_of(index: Index) -> list[object]:
    retriever = Retriever(index, FakeEncoder())
    plan_ids = [plan.plan_id for plan in index.plans]
    return [hit for question in QUESTIONS for hit in retriever.search(question, plan_ids, 5)]


def phrases_of(plans: list[Plan]) -> set[str]:
    return {figure.phrase for chunk in chunk_plans(plans) for figure in read_measured(chunk.text)}


def snapshot_dir(index_dir: Path) -> Path:
    return index_dir / read_manifest(index_dir).index_id


def test_the_manifest_says_what_the_index_was_made_from(tmp_path: Path) -> None:
    manifest = make_index(small_plans(), tmp_path).manifest
    assert (manifest.encoder, manifest.dimension) == ("fake-pairs/1", 256)
    assert (manifest.n_plans, manifest.n_items) == (4, 13)
    assert set(manifest.versions) >= {"faiss-cpu", "rjieba", "numpy"}
    assert read_manifest(tmp_path) == manifest


def test_loaded_again_it_gives_the_same_hits(tmp_path: Path) -> None:
    first = make_index(small_plans(), tmp_path)
    again = load_index(tmp_path, FakeEncoder())
    assert again.manifest == first.manifest
    assert again.plans == first.plans
    assert hits_of(again) == hits_of(first)


def test_the_order_of_the_plans_changes_nothing(tmp_path: Path) -> None:
    forward = make_index(small_plans(), tmp_path / "forward")
    backward = make_index(small_plans()[::-1], tmp_path / "backward")
    assert forward.manifest == backward.manifest
    assert hits_of(forward) == hits_of(backward)


_BUILD = """
import json, sys
from pathlib import Path
from chain_fakes import FakeEncoder, make_index, small_plans
from rag.retrieve import Retriever
index = make_index(small_plans(), Path(sys.argv[1]))
plan_ids = [plan.plan_id for plan in index.plans]
hits = Retriever(index, FakeEncoder()).search("新建幼儿园多少所?", plan_ids, 9)
print(json.dumps([index.manifest.index_id, [[hit.item_id, hit.score, hit.quote] for hit in hits]]))
"""


def test_two_processes_build_the_same_index(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    told = []
    for seed in ("0", "4242"):
        environment = os.environ | {
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join((str(root), str(Path(__file__).parent))),
        }
        done = subprocess.run(
            [sys.executable, "-c", _BUILD, str(tmp_path / seed)],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        told.append(json.loads(done.stdout))
    assert told[0] == told[1]
    assert len(told[0][1]) == 9


def test_no_index_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"no index was ever finished.*planqa index"):
        load_index(tmp_path, FakeEncoder())


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])


DAMAGES: list[tuple[str, Callable[[Path], object]]] = [
    ("no manifest", lambda folder: (folder / "manifest.json").unlink()),
    ("manifest cut off", lambda folder: truncate(folder / "manifest.json")),
    ("manifest of another form", lambda folder: (folder / "manifest.json").write_text('{"a": 1}')),
    (
        "manifest edited",
        lambda folder: (folder / "manifest.json").write_text(
            (folder / "manifest.json").read_text(encoding="utf-8").replace('"n_plans": 4', '"n_plans": 5'),
            encoding="utf-8",
        ),
    ),
    ("vectors cut off", lambda folder: truncate(folder / "vectors" / "000000.faiss")),
    ("vectors gone", lambda folder: (folder / "vectors" / "000000.faiss").unlink()),
    ("keywords gone", lambda folder: next((folder / "keywords").glob("*.npy")).unlink()),
    ("keywords cut off", lambda folder: truncate(next((folder / "keywords").glob("*.npy")))),
    ("plan cut off", lambda folder: truncate(next((folder / "plans").rglob("tianjin*.json")))),
    ("plans gone", lambda folder: (folder / "plans" / MANIFEST_NAME).unlink()),
]


@pytest.mark.parametrize("damage", [damage for _, damage in DAMAGES], ids=[name for name, _ in DAMAGES])
def test_a_damaged_index_is_refused_and_built_again(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    whole = make_index(small_plans(), tmp_path)
    damage(snapshot_dir(tmp_path))
    with pytest.raises(IndexMissing, match="planqa index"):
        load_index(tmp_path, FakeEncoder())
    again = make_index(small_plans(), tmp_path)
    assert hits_of(again) == hits_of(whole)


@pytest.mark.parametrize("pointer", [b"", b"nowhere\n", b"../..\n", b"\xff\xfe"])
def test_a_damaged_pointer_is_refused(tmp_path: Path, pointer: bytes) -> None:
    make_index(small_plans(), tmp_path)
    (tmp_path / "current").write_bytes(pointer)
    with pytest.raises(IndexMissing, match="planqa index"):
        load_index(tmp_path, FakeEncoder())


def test_leftovers_of_a_killed_build_are_no_index_and_go_with_the_next(tmp_path: Path) -> None:
    leftover = tmp_path / ".building-0123"
    leftover.mkdir()
    (leftover / "vectors").mkdir()
    with pytest.raises(IndexMissing):
        load_index(tmp_path, FakeEncoder())
    make_index(small_plans(), tmp_path)
    assert not leftover.exists()
    assert load_index(tmp_path, FakeEncoder()).manifest.n_plans == 4


def test_another_encoder_is_a_mismatch(tmp_path: Path) -> None:
    make_index(small_plans(), tmp_path)
    with pytest.raises(IndexMismatch, match=r"encoder 'fake-pairs/1'.*'other/2'.*planqa index"):
        load_index(tmp_path, FakeEncoder("other/2"))
    with pytest.raises(IndexMismatch, match="dimension"):
        load_index(tmp_path, FakeEncoder(dimension=64))


@pytest.mark.parametrize("what", ["CHUNKING", "TOKENISER", "SCHEMA"])
def test_other_rules_are_a_mismatch(tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_index(small_plans(), tmp_path)
    monkeypatch.setattr(snapshot, what, 99 if what == "SCHEMA" else "other/9")
    with pytest.raises(IndexMismatch, match=what.lower()):
        load_index(tmp_path, FakeEncoder())


def test_an_interrupted_build_leaves_the_old_index(tmp_path: Path) -> None:
    old = make_index(small_plans()[:3], tmp_path)
    with pytest.raises(RuntimeError, match="out of memory"):
        build_index(small_plans(), FakeEncoder(fail_after=1), tmp_path)
    kept = load_index(tmp_path, FakeEncoder())
    assert kept.manifest == old.manifest
    assert hits_of(kept) == hits_of(old)
    assert make_index(small_plans(), tmp_path).manifest.n_plans == 4


def test_only_the_current_index_is_kept(tmp_path: Path) -> None:
    make_index(small_plans()[:3], tmp_path)
    current = make_index(small_plans(), tmp_path).manifest.index_id
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_dir()] == [current]


def test_an_unchanged_corpus_is_not_embedded_again(tmp_path: Path) -> None:
    make_index(small_plans(), tmp_path)
    idle = FakeEncoder()
    build_index(small_plans(), idle, tmp_path)
    assert idle.n_passages == 0


def test_what_was_embedded_before_an_interruption_is_not_embedded_again(tmp_path: Path) -> None:
    with VectorCache(tmp_path / "vectors.sqlite") as cache:
        first = CachingEncoder(FakeEncoder(), cache)
        manifest = build_index(small_plans()[:3], first, tmp_path / "index")
        phrases = phrases_of(small_plans()[:3])
        assert (first.hits, first.misses) == (0, manifest.n_chunks + len(phrases))
        second = CachingEncoder(FakeEncoder(), cache)
        more = build_index(small_plans(), second, tmp_path / "index")
        # what the index has already is not even asked for
        fresh = phrases_of(small_plans()[3:]) - phrases
        assert (second.hits, second.misses) == (0, more.n_chunks - manifest.n_chunks + len(fresh))


def test_a_changed_plan_embeds_only_what_changed(tmp_path: Path) -> None:
    lines = ["1|1.新建幼儿园。新建30所。改造20所。", "2|2.开展研学。建设基地8个。"]
    changed = [lines[0].replace("20", "25"), lines[1]]
    with VectorCache(tmp_path / "vectors.sqlite") as cache:
        build_index(
            [write_plan("a-2020", "甲", 2020, lines)],
            CachingEncoder(FakeEncoder(), cache),
            tmp_path / "index",
        )
        encoder = CachingEncoder(FakeEncoder(), cache)
        build_index([write_plan("a-2020", "甲", 2020, changed)], encoder, tmp_path / "index")
    # the sentence, and the phrase of its figure
    assert encoder.misses == 2
    assert "改造25所" in load_index(tmp_path / "index", FakeEncoder()).plans[0].text


def test_the_same_words_in_two_plans_are_two_items(tmp_path: Path) -> None:
    plan = small_plans()[0]
    words = [f"{item.number}|{item.text}" for item in plan.items]
    twins = [write_plan("a-2020", "甲", 2020, words), write_plan("b-2021", "乙", 2021, words)]
    index = make_index(twins, tmp_path)
    hits = Retriever(index, FakeEncoder()).search("标准化食堂", ["a-2020", "b-2021"], 2)
    assert [hit.item_id for hit in hits] == ["a-2020#2", "b-2021#2"]


def test_builds_at_the_same_time_do_not_harm_each_other(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        sizes = [4, 3, 4, 3]
        built = list(
            pool.map(lambda n: build_index(small_plans()[:n], FakeEncoder(), tmp_path).n_plans, sizes)
        )
    assert built == sizes
    assert load_index(tmp_path, FakeEncoder()).manifest.n_plans in sizes


def test_an_empty_corpus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="planqa ingest"):
        build_index([], FakeEncoder(), tmp_path)


def test_a_corrected_city_is_a_new_index(tmp_path: Path) -> None:
    plan = small_plans()[0]
    first = make_index([plan], tmp_path).manifest
    encoder = FakeEncoder()
    second = build_index([replace(plan, city="威海")], encoder, tmp_path)
    assert second.index_id != first.index_id
    assert load_index(tmp_path, FakeEncoder()).plans[0].city == "威海"
