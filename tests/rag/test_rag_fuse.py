import numpy as np
import pytest

from rag.fuse import WORD_WEIGHT, fuse_scores


def test_a_score_is_the_dense_view_and_its_share_of_words() -> None:
    dense, shares = np.array([0.5, 0.4], dtype=np.float32), np.array([0.0, 1.0], dtype=np.float32)
    assert fuse_scores(dense, shares).tolist() == pytest.approx([0.5, 0.4 + WORD_WEIGHT])


def test_without_a_shared_word_the_dense_view_decides() -> None:
    dense = np.array([0.1, -0.2, 0.3], dtype=np.float32)
    assert fuse_scores(dense, np.zeros(3, dtype=np.float32)).tolist() == dense.tolist()


def test_the_views_are_left_as_they_were() -> None:
    dense, shares = np.array([0.5], dtype=np.float32), np.array([1.0], dtype=np.float32)
    fuse_scores(dense, shares)
    assert (dense.tolist(), shares.tolist()) == ([0.5], [1.0])
