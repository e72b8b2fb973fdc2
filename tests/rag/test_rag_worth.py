"""Which sentences of a plan are told beside other plans."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from chain_fakes import FakeEncoder, make_index, write_plan

from rag.named_matters import NamedMatters
from rag.retrieve import Retriever, Scores
from rag.worth import gives_figure, told_rows

_LINES = [
    "为做好公共阅读工作,制定本要点。",
    "1|1.公共阅读。建设书屋。培训志愿者。举办读书节。新增座位200个。",
    "2|2.环境。更换路灯。修缮道路。清理河道。种植树木。",
    "3|3.宣传。书屋挂牌。张贴海报。",
]
_SCORES = {
    "建设书屋。": 0.7,
    "培训志愿者。": 0.5,
    "举办读书节。": 0.4,
    "新增座位200个。": 0.37,
    "书屋挂牌。": 0.4,
}
_OTHERS = 0.2


def told(tmp_path: Path, room: int = 6, question: str = "", **changed: float) -> list[str]:
    """The sentences that are told, by the scores above."""
    index = make_index([write_plan("weihai-2021", "威海", 2021, _LINES)], tmp_path)
    values = {**_SCORES, **changed}
    dense = np.array([values.get(chunk.text, _OTHERS) for chunk in index.chunks], dtype=np.float32)
    nothing = np.zeros_like(dense)
    retriever = Retriever(index, FakeEncoder(), matters=NamedMatters([]))
    rows = told_rows(retriever, Scores(dense, nothing, nothing), "weihai-2021", room, question)
    assert list(rows) == sorted(rows)
    return [index.chunks[row].text for row in rows]


def test_a_sentence_of_the_item_on_the_matter_comes_before_a_nearer_one_of_another(tmp_path: Path) -> None:
    found = told(tmp_path)
    assert "培训志愿者。" in found
    assert "书屋挂牌。" not in found
    assert not {"更换路灯。", "张贴海报。"} & set(found)


def test_another_item_has_its_say_where_it_comes_near(tmp_path: Path) -> None:
    assert told(tmp_path, 2, **{"书屋挂牌。": 0.68}) == ["建设书屋。", "书屋挂牌。"]


def test_a_sentence_with_a_figure_is_told_where_numbers_are_asked_for(tmp_path: Path) -> None:
    assert "新增座位200个。" not in told(tmp_path)
    assert "新增座位200个。" in told(tmp_path, question="新增了多少个座位?")


def test_no_more_is_told_than_there_is_room_for(tmp_path: Path) -> None:
    assert told(tmp_path, 1) == ["建设书屋。"]


def test_the_text_before_the_first_item_is_not_told(tmp_path: Path) -> None:
    index = make_index([write_plan("weihai-2021", "威海", 2021, _LINES[:1])], tmp_path)
    retriever = Retriever(index, FakeEncoder())
    assert told_rows(retriever, retriever.score("公共阅读"), "weihai-2021", 6) == ()


def test_a_hidden_figure_is_a_figure(tmp_path: Path) -> None:
    index = make_index(
        [write_plan("weihai-2021", "威海", 2021, ["1|1.教师。培养名师不少于x名。培养名师。"])], tmp_path
    )
    assert [gives_figure(chunk) for chunk in index.chunks] == [True, False]


def test_a_figure_that_is_asked_for_does_not_raise_the_bar_for_others(tmp_path: Path) -> None:
    near = {"新增座位200个。": 0.8, "培训志愿者。": 0.62}
    assert "培训志愿者。" in told(tmp_path, **near)
    assert "培训志愿者。" in told(tmp_path, question="新增了多少个座位?", **near)


def test_of_the_item_on_the_matter_more_is_told_where_the_whole_plan_comes_near(tmp_path: Path) -> None:
    others = ("更换路灯。", "修缮道路。", "清理河道。", "种植树木。", "书屋挂牌。", "张贴海报。")
    near = dict.fromkeys(others, 0.45) | {"培训志愿者。": 0.5, "举办读书节。": 0.45, "新增座位200个。": 0.45}
    assert told(tmp_path, **near)[:2] == ["建设书屋。", "培训志愿者。"]
    assert "书屋挂牌。" not in told(tmp_path, **near)


def test_a_sentence_that_counts_what_is_built_is_told_from_wherever_it_stands(tmp_path: Path) -> None:
    lines = [*_LINES, "4|4.项目。新建、改扩建中小学30所。"]
    index = make_index([write_plan("weihai-2021", "威海", 2021, lines)], tmp_path)
    dense = np.array([_SCORES.get(chunk.text, _OTHERS) for chunk in index.chunks], dtype=np.float32)
    scores = Scores(dense, np.zeros_like(dense), np.zeros_like(dense))
    retriever = Retriever(index, FakeEncoder(), matters=NamedMatters([]))

    def told_of(question: str) -> list[str]:
        return [index.chunks[row].text for row in told_rows(retriever, scores, "weihai-2021", 6, question)]

    assert "新建、改扩建中小学30所。" in told_of("盖新学校有什么不同?")
    assert "新建、改扩建中小学30所。" not in told_of("公共阅读有什么不同?")
