"""Items as wholes: one sentence that shares a word with the question does not make an item belong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from chain_fakes import FakeEncoder, make_index, write_plan

from rag.belonging import best_items, best_sentence, items_on, only_named_by, standing
from rag.named_matters import NamedMatters
from rag.retrieve import Retriever, Scores

_LINES = [
    "为做好公共阅读工作,制定本要点。",
    "1|1.公共阅读。建设公共阅读空间。公共阅读空间延长开放。培训公共阅读志愿者。",
    "2|2.消防。检查消防通道。更换灭火器材。公共阅读空间配备灭火器材。开展疏散演练。",
    "3|3.阅读推广。举办公共阅读节。公共阅读节走进社区。",
]


def test_items_that_are_about_the_topic_come_before_those_that_touch_it(tmp_path: Path) -> None:
    index = make_index([write_plan("weihai-2021", "威海", 2021, _LINES)], tmp_path)
    retriever = Retriever(index, FakeEncoder(), matters=NamedMatters([]))
    scores = retriever.score("公共阅读空间")
    whole = {n: standing(retriever, scores, f"weihai-2021#{n}") for n in "123"}
    assert whole["1"] > whole["3"] > whole["2"]
    assert best_items(retriever, scores, "weihai-2021", 1, 0.0) == ["weihai-2021#1"]
    found = best_items(retriever, scores, "weihai-2021", 3, 0.75)
    assert found[0] == "weihai-2021#1"
    assert "weihai-2021#2" not in found


def test_an_item_whose_best_sentence_is_far_off_does_not_belong(tmp_path: Path) -> None:
    many = "公共阅读空间。" + "".join(
        f"{what}。" for what in ("修缮道路", "清理河道", "种植树木", "更换路灯")
    )
    lines = [f"1|1.综合。{many}", "2|2.管网。改造供水管网。更换公共水表。"]
    index = make_index([write_plan("weihai-2021", "威海", 2021, lines)], tmp_path)
    retriever = Retriever(index, FakeEncoder())
    scores = retriever.score("公共阅读空间")
    assert best_sentence(retriever, scores, "weihai-2021#1") > best_sentence(
        retriever, scores, "weihai-2021#2"
    )
    assert best_items(retriever, scores, "weihai-2021", 3, 0.0) == ["weihai-2021#1"]


def test_the_text_before_the_first_item_stands_only_where_there_is_nothing_else(tmp_path: Path) -> None:
    plan = write_plan("weihai-2021", "威海", 2021, ["为做好公共阅读工作,制定本要点。"])
    index = make_index([plan], tmp_path)
    retriever = Retriever(index, FakeEncoder())
    scores = retriever.score("公共阅读")
    assert standing(retriever, scores, "weihai-2021#0") == 0
    assert best_items(retriever, scores, "weihai-2021", 3, 0.75) == ["weihai-2021#0"]


def test_an_item_that_says_less_belongs_where_its_section_does(tmp_path: Path) -> None:
    lines = [
        "# 一、公共阅读",
        "1|1.空间。建设书房。",
        "2|2.开放。延长时间。",
        "3|3.人员。招募志愿者。",
        "# 二、其他",
        "4|4.消防。检查通道。",
        "5|5.供水。改造管网。",
        "6|6.绿化。补种树木。",
        "7|7.照明。更换路灯。",
        "8|8.环卫。清运垃圾。",
    ]
    index = make_index([write_plan("weihai-2021", "威海", 2021, lines)], tmp_path)
    retriever = Retriever(index, FakeEncoder())
    nearness = {"1": 1.0, "2": 0.95, "3": 0.66, "4": 0.66}
    dense = np.array([nearness.get(chunk.item_id[-1], 0.05) for chunk in index.chunks], dtype=np.float32)
    none = np.zeros_like(dense)
    scores = Scores(dense, none, none)
    # the third and the fourth come equally near, but only the third stands among items that belong
    assert items_on(retriever, scores, "weihai-2021", 5) == [f"weihai-2021#{n}" for n in "123"]
    assert items_on(retriever, scores, "weihai-2021", 2) == ["weihai-2021#1", "weihai-2021#2"]


def test_only_the_text_before_the_first_item_belongs_where_there_is_nothing_else(tmp_path: Path) -> None:
    plan = write_plan("weihai-2021", "威海", 2021, ["为做好公共阅读工作,制定本要点。"])
    retriever = Retriever(make_index([plan], tmp_path), FakeEncoder())
    assert items_on(retriever, retriever.score("公共阅读"), "weihai-2021", 3) == ["weihai-2021#0"]


def test_where_all_items_come_near_only_those_that_stand_out_belong(tmp_path: Path) -> None:
    lines = [f"{n}|{n}.事项{n}。内容{n}。" for n in range(1, 7)]
    index = make_index([write_plan("weihai-2021", "威海", 2021, lines)], tmp_path)
    retriever = Retriever(index, FakeEncoder())
    nearness = {"1": 0.40, "2": 0.38, "3": 0.31, "4": 0.30, "5": 0.30, "6": 0.29}
    dense = np.array([nearness.get(chunk.item_id[-1], 0.0) for chunk in index.chunks], dtype=np.float32)
    none = np.zeros_like(dense)
    assert items_on(retriever, Scores(dense, none, none), "weihai-2021", 6) == [
        "weihai-2021#1",
        "weihai-2021#2",
    ]


def test_one_item_that_stands_out_does_not_draw_its_section_in(tmp_path: Path) -> None:
    lines = ["# 一、安全", *(f"{n}|{n}.事项{n}。内容{n}。" for n in range(1, 6)), "# 二、其他"]
    lines += [f"{n}|{n}.事项{n}。内容{n}。" for n in range(6, 14)]
    index = make_index([write_plan("weihai-2021", "威海", 2021, lines)], tmp_path)
    nearness = {"weihai-2021#1": 1.0} | {f"weihai-2021#{n}": 0.52 for n in range(2, 6)}
    dense = np.array([nearness.get(chunk.item_id, 0.05) for chunk in index.chunks], dtype=np.float32)
    none = np.zeros_like(dense)
    found = items_on(Retriever(index, FakeEncoder()), Scores(dense, none, none), "weihai-2021", 9)
    assert found == ["weihai-2021#1"]


def only_named(tmp_path: Path, before: float, said: float) -> str:
    """The sentence that alone names the matter, by the scores of the preamble and of the best item."""
    lines = ["持续深化招生改革。", "1|1.教师。培训教师。", "2|2.食堂。检查食堂。", "3|3.消防。检查通道。"]
    index = make_index([write_plan("weihai-2021", "威海", 2021, lines)], tmp_path)
    values = {"持续深化招生改革。": before, "培训教师。": said}
    dense = np.array([values.get(chunk.text, 0.2) for chunk in index.chunks], dtype=np.float32)
    nothing = np.zeros_like(dense)
    found = only_named_by(Retriever(index, FakeEncoder()), Scores(dense, nothing, nothing), "weihai-2021")
    return found.text if found else ""


def test_a_matter_is_only_named_where_no_item_comes_near_to_what_the_preamble_says(tmp_path: Path) -> None:
    assert only_named(tmp_path, 0.8, 0.4) == "持续深化招生改革。"
    assert only_named(tmp_path, 0.8, 0.7) == ""
    assert only_named(tmp_path, 0.6, 0.55) == ""
    assert only_named(tmp_path, 0.3, 0.4) == ""


def test_a_matter_is_not_only_named_where_there_is_no_preamble_or_nothing_else(tmp_path: Path) -> None:
    for n, lines in enumerate((["为做好公共阅读工作,制定本要点。"], ["1|1.教师。培训教师。"])):
        index = make_index([write_plan("weihai-2021", "威海", 2021, lines)], tmp_path / str(n))
        retriever = Retriever(index, FakeEncoder())
        assert only_named_by(retriever, retriever.score("公共阅读"), "weihai-2021") is None
