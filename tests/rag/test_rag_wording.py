"""Sentences that code writes: natural in both languages, whatever the count."""

from __future__ import annotations

import pytest

from rag.wording import found_in


@pytest.mark.parametrize(
    ("yes", "unsure", "scope", "said"),
    [
        (1, 0, 7, "1 of 7 plans says so:"),
        (2, 0, 7, "2 of 7 plans say so:"),
        (3, 2, 7, "3 of 7 plans say so (2 of them not surely):"),
        (1, 0, 1, "1 of 1 plan says so:"),
        (0, 0, 7, "None of the 7 plans was found to say so."),
        (0, 0, 1, "The plan was not found to say so."),
    ],
)
def test_how_many_plans_say_it_in_english(yes: int, unsure: int, scope: int, said: str) -> None:
    assert found_in(yes, unsure, scope, "en") == said
