"""What the server tells of its model, and how it describes itself."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from tests.helpers.serving import ROW, Server


def test_ping(server: Server) -> None:
    """As vetiver has it."""
    assert server.get("/ping").json() == {"ping": "pong"}


def test_metadata(server: Server) -> None:
    """The keys of vetiver are there, and what else is known of the version."""
    told = server.get("/metadata").json()
    assert {"user", "version", "url", "required_pkgs", "python_version"} <= told.keys()
    assert told["python_version"] == [3, 11, 9]
    assert told["required_pkgs"] == ["numpy", "scikit-learn"]
    assert (told["name"], told["number"], told["stage"]) == ("late-flights", 1, "champion")
    assert [field["name"] for field in told["fields"]] == ["wind", "hour", "holiday", "carrier"]
    assert told["outputs"][1] == {"name": "probability", "of": "true"}
    assert told["metrics"][0]["low"] < told["metrics"][0]["value"] < told["metrics"][0]["high"]
    assert told["arms"][0]["version"] == told["version"]


@pytest.mark.filterwarnings("ignore")
def test_prototype(server: Server) -> None:
    """Vetiver makes its own prototype of it, and its examples are a row."""
    from vetiver.prototype import vetiver_create_prototype

    told = server.get("/prototype").json()
    made = vetiver_create_prototype(told)
    assert [*made.model_fields] == [*ROW]
    example = {name: field["example"] for name, field in told["properties"].items()}
    assert server.post([example]).status_code == 200


def test_openapi_is_true(server: Server) -> None:
    """What is described can be asked, as the examples say, and all that can be is described."""
    told = server.get("/openapi.json").json()
    assert told["info"]["title"] == "late-flights model API"
    assert "Which trips are late?" in told["info"]["description"]
    assert "securitySchemes" not in told["components"]
    for path, methods in told["paths"].items():
        if "get" in methods:
            assert server.get(path).status_code == 200
    body = told["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]
    answer = server.post(body["example"]).json()
    schema = told["components"]["schemas"]["Predictions"]["properties"]
    assert answer.keys() == schema.keys()
    assert isinstance(answer["predict"][0], bool)
    assert schema["predict"]["items"] == {"type": "boolean"}


def test_schema_is_what_is_checked(server: Server) -> None:
    """Bounds and types in the description are those that are checked."""
    record = server.get("/openapi.json").json()["components"]["schemas"]["Record"]
    assert record["properties"]["wind"]["type"] == ["number", "null"]
    assert server.post({**ROW, "wind": record["properties"]["wind"]["maximum"]}).status_code == 200
    assert server.post({**ROW, "wind": record["properties"]["wind"]["maximum"] + 1}).is_error
    assert "id" in record["properties"]
    assert "id" not in record["required"]


def test_references_are_there(server: Server) -> None:
    """Everything that the description refers to is in it."""
    told = server.get("/openapi.json").json()
    for reference in references(told):
        place = told
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def references(value: Any) -> list[str]:
    """List what is referred to anywhere in a description."""
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [one for each in value.values() for one in references(each)]
    return [one for each in value for one in references(each)] if isinstance(value, list) else []


def test_page_loads_nothing(server: Server) -> None:
    """The page for people is whole in itself, escapes what it shows, and its example works."""
    for path in ("/docs", "/"):
        response = server.get(path)
        assert response.headers["content-type"].startswith("text/html")
        assert not re.search(r"(src|href)=\"(https?:)?//|<script|url\(", response.text)
        assert "default-src 'none'" in response.headers["content-security-policy"]
    text = unescape(response.text)
    for path in ("/predict/by-key", "/metadata", "/prototype"):
        assert f"{server.url}{path}" in text
    assert "km/h" in text
