"""What counts as stating a fact."""

import pytest

from eval.matching import states


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("新增不少于2000个托额", "2000", True),
        ("2,000 places", "2000", True),
        ("新增2000个", "2000", True),
        ("12000个", "2000", False),
        ("2000.5", "2000", False),
        ("每区200个", "2000", False),
        ("达到93.5%", "93.5%", True),
        ("达到193.5%", "93.5%", False),
        ("Pilot County", "pilot", True),
        ("五 年 级", "五年级", True),
        ("anything", "", False),
        ("a.b", "a+b", False),
    ],
)
def test_states(text: str, form: str, expected: bool) -> None:
    assert states(text, form) is expected
