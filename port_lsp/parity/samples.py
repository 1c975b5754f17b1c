"""Values of a type as a client would send them, and values that are none of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.types.wire import Wire

Json = Any
Schema = Callable[[str], "ModelSchema | None"]
"""What is known of a model, by its item key."""

_DEEPEST = 6  # models in models
_TEXTS = {
    "email": "parity@example.com",
    "url": "http://example.com/parity",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
}
_PLAIN: dict[str, Json] = {
    "str": "parity",
    "int": 1,
    "float": 1.5,
    "bool": True,
    "bytes": "parity",
    "datetime": "2024-02-29T10:00:00Z",
    "date": "2024-02-29",
    "time": "10:00:00",
    "timedelta": "PT1H",
    "uuid": _TEXTS["uuid"],
    "decimal": "1.5",
    "any": "parity",
    "null": None,
}


class UnsaidError(Exception):
    """A type of which no value can be told."""


def value_of(wire: Wire, schema: Schema, deep: int = 0) -> Json:
    """A value of a type. Raises UnsaidError."""
    if wire.kind == "str":
        return _TEXTS.get(wire.name, _PLAIN["str"])
    if wire.kind in _PLAIN:
        return _PLAIN[wire.kind]
    if wire.kind == "optional":
        return value_of(wire.args[0], schema, deep)
    if wire.kind in ("list", "set"):
        return [value_of(wire.args[0], schema, deep)] if wire.args and deep < _DEEPEST else []
    if wire.kind == "map":
        return {}
    if wire.kind == "tuple":
        return [value_of(one, schema, deep) for one in wire.args]
    if wire.kind == "literal" and wire.values:
        return json.loads(wire.values[0])
    if wire.kind == "union" and wire.args:
        return value_of(wire.args[0], schema, deep)
    model = schema(wire.name) if wire.kind == "ref" else None
    if model is None or deep > _DEEPEST:
        raise UnsaidError(str(wire))
    return model_value(model, schema, deep + 1)


def model_value(model: ModelSchema, schema: Schema, deep: int = 0) -> Json:
    """A value of a model: the fields that it asks for, and no other. Raises UnsaidError."""
    if model.members:
        known = next((one.value for one in model.members if one.value is not None), None)
        if known is None:
            raise UnsaidError(model.name)
        return json.loads(known)
    if model.root is not None:
        return value_of(model.root, schema, deep)
    return {
        name_of(field): field_value(field, schema, deep) for field in model.fields if field.required
    }


def name_of(field: FieldSchema) -> str:
    """How clients write a field."""
    return field.read_as[0] if field.read_as else field.name


def field_value(field: FieldSchema, schema: Schema, deep: int = 0) -> Json:
    """A value that a field takes, as far as its limits say. Raises UnsaidError."""
    found = value_of(field.wire, schema, deep)
    limits = {one.name: json.loads(one.value) for one in field.limits if _is_json(one.value)}
    if isinstance(found, str) and field.wire.kind == "str" and not field.wire.name:
        if "pattern" in limits:
            raise UnsaidError(f"{field.name}, which has a pattern")
        least, most = limits.get("min_length", 0), limits.get("max_length", len(found))
        return (found * (least // len(found) + 1))[: max(least, min(most, len(found)))]
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        return _number(found, limits)
    return found


def _number(found: float, limits: dict[str, Json]) -> float:
    if "ge" in limits or "gt" in limits:
        found = max(found, limits.get("ge", found), limits.get("gt", found - 1) + 1)
    if "le" in limits or "lt" in limits:
        found = min(found, limits.get("le", found), limits.get("lt", found + 1) - 1)
    return found


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def beyond(field: FieldSchema) -> list[tuple[str, Json, bool]]:
    """Values at a field's limits and just beyond them, each with what it is, and whether it is too
    much."""
    found: list[tuple[str, Json, bool]] = []
    for one in field.limits:
        if not _is_json(one.value):
            continue
        limit = json.loads(one.value)
        if one.name in ("min_length", "max_length") and field.wire.kind == "str":
            around = _around(one.name, limit)
            found += ((f"{n} characters", "x" * n, n != limit) for n in around if n >= 0)
        elif one.name in ("ge", "gt", "le", "lt") and field.wire.kind in ("int", "float"):
            strict = one.name in ("gt", "lt")
            around = _around(one.name, limit)
            found += ((str(n), n, strict or n != limit) for n in around)
    return found


def _around(name: str, limit: Json) -> tuple[Json, Json]:
    return (limit, limit - 1) if name in ("min_length", "ge", "gt") else (limit, limit + 1)


def refuses_another_type(wire: Wire) -> bool:
    """Whether what `another_type` gives is certainly refused: a union might take it."""
    if wire.kind == "literal":
        return bool(wire.values)
    return wire.kind not in ("any", "unknown", "null", "union", "optional")


def another_type(wire: Wire) -> Json:
    """A value of another type; for what takes everything, None."""
    if wire.kind in ("any", "unknown", "null"):
        return None
    if wire.kind in ("str", "bytes", "datetime", "date", "time", "uuid", "literal", "ref"):
        return [1]
    return "no such value"
