from __future__ import annotations

import numpy as np
import pytest

from embeddings.unit_vectors import check_passages, unit_rows


def test_rows_have_length_one_and_keep_their_direction() -> None:
    rows = unit_rows([[3.0, 4.0], [0.0, -2.0]], 2, 2)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0.0, -1.0]], rtol=1e-6)


def test_shortened_rows_are_normalised_again() -> None:
    np.testing.assert_allclose(unit_rows([[3.0, 4.0, 12.0]], 1, 2, shorten=True), [[0.6, 0.8]], rtol=1e-6)


@pytest.mark.parametrize(
    ("raw", "n", "dimension"),
    [
        ([[1.0, 0.0]], 2, 2),
        ([[1.0, 0.0]], 1, 3),
        ([[1.0, 0.0, 0.0]], 1, 2),  # longer than wanted, and nobody asked to shorten
        ([1.0, 0.0], 1, 2),
    ],
)
def test_wrong_shape_is_refused_and_named(raw: list[float], n: int, dimension: int) -> None:
    with pytest.raises(ValueError, match=f"wanted {n} rows of {dimension}"):
        unit_rows(raw, n, dimension)


@pytest.mark.parametrize("bad", [[0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0]])
def test_a_row_without_direction_is_refused_and_counted(bad: list[float]) -> None:
    with pytest.raises(ValueError, match=r"1 of 2 vectors without a direction .* text 1"):
        unit_rows([[1.0, 0.0], bad], 2, 2)


def test_no_texts_give_no_rows() -> None:
    assert unit_rows([], 0, 5).shape == (0, 5)


def test_titles_must_match_texts() -> None:
    check_passages(2, 2)
    with pytest.raises(ValueError, match="2 texts and 1 titles"):
        check_passages(2, 1)
