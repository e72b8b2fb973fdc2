"""Loaders of public test sets, and planqa's own chain over their texts."""

import json
from pathlib import Path

import pytest
from worlds import PLANS, PairEncoder

from eval.beir import BenchmarkError, Passage, load_beir, score_rankings
from eval.benchmarks import (
    benchmark_table,
    keyword_rank,
    load_results,
    passage_rank,
    passages_of,
    result,
    save_results,
)
from eval.commands import Workbench, measure_retrieval, measure_rgb
from eval.measures import Share
from eval.published import published_figures
from eval.rgb import Reply, is_rejection, is_right, load_rgb, mix_documents, score_rgb
from eval.text_chain import NoPlaces, PassageSearch, TextAnswerer, plan_of_passages
from rag.answer import Answerer
from rag.snapshot import build_index, load_index


def write_set(folder: Path, qrels: str = "question\tpassage\tscore\nq1\tp2\t1\nq2\tp1\t1\n") -> Path:
    folder.mkdir()
    corpus = [("p1", "黄河流经九个省区。"), ("p2", "长江全长6300余公里。"), ("p3", "泰山位于山东。")]
    questions = [("q1", "长江有多长?"), ("q2", "黄河流经几个省?"), ("q3", "没有判断的问题")]
    for name, rows in (("corpus.jsonl", corpus), ("queries.jsonl", questions)):
        lines = [json.dumps({"_id": key, "text": text}, ensure_ascii=False) for key, text in rows]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
    (folder / "sample.txt").write_text("q2\n", encoding="utf-8")
    return folder


def test_beir_sets_are_read_and_scored(tmp_path: Path) -> None:
    test_set = load_beir(write_set(tmp_path / "rivers"))
    assert test_set.name == "rivers"
    assert list(test_set.questions) == ["q1", "q2"]
    shares = score_rankings(test_set, keyword_rank(test_set.passages))
    assert shares["nDCG@10"] == [Share(1.0), Share(1.0)]
    second = score_rankings(test_set, lambda question: ["p3", "p2"])
    assert second["MRR@10"] == [Share(0.5), Share(0.0)]


def test_a_question_that_finds_nothing_stays_in_the_average(tmp_path: Path) -> None:
    shares = score_rankings(load_beir(write_set(tmp_path / "rivers")), lambda question: [])
    assert shares["recall@10"] == [Share(0.0), Share(0.0)]


def test_a_sample_is_taken_as_listed(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "rivers")
    assert list(load_beir(folder, sample_file="sample.txt").questions) == ["q2"]
    (folder / "sample.txt").write_text("q3\n", encoding="utf-8")
    with pytest.raises(BenchmarkError, match="names q3"):
        load_beir(folder, sample_file="sample.txt")


@pytest.mark.parametrize(
    ("qrels", "message"),
    [
        ("q1\tp9\t1\n", r"qrels\.tsv:1: passage p9 is not in the corpus"),
        ("q1\tp1\n", "question, passage and score are wanted"),
        ("", "no question with a judgement"),
    ],
)
def test_broken_judgements_are_named(tmp_path: Path, qrels: str, message: str) -> None:
    with pytest.raises(BenchmarkError, match=message):
        load_beir(write_set(tmp_path / "rivers", qrels))


def test_missing_and_broken_files_are_named(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "rivers")
    (folder / "corpus.jsonl").write_text('{"id": 1}', encoding="utf-8")
    with pytest.raises(BenchmarkError, match=r"corpus\.jsonl:1: an object with _id and text"):
        load_beir(folder)
    (folder / "corpus.jsonl").unlink()
    with pytest.raises(BenchmarkError, match="is missing"):
        load_beir(folder)


CASE = {
    "id": 7, "query": "多少人?", "answer": [["12人", "十二人"], "北京"], "positive": ["a1", "a2"],
    "negative": [f"n{i}" for i in range(9)], "positive_wrong": ["w1", "w2"],
}  # fmt: skip


