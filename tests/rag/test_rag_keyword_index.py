from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.library import load_sample_plans
from rag import keyword_index
from rag.chunks import chunk_plans
from rag.keyword_index import KeywordIndex
from rag.tokenise import tokenise, weighted_words
from rag.view_files import keyword_text

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


def test_pairs_that_two_words_make_are_no_part_of_the_subject() -> None:
    index = KeywordIndex.build([*TEXTS, "欺凌防治。", "孩子午睡。"])
    question, concepts = "孩子被同学", [("欺凌",)]
    by_words, by_subject = (
        shares(question, concepts=concepts)[4] for shares in (index.word_shares, index.subject_shares)
    )
    assert by_subject > 1.3 * by_words > 0  # 子被 and 被同 stand nowhere


def test_a_noun_of_one_character_is_looked_for_with_its_neighbours() -> None:
    index = KeywordIndex.build([*TEXTS, "做好过程性考核。", "开展家庭教育培训。", "落实青春期性教育。"])
    by_words, by_subject = (shares("性教育") for shares in (index.word_shares, index.subject_shares))
    assert by_words[4] > 0.2 > by_subject[4] == 0
    assert by_subject[6] == 1
    assert 0 < by_subject[5] < 0.7


def test_the_rarest_term_is_the_subject() -> None:
    index = KeywordIndex.build([*TEXTS, "儿童体育。", "儿童阅读。", "儿童食堂。", "防溺水。"])
    concepts = [("儿童", "孩子"), ("溺水",)]
    by_words, by_subject = (
        shares("", concepts=concepts) for shares in (index.word_shares, index.subject_shares)
    )
    assert by_subject[7] > by_words[7] > by_words[4] > by_subject[4] > 0
    assert by_subject[7] + by_subject[4] == pytest.approx(1)


def test_a_word_that_is_cut_elsewhere_is_part_of_the_subject_by_half() -> None:
    assert weighted_words("哪些城市的托儿所AED,校园") == {
        **{"托儿所": 0.5, "托儿": 0.25, "儿所": 0.25},
        **{"aed": 1.0, "校园": 1.0},
    }
    assert weighted_words("哪些城市开展") == {}
    assert weighted_words("性教育,盖楼房") == {"性教": 0.5, "教育": 1.0, "盖": 0.1, "楼房": 1.0}


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


QUESTIONS = (
    "哪些城市提出托育扩容?",
    "学校食堂和幼儿园食堂怎么建设,食堂",
    "2023年新增多少个幼儿园托额",
    "How many kindergartens",
    "心理健康档案 1.5%",
)


def assert_same(one: KeywordIndex, other: KeywordIndex) -> None:
    for question in QUESTIONS:
        np.testing.assert_array_equal(one.scores(question), other.scores(question))
        np.testing.assert_array_equal(one.word_shares(question), other.word_shares(question))


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    return [keyword_text(chunk) for chunk in chunk_plans(load_sample_plans()[:4])]


def test_scores_are_those_of_bm25s_to_the_bit(sentences: list[str]) -> None:
    reference = bm25s.BM25(method="lucene")
    reference.index([tokenise(text) for text in sentences], show_progress=False)
    index = KeywordIndex.build(sentences)
    n_found = 0
    for question in (*QUESTIONS, *sentences[::40]):
        known = [token for token in tokenise(question) if token in reference.vocab_dict]
        if known:
            expected = np.asarray(reference.get_scores(known), dtype=np.float32)
            np.testing.assert_array_equal(index.scores(question), expected)
            n_found += 1
    assert n_found > 5


def test_plans_that_come_and_go_leave_what_a_fresh_build_gives(
    sentences: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyword_index, "PART_ROWS", 300)
    index = KeywordIndex.build(sentences[:400])
    for start in range(400, len(sentences), 50):
        index.add(sentences[start : start + 50])
    assert_same(index, KeywordIndex.build(sentences))
    index.save(tmp_path / "one")
    loaded = KeywordIndex.load(tmp_path / "one")
    loaded.remove(range(350, 450))
    loaded.remove([0])
    loaded.add(sentences[350:450])
    left = sentences[1:350] + sentences[450:] + sentences[350:450]
    assert len(loaded) == len(left)
    assert_same(loaded, KeywordIndex.build(left))
    loaded.save(tmp_path / "two")
    assert_same(KeywordIndex.load(tmp_path / "two"), loaded)
    linked = [f for f in (tmp_path / "two").glob("*.npy") if f.stat().st_nlink > 1]
    assert len(linked) >= 6
    assert_same(KeywordIndex.load(tmp_path / "one"), index)


def test_removing_what_is_not_there_removes_nothing() -> None:
    index = KeywordIndex.build(TEXTS)
    with pytest.raises(IndexError, match="there are 4"):
        index.remove([1, 4])
    assert len(index) == 4


@settings(max_examples=25)
@given(st.integers(0, 1000), st.integers(1, 30), st.integers(1, 60))
def test_the_best_rows_are_those_of_all_scores(seed: int, k: int, part_rows: int) -> None:
    random = np.random.default_rng(seed)
    words = ["食堂", "幼儿园", "教师", "校园", "体育", "阅读"]
    texts = ["".join(random.choice(words, random.integers(0, 5))) for _ in range(80)]
    before = keyword_index.PART_ROWS
    keyword_index.PART_ROWS = part_rows
    try:
        index = KeywordIndex.build(texts)
    finally:
        keyword_index.PART_ROWS = before
    question = "幼儿园食堂的体育教师"
    scores = index.scores(question)
    held = np.flatnonzero(scores > 0)
    rows, found = index.search(question, k)
    np.testing.assert_array_equal(rows, held[np.lexsort((held, -scores[held]))][:k])
    np.testing.assert_array_equal(found, scores[rows])
    some = random.permutation(80)[:20]
    np.testing.assert_array_equal(index.scores(question, some), scores[some])
    np.testing.assert_array_equal(index.word_shares(question, some), index.word_shares(question)[some])
    within, _ = index.search(question, k, some)
    inside = np.sort(some[scores[some] > 0])
    np.testing.assert_array_equal(within, inside[np.lexsort((inside, -scores[inside]))][:k])


def test_less_than_one_row_is_refused() -> None:
    with pytest.raises(ValueError, match="k is 0"):
        KeywordIndex.build(TEXTS).search("食堂", 0)
