"""Indexes that several tests read: built once, never changed."""

from __future__ import annotations

import pytest
from chain_fakes import make_index, small_plans

from corpus.library import load_sample_plans
from corpus.plan import Plan
from rag.place_names import PlaceNames
from rag.places import CorpusPlaces
from rag.reading import QuestionReader
from rag.snapshot import Index


@pytest.fixture(scope="session")
def sample_plans() -> tuple[Plan, ...]:
    """The seven sample plans."""
    return load_sample_plans()


@pytest.fixture(scope="session")
def sample_places(sample_plans: tuple[Plan, ...]) -> CorpusPlaces:
    """The places of the sample plans."""
    return CorpusPlaces(sample_plans, PlaceNames())


@pytest.fixture(scope="session")
def reader(sample_plans: tuple[Plan, ...], sample_places: CorpusPlaces) -> QuestionReader:
    """Reads questions by rules alone."""
    return QuestionReader(sample_plans, sample_places)


@pytest.fixture(scope="session")
def sample_index(sample_plans: tuple[Plan, ...], tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The index of the sample plans by the fake encoder."""
    return make_index(sample_plans, tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The index of the four hand-made plans by the fake encoder."""
    return make_index(small_plans(), tmp_path_factory.mktemp("small"))
