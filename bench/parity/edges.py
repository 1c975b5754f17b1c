"""Payloads at the edges of a model's JSON schema: each keyword just kept and just broken, each
field left out, null, and under its other names."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.parity.payloads import FORMATS, MATCHING, WRONG

Json = Any
Names = Mapping[str, Sequence[str]]
_DEEPEST = 4
_SMALL = 0.001
_COST = {"object": 2, "array": 1}  # what goes on further down


class Edges:
    """The edges of one JSON schema (`model_json_schema`)."""

    def __init__(self, schema: Json, names: Names | None = None) -> None:
        """`names` are further names by which the model itself reads a property."""
        self._schema, self._names = schema, names or {}

    def all(self) -> Iterator[Json]:
        """The payloads, each with one thing at an edge."""
        whole = self.whole(self._schema)
        if isinstance(whole, dict):
            yield whole
            for name, others in self._names.items():
                for other in others:
                    if name in whole:
                        yield {other if key == name else key: one for key, one in whole.items()}
        yield from self._of(self._schema, 0)

    def whole(self, schema: Json, depth: int = 0) -> Json:
        """A value with everything in it that a schema names."""
        schema = self._meant(schema, depth)
        if "const" in schema or "enum" in schema:
            return schema.get("const", (schema.get("enum") or [None])[0])
        kind = schema.get("type")
        if kind == "object":
            if depth > _DEEPEST:
                wanted = schema.get("required", ())
                found = {name: schema["properties"][name] for name in wanted}
            else:
                found = schema.get("properties", {})
            inside = {name: self.whole(one, depth + 1) for name, one in found.items()}
            more = schema.get("additionalProperties")
            if isinstance(more, dict) and not found:
                for number in range(max(schema.get("minProperties", 1), 1)):
                    inside[self._key(schema, number)] = self.whole(more, depth + 1)
            return inside
        if kind == "array":
            if "prefixItems" in schema:
                return [self.whole(one, depth + 1) for one in schema["prefixItems"]]
            count = max(schema.get("minItems", 0), 0 if depth > _DEEPEST else 1)
            return [self.whole(schema.get("items", {}), depth + 1) for _ in range(count)]
        if kind == "string":
            return self._text(schema)
        if kind in ("integer", "number"):
            return self._number(schema)
        return {"boolean": True, "null": None}.get(kind, "anything")

    def _of(self, schema: Json, depth: int) -> Iterator[Json]:
        for option in self._options(schema):
            if depth > _DEEPEST:
                return
            kind = option.get("type")
            if kind == "object":
                yield from self._of_object(option, depth)
            elif kind == "array":
                yield from self._of_array(option, depth)
            elif kind == "string":
                yield from self._of_text(option)
            elif kind in ("integer", "number"):
                yield from _of_number(option)
            else:
                yield self.whole(option)

    def _of_object(self, schema: Json, depth: int) -> Iterator[Json]:
        whole = self.whole(schema, depth)
        for name, inner in schema.get("properties", {}).items():
            yield {key: one for key, one in whole.items() if key != name}
            yield {**whole, name: None}
            for edge in self._of(inner, depth + 1):
                yield {**whole, name: edge}
        yield {**whole, "another": 1}
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and "properties" not in schema:
            for edge in self._of(more, depth + 1):
                yield {**whole, next(iter(whole), "key"): edge}
            yield {}
            most = schema.get("maxProperties")
            if most is not None:
                value = self.whole(more, depth + 1)
                yield {self._key(schema, number): value for number in range(most)}
                yield {self._key(schema, number): value for number in range(most + 1)}

    def _of_array(self, schema: Json, depth: int) -> Iterator[Json]:
        whole = self.whole(schema, depth)
        if "prefixItems" in schema:
            yield whole[:-1]
            yield [*whole, 1]
            for index, inner in enumerate(schema["prefixItems"]):
                for edge in self._of(inner, depth + 1):
                    yield [*whole[:index], edge, *whole[index + 1 :]]
            return
        item = self.whole(schema.get("items", {}), depth + 1)
        low, high = schema.get("minItems", 0), schema.get("maxItems")
        yield [item] * low
        if low:
            yield [item] * (low - 1)
        if high is not None:
            yield [item] * high
            yield [item] * (high + 1)
        for edge in self._of(schema.get("items", {}), depth + 1):
            yield [edge, *whole[1:]]

    def _of_text(self, schema: Json) -> Iterator[str]:
        low, high = schema.get("minLength", 0), schema.get("maxLength")
        base = self._text(schema)
        yield from (f" {base} ", base.upper())
        if "format" in schema:
            yield from FORMATS.get(schema["format"], ())
            yield from WRONG
        if schema.get("format") == "uri" and high is not None:
            yield from (f"{base}/".ljust(size, "a") for size in (high, high + 1))
        if "pattern" in schema:
            yield from ("?!", "", f"{base}\n", f"?{base}", f"{base}?")
        fill = base or "x"
        if low:
            yield (fill * low)[:low]
            yield (fill * low)[: low - 1]
        if high is not None:
            yield (fill * (high + 1))[:high]
            yield (fill * (high + 1))[: high + 1]

    def _options(self, schema: Json) -> list[Json]:
        """What a schema may be, references followed."""
        schema = self._follow(schema)
        for word in ("anyOf", "oneOf", "allOf"):
            if word in schema:
                return [one for part in schema[word] for one in self._options(part)]
        return [schema]

    def _meant(self, schema: Json, depth: int) -> Json:
        """What a schema is taken for: no null, unless models would go on without end."""
        options = self._options(schema)
        if depth > _DEEPEST:
            return min(options, key=lambda one: _COST.get(one.get("type"), 0))
        return next((one for one in options if one.get("type") != "null"), options[0])

    def _follow(self, schema: Json) -> Json:
        while "$ref" in schema:
            schema = self._schema["$defs"][schema["$ref"].rpartition("/")[2]]
        return schema

    def _key(self, schema: Json, number: int) -> str:
        names = schema.get("propertyNames")
        if names:
            allowed = self._follow(names).get("enum")
            return str(allowed[number % len(allowed)]) if allowed else f"{number}"
        return f"key{number}"

    def _text(self, schema: Json) -> str:
        low, high = schema.get("minLength", 0), schema.get("maxLength", 60)
        if "pattern" in schema:
            fits = (one for one in MATCHING if re.search(schema["pattern"], one))
            return next((one for one in fits if low <= len(one) <= high), "abc")
        known = FORMATS.get(schema.get("format", ""))
        return known[0] if known else ("word" * (low + 1))[: max(low, min(4, high))]

    @staticmethod
    def _number(schema: Json) -> float:
        low, high = _bounds(schema)
        step = schema.get("multipleOf", 1)
        value = low if low is not None else min(high, 0) if high is not None else 0
        if value == schema.get("exclusiveMinimum"):
            value += step if high is None or value + step < high else (high - value) / 2
        return value


def _bounds(schema: Json) -> tuple[Any, Any]:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    return low, schema.get("maximum", schema.get("exclusiveMaximum"))


def _of_number(schema: Json) -> Iterator[float]:
    whole = schema.get("type") == "integer"
    step = schema.get("multipleOf", 1 if whole else _SMALL)
    for edge in _bounds(schema):
        if edge is not None:
            yield from (edge, edge - step, edge + step)
    if "multipleOf" in schema:
        yield from (step, step * 3, step * 3 + (1 if whole else step / 2))
    if not whole:
        yield 1e300
