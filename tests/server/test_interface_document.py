"""The OpenAPI document: examples everywhere, true ones; and requests made from it by schemathesis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from jsonschema_rs import Draft202012Validator
from live_server import live
from small_chain import ScriptedGenerator, small_answerer
from waiting import WAIT_S

from rag.settings import Settings
from rag.snapshot import Index
from server.app import Engine, create_app

ROUTES = (
    ("POST", "/v1/ask"), ("POST", "/v1/compare"), ("POST", "/v1/search"), ("GET", "/v1/plans"),
    ("GET", "/v1/plans/{plan_id}"), ("GET", "/v1/items/{item_id}"), ("POST", "/v1/sessions"),
    ("GET", "/v1/sessions"), ("GET", "/v1/sessions/{session_id}"), ("PATCH", "/v1/sessions/{session_id}"),
    ("DELETE", "/v1/sessions/{session_id}"), ("GET", "/v1/sessions/{session_id}/export"),
    ("GET", "/v1/answers/{answer_id}"), ("POST", "/v1/feedback"), ("POST", "/v1/chat/completions"),
    ("GET", "/v1/models"), ("GET", "/v1/models/{model}"), ("GET", "/healthz"), ("GET", "/readyz"),
    ("GET", "/metrics"),
)  # fmt: skip
OPEN_ERRORS = {"401", "421", "429", "500", "422"}


@pytest.fixture(scope="module")
def document(index: Index) -> dict[str, Any]:
    app = create_app(Engine(small_answerer(index, None)), "1")
    with TestClient(app, base_url="http://127.0.0.1") as client:
        found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def bodies(document: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Every example of a JSON body: where it stands, its schema, the example."""
    found = []
    for path, method, operation in operations(document):
        places = {f"{method} {path} {status}": reply for status, reply in operation["responses"].items()}
        if "requestBody" in operation:
            places[f"{method} {path} request"] = operation["requestBody"]
        for where, place in places.items():
            media = place.get("content", {}).get("application/json")
            if media is None:
                continue
            examples = [entry["value"] for entry in media.get("examples", {}).values()]
            examples += [media["example"]] if "example" in media else []
            schema = media.get("schema", {})
            name = schema.get("$ref", "").rpartition("/")[2]
            examples += document["components"]["schemas"].get(name, {}).get("examples", [])
            found.append((where, schema, examples))
    return found


def test_every_route_says_what_it_does(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        assert operation.get("description"), (method, path)
        assert operation.get("tags"), (method, path)


def test_every_reply_and_every_request_has_an_example(document: dict[str, Any]) -> None:
    found = bodies(document)
    assert len(found) > 60
    assert [where for where, _, examples in found if not examples] == []


def test_every_example_has_the_form_that_it_is_an_example_of(document: dict[str, Any]) -> None:
    for where, schema, examples in bodies(document):
        whole = {**schema, "components": document["components"]}
        for example in examples:
            errors = [error.message for error in Draft202012Validator(whole).iter_errors(example)]
            assert errors == [], where


def test_every_route_tells_its_errors(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        assert OPEN_ERRORS <= set(operation["responses"]), (method, path)
    assert {"400", "404", "413", "503", "504"} <= set(document["paths"]["/v1/ask"]["post"]["responses"])


def test_the_routes_tried_below_are_all_there_are(document: dict[str, Any]) -> None:
    assert {(method.upper(), path) for path, method, _ in operations(document)} == set(ROUTES)


@pytest.fixture(scope="module")
def strangers(index: Index) -> Iterator[Any]:
    app = create_app(Engine(small_answerer(index, ScriptedGenerator())), "1", Settings())
    with live(app) as address:
        yield schemathesis.openapi.from_url(f"{address}/openapi.json", timeout=WAIT_S)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_whatever_a_stranger_sends_the_reply_keeps_to_the_document(
    strangers: Any, method: str, path: str
) -> None:
    operation = strangers[path][method]

    @settings(max_examples=30, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=operation.as_strategy())
    def try_one(case: schemathesis.Case) -> None:
        case.call_and_validate(timeout=WAIT_S)

    try_one()