def write_cases(path: Path, *cases: dict[str, object]) -> Path:
    path.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in cases), encoding="utf-8")
    return path


def test_rgb_cases(tmp_path: Path) -> None:
    (case,) = load_rgb(write_cases(tmp_path / "zh.json", CASE))
    assert is_right(case, "在北京有 12 人")
    assert is_right(case, "在北京,十二人")
    assert not is_right(case, "有12人")
    assert is_rejection(Reply("文档信息不足，因此我无法回答"))
    assert is_rejection(Reply("no", rejected=True))
    assert not is_rejection(Reply("12人"))


def test_rgb_documents(tmp_path: Path) -> None:
    (case,) = load_rgb(write_cases(tmp_path / "zh.json", CASE))
    assert sorted(mix_documents(case, 0.6)) == ["a1", "a2", "n0", "n1", "n2"]
    assert sorted(mix_documents(case, 0.8)) == ["a1", "n0", "n1", "n2", "n3"]
    assert sorted(mix_documents(case, 0.0)) == ["a1", "a2", "n0", "n1", "n2"]
    assert sorted(mix_documents(case, 1.0)) == ["n0", "n1", "n2", "n3", "n4"]
    assert sorted(mix_documents(case, 0.6, wrong=0.2)) == ["a2", "n0", "n1", "n2", "w1"]
    assert mix_documents(case, 0.6) == mix_documents(case, 0.6)
    few = {**CASE, "negative": ["n0"]}
    (short,) = load_rgb(write_cases(tmp_path / "few.json", few))
    assert sorted(mix_documents(short, 0.8)) == ["a1", "a2", "n0"]
    assert mix_documents(short, 1.0) == ["n0"]


def test_rgb_integration_takes_a_document_of_every_part(tmp_path: Path) -> None:
    parts = {**CASE, "positive": [["a1", "a2"], ["b1"]]}
    (case,) = load_rgb(write_cases(tmp_path / "int.json", parts))
    assert sorted(mix_documents(case, 0.6)) == ["a1", "b1", "n0", "n1", "n2"]


def test_rgb_scores(tmp_path: Path) -> None:
    cases = load_rgb(write_cases(tmp_path / "zh.json", CASE, {**CASE, "id": 8, "answer": "70"}))
    replies = iter([Reply("北京,12人"), Reply("170")])
    # 170 holds 70: RGB's own protocol looks for the answer as a part of the reply
    assert score_rgb(cases, 0.0, lambda question, documents: next(replies)) == [Share(1.0), Share(1.0)]
    refusing = score_rgb(cases, 1.0, lambda question, documents: Reply("信息不足"))
    assert refusing == [Share(1.0), Share(1.0)]
    with pytest.raises(BenchmarkError, match=r"bad\.json:1: not a case"):
        load_rgb(write_cases(tmp_path / "bad.json", {"id": 1}))


def test_passages_become_items_with_offsets() -> None:
    plan = plan_of_passages([Passage("x", "t", "一句话。"), Passage("y", "", "又一句。")])
    assert [plan.text[item.start : item.end] for item in plan.items] == ["一句话。", "又一句。"]


def test_our_search_and_answers_run_over_texts(tmp_path: Path) -> None:
    passages = load_beir(write_set(tmp_path / "rivers")).passages
    search = PassageSearch(passages, PairEncoder(), tmp_path / "index")
    assert search.rank("长江全长多少?")[0] == "p2"
    reply = TextAnswerer(PairEncoder(), None, tmp_path / "one").answer(
        "长江全长多少公里?", [passage.text for passage in passages]
    )
    assert "6300" in reply.text


