"""What the server tells of its model, in the words of vetiver where it has some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from analysis.models.bundle.record import MODEL, Bundle, Field, answer_name
from analysis.models.golden.draws import typical
from analysis.models.predicting.predictor import label
from analysis.service.serving import Arm, Serving

_TYPES = {"number": "number", "integer": "integer", "boolean": "boolean", "category": "string"}


def metadata(serving: Serving) -> dict[str, Any]:
    """Tell of the version that is served, and of the others that take part."""
    arm = serving.first
    bundle = arm.predictor.bundle
    origin = bundle.provenance
    return {
        # Vetiver's own keys.
        "user": {"experiment": origin.experiment, "run": origin.run},
        "version": arm.version,
        "url": None,
        "required_pkgs": sorted(origin.packages),
        "python_version": [int(part) for part in origin.python.split(".") if part.isdecimal()],
        "name": serving.model,
        "number": arm.number,
        "stage": arm.stage,
        "model_sha256": told.sha256 if (told := bundle.file(MODEL)) else None,
        "description": bundle.question,
        "task": bundle.task,
        "estimator": bundle.estimator,
        "classes": bundle.classes,
        "positive": bundle.positive,
        "created": bundle.created,
        "commit": origin.commit,
        "fields": [_field(field) for field in bundle.fields],
        "key": [{"name": key.name, "type": key.type} for key in bundle.key],
        "outputs": [asdict(output) for output in bundle.outputs],
        "metrics": [asdict(metric) for metric in bundle.metrics],
        "packages": origin.packages,
        "arms": [_arm(each) for each in serving.arms],
    }


def prototype(bundle: Bundle) -> dict[str, Any]:
    """Describe one row, as JSON Schema does; the examples are of no row, but of all."""
    properties = {field.name: _property(field) for field in bundle.fields}
    return {
        "properties": properties,
        "required": [field.name for field in bundle.fields],
        "title": "prototype",
        "type": "object",
    }


def record_schema(bundle: Bundle, *, anywhere: bool) -> dict[str, Any]:
    """Describe one row exactly: what may be null, bounds, and categories."""
    return {
        "type": "object",
        "properties": {f.name: _exact(f, anywhere=anywhere) for f in bundle.fields},
        "required": [field.name for field in bundle.fields],
        "additionalProperties": False,
    }


def example(bundle: Bundle) -> dict[str, Any]:
    """Make up a row: medians, and the most frequent categories."""
    return {field.name: typical(field) for field in bundle.fields}


def response_example(bundle: Bundle) -> dict[str, Any]:
    """Make up an answer for one row."""
    found: dict[str, Any] = {}
    for output in bundle.outputs:
        is_label = output.of is None and bundle.classes
        value = label(bundle, bundle.classes[0]) if is_label else 0.25
        found[answer_name(output.name)] = [value]
    return found


def _field(field: Field) -> dict[str, Any]:
    return {name: value for name, value in asdict(field).items() if name != "quantiles"}


def _arm(arm: Arm) -> Mapping[str, Any]:
    return {
        "name": arm.name,
        "version": arm.version,
        "number": arm.number,
        "stage": arm.stage,
        "share": arm.share,
        "shadow": arm.shadow,
    }


def _property(field: Field) -> dict[str, Any]:
    return {
        "example": typical(field),
        "type": _TYPES[field.type],
        **({"description": _description(field)} if _description(field) else {}),
    }


def _description(field: Field) -> str:
    unit = f" ({field.unit})" if field.unit else ""
    return f"{field.description or ''}{unit}".strip()


def _exact(field: Field, *, anywhere: bool) -> dict[str, Any]:
    type_ = _TYPES[field.type]
    found: dict[str, Any] = {"type": [type_, "null"] if field.nullable else type_}
    if field.type in ("number", "integer") and not anywhere and field.low is not None:
        found |= {"minimum": field.low, "maximum": field.high}
    if field.type == "category" and not field.unseen:
        found["enum"] = [*field.categories, *([None] if field.nullable else [])]
    return {**found, **{k: v for k, v in _property(field).items() if k != "type"}}
