"""An application over the small chain, made anew for every test; its index is made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from page_visit import House, Visit, open_house
from small_chain import PairEncoder, ScriptedGenerator, small_answerer, small_index

from rag.answer import Answerer
from rag.snapshot import Index
from server.app import Engine, create_app


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The index of the sample plans by the pair encoder."""
    return small_index(tmp_path_factory.mktemp("index"))


@pytest.fixture
def encoder() -> PairEncoder:
    """The encoder that questions are read with."""
    return PairEncoder()


@pytest.fixture
def generator() -> ScriptedGenerator:
    """The model that the answers are worded by."""
    return ScriptedGenerator()


@pytest.fixture
def answerer(index: Index, generator: ScriptedGenerator, encoder: PairEncoder) -> Answerer:
    """The chain with the model."""
    return small_answerer(index, generator, encoder)


@pytest.fixture
def client(answerer: Answerer) -> Iterator[TestClient]:
    """A client of an application that is ready."""
    app = create_app(Engine(answerer), "1.2.3")
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """The page over scripted answers, and a browser."""
    with open_house() as opened:
        yield opened


@pytest.fixture
def visit(house: House) -> Iterator[Visit]:
    """A visit to the page in a fresh profile."""
    with house.visit() as visiting:
        yield visiting
