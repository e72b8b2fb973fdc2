"""Sentences that code writes: natural in both languages, whatever the count."""

from __future__ import annotations

import pytest

from rag.wording import found_in


@pytest.mark.parametrize(
    ("yes", "scope", "said"),
    [
        (1, 7, "1 of 7 plans says so:"),
        (2, 7, "2 of 7 plans say so:"),
        (1, 1, "1 of 1 plan says so:"),
        (0, 7, "None of the 7 plans was found to say so."),
        (0, 1, "The plan was not found to say so."),
    ],
)
def test_how_many_plans_say_it_in_english(yes: int, scope: int, said: str) -> None:
    assert found_in(yes, scope, "en") == said