def test_results_of_the_same_thing_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.json"
    first = result("cmrc2018", "keyword", "nDCG@10", [Share(0.5), Share(1.0)])
    assert first["value"] == 0.75
    assert "BM25" in first["beside"]
    save_results(path, [first])
    save_results(path, [{**first, "value": 0.9}, result("drcd", "keyword", "nDCG@10", [Share(1.0)])])
    assert [(entry["set"], entry["value"]) for entry in load_results(path)] == [
        ("cmrc2018", 0.9),
        ("drcd", 1.0),
    ]


def test_a_set_cut_to_fewer_passages_keeps_the_judged_ones_and_says_so(tmp_path: Path) -> None:
    test_set = load_beir(write_set(tmp_path / "rivers"), sample_file="sample.txt")
    few = test_set.with_passages(2)
    assert len(few.passages) == 2
    assert "p1" in {passage.passage_id for passage in few.passages}
    assert few == test_set.with_passages(2)
    assert [passage.passage_id for passage in test_set.with_passages(1).passages] == ["p1"]
    (ndcg, *_) = measure_retrieval(few, tmp_path / "results.json", None, tmp_path / "index")
    assert passages_of(ndcg) == "2 of 3 passages"
    assert passages_of({**ndcg, "passages": 3}) == "3 passages"


def test_questions_of_a_parallel_set_are_named(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "rivers")
    other = write_set(tmp_path / "rivers_en")
    assert load_beir(folder, "../rivers_en/queries.jsonl").name == "rivers (questions of rivers_en)"
    (other / "short.jsonl").write_text('{"_id": "q1", "text": "How long?"}', encoding="utf-8")
    assert load_beir(other, "short.jsonl").name == "rivers_en (short.jsonl)"


def test_a_set_is_measured_by_each_view_and_by_ours(tmp_path: Path) -> None:
    test_set = load_beir(write_set(tmp_path / "rivers"))
    path = tmp_path / "results.json"
    results = measure_retrieval(test_set, path, PairEncoder(), tmp_path / "index")
    assert load_results(path) == results
    assert [entry["system"].partition(",")[0] for entry in results[::3]] == [
        "keyword only", "dense only", "planqa",
    ]  # fmt: skip
    assert passage_rank(test_set.passages, PairEncoder())("长江全长6300余公里。")[0] == "p2"
    assert "n=2, 3 passages" in benchmark_table(results)


def test_rgb_is_measured_at_every_share_of_noise(tmp_path: Path) -> None:
    river = {"id": 1, "query": "长江全长多少公里?", "answer": ["6300"], "positive": ["长江全长6300公里。"],
             "negative": [f"第{n}条河。" for n in range(5)]}  # fmt: skip
    file = write_cases(tmp_path / "zh.json", *({**river, "id": n} for n in range(3)))
    index_dir = tmp_path / "index"
    build_index(PLANS, PairEncoder(), index_dir)
    index = load_index(index_dir, PairEncoder())
    bench = Workbench(Answerer(index, PairEncoder(), None, NoPlaces()), index, PairEncoder(), None)
    seen: list[tuple[int, int]] = []
    results = measure_rgb(
        file, tmp_path / "r.json", bench, tmp_path / "texts", 2, lambda *at: seen.append(at)
    )
    assert [entry["measure"] for entry in results] == ["noise 0", "noise 0.4", "noise 0.8", "rejection"]
    assert {entry["n"] for entry in results} == {2}
    assert seen == [(n, 8) for n in range(1, 9)]


def test_every_published_figure_names_its_source(tmp_path: Path) -> None:
    figures = published_figures()
    assert all(figure.source and figure.compares and figure.values for figure in figures.values())
    assert str(figures["cmrc2018", "nDCG@10"]).startswith("BM25 on characters and pairs: 0.984 (")
    bad = tmp_path / "published.toml"
    bad.write_text(
        '[[figure]]\nset="a"\nmeasure="b"\nsystem="c"\nvalue=0.5\ncompares="d"\n', encoding="utf-8"
    )
    with pytest.raises(ValueError, match="no 'source'"):
        published_figures(bad)
