"""``/openapi.json``: what can be asked, of the version that is served now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.models.bundle.record import Bundle, KeyField, answer_name
from analysis.service.reading.content import NDJSON, PARQUET
from analysis.service.service import Service
from analysis.service.told import (
    example,
    metadata,
    prototype,
    record_schema,
    response_example,
)

Json = dict[str, Any]
_SECURITY: Json = {
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "bearer": {"type": "http", "scheme": "bearer"},
}
_REFUSALS = {
    "400": "The request is no HTTP that can be read.",
    "401": "The key is missing or not known.",
    "404": "There is no row with this key.",
    "413": "The body or the number of rows is too large.",
    "415": "The body is of a type that is not read.",
    "422": "Rows are wrong: each detail names the row and the field.",
    "500": "The server failed.",
    "503": "There is too much to do, it took too long, or predictions cannot be logged.",
}


def openapi(service: Service) -> Json:
    """Give the description."""
    serving = service.held.now
    bundle = serving.first.predictor.bundle
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{serving.model} model API",
            "version": str(serving.first.number),
            "description": _description(service, bundle),
        },
        "paths": _paths(service, bundle),
        "components": {
            "schemas": _schemas(service, bundle),
            **({"securitySchemes": _SECURITY} if service.keyed else {}),
        },
        **({"security": [{name: []} for name in _SECURITY]} if service.keyed else {}),
    }


def _description(service: Service, bundle: Bundle) -> str:
    arm = service.held.now.first
    told = f"{bundle.question}\n\nVersion {arm.number} ({arm.stage}), made {bundle.created[:10]}."
    return f"{told} Limits: {service.limits}."


def _paths(service: Service, bundle: Bundle) -> Json:
    ping = _get("Whether the server is there", {"ping": "pong"}, {"security": []})
    return {
        "/ping": ping,
        "/metadata": _get("The version that is served", metadata(service.held.now)),
        "/prototype": _get("What a row consists of", prototype(bundle)),
        "/predict": {"post": _predict(bundle)},
        "/predict/by-key": {"post": _by_key(bundle)},
        "/openapi.json": _get("This description", None),
        "/docs": {"get": {"summary": "This description for people", "responses": {"200": _html()}}},
    }


def _get(summary: str, shown: Any, more: Json | None = None) -> Json:
    content: Json = {"schema": {"type": "object"}}
    if shown is not None:
        content["example"] = shown
    answers = {"200": {"description": "It is told.", "content": {"application/json": content}}}
    refused = {} if more else _refusals(("401", "503"))
    return {"get": {"summary": summary, "responses": {**answers, **refused}, **(more or {})}}


def _html() -> Json:
    return {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}}


def _predict(bundle: Bundle) -> Json:
    row = example(bundle)
    return {
        "summary": "Predict rows",
        "description": "A list of records, one record, one record a line, or a Parquet table. "
        "The columns of the key may come along; they are logged with the prediction.",
        "requestBody": {
            "required": True,
            "content": {
                **_json_or_lines("Record", row),
                PARQUET: {"schema": {"type": "string", "format": "binary"}},
            },
        },
        "responses": _answers(bundle, ("401", "413", "415", "422", "500", "503")),
    }


def _by_key(bundle: Bundle) -> Json:
    key = {key.name: _key_example(key) for key in bundle.key}
    return {
        "summary": "Predict rows of the warehouse by their keys",
        "requestBody": {"required": True, "content": _json_or_lines("Key", key)},
        "responses": _answers(bundle, ("401", "404", "413", "415", "422", "500", "503")),
    }


def _json_or_lines(schema: str, row: Mapping[str, Any]) -> Json:
    one = {"$ref": f"#/components/schemas/{schema}"}
    several = {"type": "array", "minItems": 1, "items": one}
    return {
        "application/json": {"schema": {"anyOf": [several, one]}, "example": [row]},
        NDJSON: {"schema": {"type": "string"}},
    }


def _answers(bundle: Bundle, statuses: tuple[str, ...]) -> Json:
    headers = {
        name: {"description": told, "schema": {"type": "string"}}
        for name, told in (
            ("X-Request-Id", "The id under which the prediction is logged."),
            ("X-Model-Version", "The version that predicted."),
            ("X-Model-Arm", "The arm of the experiment that it is."),
        )
    }
    content = {
        "schema": {"$ref": "#/components/schemas/Predictions"},
        "example": response_example(bundle),
    }
    done = {
        "description": "The predictions, in the order of the rows.",
        "headers": headers,
        "content": {"application/json": content},
    }
    return {"200": done, **_refusals(statuses)}


def _refusals(statuses: tuple[str, ...]) -> Json:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    return {s: {"description": _REFUSALS[s], "content": content} for s in statuses}


def _schemas(service: Service, bundle: Bundle) -> Json:
    label = {"boolean": "boolean", "integer": "integer", "text": "string"}[bundle.class_type]
    kinds = {
        answer_name(output.name): label if output.of is None and bundle.classes else "number"
        for output in bundle.outputs
    }
    record = record_schema(bundle, anywhere=service.anywhere)
    also = {k.name: _key_schema(k) for k in bundle.key if k.name not in record["properties"]}
    record["properties"] |= also
    return {
        "Record": record,
        "Key": {
            "type": "object",
            "properties": {key.name: _key_schema(key) for key in bundle.key},
            "required": [key.name for key in bundle.key],
            "additionalProperties": False,
        },
        "Predictions": {
            "type": "object",
            "properties": {
                name: {"type": "array", "items": {"type": kind}} for name, kind in kinds.items()
            },
            "required": [*kinds],
        },
        "Refusal": _refusal_schema(),
    }


def _refusal_schema() -> Json:
    text = {"type": "string"}
    place = {"type": "array", "items": {"anyOf": [text, {"type": "integer"}]}}
    detail = {
        "type": "object",
        "properties": {"loc": place, "msg": text, "type": text},
        "required": ["loc", "msg", "type"],
    }
    return {
        "type": "object",
        "properties": {
            "detail": {"type": "array", "items": detail},
            "request_id": text,
            "more": {"type": "integer", "description": "How many details are left out."},
        },
        "required": ["detail", "request_id"],
    }


def _key_schema(key: KeyField) -> Json:
    kind = type(_key_example(key))
    names = {int: "integer", float: "number", bool: "boolean", str: "string"}
    return {"type": names[kind], "description": f"{key.type} of the key"}


def _key_example(key: KeyField) -> int | float | bool | str:
    """Make up a value; no real one is told."""
    if "INT" in key.type:
        return 1
    if key.type == "BOOLEAN":
        return True
    if key.type.startswith(("DOUBLE", "FLOAT", "DECIMAL")):
        return 1.5
    if key.type == "DATE":
        return "2024-01-31"
    return "2024-01-31 10:00:00" if key.type.startswith("TIMESTAMP") else "text"
