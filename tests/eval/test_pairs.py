from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.library import load_sample_plans
from eval.pairs import PairsError, load_topics

TOPIC = {
    "id": "a-1",
    "topic": "路灯",
    "sentences": [
        {"section": "二、城市照明", "title": "点亮小巷", "text": f"第{n}条巷子装灯{n}盏。"} for n in range(9)
    ],
    "questions": [
        {"lang": "zh", "kind": "which", "text": "哪里要装路灯？", "yes": [0, 1], "partial": [2]},
        {"lang": "en", "kind": "detail", "text": "How many lamps?", "yes": [], "partial": []},
    ],
}


def write(folder: Path, *topics: object) -> Path:
    lines = [json.dumps(topic, ensure_ascii=False) for topic in topics]
    (folder / "lamps.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def changed(**fields: object) -> dict[str, object]:
    return {**TOPIC, "questions": [{**TOPIC["questions"][0], **fields}]}  # type: ignore[dict-item, index]


def test_the_shipped_pairs_can_be_read_and_hold_both_languages() -> None:
    topics = load_topics()
    assert len(topics) > 300
    assert {asked.language for topic in topics for asked in topic.questions} == {"zh", "en"}
    assert all(any(not asked.yes for asked in topic.questions) for topic in topics)


def test_no_sentence_of_the_pairs_stands_in_a_sample_plan() -> None:
    plans = "".join(plan.text for plan in load_sample_plans())
    stands = [s.text for topic in load_topics() for s in topic.sentences if s.text.rstrip("。") in plans]
    assert stands == []


@pytest.mark.parametrize(
    ("topics", "said"),
    [
        ([changed(yes=[9])], "names sentences"),
        ([changed(yes=[2])], "both yes and partial"),
        ([changed(lang="fr")], "wanted zh or en"),
        ([{"id": "a-1"}], "sentences"),
        ([TOPIC, TOPIC], "stands twice"),
        (["no topic"], "wanted id"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, topics: list[object], said: str) -> None:
    with pytest.raises(PairsError, match=said):
        load_topics(write(tmp_path, *topics))


def test_a_line_that_is_not_json_is_named_by_file_and_number(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("\n{oh\n", encoding="utf-8")
    with pytest.raises(PairsError, match=r"x\.jsonl:2 is not JSON"):
        load_topics(tmp_path)


def test_a_folder_without_pairs_is_told(tmp_path: Path) -> None:
    with pytest.raises(PairsError, match="no pairs"):
        load_topics(tmp_path)
