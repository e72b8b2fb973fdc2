from pathlib import Path

import pytest

from rag.keyword_index import KeywordIndex

TEXTS = ["新建幼儿园30所", "建设标准化食堂100个", "新建智慧校园113所,改造幼儿园", "。"]


def test_rows_that_share_rare_words_score_highest_and_others_not_at_all() -> None:
    index = KeywordIndex.build(TEXTS)
    scores = index.scores("哪些城市建设食堂?")
    assert len(index) == len(scores) == 4
    assert int(scores.argmax()) == 1
    assert scores[0] == scores[3] == 0


def test_a_question_without_known_words_scores_nothing() -> None:
    index = KeywordIndex.build(TEXTS)
    assert not index.scores("游泳").any()
    assert not index.word_shares("游泳").any()
    assert not index.word_shares("哪些?").any()


def test_a_share_is_one_where_every_word_is_held() -> None:
    index = KeywordIndex.build(TEXTS)
    shares = index.word_shares("智慧校园")
    assert shares.tolist() == pytest.approx([0, 0, 1, 0])
    part = index.word_shares("智慧校园 游泳")[2]
    assert 0 < part < 1


def test_saved_and_loaded_it_scores_the_same(tmp_path: Path) -> None:
    index = KeywordIndex.build(TEXTS)
    index.save(tmp_path / "keywords")
    again = KeywordIndex.load(tmp_path / "keywords")
    assert len(again) == 4
    assert again.scores("幼儿园").tolist() == index.scores("幼儿园").tolist()


def test_nothing_to_index_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one text"):
        KeywordIndex.build([])


def test_a_damaged_or_missing_file_is_noticed(tmp_path: Path) -> None:
    KeywordIndex.build(TEXTS).save(tmp_path / "keywords")
    files = sorted(path for path in (tmp_path / "keywords").iterdir() if path.suffix == ".npy")
    data = files[0].read_bytes()
    files[0].write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(ValueError, match="not the file that was saved"):
        KeywordIndex.load(tmp_path / "keywords")
    files[0].unlink()
    with pytest.raises(FileNotFoundError):
        KeywordIndex.load(tmp_path / "keywords")
